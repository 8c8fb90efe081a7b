import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import pg from 'pg';
import { openTestProgram, type TestOrganization } from '../../../test/support/program.ts';
import { everyTenant, isDatabaseError, statement, type Transaction } from './database.ts';
import { newId } from './uuid.ts';

const program = await openTestProgram();
after(() => program.close());
const { database, organization: ours } = program;
const theirs = await program.foundAnother('tenancy');

interface Column {
  name: string;
  type: string;
  needed: boolean;
}

interface Table {
  name: string;
  columns: Column[];
  /** By the role the program works under. */
  owned: boolean;
  checks: string[];
  /** Column to referenced column, of every foreign key. */
  references: { table: string; columns: string[]; referenced: string[] }[];
  /** Columns of the primary key and of every unique index, the primary key first. */
  uniques: string[][];
}

const tables = await database.transact(everyTenant, (transaction) => transaction.query(statement<Table>('test.tables', `
  SELECT c.relname AS name, pg_has_role(current_user, c.relowner, 'USAGE') AS owned,
    (SELECT jsonb_agg(jsonb_build_object('name', attname, 'type', format_type(atttypid, NULL), 'needed', attnotnull AND NOT atthasdef) ORDER BY attnum)
      FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) AS columns,
    (SELECT coalesce(jsonb_agg(pg_get_constraintdef(oid)), '[]') FROM pg_constraint WHERE conrelid = c.oid AND contype = 'c') AS checks,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('table', confrelid::regclass::text,
        'columns', (SELECT jsonb_agg(a.attname ORDER BY k.place) FROM unnest(f.conkey) WITH ORDINALITY k (number, place) JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.number),
        'referenced', (SELECT jsonb_agg(a.attname ORDER BY k.place) FROM unnest(f.confkey) WITH ORDINALITY k (number, place) JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.number))), '[]')
      FROM pg_constraint f WHERE conrelid = c.oid AND contype = 'f') AS references,
    (SELECT coalesce(jsonb_agg((SELECT jsonb_agg(a.attname ORDER BY k.place) FROM unnest(i.indkey) WITH ORDINALITY k (number, place) JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number) ORDER BY NOT i.indisprimary), '[]')
      FROM pg_index i WHERE indrelid = c.oid AND indisunique) AS uniques
  FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    AND EXISTS (SELECT FROM information_schema.columns WHERE table_schema = 'public' AND table_name = c.relname AND column_name = 'tenant_id')
  ORDER BY c.relname`), []));

/** Tables that belong to no organization, and why. */
const common: Record<string, string> = {
  schema_migration: 'the schema is everybody’s',
  fact_reader: 'readers follow the log of all organizations',
};

/** Keys over all organizations, and why. */
const commonKeys: Record<string, string> = {
  'organization (slug)': 'it names an organization in the portal’s address',
};

const count = (table: string) => statement<{ count: number }>(`test.count.${table}`, `SELECT count(*)::int AS count FROM ${table}`);
const inTenant = <Result>(tenantId: string, work: (transaction: Transaction) => Promise<Result>) => database.transact(tenantId, work);

/** Runs SQL in a transaction that is rolled back, and returns its rows or the SQLSTATE it failed with. */
async function attempt(tenantId: string, text: string, values: readonly unknown[] = []): Promise<{ rows: Record<string, unknown>[] } | { code: string }> {
  class Done extends Error {}
  let rows: Record<string, unknown>[] = [];
  try {
    await inTenant(tenantId, async (transaction) => {
      rows = await transaction.query({ name: '', text }, values);
      throw new Done();
    });
  } catch (error) {
    if (!(error instanceof Done)) return { code: (error as { code: string }).code };
  }
  return { rows };
}

/** A row of a table with something in every column that needs it, and in every foreign key of theirs that has to lead somewhere. */
function sampleRow(table: Table, organization: TestOrganization, keys: ReadonlyMap<string, Record<string, unknown>>): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const column of table.columns) {
    if (!column.needed && !(table.name === 'session' && column.name === 'staff_id') && !(table.name === 'side_conversation' && column.name === 'team_id') && !(table.name === 'fact' && column.name === 'position')
      && !(table.name === 'technician_preference' && column.name === 'customer_id')
      && !(table.name === 'outgoing_message' && ['message_id', 'conversation_id', 'due_at', 'ticket_id'].includes(column.name))) continue;
    const reference = table.references.find((foreign) => foreign.columns.includes(column.name) && column.name !== 'tenant_id');
    if (column.name === 'tenant_id') row[column.name] = organization.tenantId;
    // A link leads from one ticket to another.
    else if (table.name === 'ticket_link' && column.name === 'ticket_id') row[column.name] = otherTicketId;
    else if (reference) row[column.name] = keys.get(reference.table)?.[reference.referenced[reference.columns.indexOf(column.name)]!];
    else row[column.name] = sampleValue(table, column);
  }
  return row;
}

