import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import pg from 'pg';
import { migrate as migrateProgram } from '../../server/platform/db/migrate.ts';
import { startEmbeddedPostgres } from '../../server/platform/postgres/embedded.ts';
import type { EmbeddedPostgres } from '../../server/platform/postgres/embedded.ts';
import { clearRunFolder } from '../../server/platform/postgres/leftovers.ts';
import { placePrepared } from './prepared.ts';
import { temporaryPlace } from './temporary-place.ts';

/** A database of one test's own. */
export interface TestDatabase {
  /** What the `pg` driver needs. */
  readonly connection: { readonly connectionString: string };
  /** The same as text, as for `DATABASE_URL`. */
  readonly connectionString: string;
  /** Removes the database, breaking off whoever is still connected. What is not dropped goes with the cluster. */
  drop(): Promise<void>;
}

/** A server for tests with one migrated database to copy from. */
export interface TestCluster<Migrated> {
  /** What the migration returned. */
  readonly migrated: Migrated;
  /** Makes a database that is as the migration left it: a copy. */
  cloneDatabase(): Promise<TestDatabase>;
}

/** Migrates an empty database. */
export type Migrate<Migrated> = (connection: { connectionString: string }) => Promise<Migrated>;

interface Server {
  /** The URL of a database on the server. */
  readonly urlOf: (database: string) => string;
  /** The database that came with the server as the program's own migrations leave it, where one did. */
  readonly prepared?: string;
  /** For making and dropping databases, one after another. */
  readonly maintenance: Maintenance;
  stop(): Promise<void>;
}

const folderPrefix = 'bihuan-test-';
const databasePrefix = 'bihuan_test_';
const staleAfter = 60 * 60_000;

/** Shared by all test files of a process: the server, and the template of each migration. */
let server: Promise<Server> | undefined;
const clusters = new Map<Migrate<unknown>, Promise<TestCluster<unknown>>>();

// Belongs to the process as a whole: the modules of all test files are loaded before the first test runs.
after(async () => {
  const running = await server?.catch(() => undefined);
  server = undefined;
  clusters.clear();
  await running?.stop();
});

/**
 * A PostgreSQL for tests: the one at `TEST_DATABASE_URL` (whose user may create databases), else an embedded one that
 * is started for this process and gone when it ends, however it ends. Durability is off; tests of it start their own.
 *
 * Calls with the same migration share everything, across test files of one process.
 *
 * @param migrate is run once, on the database that all others are copied from
 */
export function openTestCluster<Migrated>(migrate: Migrate<Migrated>): Promise<TestCluster<Migrated>> {
  let cluster = clusters.get(migrate);
  if (cluster === undefined) {
    server ??= openServer();
    cluster = makeTemplate(server, migrate);
    clusters.set(migrate, cluster);
  }
  return cluster as Promise<TestCluster<Migrated>>;
}

/** One connection that runs one statement after another. Unlike a pool's, its end is awaited. */
interface Maintenance {
  query(text: string): Promise<Record<string, string>[]>;
  end(): Promise<void>;
}

async function connect(connectionString: string): Promise<Maintenance> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  let last: Promise<unknown> = Promise.resolve();
  return {
    query(text) {
      const result = last.then(() => client.query<Record<string, string>>(text)).then(({ rows }) => rows);
      last = result.catch(() => undefined);
      return result;
    },
    end: () => client.end(),
  };
}

async function makeTemplate<Migrated>(opening: Promise<Server>, migrate: Migrate<Migrated>): Promise<TestCluster<Migrated>> {
  const { maintenance, urlOf, prepared } = await opening;
  // Migrated all the same: it finds nothing to do, or says what differs.
  const ready = migrate === (migrateProgram as Migrate<unknown>) ? prepared : undefined;
  const template = ready ?? databaseName();
  if (ready === undefined) await maintenance.query(`CREATE DATABASE ${template}`);
  const migrated = await migrate({ connectionString: urlOf(template) });
  return {
    migrated,
    async cloneDatabase() {
      const name = databaseName();
      // Copying files beats logging every page where nothing has to survive; where it has to, the server decides.
      await maintenance.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
      const connectionString = urlOf(name);
      return {
        connectionString,
        connection: { connectionString },
        drop: async () => {
          // The whole server may be gone already: hooks of files run after this module's own.
          if (server !== opening) return;
          await drop(maintenance, name);
        },
      };
    },
  };
}

