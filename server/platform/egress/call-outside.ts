import { lookup } from 'node:dns/promises';
import { request as plainRequest, type IncomingMessage } from 'node:http';
import { request as secureRequest } from 'node:https';
import { isIP } from 'node:net';
import { isPrivate } from './addresses.ts';

export interface OutsideRequest {
  method: 'GET' | 'POST' | 'PUT';
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array | null;
}

/** What came back: the beginning of the body as text. */
export interface OutsideAnswer {
  status: number;
  contentType: string | null;
  /** After how many seconds it wants to be asked again, an hour at most; null when it does not say. */
  retryAfterSeconds: number | null;
  body: string;
}

/** What came back as its bytes, with the name the other side gave the file, if it said one. */
export interface FetchedBytes {
  status: number;
  contentType: string | null;
  disposition: string | null;
  retryAfterSeconds: number | null;
  bytes: Buffer;
}

export interface OutsideOptions {
  /** Hosts (`host` or `host:port`) within the own network that may be called all the same. */
  privateHosts?: readonly string[];
  milliseconds?: number;
  bytes?: number;
  redirects?: number;
  /** Further headers, in lower case, that no other host is to be sent when it redirects. */
  confidential?: readonly string[];
}

/** Why a call came to nothing (外部调用失败). Asked again, the first three and `too_many_redirects` come to the same; see {@link isFinal}. */
export type OutsideProblem = 'address' | 'private_address' | 'request' | 'unreachable' | 'timeout' | 'too_large' | 'too_many_redirects';

export class OutsideFailure extends Error {
  readonly code: OutsideProblem;
  /** Whether it is certain that nobody heard the call. */
  readonly unheard: boolean;
  constructor(code: OutsideProblem, message: string, unheard = false) {
    super(message);
    this.name = 'OutsideFailure';
    this.code = code;
    this.unheard = unheard || code === 'address' || code === 'private_address' || code === 'request';
  }
}

/** Whether asking again is of no use (不必重试). */
export const isFinal = ({ code }: OutsideFailure): boolean => code === 'private_address' || code === 'address' || code === 'request' || code === 'too_many_redirects';

const neverConnected = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL']);
const standard = { milliseconds: 10_000, bytes: 65_536, redirects: 3 };
// What one host may know is not another's business.
const confidential = new Set(['authorization', 'cookie', 'proxy-authorization', 'x-api-key']);

/**
 * Calls an address that somebody wrote down (调用外部地址). Names are looked up once, every address a name has must lie outside, and the
 * one that was checked is connected to; so it is again after each redirect. There is one deadline for all of it.
 *
 * @throws OutsideFailure
 */
export async function callOutside(asked: OutsideRequest, options: OutsideOptions = {}): Promise<OutsideAnswer> {
  const { status, contentType, retryAfterSeconds, bytes } = await fetchOutside(asked, options);
  return { status, contentType, retryAfterSeconds, body: bytes.toString('utf8').toWellFormed().replaceAll('\0', '') };
}

/** As `callOutside`, for what is no text (下载外部文件). */
export async function fetchOutside(asked: OutsideRequest, { privateHosts = [], confidential: own = [], ...options }: OutsideOptions = {}): Promise<FetchedBytes> {
  const { milliseconds, bytes, redirects } = { ...standard, ...options };
  const signal = AbortSignal.timeout(milliseconds);
  let request = { ...asked };
  for (let turn = 0; ; turn += 1) {
    const url = readUrl(request.url);
    const address = await within(signal, resolveOutside(url, privateHosts));
    const response = await send(url, address, request, signal);
    const location = response.headers.location;
    if (![301, 302, 303, 307, 308].includes(response.statusCode ?? 0) || location === undefined) return readAnswer(response, bytes, signal);
    response.destroy();
    if (turn >= redirects) throw new OutsideFailure('too_many_redirects', `it redirected more than ${redirects} times`);
    const next = readUrl(location, url);
    const headers = next.host === url.host ? request.headers : Object.fromEntries(Object.entries(request.headers).filter(([name]) => !confidential.has(name.toLowerCase()) && !own.includes(name.toLowerCase())));
    const asGet = response.statusCode === 303 || ((response.statusCode === 301 || response.statusCode === 302) && request.method === 'POST');
    request = { method: asGet ? 'GET' : request.method, url: next.href, headers, body: asGet ? null : request.body };
  }
}

