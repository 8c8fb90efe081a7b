import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import pg from 'pg';
import { openTestCluster, type TestDatabase } from '../../../test/support/postgres.ts';
import { advance, registerReader, type Reader } from '../facts/readers.ts';
import { openDatabase } from './database.ts';
import { migrate, UnusableServer } from './migrate.ts';
import { newId } from './uuid.ts';

async function leaveEmpty(): Promise<void> {}
const files = readdirSync(join(import.meta.dirname, '../../../schema/migrations')).filter((name) => name.endsWith('.sql')).sort();
const everyTenant = '00000000-0000-0000-0000-000000000000';

async function emptyDatabase(): Promise<TestDatabase> {
  return (await openTestCluster(leaveEmpty)).cloneDatabase();
}

async function asOwner<Result>(database: TestDatabase, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client(database.connection);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const query = (database: TestDatabase, text: string, values: unknown[] = []) =>
  asOwner(database, async (client) => (await client.query<Record<string, unknown>>(text, values)).rows);

describe('migrations', () => {
  test('of two programs that start at once on an empty database one carries them out, the other finds them done', async () => {
    const database = await emptyDatabase();
    const outcomes = await Promise.all([migrate(database.connection), migrate(database.connection), migrate(database.connection)]);
    assert.deepEqual(outcomes[1], outcomes[0]);
    const applied = await query(database, 'SELECT name, length(checksum) AS length FROM schema_migration ORDER BY name');
    assert.deepEqual(applied, files.map((name) => ({ name, length: 64 })));
  });

  test('are carried out once: a later start leaves everything as it is', async () => {
    const database = await emptyDatabase();
    await migrate(database.connection);
    const before = await query(database, 'SELECT * FROM schema_migration ORDER BY name');
    await migrate(database.connection);
    assert.deepEqual(await query(database, 'SELECT * FROM schema_migration ORDER BY name'), before);
    // What is done outside a transaction may have been broken off, and is done again.
    const alone = files.filter((name) => readFileSync(join(import.meta.dirname, '../../../schema/migrations', name), 'utf8').startsWith('-- Outside a transaction'));
    const indexes = "SELECT indexrelid::regclass::text AS name, indisvalid FROM pg_index WHERE indrelid = 'ticket'::regclass ORDER BY name";
    const built = await query(database, indexes);
    assert.ok(alone.length > 0 && built.every((index) => index['indisvalid'] === true));
    await query(database, 'DELETE FROM schema_migration WHERE name = ANY ($1)', [alone]);
    await migrate(database.connection);
    assert.deepEqual(await query(database, indexes), built);
    // What was only said of new rows at first has been looked at in the end.
    assert.deepEqual(await query(database, 'SELECT conrelid::regclass::text AS table, conname FROM pg_constraint WHERE NOT convalidated'), []);
  });

  test('of installations in use lock no table while its rows are walked', () => {
    const statements = (name: string) => readFileSync(join(import.meta.dirname, '../../../schema/migrations', name), 'utf8').replaceAll(/--.*/g, '').split(';').map((text) => text.trim());
    // Of these two there are a handful of rows before the channels come.
    const filled = new Set(files.filter((name) => name < '0021').flatMap(statements).flatMap((text) => /^CREATE TABLE (\w+)/.exec(text)?.[1] ?? []).filter((table) => table !== 'outgoing_message' && table !== 'channel_account'));
    const walks = (text: string) => {
      const [, table] = /^(?:ALTER TABLE|CREATE (?:UNIQUE )?INDEX \w+ ON) (\w+)/.exec(text) ?? [];
      return table !== undefined && filled.has(table) && (text.startsWith('CREATE') || !/NOT VALID$|VALIDATE CONSTRAINT \w+$/.test(text) && /\b(?:CHECK|REFERENCES|UNIQUE|GENERATED|SET NOT NULL|TYPE)\b/.test(text));
    };
    assert.ok(walks('ALTER TABLE ticket ADD COLUMN x text CHECK (length(x) < 9)') && walks('CREATE INDEX x ON file (id)'));
    assert.deepEqual(files.filter((name) => name > '0032').flatMap((name) => statements(name).filter(walks).map((text) => `${name}: ${text}`)), []);
  });

  test('name a role that row-level security binds and that owns nothing', async () => {
    const database = await emptyDatabase();
    const { role } = await migrate(database.connection);
    assert.equal(role, 'bihuan_app');
    const [acting] = await query(database, `SELECT rolsuper OR rolbypassrls AS unbound, (SELECT count(*)::int FROM pg_class WHERE pg_has_role(r.oid, relowner, 'USAGE')) AS owns FROM pg_roles r WHERE rolname = $1`, [role]);
    assert.deepEqual(acting, { unbound: false, owns: 0 });
  });

  test('by an ordinary owner who may make no roles give the one there is, when it may act under it, and none otherwise', async (context) => {
    const database = await emptyDatabase();
    await migrate(database.connection);
    const name = `owner_${newId().replaceAll('-', '')}`;
    const superuser = (await query(database, 'SELECT rolsuper AS given FROM pg_roles WHERE rolname = current_user'))[0]!['given'];
    if (!superuser) return context.skip('needs a server whose superuser the tests are');
    await query(database, `CREATE ROLE ${name}`);
    try {
      await query(database, `GRANT CREATE, USAGE ON SCHEMA public TO ${name}`);
      await query(database, `ALTER DATABASE ${new URL(database.connectionString).pathname.slice(1)} OWNER TO ${name}`);
      for (const { relname } of await query(database, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')")) await query(database, `ALTER TABLE "${String(relname)}" OWNER TO ${name}`);
      const asThem = { ...database.connection, options: `-c role=${name}` };
      assert.deepEqual(await migrate(asThem), { role: null });
      await query(database, `GRANT bihuan_app TO ${name}`);
      assert.deepEqual(await migrate(asThem), { role: 'bihuan_app' });
    } finally {
      await query(database, `REASSIGN OWNED BY ${name} TO CURRENT_USER`);
      await query(database, `DROP OWNED BY ${name}`);
      await query(database, `DROP ROLE ${name}`);
    }
  });

  test('leave the log of facts to grow and nothing else: no fact is changed or taken out, not even by the program', async () => {
    const database = await emptyDatabase();
    const { role } = await migrate(database.connection);
    await asOwner(database, async (client) => {
      if (role !== null) await client.query(`SET ROLE ${role}`);
      await client.query(`SET app.tenant = '${everyTenant}'`);
      for (const change of ["UPDATE fact SET kind = 'x'", 'DELETE FROM fact', 'TRUNCATE fact']) await assert.rejects(client.query(change), { code: '42501' }, change);
    });
  });

  test('refuse a database to which another text of the same migration was applied', async () => {
    const database = await emptyDatabase();
    await migrate(database.connection);
    await query(database, 'UPDATE schema_migration SET checksum = repeat($1, 64) WHERE name = $2', ['0', files[0]]);
    await assert.rejects(migrate(database.connection), new RegExp(`migration ${files[0]} was changed after it had been applied`));
  });

  test('refuse the database of a newer program, and leave it alone', async () => {
    const database = await emptyDatabase();
    await query(database, 'CREATE TABLE schema_migration (name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())');
    await query(database, "INSERT INTO schema_migration (name, checksum) VALUES ('9999_later.sql', 'x')");
    await assert.rejects(migrate(database.connection), /migrated by a newer program \(9999_later\.sql\)/);
    assert.deepEqual(await query(database, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"), [{ relname: 'schema_migration' }]);
  });

  test('leave nothing behind of one that fails in the middle, and go on from there once the reason is gone', async () => {
    const database = await emptyDatabase();
    // Stands in the way of one of the last things that the first migration makes.
    await query(database, 'CREATE TABLE timer ()');
    await assert.rejects(migrate(database.connection), new RegExp(`migration ${files[0]} failed: relation "timer" already exists`));
    const left = await query(database, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S') ORDER BY 1");
    assert.deepEqual(left, [{ relname: 'schema_migration' }, { relname: 'timer' }]);
    assert.deepEqual(await query(database, 'SELECT * FROM schema_migration'), []);
    await query(database, 'DROP TABLE timer');
    await migrate(database.connection);
    assert.equal((await query(database, 'SELECT * FROM schema_migration')).length, files.length);
  });
});

describe('facts of a database that was restored into another server', () => {
  test('are read on by every reader from where it stood, each once and in the order of the log', async () => {
    const database = await emptyDatabase();
    const { role } = await migrate(database.connection);
    const tenantId = newId();
    const future = 2n ** 40n;
    // Positions and transactions do not rise together: a transaction that began later may have written first.
    const log = [{ transaction: 1, position: 2 }, { transaction: 1, position: 5 }, { transaction: 2, position: 1 }, { transaction: 2, position: 6 }, { transaction: 3, position: 3 }, { transaction: 3, position: 4 }, { transaction: 4, position: 7 }];
    const passed = { beginning: 0, first: 1, middle: 3, 'middle, too': 3, end: 7 };
    await asOwner(database, async (client) => {
      await client.query(`BEGIN; SET LOCAL app.tenant = '${everyTenant}'`);
      await client.query("INSERT INTO organization (tenant_id, slug, name, created_at) VALUES ($1, 'restored', 'restored', now())", [tenantId]);
      for (const { transaction, position } of log) {
        await client.query(`INSERT INTO fact (tenant_id, position, transaction, kind, actor_kind, data, occurred_at, recorded_at)
          VALUES ($1, $2, $3, 'organization.changed', 'system', '{}', now(), now())`, [tenantId, position, String(future + BigInt(transaction))]);
      }
      for (const [name, count] of Object.entries(passed)) {
        const at = log[count - 1];
        await client.query('INSERT INTO fact_reader (name, transaction, position, updated_at) VALUES ($1, $2, $3, now())', [name, at ? String(future + BigInt(at.transaction)) : '0', at?.position ?? 0]);
      }
      await client.query("SELECT setval('fact_position', 7)");
      // A flow that waits for a fact; who and what it belongs to is of no account here.
      await client.query('ALTER TABLE flow_wait DROP CONSTRAINT flow_wait_tenant_id_instance_id_fkey');
      await client.query("INSERT INTO flow_wait (tenant_id, ticket_id, instance_id, activation, fact_kind, of_children, transaction) VALUES ($1, $1, $1, 't1', 'comment.added', false, $2)", [tenantId, String(future)]);
      await client.query('COMMIT');
    });

    await migrate(database.connection);
    const [waits] = await asOwner(database, async (client) => {
      await client.query(`BEGIN; SET LOCAL app.tenant = '${everyTenant}'`);
      return (await client.query<Record<string, unknown>>("SELECT transaction < (SELECT min(transaction) FROM fact) AS hears, snapshot FROM flow_wait")).rows;
    });
    assert.deepEqual(waits, { hears: true, snapshot: null }, 'what flows wait for is heard here as well');
    const opened = openDatabase({ connection: database.connection, role });
    try {
      await opened.transact(tenantId, (transaction) => transaction.query({ name: '', text: `
        INSERT INTO fact (tenant_id, kind, actor_kind, data, occurred_at, recorded_at) VALUES ($1, 'organization.changed', 'system', '{}', now(), now())` }, [tenantId]));
      const positions = [...log.map((fact) => fact.position), 8];
      await registerReader(opened, 'newcomer');
      for (const [name, count] of Object.entries({ ...passed, newcomer: 0 })) {
        const read: number[] = [];
        const reader: Reader = { name, kinds: new Set(['organization.changed']), react: async (_transaction, facts) => void read.push(...facts.map((fact) => fact.position)) };
        while (await advance(opened, reader, 2) > 0);
        assert.deepEqual(read.toSorted((a, b) => a - b), positions.slice(count).toSorted((a, b) => a - b), name);
        assert.equal(read.at(-1), 8, `${name}: what happens now comes after everything restored`);
      }
    } finally {
      await opened.close();
    }
  });

  test('keep their places where the numbers are of this server', async () => {
    const database = await emptyDatabase();
    const { role } = await migrate(database.connection);
    const opened = openDatabase({ connection: database.connection, role });
    try {
      const tenantId = newId();
      await opened.transact(tenantId, async (transaction) => {
        await transaction.query({ name: '', text: "INSERT INTO organization (tenant_id, slug, name, created_at) VALUES ($1, 'present', 'present', now())" }, [tenantId]);
        await transaction.query({ name: '', text: "INSERT INTO fact (tenant_id, kind, actor_kind, data, occurred_at, recorded_at) VALUES ($1, 'organization.changed', 'system', '{}', now(), now())" }, [tenantId]);
      });
      const place = () => opened.transact(tenantId, (transaction) => transaction.query<{ at: string }>({ name: '', text: 'SELECT transaction::text AS at FROM fact' }, []));
      const before = await place();
      await migrate(database.connection);
      assert.deepEqual(await place(), before);
    } finally {
      await opened.close();
    }
  });
});

test('a server that is not there is an error, not a wait', async () => {
  const migration = migrate({ connectionString: 'postgresql://nobody@127.0.0.1:1/nothing' });
  await assert.rejects(migration, (error) => error instanceof UnusableServer && /ECONNREFUSED/.test(error.message));
});
