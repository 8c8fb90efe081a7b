import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import pg from 'pg';
import { openTestProgram } from '../../../test/support/program.ts';
import { build, everyTenant, isDatabaseError, NeedsOwnTransaction, openDatabase, sharedStatement, statement, type Database, type Transaction } from './database.ts';
import { newId } from './uuid.ts';

const program = await openTestProgram();
/** Under the rights of the database user itself, which may end its own connections. */
const asOwner = openDatabase({ connection: { connectionString: program.connectionString }, role: null, connections: 2 });
after(async () => {
  await asOwner.close();
  await program.close();
});
const { database } = program;
const { tenantId } = program.organization;

const insertAccount = statement<never>('test.insert_account', "INSERT INTO account (tenant_id, id, name, created_at) VALUES ($1, $2, $3, now())");
const findAccounts = statement<{ id: string; name: string }>('test.find_accounts', 'SELECT id, name FROM account WHERE tenant_id = $1 AND name LIKE $2 ORDER BY name');
const transactionNumber = statement<{ number: string }>('test.transaction_number', 'SELECT pg_current_xact_id()::text AS number');
const ownProcess = statement<{ pid: number }>('test.own_process', 'SELECT pg_backend_pid() AS pid');

/** Writes an account and tells in which transaction. */
async function write(transaction: Transaction, name: string, id = newId()): Promise<string> {
  await transaction.query(insertAccount, [transaction.tenantId, id, name]);
  return (await transaction.query(transactionNumber, []))[0]!.number;
}

async function namesLike(pattern: string, tenant = tenantId): Promise<string[]> {
  return (await database.transact(tenant, (transaction) => transaction.query(findAccounts, [tenant, pattern]))).map((row) => row.name);
}

const grouped = <Result>(work: (transaction: Transaction) => Promise<Result>, tenant = tenantId) => database.transact(tenant, work, { grouped: true });

