import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { BlobMissing, type StoredBlob } from './blob-store.ts';
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

async function everything(blobs: AsyncIterable<StoredBlob>): Promise<StoredBlob[]> {
  const found: StoredBlob[] = [];
  for await (const blob of blobs) found.push(blob);
  return found;
}

test('all there is is listed in the order of keys, from any place on, and nothing else', async () => {
  const root = join(folder, 'list');
  const store = openFolderStore(root);
  const listed = async (after = '') => (await everything(store.list(after))).map((blob) => blob.key);
  assert.deepEqual(await listed(), [], 'nobody has stored anything yet');
  const source = join(folder, 'listed');
  await writeFile(source, 'x');
  const keys = ['a-b/3f/1', 'a-b/3f/1-thumbnail', 'a-b/3f/2', 'a-b/40/0', 'a/zz/1', 'b/3f/1'];
  for (const key of [...keys].reverse()) await store.put(key, source, 'text/plain');
  await writeFile(join(root, 'b', '3f', '.half.part'), 'x');
  await writeFile(join(root, 'README.md'), 'x');
  assert.deepEqual(await listed(), keys);
  for (const [index, key] of keys.entries()) assert.deepEqual(await listed(key), keys.slice(index + 1), key);
  assert.deepEqual(await listed('a-b/3f/10'), keys.slice(2), 'a key that is not there');
  assert.deepEqual(await listed('z'), []);
  const before = new Date('2020-01-01T00:00:00Z');
  await utimes(join(root, 'b/3f/1'), before, before);
  assert.deepEqual((await everything(store.list('a/zz/1'))), [{ key: 'b/3f/1', storedAt: before }]);
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
