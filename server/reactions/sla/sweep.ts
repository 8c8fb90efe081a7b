import { clockMoments, clockOutlook, type ClockMoment } from '../../../rules/sla/clock-state.ts';
import type { ClockRecord } from '../../../rules/sla/clock-record.ts';
import type { SlaRecipient } from '../../../rules/sla/policy.ts';
import { systemActor, type Services } from '../../platform/context.ts';
import { everyTenant, statement, type Transaction } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import type { NewFact } from '../../platform/facts/fact.ts';
import { keepDoing, type Ongoing } from '../../platform/process/keep-doing.ts';
import { activeSla } from '../../records/sla/active-policies.ts';
import { advanceRows, clockOfRow, type ClockRow } from '../../records/sla/clock-rows.ts';
import { slaFacts } from '../../records/sla/events.ts';
import type { TicketRow } from '../../records/ticket/row.ts';
import { concernedBy, lockFreeTickets, tellTogether } from '../../records/ticket/tell-together.ts';

interface Due { tenant_id: string; ticket_id: string; act_at: Date; now: Date }

// The database's time decides, so that nodes whose clocks differ act at the same moments.
const findDue = statement<Due>('sla_clock.find_due', `
  SELECT tenant_id, ticket_id, act_at, moment.now FROM (SELECT coalesce($1::timestamptz, clock_timestamp()) AS now) moment
  CROSS JOIN LATERAL (SELECT tenant_id, ticket_id, act_at FROM sla_clock WHERE act_at <= moment.now AND (act_at, tenant_id, ticket_id) > ($3, $4, $5) ORDER BY act_at, tenant_id, ticket_id LIMIT $2) due`);
const lockLedgers = statement<{ ticket_id: string; position: number }>('sla_ticket.lock_free', 'SELECT ticket_id, position FROM sla_ticket WHERE tenant_id = $1 AND ticket_id = ANY($2::uuid[]) ORDER BY ticket_id FOR UPDATE SKIP LOCKED');
// What happened in time but is not taken in yet would look like a broken promise.
const findUnread = statement<{ ticket_id: string }>('sla.unread', `
  SELECT given.ticket_id FROM unnest($2::uuid[], $3::int[]) AS given (ticket_id, position)
  WHERE EXISTS (SELECT 1 FROM fact f WHERE f.tenant_id = $1 AND f.ticket_id = given.ticket_id AND f.ticket_position > given.position AND f.kind = ANY($4::text[]))`);
const findClocks = statement<ClockRow>('sla_clock.due_of_tickets', `
  SELECT * FROM sla_clock WHERE tenant_id = $1 AND ticket_id = ANY($2::uuid[]) AND act_at <= $3 ORDER BY ticket_id, key FOR UPDATE`);

const batch = 400;
const kinds = { warning: 'sla.warned', breach: 'sla.breached', escalation: 'sla.escalated' } as const;

/** What one sweep came to. */
export interface Swept {
  /** Clocks that were due, as many as were looked at. */
  due: number;
  /** Facts that were written. */
  acted: number;
  /** Where to go on, when there may be more: behind those that were looked at, also behind what had to be left for later. */
  after: SweepPlace | null;
}

/** A place among the clocks that are due. */
export interface SweepPlace {
  actAt: Date;
  tenantId: string;
  ticketId: string;
}
const beginning: SweepPlace = { actAt: new Date(0), tenantId: everyTenant, ticketId: everyTenant };

/**
 * Acts on what is due (到点处理): warnings, breaches and rungs of ladders, from the earliest on, each once, whichever node comes first:
 * what was done is noted with the clock, in the transaction of the fact that tells of it. Tickets that somebody is working
 * on, and those of which news is not taken in yet, wait for the next time.
 *
 * @param run what belongs together: the facts of a backlog carry it, so that people are told once of ten thousand
 * @param now as of when; by the database's clock when absent
 * @param after where the last one ended: what cannot be acted on now must not keep what comes behind it waiting
 */
export async function sweepClocks(services: Pick<Services, 'database' | 'log'>, run: string, now: Date | null = null, after: SweepPlace = beginning): Promise<Swept> {
  const due = await services.database.look(everyTenant, findDue, [now, batch, after.actAt, after.tenantId, after.ticketId]);
  const [first] = due;
  if (!first) return { due: 0, acted: 0, after: null };
  const last = due.at(-1)!;
  // Of a full batch nothing is done that comes after the last of it: others may come between.
  const horizon = due.length === batch ? last.act_at : first.now;
  let acted = 0;
  for (const [tenantId, own] of Map.groupBy(due, (row) => row.tenant_id)) {
    const ticketIds = [...new Set(own.map((row) => row.ticket_id))].sort();
    try {
      acted += await services.database.transact(tenantId, (transaction) => act(transaction, ticketIds, horizon, first.now, run));
    } catch (error) {
      services.log.error({ error, tenantId }, 'clocks that are due could not be acted on together; each ticket is tried by itself');
      acted += await oneByOne(services, tenantId, ticketIds, horizon, first.now, run);
    }
  }
  return { due: due.length, acted, after: due.length === batch ? { actAt: last.act_at, tenantId: last.tenant_id, ticketId: last.ticket_id } : null };
}

