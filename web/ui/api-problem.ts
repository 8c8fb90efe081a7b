import { language } from './preferences.ts';

/** One refused value of a request (RFC 9457 extension): where it stands, a stable code, and a sentence. */
export type ProblemError = { path: string; code: string; message: string };

/**
 * A refusal as the API gives it (RFC 9457 `application/problem+json`), or what went wrong before it could answer.
 * Codes of the latter: `network_unreachable`, `request_timed_out`, `answer_unreadable`.
 */
export class ApiProblem extends Error {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** Stable name of the problem, never shown alone. */
  readonly code: string;
  readonly title: string;
  readonly detail: string | undefined;
  readonly errors: ProblemError[];
  /** Whatever else the problem says, such as `organizations` of an ambiguous account (RFC 9457, extension members). */
  readonly extensions: Readonly<Record<string, unknown>>;
  /** Seconds to wait before another attempt, when the server said so. */
  readonly retryAfter: number | undefined;

  constructor(problem: {
    status: number;
    code: string;
    title: string;
    detail?: string;
    errors?: ProblemError[];
    extensions?: Record<string, unknown>;
    retryAfter?: number;
    cause?: unknown;
  }) {
    super(problem.detail ?? problem.title, { cause: problem.cause });
    this.name = 'ApiProblem';
    this.status = problem.status;
    this.code = problem.code;
    this.title = problem.title;
    this.detail = problem.detail;
    this.errors = problem.errors ?? [];
    this.extensions = problem.extensions ?? {};
    this.retryAfter = problem.retryAfter;
  }

  /** The sentence for the value at `path` (`/subject`, `subject`), or undefined. */
  errorAt(path: string): string | undefined {
    const plain = path.replace(/^\//, '');
    return this.errors.find((error) => error.path.replace(/^\//, '') === plain)?.message;
  }

  /** Whether the same request may succeed later without anything being changed. */
  get temporary(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

const sentences = {
  network_unreachable: ['网络不通，请检查网络后重试', 'No connection. Check the network and try again.'],
  request_timed_out: ['等待超时，请重试', 'The server took too long. Please try again.'],
  answer_unreadable: ['服务器返回了无法识别的内容，请稍后再试', 'The server sent something unreadable. Please try again later.'],
} as const;

/** A problem that arose on this side of the network, worded in the language in use. */
export function localProblem(code: keyof typeof sentences, status = 0, cause?: unknown): ApiProblem {
  return new ApiProblem({ status, code, title: sentences[code][language() === 'en' ? 1 : 0], cause });
}

/**
 * Any thrown value as an ApiProblem, so that screens have one shape to show. A defect of the program itself
 * becomes `answer_unreadable` with the original as its cause.
 */
export function asProblem(error: unknown): ApiProblem {
  return error instanceof ApiProblem ? error : localProblem('answer_unreadable', 0, error);
}

/** Reads the problem out of a refused answer's body; tolerates proxies that answer in HTML. */
export function problemFrom(status: number, body: string, header: (name: string) => string | null): ApiProblem {
  const wait = Number(header('retry-after'));
  const retryAfter = Number.isFinite(wait) && wait > 0 ? wait : undefined;
  try {
    const parsed = JSON.parse(body) as Partial<{ type: string; status: number; code: string; title: string; detail: string; errors: ProblemError[] }>;
    if (typeof parsed.code === 'string') {
      const { code, title = code, detail, errors, type: _type, status: _status, ...extensions } = parsed;
      return new ApiProblem({ status, code, title, detail, errors: Array.isArray(errors) ? errors : [], extensions: { ...extensions }, retryAfter });
    }
  } catch {
    // Not JSON: something between here and the server answered.
  }
  const unreadable = localProblem('answer_unreadable', status);
  return new ApiProblem({ status, code: unreadable.code, title: unreadable.title, retryAfter });
}