function readUrl(text: string, base?: URL): URL {
  let url: URL;
  try {
    url = new URL(text, base);
  } catch {
    throw new OutsideFailure('address', 'the address cannot be read');
  }
  if ((url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '' || url.username !== '' || url.password !== '') throw new OutsideFailure('address', 'only http and https addresses without credentials can be called');
  if (base?.protocol === 'https:' && url.protocol === 'http:') throw new OutsideFailure('address', 'it redirected from https to http');
  return url;
}

/** An address of the host, after all of them were looked at: a name with one public and one private address is refused. */
async function resolveOutside(url: URL, privateHosts: readonly string[]): Promise<{ address: string; family: number }> {
  return addressOutside(url.hostname, url.port || (url.protocol === 'https:' ? '443' : '80'), privateHosts);
}

/**
 * The address to connect to for a host and port (出站地址检查), for protocols other than HTTP: it is the one that was checked, so nothing may look the name up again.
 *
 * @throws OutsideFailure
 */
export async function addressOutside(name: string, port: string, privateHosts: readonly string[]): Promise<{ address: string; family: number }> {
  const host = name.replace(/^\[|\]$/g, '').toLowerCase();
  const isAllowed = privateHosts.includes(host) || privateHosts.includes(`${host}:${port}`);
  const found = isIP(host) ? [{ address: host, family: isIP(host) }] : await lookup(host, { all: true, verbatim: true }).catch((error: NodeJS.ErrnoException) => {
    throw new OutsideFailure('unreachable', `${host} cannot be found (${error.code ?? 'unknown'})`, true);
  });
  const [first] = found;
  if (!first) throw new OutsideFailure('unreachable', `${host} has no address`, true);
  if (!isAllowed && found.some(({ address }) => isPrivate(address))) throw new OutsideFailure('private_address', `${host} lies within an internal network`);
  return first;
}

function send(url: URL, { address, family }: { address: string; family: number }, { method, headers, body }: OutsideRequest, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const open = url.protocol === 'https:' ? secureRequest : plainRequest;
    let sent: ReturnType<typeof plainRequest>;
    try {
      sent = open(url, {
        method, signal, agent: false, headers: { ...headers, ...(body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) }), connection: 'close' },
        // The address that was checked; a name may lead elsewhere at the next look.
        lookup: (_host, options, answer) => {
          if (options.all) answer(null, [{ address, family }]);
          else answer(null, address, family);
        },
      });
    } catch (error) {
      // What HTTP has no place for, as a header that says 漏水.
      return reject(new OutsideFailure('request', `it cannot be asked like that (${error instanceof Error ? error.message : 'unknown'})`));
    }
    sent.on('response', resolve);
    sent.on('error', (error) => reject(failureOf(error, signal)));
    // Whoever changes the protocol answers nothing, and closes without an error: neither of the two above comes then.
    sent.on('upgrade', (_response, socket) => {
      socket.destroy();
      reject(new OutsideFailure('unreachable', 'it answered with another protocol'));
    });
    sent.on('close', () => reject(failureOf(new Error('it hung up'), signal)));
    sent.end(body ?? undefined);
  });
}

/** `Retry-After` as a number of seconds (RFC 9110, section 10.2.3); as a date it is not heeded, since clocks differ. */
const retryAfter = (text: string | undefined): number | null => (text !== undefined && /^\d{1,9}$/.test(text) ? Math.min(3_600, Math.max(1, Number(text))) : null);

async function readAnswer(response: IncomingMessage, bytes: number, signal: AbortSignal): Promise<FetchedBytes> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of response as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > bytes) throw new OutsideFailure('too_large', `it answered more than ${bytes} bytes`);
      parts.push(part);
    }
  } catch (error) {
    throw error instanceof OutsideFailure ? error : failureOf(error, signal);
  } finally {
    response.destroy();
  }
  return { status: response.statusCode ?? 0, contentType: response.headers['content-type'] ?? null, disposition: response.headers['content-disposition'] ?? null, retryAfterSeconds: retryAfter(response.headers['retry-after']), bytes: Buffer.concat(parts) };
}

function failureOf(error: unknown, signal: AbortSignal): OutsideFailure {
  if (signal.aborted) return new OutsideFailure('timeout', 'it did not answer in time');
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return new OutsideFailure('unreachable', error instanceof Error ? `it could not be reached (${code ?? error.message})` : 'it could not be reached', neverConnected.has(code ?? ''));
}

/** A look-up of names cannot be called off; nobody waits for it any longer. */
function within<Value>(signal: AbortSignal, promise: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new OutsideFailure('timeout', 'it did not answer in time'));
    if (signal.aborted) return late();
    signal.addEventListener('abort', late, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', late));
  });
}
