import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import pg from 'pg';
import { openTestProgram } from '../../../test/support/program.ts';
import { everyTenant } from '../db/database.ts';
import { advance, endOfLog, readFacts, registerReader, runReaders, type Reader } from './readers.ts';
import type { Fact } from './fact.ts';

const program = await openTestProgram();
after(() => program.close());
const { database, organization } = program;

/** A connection of its own, for transactions that overlap as the test wants them to. */
async function openClient(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: program.connectionString });
  await client.connect();
  return client;
}

const insert = `INSERT INTO fact (tenant_id, kind, actor_kind, data, occurred_at, recorded_at) VALUES ($1, 'organization.changed', 'system', $2, now(), now())`;
const begin = (client: pg.Client) => client.query(`BEGIN; SET LOCAL app.tenant = '${organization.tenantId}'`);
const tell = (client: pg.Client, mark: number) => client.query(insert, [organization.tenantId, JSON.stringify({ mark })]);

function collecting(name: string): { reader: Reader; marks: number[] } {
  const marks: number[] = [];
  return {
    marks,
    reader: { name, kinds: new Set(['organization.changed']), react: async (_transaction, facts) => void marks.push(...facts.map((fact: Fact) => fact.data['mark'] as number)) },
  };
}

async function readAll(reader: Reader): Promise<void> {
  while (await advance(database, reader) > 0);
}

test('a reader misses nothing when transactions commit in another order than they began', async () => {
  const { reader, marks } = collecting('out of order');
  await registerReader(database, reader.name);
  await readAll(reader);
  marks.length = 0;
  const [early, late] = [await openClient(), await openClient()];
  // The early transaction takes its number and its position first, and commits last.
  await begin(early);
  await tell(early, 1);
  await begin(late);
  await tell(late, 2);
  await late.query('COMMIT');
  await readAll(reader);
  assert.deepEqual(marks, [], 'what was committed meanwhile waits for the older transaction, or its fact would be jumped over');
  await early.query('COMMIT');
  await readAll(reader);
  assert.deepEqual(marks, [1, 2]);
  await Promise.all([early.end(), late.end()]);
});

test('an older transaction that rolls back holds nothing up for good', async () => {
  const { reader, marks } = collecting('rolled back');
  await registerReader(database, reader.name);
  await readAll(reader);
  marks.length = 0;
  const [early, late] = [await openClient(), await openClient()];
  await begin(early);
  await tell(early, 1);
  await begin(late);
  await tell(late, 2);
  await late.query('COMMIT');
  await early.query('ROLLBACK');
  await readAll(reader);
  assert.deepEqual(marks, [2]);
  await Promise.all([early.end(), late.end()]);
});

test('many writers at once, committing as it happens: every fact is read once, in the order of the log', async () => {
  const { reader, marks } = collecting('many writers');
  await registerReader(database, reader.name);
  await readAll(reader);
  const start = await database.transact(everyTenant, endOfLog);
  marks.length = 0;
  const writers = await Promise.all(Array.from({ length: 6 }, openClient));
  let writing = true;
  const reading = (async () => {
    while (writing) await advance(database, reader, 7);
  })();
  await Promise.all(writers.map(async (client, writer) => {
    for (let round = 0; round < 40; round += 1) {
      await begin(client);
      await tell(client, writer * 1_000 + round);
      // Different pauses shuffle the order of the commits.
      await client.query('SELECT pg_sleep($1)', [((writer * 7 + round * 3) % 5) / 1_000]);
      await client.query(round % 10 === 9 ? 'ROLLBACK' : 'COMMIT');
    }
    await client.end();
  }));
  writing = false;
  await reading;
  await readAll(reader);
  const expected = Array.from({ length: 6 }, (_, writer) => Array.from({ length: 40 }, (_, round) => round).filter((round) => round % 10 !== 9).map((round) => writer * 1_000 + round)).flat();
  assert.deepEqual([...marks].sort((a, b) => a - b), expected.sort((a, b) => a - b));
  const log = await database.transact(everyTenant, (transaction) => readFacts(transaction, start, 10_000));
  assert.deepEqual(marks, log.map((fact) => fact.data['mark']), 'in the order of the log');
});

test('a batch whose effect fails is taken again, and its cursor stands still', async () => {
  const { reader, marks } = collecting('failing');
  await registerReader(database, reader.name);
  await readAll(reader);
  marks.length = 0;
  const client = await openClient();
  await begin(client);
  await tell(client, 1);
  await client.query('COMMIT');
  await client.end();
  const failing: Reader = { ...reader, react: () => Promise.reject(new Error('the effect failed')) };
  await assert.rejects(() => advance(database, failing), /the effect failed/);
  await readAll(reader);
  assert.deepEqual(marks, [1]);
});

