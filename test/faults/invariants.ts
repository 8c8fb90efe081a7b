import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { nextLink } from '../../server/platform/facts/fact.ts';
import { openHistoryKey } from '../../server/platform/facts/history-key.ts';
import { openSecrets } from '../../server/platform/secrets.ts';
import { toFact, factColumns, type FactRow } from '../../server/platform/facts/readers.ts';
import { until } from './program-process.ts';

interface TicketRow {
  tenant_id: string;
  id: string;
  number: string;
  history_length: number;
  history_hash: Buffer;
}

/**
 * What has to hold of a database whatever happened to the programs that wrote it: no ticket without its facts, no fact
 * without its ticket, every chain of facts whole and genuine.
 *
 * @param options.customersAreRequesters all customers came by a ticket, and so by a number or an address they are found by
 * @param options.dataDirectory where the program keeps its secret key; absent where it is the one that all nodes of a test share
 */
export async function ensureWhole(client: pg.Client, { customersAreRequesters = true, dataDirectory }: { customersAreRequesters?: boolean; dataDirectory?: string } = {}): Promise<void> {
  const key = openHistoryKey(openSecrets(dataDirectory === undefined ? 'the key that all nodes of this test share' : readFileSync(join(dataDirectory, 'secret-key'), 'utf8').trim()));
  const tickets = (await client.query<TicketRow>('SELECT tenant_id, id, number, history_length, history_hash FROM ticket')).rows;
  const facts = (await client.query<FactRow & { previous_hash: Buffer | null; hash: Buffer }>(
    `SELECT ${factColumns}, previous_hash, hash FROM fact WHERE ticket_id IS NOT NULL ORDER BY ticket_id, ticket_position`)).rows;
  const chains = Map.groupBy(facts, (row) => row.ticket_id!);
  assert.deepEqual([...chains.keys()].filter((id) => !tickets.some((ticket) => ticket.id === id)), [], 'facts without their ticket');
  for (const ticket of tickets) {
    const chain = chains.get(ticket.id) ?? [];
    assert.equal(chain.length, ticket.history_length, `facts of ${ticket.number}`);
    assert.equal(chain[0]?.kind, 'ticket.created');
    let end: { length: number; hash: Buffer | null } = { length: 0, hash: null };
    for (const row of chain) {
      const fact = toFact(row);
      assert.deepEqual(row.previous_hash, end.hash);
      end = nextLink(key, fact.tenantId, ticket.id, end, { ...fact, subjectId: fact.subjectId ?? undefined });
      assert.deepEqual([row.ticket_position, row.hash], [end.length, end.hash], `fact ${row.position} of ${ticket.number} is not what was written`);
    }
    assert.deepEqual(ticket.history_hash, end.hash);
  }
  assert.equal(new Set(tickets.map((ticket) => ticket.number)).size, tickets.length, 'numbers are different');
  if (!customersAreRequesters) return;
  const strays = await client.query('SELECT id FROM customer c WHERE NOT EXISTS (SELECT FROM contact_point p WHERE p.tenant_id = c.tenant_id AND p.customer_id = c.id)');
  assert.deepEqual(strays.rows, [], 'customers without what they were found by');
}

/** Waits until the readers have taken every fact, and holds what they made of them against the tickets themselves. */
export async function ensureReadersExact(client: pg.Client): Promise<void> {
  await until(async () => {
    const { rows: [row] } = await client.query<{ behind: number }>(`
      SELECT count(*)::int AS behind FROM fact_reader r WHERE EXISTS (SELECT FROM fact f WHERE (f.transaction, f.position) > (r.transaction, r.position))`);
    return row!.behind === 0;
  });
  const cell = "status, coalesce(department_id, none) AS department_id, coalesce(team_id, none) AS team_id, coalesce(category_id, none) AS category_id, priority, channel";
  const { rows: counted } = await client.query(`SELECT ${cell}, count(*) FROM ticket, (SELECT '00000000-0000-0000-0000-000000000000'::uuid AS none) AS nobody GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6`);
  const { rows: standing } = await client.query('SELECT status, department_id, team_id, category_id, priority, channel, sum(count) AS count FROM insight_standing GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(count) <> 0 ORDER BY 1, 2, 3, 4, 5, 6');
  assert.deepEqual(standing.map(inText), counted.map(inText), 'standing counts');
  const { rows: [created] } = await client.query("SELECT (SELECT count(*)::int FROM ticket) AS tickets, (SELECT coalesce(sum(count), 0)::int FROM insight_daily WHERE measure = 'created') AS created, (SELECT count(*)::int FROM ticket_search) AS searched");
  assert.deepEqual([created.created, created.searched], [created.tickets, created.tickets], 'what was created, and what can be found');
}

function inText(row: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value)]));
}
