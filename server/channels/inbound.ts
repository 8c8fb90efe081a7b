import type { FieldMapping, Mapped } from '../../rules/intake/mapping.ts';

/** One call of a platform, as its bytes came (平台回调). */
export interface HookCall {
  method: 'GET' | 'POST';
  query: Readonly<Record<string, string>>;
  /** Names in lower case; the first value of each. */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

/** What a platform is answered once its messages are kept. */
export interface HookAnswer {
  status: number;
  contentType: string;
  body: string;
}

/** A piece of a message (消息片段). Media are named as the platform names them, and fetched after it was answered. */
export type InboundPart =
  | { kind: 'text'; text: string }
  | { kind: 'image' | 'voice' | 'video' | 'file'; media: string; name?: string; contentType?: string }
  | { kind: 'location'; lat: number; lng: number; crs: 'WGS84' | 'GCJ02' | 'BD09'; address?: string }
  | { kind: 'link'; url: string; title: string };

/** Something a device or a monitor says is wrong, or is right again (告警). */
export interface InboundAlarm {
  /** What is concerned; the same at each repetition, and when it is over. */
  key: string;
  /** One time that it is wrong: from when it began to when it is over. */
  episode: string;
  state: 'raised' | 'cleared';
}

/** One message, whatever the platform (归一化消息): what the intake goes on with. */
export interface InboundMessage {
  /** The platform's name for it, unique within the account: what comes twice is kept once. At most 200 characters. */
  externalId: string;
  /** Messages of one thread are taken in one after another, in the order they came. At most 200 characters. */
  thread: string;
  /** When it was written, as the platform says. */
  occurredAt: Date;
  parts: readonly InboundPart[];
  /** What an account's mapping, or the adapter itself, makes of it: targets and values (rules/intake). */
  values: Mapped;
  alarm?: InboundAlarm;
}


/** An account with its secrets opened. */
export interface OpenInboundAccount {
  id: string;
  values: Readonly<Record<string, string>>;
  mapping: readonly FieldMapping[];
}

/**
 * Why a call is not taken (拒收回调). `signature`: it is not from who it claims to be, or was changed on its way; `stale`: it
 * was signed too long ago, or in the future; `malformed`: it can't be read; `method`: this address takes no such call.
 */
export type CallProblem = 'signature' | 'stale' | 'malformed' | 'method';

export class CallRefused extends Error {
  readonly code: CallProblem;
  constructor(code: CallProblem, message: string) {
    super(message);
    this.name = 'CallRefused';
    this.code = code;
  }
}

/** A channel's inward side (渠道接入端口): pure in what it is given, so that it is as fast as its arithmetic. Each may throw CallRefused. */
export interface InboundAdapter {
  /** Refuses what is not from who it claims to be; answers at once what is no message but a question of the platform, else null. */
  verify(account: OpenInboundAccount, call: HookCall, now: Date): HookAnswer | null;
  /** The messages of a call that was verified, now or long ago, in their order. */
  decode(account: OpenInboundAccount, call: HookCall, now: Date): readonly InboundMessage[];
  /** What the platform is answered once they are kept; until then it would have to send them again. */
  acknowledge(messages: readonly InboundMessage[]): HookAnswer;
}

export const json = (body: unknown, status = 200): HookAnswer => ({ status, contentType: 'application/json; charset=utf-8', body: JSON.stringify(body) });

/** The JSON object or list a call holds. */
export function readJson({ method, body }: HookCall): unknown {
  if (method !== 'POST') throw new CallRefused('method', 'calls are made by POST');
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new CallRefused('malformed', 'the body is no JSON in UTF-8');
  }
  if (typeof value !== 'object' || value === null) throw new CallRefused('malformed', 'the body is neither an object nor a list');
  return value;
}
