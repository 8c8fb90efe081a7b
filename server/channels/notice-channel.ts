import type { NoticeChannel, NoticeProblem } from '../../contract/notice.ts';
import { callOutside, fetchOutside, OutsideFailure, type FetchedBytes, type OutsideAnswer, type OutsideOptions, type OutsideRequest } from '../platform/egress/call-outside.ts';

/** One message to one person, in words that no channel has escaped yet (通知消息). */
export interface OutgoingNotice {
  /** The same at every attempt: whoever can drop a repetition is told it. */
  reference: string;
  address: string;
  /** One line. */
  title: string;
  /** Plain text of several lines. */
  body: string;
  /** Where it leads; null where there is nothing to see. */
  link: string | null;
  /** What the link says. */
  linkText: string;
  urgent: boolean;
  /** The few values that carriers put into templates of theirs. */
  brief: { title: string; number: string };
}

/** An account with its secrets opened: what `accountForms` asks for. */
export interface OpenAccount {
  /** Differs with every change of the account, so that nothing is kept beyond it. */
  identity: string;
  mode: string;
  values: Readonly<Record<string, string>>;
}

/** What a channel works with. */
export interface ChannelTools {
  now(): Date;
  call(request: OutsideRequest, options?: OutsideOptions): Promise<OutsideAnswer>;
  /** As `call`, for what is no text. */
  fetch(request: OutsideRequest, options?: OutsideOptions): Promise<FetchedBytes>;
  privateHosts: readonly string[];
  /** What a call is that may have been heard though no answer came; `temporary` when absent, as a notice that comes twice does no harm. */
  unsure?: 'unknown';
}

/** Tools for calls that do no harm when made twice: no answer is no mystery. */
export const asking = ({ unsure: _unsure, ...tools }: ChannelTools): ChannelTools => tools;

/** Where an account's interface lies, without a slash at its end. */
export const baseOf = ({ values }: OpenAccount, standard: string): string => (values['baseUrl'] || standard).replace(/\/+$/, '');

export interface Taken {
  /** What the other side calls it. */
  providerId: string | null;
  /** It arrived, as far as the other side says so at once. */
  delivered?: true;
}

/**
 * Why a message was not taken (发送失败).
 * `address`: this address takes nothing; `account`: the credentials are refused; `content`: what it says is; all three for
 * good. `temporary`: the service is down or slow; `rate_limited`: it asks for a pause. Of answers to customers besides: `unknown`: nobody
 * can tell whether it was taken; `window_closed`, `quota_spent`: not at present, as too much time has passed or too many went out since they
 * wrote; `consent`: they have not agreed to be told, or take nothing from us any more.
 */
export type SendProblem = 'address' | 'account' | 'content' | 'temporary' | 'rate_limited' | 'unknown' | 'window_closed' | 'quota_spent' | 'consent';

const problemOf: Readonly<Record<SendProblem, NoticeProblem>> = {
  address: 'recipient', account: 'credentials', content: 'content', temporary: 'service', rate_limited: 'busy', unknown: 'service', window_closed: 'recipient', quota_spent: 'recipient', consent: 'recipient',
};

export class SendFailure extends Error {
  readonly code: SendProblem;
  readonly retryAfterSeconds: number | null;
  /** What a person is told, by a word. */
  readonly problem: NoticeProblem;
  constructor(code: SendProblem, message: string, retryAfterSeconds: number | null = null, problem: NoticeProblem = problemOf[code]) {
    super(message.slice(0, 500));
    this.name = 'SendFailure';
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
    this.problem = problem;
  }
}

/** Hands a message to the outside; throws a SendFailure when it was not taken (通知渠道端口). */
export type SendNotice = (account: OpenAccount, notice: OutgoingNotice, tools: ChannelTools) => Promise<Taken>;

/** A channel and what its messages look like on the wire, for previews. */
export interface NoticeSender {
  channel: NoticeChannel;
  send: SendNotice;
  /** What would be sent, in the channel's own form. */
  preview(account: Pick<OpenAccount, 'mode' | 'values'>, notice: OutgoingNotice): string;
}

/** The tools of a running program. */
export const outsideTools = (clock: { now(): Date }, privateHosts: readonly string[]): ChannelTools => ({
  now: () => clock.now(), privateHosts,
  call: (request, options = {}) => callOutside(request, { privateHosts, redirects: 0, ...options }),
  fetch: (request, options = {}) => fetchOutside(request, { privateHosts, redirects: 0, ...options }),
});

/** Calls with a JSON body, and reads the JSON answer; what cannot be reached or read is a SendFailure. */
export async function callJson(tools: ChannelTools, method: 'GET' | 'POST', url: string, body: unknown, headers: Record<string, string> = {}): Promise<{ status: number; json: Record<string, unknown> }> {
  const answer = await reach(tools, { method, url, headers: { accept: 'application/json', 'user-agent': 'bihuan', ...(body === null ? {} : { 'content-type': 'application/json; charset=utf-8' }), ...headers }, body: body === null ? null : typeof body === 'string' ? body : JSON.stringify(body) });
  let json: unknown;
  try {
    json = JSON.parse(answer.body);
  } catch {
    json = null;
  }
  const said = `it answered ${answer.status} ${answer.body.slice(0, 100)}`.trim();
  const readable = json !== null && typeof json === 'object';
  // A proxy's page in place of the answer, or a service that falls over.
  if (answer.status === 503 || answer.status === 425) throw new SendFailure('temporary', said);
  if (answer.status >= 500 || answer.status === 408 || (answer.status < 400 && !readable)) throw new SendFailure(tools.unsure ?? 'temporary', said);
  if (answer.status === 429) throw new SendFailure('rate_limited', said, 60);
  // Where nobody of the platform answers, nobody has taken anything.
  if (!readable) throw new SendFailure('account', said, null, 'platform');
  return { status: answer.status, json: json as Record<string, unknown> };
}

/** The code of an answer (返回码), by the first of these names that it has; an answer without one comes from somebody else than the platform. */
export function codeIn(answer: Record<string, unknown>, ...names: readonly string[]): number {
  const said = names.map((name) => answer[name]).find((value) => value !== undefined);
  const code = typeof said === 'number' || (typeof said === 'string' && said.trim() !== '') ? Number(said) : Number.NaN;
  if (!Number.isFinite(code)) throw new SendFailure('account', `it answered without a code: ${JSON.stringify(answer).slice(0, 100)}`, null, 'platform');
  return code;
}

/** What an answer says in words or numbers; empty where it says something else. */
export const saidIn = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '');

/** A call whose failure to come about is a SendFailure. */
export async function reach(tools: ChannelTools, request: OutsideRequest): Promise<OutsideAnswer> {
  try {
    return await tools.call(request);
  } catch (error) {
    if (!(error instanceof OutsideFailure)) throw error;
    // Where it leads was written down wrong, or must not be called: trying again will not help.
    if (error.code === 'address' || error.code === 'request' || error.code === 'private_address' || error.code === 'too_many_redirects') throw new SendFailure('account', error.message, null, error.code === 'private_address' ? 'private_address' : 'bad_address');
    throw new SendFailure(error.unheard ? 'temporary' : tools.unsure ?? 'temporary', error.message, null, error.code === 'timeout' || error.code === 'unreachable' ? error.code : 'platform');
  }
}
