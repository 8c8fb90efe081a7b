import assert from 'node:assert/strict';
import { get } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type pg from 'pg';
import { migrate } from '../../server/platform/db/migrate.ts';
import { openTestCluster } from '../support/postgres.ts';
import { ensureReadersExact, ensureWhole } from './invariants.ts';
import { apiKey, call, create, makeDirectory, newTicket, openClient, startProgram, until, type Answer, type ProgramProcess } from './program-process.ts';

async function leaveEmpty(): Promise<void> {}

/** A database, empty or migrated, and what every node on it is started with. */
async function prepare(bring: (connection: pg.ClientConfig) => Promise<unknown>): Promise<{ client: pg.Client; start: (role: 'all' | 'web' | 'worker') => Promise<ProgramProcess> }> {
  const database = await (await openTestCluster(bring)).cloneDatabase();
  const directory = makeDirectory();
  let nodes = 0;
  return {
    client: await openClient(database.connection),
    start: (role) => startProgram({ ROLE: role, DATABASE_URL: database.connectionString, SECRET_KEY: 'the key that all nodes of this test share', DATA_DIR: join(directory, `node-${(nodes += 1)}`) }),
  };
}

async function stop(...programs: ProgramProcess[]): Promise<void> {
  for (const program of programs) program.kill('SIGTERM');
  for (const program of programs) {
    const { code, complaints } = await program.ended;
    assert.deepEqual([code, complaints], [0, '']);
  }
}

interface FeedEvent {
  id: string;
  event: string;
  data: { kind?: string; ticketId?: string };
}

/** Follows what happens, as a page does; `lost` breaks the connection. */
function follow(program: ProgramProcess, lastEventId?: string): { events: FeedEvent[]; lost: () => void } {
  const events: FeedEvent[] = [];
  const request = get(new URL('/api/v1/feed', program.url), { headers: { authorization: `Bearer ${apiKey}`, ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) } }, (response) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('error', () => undefined);
    response.on('data', (chunk: string) => {
      text += chunk;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const fields = Object.fromEntries(text.slice(0, end).split('\n').map((line) => line.split(/: (.*)/s) as [string, string]));
        text = text.slice(end + 2);
        if (fields['event'] !== undefined) events.push({ id: fields['id']!, event: fields['event'], data: JSON.parse(fields['data']!) as FeedEvent['data'] });
      }
    });
  });
  request.on('error', () => undefined);
  return { events, lost: () => request.destroy() };
}

const createdIn = (events: readonly FeedEvent[]) => events.filter((event) => event.data.kind === 'ticket.created').map((event) => event.data.ticketId!);

