import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { build, everyTenant, openDatabase, statement, type Database } from '../../platform/db/database.ts';
import { migrate } from '../../platform/db/migrate.ts';
import { newId } from '../../platform/db/uuid.ts';
import { systemActor } from '../../platform/context.ts';
import { advance, registerReader, type Reader } from '../../platform/facts/readers.ts';
import { changeTicket, type Writing } from '../../records/ticket/change.ts';
import { lockTicket } from '../../records/ticket/find.ts';
import { insertNewTicket } from '../../records/ticket/insert.ts';
import type { TicketRow } from '../../records/ticket/row.ts';
import { closeTicket, recordRating, reopenTicket, resolveTicket } from '../../records/ticket/settle.ts';
import { openTestCluster } from '../../../test/support/postgres.ts';
import { none } from './deltas.ts';
import { rollUp } from './roll-up.ts';
import { insertSampleOrganization, type SampleOrganization } from './sample-organization.ts';

let database: Database;

before(async () => {
  const cluster = await openTestCluster(migrate);
  const own = await cluster.cloneDatabase();
  database = openDatabase({ connection: own.connection, role: cluster.migrated.role });
  await registerReader(database, rollUp.name);
});

after(() => database?.close());

const minute = 60_000;
// Shortly before New York turns its clocks back, and on the last day of a month.
const start = Date.UTC(2026, 9, 31, 12);

interface Occurrence {
  measure: string;
  at: Date;
  ticket: TicketRow;
  value: number;
}

/** Somebody who carries a history out and remembers, for the recount, what happened in it. */
class Actor {
  readonly occurrences: Occurrence[] = [];
  readonly ticketIds: string[] = [];
  readonly organization: SampleOrganization;

  constructor(organization: SampleOrganization) {
    this.organization = organization;
  }

  create(now: Date, { team, category, priority, channel }: Placed): Promise<void> {
    const { tenantId, typeId, teams, categoryIds } = this.organization;
    return database.transact(tenantId, async (transaction) => {
      const place = teams[team];
      const ticket = await insertNewTicket({ tenantId, transaction, now, actor: systemActor }, {
        id: newId(now.getTime()), number: `20261031-${newId()}`, type_id: typeId, subject: '水管爆裂', description: '', status: 'new', priority,
        priority_explanation: {}, channel, category_id: categoryIds[category] ?? null, department_id: place?.departmentId ?? null, team_id: place?.id ?? null,
        assignee_id: null, customer_id: null, contact_name: null, contact_phone: null, contact_email: null, asset_id: null, address: null, lat: null, lng: null,
        tags: [], fields: {},
      });
      this.ticketIds.push(ticket.id);
      this.#remember('created', now, ticket);
    });
  }

  step(now: Date, which: number, step: Step, { team, category, priority }: Placed, minutesLate: number): Promise<void> {
    const { tenantId, teams, categoryIds } = this.organization;
    const id = this.ticketIds[which % Math.max(1, this.ticketIds.length)];
    if (id === undefined) return Promise.resolve();
    return database.transact(tenantId, async (transaction) => {
      const writing: Writing = { tenantId, transaction, now, actor: systemActor };
      const ticket = (await lockTicket(writing, id))!;
      const running = ['new', 'open', 'waiting'].includes(ticket.status);
      const place = teams[team];
      if (step === 'reopen' ? running : step === 'rate' || step === 'close' ? ['cancelled'].includes(ticket.status) : !running) return;
      switch (step) {
        case 'assign': await changeTicket(writing, ticket, { status: 'open', accepted_at: null }, { kind: 'ticket.assigned' }); break;
        case 'transfer': await changeTicket(writing, ticket, { team_id: place?.id ?? null, department_id: place?.departmentId ?? null }, { kind: 'ticket.transferred' }); break;
        case 'change': await changeTicket(writing, ticket, { category_id: categoryIds[category] ?? null, priority }, { kind: 'ticket.changed' }); break;
        case 'wait': await changeTicket(writing, ticket, { status: 'waiting', waiting_for: 'part' }, { kind: 'ticket.waiting_started' }); break;
        case 'cancel': this.#remember('cancelled', now, await changeTicket(writing, ticket, { status: 'cancelled', closed_at: now }, { kind: 'ticket.cancelled' })); break;
        case 'reopen': this.#remember('reopened', now, await reopenTicket(writing, ticket, '又漏了')); break;
        case 'resolve': {
          // Told later by a phone that was without network.
          const at = new Date(now.getTime() - minutesLate * minute);
          this.#resolved(at, await resolveTicket(writing, ticket, '已换水管', at));
          break;
        }
        case 'close': {
          if (ticket.status === 'closed') return;
          const closed = await closeTicket(writing, ticket, ticket.status === 'resolved' ? 'ticket.confirmed' : 'ticket.closed', {});
          this.#remember('closed', now, closed);
          if (running) this.#resolved(now, closed);
          break;
        }
        case 'rate': {
          const rated = await recordRating(writing, ticket, priority + 1, null);
          if (rated) this.#remember('rating', now, rated, priority + 1);
        }
      }
    });
  }

