import { setTimeout as wait } from 'node:timers/promises';
import type { RouterProblem } from '../../../contract/travel.ts';
import type { Point } from '../../../rules/places/distance.ts';
import { callOutside, isFinal, OutsideFailure } from '../../platform/egress/call-outside.ts';
import { HostBusy, inTurn } from '../../platform/egress/turns.ts';

/** Why a router gave no answer of use (路径服务失败). */
export class RouterFailure extends Error {
  readonly code: RouterProblem;
  readonly retryAfterSeconds: number | null;
  constructor(code: RouterProblem, message: string, retryAfterSeconds: number | null = null) {
    super(message.slice(0, 300));
    this.name = 'RouterFailure';
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** What may be over in a moment. */
const passing: ReadonlySet<RouterProblem> = new Set(['unreachable', 'timeout', 'busy']);
/** Whether asking again soon is of use. */
export const isPassing = ({ code }: RouterFailure): boolean => passing.has(code);

/** From a place to another as a router has it: null where it knows no road, metres null where it does not tell. */
export interface AnsweredLeg {
  seconds: number | null;
  metres: number | null;
}

/** Who can be asked for ways (路径服务): a table from each of some places to each of some others. */
export interface TravelRouter {
  /** Places on either side of one question. */
  most: { from: number; to: number };
  /** Milliseconds between two questions. */
  pause: number;
  /** Whether it answers as the traffic is at that moment. */
  knowsTraffic: boolean;
  /**
   * Rows as `from`, columns as `to`, both WGS-84.
   *
   * @throws RouterFailure
   */
  ask(from: readonly Point[], to: readonly Point[]): Promise<AnsweredLeg[][]>;
}

export interface RouterTools {
  privateHosts: readonly string[];
  /** Of one question, all its tries together, in milliseconds. */
  milliseconds?: number;
  /** Pauses before asking again, in milliseconds; none where somebody waits. */
  pauses?: readonly number[];
  /** Is told of every question that goes out, tries included, as they count against a quota. */
  onAsked?: () => void;
}

const standard = { milliseconds: 15_000, pauses: [500, 1_500] } as const;
const [longestTry, longestPause, bytes] = [8_000, 5_000, 2_000_000];

/**
 * Asks for JSON and has it read (带重试的请求). What may be over in a moment is asked again, a few times and within one deadline. No redirect is followed: there is none
 * in either protocol, and an address may hold a key.
 *
 * @param read throws what the answer itself says against it
 * @throws RouterFailure
 */
export async function askJson<Answer>(url: string, read: (answer: unknown, status: number) => Answer, { privateHosts, milliseconds = standard.milliseconds, pauses = standard.pauses, onAsked }: RouterTools): Promise<Answer> {
  const until = performance.now() + milliseconds;
  for (let attempt = 0; ; attempt += 1) {
    try {
      onAsked?.();
      return await askOnce(url, read, privateHosts, Math.ceil(Math.max(1, Math.min(longestTry, until - performance.now()))));
    } catch (error) {
      if (!(error instanceof RouterFailure)) throw error;
      const pause = Math.max(pauses[attempt] ?? 0, (error.retryAfterSeconds ?? 0) * 1_000);
      if (!isPassing(error) || attempt >= pauses.length || pause > longestPause || performance.now() + pause >= until) throw error;
      await wait(pause);
    }
  }
}

async function askOnce<Answer>(url: string, read: (answer: unknown, status: number) => Answer, privateHosts: readonly string[], milliseconds: number): Promise<Answer> {
  const { status, body, retryAfterSeconds } = await inTurn(url, () => callOutside({ method: 'GET', url, headers: { accept: 'application/json', 'user-agent': 'bihuan' }, body: null }, { privateHosts, milliseconds, bytes, redirects: 0 })).catch((error: unknown) => {
    if (error instanceof HostBusy) throw new RouterFailure('busy', 'so many questions are under way that none more is asked');
    if (!(error instanceof OutsideFailure)) throw error;
    const code: RouterProblem = error.code === 'timeout' || error.code === 'private_address' ? error.code : error.code === 'too_large' ? 'malformed' : error.code === 'too_many_redirects' ? 'redirected' : isFinal(error) ? 'address' : 'unreachable';
    throw new RouterFailure(code, error.message);
  });
  if (status === 429 || status === 503) throw new RouterFailure('busy', `HTTP ${status}`, retryAfterSeconds);
  if (status === 401 || status === 403) throw new RouterFailure('key', `HTTP ${status}`);
  if (status >= 500 || status === 408) throw new RouterFailure('unreachable', `HTTP ${status}`, retryAfterSeconds);
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    throw new RouterFailure(status >= 200 && status <= 299 ? 'malformed' : 'refused', status >= 200 && status <= 299 ? 'it did not answer JSON' : `HTTP ${status}`);
  }
  return read(answer, status);
}

/** Degrees as both protocols write them: longitude first, six digits, some 10 cm. */
export const inDegrees = ({ lat, lng }: Point): string => `${lng.toFixed(6)},${lat.toFixed(6)}`;
