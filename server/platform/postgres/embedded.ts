import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import { applicationRole } from '../db/application-role.ts';
import { prepareDataDirectory } from '../config/data-directory.ts';
import { locateBinaries, usableBinaries } from './binaries.ts';
import { createCluster, ownerOf, superuser } from './cluster.ts';
import { lockDirectory } from './directory-lock.ts';
import { chooseIdentity } from './identity.ts';
import type { Identity } from './identity.ts';
import { clearLeftovers, clearRunFolder } from './leftovers.ts';
import type { StartLog } from './leftovers.ts';
import { openLogFile } from './log-file.ts';
import { startPostmaster } from './postmaster.ts';
import type { Ending, Postmaster } from './postmaster.ts';
import { makeRunFolder, socketPort } from './run-folder.ts';
import { settingsFor, usableMemory } from './settings.ts';
import type { Settings } from './settings.ts';

export type { StartLog } from './leftovers.ts';
export type { Ending } from './postmaster.ts';
export type { Settings } from './settings.ts';

/** How to reach a database, in the words of the `pg` driver. */
export interface PostgresConnection {
  /** A folder that holds the socket, or an address. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password?: string;
  readonly database: string;
}

/** A running PostgreSQL that belongs to this program. */
export interface EmbeddedPostgres {
  /** As an ordinary role that owns the database: it migrates, and may act under the one that the program works under. */
  readonly connection: PostgresConnection;
  /** As superuser, for what an ordinary role may not do. */
  readonly administration: PostgresConnection;
  readonly processId: number;
  /** Resolves when the server has ended, by `stop` or by itself; the latter leaves the program without a database. */
  readonly ended: Promise<Ending>;
  /** Stops the server, breaking off what still runs in it, and lets go of the data directory. May be called again. */
  stop(): Promise<void>;
}

/** Name of the database and of the ordinary role that owns it. */
const databaseName = 'bihuan';
const logLimit = 8 * 1024 * 1024;
const logRotationInterval = 60_000;

/**
 * Starts the PostgreSQL that comes with the program on `<data directory>/postgres`, which is made on the first start.
 * It listens on a private socket only (on Windows: on the loopback address, with a generated password), never runs as
 * root, and stops when this program does, also when that is killed. What a killed program left behind is cleared away.
 *
 * @param options.dataDirectory absolute path; made when absent
 * @param options.settings of PostgreSQL, which go before those chosen here
 * @param options.lockPatience milliseconds that another program, just stopping, may still hold the data directory
 * @throws {ConfigurationError} when the data directory is in use or unusable, or nothing here can run PostgreSQL
 * @throws {Error} when PostgreSQL itself does not start, with what it had to say
 */
export async function startEmbeddedPostgres(options: {
  dataDirectory: string;
  log: StartLog;
  settings?: Settings;
  lockPatience?: number;
}): Promise<EmbeddedPostgres> {
  const { dataDirectory, log } = options;
  // Where a descriptor can't stand for a folder, the server's user must be able to pass through.
  const passable = process.getuid?.() === 0 && process.platform !== 'linux';
  await prepareDataDirectory(dataDirectory, passable ? 0o711 : 0o700);
  const lock = await lockDirectory(dataDirectory, {
    patience: options.lockPatience ?? 5000,
    onWait: (pid) => log(`Waiting for process ${pid} to let go of ${dataDirectory}.`),
  });
  /** What was taken so far, to be given back in reverse order. */
  const taken: (() => void | Promise<void>)[] = [() => lock.release()];
  const giveBack = async () => {
    for (const back of taken.splice(0).reverse()) await back();
  };
  try {
    const cluster = join(dataDirectory, 'postgres');
    const note = join(dataDirectory, 'postgres.run');
    await clearLeftovers(dataDirectory, cluster, log);
    await clearRunFolder(note);

    const identity = await chooseIdentity(await ownerOf(cluster));
    const binaries = await usableBinaries(await locateBinaries(), identity);
    const password = process.platform === 'win32' ? await readPassword(dataDirectory) : undefined;
    if ((await ownerOf(cluster)) === undefined) {
      log(`Making a database in ${cluster}.`);
      await createCluster(dataDirectory, cluster, binaries, identity, password);
    }

    const listening = await listen(note, dataDirectory, identity, password);
    const removeAtExit = () => listening.folder !== undefined && rmSync(listening.folder, { recursive: true, force: true });
    process.on('exit', removeAtExit);
    taken.push(() => clearRunFolder(note));
    taken.push(() => void process.removeListener('exit', removeAtExit));
    const logFile = await openLogFile(join(dataDirectory, 'postgres.log'), logLimit);
    taken.push(() => logFile.close());
    const rotation = setInterval(() => {
      logFile.rotate().catch((error: unknown) => log(`postgres.log could not be rotated: ${String(error)}`));
    }, logRotationInterval).unref();
    taken.push(() => clearInterval(rotation));

    const postmaster = await startPostmaster({
      cluster,
      binaries,
      identity,
      logFile,
      log,
      settings: { ...settingsFor(usableMemory()), ...options.settings, ...listening.settings },
    });
    taken.push(() => postmaster.stop());
    await ensureDatabase(listening.connectionAs(superuser, 'postgres'), password);
    return describe(postmaster, listening, giveBack);
  } catch (error) {
    await giveBack();
    throw error;
  }
}

function describe(postmaster: Postmaster, listening: Listening, giveBack: () => Promise<void>): EmbeddedPostgres {
  let stopping: Promise<void> | undefined;
  return {
    connection: listening.connectionAs(databaseName, databaseName),
    administration: listening.connectionAs(superuser, databaseName),
    processId: postmaster.processId,
    ended: postmaster.ended,
    stop: () => (stopping ??= giveBack()),
  };
}

/** Where the server listens, for itself and for those who connect. */
interface Listening {
  /** Undefined where there are no sockets. */
  readonly folder: string | undefined;
  readonly settings: Settings;
  connectionAs(user: string, database: string): PostgresConnection;
}

async function listen(
  note: string,
  dataDirectory: string,
  identity: Identity,
  password: string | undefined,
): Promise<Listening> {
  if (password !== undefined) {
    const host = '127.0.0.1';
    const port = await findFreePort(host);
    return {
      folder: undefined,
      settings: { listen_addresses: host, port, unix_socket_directories: '' },
      connectionAs: (user, database) => ({ host, port, user, password, database }),
    };
  }
  const folder = await makeRunFolder(note, dataDirectory, identity, databaseName);
  return {
    folder: folder.path,
    settings: {
      listen_addresses: '',
      port: socketPort,
      unix_socket_directories: `"${folder.socketFolder.replaceAll('"', '""')}"`,
      unix_socket_permissions: '0700',
      hba_file: folder.hbaFile,
      ident_file: folder.identFile,
    },
    connectionAs: (user, database) => ({ host: folder.socketFolder, port: socketPort, user, database }),
  };
}

/**
 * Makes the roles and the database when they are not there: a program may have been killed between any two steps, and
 * earlier versions made one role only.
 */
async function ensureDatabase(administration: PostgresConnection, password: string | undefined): Promise<void> {
  const client = new Client(administration);
  await client.connect();
  try {
    const found = await client.query<{ role: boolean; working: boolean; database: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AS role,
              EXISTS (SELECT FROM pg_roles WHERE rolname = $2) AS working,
              EXISTS (SELECT FROM pg_database WHERE datname = $1) AS database`,
      [databaseName, applicationRole],
    );
    const secret = password === undefined ? '' : ` PASSWORD ${client.escapeLiteral(password)}`;
    if (!found.rows[0]?.role) await client.query(`CREATE ROLE ${databaseName} LOGIN${secret}`);
    if (!found.rows[0]?.working) await client.query(`CREATE ROLE ${applicationRole} NOLOGIN`);
    const { rows: [right] } = await client.query<{ given: boolean }>("SELECT pg_has_role($1, $2, 'SET') AS given", [databaseName, applicationRole]);
    if (!right?.given) await client.query(`GRANT ${applicationRole} TO ${databaseName} WITH INHERIT FALSE, SET TRUE`);
    if (!found.rows[0]?.database) await client.query(`CREATE DATABASE ${databaseName} OWNER ${databaseName}`);
  } finally {
    await client.end();
  }
}

/** The password for systems without sockets, made on the first start and kept in the data directory. */
async function readPassword(dataDirectory: string): Promise<string> {
  const path = join(dataDirectory, 'postgres-password');
  const kept = await readFile(path, 'utf8').catch(() => '');
  if (kept !== '') return kept;
  const password = randomBytes(24).toString('base64url');
  const aside = `${path}.new`;
  await rm(aside, { force: true });
  await writeFile(aside, password, { mode: 0o600, flag: 'wx' });
  await rename(aside, path);
  return password;
}

function findFreePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error())));
    });
  });
}
