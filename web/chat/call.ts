import { spoken } from './texts.ts';

/** Why the server did not do something, or could not be asked: `status` 0. */
export class ChatProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfter: number;
  constructor(status: number, code: string, title: string, retryAfter = 0) {
    super(title);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
  /** It may work a moment later. */
  get passes(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500 || this.code === 'idempotency_key_in_flight';
  }
}

/** The address of what the chat asks for. */
export const at = (path: string): string => `/api/v1${path}`;

/**
 * Asks the server (接口请求).
 *
 * @param key the same at every attempt of one thing
 * @throws ChatProblem
 */
export async function call<Answer>(method: 'GET' | 'POST', path: string, body?: object | FormData, key?: string): Promise<Answer> {
  let answer: Response;
  let text: string;
  try {
    const form = body instanceof FormData;
    answer = await fetch(at(path), {
      method, headers: { 'accept-language': spoken.value, ...(body === undefined || form ? {} : { 'content-type': 'application/json' }), ...(key === undefined ? {} : { 'idempotency-key': key }) },
      ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }), credentials: 'omit', cache: 'no-store', signal: AbortSignal.timeout?.(form ? 300_000 : 20_000),
    });
    text = await answer.text();
  } catch {
    throw new ChatProblem(0, 'network', '');
  }
  let content: unknown;
  try {
    content = text === '' ? undefined : JSON.parse(text);
  } catch {
    throw new ChatProblem(answer.status >= 400 ? answer.status : 0, 'unreadable', '');
  }
  if (answer.ok) return content as Answer;
  const { code = '', title = '', errors } = (content ?? {}) as { code?: string; title?: string; errors?: { message: string }[] };
  throw new ChatProblem(answer.status, code, errors?.[0]?.message ?? title, Number(answer.headers.get('retry-after')) || 0);
}

/** A name that nobody else gives, also in browsers without `randomUUID`. */
export const newKey = (): string => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