test('two nodes at one reader take each fact once', async () => {
  const { reader, marks } = collecting('two nodes');
  await registerReader(database, reader.name);
  await readAll(reader);
  marks.length = 0;
  const client = await openClient();
  for (let mark = 0; mark < 60; mark += 1) {
    await begin(client);
    await tell(client, mark);
    await client.query('COMMIT');
  }
  await client.end();
  await Promise.all(Array.from({ length: 4 }, async () => {
    for (let turn = 0; turn < 30; turn += 1) await advance(database, reader, 5);
  }));
  await readAll(reader);
  assert.deepEqual(marks, Array.from({ length: 60 }, (_, mark) => mark));
});

test('the end of the log is a place after which only later facts are read', async () => {
  const end = await database.transact(everyTenant, endOfLog);
  const client = await openClient();
  await begin(client);
  await tell(client, 77);
  await client.query('COMMIT');
  await client.end();
  const facts = await database.transact(everyTenant, (transaction) => readFacts(transaction, end, 10));
  assert.deepEqual(facts.map((fact) => fact.data['mark']), [77]);
});

/** Writes facts with these marks, each in a transaction of its own. */
async function tellAll(marks: readonly number[], kind = 'organization.changed'): Promise<void> {
  const client = await openClient();
  for (const mark of marks) {
    await begin(client);
    await client.query(insert.replace('organization.changed', kind), [organization.tenantId, JSON.stringify({ mark })]);
    await client.query('COMMIT');
  }
  await client.end();
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

const cursorOf = async (name: string) => (await program.database.look(everyTenant, { name: 'test.cursor', text: 'SELECT position FROM fact_reader WHERE name = $1' }, [name]) as { position: number }[])[0]!.position;

/** A log that keeps what is said. */
function listeningLog() {
  const said: Record<string, unknown>[] = [];
  const note = (entry: Record<string, unknown>) => void said.push(entry);
  return { said, log: { ...program.services.log, error: note, warn: note, info: note } as unknown as typeof program.services.log };
}

test('readers that are kept going take every wanted fact once and in order, and pass over the others', { timeout: 60_000 }, async () => {
  const [first, second, idle] = [collecting('kept going 1'), collecting('kept going 2'), collecting('kept going idle')];
  const unwanting: Reader = { ...idle.reader, kinds: new Set(['team.created']) };
  for (const { name } of [first.reader, second.reader, unwanting]) await registerReader(database, name);
  // Two nodes.
  const nodes = [1, 2].map(() => runReaders(database, [first.reader, second.reader, unwanting], program.services.log));
  const end = (await database.transact(everyTenant, endOfLog)).position;
  await until(async () => (await cursorOf('kept going idle')) >= end && (await cursorOf('kept going 1')) >= end && (await cursorOf('kept going 2')) >= end);
  first.marks.length = second.marks.length = 0;
  const marks = Array.from({ length: 700 }, (_, index) => 10_000 + index);
  const telling = tellAll(marks);
  const waking = setInterval(() => nodes.forEach((node) => node.wake()), 20);
  await telling;
  await until(() => first.marks.length >= marks.length && second.marks.length >= marks.length);
  clearInterval(waking);
  assert.deepEqual(first.marks, marks);
  assert.deepEqual(second.marks, marks);
  assert.deepEqual(idle.marks, []);
  const last = (await database.transact(everyTenant, endOfLog)).position;
  await until(async () => (await cursorOf('kept going idle')) >= last);
  await Promise.all(nodes.map((node) => node.stop()));
});

test('a fact whose effect fails is named, those before it are not held up by it, and it is done when it can be', { timeout: 60_000 }, async () => {
  const { reader, marks } = collecting('poisoned');
  await registerReader(database, reader.name);
  await readAll(reader);
  marks.length = 0;
  const all = Array.from({ length: 40 }, (_, index) => 20_000 + index);
  await tellAll(all);
  let mended = false;
  let calls = 0;
  const poisoned: Reader = {
    ...reader,
    react: async (transaction, facts) => {
      calls += 1;
      if (!mended && facts.some((fact) => fact.data['mark'] === 20_030)) throw new Error('cannot be done');
      await reader.react(transaction, facts);
    },
  };
  const { said, log } = listeningLog();
  const running = runReaders(database, [poisoned], log);
  await until(() => said.some((entry) => entry['fact'] !== undefined));
  assert.deepEqual(marks, all.slice(0, 30));
  assert.ok(calls <= 33, `one failing batch, then one by one: ${calls} calls`);
  const named = said.find((entry) => entry['fact'] !== undefined)!;
  assert.deepEqual([named['reader'], named['kind'], named['tenant']], ['poisoned', 'organization.changed', organization.tenantId]);
  mended = true;
  await until(() => marks.length === all.length);
  assert.deepEqual(marks, all);
  await running.stop();
});