function sampleValue(table: Table, { name, type }: Column): unknown {
  // The first of the values a constraint allows.
  const allowed = table.checks.map((check) => new RegExp(`\\b${name} = ANY \\(ARRAY\\['([^']+)'`).exec(check)?.[1]).find((value) => value !== undefined);
  if (allowed !== undefined) return allowed;
  switch (type) {
    case 'uuid': return newId();
    case 'text': {
      const length = Number(table.checks.map((check) => new RegExp(`length\\(${name}\\) (?:<=|=) (\\d+)`).exec(check)?.[1]).find((most) => most !== undefined) ?? 43);
      return `sample-${newId()}`.padStart(Math.min(length, 64), '0').slice(-length);
    }
    case 'smallint': case 'integer': case 'bigint': case 'double precision': return 1;
    case 'boolean': return true;
    case 'date': return '2026-02-28';
    case 'timestamp with time zone': return '2026-02-28T08:00:00Z';
    case 'jsonb': return {};
    case 'bytea': return '\\x00';
    case 'tsvector': return '';
    case 'xid8': return '1';
    default: throw new Error(`say here what a ${type} may be (${table.name}.${name})`);
  }
}

/** The tables in an order in which each comes after those it refers to. */
function inOrder(): Table[] {
  const ordered: Table[] = [];
  const visit = (table: Table) => {
    if (ordered.includes(table)) return;
    for (const { table: name } of table.references) if (name !== table.name) visit(tables.find((other) => other.name === name)!);
    ordered.push(table);
  };
  tables.forEach(visit);
  return ordered;
}

/** Another ticket beside the one of `theirRows`, in every order before it. */
const otherTicketId = '00000000-0000-4000-8000-000000000001';

/** What one of the rows of every table of theirs is known by, with something in every table. */
const theirRows = new Map<string, Record<string, unknown>>();
await inTenant(theirs.tenantId, async (transaction) => {
  for (const table of inOrder()) {
    const [row = sampleRow(table, theirs, theirRows)] = (await transaction.query<{ row: Record<string, unknown> }>(
      { name: '', text: `SELECT to_jsonb(t) AS row FROM ${table.name} t LIMIT 1` }, [])).map((found) => found.row);
    await transaction.query({ name: '', text: `INSERT INTO ${table.name} (${Object.keys(row).join(', ')}) SELECT ${Object.keys(row).join(', ')} FROM jsonb_populate_record(NULL::${table.name}, $1) ON CONFLICT DO NOTHING` }, [JSON.stringify(row)]);
    if (table.name === 'ticket') await transaction.query({ name: '', text: `INSERT INTO ticket (${Object.keys(row).join(', ')}) SELECT ${Object.keys(row).join(', ')} FROM jsonb_populate_record(NULL::ticket, $1)` }, [JSON.stringify({ ...row, id: otherTicketId, number: 'another' })]);
    theirRows.set(table.name, row);
  }
});

