import { automationLimits } from './definition.ts';

/** Why a rule whose turn it was did not act, although its conditions hold (未执行原因). */
export const skipReasons = ['own_effect', 'loop', 'repeated', 'stopped', 'rate'] as const;
export type SkipReason = (typeof skipReasons)[number];

/** What can become of a rule that was asked (规则判定结果). */
export const runOutcomes = ['matched', 'missed', 'skipped', 'parked', 'retried'] as const;

/**
 * Whether a rule may act on a fact that other rules led to (循环保护). Not on what it did itself just now; and not where the chain
 * of rules has become too long.
 *
 * @param cause the rules that led to the fact, oldest first
 */
export function guard(ruleId: string, cause: readonly string[]): 'own_effect' | 'loop' | null {
  if (cause.at(-1) === ruleId) return 'own_effect';
  return cause.length >= automationLimits.depth ? 'loop' : null;
}

/** What facts say that a rule writes: all that led to it, and the rule itself. */
export function nextCause(ruleId: string, cause: readonly string[]): { rules: string[] } {
  return { rules: [...cause.slice(-automationLimits.depth), ruleId] };
}

/** The rules of a chain, each once, in the order they first came. */
export function rulesOfLoop(ruleId: string, cause: readonly string[]): string[] {
  return [...new Set([...cause, ruleId])];
}

/** How long to wait before a rule that failed by accident is tried again, in seconds; null when it is left for a person (重试间隔). */
export function retrySeconds(attempts: number): number | null {
  return attempts >= 3 ? null : 5 * 4 ** attempts;
}
