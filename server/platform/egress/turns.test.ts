import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostBusy, inTurn } from './turns.ts';

const url = 'https://slow.example/a';

test('four calls to a host are under way at once; the next waits for its turn, and others do not', { timeout: 10_000 }, async () => {
  let letGo = () => {};
  const hanging = new Promise<void>((resolve) => (letGo = resolve));
  const slow = Array.from({ length: 4 }, () => inTurn(url, () => hanging));
  await assert.rejects(inTurn('https://slow.example/b', async () => 'made', 20), HostBusy);
  assert.equal(await inTurn('https://quick.example/', async () => 'made', 20), 'made');
  const waits = inTurn(url, async () => 'made');
  letGo();
  await Promise.all(slow);
  assert.equal(await waits, 'made');
});

test('a call that fails gives its place back', { timeout: 10_000 }, async () => {
  for (let turn = 0; turn < 9; turn += 1) await assert.rejects(inTurn(url, () => Promise.reject(new Error('no'))), /no/);
  assert.equal(await inTurn(url, async () => 'made', 20), 'made');
});
