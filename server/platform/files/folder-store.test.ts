import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { BlobMissing } from './blob-store.ts';
import { openFolderStore } from './folder-store.ts';
import { removeLeftovers, workFile } from './work-folder.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'folder-store-'));
});
after(() => rm(folder, { recursive: true }));

test('what is put is got, whole and in ranges, until it is removed', async () => {
  const root = join(folder, 'a', 'store');
  const store = openFolderStore(root);
  const source = join(folder, 'source');
  await writeFile(source, '0123456789');
  const key = 'tenant/3f/0198-a';
  await store.put(key, source, 'text/plain');
  assert.equal(await readFile(source, 'utf8'), '0123456789', 'the source stays');
  assert.equal((await buffer(await store.get(key))).toString(), '0123456789');
  assert.equal((await buffer(await store.get(key, { start: 2, end: 4 }))).toString(), '234');
  assert.deepEqual(await readdir(join(root, 'tenant', '3f')), ['0198-a'], 'nothing half-written stays');
  if (process.platform !== 'win32') {
    assert.equal((await stat(join(root, key))).mode & 0o777, 0o600);
    assert.equal((await stat(join(root, 'tenant'))).mode & 0o777, 0o700);
  }
  await writeFile(source, 'other');
  await store.put(key, source, 'text/plain');
  assert.equal((await buffer(await store.get(key))).toString(), 'other');
  await store.remove(key);
  await store.remove(key);
  await assert.rejects(store.get(key), BlobMissing);
});

test('a put that fails leaves nothing', async () => {
  const root = join(folder, 'b');
  const store = openFolderStore(root);
  await assert.rejects(store.put('tenant/3f/x', join(folder, 'absent'), 'text/plain'), { code: 'ENOENT' });
  assert.deepEqual(await readdir(join(root, 'tenant', '3f')), []);
  await assert.rejects(store.get('tenant/3f/x'), BlobMissing);
});

test('no key leads out of the folder', async () => {
  const store = openFolderStore(join(folder, 'c'));
  await writeFile(join(folder, 'secret'), 'secret');
  for (const key of ['../secret', 'a/../../secret', '/etc/passwd', 'a//b', 'a', 'a/b/', 'a\\b/c', 'a/.b', 'A/b', 'a/b\0', '', 'a/b/c/d/e/f', `a/${'b'.repeat(65)}`]) {
    await assert.rejects(store.get(key), /not a blob key/, key);
    await assert.rejects(store.put(key, join(folder, 'secret'), 'text/plain'), /not a blob key/, key);
    await assert.rejects(store.remove(key), /not a blob key/, key);
  }
  assert.equal(await readFile(join(folder, 'secret'), 'utf8'), 'secret');
});

test('leftovers of a killed program are removed from the work folder, what is in use stays', async () => {
  const work = join(folder, 'd');
  assert.equal(await removeLeftovers(work, new Date()), 0);
  const old = await workFile(work);
  const fresh = await workFile(work);
  await writeFile(old, 'old');
  await writeFile(fresh, 'fresh');
  await utimes(old, 1_000, 1_000);
  assert.equal(await removeLeftovers(work, new Date(2_000_000)), 1);
  assert.equal(await readFile(fresh, 'utf8'), 'fresh');
  await assert.rejects(stat(old), { code: 'ENOENT' });
});
