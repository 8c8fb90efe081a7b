import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { applicationRole } from './application-role.ts';

const directory = join(import.meta.dirname, '../../../schema/migrations');
// Any fixed number: who migrates holds this advisory lock.
const lockKey = 7_214_410_922;
// What cannot be undone at once, such as an index that is built while others write, comes statement by statement.
const outside = /^-- Outside a transaction\b/;
const endOfStatement = /;\s*$/m;

/** There is no PostgreSQL to work with; the message says why. */
export class UnusableServer extends Error {}

/**
 * Brings a database to the newest schema (数据库迁移): every file of schema/migrations in order, each in a
 * transaction of its own, once. Two programs may call this at once; the second waits for the first. A file that begins
 * with `-- Outside a transaction` is carried out statement by statement; when one fails, the next start begins it anew,
 * so its statements can be repeated.
 *
 * @returns the role to work under; null for an ordinary user for whom there is none, whom row-level security binds as far
 * as it is forced on owners
 * @throws {UnusableServer} when there is no server, it does not let the program in, or it is too old
 */
export async function migrate(connection: pg.ClientConfig): Promise<{ role: string | null }> {
  const client = new pg.Client(connection);
  await client.connect().catch((error: unknown) => {
    // Of a name with several addresses each has its own reason.
    const reason: unknown = error instanceof AggregateError ? error.errors[0] : error;
    throw new UnusableServer(reason instanceof Error ? reason.message : String(reason), { cause: error });
  });
  try {
    const version = Number((await client.query('SHOW server_version_num')).rows[0].server_version_num);
    if (version < 150_000) throw new UnusableServer(`PostgreSQL 15 or newer is needed, this is ${Math.floor(version / 10_000)}`);
    // Asked for again and again: a statement that waits would itself be waited for by an index that is built concurrently.
    while (!(await client.query('SELECT pg_try_advisory_lock($1) AS taken', [lockKey])).rows[0].taken) await wait(50);
    await client.query(`CREATE TABLE IF NOT EXISTS schema_migration (
      name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
    const applied = new Map<string, string>(
      (await client.query('SELECT name, checksum FROM schema_migration')).rows.map((row) => [row.name, row.checksum]),
    );
    const files = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
    for (const unknown of applied.keys()) {
      if (!files.includes(unknown)) throw new Error(`the database was migrated by a newer program (${unknown})`);
    }
    for (const name of files) {
      const text = await readFile(join(directory, name), 'utf8');
      const checksum = createHash('sha256').update(text).digest('hex');
      const before = applied.get(name);
      if (before === checksum) continue;
      if (before !== undefined) throw new Error(`migration ${name} was changed after it had been applied`);
      const alone = outside.test(text);
      if (!alone) await client.query('BEGIN');
      try {
        for (const statement of alone ? text.split(endOfStatement).filter((part) => part.trim() !== '') : [text]) await client.query(statement);
        await client.query('INSERT INTO schema_migration (name, checksum) VALUES ($1, $2)', [name, checksum]);
        if (!alone) await client.query('COMMIT');
      } catch (error) {
        if (!alone) await client.query('ROLLBACK');
        throw new Error(`migration ${name} failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
      }
    }
    await rebaseFactsAfterRestore(client);
    return { role: await prepareRole(client) };
  } finally {
    await client.end();
  }
}

/** Who migrates owns the tables, and may be a superuser; the program then works under a plain role that owns nothing. */
async function prepareRole(client: pg.Client): Promise<string | null> {
  const { rows: [user] } = await client.query('SELECT rolsuper OR rolbypassrls AS unbound, rolsuper OR rolcreaterole AS maker FROM pg_roles WHERE rolname = current_user');
  // The log only grows: what happened cannot be changed or taken out, not even by the owner, whose rights can be taken back, too.
  if (!user.unbound) await client.query('REVOKE UPDATE, DELETE, TRUNCATE ON fact, fact_anchor FROM CURRENT_USER');
  let right = await rightTo(client, applicationRole);
  if (right === 'absent' && (user.maker || user.unbound)) {
    try {
      await client.query(`CREATE ROLE ${applicationRole} NOLOGIN`);
    } catch (error) {
      // It belongs to the whole server: another database's migration may have made it.
      if (!(error instanceof pg.DatabaseError && (error.code === '42710' || error.code === '23505'))) throw error;
    }
    right = 'closed';
  }
  if (right === 'closed' && (user.maker || user.unbound)) {
    // From PostgreSQL 16 on, who makes a role may not act under it by itself.
    await client.query(`GRANT ${applicationRole} TO CURRENT_USER`).catch((error: unknown) => {
      // An ordinary user may give only the roles it made itself.
      if (user.unbound || !(error instanceof pg.DatabaseError && error.code === '42501')) throw error;
    });
    right = await rightTo(client, applicationRole);
  }
  if (right !== 'open') return null;
  await client.query(`GRANT USAGE ON SCHEMA public TO ${applicationRole}`);
  await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${applicationRole}`);
  await client.query(`GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ${applicationRole}`);
  await client.query(`REVOKE UPDATE, DELETE, TRUNCATE ON fact, fact_anchor FROM ${applicationRole}`);
  return applicationRole;
}

/** Whether the database user may act under a role: `open`, or `closed`; or whether there is none. */
async function rightTo(client: pg.Client, role: string): Promise<'open' | 'closed' | 'absent'> {
  const { rows: [found] } = await client.query(
    "SELECT pg_has_role(oid, CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END) AS open FROM pg_roles WHERE rolname = $1", [role],
  );
  return !found ? 'absent' : found.open ? 'open' : 'closed';
}

/**
 * A dump restored into another server brings transaction numbers that lie in that server's future; readers would
 * wait for them for ever. They are replaced by small ones, which lie in every server's past: one for the facts up to
 * where the first reader stands, the next for those up to the second, and so on, so that each reader goes on exactly
 * where it was.
 */
async function rebaseFactsAfterRestore(client: pg.Client): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query("SET LOCAL app.tenant = '00000000-0000-0000-0000-000000000000'");
    const { rows } = await client.query(
      'SELECT (SELECT max(transaction) FROM fact) >= pg_snapshot_xmax(pg_current_snapshot()) AS restored',
    );
    if (rows[0].restored) {
      await client.query('GRANT UPDATE ON fact TO CURRENT_USER');
      await client.query(`CREATE TEMPORARY TABLE reader_place ON COMMIT DROP AS
        SELECT transaction, position, row_number() OVER (ORDER BY transaction, position) AS number FROM (SELECT DISTINCT transaction, position FROM fact_reader) AS place`);
      await client.query(`UPDATE fact SET transaction = (1 + (
        SELECT count(*) FROM reader_place p WHERE (p.transaction, p.position) < (fact.transaction, fact.position)))::text::xid8`);
      await client.query(`UPDATE fact_reader r SET transaction = p.number::text::xid8, position = (SELECT max(position) FROM fact)
        FROM reader_place p WHERE (p.transaction, p.position) = (r.transaction, r.position)`);
      // What flows wait for is whatever is still to be read.
      await client.query("UPDATE flow_wait SET transaction = '0', snapshot = NULL");
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