/** Waits until something holds. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a transaction alone', () => {
  test('is committed with what it wrote, and tells its callbacks afterwards', async () => {
    const seen: string[][] = [];
    await database.transact(tenantId, async (transaction) => {
      transaction.afterCommit(() => seen.push(['committed']));
      await write(transaction, 'alone 1');
      seen.push(['written']);
    });
    assert.deepEqual(seen, [['written'], ['committed']]);
    assert.deepEqual(await namesLike('alone 1'), ['alone 1']);
  });

  test('is rolled back whatever its work throws, and tells nobody', async () => {
    let told = false;
    await assert.rejects(database.transact(tenantId, async (transaction) => {
      transaction.afterCommit(() => (told = true));
      await write(transaction, 'thrown');
      throw new Error('second thoughts');
    }), /second thoughts/);
    assert.equal(told, false);
    assert.deepEqual(await namesLike('thrown'), []);
  });

  test('is noticed when its COMMIT was in truth a ROLLBACK, because a failed statement was passed over', async () => {
    let told = false;
    await assert.rejects(database.transact(tenantId, async (transaction) => {
      transaction.afterCommit(() => (told = true));
      await write(transaction, 'passed over');
      await transaction.query(statement('test.fails', 'SELECT 1 / 0'), []).catch(() => undefined);
      return 'as if all were well';
    }), /was rolled back/);
    assert.equal(told, false);
    assert.deepEqual(await namesLike('passed over'), []);
  });

  test('tells a violated constraint by its code and name', async () => {
    const id = newId();
    const twice = database.transact(tenantId, async (transaction) => {
      await write(transaction, 'same id', id);
      await write(transaction, 'same id', id);
    });
    await assert.rejects(twice, (error) => isDatabaseError(error, '23505') && isDatabaseError(error, '23505', 'account_pkey') && !isDatabaseError(error, '23505', 'role_pkey'));
  });

  test('can do nothing more once it is over: what a branch of its work still wanted does not slip into the next one', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    let branch: Promise<unknown> = Promise.resolve();
    await assert.rejects(database.transact(tenantId, async (transaction) => {
      branch = held.then(() => write(transaction, 'straggler'));
      branch.catch(() => undefined);
      await transaction.query(ownProcess, []);
      throw new Error('refused in another branch');
    }), /refused in another branch/);
    // All connections are at work for somebody else, so the straggler's own is among them.
    const others = Array.from({ length: 8 }, (_, index) => database.transact(tenantId, async (transaction) => {
      await write(transaction, `bystander ${index}`);
      release();
      await branch.catch(() => undefined);
    }));
    await Promise.all(others);
    await assert.rejects(branch, /over/);
    assert.deepEqual(await namesLike('straggler'), []);
  });

  test('is not begun for something that is no tenant', async () => {
    let ran = false;
    for (const wrong of ['', 'x', "'; DROP TABLE fact; --", `${tenantId}'`]) {
      await assert.rejects(database.transact(wrong, async () => {
        ran = true;
      }), /not a tenant/);
    }
    assert.equal(ran, false);
  });

  test('fails when its connection breaks, and the next one has a sound connection', async () => {
    await assert.rejects(database.transact(tenantId, async (transaction) => {
      await write(transaction, 'broken');
      const [{ pid } = { pid: 0 }] = await transaction.query(ownProcess, []);
      await asOwner.transact(tenantId, (other) => other.query(statement('test.terminate', 'SELECT pg_terminate_backend($1)'), [pid]));
      await write(transaction, 'broken');
    }), /terminat|not queryable/);
    await Promise.all(Array.from({ length: 12 }, () => database.transact(tenantId, (transaction) => transaction.query(transactionNumber, []))));
    assert.deepEqual(await namesLike('broken'), []);
  });

  test('may open another one inside, however many do so at once', { timeout: 20_000 }, async () => {
    // With one supply of connections each of these would hold one and wait for another, for ever.
    const small = openDatabase({ connection: { connectionString: program.connectionString }, role: null, connections: 2 });
    const inner = (name: string) => small.transact(tenantId, (transaction) => write(transaction, name));
    await Promise.all(Array.from({ length: 6 }, (_, index) => small.transact(tenantId, async (transaction) => {
      await write(transaction, `outer ${index}`);
      await inner(`inner ${index}`);
    })));
    await Promise.all(Array.from({ length: 6 }, (_, index) => small.transact(tenantId, () => inner(`inner grouped ${index}`), { grouped: true })));
    assert.equal((await namesLike('outer _')).length, 6);
    assert.equal((await namesLike('inner %')).length, 12);
    await small.close();
  });

  test('reads whole numbers as numbers and days as texts', async () => {
    const [row] = await database.transact(tenantId, (transaction) => transaction.query(
      statement<Record<string, unknown>>('test.types', "SELECT 9007199254740991::bigint AS whole, '2026-02-28'::date AS day"), []));
    assert.deepEqual(row, { whole: Number.MAX_SAFE_INTEGER, day: '2026-02-28' });
  });

  test('runs what the query builder wrote, for all rows or the first', async () => {
    const rows = await database.transact(tenantId, async (transaction) => {
      await write(transaction, 'built b');
      await write(transaction, 'built a');
      const query = build.selectFrom('account').select('name').where('tenant_id', '=', tenantId).where('name', 'like', 'built %').orderBy('name');
      const none = await transaction.first(query.where('name', '=', 'built c'));
      return { all: await transaction.run(query), first: await transaction.first(query), none };
    });
    assert.deepEqual(rows, { all: [{ name: 'built a' }, { name: 'built b' }], first: { name: 'built a' }, none: undefined });
  });
});

describe('grouped transactions', () => {
  test('that arrive together share one commit, each with its own result and callbacks', async () => {
    const told: number[] = [];
    const numbers = await Promise.all(Array.from({ length: 10 }, (_, index) => grouped(async (transaction) => {
      transaction.afterCommit(() => told.push(index));
      return write(transaction, `together ${index}`);
    })));
    assert.equal(new Set(numbers).size, 1, 'one transaction');
    assert.deepEqual(told, Array.from({ length: 10 }, (_, index) => index));
    assert.equal((await namesLike('together %')).length, 10);
  });

  test('refused before it has written, one leaves the others in their common commit', async () => {
    let told = false;
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, (_, index) => grouped(async (transaction) => {
      if (index !== 3) return write(transaction, `beside a refusal ${index}`);
      transaction.afterCommit(() => (told = true));
      await transaction.query(ownProcess, []);
      throw new Error('refused');
    })));
    const numbers = outcomes.map((outcome) => outcome.status === 'fulfilled' ? outcome.value : String(outcome.reason));
    assert.equal(numbers[3], 'Error: refused');
    assert.equal(new Set(numbers.filter((_, index) => index !== 3)).size, 1);
    assert.equal(told, false);
    assert.equal((await namesLike('beside a refusal %')).length, 5);
  });

  test('failed after it has written, one makes the group fall apart: each stands for itself, once', async () => {
    const runs = Array.from({ length: 5 }, () => 0);
    const told: number[] = [];
    const outcomes = await Promise.allSettled(runs.map((_, index) => grouped(async (transaction) => {
      runs[index]! += 1;
      transaction.afterCommit(() => told.push(index));
      const number = await write(transaction, `beside a failure ${index}`);
      if (index === 2) throw new Error('failed');
      return number;
    })));
    assert.deepEqual(outcomes.map((outcome) => outcome.status), ['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    const numbers = outcomes.flatMap((outcome) => outcome.status === 'fulfilled' ? [outcome.value] : []);
    assert.equal(new Set(numbers).size, 4, 'a transaction each');
    assert.deepEqual(runs, [2, 2, 2, 2, 2]);
    assert.deepEqual(told, [0, 1, 3, 4], 'only for what was committed, and once');
    assert.deepEqual(await namesLike('beside a failure %'), ['beside a failure 0', 'beside a failure 1', 'beside a failure 3', 'beside a failure 4']);
  });

  test('of two that write the same key one wins, and nobody else is harmed', async () => {
    const id = newId();
    const outcomes = await Promise.allSettled([
      grouped((transaction) => write(transaction, 'key a', id)),
      grouped((transaction) => write(transaction, 'key b', id)),
      grouped((transaction) => write(transaction, 'key c')),
    ]);
    assert.deepEqual(outcomes.map((outcome) => outcome.status), ['fulfilled', 'rejected', 'fulfilled']);
    assert.ok(outcomes[1]!.status === 'rejected' && isDatabaseError(outcomes[1].reason, '23505', 'account_pkey'));
    assert.deepEqual(await namesLike('key _'), ['key a', 'key c']);
  });

  test('passing over its failed statement, one does not take the others along', async () => {
    const outcomes = await Promise.allSettled([
      grouped((transaction) => write(transaction, 'sound 1')),
      grouped(async (transaction) => {
        await transaction.query(statement('test.fails', 'SELECT 1 / 0'), []).catch(() => undefined);
        return 'as if all were well';
      }),
      grouped((transaction) => write(transaction, 'sound 2')),
    ]);
    assert.deepEqual(outcomes.map((outcome) => outcome.status), ['fulfilled', 'rejected', 'fulfilled']);
    assert.deepEqual(await namesLike('sound _'), ['sound 1', 'sound 2']);
  });

  test('more than a group holds are committed in a few groups, each once', async () => {
    const numbers = await Promise.all(Array.from({ length: 200 }, (_, index) => grouped((transaction) => write(transaction, `crowd ${index}`))));
    const commits = new Set(numbers).size;
    assert.ok(commits >= 7 && commits < 50, `${commits} commits`);
    assert.equal((await namesLike('crowd %')).length, 200);
  });

  test('of two organizations never share one, and none waits for the other to run dry', async () => {
    const other = await program.foundAnother('group-neighbour');
    const outcome = await Promise.all([tenantId, other.tenantId, tenantId, other.tenantId].map((tenant, index) =>
      grouped(async (transaction) => ({ tenant, number: await write(transaction, `neighbour ${index}`) }), tenant)));
    assert.notEqual(outcome[0]!.number, outcome[1]!.number);
    assert.equal(outcome[0]!.number, outcome[2]!.number);
    assert.equal(outcome[1]!.number, outcome[3]!.number);
    assert.deepEqual(await namesLike('neighbour %'), ['neighbour 0', 'neighbour 2']);
    assert.deepEqual(await namesLike('neighbour %', other.tenantId), ['neighbour 1', 'neighbour 3']);
  });

  test('that may not be shared after all, one runs again in a transaction of its own, and the others keep theirs', async () => {
    const runs: boolean[] = [];
    const numbers = await Promise.all(Array.from({ length: 5 }, (_, index) => grouped(async (transaction) => {
      if (index !== 2) return write(transaction, `beside a loner ${index}`);
      runs.push(transaction.shared);
      await transaction.query(ownProcess, []);
      if (transaction.shared) throw new NeedsOwnTransaction();
      return write(transaction, 'loner');
    })));
    assert.deepEqual(runs, [true, false]);
    assert.equal(new Set(numbers).size, 2, 'one transaction for four, one for the fifth');
    assert.equal((await namesLike('beside a loner %')).length, 4);
    assert.deepEqual(await namesLike('loner'), ['loner']);
  });

  test('are told when another one of the same commit works on what they want to work on', async () => {
    const claimed = await Promise.all(['one', 'two', 'one', 'three'].map((what) => grouped(async (transaction) => transaction.claim(what))));
    assert.deepEqual(claimed, [true, true, false, true]);
    assert.deepEqual(await database.transact(tenantId, async (transaction) => [transaction.shared, transaction.claim('one'), transaction.claim('one')]), [false, true, true]);
  });

  test('a refused one cannot add anything to the commit of the others', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    let branch: Promise<unknown> = Promise.resolve();
    const outcomes = await Promise.allSettled([
      grouped(async (transaction) => {
        branch = held.then(() => write(transaction, 'group straggler'));
        branch.catch(() => undefined);
        throw new Error('refused in another branch');
      }),
      grouped((transaction) => {
        transaction.afterCommit(release);
        return write(transaction, 'beside a straggler');
      }),
    ]);
    assert.deepEqual(outcomes.map((outcome) => outcome.status), ['rejected', 'fulfilled']);
    await assert.rejects(branch, /over/);
    assert.deepEqual(await namesLike('group straggler'), []);
    assert.deepEqual(await namesLike('beside a straggler'), ['beside a straggler']);
  });
});

describe('a connection that is lost at the commit', () => {
  test('leaves the outcome open: what was grouped is not run again, as it may have been committed', async () => {
    const relay = await openRelay(program.connectionString);
    const through = openDatabase({ connection: { connectionString: relay.connectionString }, role: null, connections: 3, groupConnections: 1 });
    try {
      await through.ping();
      // The server commits, and nobody hears of it.
      relay.cutAfter('COMMIT');
      const outcomes = await Promise.allSettled(Array.from({ length: 4 }, (_, index) =>
        through.transact(tenantId, (transaction) => write(transaction, `open ${index}`), { grouped: true })));
      assert.deepEqual(outcomes.map((outcome) => outcome.status), ['rejected', 'rejected', 'rejected', 'rejected']);
      assert.ok(relay.wasCut());
      assert.deepEqual(await namesLike('open _'), ['open 0', 'open 1', 'open 2', 'open 3'], 'each once');
      await through.transact(tenantId, (transaction) => write(transaction, 'afterwards'), { grouped: true });
    } finally {
      await through.close();
      await relay.close();
    }
  });
});

describe('notifications', () => {
  test('arrive, also after the listening connection was cut', async () => {
    let heard = 0;
    const listener = openDatabase({ connection: { connectionString: `${program.connectionString}&application_name=listener` }, role: null, connections: 1 });
    const stop = await listener.listen('test_channel', () => (heard += 1));
    assert.equal(heard, 1, 'once at the beginning, for whatever was announced before');
    await database.notify('test_channel');
    await until(() => heard === 2);
    await cut(asOwner, 'listener');
    // Connected anew it asks to look, as nobody knows what was announced meanwhile.
    await until(() => heard === 3);
    await database.notify('test_channel');
    await until(() => heard === 4);
    await stop();
    await listener.close();
  });
});

async function cut(through: Database, name: string): Promise<void> {
  await through.transact(everyTenant, (transaction) => transaction.query(
    statement('test.cut', 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()'), [name]));
}

interface Relay {
  readonly connectionString: string;
  /** Lets a message of the client with this text pass once more, and cuts the connection when the server has answered. */
  cutAfter(text: string): void;
  wasCut(): boolean;
  close(): Promise<void>;
}

