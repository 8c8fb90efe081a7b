import type { ClockPhase, ClockPromise, ClockRecord } from '../../../rules/sla/clock-record.ts';
import { clockMoments, clockOutlook, type Calendars } from '../../../rules/sla/clock-state.ts';
import type { SlaLedger, SlaRules } from '../../../rules/sla/ledger.ts';
import type { SlaMetric } from '../../../rules/sla/policy.ts';
import { sharedStatement, statement, type Transaction } from '../../platform/db/database.ts';

/** A clock's record as it is stored: targets are named by their place in a policy's version, which never changes. */
interface StoredRecord {
  phases: readonly ClockPhase[];
  promises: readonly (Omit<ClockPromise, 'target'> & { target: string })[];
}

/** A clock as it lies in the database. */
export interface ClockRow {
  tenant_id: string;
  ticket_id: string;
  key: string;
  metric: SlaMetric;
  team_id: string | null;
  step: string | null;
  cycle: number;
  policy_id: string;
  target_key: string;
  started_at: Date;
  due_at: Date | null;
  breached_at: Date | null;
  stopped_at: Date | null;
  outcome: 'met' | 'cancelled' | null;
  paused: boolean;
  record: StoredRecord;
  done: string[];
  act_at: Date | null;
}

/** How far a ticket is, as it lies in the database. */
export interface LedgerRow {
  tenant_id: string;
  ticket_id: string;
  position: number;
  at: Date;
  ledger: Pick<SlaLedger, 'ticket' | 'progress' | 'policy'>;
}

/** A ticket's ledger as the database has it, with what of its clocks was acted on. */
export interface KeptLedger {
  position: number;
  ledger: SlaLedger;
  done: ReadonlyMap<string, readonly string[]>;
}

const clockColumns = 'c.tenant_id, c.ticket_id, c.key, c.metric, c.team_id, c.step, c.cycle, c.policy_id, c.target_key, c.started_at, c.due_at, c.breached_at, c.stopped_at, c.outcome, c.paused, c.record, c.done, c.act_at';
const lockLedgers = statement<LedgerRow>('sla_ticket.lock', `
  SELECT tenant_id, ticket_id, position, at, ledger FROM sla_ticket WHERE tenant_id = $1 AND ticket_id = ANY($2::uuid[]) ORDER BY ticket_id FOR UPDATE`);
const findLedger = statement<LedgerRow>('sla_ticket.find', 'SELECT tenant_id, ticket_id, position, at, ledger FROM sla_ticket WHERE tenant_id = $1 AND ticket_id = ANY($2::uuid[])');
const findClocks = statement<ClockRow>('sla_clock.of_tickets', `SELECT ${clockColumns} FROM sla_clock c WHERE c.tenant_id = $1 AND c.ticket_id = ANY($2::uuid[]) ORDER BY c.ticket_id, c.started_at, c.key`);

/** The ledgers of tickets that have one, locked until the transaction ends when they are about to be moved on. */
export async function readLedgers(transaction: Transaction, tenantId: string, ticketIds: readonly string[], rules: SlaRules, { change = false } = {}): Promise<Map<string, KeptLedger>> {
  if (ticketIds.length === 0) return new Map();
  // After the lock: what was written meanwhile has to be seen.
  const rows = await transaction.query(change ? lockLedgers : findLedger, [tenantId, [...ticketIds]]);
  const clocks = Map.groupBy(rows.length === 0 ? [] : await transaction.query(findClocks, [tenantId, rows.map((row) => row.ticket_id)]), (row) => row.ticket_id);
  return new Map(rows.map((row) => {
    const own = clocks.get(row.ticket_id) ?? [];
    return [row.ticket_id, {
      position: row.position, done: new Map(own.map((clock) => [clock.key, clock.done])),
      ledger: { ...row.ledger, at: row.at.getTime(), clocks: own.flatMap((clock) => clockOfRow(clock, rules) ?? []) },
    }];
  }));
}