describe('every table of an organization', () => {
  test('is one of the tables with tenant_id; the others are known by name', async () => {
    const all = await inTenant(everyTenant, (transaction) => transaction.query(statement<{ name: string }>('test.all_tables',
      "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"), []));
    const without = all.map((table) => table.name).filter((name) => !tables.some((table) => table.name === name));
    assert.deepEqual(without.sort(), Object.keys(common).sort());
    assert.ok(tables.length > 25, 'the walk found them');
  });

  for (const table of tables) {
    test(`${table.name}: keys begin with tenant_id, and so does whatever it refers to`, () => {
      assert.equal(table.columns.find((column) => column.name === 'tenant_id')!.needed, true, 'tenant_id is never null');
      assert.ok(table.uniques.length > 0, 'it has a primary key');
      for (const columns of table.uniques) {
        if (`${table.name} (${columns.join(', ')})` in commonKeys) continue;
        assert.equal(columns[0], 'tenant_id', `${table.name} (${columns.join(', ')})`);
      }
      for (const { columns, referenced } of table.references) assert.deepEqual([columns[0], referenced[0]], ['tenant_id', 'tenant_id']);
    });

    test(`${table.name}: a foreign organization and nobody see and change nothing of it`, async () => {
      const { name } = table;
      assert.equal(table.owned, false, 'policies bind an owner only where they are forced');
      const [present] = await inTenant(theirs.tenantId, (transaction) => transaction.query(count(name), []));
      assert.ok(present!.count > 0, 'there is something to be seen');
      const own = [theirs.tenantId];
      assert.deepEqual(await attempt(ours.tenantId, `SELECT 1 FROM ${name} WHERE tenant_id = $1`, own), { rows: [] });
      assert.deepEqual(await attempt(newId(), `SELECT 1 FROM ${name}`), { rows: [] });
      for (const change of [`UPDATE ${name} SET tenant_id = tenant_id WHERE tenant_id = $1 RETURNING 1`, `DELETE FROM ${name} WHERE tenant_id = $1 RETURNING 1`]) {
        const outcome = await attempt(ours.tenantId, change, own);
        // The log of facts and its seals cannot be changed at all where the program acts under a role of its own.
        assert.ok('rows' in outcome ? outcome.rows.length === 0 : (name === 'fact' || name === 'fact_anchor') && outcome.code === '42501', JSON.stringify(outcome));
      }
    });

    test(`${table.name}: nothing can be written into a foreign organization`, async () => {
      const insert = `INSERT INTO ${table.name} (tenant_id) VALUES ($1)`;
      assert.deepEqual(await attempt(ours.tenantId, insert, [theirs.tenantId]), { code: '42501' });
      assert.deepEqual(await attempt(newId(), insert, [theirs.tenantId]), { code: '42501' });
      // For the organization itself it is only that a row needs more than its tenant.
      const own = await attempt(theirs.tenantId, insert, [theirs.tenantId]);
      assert.notEqual('code' in own ? own.code : '', '42501');
      const moved = await attempt(theirs.tenantId, `UPDATE ${table.name} SET tenant_id = $1`, [ours.tenantId]);
      assert.deepEqual(moved, { code: '42501' });
    });
  }
});

test('outside of a transaction there is no tenant, and so nothing is there', async () => {
  const client = new pg.Client({ connectionString: program.connectionString });
  await client.connect();
  try {
    await client.query('SET ROLE bihuan_app');
    // As a connection is after a transaction of a tenant has ended on it.
    await client.query(`BEGIN; SET LOCAL app.tenant = '${theirs.tenantId}'; COMMIT`);
    for (const { name } of tables) assert.equal((await client.query(`SELECT 1 FROM ${name}`)).rowCount, 0, name);
    const writing = client.query('INSERT INTO account (tenant_id, id, name, created_at) VALUES ($1, $2, $3, now())', [theirs.tenantId, newId(), 'nobody']);
    await assert.rejects(writing, (error) => isDatabaseError(error, '42501'));
  } finally {
    await client.end();
  }
});

test('the program itself, across organizations, sees them all', async () => {
  const [row] = await inTenant(everyTenant, (transaction) => transaction.query(statement<{ count: number }>('test.organizations', 'SELECT count(*)::int AS count FROM organization'), []));
  assert.equal(row!.count, 2);
});

test('words are found in the organization they are looked for in, and in no other', async () => {
  const search = statement<{ id: string }>('test.search', "SELECT t.id FROM tickets_with_words($1, 'sample') AS found (id) JOIN ticket t ON t.tenant_id = $1 AND t.id = found.id");
  const ticketId = theirRows.get('ticket')!['id'];
  await inTenant(theirs.tenantId, (transaction) => transaction.query({ name: '', text: "UPDATE ticket_search SET words = 'sample'" }, []));
  assert.deepEqual(await inTenant(theirs.tenantId, (transaction) => transaction.query(search, [theirs.tenantId])), [{ id: ticketId }]);
  assert.deepEqual(await inTenant(ours.tenantId, (transaction) => transaction.query(search, [ours.tenantId])), []);
  // Even asked about the foreign organization, what is found joins with nothing.
  assert.deepEqual(await inTenant(ours.tenantId, (transaction) => transaction.query(search, [theirs.tenantId])), []);
});
