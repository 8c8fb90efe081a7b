import { randomUUID } from 'node:crypto';
import { isObject } from '../../../rules/conditions/json.ts';
import type { Segment } from '../../../rules/telephony/call.ts';
import { callOutside } from '../../platform/egress/call-outside.ts';
import { cleanText, SpeechFailure, type Recording, type SpeechService } from './service.ts';

const largestReply = 8_000_000;
const mostSegments = 5_000;

/** Asks a Whisper server (platform.openai.com/docs/api-reference/audio/createTranscription): one file, answered with its pieces and their times. */
export async function transcribeByWhisper(service: SpeechService, recording: Recording, privateHosts: readonly string[]): Promise<Segment[]> {
  const boundary = `bihuan-${randomUUID()}`;
  const fields = { model: service.model ?? 'whisper-1', response_format: 'verbose_json', temperature: '0', ...(service.language === null ? {} : { language: service.language }) };
  const body = Buffer.concat([
    ...Object.entries(fields).map(([name, value]) => Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)),
    Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${recording.name.replaceAll(/[^\w.-]/g, '_')}"\r\ncontent-type: ${recording.mediaType}\r\n\r\n`), recording.bytes, Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  const { status, body: said } = await callOutside({
    method: 'POST', url: `${service.baseUrl}/audio/transcriptions`, body,
    headers: { accept: 'application/json', 'user-agent': 'bihuan', 'content-type': `multipart/form-data; boundary=${boundary}`, ...(service.key === null ? {} : { authorization: `Bearer ${service.key}` }) },
  }, { privateHosts, milliseconds: service.milliseconds, bytes: largestReply, redirects: 0 });
  // A wrong key or model stays wrong; being asked to wait does not.
  if (status < 200 || status > 299) throw new SpeechFailure(`HTTP ${status}`, status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429);
  return read(said);
}

function read(said: string): Segment[] {
  let found: unknown;
  try {
    found = JSON.parse(said);
  } catch {
    throw new SpeechFailure('the answer is no JSON', true);
  }
  if (!isObject(found)) throw new SpeechFailure('the answer is not one of a transcription', true);
  const { segments, text } = found as { segments?: unknown; text?: unknown };
  if (Array.isArray(segments)) return segments.slice(0, mostSegments).flatMap(segmentOf);
  if (typeof text === 'string') {
    const whole = cleanText(text).trim();
    return whole === '' ? [] : [{ t0: 0, t1: 0, speaker: null, text: cleanText(whole, 100_000), confidence: null }];
  }
  throw new SpeechFailure('the answer is not one of a transcription', true);
}

function segmentOf(one: unknown): Segment[] {
  const { start, end, text, avg_logprob: logarithm, speaker } = (one ?? {}) as Record<string, unknown>;
  const words = cleanText(text).trim();
  if (words === '') return [];
  const t0 = seconds(start);
  return [{
    t0, t1: Math.max(t0, seconds(end)), speaker: typeof speaker === 'string' ? cleanText(speaker, 40) : null, text: cleanText(words, 2_000),
    confidence: typeof logarithm === 'number' && logarithm <= 0 ? Math.round(Math.exp(logarithm) * 1_000) / 1_000 : null,
  }];
}

const seconds = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.min(value, 86_400) : 0);
