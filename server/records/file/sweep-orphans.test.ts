import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import pino from 'pino';
import { build } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import type { BlobStore } from '../../platform/files/blob-store.ts';
import { openFolderStore } from '../../platform/files/folder-store.ts';
import { storageKeyOf } from './row.ts';
import { nobody, openSampleDesk, samplePhoto, type SampleDesk } from './sample-desk.ts';
import { openOrphanSweep } from './sweep-orphans.ts';
import { makeThumbnail } from './thumbnail-job.ts';

let desk: SampleDesk;
before(async () => {
  desk = await openSampleDesk();
});
after(() => desk?.close());

const tomorrow = () => new Date(Date.now() + 86_400_000);

async function keys(store: BlobStore = desk.services.blobs): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of store.list('')) found.push(key);
  return found;
}

/** Bytes whose row was never written. */
async function leave(tenantId = desk.tenantId, { suffix = '', store = desk.services.blobs }: { suffix?: string; store?: BlobStore } = {}): Promise<string> {
  const source = join(desk.folder, 'left');
  await writeFile(source, 'x');
  const key = storageKeyOf(tenantId, newId()) + suffix;
  await store.put(key, source, 'text/plain');
  return key;
}

test('bytes without a row are removed, once they are old; what a row tells of stays, with its thumbnail', async () => {
  const photo = await desk.send(nobody, { name: 'a.jpg', content: await samplePhoto(40, 30) });
  const note = await desk.send(nobody, { name: 'a.txt', content: 'a' });
  await makeThumbnail(desk.services, { tenantId: desk.tenantId, fileId: photo.id });
  const kept = (await keys()).sort();
  assert.deepEqual(kept, [photo.storage_key, `${photo.storage_key}-thumbnail`, note.storage_key].sort());
  await leave();
  await leave(desk.tenantId, { suffix: '-thumbnail' });
  const sweep = openOrphanSweep();
  assert.equal(await sweep(desk.services, new Date(Date.now() - 86_400_000)), 0, 'an upload may still be going on');
  assert.equal((await keys()).length, 5);
  assert.equal(await openOrphanSweep()(desk.services, tomorrow()) + await sweep(desk.services, tomorrow()), 2);
  assert.deepEqual((await keys()).sort(), kept);
});

test('what belongs to an organization that is not in this database, or is no blob of a file, is left alone', async () => {
  const foreign = await leave(newId());
  const source = join(desk.folder, 'left');
  for (const key of ['backup/2026', `${desk.tenantId}/zz/${newId()}`, `${desk.tenantId}/00/report`]) await desk.services.blobs.put(key, source, 'text/plain');
  const before = await keys();
  assert.ok(before.includes(foreign));
  assert.equal(await openOrphanSweep()(desk.services, tomorrow()), 0);
  assert.deepEqual(await keys(), before);
});

test('a run looks at no more than it may, and the next goes on from there until all was looked at', async () => {
  // A store of which nobody would wait for the end.
  const { tenantId } = desk;
  const all = Array.from({ length: 25_000 }, () => storageKeyOf(tenantId, newId())).sort();
  const orphan = all[20_500]!;
  const known = all.filter((key) => key !== orphan);
  await desk.as(nobody, async ({ transaction, now }) => {
    for (let start = 0; start < known.length; start += 2_000) {
      await transaction.run(build.insertInto('file').values(known.slice(start, start + 2_000).map((key) => ({
        tenant_id: tenantId, id: key.slice(-36), name: 'a', media_type: 'text/plain', size: 1, sha256: Buffer.alloc(32), storage_key: key, purpose: 'attachment', visibility: 'internal', uploaded_by_kind: 'customer', created_at: now,
      }))));
    }
  });
  let looked = 0;
  const removed: string[] = [];
  const store: BlobStore = {
    ...desk.services.blobs,
    async* list(after) {
      for (const key of all) {
        if (key <= after) continue;
        looked += 1;
        yield { key, storedAt: new Date(0) };
      }
    },
    remove: async (key) => void removed.push(key),
  };
  const sweep = openOrphanSweep();
  const runs: [number, number][] = [];
  for (let run = 0; run < 4; run += 1) {
    looked = 0;
    runs.push([await sweep({ ...desk.services, blobs: store }, tomorrow()), looked]);
  }
  assert.deepEqual(runs, [[0, 10_000], [0, 10_000], [1, 5_000], [0, 10_000]]);
  assert.deepEqual(removed, [orphan]);
});

test('where most are unknown nothing is removed, and the log says so', async () => {
  const root = join(desk.folder, 'elsewhere');
  const store = openFolderStore(root);
  const complaints: string[] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => void complaints.push(line) });
  for (let count = 0; count < 100; count += 1) await leave(desk.tenantId, { store });
  assert.equal(await openOrphanSweep()({ ...desk.services, blobs: store, log }, tomorrow()), 0);
  assert.equal((await keys(store)).length, 100);
  assert.match(complaints.join(''), /unknown to the database/);
  await rm(root, { recursive: true });
});

test('no transaction is open while bytes are removed, and a store that fails is tried again', async () => {
  const key = await leave();
  const failing: BlobStore = { ...desk.services.blobs, remove: async () => { throw new Error('the store is away'); } };
  const sweep = openOrphanSweep();
  await assert.rejects(sweep({ ...desk.services, blobs: failing }, tomorrow()), /away/);
  await sweep(desk.services, tomorrow());
  await sweep(desk.services, tomorrow());
  assert.ok(!(await keys()).includes(key));
});
