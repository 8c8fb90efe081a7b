import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settingsFor } from './settings.ts';

const gigabyte = 1024 ** 3;

test('memory is shared out by what there is, within bounds', () => {
  assert.equal(settingsFor(0.25 * gigabyte)['shared_buffers'], '64MB');
  assert.equal(settingsFor(4 * gigabyte)['shared_buffers'], '512MB');
  assert.equal(settingsFor(256 * gigabyte)['shared_buffers'], '2048MB');
  assert.equal(settingsFor(4 * gigabyte)['work_mem'], '8MB');
});

test('nothing that keeps acknowledged work is turned off', () => {
  const settings = settingsFor(gigabyte);
  for (const name of ['fsync', 'full_page_writes', 'synchronous_commit']) assert.equal(settings[name], 'on');
});
