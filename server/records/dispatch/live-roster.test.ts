import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { newTicket } from '../../../test/api/scene.ts';
import { openTestProgram, type TestProgram } from '../../../test/support/program.ts';
import type { Transaction } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { liveRoster } from './live-roster.ts';

describe('the roster that is kept in memory', { timeout: 60_000 }, () => {
  let program: TestProgram;
  let now: Date;
  const tenant = () => program.organization.tenantId;
  const technician = () => program.organization.staff.technician;
  const look = async (transaction: Transaction, at = now): Promise<string[]> => ((await liveRoster({ tenantId: tenant(), transaction }, at, 'Asia/Shanghai')).visits.get(technician()) ?? []).map(({ ticketId }) => ticketId);
  const seen = (at = now) => program.database.transact(tenant(), (transaction) => look(transaction, at));
  /** A visit and its fact, as a use-case writes them. */
  async function send(transaction: Transaction, ticketId: string, position: number): Promise<void> {
    await transaction.run(sql`INSERT INTO visit (tenant_id, id, ticket_id, technician_id, status, created_at) VALUES (${tenant()}, ${newId()}, ${ticketId}, ${technician()}, 'scheduled', ${now})`);
    await tell(transaction, ticketId, position);
  }
  const tell = (transaction: Transaction, ticketId: string, position: number) => transaction.run(sql`
    INSERT INTO fact (tenant_id, kind, ticket_id, ticket_position, actor_kind, data, occurred_at, recorded_at) VALUES (${tenant()}, 'visit.scheduled', ${ticketId}, ${position}, 'system', '{}', ${now}, ${now})`);

  before(async () => {
    program = await openTestProgram();
    now = new Date();
  });
  after(() => program?.close());

  test('what somebody has written is theirs alone until it is committed, and nobody’s when it is not', async () => {
    const { id } = await newTicket(program, { subject: '漏水' });
    assert.deepEqual(await seen(), []);
    await assert.rejects(program.database.transact(tenant(), async (transaction) => {
      await send(transaction, id, 900);
      assert.deepEqual(await look(transaction), [id], 'they see it themselves');
      throw new Error('changed my mind');
    }), /changed my mind/);
    assert.deepEqual(await seen(), []);
    // Whoever has only locked something keeps it up to date as others do.
    await program.database.transact(tenant(), (transaction) => send(transaction, id, 901));
    await program.database.transact(tenant(), async (transaction) => {
      await transaction.run(sql`SELECT id FROM ticket WHERE id = ${id} FOR NO KEY UPDATE`);
      assert.deepEqual(await look(transaction), [id]);
    });
    await program.database.transact(tenant(), (transaction) => transaction.run(sql`UPDATE visit SET status = 'cancelled' WHERE ticket_id = ${id}`).then(() => tell(transaction, id, 902)));
    assert.deepEqual(await seen(), []);
  });

  test('what a long transaction wrote is seen when it ends, whatever others committed meanwhile', async () => {
    const [slow, quick] = [(await newTicket(program, { subject: '慢的' })).id as string, (await newTicket(program, { subject: '快的' })).id as string];
    const [written, mayEnd] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    await seen();
    const long = program.database.transact(tenant(), async (transaction) => {
      await send(transaction, slow, 900);
      written.resolve();
      await mayEnd.promise;
    });
    await written.promise;
    await program.database.transact(tenant(), (transaction) => send(transaction, quick, 900));
    const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000);
    assert.deepEqual(await seen(later(20)), [quick]);
    mayEnd.resolve();
    await long;
    assert.deepEqual((await seen(later(21))).toSorted(), [slow, quick].toSorted());
  });
});
