import { execFile, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { chown, mkdtemp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { temporaryPlace } from '../../test/support/temporary-place.ts';
import { chooseIdentity, commandAs } from '../../server/platform/postgres/identity.ts';

/** A PostgreSQL of the machine's own, running on a throw-away cluster. */
export interface SystemPostgres {
  readonly version: string;
  /** For `TEST_DATABASE_URL`. */
  readonly url: string;
  stop(): Promise<void>;
}

const oldestVersion = 15;

/**
 * Starts the newest PostgreSQL that is installed on the machine, as an ordinary user and on a socket only.
 *
 * @returns undefined when there is none of version 15 or newer
 * @throws {Error} when there is one, and it cannot be made or started; nothing of it is left then
 */
export async function startSystemPostgres(): Promise<SystemPostgres | undefined> {
  const installed = await findInstalled();
  if (installed === undefined) return undefined;
  const identity = await chooseIdentity(undefined);
  const folder = await mkdtemp(join(temporaryPlace(), `bihuan-system-${process.pid}-`));
  if (identity.user !== undefined) await chown(folder, identity.user.uid, identity.user.gid);
  const removeFolder = () => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  // Whatever ends the run early.
  process.on('exit', removeFolder);
  try {
    return await startIn(folder, installed, identity, removeFolder);
  } catch (error) {
    removeFolder();
    throw error;
  }
}

async function startIn(folder: string, installed: Installed, identity: Awaited<ReturnType<typeof chooseIdentity>>, removeFolder: () => void): Promise<SystemPostgres> {
  const cluster = join(folder, 'cluster');
  const making = ['-D', cluster, '-U', 'postgres', '-E', 'UTF8', '--locale=C.UTF-8', '-A', 'trust', '--no-sync'];
  const initdb = commandAs(identity, 'KILL', join(installed.folder, 'initdb'), making);
  await promisify(execFile)(initdb.file, initdb.args, { ...initdb.options, cwd: folder });

  const settings = {
    listen_addresses: '',
    unix_socket_directories: folder,
    fsync: 'off',
    full_page_writes: 'off',
    synchronous_commit: 'off',
    max_wal_size: '256MB',
    checkpoint_timeout: '1h',
    max_connections: '200',
    autovacuum: 'off',
    // Without it a plan that only looks dear, as nothing was analyzed, is compiled for longer than it runs.
    jit: 'off',
    timezone: 'UTC',
  };
  const arguments_ = ['-D', cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const command = commandAs(identity, 'INT', join(installed.folder, 'postgres'), arguments_);
  const child = spawn(command.file, command.args, { ...command.options, cwd: folder, detached: true, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  const stop = async () => {
    child.kill('SIGINT');
    await ended;
    removeFolder();
  };
  // Before the folder goes: hooks run in the order in which they came.
  process.prependListener('exit', () => child.kill('SIGINT'));
  child.on('error', () => undefined);

  await makeRole(folder, () => child.pid === undefined || child.exitCode !== null || child.signalCode !== null);
  const url = new URL('postgresql://bihuan@localhost/postgres');
  url.searchParams.set('host', folder);
  return { version: installed.version, url: url.href, stop };
}

/** Makes an ordinary role that may make roles, as the program should have one. Connecting is tried until the server takes it. */
async function makeRole(folder: string, hasEnded: () => boolean): Promise<void> {
  for (;;) {
    const client = new pg.Client({ host: folder, user: 'postgres', database: 'postgres' });
    try {
      await client.connect();
    } catch (error) {
      if (hasEnded()) throw new Error('The PostgreSQL of the system did not start.', { cause: error });
      await wait(50);
      continue;
    }
    await client.query('CREATE ROLE bihuan LOGIN CREATEDB CREATEROLE');
    await client.end();
    return;
  }
}

interface Installed {
  /** Where its programs are. */
  readonly folder: string;
  readonly version: string;
}

async function findInstalled(): Promise<Installed | undefined> {
  const debian = '/usr/lib/postgresql';
  const versions = await readdir(debian).catch((): string[] => []);
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(':').filter((folder) => folder.startsWith('/')),
  ];
  let best: Installed | undefined;
  for (const folder of folders) {
    const answer = await promisify(execFile)(join(folder, 'initdb'), ['--version']).catch(() => undefined);
    const version = /\(PostgreSQL\) (\d+[^\s]*)/.exec(answer?.stdout ?? '')?.[1];
    if (version === undefined || Number.parseFloat(version) < oldestVersion) continue;
    if (best === undefined || Number.parseFloat(version) > Number.parseFloat(best.version)) best = { folder, version };
  }
  return best;
}