/** The clock of a row; null when a version it names is lost. */
export function clockOfRow(row: ClockRow, rules: Pick<SlaRules, 'versions'>): ClockRecord | null {
  const promises: ClockPromise[] = [];
  for (const promise of row.record.promises) {
    const target = rules.versions.get(`${promise.policy.id}@${promise.policy.version}`)?.targets.find(({ key }) => key === promise.target);
    if (!target) return null;
    promises.push({ ...promise, target });
  }
  return {
    key: row.key, metric: row.metric, team: row.team_id, step: row.step, cycle: row.cycle, startedAt: row.started_at.getTime(), phases: row.record.phases, promises,
    stoppedAt: row.stopped_at?.getTime() ?? null, outcome: row.outcome,
  };
}

type GivenClock = Omit<ClockRow, 'tenant_id'>;

/**
 * A clock as a row. Of what was acted on, what lies ahead again (as the deadline moved, or the past is known better now) is
 * forgotten: it will be acted on when it comes.
 *
 * @param now as of when, in milliseconds
 */
export function rowOfClock(ticketId: string, clock: ClockRecord, calendars: Calendars, now: number, done: readonly string[]): GivenClock {
  const place = clock.promises.length - 1;
  const promise = clock.promises[place]!;
  const reached = done.length === 0 ? [] : clockMoments(clock, calendars);
  const still = done.filter((key) => !key.startsWith(`${place}:`) || reached.some((moment) => moment.key === key && moment.at <= now));
  const { dueAt, breachedAt, next } = clockOutlook(clock, calendars, now, still);
  const date = (at: number | null) => (at === null ? null : new Date(at));
  return {
    ticket_id: ticketId, key: clock.key, metric: clock.metric, team_id: clock.team, step: clock.step, cycle: clock.cycle, policy_id: promise.policy.id, target_key: promise.target.key,
    started_at: new Date(clock.startedAt), due_at: date(dueAt), breached_at: date(breachedAt), stopped_at: date(clock.stoppedAt), outcome: clock.outcome,
    paused: clock.stoppedAt === null && clock.phases.at(-1)!.paused !== null,
    record: { phases: clock.phases, promises: clock.promises.map(({ target, ...rest }) => ({ ...rest, target: target.key })) },
    done: still, act_at: date(next?.at ?? null),
  };
}

const writeClocks = statement<never>('sla_clock.write', `
  INSERT INTO sla_clock (tenant_id, ticket_id, key, metric, team_id, step, cycle, policy_id, target_key, started_at, due_at, breached_at, stopped_at, outcome, paused, record, done, act_at)
  SELECT $1, given.* FROM json_to_recordset($2) AS given (ticket_id uuid, key text, metric text, team_id uuid, step text, cycle int, policy_id uuid, target_key text, started_at timestamptz,
    due_at timestamptz, breached_at timestamptz, stopped_at timestamptz, outcome text, paused boolean, record jsonb, done text[], act_at timestamptz)
  ON CONFLICT (tenant_id, ticket_id, key) DO UPDATE SET policy_id = excluded.policy_id, target_key = excluded.target_key, due_at = excluded.due_at, breached_at = excluded.breached_at,
    stopped_at = excluded.stopped_at, outcome = excluded.outcome, paused = excluded.paused, record = excluded.record, done = excluded.done, act_at = excluded.act_at`);

const writeTickets = statement<never>('sla_ticket.write', `
  INSERT INTO sla_ticket (tenant_id, ticket_id, position, at, ledger, due_at, due_metric, breached_at)
  SELECT $1, given.* FROM json_to_recordset($2) AS given (ticket_id uuid, position int, at timestamptz, ledger jsonb, due_at timestamptz, due_metric text, breached_at timestamptz)
  ON CONFLICT (tenant_id, ticket_id) DO UPDATE SET position = excluded.position, at = excluded.at, ledger = excluded.ledger, due_at = excluded.due_at, due_metric = excluded.due_metric, breached_at = excluded.breached_at`);

/** A ledger that was moved on. */
export interface MovedLedger {
  ticketId: string;
  position: number;
  before: SlaLedger | null;
  after: SlaLedger;
  done: ReadonlyMap<string, readonly string[]>;
  /** When the last of its facts was recorded, in milliseconds: what was acted on by then stays done. */
  recordedAt: number;
}

