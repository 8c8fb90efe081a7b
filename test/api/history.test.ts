import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { build, everyTenant } from '../../server/platform/db/database.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { sealUpTo } from '../../server/platform/facts/anchors.ts';
import { nextLink, type NewFact } from '../../server/platform/facts/fact.ts';
import { verifyHistories, type BrokenLink } from '../../server/platform/facts/verify.ts';
import { openTestProgram, type TestProgram } from '../support/program.ts';
import { act, assertProblem, done, newTicket } from './scene.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- answers of every shape
type Any = any;

describe('the history of tickets', () => {
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram({ limits: { signedIn: 1_000_000, anonymous: 1_000_000, signIn: 1_000_000, openUploads: 1_000_000, phoneSignIn: 1_000_000 } });
  });
  after(() => program?.close());

  const verify = async (id: string, language = 'en'): Promise<Any> => (await done(program.call('GET', `/tickets/${id}/history/verification`, { as: 'administrator', headers: { 'accept-language': language } }))).body;
  const verifyAll = async (): Promise<Map<string, BrokenLink>> => {
    const found = new Map<string, BrokenLink>();
    await verifyHistories(program.database, program.organization.tenantId, (broken) => {
      assert.ok(!found.has(broken.ticketId), 'each is told of once');
      found.set(broken.ticketId, broken);
    });
    return found;
  };
  /** As somebody who has the database in their hands. */
  const tamper = async (text: string, values: unknown[] = []): Promise<number> => {
    const client = new pg.Client({ connectionString: program.connectionString });
    await client.connect();
    try {
      await client.query(`SET app.tenant = '${everyTenant}'`);
      await client.query('GRANT UPDATE, DELETE ON fact TO CURRENT_USER');
      return (await client.query(text, values)).rowCount ?? 0;
    } finally {
      await client.end();
    }
  };
  /** A ticket with a life of seven facts. */
  const live = async (): Promise<Any> => {
    const ticket = await newTicket(program, { requester: { name: '王芳🙂', phone: '13800001111' }, location: { lat: 30.274_123_4, lng: 1e-7, address: '3幢' } });
    await done(program.call('POST', `/tickets/${ticket.id}/comments`, { as: 'agent', body: { body: '引号"与\\反斜杠\n换行 ‮ العربية', visibility: 'internal' } }));
    await done(program.call('PATCH', `/tickets/${ticket.id}`, { as: 'agent', body: { subject: '改了', tags: ['a', 'b'], priority: 'high' }, headers: { 'if-match': '*' } }));
    await act(program, ticket.id, 'wait', { for: 'part', reason: '缺件' });
    await act(program, ticket.id, 'resume');
    await act(program, ticket.id, 'resolve', { resolution: '已修' });
    await act(program, ticket.id, 'close', { reason: '客户确认' });
    assert.deepEqual([(await verify(ticket.id)).intact, (await verify(ticket.id)).length], [true, 7]);
    return ticket;
  };
  const factsOf = (id: string): Promise<Any[]> => program.database.transact(program.organization.tenantId, (transaction) => transaction.run(build.selectFrom('fact').selectAll().where('tenant_id', '=', program.organization.tenantId).where('ticket_id', '=', id).orderBy('ticket_position')));
  const factOf = (row: Any, data = row.data): NewFact => ({ kind: row.kind, actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name }, data, occurredAt: row.occurred_at, recordedAt: row.recorded_at, subjectId: row.subject_id ?? undefined });

  type Tampering = [name: string, how: (ticket: Any) => Promise<unknown>, expected: { position: number; fault: string; kind?: string | null }];
  const at = (position: number) => 'ticket_id = $1 AND ticket_position = ' + position;
  const tamperings: Tampering[] = [
    ['what a fact says', (ticket) => tamper(`UPDATE fact SET data = jsonb_set(data, '{reason}', '"迟到"') WHERE ${at(4)}`, [ticket.id]), { position: 4, fault: 'altered', kind: 'ticket.waiting_started' }],
    ['a single letter deep inside', (ticket) => tamper(`UPDATE fact SET data = jsonb_set(data, '{before,subject}', '"厨房水管爆裂 "') WHERE ${at(3)}`, [ticket.id]), { position: 3, fault: 'altered' }],
    ['who did it', (ticket) => tamper(`UPDATE fact SET actor_name = '别人' WHERE ${at(6)}`, [ticket.id]), { position: 6, fault: 'altered' }],
    ['when it happened', (ticket) => tamper(`UPDATE fact SET occurred_at = occurred_at - interval '1 minute' WHERE ${at(5)}`, [ticket.id]), { position: 5, fault: 'altered' }],
    ['when it was recorded', (ticket) => tamper(`UPDATE fact SET recorded_at = recorded_at + interval '1 second' WHERE ${at(1)}`, [ticket.id]), { position: 1, fault: 'altered' }],
    ['what kind it is', (ticket) => tamper(`UPDATE fact SET kind = 'ticket.cancelled' WHERE ${at(7)}`, [ticket.id]), { position: 7, fault: 'altered', kind: 'ticket.cancelled' }],
    ['what it concerns', (ticket) => tamper(`UPDATE fact SET subject_id = $2 WHERE ${at(2)}`, [ticket.id, newId()]), { position: 2, fault: 'altered' }],
    ['its hash', (ticket) => tamper(`UPDATE fact SET hash = sha256('x') WHERE ${at(3)}`, [ticket.id]), { position: 3, fault: 'unsealed' }],
    ['its hash, taken away', (ticket) => tamper(`UPDATE fact SET hash = NULL WHERE ${at(3)}`, [ticket.id]), { position: 3, fault: 'altered' }],
    ['the link to the one before', (ticket) => tamper(`UPDATE fact SET previous_hash = sha256('x') WHERE ${at(4)}`, [ticket.id]), { position: 4, fault: 'not_linked' }],
    ['one in the middle, deleted', (ticket) => tamper(`DELETE FROM fact WHERE ${at(4)}`, [ticket.id]), { position: 4, fault: 'missing', kind: null }],
    ['one in the middle, deleted and the gap closed', async (ticket) => {
      await tamper(`DELETE FROM fact WHERE ${at(4)}`, [ticket.id]);
      await tamper('UPDATE fact SET ticket_position = ticket_position - 1 WHERE ticket_id = $1 AND ticket_position > 4', [ticket.id]);
    }, { position: 4, fault: 'not_linked' }],
    ['the first, deleted', (ticket) => tamper(`DELETE FROM fact WHERE ${at(1)}`, [ticket.id]), { position: 1, fault: 'missing' }],
    ['the last, deleted', (ticket) => tamper(`DELETE FROM fact WHERE ${at(7)}`, [ticket.id]), { position: 7, fault: 'cut_off', kind: null }],
    ['all, deleted', (ticket) => tamper('DELETE FROM fact WHERE ticket_id = $1', [ticket.id]), { position: 1, fault: 'cut_off' }],
    ['two, swapped', async (ticket) => {
      await tamper(`UPDATE fact SET ticket_position = 100 WHERE ${at(3)}`, [ticket.id]);
      await tamper(`UPDATE fact SET ticket_position = 3 WHERE ${at(5)}`, [ticket.id]);
      await tamper(`UPDATE fact SET ticket_position = 5 WHERE ${at(100)}`, [ticket.id]);
    }, { position: 3, fault: 'not_linked' }],
    ['one put in at the end, well linked', async (ticket) => {
      const last = (await factsOf(ticket.id)).at(-1);
      const link = nextLink(undefined, program.organization.tenantId, ticket.id, { length: 7, hash: last.hash }, factOf(last));
      await tamper('INSERT INTO fact (tenant_id, kind, ticket_id, ticket_position, subject_id, actor_kind, actor_id, actor_name, data, occurred_at, recorded_at, previous_hash, hash) SELECT tenant_id, kind, ticket_id, 8, subject_id, actor_kind, actor_id, actor_name, data, occurred_at, recorded_at, hash, $2 FROM fact WHERE ticket_id = $1 AND ticket_position = 7', [ticket.id, link.hash]);
    }, { position: 8, fault: 'added' }],
    ['one put in without a place', (ticket) => tamper(`INSERT INTO fact (tenant_id, kind, ticket_id, ticket_position, actor_kind, data, occurred_at, recorded_at) SELECT tenant_id, 'ticket.rated', ticket_id, NULL, 'customer', '{}', now(), now() FROM fact WHERE ${at(7)}`, [ticket.id]), { position: 8, fault: 'added', kind: 'ticket.rated' }],
    ['the end that the ticket remembers', (ticket) => tamper("UPDATE ticket SET history_hash = sha256('x') WHERE id = $1", [ticket.id]), { position: 7, fault: 'altered' }],
    ['how long the ticket says it is', (ticket) => tamper('UPDATE ticket SET history_length = 9 WHERE id = $1', [ticket.id]), { position: 8, fault: 'cut_off' }],
    ['one, with its own hash written anew', async (ticket) => {
      const [, , , fourth] = await factsOf(ticket.id);
      const data = { ...fourth.data, reason: '没有原因' };
      const link = nextLink(undefined, program.organization.tenantId, ticket.id, { length: 3, hash: fourth.previous_hash }, factOf(fourth, data));
      await tamper(`UPDATE fact SET data = $2, hash = $3 WHERE ${at(4)}`, [ticket.id, JSON.stringify(data), link.hash]);
    }, { position: 4, fault: 'unsealed' }],
    ['all, written anew, with the end that the ticket remembers', async (ticket) => {
      const facts = await factsOf(ticket.id);
      let end = { length: 0, hash: null as Buffer | null };
      for (const row of facts) {
        const data = row.ticket_position === 4 ? { ...row.data, reason: '没有原因' } : row.data;
        const link = nextLink(undefined, program.organization.tenantId, ticket.id, end, factOf(row, data));
        await tamper('UPDATE fact SET data = $2, previous_hash = $3, hash = $4 WHERE position = $1', [row.position, JSON.stringify(data), end.hash, link.hash]);
        end = link;
      }
      await tamper('UPDATE ticket SET history_hash = $2 WHERE id = $1', [ticket.id, end.hash]);
    }, { position: 1, fault: 'unsealed' }],
    ['one, moved to another ticket', async (ticket) => {
      const other = await newTicket(program);
      await tamper(`UPDATE fact SET ticket_id = $2, ticket_position = 2 WHERE ${at(7)}`, [ticket.id, other.id]);
      assert.deepEqual(pick(await verify(other.id)), { position: 2, fault: 'added' });
    }, { position: 7, fault: 'cut_off' }],
    ['one, taken away from its ticket', (ticket) => tamper(`UPDATE fact SET ticket_id = NULL WHERE ${at(3)}`, [ticket.id]), { position: 3, fault: 'missing' }],
  ];
  const pick = ({ broken }: Any) => broken && { position: broken.position, fault: broken.fault };

  test('of whatever was done through the program holds, and stays as it was written', async () => {
    const ticket = await live();
    const { checkedAt, ...rest } = await verify(ticket.number);
    assert.deepEqual(rest, { number: ticket.number, intact: true, length: 7, unkeyed: 0, broken: null });
    assert.ok(!Number.isNaN(Date.parse(checkedAt)));
    assert.deepEqual([...await verifyAll()], []);
  });

  test('every tampering is found, at the place where it was done', { timeout: 120_000 }, async () => {
    const expected = new Map<string, { position: number; fault: string }>();
    for (const [name, how, { kind, ...place }] of tamperings) {
      const ticket = await live();
      await how(ticket);
      const found = await verify(ticket.id);
      assert.deepEqual([found.intact, pick(found), found.length], [false, place, place.position - 1], name);
      if (kind !== undefined) assert.equal(found.broken.kind, kind, name);
      assert.match(found.broken.title, /^[A-Z]/, name);
      assert.match((await verify(ticket.id, 'zh-CN')).broken.title, /\p{Script=Han}/u, name);
      expected.set(ticket.id, place);
    }
    // All of them beside each other, and those that hold are told of nowhere.
    for (let index = 0; index < 5; index += 1) await newTicket(program);
    const found = await verifyAll();
    for (const [id, place] of expected) assert.deepEqual({ position: found.get(id)?.position, fault: found.get(id)?.fault }, place);
    assert.equal(found.size, expected.size + 1, 'and the one that was given a fact of another');
  });

  test('facts of a ticket that is gone are found', async () => {
    const ticket = await newTicket(program);
    const gone = newId();
    await tamper('INSERT INTO fact (tenant_id, kind, ticket_id, ticket_position, actor_kind, data, occurred_at, recorded_at, hash) SELECT tenant_id, kind, $2, 1, actor_kind, data, occurred_at, recorded_at, hash FROM fact WHERE ticket_id = $1', [ticket.id, gone]);
    assert.deepEqual((await verifyAll()).get(gone), { ticketId: gone, number: null, position: 1, kind: 'ticket.created', fault: 'orphan' });
  });

  test('is verified in batches, whatever their borders, and while people work', { timeout: 120_000 }, async () => {
    const second = await program.foundAnother('batches');
    // More facts than one batch holds of one ticket, and more tickets than one batch holds.
    const long = await newTicket(program, {}, 'agent', second);
    for (let round = 0; round < 52; round += 1) {
      await Promise.all(Array.from({ length: 10 }, (_, index) => done(program.call('POST', `/tickets/${long.id}/comments`, { as: 'agent', of: second, body: { body: `${round}.${index}`, visibility: 'internal' } }))));
    }
    for (let round = 0; round < 21; round += 1) await Promise.all(Array.from({ length: 10 }, () => newTicket(program, {}, 'agent', second)));
    let working = true;
    const work = (async () => {
      while (working) await newTicket(program, {}, 'agent', second).then(({ id }) => done(program.call('POST', `/tickets/${id}/comments`, { as: 'agent', of: second, body: { body: 'x', visibility: 'internal' } })));
    })();
    for (let round = 0; round < 5; round += 1) {
      const broken: BrokenLink[] = [];
      const looked = await verifyHistories(program.database, second.tenantId, (link) => broken.push(link));
      assert.deepEqual(broken, []);
      assert.ok(looked.tickets >= 211 && looked.facts >= 211 + 520, JSON.stringify(looked));
    }
    working = false;
    await work;
    await tamper("UPDATE fact SET actor_name = 'x' WHERE ticket_id = $1 AND ticket_position IN (501, 519)", [long.id]);
    const broken: BrokenLink[] = [];
    await verifyHistories(program.database, second.tenantId, (link) => broken.push(link));
    assert.deepEqual(broken.map(({ ticketId, position, fault }) => [ticketId, position, fault]), [[long.id, 501, 'altered']]);
  });

  test('is verified for auditors only, and only their own organization’s', async () => {
    const ticket = await newTicket(program);
    assertProblem(await program.call('GET', `/tickets/${ticket.id}/history/verification`, { as: 'agent' }), 'forbidden');
    assertProblem(await program.call('GET', '/tickets/20991231-00001/history/verification', { as: 'administrator' }), 'not_found');
    const auditor = (await done(program.call('POST', '/api-keys', { as: 'administrator', body: { name: 'audit', permissions: ['audit.read'] } }))).body.key as string;
    const answer = await program.call('GET', `/tickets/${ticket.id}/history/verification`, { as: { token: auditor } });
    assert.deepEqual([answer.status, answer.body.number, answer.text.includes(ticket.subject)], [200, ticket.number, false]);
  });

  test('is verified from the command line: all, one organization, one ticket', { timeout: 120_000 }, async () => {
    const third = await program.foundAnother('command');
    const ticket = await newTicket(program, {}, 'agent', third);
    const run = (...args: string[]) => new Promise<{ code: number | null; said: string }>((resolve, reject) => {
      const child = spawn(process.execPath, [join(import.meta.dirname, '../../tools/verify-history.ts'), ...args], { env: { PATH: process.env['PATH'], DATABASE_URL: program.connectionString, SECRET_KEY: 'a secret key for tests, of forty letters' } });
      let said = '';
      child.stdout.on('data', (chunk) => (said += chunk));
      child.stderr.on('data', (chunk) => (said += chunk));
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, said }));
    });
    await sealUpTo(program.services, Number.MAX_SAFE_INTEGER, new Date());
    const fine = await run('--organization', 'command');
    assert.equal(fine.code, 0, fine.said);
    assert.match(fine.said, /^command: 1 张工单 tickets, 1 条工单记录 entries of tickets, \d+ 条其他记录 other entries, 1 个封存点 seals, 全部完好 all intact\n.*最新封存点 newest seal 1:[0-9a-f]{74}\n$/);
    const newest = / newest seal (1:[0-9a-f]{74})/.exec(fine.said)![1]!;
    assert.equal((await run('--organization', 'command', '--seal', newest)).code, 0);
    for (const other of [newest.replace('1:', '2:'), `${newest.slice(0, -1)}${newest.endsWith('0') ? '1' : '0'}`]) {
      const { code, said } = await run('--organization', 'command', '--seal', other);
      assert.deepEqual([code, said.includes('记下的封存点 the seal that was written down is')], [1, true], said);
    }
    assert.deepEqual(await run('--organization', 'command', '--ticket', ticket.number), { code: 0, said: `command ${ticket.number}: 1 条记录 facts, 完好 intact\n` });
    await tamper("UPDATE fact SET actor_name = 'x' WHERE ticket_id = $1", [ticket.id]);
    for (const args of [['--organization', 'command'], ['--organization', 'command', '--ticket', ticket.number], []]) {
      const { code, said } = await run(...args);
      assert.equal(code, 1, said);
      assert.ok(said.includes(`command ${ticket.number}: 第 1 条 entry 1 (ticket.created): 这条记录被改动过 This entry was altered [altered]`), said);
    }
    for (const args of [['--organization', 'nobody'], ['--ticket', '20991231-00001'], ['--surprise'], ['--organization', 'command', '--seal', 'x'], ['--seal', newest]]) assert.equal((await run(...args)).code, 2, args.join(' '));
  });
});