/** One ticket that cannot be acted on keeps no other waiting. */
async function oneByOne({ database, log }: Pick<Services, 'database' | 'log'>, tenantId: string, ticketIds: readonly string[], horizon: Date, now: Date, run: string): Promise<number> {
  let acted = 0;
  for (const ticketId of ticketIds) {
    try {
      acted += await database.transact(tenantId, (transaction) => act(transaction, [ticketId], horizon, now, run));
    } catch (error) {
      log.error({ error, tenantId, ticketId }, 'the clocks of a ticket that are due could not be acted on; it will be tried again');
    }
  }
  return acted;
}

async function act(transaction: Transaction, ticketIds: readonly string[], horizon: Date, now: Date, run: string): Promise<number> {
  const { tenantId } = transaction;
  const sla = (await activeSla(transaction, [tenantId])).get(tenantId);
  if (!sla) return 0;
  // Tickets before their clocks: whoever changes a ticket holds it, and the reader of the log never waits for tickets.
  const tickets = new Map((await lockFreeTickets(transaction, ticketIds)).map((ticket) => [ticket.id, ticket]));
  const ledgers = await transaction.query(lockLedgers, [tenantId, [...tickets.keys()]]);
  const behind = ledgers.filter((row) => tickets.get(row.ticket_id)!.history_length > row.position);
  const unread = new Set((behind.length === 0 ? [] : await transaction.query(findUnread, [tenantId, behind.map((row) => row.ticket_id), behind.map((row) => row.position), [...slaFacts]])).map((row) => row.ticket_id));
  const free = ledgers.map((row) => row.ticket_id).filter((id) => !unread.has(id));
  if (free.length === 0) return 0;
  const rows = await transaction.query(findClocks, [tenantId, free, horizon]);
  const facts: (NewFact & { ticketId: string })[] = [];
  const advanced = rows.map((row) => {
    const clock = clockOfRow(row, sla.rules);
    // Its policy's version is lost: nobody can say any more what was promised.
    if (!clock) return { ...row, act_at: null };
    const reached = clockMoments(clock, sla.calendars).filter((moment) => moment.at <= horizon.getTime() && !row.done.includes(moment.key));
    const telling = clock.stoppedAt === null ? reached : reached.filter((moment) => moment.kind === 'breach');
    for (const moment of telling) facts.push(factOf(tickets.get(row.ticket_id)!, clock, moment, { now, run, dueAt: row.due_at }));
    const done = [...row.done, ...reached.map((moment) => moment.key)];
    const { breachedAt, next } = clockOutlook(clock, sla.calendars, now.getTime(), done);
    return { ...row, done, breached_at: breachedAt === null ? null : new Date(breachedAt), act_at: next && new Date(next.at) };
  });
  facts.sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime());
  await tellTogether(transaction, [...tickets.values()], facts);
  await advanceRows(transaction, advanced);
  return facts.length;
}

/** What happened, with all that telling people of it takes: which clock, what was promised, whom to tell, how urgently. */
function factOf(ticket: TicketRow, clock: ClockRecord, moment: ClockMoment, { now, run, dueAt }: { now: Date; run: string; dueAt: Date | null }): NewFact & { ticketId: string } {
  const { target, policy } = clock.promises.at(-1)!;
  const assigned: SlaRecipient = { kind: ticket.assignee_id === null ? 'team_lead' : 'assignee' };
  const whom: readonly SlaRecipient[] = moment.rung?.whom ?? (moment.kind === 'warning' ? [assigned] : [...ticket.assignee_id === null ? [] : [assigned], { kind: 'team_lead' }]);
  return {
    ticketId: ticket.id, kind: kinds[moment.kind], actor: systemActor, occurredAt: new Date(moment.at), recordedAt: now,
    data: {
      number: ticket.number, clock: clock.key, metric: clock.metric, party: target.party, teamId: clock.team, step: clock.step, policyId: policy.id, policyVersion: policy.version, target: target.key,
      minutes: target.minutes, dueAt: dueAt?.toISOString() ?? null, moment: moment.key, ...(moment.percent === undefined ? {} : { percent: moment.percent }), ...(moment.rung ? rungData(moment.rung) : {}),
      whom, urgency: moment.kind === 'warning' ? 'normal' : moment.kind === 'breach' ? 'high' : 'urgent', run, now: concernedBy(ticket),
    },
  };
}

function rungData(rung: NonNullable<ClockMoment['rung']>): Record<string, unknown> {
  return { ...('percent' in rung ? { percent: rung.percent } : { afterMinutes: rung.afterMinutes }), ...(rung.channels ? { channels: rung.channels } : {}) };
}

const pollMilliseconds = 500;
const retryMilliseconds = 5_000;

/** Keeps sweeping until stopped: twice a second one look at an index where nothing is due. */
export function runClocks(services: Services): Ongoing {
  let run = newId();
  let place: SweepPlace | undefined;
  return keepDoing(
    async () => {
      const { after } = await sweepClocks(services, run, null, place);
      place = after ?? undefined;
      if (place) return 0;
      run = newId();
      return pollMilliseconds;
    },
    (error) => {
      place = undefined;
      services.log.error({ error }, 'clocks that are due could not be looked up; it will be tried again');
      return retryMilliseconds;
    },
  );
}