/** Writes ledgers, and of their clocks those that are different now: two statements for all tickets of an organization. */
export async function writeLedgers(transaction: Transaction, tenantId: string, moved: readonly MovedLedger[], calendars: Calendars): Promise<void> {
  if (moved.length === 0) return;
  const clocks: GivenClock[] = [];
  const tickets = moved.map(({ ticketId, position, before, after, done, recordedAt }) => {
    const known = new Set(before?.clocks);
    const now = Math.max(after.at, recordedAt);
    const outlooks: Outlook[] = after.clocks.map((clock) => {
      if (!known.has(clock)) {
        const row = rowOfClock(ticketId, clock, calendars, now, done.get(clock.key) ?? []);
        clocks.push(row);
        return row;
      }
      const { dueAt, breachedAt } = clockOutlook(clock, calendars, now);
      return { metric: clock.metric, team_id: clock.team, stopped_at: clock.stoppedAt, due_at: dueAt === null ? null : new Date(dueAt), breached_at: breachedAt === null ? null : new Date(breachedAt) };
    });
    const { ticket: { record: _record, ...ticket }, progress, policy } = after;
    return { ticket_id: ticketId, position, at: new Date(after.at), ledger: { ticket, progress, policy }, ...dueOf(outlooks) };
  });
  await Promise.all([
    transaction.query(writeTickets, [tenantId, JSON.stringify(tickets)]),
    ...clocks.length > 0 ? [transaction.query(writeClocks, [tenantId, JSON.stringify(clocks)])] : [],
  ]);
}

interface Outlook {
  metric: SlaMetric;
  team_id: string | null;
  stopped_at: unknown;
  due_at: Date | null;
  breached_at: Date | null;
}

/** What lists show of a ticket's clocks: of the customer's, the one that is due first, and when a promise was first broken. */
function dueOf(outlooks: readonly Outlook[]): { due_at: Date | null; due_metric: SlaMetric | null; breached_at: Date | null } {
  let due: Outlook | null = null;
  let breached: Date | null = null;
  for (const clock of outlooks) {
    if (clock.team_id !== null) continue;
    if (clock.stopped_at === null && clock.due_at !== null && (due === null || clock.due_at < due.due_at!)) due = clock;
    if (clock.breached_at !== null && (breached === null || clock.breached_at < breached)) breached = clock.breached_at;
  }
  return { due_at: due?.due_at ?? null, due_metric: due?.metric ?? null, breached_at: breached };
}

const advanceClocks = sharedStatement<Record<string, unknown>, never>('sla_clock.advance', `
  UPDATE sla_clock c SET done = given.done, act_at = given.act_at, breached_at = given.breached_at
  FROM json_to_recordset($2) AS given (ticket_id uuid, key text, done text[], act_at timestamptz, breached_at timestamptz) WHERE c.tenant_id = $1 AND c.ticket_id = given.ticket_id AND c.key = given.key`);
const markBreached = statement<never>('sla_ticket.mark_breached', `
  UPDATE sla_ticket SET breached_at = least(coalesce(sla_ticket.breached_at, given.at), given.at) FROM unnest($2::uuid[], $3::timestamptz[]) AS given (ticket_id, at)
  WHERE sla_ticket.tenant_id = $1 AND sla_ticket.ticket_id = given.ticket_id`);

/** What acting on moments leaves behind: what is done, what comes next, what is broken. */
export async function advanceRows(transaction: Transaction, rows: readonly Pick<ClockRow, 'ticket_id' | 'key' | 'done' | 'act_at' | 'breached_at' | 'team_id'>[]): Promise<void> {
  await transaction.query(advanceClocks, [transaction.tenantId, JSON.stringify(rows.map(({ ticket_id, key, done, act_at, breached_at }) => ({ ticket_id, key, done, act_at, breached_at })))]);
  const broken = new Map<string, Date>();
  for (const { ticket_id: id, breached_at: at, team_id: team } of rows) if (at && team === null && (!broken.has(id) || at < broken.get(id)!)) broken.set(id, at);
  if (broken.size > 0) await transaction.query(markBreached, [transaction.tenantId, [...broken.keys()], [...broken.values()]]);
}
