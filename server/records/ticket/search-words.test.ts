import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import pg from 'pg';
import { openTestProgram, type Answer, type TestProgram } from '../../../test/support/program.ts';
import type { Transaction } from '../../platform/db/database.ts';
import { beyondAll, newestWithWords, oldestWithWords, type Found } from './search-words.ts';

const size = 9_000;
// By place from the oldest (1) to the newest: what stands in nearly all, in some, in few, only long ago (and then often), in many but few of the filter, and nowhere.
const words: Record<string, (n: number) => boolean> = {
  all: () => true, some: (n) => n % 7 === 0, few: (n) => n % 900 === 5, bygone: (n) => n < 4_000 && n % 8 !== 0, once: (n) => n === 1, elsewhere: (n) => n % 2 === 1 || n % 40 === 0, nowhere: () => false,
};

describe('words, the newest tickets first', { timeout: 120_000 }, () => {
  let program: TestProgram;
  let rows: { id: string; n: number; moment: string }[];

  before(async () => {
    program = await openTestProgram();
    const other = await program.foundAnother('other');
    for (const { tenantId, typeId } of [other, program.organization]) {
      const vector = sql.join(Object.entries(words).filter(([word]) => word !== 'nowhere').map(([word]) => sql`CASE WHEN ${conditionOf(word)} THEN ${word} END`));
      await program.database.transact(tenantId, async (transaction) => {
        // Several in the same moment, so that ids decide; three years, so that there are periods.
        await transaction.run(sql`INSERT INTO ticket (tenant_id, id, number, type_id, subject, description, status, priority, priority_explanation, channel, created_by_kind, created_at, updated_at)
          SELECT ${tenantId}, gen_random_uuid(), 'N-' || n, ${typeId}, n::text, '', CASE WHEN n % 11 = 3 THEN 'open' WHEN n % 2 = 0 THEN 'new' ELSE 'closed' END, 3, '{}', 'api', 'system', '2026-03-01T00:00:00Z'::timestamptz - make_interval(hours => ((${size} - n) / 3) * 9), now() FROM generate_series(1, ${size}) n`);
        await transaction.run(sql`INSERT INTO ticket_search (tenant_id, ticket_id, created_at, words)
          SELECT tenant_id, id, created_at, array_to_tsvector(array_remove(ARRAY[${vector}], NULL) || ARRAY['~' || replace(tenant_id::text, '-', ''), '~' || replace(tenant_id::text, '-', '') || '/' || floor(extract(epoch FROM created_at) / 2764800)::int])
          FROM (SELECT *, subject::int AS n FROM ticket WHERE tenant_id = ${tenantId}) t`);
      });
    }
    // As it is done by itself in a program that runs.
    const client = new pg.Client({ connectionString: program.connectionString });
    await client.connect();
    await client.query('ANALYZE ticket, ticket_search');
    await client.end();
    const found = await inTenant((transaction) => transaction.run(sql<{ id: string; subject: string; created_at: Date }>`SELECT id, subject, created_at FROM ticket WHERE tenant_id = ${program.organization.tenantId} ORDER BY created_at DESC, id DESC`));
    rows = found.map((row) => ({ id: row.id, n: Number(row.subject), moment: row.created_at.toISOString() }));
  });
  after(() => program.close());

  const conditionOf = (word: string) => sql.raw({ all: 'true', some: 'n % 7 = 0', few: 'n % 900 = 5', bygone: 'n < 4000 AND n % 8 <> 0', once: 'n = 1', elsewhere: 'n % 2 = 1 OR n % 40 = 0' }[word]!);
  const inTenant = <Result>(work: (transaction: Transaction) => Promise<Result>) => program.database.transact(program.organization.tenantId, work);
  async function take(chunks: AsyncGenerator<Found[]>, most = Infinity): Promise<string[]> {
    const ids: string[] = [];
    for await (const chunk of chunks) {
      assert.ok(chunk.length > 0);
      ids.push(...chunk.map((row) => row.ticket_id));
      if (ids.length >= most) break;
    }
    return ids;
  }

  for (const [word, stands] of Object.entries(words)) {
    test(`“${word}” is found wherever it stands, in order, from any place on`, async () => {
      const expected = rows.filter((row) => stands(row.n)).map((row) => row.id);
      const find = (before: { moment: string; id: string }) => inTenant((transaction) => take(newestWithWords({ tenantId: program.organization.tenantId, transaction }, `'${word}'`, before)));
      assert.deepEqual(await find(beyondAll), expected);
      for (const at of [0, 1, 997, 4_500, size - 1]) {
        const place = rows[at]!;
        const behind = rows.slice(at + 1).filter((row) => stands(row.n)).map((row) => row.id);
        assert.deepEqual(await find(place), behind, `behind ${at}`);
      }
      const oldest = await inTenant((transaction) => take(oldestWithWords({ tenantId: program.organization.tenantId, transaction }, `'${word}'`, null)));
      assert.deepEqual(oldest, expected.toReversed());
    });
  }

  for (const [word, stands] of Object.entries(words)) {
    test(`“${word}” is found under a filter, whichever of the two is rarer`, async () => {
      const isNew = (n: number) => n % 2 === 0 && n % 11 !== 3;
      // Half of all, a little of all (of which some is looked into first), and few.
      for (const [query, meant] of [['status=new', isNew], ['status=open', (n: number) => n % 11 === 3], ['status=new&filter=%7B%22property%22:%22subject%22,%22operator%22:%22starts_with%22,%22value%22:%2289%22%7D', (n: number) => isNew(n) && String(n).startsWith('89')]] as const) {
        const expected = rows.filter((row) => stands(row.n) && meant(row.n)).map((row) => row.id);
        const found: string[] = [];
        // Some pages, and the one behind a place deep down.
        for (let cursor: string | null = ''; cursor !== null && found.length < 600;) {
          const page: Answer = await program.call('GET', `/tickets?q=${word}&sort=-createdAt&${query}&limit=200${cursor ? `&cursor=${cursor}` : ''}`, { as: 'administrator' });
          found.push(...page.body.items.map((line: { id: string }) => line.id));
          cursor = page.body.nextCursor;
        }
        assert.deepEqual(found, expected.slice(0, found.length), query);
        assert.ok(found.length >= Math.min(600, expected.length));
        const ranked = (await program.call('GET', `/tickets?q=${word}&${query}&limit=200`, { as: 'administrator' })).body.items as { id: string }[];
        assert.deepEqual(ranked.map((line) => line.id).sort(), expected.slice(0, 200).sort(), query);
      }
    });
  }

  test('whoever needs few asks for few', async () => {
    const asked: string[] = [];
    await inTenant(async (transaction) => {
      const watched: Transaction = { ...transaction, query: (statement, values) => {
        asked.push(statement.name);
        return transaction.query(statement, values);
      } };
      await take(newestWithWords({ tenantId: program.organization.tenantId, transaction: watched }, "'all'", beyondAll), 50);
    });
    assert.deepEqual(asked, ['search.newest_rows']);
  });
});
