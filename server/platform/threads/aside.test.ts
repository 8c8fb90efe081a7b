import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AsideFull, openAside } from './aside.ts';

const work = `data:text/javascript,${encodeURIComponent(`
  let calls = 0;
  export async function work({ kind, value }) {
    calls += 1;
    if (kind === 'throw') throw new RangeError(value);
    if (kind === 'die') process.exit(7);
    if (kind === 'hang') for (;;) ;
    return { value, calls };
  }`)}`;
const open = (options = { deadline: 5_000, waiting: 10 }) => openAside<{ kind: string; value: string }, { value: string; calls: number }>(new URL(work), 'work', options);

test('a thread does one call after another, and is the same one for all', { timeout: 30_000 }, async () => {
  const run = open();
  assert.deepEqual(await Promise.all(['一', '二', '三'].map((value) => run({ kind: 'echo', value }))), [{ value: '一', calls: 1 }, { value: '二', calls: 2 }, { value: '三', calls: 3 }]);
});

test('what it throws is thrown here, and it goes on', { timeout: 30_000 }, async () => {
  const run = open();
  const [failed, next] = await Promise.allSettled([run({ kind: 'throw', value: 'no' }), run({ kind: 'echo', value: 'next' })]);
  assert.ok(failed.status === 'rejected' && failed.reason instanceof RangeError && failed.reason.message === 'no');
  assert.deepEqual(next.status === 'fulfilled' && next.value, { value: 'next', calls: 2 });
});

test('a thread that dies, or takes too long, costs the call it was at; those behind get another', { timeout: 30_000 }, async () => {
  for (const kind of ['die', 'hang']) {
    const run = open({ deadline: 1_500, waiting: 10 });
    const [lost, next] = await Promise.allSettled([run({ kind, value: '' }), run({ kind: 'echo', value: 'next' })]);
    assert.equal(lost.status, 'rejected', kind);
    assert.deepEqual(next.status === 'fulfilled' && next.value, { value: 'next', calls: 1 }, kind);
  }
});

test('no more wait than may', { timeout: 30_000 }, async () => {
  const run = open({ deadline: 5_000, waiting: 2 });
  const answers = await Promise.allSettled(['1', '2', '3', '4'].map((value) => run({ kind: 'echo', value })));
  assert.deepEqual(answers.map(({ status }) => status), ['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
  const [last] = answers.slice(3);
  assert.ok(last?.status === 'rejected' && last.reason instanceof AsideFull);
});
