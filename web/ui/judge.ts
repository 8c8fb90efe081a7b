/**
 * What a failed sending means for the step that was sent:
 * - `unreachable`: no answer; nothing else would get through either
 * - `signIn`: the session has ended; everything waits for its owner
 * - `later`: the server could not just now; the same attempt may succeed
 * - `refused`: the server said no; repeating the same would change nothing
 */
export type Verdict = 'unreachable' | 'signIn' | 'later' | 'refused';

/** Codes that look like refusals by their status but pass by themselves. */
const passing = new Set(['idempotency_key_in_flight', 'csrf_token_missing']);

/** Judges a failed sending (失败判定) by status and code of its problem. */
export function judge(problem: { status: number; code: string }): Verdict {
  if (problem.status === 0) return 'unreachable';
  // A password that a colleague set has to be changed first; what waits is not refused by that.
  if (problem.status === 401 || problem.code === 'password_change_required') return 'signIn';
  if (problem.status === 408 || problem.status === 425 || problem.status === 429 || problem.status >= 500 || passing.has(problem.code)) return 'later';
  return 'refused';
}
