import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entryOf, isRenewed } from './new-version.ts';

const page = (name: string) => `<!doctype html><html><head><link rel="icon" href="/assets/logo-1.svg" /><script type="module" crossorigin src="/assets/${name}.js"></script><link rel="modulepreload" href="/assets/react-1.js"></head></html>`;

test('a page is read anew once for each version that is served, and never where there is none', () => {
  const [old, now] = [entryOf(page('index-Old1')), entryOf(page('index-New2'))];
  assert.deepEqual([old, now, entryOf('<html><body>502</body></html>')], ['/assets/index-Old1.js', '/assets/index-New2.js', null]);
  assert.equal(isRenewed(old, now, null), true);
  assert.equal(isRenewed(old, now, '/assets/index-Older.js'), true, 'another version after that');
  assert.equal(isRenewed(old, now, now), false, 'a cache gave the old one out again');
  assert.equal(isRenewed(now, now, null), false, 'the part alone is missing');
  assert.equal(isRenewed(old, null, null), false, 'no page came');
});
