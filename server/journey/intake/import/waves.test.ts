import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextWave, type Ties } from './waves.ts';

const row = (own: string[], shared: string[] = []): Ties => ({ own, shared });

test('rows that have nothing to do with one another go together', () => {
  assert.deepEqual(nextWave([row(['a']), row(['b']), row(['c'])], new Set()), [0, 1, 2]);
  assert.deepEqual(nextWave([], new Set()), []);
});

test('of two rows about the same record the earlier goes first', () => {
  assert.deepEqual(nextWave([row(['a']), row(['b']), row(['a']), row(['c', 'b'])], new Set()), [0, 1]);
});

test('what is shared is made by one, and then used by all', () => {
  const rows = [row(['1'], ['p']), row(['2'], ['p']), row(['3'], ['q']), row(['4'], ['p'])];
  assert.deepEqual(nextWave(rows, new Set()), [0, 2]);
  assert.deepEqual(nextWave([rows[1]!, rows[3]!], new Set(['p', 'q'])), [0, 1]);
});

test('a part waits for the whole it belongs to, wherever others overtake', () => {
  const whole = row(['code X']);
  const part = row(['code Y'], ['code X']);
  const partOfPart = row(['code Z'], ['code Y']);
  assert.deepEqual(nextWave([whole, part, partOfPart, row(['code W'])], new Set()), [0, 3]);
  assert.deepEqual(nextWave([part, partOfPart], new Set()), [0]);
});

test('any order of waves is an order of the file: everything is taken once, ties in turn', () => {
  let seed = 7;
  const next = (most: number): number => (seed = (seed * 1103515245 + 12345) % 2147483648) % most;
  for (let round = 0; round < 200; round += 1) {
    const rows = Array.from({ length: 30 }, (_, index) => ({ index, ...row([`o${next(12)}`], next(2) ? [`s${next(4)}`] : []) }));
    let left = [...rows];
    const taken: number[] = [];
    const settled = new Set<string>();
    while (left.length > 0) {
      const wave = nextWave(left, settled).map((place) => left[place]!);
      assert.ok(wave.length > 0);
      assert.equal(new Set(wave.flatMap((one) => one.own)).size, wave.length, 'no two of a wave own the same');
      taken.push(...wave.map((one) => one.index));
      for (const one of wave) for (const tie of one.shared) settled.add(tie);
      left = left.filter((one) => !wave.includes(one));
    }
    assert.equal(taken.length, rows.length);
    for (const tie of new Set(rows.flatMap((one) => one.own))) {
      const order = taken.filter((index) => rows[index]!.own.includes(tie));
      assert.deepEqual(order, [...order].sort((a, b) => a - b), 'of one record the rows keep their order');
    }
  }
});
