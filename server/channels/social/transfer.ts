import type { OutsideRequest } from '../../platform/egress/call-outside.ts';
import { extensionOf, fetchFile } from '../files.ts';
import type { FetchedMedia } from '../inbound.ts';
import { reach, SendFailure, type ChannelTools, type SendProblem } from '../notice-channel.ts';

/** An answer of an interface, read as far as it is JSON. */
export interface SocialAnswer {
  status: number;
  json: Record<string, unknown>;
}

/**
 * Calls an interface that says with its status how it went, and with JSON why (社交平台接口).
 *
 * @param body a value for JSON, a form, or bytes with their content type; null asks
 * @throws SendFailure where nobody answers, or nobody who could have taken it
 */
export async function callSocial(tools: ChannelTools, url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<SocialAnswer> {
  const form = body instanceof URLSearchParams ? body.toString() : null;
  const bytes = body instanceof Uint8Array ? body : null;
  const request: OutsideRequest = {
    method: body === null ? 'GET' : 'POST', url,
    headers: { accept: 'application/json', 'user-agent': 'bihuan', ...(body === null || bytes ? {} : { 'content-type': form === null ? 'application/json; charset=utf-8' : 'application/x-www-form-urlencoded' }), ...headers },
    body: body === null ? null : bytes ?? form ?? JSON.stringify(body),
  };
  const answer = await reach(tools, request);
  let json: unknown;
  try {
    json = JSON.parse(answer.body);
  } catch {
    json = null;
  }
  const readable = json !== null && typeof json === 'object';
  const said = `it answered ${answer.status} ${answer.body.slice(0, 100)}`.trim();
  if (answer.status === 503 || answer.status === 425) throw new SendFailure('temporary', said);
  // Who fails in words of its own says below what that means.
  if (((answer.status >= 500 || answer.status < 400) && !readable) || answer.status === 408) throw new SendFailure(tools.unsure ?? 'temporary', said);
  if (!readable && answer.status !== 429) throw new SendFailure('account', said, null, 'platform');
  return { status: answer.status, json: (readable ? json : {}) as Record<string, unknown> };
}

/** What a refusal means: what is known of its code; who falls over without a known one may have taken it. */
export const problemIn = (tools: ChannelTools, status: number, known: SendProblem | undefined, otherwise: SendProblem): SendProblem =>
  known ?? (status === 429 ? 'rate_limited' : status >= 500 ? tools.unsure ?? 'temporary' : otherwise);

/** The part of an answer that is an object; empty where there is none. */
export const partOf = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : {});
export const listOf = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.map(partOf) : []);
export const textIn = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'bigint' ? String(value) : '');

/** Fetches the bytes of a picture, a recording, a file. @throws SendFailure where it may be had later; MediaLost where it never will */
export async function fetchMediaAt(tools: ChannelTools, url: string, headers: Readonly<Record<string, string>>, { kind, name }: { kind: string; name?: string }): Promise<FetchedMedia> {
  const fetched = await fetchFile(tools, { method: 'GET', url, headers: { 'user-agent': 'bihuan', ...headers }, body: null });
  // It is still being made ready.
  if (fetched.status === 202) throw new SendFailure('temporary', 'it answered 202');
  return { bytes: fetched.body, contentType: fetched.contentType, name: name || fetched.name || `${kind}${extensionOf(fetched.contentType)}` };
}
