/** A service that writes down what is said (转写服务). */
export interface SpeechService {
  protocol: 'whisper' | 'funasr';
  baseUrl: string;
  model: string | null;
  /** ISO 639-1, where it is known what is spoken. */
  language: string | null;
  key: string | null;
  milliseconds: number;
}

/** A recording, as its bytes lie in the store. */
export interface Recording {
  bytes: Buffer;
  name: string;
  mediaType: string;
}

/** It was not written down (转写失败): `final` where asking again is of no use. */
export class SpeechFailure extends Error {
  readonly final: boolean;
  constructor(message: string, final: boolean) {
    super(message.slice(0, 300));
    this.name = 'SpeechFailure';
    this.final = final;
  }
}

/** Words as they may be kept (洗净文字): without what no database takes, and no longer than so many characters. */
export const cleanText = (value: unknown, most = Infinity): string => (typeof value === 'string' ? value.replaceAll('\0', '').slice(0, most).toWellFormed() : '');
