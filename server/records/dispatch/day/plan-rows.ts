import type { Selectable } from 'kysely';
import type { DurationSource, KeepMode, PlanChange, PlanOutcome, RelaxationKind, ReplanEvent } from '../../../../contract/day-plan.ts';
import type { TravelSource } from '../../../../contract/travel.ts';
import type { Origin } from '../../../../rules/travel/figure.ts';
import type { DayRule } from '../../../../rules/day-plan/broken-rules.ts';
import type { Figures } from '../../../../rules/day-plan/lay-out.ts';
import type { LeftOutReason } from '../../../../rules/day-plan/left-out.ts';
import type { Context } from '../../../platform/context.ts';
import { build, statement, type Transaction } from '../../../platform/db/database.ts';
import type { DayPlanTable } from '../../../platform/db/tables.ts';

/** What a plan was asked with, as it is stored. */
export interface PlanRequest {
  keep: KeepMode;
  seconds: number;
  promiseMinutes: number | null;
  /** Absent: all unplanned tickets of the teams. */
  ticketIds?: readonly string[];
  event?: { kind: ReplanEvent; technicianId?: string; from?: string; visitId?: string; minutes?: number; ticketId?: string };
}

/** What came of it, by ids: names are looked up when it is shown. Moments as RFC 3339. */
export interface StoredPlan {
  items: StoredItem[];
  leftOut: { ticketId: string; visitId: string | null; reason: LeftOutReason; skillId: string | null; relaxations: { kind: RelaxationKind; technicianId: string; minutes: number | null; skillId: string | null }[] }[];
  before: Figures;
  after: Figures;
  moved: number;
  bookings: number;
  travel: TravelSource;
  /** How many tickets were not looked at; absent in plans from before it was counted. */
  aside?: { beyond: number; gone: number; later: number };
}
export interface StoredItem {
  ticketId: string;
  visitId: string | null;
  change: PlanChange;
  before: { technicianId: string; startsAt: string; endsAt: string } | null;
  after: { technicianId: string; memberIds: string[]; startsAt: string; endsAt: string } | null;
  travelSeconds: number;
  travelMetres: number;
  /** Absent in plans from before it was kept. */
  travelFrom?: Origin | null;
  serviceMinutes: number;
  serviceFrom: DurationSource;
  late: boolean;
  /** Hard rules it breaks anew, and by how many seconds; absent in plans from before they were told. */
  breaks?: { rule: DayRule; by: number }[];
  /** As they stood when it was planned: what has changed since is left alone. */
  ticketVersion: number;
  visitVersion: number | null;
}

export type DayPlanRow = Omit<Selectable<DayPlanTable>, 'request' | 'result' | 'outcomes'> & { request: PlanRequest; result: StoredPlan | null; outcomes: Record<string, PlanOutcome> | null };

/** A plan by its id; locked, when it is about to be changed. */
export async function findPlan({ tenantId, transaction }: Pick<Context, 'tenantId' | 'transaction'>, id: string, lock = false): Promise<DayPlanRow | undefined> {
  const select = build.selectFrom('day_plan').selectAll().where('tenant_id', '=', tenantId).where('id', '=', id);
  return await transaction.first(lock ? select.forNoKeyUpdate() : select) as DayPlanRow | undefined;
}

const begin = statement<DayPlanRow>('day_plan.begin', "UPDATE day_plan SET state = 'running', started_at = $3, version = version + 1 WHERE tenant_id = $1 AND id = $2 AND state IN ('waiting', 'running') RETURNING *");
const finish = statement<{ id: string }>('day_plan.finish', `UPDATE day_plan SET state = $3, result = $4, failure = $5, digest = $6, ready_at = $7, version = version + 1
  WHERE tenant_id = $1 AND id = $2 AND state = 'running' RETURNING id`);

/** Takes a plan up; undefined when it was given up meanwhile, or is done. */
export async function beginPlan(transaction: Transaction, id: string, now: Date): Promise<DayPlanRow | undefined> {
  return (await transaction.query(begin, [transaction.tenantId, id, now]))[0];
}

/** Writes what came of a plan. False: it was given up meanwhile. */
export async function finishPlan(transaction: Transaction, id: string, outcome: { result: StoredPlan; digest: string } | { failure: string }, now: Date): Promise<boolean> {
  const done = 'result' in outcome;
  const rows = await transaction.query(finish, [transaction.tenantId, id, done ? 'ready' : 'failed', done ? JSON.stringify(outcome.result) : null, done ? null : outcome.failure, done ? outcome.digest : null, now]);
  return rows.length > 0;
}

const giveUp = statement<{ id: string }>('day_plan.give_up', "UPDATE day_plan SET state = 'failed', failure = 'given_up', ready_at = $3, version = version + 1 WHERE tenant_id = $1 AND id = $2 AND state IN ('waiting', 'running') RETURNING id");

/** Nobody works it out any more. False: something had come of it, or it was given up by somebody. */
export async function giveUpWaiting(transaction: Transaction, id: string, now: Date): Promise<boolean> {
  return (await transaction.query(giveUp, [transaction.tenantId, id, now])).length > 0;
}

/** Plans are kept for a while. */
export const forgetDayPlans = statement<never>('chore.day_plans', 'DELETE FROM day_plan WHERE requested_at < $1');