/**
 * Removes a database. The server may be vacuuming it just now, which only a superuser may break off: then it is tried
 * again in a moment, and in the end left to a later run.
 */
async function drop(maintenance: Maintenance, name: string): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    try {
      await maintenance.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      return;
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.code !== '42501') throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** Says when it was made, so that a later run can tell what an interrupted one left on a shared server. */
function databaseName(): string {
  return `${databasePrefix}${Date.now().toString(36)}_${randomBytes(5).toString('hex')}`;
}

async function openServer(): Promise<Server> {
  const given = process.env['TEST_DATABASE_URL'];
  return given ? openGivenServer(given) : openEmbeddedServer();
}

async function openGivenServer(url: string): Promise<Server> {
  const maintenance = await connect(url);
  const made = new Set<string>();
  const rows = await maintenance.query(`SELECT datname AS name FROM pg_database WHERE starts_with(datname, '${databasePrefix}')`);
  for (const { name = '' } of rows) {
    const age = Date.now() - Number.parseInt(name.slice(databasePrefix.length), 36);
    // Refused while somebody uses it, and then it is not stale.
    if (age > staleAfter) await maintenance.query(`DROP DATABASE IF EXISTS "${name}"`).catch(() => undefined);
  }
  return {
    maintenance,
    urlOf: (database) => {
      made.add(database);
      const other = new URL(url);
      other.pathname = `/${database}`;
      return other.href;
    },
    async stop() {
      for (const name of made) await drop(maintenance, name);
      await maintenance.end();
    },
  };
}

async function openEmbeddedServer(): Promise<Server> {
  const place = temporaryPlace();
  await removeFoldersOfTheDead(place);
  const folder = join(place, `${folderPrefix}${process.pid}-${randomBytes(4).toString('hex')}`);
  mkdirSync(folder, { mode: 0o700 });
  // When the process ends early this is all that runs; the server itself hears of its program's death.
  const removeFolder = () => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  process.on('exit', removeFolder);

  const prepared = await placePrepared(folder);
  const postgres = await startEmbeddedPostgres({
    dataDirectory: folder,
    log: () => undefined,
    settings: {
      fsync: 'off',
      full_page_writes: 'off',
      synchronous_commit: 'off',
      shared_buffers: '128MB',
      max_wal_size: '256MB',
      checkpoint_timeout: '1h',
      max_connections: 200,
      autovacuum: 'off',
    },
  });
  await allowMakingDatabases(postgres);
  const urlOf = (database: string) => {
    const { host, port, user, password = '' } = postgres.connection;
    const url = new URL(`postgresql://${user}:${password}@localhost/${database}`);
    url.searchParams.set('host', host);
    url.searchParams.set('port', String(port));
    return url.href;
  };
  // Not to the database that may be copied: nobody may be connected to that.
  const maintenance = await connect(urlOf('postgres'));
  return {
    maintenance,
    urlOf,
    ...(prepared ? { prepared: postgres.connection.database } : {}),
    async stop() {
      await maintenance.end();
      await postgres.stop();
      process.removeListener('exit', removeFolder);
      removeFolder();
    },
  };
}

async function allowMakingDatabases({ administration, connection }: EmbeddedPostgres): Promise<void> {
  const client = new pg.Client(administration);
  await client.connect();
  try {
    await client.query(`ALTER ROLE ${connection.user} CREATEDB`);
  } finally {
    await client.end();
  }
}

/** Test runs that were killed could not remove their folders. */
async function removeFoldersOfTheDead(place: string): Promise<void> {
  for (const name of readdirSync(place)) {
    const pid = new RegExp(`^${folderPrefix}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined) continue;
    try {
      process.kill(Number(pid), 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') continue;
      await clearRunFolder(join(place, name, 'postgres.run'));
      rmSync(join(place, name), { recursive: true, force: true });
    }
  }
}