describe('two nodes that do everything, on one database', () => {
  let client: pg.Client;
  let nodes: [ProgramProcess, ProgramProcess];

  before(async () => {
    const prepared = await prepare(leaveEmpty);
    client = prepared.client;
    // Together, on an empty database: one founds, the other finds it founded.
    nodes = await Promise.all([prepared.start('all'), prepared.start('all')]);
  });
  after(async () => {
    await client.end();
    await stop(...nodes);
  });

  test('found one organization with one administrator', async () => {
    const { rows: [counts] } = await client.query("SELECT (SELECT count(*)::int FROM organization) AS organizations, (SELECT count(*)::int FROM staff) AS staff, (SELECT count(*)::int FROM api_key) AS keys, (SELECT count(*)::int FROM fact WHERE kind = 'organization.created') AS facts");
    assert.deepEqual(counts, { organizations: 1, staff: 1, keys: 1, facts: 1 });
  });

  test('tell on one what happens on the other, and after a break of the connection what was missed, each once', async () => {
    const [here, there] = nodes;
    const first = follow(here);
    await until(() => first.events.some((event) => event.event === 'ready'));
    const seen = (await create(there, 'seen', 0)).answer!.body.id as string;
    await until(() => createdIn(first.events).includes(seen));
    const { id } = first.events.at(-1)!;
    first.lost();
    const missed = await Promise.all(Array.from({ length: 20 }, async (_, index) => (await create(nodes[index % 2]!, 'missed', index)).answer!.body.id as string));
    // The page may find itself connected to another node.
    const second = follow(there, id);
    const afterwards = (await create(here, 'afterwards', 0)).answer!.body.id as string;
    await until(() => createdIn(second.events).includes(afterwards));
    assert.deepEqual(createdIn(second.events).toSorted(), [...missed, afterwards].toSorted());
    second.lost();
  });

  test('give a request with a key its effect once, whichever node it reaches, at once or later', async () => {
    const keys = Array.from({ length: 40 }, (_, index) => `both-${index}`);
    const ask = (node: ProgramProcess, index: number): Promise<Answer> => call(node, 'POST', '/tickets', { body: newTicket('both', index), headers: { 'idempotency-key': keys[index]! } });
    const pairs = await Promise.all(keys.map((_, index) => Promise.all(nodes.map((node) => ask(node, index)))));
    for (const pair of pairs) {
      const done = pair.filter((answer) => answer.status === 201);
      assert.ok(done.length >= 1 && pair.every((answer) => answer.status === 201 || answer.body.code === 'idempotency_key_in_flight'), JSON.stringify(pair.map((answer) => answer.body)));
      assert.equal(new Set(done.map((answer) => answer.body.id)).size, 1);
    }
    const { rows } = await client.query("SELECT subject, id FROM ticket WHERE subject LIKE 'both %'");
    assert.equal(rows.length, 40);
    for (const [index, pair] of pairs.entries()) {
      for (const node of nodes) {
        const again = await ask(node, index);
        assert.deepEqual([again.status, again.headers['idempotency-replayed']], [201, 'true']);
        assert.equal(again.body.id, pair.find((answer) => answer.status === 201)!.body.id);
      }
    }
    const other = await call(nodes[1], 'POST', '/tickets', { body: newTicket('other', 0), headers: { 'idempotency-key': keys[0]! } });
    assert.equal(other.body.code, 'idempotency_key_reused');
  });

  test('carry out each timer once', async () => {
    const tickets = await Promise.all(Array.from({ length: 20 }, async (_, index) => (await create(nodes[index % 2]!, 'timed', index)).answer!.body as { id: string }));
    // As if they had been resolved a week ago.
    const ids = tickets.map((ticket) => ticket.id);
    await client.query('BEGIN');
    await client.query("UPDATE ticket SET status = 'resolved', resolved_at = now() - interval '8 days' WHERE id = ANY($1)", [ids]);
    await client.query("INSERT INTO timer (tenant_id, kind, subject_id, due_at) SELECT tenant_id, 'ticket.close_after_silence', id, now() - interval '1 day' FROM ticket WHERE id = ANY($1)", [ids]);
    await client.query('COMMIT');
    await until(async () => (await client.query('SELECT 1 FROM timer')).rowCount === 0);
    const { rows } = await client.query("SELECT ticket_id, count(*)::int AS count FROM fact WHERE kind = 'ticket.closed' GROUP BY ticket_id");
    assert.deepEqual(rows.map((row) => row.ticket_id).sort(), ids.toSorted());
    assert.ok(rows.every((row) => row.count === 1));
  });
});

describe('a node for people and a node for the work behind', () => {
  test('share the work: readers on the one take each fact of the other once, and only the first answers people', async () => {
    const { client, start } = await prepare(migrate);
    const web = await start('web');
    // Nobody reads yet; what happens now waits in the log.
    const early = await Promise.all(Array.from({ length: 100 }, (_, index) => create(web, 'early', index)));
    assert.ok(early.every(({ answer }) => answer?.status === 201));
    assert.deepEqual((await client.query('SELECT * FROM fact_reader')).rows, []);

    const workers = await Promise.all([start('worker'), start('worker')]);
    const late = await Promise.all(Array.from({ length: 200 }, (_, index) => create(web, 'late', index)));
    assert.ok(late.every(({ answer }) => answer?.status === 201));
    await ensureReadersExact(client);
    await ensureWhole(client);
    const found = await call(web, 'GET', `/tickets?q=${encodeURIComponent('late 199')}`);
    assert.ok(found.body.items.some((ticket: { subject: string }) => ticket.subject === 'late 199'));

    for (const worker of workers) {
      assert.equal((await call(worker, 'GET', '/readyz')).status, 200);
      assert.equal((await call(worker, 'GET', '/tickets')).status, 404);
    }
    await client.end();
    await stop(web, ...workers);
  });

  test('a killed worker leaves nothing undone that another does not take up', async () => {
    const { client, start } = await prepare(migrate);
    const [web, doomed] = await Promise.all([start('web'), start('worker')]);
    let answered = 0;
    await Promise.all(Array.from({ length: 200 }, async (_, index) => {
      const { answer } = await create(web, 'taken-up', index);
      assert.equal(answer?.status, 201);
      if ((answered += 1) === 80) doomed.kill('SIGKILL');
    }));
    await doomed.ended;
    const heir = await start('worker');
    await ensureReadersExact(client);
    await client.end();
    await stop(web, heir);
  });
});
