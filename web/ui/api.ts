import { ApiProblem, localProblem, problemFrom } from './api-problem.ts';
import { language } from './preferences.ts';

export { ApiProblem, asProblem, type ProblemError } from './api-problem.ts';

const prefix = '/api/v1';

export type QueryValue = string | number | boolean | null | undefined;
export type Query = Record<string, QueryValue | QueryValue[]>;

/** An answer: the body, its ETag for a later If-Match, and the path of the next page of a list. */
export type ApiAnswer<Body> = {
  data: Body;
  status: number;
  etag: string | null;
  /** Give it to `get` as it is; null on the last page and for what is no list. */
  next: string | null;
};

export type RequestOptions = {
  query?: Query;
  signal?: AbortSignal;
  /** The ETag the change is based on; a stale one is refused with 412. */
  ifMatch?: string | null;
  /** The key of a logical attempt, when the caller repeats it (a form's button pressed again after a failure). */
  idempotencyKey?: string;
  /** The answer is no JSON but text, such as a page to be printed. */
  as?: 'text';
  /** Milliseconds to wait for the answer; 30,000 when absent. */
  timeout?: number;
};

/** A file as the server keeps it. */
export type UploadedFile = { id: string; name: string; mediaType: string; size: number } & Record<string, unknown>;

export type UploadOptions = {
  /** The name to keep when the blob has none. */
  name?: string;
  /** Further form fields, written before the file. */
  fields?: Record<string, string>;
  /** Between 0 and 1, as the bytes leave. */
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
  idempotencyKey?: string;
  /** Where to send it; `/files` when absent. */
  path?: string;
};

/** The signed-in person as `GET /session` tells it. */
export type SessionAnswer<Staff = Record<string, unknown>> = { csrfToken: string; staff: Staff; feedPlace?: string | null };

export type ApiClient = ReturnType<typeof createApiClient>;

/** A fresh UUID, also where `crypto.randomUUID` is missing: old browsers, and plain HTTP in a local network. */
export function newIdempotencyKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function address(path: string, query?: Query): string {
  let url = path.startsWith(`${prefix}/`) ? path : `${prefix}${path}`;
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '') parameters.append(name, String(one));
    }
  }
  const text = parameters.toString();
  if (text !== '') url += `${url.includes('?') ? '&' : '?'}${text}`;
  return url;
}

/** The path and query of `rel="next"` in a Link header (RFC 8288), whether it was given absolute or not. */
export function nextPage(link: string | null): string | null {
  const match = /<([^>]+)>\s*;[^,]*\brel="?next"?/i.exec(link ?? '');
  if (match?.[1] === undefined) return null;
  return match[1].replace(/^https?:\/\/[^/]+/i, '');
}

const sleep = (delay: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, delay));

/**
 * The client of `/api/v1` for all faces. It speaks the language in use, signs changes with the session's CSRF
 * token, gives every POST an Idempotency-Key (the same one when it repeats an attempt the network lost), and
 * turns every refusal into an ApiProblem. GET and POST are repeated twice when no answer came; PATCH, PUT and
 * DELETE never are, because the first attempt may have arrived.
 *
 * @param options.bearer an API key or session token to send instead of the session cookie
 * @param options.retryDelays milliseconds before each repetition
 */
