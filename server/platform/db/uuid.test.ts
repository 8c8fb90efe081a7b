import assert from 'node:assert/strict';
import { test } from 'node:test';

// An instance of its own: these tests make ids of the future, behind which all later ones of an instance must sort.
const instance = './uuid.ts?alone';
const { isId, newId } = await import(instance) as typeof import('./uuid.ts');

const millisecondsOf = (id: string) => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

test('an id is a UUID of version 7 with the variant of RFC 9562', () => {
  for (let made = 0; made < 10_000; made += 1) {
    assert.match(newId(), /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});

test('it begins with the moment it was made at', () => {
  // Ahead of every moment that was used before in this process.
  const moment = Date.now() + 60_000;
  assert.equal(millisecondsOf(newId(moment)), moment);
});

test('ids sort in the order they were made, also within a millisecond, past its counter, and when the clock goes back', () => {
  const start = Date.now() + 120_000;
  const moments = [...Array.from({ length: 20_000 }, () => start), start - 5_000, start + 1, start + 1, start - 1, start + 50];
  const ids = moments.map((moment) => newId(moment));
  assert.deepEqual(ids.toSorted(), ids);
  assert.equal(new Set(ids).size, ids.length);
});

test('ids of programs that count alike differ in their random bits', () => {
  const moment = Date.now() + 600_000;
  const tails = Array.from({ length: 50_000 }, () => newId(moment).slice(19));
  assert.equal(new Set(tails).size, tails.length);
  // Each of the 62 bits comes out both ways.
  const bits = tails.map((tail) => BigInt(`0x${tail.replaceAll('-', '')}`));
  const mask = (1n << 62n) - 1n;
  assert.equal(bits.reduce((all, some) => all & some, mask) & mask, 0n);
  assert.equal(bits.reduce((all, some) => all | some, 0n) & mask, mask);
});

test('only the canonical form is taken for an id', () => {
  const id = newId();
  assert.equal(isId(id), true);
  assert.equal(isId('00000000-0000-0000-0000-000000000000'), true);
  for (const wrong of ['', id.toUpperCase().replace(/\d/g, 'A'), `{${id}}`, id.replaceAll('-', ''), `${id}0`, id.slice(1), `${id}\n`, `g${id.slice(1)}`, '20261121-00042']) {
    assert.equal(isId(wrong), false, JSON.stringify(wrong));
  }
});
