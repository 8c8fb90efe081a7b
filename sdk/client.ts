import type { Events, Operations } from './api.ts';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
/** Paths below `/api/v1` that take a method. */
export type PathOf<M extends Method> = { [Key in keyof Operations]: Key extends `${M} ${infer Path}` ? Path : never }[keyof Operations];
type OperationOf<M extends Method, Path extends string> = `${M} ${Path}` extends keyof Operations ? Operations[`${M} ${Path}`] : never;
type AnswerOf<Operation> = Operation extends { answer: infer Answer } ? Answer : never;
type Asked<Operation> = Omit<Operation, 'answer'>;
/** What a call takes: `params` of its path, `query`, `body` or `form`, and `version` where a record is changed. */
type InputOf<Operation> = Asked<Operation> & CallOptions;
type Arguments<Operation> = Record<never, never> extends Asked<Operation> ? [input?: InputOf<Operation>] : [input: InputOf<Operation>];

/** How one call is made. */
export interface CallOptions {
  signal?: AbortSignal;
  /** Of a POST: the same key and content have their effect once, however often they are sent. Made up where it is left out. */
  idempotencyKey?: string;
}

/** How an installation is reached (客户端配置). */
export interface ClientOptions {
  /** Such as `https://service.example.cn`. */
  baseUrl: string;
  /** An API key, or the token of a session. */
  key?: string;
  /** Of the sentences in refusals. */
  language?: 'zh-CN' | 'en';
  /** How often a call is made again that was not answered, or was put off; 4 when absent. */
  retries?: number;
  /** Milliseconds one attempt may take; 30,000 when absent. Uploads and downloads take as long as they take. */
  timeout?: number;
  /** In place of the one there is. */
  fetch?: typeof fetch;
}

/** One wrong place of the input, as a JSON pointer. */
export interface WrongInput { path: string; code: string; message: string }

/** What the API refused (拒绝; RFC 9457), or why no answer came: `status` 0 and code `network` or `timeout`. */
export class BihuanProblem extends Error {
  readonly status: number;
  /** Stable: what programs go by. */
  readonly code: string;
  readonly errors: readonly WrongInput[];
  readonly requestId: string | null;
  /** All that the answer said. */
  readonly problem: Readonly<Record<string, unknown>>;
  /** Seconds after which to ask again. */
  readonly retryAfter: number | null;
  constructor(status: number, problem: Readonly<Record<string, unknown>>, retryAfter: number | null = null, options?: ErrorOptions) {
    super(typeof problem['title'] === 'string' ? problem['title'] : `HTTP ${status}`, options);
    this.name = 'BihuanProblem';
    this.status = status;
    this.code = typeof problem['code'] === 'string' ? problem['code'] : 'unknown';
    this.errors = Array.isArray(problem['errors']) ? problem['errors'] as WrongInput[] : [];
    this.requestId = typeof problem['requestId'] === 'string' ? problem['requestId'] : null;
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

/** One server-sent event. */
export interface SentEvent { id: string; event: string; data: unknown }

type ListPath = { [Path in PathOf<'GET'>]: AnswerOf<OperationOf<'GET', Path>> extends { items: unknown[]; nextCursor: string | null } ? Path : never }[PathOf<'GET'>];
type ItemOf<Path extends ListPath> = AnswerOf<OperationOf<'GET', Path>> extends { items: (infer Item)[] } ? Item : never;
type EventPath = { [Path in PathOf<'GET'>]: AnswerOf<OperationOf<'GET', Path>> extends Events ? Path : never }[PathOf<'GET'>];

/** The calls of an installation (接口客户端). Each throws a BihuanProblem. */
export interface Client {
  get<Path extends PathOf<'GET'>>(path: Path, ...input: Arguments<OperationOf<'GET', Path>>): Promise<AnswerOf<OperationOf<'GET', Path>>>;
  post<Path extends PathOf<'POST'>>(path: Path, ...input: Arguments<OperationOf<'POST', Path>>): Promise<AnswerOf<OperationOf<'POST', Path>>>;
  patch<Path extends PathOf<'PATCH'>>(path: Path, ...input: Arguments<OperationOf<'PATCH', Path>>): Promise<AnswerOf<OperationOf<'PATCH', Path>>>;
  delete<Path extends PathOf<'DELETE'>>(path: Path, ...input: Arguments<OperationOf<'DELETE', Path>>): Promise<AnswerOf<OperationOf<'DELETE', Path>>>;
  /** All lines of a list, page after page as they are asked for: `for await (const ticket of client.each('/tickets'))`. */
  each<Path extends ListPath>(path: Path, ...input: Arguments<OperationOf<'GET', Path>>): AsyncGenerator<ItemOf<Path>, void, undefined>;
  /** Server-sent events, for as long as `signal` lets it: after a lost connection from where it stopped. */
  follow<Path extends EventPath>(path: Path, ...input: Arguments<OperationOf<'GET', Path>>): AsyncGenerator<SentEvent, void, undefined>;
}

interface Input extends CallOptions {
  params?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
  form?: Record<string, unknown>;
  version?: number | '*';
}

const longestPause = 30_000;
/** Of a stream that sends a sign of life every 15 seconds: two and a half of them, and it is lost. */
const longestSilence = 37_500;

/** Opens a client. It holds no connection, and needs nothing but `fetch`: it runs in Node from 20 on and in browsers. */
export function createClient(options: ClientOptions): Client {
  const base = options.baseUrl.replace(/\/+$/, '');
  const send = options.fetch ?? fetch;
  const retries = options.retries ?? 4;

  function addressOf(path: string, { params = {}, query = {} }: Input): string {
    const filled = path.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(params[name] ?? ''));
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== null) search.append(name, typeof value === 'string' ? value : JSON.stringify(value));
    return `${base}/api/v1${filled}${search.size > 0 ? `?${search.toString()}` : ''}`;
  }