/** Stands between a client and the server of a connection string. */
async function openRelay(target: string): Promise<Relay> {
  const { host, port } = new pg.Client(target) as unknown as { host: string; port: number };
  const folder = await mkdtemp(join(tmpdir(), 'bihuan-relay-'));
  const sockets = new Set<Socket>();
  let wanted: string | null = null;
  let cutting = false;
  const relay = createServer((client) => {
    const server = host.startsWith('/') ? connect(join(host, `.s.PGSQL.${port}`)) : connect(port, host);
    let last = false;
    client.on('data', (chunk: Buffer) => {
      if (wanted !== null && chunk.includes(wanted)) [wanted, last] = [null, true];
      server.write(chunk);
    });
    server.on('data', (chunk: Buffer) => {
      if (!last) return void client.write(chunk);
      cutting = true;
      client.destroy();
      server.destroy();
    });
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => [client, server].forEach((end) => end.destroy()));
    }
  });
  await new Promise<void>((resolve) => relay.listen(join(folder, '.s.PGSQL.5432'), resolve));
  const url = new URL(target);
  url.searchParams.set('host', folder);
  url.searchParams.set('port', '5432');
  return {
    connectionString: url.href,
    cutAfter: (text) => (wanted = text),
    wasCut: () => cutting,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => relay.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

describe('a statement that callers of one commit share', () => {
  const insertTogether = sharedStatement<{ id: string; name: string }, never>('test.insert_together', `
    INSERT INTO account (tenant_id, id, name, created_at)
    SELECT $1, id, name, now() FROM json_to_recordset($2) AS given (id uuid, name text)`);
  const double = sharedStatement<{ number: number }, { twice: number; backend: number; asked: number }>('test.double', `
    SELECT place, number * 2 AS twice, pg_backend_pid() AS backend, count(*) OVER ()::int AS asked
    FROM json_to_recordset($2) AS given (place integer, number integer) WHERE number >= 0 AND $1::uuid IS NOT NULL`);

  test('is sent once for all, and gives each the rows that are its own', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, (_, number) => grouped((transaction) => transaction.queryTogether(double, { number }))));
    assert.deepEqual(answers.map((rows) => rows[0]!.twice), [0, 2, 4, 6, 8, 10, 12, 14]);
    assert.ok(Math.max(...answers.map((rows) => rows[0]!.asked)) > 1, 'at least some went together');
    assert.deepEqual(await grouped((transaction) => transaction.queryTogether(double, { number: -1 })), [], 'whoever gets no row gets none');
  });

  test('serves one who is alone, also several times in one transaction', async () => {
    const rows = await database.transact(tenantId, async (transaction) => [
      await transaction.queryTogether(double, { number: 4 }), await transaction.queryTogether(double, { number: 5 }),
    ]);
    assert.deepEqual(rows.map(([row]) => row!.twice), [8, 10]);
  });

  test('that fails because of one of them is done again for each, so that only that one fails', async () => {
    const taken = newId();
    await grouped((transaction) => transaction.queryTogether(insertTogether, { id: taken, name: 'shared 0' }));
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, (_, number) => grouped((transaction) =>
      transaction.queryTogether(insertTogether, { id: number === 3 ? taken : newId(), name: `shared ${number + 1}` }))));
    assert.deepEqual(outcomes.map(({ status }) => status), ['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    assert.deepEqual(await namesLike('shared %'), ['shared 0', 'shared 1', 'shared 2', 'shared 3', 'shared 5']);
  });

  test('is not sent for a transaction that is over', async () => {
    let kept: Transaction | undefined;
    await database.transact(tenantId, async (transaction) => void (kept = transaction));
    await assert.rejects(kept!.queryTogether(insertTogether, { id: newId(), name: 'too late' }), /over/);
    assert.deepEqual(await namesLike('too late'), []);
  });
});