export function createApiClient(options: { bearer?: string; retryDelays?: number[] } = {}) {
  const retryDelays = options.retryDelays ?? [400, 1200];
  let bearer = options.bearer ?? null;
  let csrfToken: string | null = null;
  const signedOutListeners = new Set<() => void>();

  function headersFor(method: string, extra: Record<string, string>): Record<string, string> {
    const headers: Record<string, string> = { accept: 'application/json', 'accept-language': language(), ...extra };
    if (bearer !== null) headers.authorization = `Bearer ${bearer}`;
    else if (method !== 'GET' && csrfToken !== null) headers['x-csrf-token'] = csrfToken;
    return headers;
  }

  /** One attempt; the text of the answer is read within the same time limit. */
  async function attempt(method: string, url: string, headers: Record<string, string>, body: string | Blob | undefined, request: RequestOptions): Promise<{ response: Response; text: string }> {
    const abort = new AbortController();
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      abort.abort();
    }, request.timeout ?? 30_000);
    const forward = (): void => abort.abort();
    if (request.signal?.aborted === true) abort.abort();
    request.signal?.addEventListener('abort', forward);
    try {
      const response = await fetch(url, { method, headers, body, signal: abort.signal, credentials: 'same-origin' });
      return { response, text: await response.text() };
    } catch (error) {
      // What the caller itself cancelled is no problem to show: the usual AbortError goes through.
      if (request.signal?.aborted === true) throw error;
      throw localProblem(timedOut ? 'request_timed_out' : 'network_unreachable', 0, error);
    } finally {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', forward);
    }
  }

  async function send<Body>(method: string, path: string, body: unknown, request: RequestOptions = {}): Promise<ApiAnswer<Body>> {
    const url = address(path, request.query);
    const extra: Record<string, string> = {};
    if (body !== undefined) extra['content-type'] = 'application/json';
    if (method === 'POST') extra['idempotency-key'] = request.idempotencyKey ?? newIdempotencyKey();
    if (request.ifMatch != null) extra['if-match'] = request.ifMatch;
    const text = body === undefined ? undefined : JSON.stringify(body);
    const repeatable = method === 'GET' || method === 'POST';
    let tokenRenewed = false;
    let waits = 0;
    for (let tries = 0; ; tries += 1) {
      const delay = repeatable ? retryDelays[tries] : undefined;
      try {
        const answer = await attempt(method, url, headersFor(method, extra), text, request);
        return read<Body>(answer.response, answer.text, request.as);
      } catch (error) {
        if (!(error instanceof ApiProblem)) throw error;
        if (error.status === 403 && error.code.includes('csrf') && !tokenRenewed && bearer === null) {
          // Another tab signed in again: its token holds now.
          tokenRenewed = true;
          await session();
          continue;
        }
        // A wrong code or password answers 401, too, and ends no session.
        if (endsSession(error.code) && !(method === 'POST' && path === '/session')) announceSignedOut();
        // Another attempt with the same key still runs, of this call or of an earlier press: its answer is this one's.
        if (error.code === 'idempotency_key_in_flight' && waits < mostWaits) {
          waits += 1;
          tries -= 1;
          await sleep(retryDelays.at(-1) ?? 1000);
          continue;
        }
        // 502 to 504 come from a proxy whose server is just restarting.
        const lost = error.status === 0 || (error.status >= 502 && error.status <= 504);
        if (delay === undefined || !lost) throw error;
        await sleep(delay);
      }
    }
  }

  function read<Body>(response: Response, text: string, as?: 'text'): ApiAnswer<Body> {
    if (!response.ok) throw problemFrom(response.status, text, (name) => response.headers.get(name));
    let data: Body;
    try {
      data = (as === 'text' ? text : text === '' ? undefined : JSON.parse(text)) as Body;
    } catch (error) {
      throw localProblem('answer_unreadable', response.status, error);
    }
    return {
      data,
      status: response.status,
      etag: response.headers.get('etag'),
      next: nextPage(response.headers.get('link')),
    };
  }

  // The tabs of one browser share the session: what ends in one has ended in all.
  const tabs = bearer === null && typeof BroadcastChannel === 'function' ? new BroadcastChannel('bihuan-session') : null;
  if (tabs) {
    tabs.onmessage = () => tellSignedOut();
    // Outside a browser an open channel would keep the process alive.
    if ('unref' in tabs && typeof tabs.unref === 'function') tabs.unref();
  }

  function tellSignedOut(): void {
    csrfToken = null;
    for (const listener of signedOutListeners) listener();
  }

  function announceSignedOut(): void {
    tellSignedOut();
    tabs?.postMessage('signed out');
  }

  /** Who is signed in (GET /session), remembering the CSRF token; null when nobody is. */
  async function session<Staff = Record<string, unknown>>(): Promise<SessionAnswer<Staff> | null> {
    const answer = await attempt('GET', address('/session'), headersFor('GET', {}), undefined, {});
    if (answer.response.status !== 401 && answer.response.status !== 204) {
      const { data } = read<SessionAnswer<Staff>>(answer.response, answer.text);
      if (data.staff != null) {
        csrfToken = data.csrfToken;
        return data;
      }
    }
    csrfToken = null;
    return null;
  }

  /** Signs in (POST /session) and remembers the CSRF token of the answer. */
  async function signIn<Answer extends { csrfToken?: string }>(credentials: Record<string, unknown>): Promise<Answer> {
    const { data } = await send<Answer>('POST', '/session', credentials);
    if (typeof data.csrfToken === 'string') csrfToken = data.csrfToken;
    return data;
  }

  /** Signs out (DELETE /session); a session that had already ended counts as signed out. */
  async function signOut(): Promise<void> {
    try {
      await send('DELETE', '/session', undefined);
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 401) throw error;
    }
    announceSignedOut();
  }

  /**
   * One exchange that is no JSON, such as a piece of an upload; it is not repeated.
   *
   * @throws ApiProblem
   */
  async function exchange(method: string, path: string, headers: Record<string, string>, body?: Blob, request: Pick<RequestOptions, 'signal' | 'timeout'> = {}): Promise<{ response: Response; text: string }> {
    for (let renewed = false; ; renewed = true) {
      const answer = await attempt(method, address(path), headersFor(method, headers), body, request);
      if (answer.response.ok) return answer;
      const problem = problemFrom(answer.response.status, answer.text, (name) => answer.response.headers.get(name));
      if (endsSession(problem.code)) announceSignedOut();
      // A page that was opened without a network has no token yet; another tab may have signed in again.
      if (!(problem.status === 403 && problem.code.includes('csrf') && bearer === null && !renewed) || (await session()) === null) throw problem;
    }
  }

  /** Sends a file (POST /files, multipart) and reports its progress, which `fetch` cannot. */
  async function upload<Answer = UploadedFile>(file: Blob, given: UploadOptions = {}): Promise<Answer> {
    // Each attempt goes under the same key: what the server had already taken in is not taken in twice.
    const request = { ...given, idempotencyKey: given.idempotencyKey ?? newIdempotencyKey() };
    let tokenRenewed = false;
    let waits = 0;
    for (let tries = 0; ; tries += 1) {
      try {
        return await transferFile<Answer>(file, request);
      } catch (error) {
        if (!(error instanceof ApiProblem)) throw error;
        // A page that was opened without a network has no token yet; another tab may have signed in again.
        if (error.status === 403 && error.code.includes('csrf') && bearer === null && !tokenRenewed) {
          tokenRenewed = true;
          if ((await session()) === null) throw error;
          tries -= 1;
          continue;
        }
        if (error.code === 'idempotency_key_in_flight' && waits < mostWaits) {
          waits += 1;
          tries -= 1;
          await pauseFor(retryDelays.at(-1) ?? 1000, request.signal);
          continue;
        }
        const delay = retryDelays[tries];
        const lost = error.status === 0 || (error.status >= 502 && error.status <= 504);
        // Where there is no network at all, whoever sends files later has ways of their own.
        if (delay === undefined || !lost || navigator.onLine === false) throw error;
        await pauseFor(delay, request.signal);
      }
    }
  }

  function transferFile<Answer>(file: Blob, request: UploadOptions & { idempotencyKey: string }): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const form = new FormData();
      for (const [name, value] of Object.entries(request.fields ?? {})) form.append(name, value);
      form.append('file', file, request.name ?? (file instanceof File ? file.name : 'file'));
      const transfer = new XMLHttpRequest();
      transfer.open('POST', address(request.path ?? '/files'));
      const key = { 'idempotency-key': request.idempotencyKey };
      for (const [name, value] of Object.entries(headersFor('POST', key))) transfer.setRequestHeader(name, value);
      const cancel = (): void => transfer.abort();
      transfer.upload.onprogress = (event) => {
        if (event.lengthComputable) request.onProgress?.(event.loaded / event.total);
      };
      transfer.onload = () => {
        if (transfer.status < 200 || transfer.status > 299) {
          const problem = problemFrom(transfer.status, transfer.responseText, (name) => transfer.getResponseHeader(name));
          if (endsSession(problem.code)) announceSignedOut();
          reject(problem);
          return;
        }
        try {
          resolve(JSON.parse(transfer.responseText) as Answer);
        } catch (error) {
          reject(localProblem('answer_unreadable', transfer.status, error));
        }
      };
      transfer.onerror = () => reject(localProblem('network_unreachable'));
      transfer.onabort = () => reject(new DOMException('The upload was cancelled.', 'AbortError'));
      transfer.onloadend = () => request.signal?.removeEventListener('abort', cancel);
      if (request.signal?.aborted === true) {
        reject(new DOMException('The upload was cancelled.', 'AbortError'));
        return;
      }
      request.signal?.addEventListener('abort', cancel);
      transfer.send(form);
    });
  }

  return {
    get: <Body>(path: string, request?: RequestOptions) => send<Body>('GET', path, undefined, request),
    post: <Body>(path: string, body?: unknown, request?: RequestOptions) => send<Body>('POST', path, body, request),
    patch: <Body>(path: string, body: unknown, request?: RequestOptions) => send<Body>('PATCH', path, body, request),
    put: <Body>(path: string, body: unknown, request?: RequestOptions) => send<Body>('PUT', path, body, request),
    delete: <Body = void>(path: string, request?: RequestOptions) => send<Body>('DELETE', path, undefined, request),
    upload,
    exchange,
    session,
    signIn,
    signOut,
    /** Uses a token instead of the cookie from now on; null goes back to the cookie. */
    setBearer(token: string | null): void {
      bearer = token;
    },
    /** For faces that get the token elsewhere than from `session` and `signIn`. */
    setCsrfToken(token: string | null): void {
      csrfToken = token;
    },
    /** Calls back when an answer said that the session has ended; returns the function that ends it. */
    onSignedOut(listener: () => void): () => void {
      signedOutListeners.add(listener);
      return () => {
        signedOutListeners.delete(listener);
      };
    },
  };
}

/** The client that a face uses unless it needs another. */
export const api = createApiClient();

/** Waits before another attempt, unless the caller gave up meanwhile. */
async function pauseFor(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(milliseconds);
  if (signal?.aborted === true) throw new DOMException('The upload was cancelled.', 'AbortError');
}

/** So often a request asks for the answer of its twin that still runs. */
const mostWaits = 10;

const endsSession = (code: string): boolean => code === 'not_signed_in' || code === 'session_expired';