  function headersOf(more: Record<string, string>): Record<string, string> {
    return { accept: 'application/json', 'accept-language': options.language ?? 'en', ...(options.key === undefined ? {} : { authorization: `Bearer ${options.key}` }), ...more };
  }

  /** One attempt: the answer, or the problem with it. */
  async function attempt(method: Method, url: string, headers: Record<string, string>, body: string | FormData | undefined, { signal, form }: Input): Promise<unknown> {
    const limit = form === undefined ? AbortSignal.timeout(options.timeout ?? 30_000) : undefined;
    const both = signal && limit ? AbortSignal.any([signal, limit]) : signal ?? limit;
    let answer: Response;
    try {
      answer = await send(url, { method, headers, ...(body === undefined ? {} : { body }), ...(both ? { signal: both } : {}) });
      const type = answer.headers.get('content-type') ?? '';
      if (answer.ok) return answer.status === 204 ? undefined : /\bjson\b/.test(type) ? await answer.json() : await answer.blob();
      const text = await answer.text();
      throw new BihuanProblem(answer.status, readProblem(text, answer.status), secondsOf(answer.headers.get('retry-after')));
    } catch (error) {
      // What the caller itself ended is no problem of the API's.
      if (error instanceof BihuanProblem || signal?.aborted) throw error;
      throw new BihuanProblem(0, limit?.aborted ? { code: 'timeout', title: 'No answer came in time.' } : { code: 'network', title: 'The installation could not be reached.' }, null, { cause: error });
    }
  }