  #resolved(at: Date, ticket: TicketRow): void {
    const believed = at < ticket.created_at ? ticket.created_at : at;
    this.#remember('resolved', believed, ticket);
    this.#remember('resolution_time', believed, ticket, Math.round((believed.getTime() - ticket.created_at.getTime()) / 1000));
  }

  #remember(measure: string, at: Date, ticket: TicketRow, value = 0): void {
    this.occurrences.push({ measure, at, ticket, value });
  }
}

const steps = ['assign', 'transfer', 'change', 'wait', 'cancel', 'reopen', 'resolve', 'close', 'rate'] as const;
type Step = (typeof steps)[number];
interface Placed {
  team: number;
  category: number;
  priority: number;
  channel: string;
}

/** One turn of the reader; a crash comes after its effect and before its commit. */
async function read(limit: number, crash: boolean): Promise<number> {
  if (!crash) return advance(database, rollUp, limit);
  const crashing: Reader = {
    ...rollUp,
    react: async (transaction, facts) => {
      await rollUp.react(transaction, facts);
      throw new Error('crash');
    },
  };
  return advance(database, crashing, limit).catch((error: Error) => {
    assert.equal(error.message, 'crash');
    return 0;
  });
}

const countUnread = statement<{ unread: number }>('test.unread', `
  SELECT count(*) AS unread FROM fact, fact_reader r WHERE r.name = $1 AND (fact.transaction, fact.position) > (r.transaction, r.position)`);

async function readAll(limit: number): Promise<void> {
  for (;;) {
    const [row] = await database.transact(everyTenant, (transaction) => transaction.query(countUnread, [rollUp.name]));
    if (row!.unread === 0) return;
    // A transaction of somebody else on the same server may hold the reader up.
    if (await read(limit, false) === 0) await pause(2);
  }
}

const recountStanding = statement<object>('test.recount', `
  SELECT status, coalesce(department_id, $2) AS department_id, coalesce(team_id, $2) AS team_id, coalesce(category_id, $2) AS category_id,
    priority, channel, count(*) AS count
  FROM ticket WHERE tenant_id = $1 GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6`);
const readStanding = statement<object>('test.standing', `
  SELECT status, department_id, team_id, category_id, priority, channel, count FROM insight_standing
  WHERE tenant_id = $1 AND count <> 0 ORDER BY 1, 2, 3, 4, 5, 6`);
const localDays = statement<{ day: string }>('test.local_days', `
  SELECT (at AT TIME ZONE o.time_zone)::date AS day FROM organization o, unnest($2::timestamptz[]) WITH ORDINALITY AS given (at, place)
  WHERE o.tenant_id = $1 ORDER BY place`);

