import type { Filter, FilterContext, Properties } from '../conditions/filter.ts';
import { prepareFilter } from '../conditions/filter-to-logic.ts';
import type { SlaPolicy, SlaScope, SlaTarget, SlaTicket } from './policy.ts';

/** What conditions are read with. */
export interface ConditionSurroundings {
  readonly properties: Properties;
  /** IANA, of the organization: `today` is in it. */
  readonly timeZone: string;
  readonly below?: FilterContext['below'];
}

/** Why a policy was not taken: the first thing that did not hold. */
export type Mismatch = 'inactive' | 'type' | 'priority' | 'tier' | 'condition';

/** Which policy a ticket comes under, and why (策略匹配): every policy that was looked at, in order, the one taken last. */
export interface PolicyChoice {
  readonly policy: SlaPolicy | null;
  readonly looked: readonly { readonly policy: SlaPolicy; readonly mismatch: Mismatch | null }[];
}

export type ChoosePolicy = (ticket: SlaTicket, now: number) => PolicyChoice;

const relativeToNow: ReadonlySet<string> = new Set(['during', 'within_last', 'older_than', 'within_next']);

/**
 * Makes the choice ready for many tickets: policies in their order, the first that fits is taken. Nobody asks, so `me` and
 * `mine` are nobody. A condition with problems holds for no ticket.
 */
export function policyChooser(policies: readonly SlaPolicy[], surroundings: ConditionSurroundings): ChoosePolicy {
  const conditions = policies.map(({ condition }) => condition && conditionTest(condition, surroundings));
  return (ticket, now) => {
    const looked: { policy: SlaPolicy; mismatch: Mismatch | null }[] = [];
    for (const [index, policy] of policies.entries()) {
      const test = conditions[index];
      const mismatch = !policy.active ? 'inactive' : scopeMismatch(policy, ticket) ?? (test && !test(ticket, now) ? 'condition' : null);
      looked.push({ policy, mismatch });
      if (mismatch === null) return { policy, looked };
    }
    return { policy: null, looked };
  };
}

/** The policy a ticket comes under as of `now` (milliseconds); for many tickets see {@link policyChooser}. */
export function choosePolicy(policies: readonly SlaPolicy[], ticket: SlaTicket, surroundings: ConditionSurroundings, now: number): PolicyChoice {
  return policyChooser(policies, surroundings)(ticket, now);
}

function scopeMismatch({ types, priorities, tiers }: SlaScope, ticket: SlaTicket): Mismatch | null {
  if (types && !types.includes(ticket.type)) return 'type';
  if (priorities && !priorities.includes(ticket.priority)) return 'priority';
  if (tiers && !tiers.includes(ticket.tier ?? 'none')) return 'tier';
  return null;
}

/** A condition is prepared once, unless it speaks of now. */
function conditionTest(condition: Filter, { properties, timeZone, below }: ConditionSurroundings): (ticket: SlaTicket, now: number) => boolean {
  const prepare = (now: number) => prepareFilter(condition, properties, { now: new Date(now).toISOString(), me: null, myTeams: [], timeZone, ...(below ? { below } : {}) });
  const always = speaksOfNow(condition) ? null : prepare(0);
  return ({ record }, now) => record !== undefined && (always ?? prepare(now))(record);
}

function speaksOfNow(filter: Filter): boolean {
  if ('all' in filter) return filter.all.some(speaksOfNow);
  if ('any' in filter) return filter.any.some(speaksOfNow);
  if ('not' in filter) return speaksOfNow(filter.not);
  return relativeToNow.has(filter.operator);
}

/** What a clock would be for: a metric, of the customer or of a team, of a step. */
export interface TargetPlace {
  readonly metric: SlaTarget['metric'];
  /** null: the customer's. */
  readonly team: string | null;
  readonly step: string | null;
}

/** The promise that counts in one place (适用目标): the policy's first that fits; null when nothing is promised there. */
export function targetFor(policy: SlaPolicy, ticket: SlaTicket, place: TargetPlace): SlaTarget | null {
  return policy.targets.find((target) => target.metric === place.metric
    && (place.team === null ? target.party === 'customer' : target.party === 'team' && (target.team === undefined || target.team === place.team))
    && (target.step === undefined || target.step === place.step)
    && scopeMismatch(target, ticket) === null) ?? null;
}

const mismatches: Record<Mismatch, { zh: string; en: string }> = {
  inactive: { zh: '已停用', en: 'inactive' },
  type: { zh: '工单类型不符', en: 'another type of ticket' },
  priority: { zh: '优先级不符', en: 'another priority' },
  tier: { zh: '客户等级不符', en: 'another customer tier' },
  condition: { zh: '条件不满足', en: 'its condition does not hold' },
};

/** A choice in sentences, one for each policy that was looked at (匹配说明). */
export function describeChoice({ looked }: PolicyChoice, language: 'zh' | 'en'): string[] {
  const lines = looked.map(({ policy, mismatch }) => {
    const name = language === 'zh' ? `“${policy.name}”` : `“${policy.nameEn ?? policy.name}”`;
    if (mismatch === null) return language === 'zh' ? `采用${name}：全部符合` : `${name} applies: everything fits`;
    return language === 'zh' ? `跳过${name}：${mismatches[mismatch].zh}` : `${name} passed over: ${mismatches[mismatch].en}`;
  });
  if (looked.at(-1)?.mismatch === null) return lines;
  return [...lines, language === 'zh' ? '没有适用的策略，不计时' : 'No policy applies; no clock runs'];
}
