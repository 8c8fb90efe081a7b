import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiProblem } from '../../ui/api-problem.ts';
import { openOutgoing, type KeptMessage } from './outgoing.ts';

/** A shelf of storage, as a browser has one. */
function shelf(): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  const kept = new Map<string, string>();
  return { getItem: (name) => kept.get(name) ?? null, setItem: (name, text) => void kept.set(name, text), removeItem: (name) => void kept.delete(name) };
}

const lost = (): ApiProblem => new ApiProblem({ status: 0, code: 'network_unreachable', title: '网络不通' });
const message = (key: string, body: string, ticketId = 't1') => ({ key, ticketId, number: '20261101-00001', comment: { body, visibility: 'public' as const }, files: [], mentioned: [], at: '2026-11-01T08:00:00.000Z' });

type Send = (message: KeptMessage, signal: AbortSignal) => Promise<string>;

function open(send: Send, storage = shelf()) {
  const sent: KeptMessage[] = [];
  let again: (() => void) | null = null;
  const outgoing = openOutgoing({
    owner: 'agent', storage,
    send: (one, signal) => {
      sent.push(one);
      return send(one, signal);
    },
    onSent: async () => {},
    alone: (_ticketId, work) => work(),
    later: (work) => {
      again = work;
      return () => {
        again = null;
      };
    },
  });
  return { outgoing, sent, storage, states: () => outgoing.list().map(({ comment, state }) => `${comment.body} ${state}`), waits: () => again !== null };
}

test('a message that finds no network waits, survives a reload and goes out again under the same key', async () => {
  const before = open(() => Promise.reject(lost()));
  before.outgoing.add(message('k1', '师傅十分钟后到'));
  assert.deepEqual(before.states(), ['师傅十分钟后到 sending']);
  await before.outgoing.flush();
  assert.deepEqual(before.states(), ['师傅十分钟后到 waiting']);
  assert.ok(before.waits());
  before.outgoing.stop();

  const after = open(async () => 'c1', before.storage);
  assert.deepEqual(after.states(), ['师傅十分钟后到 waiting']);
  await after.outgoing.flush();
  assert.ok(before.sent.length > 0 && after.sent.length === 1);
  assert.deepEqual([...new Set([...before.sent, ...after.sent].map(({ key }) => key))], ['k1']);
  assert.deepEqual(open(async () => '', before.storage).states(), []);
  assert.ok(!after.waits());
});

test('the messages of a ticket keep their order, and a ticket that has to wait holds up no other', async () => {
  const busy = new ApiProblem({ status: 503, code: 'not_ready', title: '正在启动' });
  let answers = false;
  const { outgoing, sent } = open((one) => (one.ticketId === 't1' && !answers ? Promise.reject(busy) : Promise.resolve(one.key)));
  for (const [key, ticketId] of [['a', 't1'], ['b', 't1'], ['c', 't2']] as const) outgoing.add(message(key, key, ticketId));
  await outgoing.flush();
  answers = true;
  await outgoing.flush();
  const order = sent.map(({ key }) => key);
  assert.ok(order.lastIndexOf('a') < order.indexOf('b'), order.join());
  assert.equal(order.filter((key) => key === 'c').length, 1);
  assert.deepEqual(outgoing.list(), []);
});

test('an answer that hangs keeps no other ticket waiting', async () => {
  const { outgoing, states } = open((one) => (one.ticketId === 't1' ? new Promise(() => {}) : Promise.resolve(one.key)));
  outgoing.add(message('a', '慢', 't1'));
  outgoing.add(message('b', '快', 't2'));
  await new Promise(setImmediate);
  assert.deepEqual(states(), ['慢 sending']);
  outgoing.stop();
});

test('a message taken back is not sent, nor is the attempt that runs waited for', async () => {
  let aborted = false;
  const { outgoing } = open((_one, signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => {
    aborted = true;
    reject(new DOMException('gone', 'AbortError'));
  })));
  outgoing.add(message('k1', '写错了'));
  assert.equal(outgoing.takeBack('k1')?.comment.body, '写错了');
  assert.ok(aborted);
  assert.deepEqual(outgoing.list(), []);
  assert.equal(outgoing.takeBack('k1'), null);
});

test('a refused message keeps its text and its reason, and a new attempt takes a new key', async () => {
  let refuses = true;
  const { outgoing, sent, states, waits } = open((one) => (refuses ? Promise.reject(new ApiProblem({ status: 403, code: 'forbidden', title: '您没有权限' })) : Promise.resolve(one.key)));
  outgoing.add(message('k1', '请稍候'));
  await outgoing.flush();
  assert.deepEqual(states(), ['请稍候 refused']);
  assert.equal(outgoing.list()[0]?.refusal, '您没有权限');
  assert.ok(!waits(), 'what was refused is not repeated by itself');
  refuses = false;
  outgoing.retry('k1', 'k2');
  await outgoing.flush();
  assert.deepEqual(sent.map(({ key }) => key), ['k1', 'k2']);
  assert.deepEqual(states(), []);
});

test('where nothing can be stored a message lasts as long as the page', async () => {
  const full = { getItem: () => null, setItem: () => { throw new DOMException('full', 'QuotaExceededError'); }, removeItem: () => {} };
  const { outgoing, states } = open(() => Promise.reject(lost()), full);
  outgoing.add(message('k1', '在吗'));
  await outgoing.flush();
  assert.deepEqual(states(), ['在吗 waiting']);
});
