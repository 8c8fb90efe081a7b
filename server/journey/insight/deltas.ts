import { localDay } from '../../platform/clock/clock.ts';
import type { Fact } from '../../platform/facts/fact.ts';

/** Stands in a roll-up for "no team", "no department", "no category". */
export const none = '00000000-0000-0000-0000-000000000000';

/** What a ticket is counted under (统计维度). */
export interface Dimensions {
  departmentId: string;
  teamId: string;
  categoryId: string;
  /** 1 (urgent) to 4 (low). */
  priority: number;
  channel: string;
}

/** By how much the number of tickets in a status changes. */
export interface StandingDelta extends Dimensions {
  status: string;
  count: number;
}

/** What a local day gains: occurrences, and the sum of their values (stars, seconds) where they have one. */
export interface DailyDelta extends Dimensions {
  measure: string;
  day: string;
  count: number;
  total: number;
}

interface State extends Dimensions {
  status: string;
}

// What a ticket can be moved between; its channel stays.
const movable = ['status', 'departmentId', 'teamId', 'categoryId', 'priority'] as const;

/**
 * What facts of one organization change in its roll-ups (汇总增量), one entry per row, in the order of the rows' keys.
 *
 * Each fact is taken as the difference between the state before and after it, and differences add up to the same
 * whatever their order: facts of one ticket may be read in another order than they were written in, as transactions
 * do not commit in the order of their numbers.
 */
export function deltasOf(facts: readonly Fact[], timeZone: string): { standing: StandingDelta[]; daily: DailyDelta[] } {
  const standing = new Map<string, StandingDelta>();
  const daily = new Map<string, DailyDelta>();

  const stand = (state: State, count: number) => {
    const key = `${state.status} ${keyOf(state)}`;
    const present = standing.get(key);
    if (present) present.count += count;
    else standing.set(key, { ...state, count });
  };

  for (const fact of facts) {
    const { state, createdAt } = stateAfter(fact);
    const before = (fact.data['before'] ?? {}) as Record<string, unknown>;
    const after = (fact.data['after'] ?? {}) as Record<string, unknown>;
    // Nothing happens to a ticket before it is there, whatever the clock of a phone says.
    const at = fact.occurredAt < createdAt ? createdAt : fact.occurredAt;
    const happen = (measure: string, total = 0) => {
      const { status: _status, ...dimensions } = state;
      const day = localDay(at, timeZone);
      const key = `${measure} ${day} ${keyOf(state)}`;
      const present = daily.get(key);
      if (present) {
        present.count += 1;
        present.total += total;
      } else daily.set(key, { measure, day, ...dimensions, count: 1, total });
    };

    if (fact.kind === 'ticket.created') {
      stand(state, 1);
      happen('created');
      continue;
    }
    if (movable.some((member) => member in before)) {
      stand(stateBefore(state, before), -1);
      stand(state, 1);
    }
    // What was merged goes on as another ticket, and is closed when that one is.
    if ('status' in before && state.status === 'closed' && fact.kind !== 'ticket.merged' && fact.kind !== 'ticket.unmerged') happen('closed');
    if ('status' in before && state.status === 'cancelled' && fact.kind !== 'ticket.unmerged') happen('cancelled');
    if (before['resolvedAt'] === null && typeof after['resolvedAt'] === 'string') {
      happen('resolved');
      happen('resolution_time', Math.round((at.getTime() - createdAt.getTime()) / 1000));
    }
    if (fact.kind === 'ticket.reopened') happen('reopened');
    if (fact.kind === 'ticket.rated') happen('rating', Number(fact.data['rating']));
  }
  return { standing: inOrder(standing).filter((delta) => delta.count !== 0), daily: inOrder(daily) };
}

function stateAfter(fact: Fact): { state: State; createdAt: Date } {
  const now = fact.data['now'] as Record<string, unknown> | undefined;
  const createdAt = new Date(now?.['createdAt'] as string);
  if (!now || typeof now['status'] !== 'string' || typeof now['priority'] !== 'number' || typeof now['channel'] !== 'string' || Number.isNaN(createdAt.getTime())) {
    throw new Error(`fact ${fact.position} (${fact.kind}) does not say where its ticket is counted`);
  }
  return {
    createdAt,
    state: {
      status: now['status'], departmentId: idOrNone(now['departmentId']), teamId: idOrNone(now['teamId']), categoryId: idOrNone(now['categoryId']),
      priority: now['priority'], channel: now['channel'],
    },
  };
}

function stateBefore(after: State, before: Record<string, unknown>): State {
  return {
    ...after,
    ...('status' in before ? { status: before['status'] as string } : {}),
    ...('departmentId' in before ? { departmentId: idOrNone(before['departmentId']) } : {}),
    ...('teamId' in before ? { teamId: idOrNone(before['teamId']) } : {}),
    ...('categoryId' in before ? { categoryId: idOrNone(before['categoryId']) } : {}),
    ...('priority' in before ? { priority: before['priority'] as number } : {}),
  };
}

const idOrNone = (id: unknown): string => (typeof id === 'string' ? id : none);

function keyOf(dimensions: Dimensions): string {
  return `${dimensions.departmentId} ${dimensions.teamId} ${dimensions.categoryId} ${dimensions.priority} ${dimensions.channel}`;
}

function inOrder<Delta>(deltas: ReadonlyMap<string, Delta>): Delta[] {
  return [...deltas].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, delta]) => delta);
}
