import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, statSync } from 'node:fs';
import { chown, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { temporaryPlace } from '../../../test/support/temporary-place.ts';
import { ConfigurationError } from '../config/configuration-error.ts';
import { startEmbeddedPostgres } from './embedded.ts';
import type { PostgresConnection } from './embedded.ts';
import { postgresProcessesOf, processBirth } from './processes.ts';

const program = join(import.meta.dirname, 'embedded.program.ts');
const isRoot = process.getuid?.() === 0;
const silent = () => undefined;
const run = promisify(execFile);

let workshop: string;
/** A data directory with a database that was stopped in order, to copy from. */
let ready: string;
const children = new Set<ChildProcess>();

/** Waits until no PostgreSQL works on a cluster any more. */
async function gone(cluster: string): Promise<void> {
  while ((await postgresProcessesOf(cluster)).length > 0) await wait(20);
}

/** Waits until something holds. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await wait(2);
}

async function freshCopy(name: string): Promise<string> {
  const directory = join(workshop, name);
  await run('cp', ['-a', ready, directory]);
  return directory;
}

interface Running {
  readonly child: ChildProcess;
  readonly connection: PostgresConnection;
  readonly processId: number;
}

function launch(dataDirectory: string, options: { lockPatience?: number; env?: NodeJS.ProcessEnv; uid?: number } = {}) {
  const child = spawn(process.execPath, [program, JSON.stringify({ dataDirectory, lockPatience: options.lockPatience })], {
    env: options.env ?? process.env,
    uid: options.uid,
    gid: options.uid,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  let output = '';
  let complaints = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const ended = new Promise<{ code: number | null; complaints: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, complaints }));
  });
  const isReady = async (): Promise<Running> => {
    await until(() => output.includes('\n') || child.exitCode !== null || child.signalCode !== null);
    assert.ok(output.includes('\n'), `the program ended early: ${complaints}`);
    return { child, ...(JSON.parse(output) as Omit<Running, 'child'>) };
  };
  return { child, ended, isReady };
}

async function query<Row>(connection: PostgresConnection, text: string): Promise<Row[]> {
  const client = new Client(connection);
  await client.connect();
  try {
    return (await client.query(text)).rows as Row[];
  } finally {
    await client.end();
  }
}

/** Starts in this process, counts the rows of the table that tests write to, and stops. */
async function countAfterRestart(dataDirectory: string): Promise<number> {
  const postgres = await startEmbeddedPostgres({ dataDirectory, log: silent });
  try {
    const rows = await query<{ count: number }>(postgres.connection, 'SELECT count(*)::int AS count FROM kept');
    return rows[0]?.count ?? 0;
  } finally {
    await postgres.stop();
  }
}

/** The environment of a machine that has neither setpriv nor flock. */
async function bareEnvironment(): Promise<NodeJS.ProcessEnv> {
  const folder = join(workshop, 'no-programs');
  await mkdir(folder, { recursive: true });
  return { PATH: folder };
}

describe('embedded PostgreSQL', { skip: process.platform === 'win32' }, () => {
  before(async () => {
    // mkdtemp makes it 0700: as root, every cluster below lies where its own user can't go.
    workshop = await mkdtemp(join(temporaryPlace(), 'bihuan-embedded-'));
    ready = join(workshop, 'ready');
  });

  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    for (const name of readdirSync(workshop)) {
      const cluster = join(workshop, name, 'postgres');
      for (const pid of await postgresProcessesOf(cluster)) process.kill(pid, 'SIGQUIT');
      await gone(cluster);
    }
    await rm(workshop, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });

  test('is made on the first start: UTF-8, durable, private, not as root, the program an ordinary role', async () => {
    const above = await stat(workshop);
    const postgres = await startEmbeddedPostgres({ dataDirectory: ready, log: silent });
    const [facts] = await query<Record<string, string>>(
      postgres.connection,
      `SELECT current_user AS role, rolsuper::text AS super, pg_encoding_to_char(encoding) AS encoding,
              current_setting('fsync') AS fsync, current_setting('full_page_writes') AS pages,
              current_setting('synchronous_commit') AS commit, current_setting('listen_addresses') AS addresses,
              current_setting('timezone') AS zone, current_setting('jit') AS jit, upper('é') AS upper
       FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()`,
    );
    assert.deepEqual(facts, {
      role: 'bihuan',
      super: 'false',
      encoding: 'UTF8',
      fsync: 'on',
      pages: 'on',
      commit: 'on',
      addresses: '',
      zone: 'UTC',
      jit: 'off',
      upper: 'É',
    });
    await query(postgres.connection, 'CREATE EXTENSION pg_trgm; CREATE TABLE kept (id int PRIMARY KEY); INSERT INTO kept VALUES (1)');
    const [trigrams] = await query<{ found: number }>(
      postgres.connection,
      `SELECT cardinality(show_trgm('水管爆裂')) AS found`,
    );
    assert.ok((trigrams?.found ?? 0) > 0, 'pg_trgm takes Chinese characters for letters');

    if (isRoot) assert.notEqual(statSync(`/proc/${postgres.processId}`).uid, 0);
    assert.equal(statSync(ready).mode & 0o777, 0o700);
    assert.equal(statSync(workshop).mode, above.mode, 'folders above keep their permissions');
    assert.equal(statSync(workshop).uid, above.uid);

    const socket = postgres.connection.host;
    assert.equal(statSync(socket).mode & 0o777, 0o700);
    await postgres.stop();
    await postgres.stop();
    assert.deepEqual(await postgres.ended, { code: 0, signal: null });
    assert.equal(existsSync(dirname(socket)), false, 'the folder of the socket is removed');
    assert.deepEqual(await postgresProcessesOf(join(ready, 'postgres')), []);
  });

  test('a data directory of a version without the role to work under gets it at the next start', async () => {
    const dataDirectory = await freshCopy('earlier');
    const start = () => startEmbeddedPostgres({ dataDirectory, log: silent });
    const rights = async ({ connection }: { connection: PostgresConnection }) => (await query<Record<string, boolean>>(connection,
      `SELECT rolcanlogin AS enters, rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb AS mighty, pg_has_role('bihuan', oid, 'SET') AS open FROM pg_roles WHERE rolname = 'bihuan_app'`))[0];
    const expected = { enters: false, mighty: false, open: true };
    for (const damage of [null, 'REVOKE bihuan_app FROM bihuan', 'DROP ROLE bihuan_app']) {
      const postgres = await start();
      try {
        assert.deepEqual(await rights(postgres), expected, damage ?? 'as it was');
        if (damage !== null) await query(postgres.administration, damage);
      } finally {
        await postgres.stop();
      }
    }
    const last = await start();
    try {
      assert.deepEqual(await rights(last), expected);
    } finally {
      await last.stop();
    }
  });

  test('other processes of its own user are refused', { skip: !(isRoot && process.platform === 'linux') && 'needs root on Linux' }, async () => {
    const dataDirectory = await freshCopy('peers');
    const postgres = await startEmbeddedPostgres({ dataDirectory, log: silent });
    try {
      const uid = statSync(join(dataDirectory, 'postgres')).uid;
      const hello = Buffer.from(`\0\0\0\0\0\x03\0\0user\0bihuan\0database\0bihuan\0\0`, 'latin1');
      hello.writeUInt32BE(hello.length);
      const script = `const s = require('node:net').connect(${JSON.stringify(join(postgres.connection.host, '.s.PGSQL.5432'))});
        s.write(Buffer.from(${JSON.stringify(hello.toString('hex'))}, 'hex')); s.pipe(process.stdout)`;
      // By descriptor, for the path of this Node may lead where that user can't go.
      const node = openSync(process.execPath, 'r');
      const child = spawn('/proc/self/fd/3', ['-e', script], { uid, gid: uid, cwd: '/', stdio: ['ignore', 'pipe', 'inherit', node] });
      closeSync(node);
      const stdout = await text(child.stdout as NodeJS.ReadableStream);
      assert.match(stdout, /Peer authentication failed for user "bihuan"/);
      assert.equal((await query(postgres.connection, 'SELECT 1')).length, 1);
    } finally {
      await postgres.stop();
    }
  });

  test('ends soon after its program is killed, and the next start has everything', async (context) => {
    const dataDirectory = await freshCopy('killed');
    const { child, connection, processId } = await launch(dataDirectory).isReady();
    await query(connection, 'INSERT INTO kept VALUES (2)');
    child.kill('SIGKILL');
    if (process.platform === 'linux') await until(async () => (await processBirth(processId)) === undefined);
    else context.diagnostic('nothing signals the death of a parent here');
    assert.equal(await countAfterRestart(dataDirectory), 2);
  });

  test('an orphan is stopped by the next start, where nothing ended it with its program', async () => {
    const dataDirectory = await freshCopy('orphan');
    const { child, connection, processId } = await launch(dataDirectory, { env: await bareEnvironment() }).isReady();
    const open = new Client(connection);
    open.on('error', silent);
    await open.connect();
    await open.query('BEGIN; LOCK TABLE kept');
    child.kill('SIGKILL');
    await until(() => child.signalCode !== null);
    await wait(300);
    assert.notEqual(await processBirth(processId), undefined, 'the orphan lives');
    assert.equal(await countAfterRestart(dataDirectory), 1);
    assert.equal(await processBirth(processId), undefined);
    await open.end().catch(silent);
  });

  test('what was acknowledged survives the kill of program and server together', async () => {
    const dataDirectory = await freshCopy('both');
    const { child, connection, processId } = await launch(dataDirectory).isReady();
    const client = new Client(connection);
    client.on('error', silent);
    await client.connect();
    let acknowledged = 1;
    const writing = (async () => {
      for (;;) {
        await client.query('INSERT INTO kept VALUES ($1)', [acknowledged + 1]);
        acknowledged += 1;
      }
    })().catch(silent);
    await until(() => acknowledged > 200);
    process.kill(processId, 'SIGKILL');
    child.kill('SIGKILL');
    await writing;
    assert.ok(existsSync(join(dataDirectory, 'postgres', 'postmaster.pid')), 'a stale pid file is left');
    const found = await countAfterRestart(dataDirectory);
    // The last one may have been written and not yet acknowledged.
    assert.ok(found === acknowledged || found === acknowledged + 1, `${found} of ${acknowledged}`);
  });

  test('a stale pid file whose number now belongs to something else is seen through', async () => {
    const dataDirectory = await freshCopy('reused');
    const cluster = join(dataDirectory, 'postgres');
    const { uid, gid } = statSync(cluster);
    // Of the same user, so that PostgreSQL's own check would take it for a running server.
    const stranger = spawn('/bin/sleep', ['600'], { uid: isRoot ? uid : undefined, gid: isRoot ? gid : undefined, cwd: '/' });
    children.add(stranger);
    await writeFile(join(cluster, 'postmaster.pid'), `${stranger.pid}\n/proc/self/fd/3\n1700000000\n5432\n/tmp\n\n  1234 1\nready   \n`, {
      mode: 0o600,
    });
    if (isRoot) await chown(join(cluster, 'postmaster.pid'), uid, gid);
    assert.equal(await countAfterRestart(dataDirectory), 1);
    assert.equal(stranger.exitCode ?? stranger.signalCode, null, 'the stranger is left alone');
    stranger.kill('SIGKILL');
  });

  test('killed while the database is being made, at several moments, it is made by the next start', async () => {
    const dataDirectory = join(workshop, 'half-made');
    const inside = (name: string) => () =>
      existsSync(dataDirectory) &&
      readdirSync(dataDirectory).some((half) => half.startsWith('postgres.new-') && existsSync(join(dataDirectory, half, name)));
    const moments = [
      inside('.'),
      inside('postgresql.conf'),
      inside('global/pg_control'),
      inside('base/4'),
      () => existsSync(join(dataDirectory, 'postgres')),
    ];
    for (const moment of moments) {
      const { child, ended } = launch(dataDirectory);
      await until(() => moment() || child.exitCode !== null);
      child.kill('SIGKILL');
      assert.equal((await ended).code, null, 'it was killed before it ended');
      await rm(join(dataDirectory, 'postgres'), { recursive: true, force: true, maxRetries: 5 }).catch(silent);
    }
    const last = launch(dataDirectory);
    await until(inside('global/pg_control'));
    last.child.kill('SIGKILL');
    const postgres = await startEmbeddedPostgres({ dataDirectory, log: silent });
    try {
      assert.deepEqual(await query(postgres.connection, 'SELECT 1 AS one'), [{ one: 1 }]);
      assert.deepEqual(
        readdirSync(dataDirectory).filter((name) => name.startsWith('postgres.new-')),
        [],
      );
    } finally {
      await postgres.stop();
    }
  });

  test('killed while it starts, at several moments, it starts the next time', async () => {
    const dataDirectory = await freshCopy('starting');
    for (const moment of [() => existsSync(join(dataDirectory, 'postgres.run')), () => existsSync(join(dataDirectory, 'postgres', 'postmaster.pid'))]) {
      const { child, ended } = launch(dataDirectory);
      await until(moment);
      child.kill('SIGKILL');
      await ended;
    }
    assert.equal(await countAfterRestart(dataDirectory), 1);
  });

  test('a second program on the same data directory is refused with one line, and gets in once the first is gone', async () => {
    const dataDirectory = await freshCopy('shared');
    for (const env of [process.env, await bareEnvironment()]) {
      const first = await launch(dataDirectory, { env }).isReady();
      for (const other of [process.env, await bareEnvironment()]) {
        const second = await launch(dataDirectory, { lockPatience: 0, env: other }).ended;
        assert.equal(second.code, 1);
        const refusal = second.complaints.trimEnd().split('\n').at(-1) ?? '';
        assert.match(refusal, /^DATA_DIR must .*in use by process \d+/);
        assert.ok(refusal.includes(String(first.child.pid)));
      }
      assert.equal((await query(first.connection, 'SELECT 1')).length, 1, 'the first goes on');

      const third = launch(dataDirectory, { lockPatience: 60_000, env });
      await wait(400);
      first.child.kill('SIGTERM');
      const { child, connection } = await third.isReady();
      assert.equal((await query(connection, 'SELECT 1')).length, 1);
      child.kill('SIGTERM');
      await third.ended;
    }
  });

  test('of two programs started together on an empty data directory one wins', async () => {
    const dataDirectory = join(workshop, 'race');
    const contenders = [launch(dataDirectory, { lockPatience: 0 }), launch(dataDirectory, { lockPatience: 0 })];
    const loser = await Promise.race(contenders.map(async ({ ended }) => ended));
    assert.equal(loser.code, 1);
    assert.match(loser.complaints, /in use by process/);
    const winner = contenders.find(({ child }) => child.exitCode === null);
    assert.ok(winner);
    const { child, connection } = await winner.isReady();
    assert.equal((await query(connection, 'SELECT 1')).length, 1);
    child.kill('SIGTERM');
    assert.equal((await winner.ended).code, 0);
  });

  test('works under a path too long for a socket, with blanks and quotes in it', async () => {
    const dataDirectory = join(workshop, `${'long'.repeat(40)} and "odd" 数据`, "it's");
    await mkdir(dirname(dataDirectory));
    await run('cp', ['-a', ready, dataDirectory]);
    assert.equal(await countAfterRestart(dataDirectory), 1);
  });

  test('a server that ends by itself is noticed', async () => {
    const dataDirectory = await freshCopy('crashed');
    const postgres = await startEmbeddedPostgres({ dataDirectory, log: silent });
    process.kill(postgres.processId, 'SIGKILL');
    assert.deepEqual(await postgres.ended, { code: null, signal: 'SIGKILL' });
    await postgres.stop();
    await gone(join(dataDirectory, 'postgres'));
    assert.equal(await countAfterRestart(dataDirectory), 1);
  });

  test('a server that cannot start says why, and leaves the data directory free', async () => {
    const dataDirectory = await freshCopy('refusing');
    await assert.rejects(
      startEmbeddedPostgres({ dataDirectory, log: silent, settings: { shared_buffers: 'much' } }),
      /PostgreSQL did not start: .*\n.*invalid value for parameter "shared_buffers"/s,
    );
    assert.equal(await countAfterRestart(dataDirectory), 1);
  });

  test('a data directory that cannot be is refused by name', async () => {
    const file = join(workshop, 'a-file');
    await writeFile(file, '');
    await assert.rejects(startEmbeddedPostgres({ dataDirectory: join(file, 'data'), log: silent }), (error) => {
      assert.ok(error instanceof ConfigurationError);
      assert.match(error.message, /^DATA_DIR must be a folder/);
      return true;
    });
  });

  test('runs for an ordinary user as well', { skip: !isRoot && 'is what all the others do' }, async (context) => {
    const nobody = statSync(join(ready, 'postgres')).uid;
    try {
      execFileSync(process.execPath, ['-e', `fs.readFileSync(${JSON.stringify(program)})`], { uid: nobody, stdio: 'ignore' });
    } catch {
      return context.skip('the checkout lies where an ordinary user cannot go');
    }
    const home = await mkdtemp(join(temporaryPlace(), 'bihuan-ordinary-'));
    await chown(home, nobody, nobody);
    const dataDirectory = join(home, 'data');
    for (let round = 0; round < 2; round += 1) {
      const { child, ended, isReady } = launch(dataDirectory, { uid: nobody, env: { PATH: process.env['PATH'] } });
      const { processId } = await isReady();
      assert.equal(statSync(`/proc/${processId}`).uid, nobody);
      child.kill(round === 0 ? 'SIGKILL' : 'SIGTERM');
      await ended;
    }
    await gone(join(dataDirectory, 'postgres'));
    await rm(home, { recursive: true });
  });
});
