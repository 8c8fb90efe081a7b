import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { takeInDue } from '../../server/journey/intake/take-in.ts';
import { completeDue } from '../../server/journey/intake/completion/run-completions.ts';
import { statement } from '../../server/platform/db/database.ts';
import { idOf } from '../../server/platform/db/uuid.ts';
import { keepMessages } from '../../server/records/channel/inbox.ts';
import { askCompletions } from '../../server/records/completion/completions.ts';
import { openTestProgram, type TestProgram } from '../support/program.ts';

const people = 30;

describe('messages of many people that are taken in together', { timeout: 120_000 }, () => {
  let program: TestProgram;
  let account: string;
  let tenantId: string;
  let said = 0;

  before(async () => {
    program = await openTestProgram();
    ({ tenantId } = program.organization);
    const made = await program.call('POST', '/channels', { as: 'administrator', body: { kind: 'dingtalk', mode: 'http', name: '群', settings: { clientId: 'dingapp', clientSecret: 'secret', baseUrl: 'http://127.0.0.1:1' } } });
    assert.equal(made.status, 201, made.text);
    account = made.body.id;
  });
  after(() => program.close());

  const rows = <Row>(sql: string, values: readonly unknown[] = []): Promise<Row[]> => program.database.transact(tenantId, (transaction) => transaction.query(statement<Row>(`test.${idOf(sql)}`, sql), values));
  /** What each of them says reaches the inbox at once. */
  const say = async (who: readonly number[], text: (person: number) => string, more: object = {}): Promise<void> => {
    const now = program.services.clock.now();
    for (const person of who) {
      said += 1;
      await program.database.transact(tenantId, (transaction) => keepMessages(transaction, account, [{
        externalId: `m${said}`, thread: `t${person}`, occurredAt: now, values: {}, parts: [{ kind: 'text', text: text(person) }], sender: { name: `住户${person}`, ids: [{ kind: 'userid', value: `u${person}` }] }, ...more,
      }], Buffer.from('{}'), now));
    }
  };
  const everybody = Array.from({ length: people }, (_, person) => person);
  const takeAll = async (): Promise<void> => {
    while (await takeInDue(program.services) > 0);
  };
  const commits = async (kind: string): Promise<number> => (await rows<{ count: number }>('SELECT count(DISTINCT transaction)::int AS count FROM fact WHERE tenant_id = $1 AND kind = $2', [tenantId, kind]))[0]!.count;
  const tickets = () => rows<{ id: string; subject: string; messages: string[] }>(`
    SELECT t.id, t.subject, array(SELECT m.body FROM message m WHERE m.tenant_id = $1 AND m.ticket_id = t.id AND m.direction = 'inbound' ORDER BY m.id) AS messages FROM ticket t WHERE t.tenant_id = $1 ORDER BY t.id`, [tenantId]);

  test('each becomes a ticket, or goes on with one, once and in its order, and many share a commit', async () => {
    await say(everybody, (person) => `${person} 号水管漏水`);
    await takeAll();
    const opened = await tickets();
    assert.deepEqual(opened.map(({ subject }) => subject).sort(), everybody.map((person) => `${person} 号水管漏水`).sort());
    const created = await commits('ticket.created');
    assert.ok(created < people / 2, `${created} commits for ${people} tickets`);
    for (const word of ['第一句', '第二句', '第三句']) await say(everybody, (person) => `${word} ${person}`);
    await takeAll();
    for (const { subject, messages } of await tickets()) assert.deepEqual(messages, ['第一句', '第二句', '第三句'].map((word) => `${word} ${subject.split(' ')[0]}`));
    const commented = await commits('comment.added');
    assert.ok(commented < 3 * people / 2, `${commented} commits for ${3 * people} messages`);
    const waiting = await rows<{ state: string; count: number }>('SELECT state, count(*)::int AS count FROM inbox_message WHERE tenant_id = $1 GROUP BY state', [tenantId]);
    assert.deepEqual(waiting, [{ state: 'done', count: 4 * people }]);
    // Every link of every chain is as if each had come by itself.
    for (const { id } of await tickets()) {
      const verified = await program.call('GET', `/tickets/${id}/history/verification`, { as: 'administrator' });
      assert.deepEqual([verified.status, verified.body.intact], [200, true], verified.text);
    }
  });

  test('one that cannot be taken in is left behind by itself, and the others are taken in', async () => {
    await say(everybody, (person) => `第四句 ${person}`);
    const [broken] = await rows<{ id: string }>(`UPDATE inbox_message SET content = jsonb_set(content, '{parts}', '5') WHERE tenant_id = $1 AND thread = 't7' AND state = 'waiting' RETURNING id`, [tenantId]);
    await say([7], () => '第五句');
    await takeAll();
    const left = await rows<{ id: string; thread: string; failure: string | null }>(`SELECT id, thread, failure FROM inbox_message WHERE tenant_id = $1 AND state = 'waiting' ORDER BY id`, [tenantId]);
    assert.deepEqual(left.map(({ thread, failure }) => [thread, failure]), [['t7', 'internal_error'], ['t7', null]], 'what was said after it waits for it');
    assert.equal(left[0]!.id, broken!.id);
    for (const { subject, messages } of await tickets()) assert.equal(messages.at(-1)!.startsWith('第四句'), !subject.startsWith('7 号'));
    await rows(`UPDATE inbox_message SET content = jsonb_set(content, '{parts}', '[{"kind": "text", "text": "第四句"}]'), due_at = now() - interval '1 second' WHERE tenant_id = $1 AND thread = 't7' AND state = 'waiting'`, [tenantId]);
    await takeAll();
    assert.deepEqual((await tickets()).find(({ subject }) => subject.startsWith('7 号'))!.messages.slice(-2), ['第四句', '第四句']);
  });

  test('a ticket that somebody has at this moment keeps no other waiting; its message comes when it is free', async () => {
    const held = (await tickets()).find(({ subject }) => subject.startsWith('3 号'))!;
    let letGo = (): void => {};
    let begun = (): void => {};
    const free = new Promise<void>((resolve) => (letGo = resolve));
    const has = new Promise<void>((resolve) => (begun = resolve));
    const holding = program.database.transact(tenantId, async (transaction) => {
      await transaction.query(statement('test.hold_on', 'SET LOCAL idle_in_transaction_session_timeout = 0'), []);
      await transaction.query(statement('test.hold_ticket', 'SELECT 1 FROM ticket WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE'), [tenantId, held.id]);
      begun();
      await free;
    });
    await has;
    await say(everybody, (person) => `第六句 ${person}`);
    const taking = takeAll();
    const done = async () => (await tickets()).filter(({ messages }) => messages.at(-1)!.startsWith('第六句')).length;
    while (await done() < people - 1) await pause(10);
    assert.equal((await tickets()).find(({ id }) => id === held.id)!.messages.at(-1)!.startsWith('第六句'), false);
    letGo();
    await Promise.all([taking, holding]);
    assert.equal(await done(), people);
  });

  test('one person by two threads at once is one customer', async () => {
    const now = program.services.clock.now();
    for (let pair = 0; pair < 8; pair += 1) for (const thread of ['one', 'other']) {
      said += 1;
      await program.database.transact(tenantId, (transaction) => keepMessages(transaction, account, [{
        externalId: `m${said}`, thread: `${thread} ${pair}`, occurredAt: now, values: {}, parts: [{ kind: 'text', text: '门禁坏了' }], sender: { name: `访客${pair}`, ids: [{ kind: 'userid', value: `pair${pair}` }] },
      }], Buffer.from('{}'), now));
    }
    await takeAll();
    const customers = await rows<{ name: string; count: number }>(`SELECT name, count(*)::int AS count FROM customer WHERE tenant_id = $1 AND name LIKE '访客%' GROUP BY name`, [tenantId]);
    assert.deepEqual(customers.map(({ count }) => count), Array(8).fill(1));
    assert.equal((await tickets()).filter(({ subject }) => subject === '门禁坏了').length, 16);
  });

  test('what was said on many tickets is read together, and each is filled by itself', async () => {
    const all = await tickets();
    await program.database.transact(tenantId, (transaction) => askCompletions(transaction, all.map(({ id }) => ({ tenant_id: tenantId, ticket_id: id, source: 'words' })), program.services.clock.now()));
    while (await completeDue(program.services) > 0);
    const states = await rows<{ state: string; count: number }>(`SELECT state, count(*)::int AS count FROM ticket_completion WHERE tenant_id = $1 AND state IN ('waiting', 'failed') GROUP BY state`, [tenantId]);
    assert.deepEqual(states, []);
    const [{ count }] = await rows<{ count: number }>(`SELECT count(*)::int AS count FROM ticket_completion WHERE tenant_id = $1`, [tenantId]) as [{ count: number }];
    assert.equal(count, all.length);
  });
});
