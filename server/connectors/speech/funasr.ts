import { WebSocket, type RawData } from 'ws';
import type { Segment } from '../../../rules/telephony/call.ts';
import { addressOutside, OutsideFailure } from '../../platform/egress/call-outside.ts';
import { cleanText, SpeechFailure, type Recording, type SpeechService } from './service.ts';

const chunkBytes = 65_536;
const largestReply = 8_000_000;
const mostSegments = 5_000;

/**
 * Asks a FunASR server (github.com/modelscope/FunASR, runtime/docs/websocket_protocol.md) in its offline mode: what is asked for first, then the
 * bytes, then that they are all; one answer with sentences and their times. WAV of 16-bit samples goes as those samples, anything else
 * as it is, for the server to decode.
 */
export async function transcribeByFunasr(service: SpeechService, recording: Recording, privateHosts: readonly string[]): Promise<Segment[]> {
  const url = urlOf(service.baseUrl);
  const { address, family } = await addressOutside(url.hostname, url.port || (url.protocol === 'wss:' ? '443' : '80'), privateHosts);
  const { bytes, format, rate } = samplesOf(recording);
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, 'binary', {
      handshakeTimeout: 15_000, maxPayload: largestReply, perMessageDeflate: false, ...(service.key === null ? {} : { headers: { authorization: `Bearer ${service.key}` } }),
      // The address that was checked; a name may lead elsewhere at the next look.
      lookup: (_host, options, answer) => (typeof options === 'object' && options.all ? answer(null, [{ address, family }]) : answer(null, address, family)),
    });
    const timer = setTimeout(() => fail(new OutsideFailure('timeout', 'it did not answer in time')), service.milliseconds);
    const end = (): void => {
      clearTimeout(timer);
      socket.terminate();
    };
    const fail = (error: Error): void => {
      reject(error);
      end();
    };
    socket.on('open', () => {
      socket.send(JSON.stringify({ mode: 'offline', wav_name: recording.name, wav_format: format, audio_fs: rate, is_speaking: true, itn: true, hotwords: '' }));
      for (let from = 0; from < bytes.length; from += chunkBytes) socket.send(bytes.subarray(from, from + chunkBytes));
      socket.send(JSON.stringify({ is_speaking: false }));
    });
    socket.on('message', (data) => {
      try {
        resolve(read(data));
        end();
      } catch (error) {
        fail(error as Error);
      }
    });
    socket.on('error', (error) => fail(new OutsideFailure('unreachable', error.message)));
    socket.on('close', () => fail(new OutsideFailure('unreachable', 'it hung up')));
  });
}

function urlOf(baseUrl: string): URL {
  const url = URL.parse(baseUrl.replace(/^http/i, 'ws'));
  if (!url || (url.protocol !== 'ws:' && url.protocol !== 'wss:')) throw new OutsideFailure('address', 'only ws and wss addresses can be called');
  return url;
}

/** The samples of a plain WAV (RIFF, 16-bit PCM, one channel); else the file as it is. */
function samplesOf({ bytes, mediaType }: Recording): { bytes: Buffer; format: string; rate: number } {
  const other = { bytes, format: 'others', rate: 16_000 };
  if (mediaType !== 'audio/wav' || bytes.length < 44 || bytes.toString('latin1', 0, 4) !== 'RIFF') return other;
  let rate = 0;
  for (let at = 12; at + 8 <= bytes.length;) {
    const [name, size] = [bytes.toString('latin1', at, at + 4), bytes.readUInt32LE(at + 4)];
    if (name === 'fmt ' && at + 24 <= bytes.length) {
      if (bytes.readUInt16LE(at + 8) !== 1 || bytes.readUInt16LE(at + 10) !== 1 || bytes.readUInt16LE(at + 22) !== 16) return other;
      rate = bytes.readUInt32LE(at + 12);
    }
    if (name === 'data') return rate === 0 ? other : { bytes: bytes.subarray(at + 8, at + 8 + size), format: 'pcm', rate };
    at += 8 + size + (size % 2);
  }
  return other;
}

interface Sentence { text_seg?: unknown; punc?: unknown; start?: unknown; end?: unknown; text?: unknown; spk?: unknown }

function read(data: RawData): Segment[] {
  let said: { text?: unknown; stamp_sents?: unknown };
  try {
    said = JSON.parse((Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer)).toString()) as typeof said;
  } catch {
    throw new SpeechFailure('the answer is no JSON', true);
  }
  if (typeof said?.text !== 'string') throw new SpeechFailure('the answer is not one of a transcription', true);
  const sentences = Array.isArray(said.stamp_sents) ? (said.stamp_sents as (Sentence | null)[]).slice(0, mostSegments) : [];
  const segments = sentences.flatMap((sentence): Segment[] => {
    // Chinese characters are set apart by spaces there.
    const words = `${cleanText(sentence?.text_seg ?? sentence?.text).replaceAll(/(?<=\p{Script=Han}) +(?=\p{Script=Han})/gu, '')}${cleanText(sentence?.punc)}`.trim();
    const t0 = seconds(sentence?.start);
    return words === '' ? [] : [{ t0, t1: Math.max(t0, seconds(sentence?.end)), speaker: typeof sentence?.spk === 'number' || typeof sentence?.spk === 'string' ? cleanText(`${sentence.spk}`, 40) : null, text: cleanText(words, 2_000), confidence: null }];
  });
  if (segments.length > 0) return segments;
  const whole = cleanText(said.text).trim();
  return whole === '' ? [] : [{ t0: 0, t1: 0, speaker: null, text: cleanText(whole, 100_000), confidence: null }];
}

/** Milliseconds there, seconds here. */
const seconds = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.min(value / 1_000, 86_400) : 0);