  async function call(method: Method, path: string, input: Input = {}): Promise<unknown> {
    const form = input.form === undefined ? undefined : formOf(input.form);
    const body = form ?? (input.body === undefined ? undefined : JSON.stringify(input.body));
    // The same at every attempt, so that it has its effect once.
    const headers = headersOf({
      ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}), ...(method === 'POST' ? { 'idempotency-key': input.idempotencyKey ?? crypto.randomUUID() } : {}),
      ...(input.version === undefined ? {} : { 'if-match': input.version === '*' ? '*' : `"${input.version}"` }),
    });
    const url = addressOf(path, input);
    for (let tries = 0; ; tries += 1) {
      try {
        return await attempt(method, url, headers, body, input);
      } catch (error) {
        if (!(error instanceof BihuanProblem) || tries >= retries || !mayRepeat(method, error)) throw error;
        await pause(error.retryAfter === null ? 300 * 2 ** tries * (0.5 + Math.random() / 2) : error.retryAfter * 1_000, input.signal);
      }
    }
  }

  async function* each(path: string, input: Input = {}): AsyncGenerator<unknown, void, undefined> {
    let cursor: unknown = input.query?.['cursor'];
    do {
      const page = await call('GET', path, { ...input, query: { ...input.query, cursor } }) as { items: unknown[]; nextCursor: string | null };
      yield* page.items;
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
  }

  async function* follow(path: string, input: Input = {}): AsyncGenerator<SentEvent, void, undefined> {
    let place = '';
    for (let lost = 0; !input.signal?.aborted; lost += 1) {
      const silence = watchSilence();
      const signal = input.signal ? AbortSignal.any([input.signal, silence.signal]) : silence.signal;
      try {
        const answer = await silence.during(() => send(addressOf(path, input), { signal, headers: headersOf({ accept: 'text/event-stream', ...(place === '' ? {} : { 'last-event-id': place }) }) }));
        if (!answer.ok || !answer.body) throw new BihuanProblem(answer.status, readProblem(await answer.text(), answer.status), secondsOf(answer.headers.get('retry-after')));
        for await (const event of eventsOf(answer.body, silence.during)) {
          lost = 0;
          if (event.id !== '') place = event.id;
          if (event.event !== '') yield event;
        }
      } catch (error) {
        if (input.signal?.aborted) return;
        // What cannot be read would come again just so.
        if (error instanceof SyntaxError) throw error;
        // Refused for good; all else is a connection that was lost.
        if (error instanceof BihuanProblem && error.status < 500 && error.status !== 429) throw error;
      }
      await pause(Math.min(500 * 2 ** lost, longestPause) * (0.5 + Math.random() / 2), input.signal).catch(() => {});
    }
  }

  return {
    get: (path: string, input?: Input) => call('GET', path, input), post: (path: string, input?: Input) => call('POST', path, input),
    patch: (path: string, input?: Input) => call('PATCH', path, input), delete: (path: string, input?: Input) => call('DELETE', path, input), each, follow,
  } as unknown as Client;
}

/**
 * Whether a call may be made again: one that was put off (429, 503 with what it takes) had no effect; one without an answer may have had, which only a GET
 * and a POST with its key can bear.
 */
function mayRepeat(method: Method, { status, code, retryAfter }: BihuanProblem): boolean {
  if (status === 429) return (retryAfter ?? 0) * 1_000 <= longestPause;
  if (method !== 'GET' && method !== 'POST') return false;
  return status === 0 || status === 502 || status === 503 || status === 504 || code === 'idempotency_key_in_flight';
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

function formOf(fields: Record<string, unknown>): FormData {
  const form = new FormData();
  // What says how a file is to be taken stands before it.
  for (const [name, value] of Object.entries(fields)) if (value !== undefined && !(value instanceof Blob)) form.append(name, typeof value === 'string' ? value : JSON.stringify(value));
  for (const [name, value] of Object.entries(fields)) if (value instanceof Blob) form.append(name, value, value instanceof File ? value.name : 'file');
  return form;
}

function readProblem(text: string, status: number): Record<string, unknown> {
  try {
    const problem: unknown = JSON.parse(text);
    if (typeof problem === 'object' && problem !== null) return problem as Record<string, unknown>;
  } catch {
    // Somebody in between answered.
  }
  return { code: 'unknown', title: `HTTP ${status}` };
}

function secondsOf(header: string | null): number | null {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) : null;
}

interface Silence {
  signal: AbortSignal;
  /** Waits, and gives the connection up where nothing comes for too long. */
  during: <Result>(wait: () => Promise<Result>) => Promise<Result>;
}

/** A connection that broke without a word is told by nothing but its silence; how long its reader takes over an event does not count. */
function watchSilence(): Silence {
  const lost = new AbortController();
  return {
    signal: lost.signal,
    during: async (wait) => {
      const timer = setTimeout(() => lost.abort(), longestSilence);
      try {
        return await wait();
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** Events of a stream (WHATWG HTML, "Server-sent events"); one without data only moves the place on, and has no name. */
async function* eventsOf(body: ReadableStream<Uint8Array>, during: Silence['during']): AsyncGenerator<SentEvent, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await during(() => reader.read());
      if (done) return;
      const blocks = (rest + decoder.decode(value, { stream: true })).replaceAll('\r\n', '\n').split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const fields = new Map<string, string>();
        for (const line of block.split('\n')) {
          const colon = line.indexOf(':');
          if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).replace(/^ /, ''));
        }
        const data = fields.get('data');
        yield { id: fields.get('id') ?? '', event: data === undefined ? '' : fields.get('event') ?? 'message', data: data === undefined ? undefined : JSON.parse(data) as unknown };
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
