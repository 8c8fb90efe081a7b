import { recordVector } from '../../../rules/text/record-words.ts';
import { statement, type Statement, type Transaction } from '../../platform/db/database.ts';
import type { Fact } from '../../platform/facts/fact.ts';
import type { Reader } from '../../platform/facts/readers.ts';

interface CustomerText { id: string; texts: string[]; tags: string[]; phones: string[] }
interface PlainText { id: string; texts: (string | null)[] }

// Whoever stands for a customer is found by the names, addresses and numbers of all that were merged into them.
const findCustomers = statement<CustomerText>('record_search.customers', `
  WITH RECURSIVE way AS (
    SELECT id, merged_into FROM customer WHERE tenant_id = $1 AND id = ANY($2::uuid[])
    UNION
    SELECT c.id, c.merged_into FROM way w JOIN customer c ON c.tenant_id = $1 AND c.id = w.merged_into),
  family AS (
    SELECT id AS root, id FROM (SELECT id FROM way UNION SELECT unnest($2::uuid[])) AS wanted
    UNION
    SELECT f.root, c.id FROM family f JOIN customer c ON c.tenant_id = $1 AND c.merged_into = f.id)
  SELECT f.root AS id, array_remove(array_agg(c.name) || array_agg(c.address), NULL) AS texts,
    coalesce((SELECT tags FROM customer r WHERE r.tenant_id = $1 AND r.id = f.root), '{}') AS tags,
    coalesce((SELECT array_agg(p.value) FROM family m JOIN contact_point p ON p.tenant_id = $1 AND p.customer_id = m.id WHERE m.root = f.root AND p.kind = 'phone'), '{}') AS phones
  FROM family f JOIN customer c ON c.tenant_id = $1 AND c.id = f.id
  GROUP BY f.root ORDER BY f.root`);
const findAccounts = statement<PlainText>('record_search.accounts', `
  SELECT id, ARRAY[name, code, address] AS texts FROM account WHERE tenant_id = $1 AND id = ANY($2::uuid[]) ORDER BY id`);
const findAssets = statement<PlainText>('record_search.assets', `
  SELECT id, ARRAY[name, code, model, serial_number, address] AS texts FROM asset WHERE tenant_id = $1 AND id = ANY($2::uuid[]) ORDER BY id`);
const writeWords = statement<never>('record_search.write', `
  INSERT INTO record_search AS present (tenant_id, kind, record_id, words)
  SELECT $1::uuid, $2, id, words::tsvector FROM unnest($3::uuid[], $4::text[]) AS fresh (id, words)
  ON CONFLICT (tenant_id, kind, record_id) DO UPDATE SET words = excluded.words WHERE present.words <> excluded.words`);

const kinds: [kind: string, beginnings: readonly string[], find: Statement<CustomerText | PlainText>][] = [
  ['customer', ['customer.', 'contact_point.'], findCustomers], ['account', ['account.'], findAccounts], ['asset', ['asset.'], findAssets],
];

/** Keeps the words by which customers, accounts and assets are found (档案检索): one query and one write a kind for all of a batch. */
export const indexRecords: Reader = {
  name: 'record search',
  kinds: new Set([
    'customer.created', 'customer.changed', 'customer.merged', 'customer.unmerged', 'contact_point.added', 'contact_point.changed', 'contact_point.removed',
    'account.created', 'account.changed', 'asset.created', 'asset.changed',
  ]),
  async react(transaction, facts) {
    const byTenant = [...Map.groupBy(facts, (fact) => fact.tenantId)].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [tenantId, ofTenant] of byTenant) for (const kind of kinds) await index(transaction, tenantId, ofTenant, kind);
  },
};

async function index(transaction: Transaction, tenantId: string, facts: readonly Fact[], [kind, beginnings, find]: (typeof kinds)[number]): Promise<void> {
  const ids = new Set(facts.filter((fact) => fact.subjectId !== null && beginnings.some((beginning) => fact.kind.startsWith(beginning))).map((fact) => fact.subjectId!));
  if (ids.size === 0) return;
  const records = await transaction.query(find, [tenantId, [...ids]]);
  await transaction.query(writeWords, [tenantId, kind, records.map((record) => record.id), records.map((record) => recordVector(record))]);
}
