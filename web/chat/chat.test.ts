/** The visit of a browser where somebody else signs in while an answer is under way. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';

interface Asked { path: string; body: Record<string, any>; answer(content: object, status?: number, headers?: Record<string, string>): void } // oxlint-disable-line typescript/no-explicit-any -- tests look into requests of every shape

const asked: Asked[] = [];
const farewells: string[] = [];
const heard = new EventTarget();
const kept = new Map<string, string>();
const site = { postMessage: () => {} };
const timers = new Set<NodeJS.Timeout>();
/** What stood where the page's surroundings were put; other files share this process. */
const replaced: [object: object, name: string, before: PropertyDescriptor | undefined][] = [];
let chat: typeof import('./chat.ts');
let memory: typeof import('./memory.ts');

before(async () => {
  const put = (name: string, value: unknown, object: object = globalThis): void => {
    replaced.push([object, name, Object.getOwnPropertyDescriptor(object, name)]);
    Object.defineProperty(object, name, { value, configurable: true, writable: true });
  };
  put('window', { parent: site });
  put('location', { pathname: '/chat/a-channel', search: '' });
  put('document', { visibilityState: 'visible', documentElement: { dataset: {} }, addEventListener: () => {} });
  put('localStorage', { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, value: string) => void kept.set(name, value) });
  put('matchMedia', () => ({ matches: false, addEventListener: () => {} }));
  put('addEventListener', heard.addEventListener.bind(heard));
  put('removeEventListener', heard.removeEventListener.bind(heard));
  put('sendBeacon', (url: string) => farewells.push(url), navigator);
  put('fetch', (url: string, { body }: { body?: string }) => new Promise((resolve) => {
    asked.push({ path: url.replace('/api/v1', ''), body: typeof body === 'string' ? JSON.parse(body) : {}, answer: (content, status = 200, headers = {}) => resolve(Response.json(content, { status, headers })) });
  }));
  for (const name of ['setInterval', 'setTimeout'] as const) {
    const original = globalThis[name] as (...given: unknown[]) => NodeJS.Timeout;
    put(name, (...given: unknown[]) => {
      const timer = original(...given);
      timers.add(timer);
      return timer;
    });
  }
  chat = await import('./chat.ts');
  memory = await import('./memory.ts');
});
after(() => {
  // Lets go of the feed.
  hello(null);
  for (const [object, name, before] of replaced.reverse()) {
    if (before) Object.defineProperty(object, name, before);
    else Reflect.deleteProperty(object, name);
  }
  for (const timer of timers) clearTimeout(timer);
});

const asks = async (path: string, which: (body: Asked['body']) => boolean = () => true): Promise<Asked> => {
  for (;;) {
    const found = asked.findIndex((one) => one.path === path && which(one.body));
    if (found >= 0) return asked.splice(found, 1)[0]!;
    await setImmediate();
  }
};
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await setImmediate();
};
const hello = (user: string | null): void => {
  heard.dispatchEvent(Object.assign(new Event('message'), { source: site, origin: 'https://www.example.cn', data: { bihuan: 'hello', page: null, user: user === null ? null : { id: user, at: 1, signature: 'x' }, language: 'en', theme: 'light', open: true } }));
};
const visitOf = (name: string, bodies: string[]) => ({
  token: `token-of-${name}`, contact: { name, email: null, phone: null },
  chat: { messages: bodies.map((body, index) => ({ seq: index + 1, key: `${name}-${index}`, direction: 'out', body, files: [], author: null, at: '2026-01-01T00:00:00.000Z' })), more: false, last: bodies.length, seen: 0, typing: false },
});
const comes = (user: string): Promise<Asked> => asks('/chat/a-channel/visits', (body) => body['user']?.id === user);

test('an answer that comes after somebody else signed in shows them nothing, and nothing goes out in their name', { timeout: 10_000 }, async () => {
  chat.start();
  hello('anna');
  (await asks('/chat/a-channel')).answer({ open: true, language: 'auto' });
  const ofAnna = await comes('anna');
  chat.write('for Anna alone', []);
  memory.remember({ draft: 'begun by Anna' });
  hello('ben');
  assert.deepEqual([memory.recall().draft, memory.recall().waiting, chat.person.value], ['', [], 1]);
  (await comes('ben')).answer(visitOf('ben', ['hello Ben']));
  await settled();
  ofAnna.answer(visitOf('anna', ['secret of Anna', 'another']));
  await settled();
  assert.deepEqual([chat.messages.value.map(({ body }) => body), chat.contact.value.name, memory.recall().token, memory.recall().user], [['hello Ben'], 'ben', 'token-of-ben', 'ben']);
  assert.equal(asked.some(({ path }) => path.endsWith('/messages')), false, 'nothing of hers is sent');
  assert.equal((await asks('/chat-visits/token-of-ben/seen')).body['upTo'], 1);

  // What is on its way stays hers, and he has read nothing of his own by it.
  chat.write('of Ben', []);
  const sent = await asks('/chat-visits/token-of-ben/messages');
  hello('anna');
  assert.deepEqual([farewells, chat.unread.value, memory.recall().seen], [['/api/v1/chat-visits/token-of-ben/presence'], 0, 0]);
  (await comes('anna')).answer(visitOf('anna', ['secret of Anna']));
  await settled();
  sent.answer({ seq: 2, key: sent.body['key'], direction: 'in', body: 'of Ben', files: [], author: null, at: '2026-01-01T00:00:00.000Z' });
  await settled();
  assert.deepEqual([chat.messages.value.map(({ body }) => body), chat.pending.value], [['secret of Anna'], []]);
  assert.equal((await asks('/chat-visits/token-of-anna/seen')).body['upTo'], 1);
});

test('whoever is slowed down is told so and when it goes on, and it goes out by itself', { timeout: 20_000 }, async () => {
  chat.write('one too many', []);
  const refused = await asks('/chat-visits/token-of-anna/messages');
  refused.answer({ code: 'chat_too_fast', title: 'x' }, 429, { 'retry-after': '1' });
  await settled();
  assert.deepEqual([chat.pending.value.map(({ state }) => state), chat.offline.value], [['slowed'], false], 'the network is not what it waits for');
  const until = chat.pending.value[0]!.until!;
  assert.ok(until > Date.now() - 1_000 && until <= Date.now() + 1_000, 'it says when it goes on');
  chat.write('another', []);
  assert.equal(chat.pending.value[1]!.state, 'slowed');
  assert.equal(asked.some(({ path }) => path.endsWith('/messages')), false, 'nothing is asked before that');
  for (const [seq, body] of [[2, 'one too many'], [3, 'another']] as const) {
    const sent = await asks('/chat-visits/token-of-anna/messages');
    assert.equal(sent.body['body'], body);
    sent.answer({ seq, key: sent.body['key'], direction: 'in', body, files: [], author: null, at: '2026-01-01T00:00:00.000Z' });
    await settled();
  }
  assert.deepEqual(chat.pending.value, []);
  // Where many come from one address it is not they who wrote too much.
  chat.write('one of many', []);
  (await asks('/chat-visits/token-of-anna/messages')).answer({ code: 'rate_limited', title: 'x' }, 429, { 'retry-after': '1' });
  await settled();
  assert.deepEqual(chat.pending.value.map(({ state }) => state), ['crowded']);
  const sent = await asks('/chat-visits/token-of-anna/messages');
  sent.answer({ seq: 4, key: sent.body['key'], direction: 'in', body: 'one of many', files: [], author: null, at: '2026-01-01T00:00:00.000Z' });
  await settled();
  assert.deepEqual(chat.pending.value, []);
});