/** Compares what the reader kept with a recount of the tickets and of what happened to them. */
async function assertExact({ organization: { tenantId }, occurrences }: Actor): Promise<void> {
  await database.transact(tenantId, async (transaction) => {
    assert.deepEqual(await transaction.query(readStanding, [tenantId]), await transaction.query(recountStanding, [tenantId, none]));
    const days = await transaction.query(localDays, [tenantId, occurrences.map((occurrence) => occurrence.at)]);
    const expected = new Map<string, { count: number; total: number }>();
    for (const [index, { measure, ticket, value }] of occurrences.entries()) {
      const key = [measure, days[index]!.day, ticket.department_id ?? none, ticket.team_id ?? none, ticket.category_id ?? none, ticket.priority, ticket.channel].join();
      const { count = 0, total = 0 } = expected.get(key) ?? {};
      expected.set(key, { count: count + 1, total: total + value });
    }
    const kept = await transaction.run(build.selectFrom('insight_daily').selectAll().where('tenant_id', '=', tenantId));
    const actual = kept.map((row) => [[row.measure, row.day, row.department_id, row.team_id, row.category_id, row.priority, row.channel].join(), { count: row.count, total: row.total }] as const);
    assert.deepEqual(new Map(actual.sort()), new Map([...expected].sort()));
  });
}

const placed = fc.record({ team: fc.nat(3), category: fc.nat(4), priority: fc.integer({ min: 1, max: 4 }), channel: fc.constantFrom('portal', 'phone') });
const command = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('create' as const), who: fc.nat(1), later: fc.nat(600), placed }) },
  { weight: 9, arbitrary: fc.record({ kind: fc.constant('step' as const), who: fc.nat(1), later: fc.nat(600), which: fc.nat(9), step: fc.constantFrom(...steps), placed, minutesLate: fc.nat(900) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('read' as const), limit: fc.integer({ min: 1, max: 12 }), crash: fc.boolean() }) },
);

test('whatever happens to tickets, and however the reader is cut short, the roll-ups equal a recount', async () => {
  await fc.assert(fc.asyncProperty(fc.array(command, { minLength: 10, maxLength: 60, size: 'max' }), fc.integer({ min: 1, max: 20 }), async (history, lastLimit) => {
    const actors = [new Actor(await insertSampleOrganization(database, 'Asia/Shanghai')), new Actor(await insertSampleOrganization(database, 'America/New_York'))] as const;
    let now = start;
    for (const turn of history) {
      if (turn.kind === 'read') {
        await read(turn.limit, turn.crash);
        continue;
      }
      now += turn.later * minute;
      const actor = actors[turn.who === 0 ? 0 : 1];
      if (turn.kind === 'create') await actor.create(new Date(now), turn.placed);
      else await actor.step(new Date(now), turn.which, turn.step, turn.placed, turn.minutesLate);
    }
    await readAll(lastLimit);
    for (const actor of actors) await assertExact(actor);
  }), { numRuns: 40 });
});

test('facts of a ticket that are read in another order than they were written count the same', async () => {
  const actor = new Actor(await insertSampleOrganization(database, 'Asia/Shanghai'));
  const { tenantId } = actor.organization;
  const at = new Date(start);
  const placed = { team: 0, category: 0, priority: 2, channel: 'phone' };
  await actor.create(at, placed);
  await database.transact(tenantId, async (transaction) => {
    // Numbered first, it writes last.
    await transaction.query(statement('test.take_number', 'SELECT pg_current_xact_id()'), []);
    await actor.step(at, 0, 'transfer', { ...placed, team: 1 }, 0);
    const writing = { tenantId, transaction, now: at, actor: systemActor };
    await changeTicket(writing, (await lockTicket(writing, actor.ticketIds[0]!))!, { status: 'waiting', category_id: null }, { kind: 'ticket.changed' });
  });
  const order = await database.transact(tenantId, (transaction) => transaction.run(
    build.selectFrom('fact').select('ticket_position').where('tenant_id', '=', tenantId).orderBy('transaction').orderBy('position')));
  assert.deepEqual(order.map((fact) => fact.ticket_position), [1, 3, 2]);
  await readAll(1);
  await assertExact(actor);
});

test('a fact that does not say where its ticket is counted stops the reader and names itself', async () => {
  const { tenantId } = await insertSampleOrganization(database, 'Asia/Shanghai');
  const fact = {
    tenantId, position: 7, transaction: '1', kind: 'ticket.changed' as const, ticketId: newId(), ticketPosition: 2, subjectId: null, actor: systemActor,
    data: { now: { status: 'open' } }, occurredAt: new Date(start), recordedAt: new Date(start),
  };
  await assert.rejects(database.transact(everyTenant, (transaction) => rollUp.react(transaction, [fact])), /fact 7 \(ticket\.changed\) does not say/);
});
