import { clockState, type Calendars } from './clock-state.ts';
import { ledgerOf, type SlaEvent, type SlaRules } from './ledger.ts';
import type { SlaMetric } from './policy.ts';

/** What happened to one ticket. */
export interface TicketHistory {
  readonly id: string;
  readonly events: readonly SlaEvent[];
}

/** How one clock came out. */
export interface SimulatedClock {
  readonly key: string;
  readonly metric: SlaMetric;
  /** Of a team's clock. */
  readonly team: string | null;
  readonly step: string | null;
  readonly policyId: string;
  readonly targetKey: string;
  readonly startedAt: number;
  readonly targetTime: number;
  readonly used: number;
  readonly dueAt: number | null;
  readonly breachedAt: number | null;
  readonly outcome: 'met' | 'cancelled' | null;
  readonly stoppedAt: number | null;
}

/** How one ticket came out. */
export interface SimulatedTicket {
  readonly id: string;
  readonly policyId: string | null;
  readonly type: string;
  readonly priority: string;
  readonly tier: string | null;
  readonly team: string | null;
  readonly clocks: readonly SimulatedClock[];
}

/**
 * Replays what happened under some rules (模拟回放): policies and calendars as they are, or as somebody thinks of making
 * them. The running system folds the same events by the same functions, so the numbers are those it would have.
 *
 * @param now where the replay ends: what happened later is left out, and clocks that still run are judged as of then
 */
export function simulate(histories: Iterable<TicketHistory>, rules: SlaRules, calendars: Calendars, now: number): SimulatedTicket[] {
  const results: SimulatedTicket[] = [];
  for (const { id, events } of histories) {
    const ledger = ledgerOf(events.filter(({ at }) => at <= now), rules);
    if (!ledger) continue;
    const { type, priority, tier, team } = ledger.ticket;
    const clocks = ledger.clocks.map((clock): SimulatedClock => {
      const { targetTime, used, dueAt, breachedAt } = clockState(clock, calendars, now);
      const { policy, target } = clock.promises.at(-1)!;
      return {
        key: clock.key, metric: clock.metric, team: clock.team, step: clock.step, policyId: policy.id, targetKey: target.key, startedAt: clock.startedAt,
        targetTime, used, dueAt, breachedAt, outcome: clock.outcome, stoppedAt: clock.stoppedAt,
      };
    });
    results.push({ id, policyId: ledger.policy?.id ?? null, type, priority, tier, team, clocks });
  }
  return results;
}

/** A count of clocks (达成统计). */
export interface Attainment {
  /** Clocks that are over or late: met, or broken. Running ones in time and void ones are not judged. */
  readonly judged: number;
  readonly met: number;
  readonly breached: number;
  /** From 0 to 1 (达成率); null when nothing is judged. */
  readonly rate: number | null;
  readonly running: number;
  readonly void: number;
}

export type AttainmentBy = 'metric' | 'policy' | 'priority' | 'type' | 'team' | 'all';

/** Attainment by group; clocks of customers and of teams are counted apart, `party` says which. Groups without clocks are absent. */
export function attainmentOf(results: readonly SimulatedTicket[], by: AttainmentBy, party: 'customer' | 'team' = 'customer'): Map<string, Attainment> {
  const groups = new Map<string, { met: number; breached: number; running: number; void: number }>();
  for (const ticket of results) {
    for (const clock of ticket.clocks) {
      if ((clock.team !== null) !== (party === 'team')) continue;
      const name = groupOf(by, ticket, clock);
      let group = groups.get(name);
      if (!group) groups.set(name, group = { met: 0, breached: 0, running: 0, void: 0 });
      group[judgementOf(clock)] += 1;
    }
  }
  return new Map([...groups].map(([name, group]) => {
    const judged = group.met + group.breached;
    return [name, { judged, ...group, rate: judged === 0 ? null : group.met / judged }];
  }));
}

function groupOf(by: AttainmentBy, ticket: SimulatedTicket, clock: SimulatedClock): string {
  switch (by) {
    case 'metric': return clock.metric;
    case 'policy': return clock.policyId;
    case 'priority': return ticket.priority;
    case 'type': return ticket.type;
    case 'team': return clock.team ?? ticket.team ?? 'none';
    case 'all': return 'all';
  }
}

/** A clock that is void was not broken unless it was before it became so. */
function judgementOf({ breachedAt, outcome }: SimulatedClock): 'met' | 'breached' | 'running' | 'void' {
  if (breachedAt !== null) return 'breached';
  return outcome === 'met' ? 'met' : outcome === 'cancelled' ? 'void' : 'running';
}

/** One ticket that comes out differently. */
export interface TicketDifference {
  readonly id: string;
  readonly policy: { readonly before: string | null; readonly after: string | null };
  /** Clocks that are there on one side only, or due, broken or ended differently; null where there is none. */
  readonly clocks: readonly { readonly key: string; readonly before: SimulatedClock | null; readonly after: SimulatedClock | null }[];
  /** now_breached 新超时: in time before, broken after · no_longer_breached: the other way round · other: only dates or policies differ. */
  readonly effect: 'now_breached' | 'no_longer_breached' | 'both' | 'other';
}

/** What would be different (前后对比): the tickets that come out differently, of two replays of the same histories. */
export function compareSimulations(before: readonly SimulatedTicket[], after: readonly SimulatedTicket[]): TicketDifference[] {
  const others = new Map(after.map((ticket) => [ticket.id, ticket]));
  const ids = new Set(before.map(({ id }) => id));
  const pairs = [...before.map((ticket) => [ticket, others.get(ticket.id)] as const), ...after.filter(({ id }) => !ids.has(id)).map((ticket) => [undefined, ticket] as const)];
  return pairs.flatMap(([one, other]) => {
    const difference = compareTickets(one, other);
    return difference ? [difference] : [];
  });
}

function compareTickets(before: SimulatedTicket | undefined, after: SimulatedTicket | undefined): TicketDifference | null {
  const keys = new Set([...before?.clocks ?? [], ...after?.clocks ?? []].map(({ key }) => key));
  const find = (ticket: SimulatedTicket | undefined, key: string) => ticket?.clocks.find((clock) => clock.key === key) ?? null;
  const clocks = [...keys].map((key) => ({ key, before: find(before, key), after: find(after, key) })).filter((pair) => !sameOutcome(pair.before, pair.after));
  const policy = { before: before?.policyId ?? null, after: after?.policyId ?? null };
  if (clocks.length === 0 && policy.before === policy.after) return null;
  const worse = clocks.some((pair) => !isBroken(pair.before) && isBroken(pair.after));
  const better = clocks.some((pair) => isBroken(pair.before) && !isBroken(pair.after));
  return { id: (before ?? after)!.id, policy, clocks, effect: worse && better ? 'both' : worse ? 'now_breached' : better ? 'no_longer_breached' : 'other' };
}

function isBroken(clock: SimulatedClock | null): boolean {
  return clock !== null && clock.breachedAt !== null;
}

function sameOutcome(one: SimulatedClock | null, other: SimulatedClock | null): boolean {
  if (!one || !other) return one === other;
  return one.dueAt === other.dueAt && one.breachedAt === other.breachedAt && one.outcome === other.outcome && one.stoppedAt === other.stoppedAt;
}