test('a callback that throws after the commit undoes nothing and repeats nothing', async () => {
  const warned: Error[] = [];
  const listen = (warning: Error) => void warned.push(warning);
  process.on('warning', listen);
  let runs = 0;
  const answers = await Promise.all(Array.from({ length: 3 }, (_, number) => grouped(async (transaction) => {
    runs += 1;
    transaction.afterCommit(() => {
      if (number === 1) throw new Error('the wake-up failed');
    });
    await write(transaction, `callback ${number}`);
    return number;
  })));
  await until(() => warned.length > 0);
  process.off('warning', listen);
  assert.deepEqual(answers, [0, 1, 2]);
  assert.equal(runs, 3);
  assert.deepEqual(await namesLike('callback %'), ['callback 0', 'callback 1', 'callback 2']);
});

describe('a look', () => {
  test('sees what its tenant may see, and leaves the connection as it was', async () => {
    await database.transact(tenantId, (transaction) => write(transaction, 'looked at'));
    assert.equal((await database.look(tenantId, findAccounts, [tenantId, 'looked at'])).length, 1);
    assert.equal((await database.look(newId(), findAccounts, [tenantId, 'looked at'])).length, 0);
    assert.deepEqual(await namesLike('looked at'), ['looked at']);
  });

  test('that fails tells why, and its connection goes on', async () => {
    for (let time = 0; time < 20; time += 1) {
      await assert.rejects(database.look(tenantId, statement('test.look_fails', 'SELECT 1 / 0'), []), /division by zero/);
    }
    assert.deepEqual(await namesLike('looked at'), ['looked at']);
    await assert.rejects(database.look("x'; DROP TABLE account", findAccounts, []), /not a tenant/);
  });
});

test('what need not last is committed all the same', async () => {
  await database.transact(tenantId, (transaction) => write(transaction, 'not lasting'), { lasting: false });
  assert.deepEqual(await namesLike('not lasting'), ['not lasting']);
  const setting = statement<{ value: string }>('test.setting', "SELECT current_setting('synchronous_commit') AS value");
  await asOwner.transact(tenantId, async (transaction) => {
    await transaction.query(statement('test.on', "SELECT set_config('synchronous_commit', 'on', false)"), []);
  });
  const settings = (lasting: boolean) => Promise.all(Array.from({ length: 6 }, () => asOwner.transact(tenantId, (transaction) => transaction.query(setting, []), { lasting })));
  assert.ok((await settings(false)).every(([row]) => row!.value === 'off'));
  assert.ok((await settings(true)).some(([row]) => row!.value === 'on'), 'only for that one transaction');
});
