import assert from 'node:assert/strict';
import { test } from 'node:test';
import type pg from 'pg';
import { ticketStatuses } from '../../rules/ticket/lifecycle.ts';
import { visitStatuses } from '../../rules/ticket/visit-lifecycle.ts';
import { ensureReadersExact, ensureWhole } from './invariants.ts';
import { makeDirectory, openEmbedded, startProgram, type ProgramProcess } from './program-process.ts';

/** What a start would have changed that migrated or founded again: rows written anew get another xmin. */
async function foundations(client: pg.Client): Promise<unknown[]> {
  const { rows } = await client.query(`
    SELECT (SELECT array_agg(name || ' ' || xmin ORDER BY name) FROM schema_migration) AS migrations, (SELECT array_agg(tenant_id::text || ' ' || xmin) FROM organization) AS organizations,
      (SELECT count(*)::int FROM staff) AS staff, (SELECT array_agg(id::text || ' ' || xmin ORDER BY id) FROM role) AS roles,
      (SELECT count(*)::int FROM ticket) AS tickets, (SELECT count(*)::int FROM fact WHERE actor_kind IN ('staff', 'customer') AND kind NOT LIKE 'session.%') AS facts`);
  return rows;
}

async function signIn(program: ProgramProcess, email: string, password: string): Promise<string> {
  const answer = await fetch(new URL('/api/v1/session', program.url), {
    method: 'POST', headers: { 'content-type': 'application/json', 'idempotency-key': email }, body: JSON.stringify({ email, password }),
  });
  const text = await answer.text();
  assert.ok(answer.ok, text);
  return answer.headers.get('set-cookie')!.split(';', 1)[0]!;
}

test('the default start: a whole company, which is found again after kill -9 by a start that does none of it anew', { timeout: 300_000, skip: process.platform === 'win32' && 'no signals' }, async (context) => {
  const dataDirectory = makeDirectory();
  const environment = { DATA_DIR: dataDirectory, DEMO: '1' };
  let program = await startProgram(environment, { bare: true });
  const lookAround = async (): Promise<unknown[]> => {
    assert.equal((await fetch(new URL('/readyz', program.url))).status, 200);
    const client = await openEmbedded(dataDirectory);
    try {
      // Families share a telephone, and companies are entered by hand.
      await ensureWhole(client, { customersAreRequesters: false, dataDirectory });
      await ensureReadersExact(client);
      const { rows: tickets } = await client.query<{ status: string; count: number }>('SELECT status, count(*)::int AS count FROM ticket GROUP BY status');
      const total = tickets.reduce((sum, { count }) => sum + count, 0);
      context.diagnostic(`${total} tickets`);
      assert.ok(total >= 1_800 && total <= 2_400, `${total} tickets`);
      assert.deepEqual(tickets.map(({ status }) => status).sort(), [...ticketStatuses].sort(), 'in every state');
      const { rows: visits } = await client.query<{ status: string }>('SELECT DISTINCT status FROM visit');
      assert.deepEqual(visits.map(({ status }) => status).filter((status) => !(visitStatuses as readonly string[]).includes(status)), []);
      return await foundations(client);
    } finally {
      await client.end();
    }
  };
  const founded = await lookAround();

  const [, password] = /^演示账号 Demo accounts \(密码 password: (\S+)\)$/m.exec(program.output()) ?? [];
  const accounts = [...program.output().matchAll(/^ {2}(\S+@anju\.example) +(\w+)$/gm)].map(([, email]) => email!);
  assert.deepEqual(accounts.map((email) => email.split('@')[0]).sort(), ['admin', 'agent', 'dispatcher', 'engineer', 'manager']);
  for (const account of accounts) {
    const cookie = await signIn(program, account, password!);
    const answer = await fetch(new URL('/api/v1/tickets?limit=1', program.url), { headers: { cookie } });
    assert.equal(answer.status, 200);
    assert.equal(((await answer.json()) as { items: unknown[] }).items.length, 1, `${account} has something to see`);
  }

  program.kill('SIGKILL');
  await program.ended;
  program = await startProgram(environment, { bare: true });
  assert.deepEqual(await lookAround(), founded);
  assert.doesNotMatch(program.output(), /第一次启动|First start/);
  program.kill('SIGTERM');
  const { code, complaints } = await program.ended;
  assert.deepEqual([code, complaints], [0, '']);
});
