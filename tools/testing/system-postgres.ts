import { execFile, spawn } from 'node:child_process';
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
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
 */
export async function startSystemPostgres(): Promise<SystemPostgres | undefined> {
  const installed = await findInstalled();
  if (installed === undefined) return undefined;
  const identity = await chooseIdentity(undefined);
  const folder = await mkdtemp(join(tmpdir(), 'bihuan-system-'));
  if (identity.user !== undefined) await chown(folder, identity.user.uid, identity.user.gid);
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
    max_connections: '200',
    timezone: 'UTC',
  };
  const arguments_ = ['-D', cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const command = commandAs(identity, 'INT', join(installed.folder, 'postgres'), arguments_);
  const child = spawn(command.file, command.args, { ...command.options, cwd: folder, detached: true, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  const stop = async () => {
    child.kill('SIGINT');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  process.on('exit', () => child.kill('SIGINT'));

  await makeRole(folder, () => child.exitCode !== null || child.signalCode !== null);
  const url = new URL('postgresql://bihuan@localhost/postgres');
  url.searchParams.set('host', folder);
  return { version: installed.version, url: url.href, stop };
}

/** Makes an ordinary role, as the program should have one. Connecting is tried until the server takes it. */
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
    await client.query('CREATE ROLE bihuan LOGIN CREATEDB');
    await client.end();
    return;
  }
}

async function findInstalled(): Promise<{ folder: string; version: string } | undefined> {
  const debian = '/usr/lib/postgresql';
  const versions = await readdir(debian).catch((): string[] => []);
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(':').filter((folder) => folder.startsWith('/')),
  ];
  let best: { folder: string; version: string } | undefined;
  for (const folder of folders) {
    const answer = await promisify(execFile)(join(folder, 'initdb'), ['--version']).catch(() => undefined);
    const version = /\(PostgreSQL\) (\d+[^\s]*)/.exec(answer?.stdout ?? '')?.[1];
    if (version === undefined || Number.parseFloat(version) < oldestVersion) continue;
    if (best === undefined || Number.parseFloat(version) > Number.parseFloat(best.version)) best = { folder, version };
  }
  return best;
}
