import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import pg from 'pg';
import { openTestCluster } from '../../../test/support/postgres.ts';
import { newId } from '../../platform/db/uuid.ts';

const folder = join(import.meta.dirname, '../../../schema/migrations');
const mine = '0023_waits_and_keys.sql';

test('what headers of calls said is taken out of facts, and nothing else', { timeout: 60_000 }, async () => {
  const database = await (await openTestCluster(async () => {})).cloneDatabase();
  const client = new pg.Client(database.connection);
  await client.connect();
  try {
    for (const name of readdirSync(folder).filter((one) => one.endsWith('.sql') && one < mine).sort()) await client.query(`BEGIN; ${readFileSync(join(folder, name), 'utf8')}; COMMIT`);
    await client.query("SET app.tenant = '00000000-0000-0000-0000-000000000000'");
    const tenant = newId();
    await client.query('INSERT INTO organization (tenant_id, slug, name, created_at) VALUES ($1, $2, $2, now())', [tenant, 'old']);
    const definition = (headers: Record<string, string>) => ({ trigger: { kind: 'facts', facts: ['ticket.created'] }, conditions: { all: [] }, actions: [{ kind: 'tag', tags: ['"headers": {"a"'] }, { kind: 'call', method: 'POST', url: 'https://a.example', headers, body: '{"headers": {"x": "1"}}' }] });
    const secret = { Authorization: 'Bearer s3cr3t', 'X-Odd': 'a}b"c\\d{e, "f": "s3cr3t"' };
    const facts = {
      'automation_rule.published': { name: '通知', definition: definition(secret) },
      'automation_rule.changed': { name: '通知', before: { draft: null }, after: { draft: definition(secret) } },
      'comment.added': { body: '"headers": {"a": "b"}', definition: definition({ 'X-Other': 'stays' }) },
    };
    for (const [kind, data] of Object.entries(facts)) await client.query("INSERT INTO fact (tenant_id, kind, actor_kind, data, occurred_at, recorded_at) VALUES ($1, $2, 'system', $3, now(), now())", [tenant, kind, JSON.stringify(data)]);
    // As it stands where the program has started before.
    await client.query('REVOKE UPDATE, DELETE, TRUNCATE ON fact FROM CURRENT_USER');
    await client.query(`BEGIN; ${readFileSync(join(folder, mine), 'utf8')}; COMMIT`);
    const { rows } = await client.query<{ kind: string; data: unknown }>('SELECT kind, data FROM fact');
    assert.deepEqual(Object.fromEntries(rows.map(({ kind, data }) => [kind, data])), {
      ...facts,
      'automation_rule.published': { name: '通知', definition: definition({}) }, 'automation_rule.changed': { name: '通知', before: { draft: null }, after: { draft: definition({}) } },
    });
  } finally {
    await client.end();
    await database.drop();
  }
});
