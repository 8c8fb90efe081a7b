import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { statement } from '../../platform/db/database.ts';
import { BlobMissing } from '../../platform/files/blob-store.ts';
import { openFolderStore } from '../../platform/files/folder-store.ts';
import { attachFiles } from './attach-files.ts';
import { fileById } from './queries.ts';
import { nobody, openSampleDesk, samplePhoto, sampleStaff, type SampleDesk } from './sample-desk.ts';
import { removeUnattached } from './sweep-unattached.ts';
import { makeThumbnail } from './thumbnail-job.ts';

let desk: SampleDesk;
before(async () => {
  desk = await openSampleDesk();
});
after(() => desk?.close());

test('what was not attached is removed with its bytes, in batches; what is attached or young stays', async () => {
  const staff = sampleStaff(desk.staffId);
  const photo = await samplePhoto(40, 30);
  const kept = await desk.send(staff, { name: 'a.jpg', content: photo });
  const forgotten = await desk.send(staff, { name: 'b.jpg', content: photo });
  await makeThumbnail(desk.services, { tenantId: desk.tenantId, fileId: forgotten.id });
  for (let count = 0; count < 120; count += 1) await desk.send(nobody, { name: 'c.txt', content: 'c' });
  const ticketId = await desk.newTicket();
  await desk.as(staff, (context) => attachFiles(context, [kept.id], { ticketId }));
  desk.now = new Date(desk.now.getTime() + 1);
  const young = await desk.send(staff, { name: 'd.jpg', content: photo });

  assert.equal(await removeUnattached(desk.services, desk.now), 121);
  assert.equal(await removeUnattached(desk.services, desk.now), 0);
  const [gone, ...stays] = await desk.as(staff, (context) => Promise.all([forgotten, kept, young].map((file) => fileById(context, file.id))));
  assert.equal(gone, undefined);
  for (const file of stays) {
    assert.ok(file);
    (await desk.services.blobs.get(file.storage_key)).destroy();
  }
  for (const key of [forgotten.storage_key, `${forgotten.storage_key}-thumbnail`]) await assert.rejects(desk.services.blobs.get(key), BlobMissing);
});

test('a store that fails leaves the rows to be found next time', async () => {
  const file = await desk.send(nobody, { name: 'a.txt', content: 'a' });
  const later = new Date(desk.now.getTime() + 1);
  const store = openFolderStore('/dev/null/nowhere');
  await assert.rejects(removeUnattached({ ...desk.services, blobs: { ...store, workFolder: desk.services.blobs.workFolder } }, later));
  assert.ok(await desk.as(nobody, (context) => fileById(context, file.id)));
  assert.ok(await removeUnattached(desk.services, later) >= 1);
});

const countWriters = statement<{ count: number }>('test.writers', `
  SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND (backend_xid IS NOT NULL OR state LIKE 'idle in transaction%')`);

test('while a slow store removes bytes no transaction is open, as readers of the fact log would wait for it', async () => {
  const file = await desk.send(nobody, { name: 'a.txt', content: 'a' });
  const open: number[] = [];
  const { blobs } = desk.services;
  const slow = {
    ...blobs,
    remove: async (key: string) => {
      open.push((await desk.as(nobody, (context) => context.transaction.query(countWriters, [])))[0]!.count);
      await blobs.remove(key);
    },
  };
  assert.equal(await removeUnattached({ ...desk.services, blobs: slow }, new Date(desk.now.getTime() + 1)), 1);
  assert.deepEqual([open.length, ...new Set(open)], [2, 0]);
  assert.equal(await desk.as(nobody, (context) => fileById(context, file.id)), undefined);
});

test('what cannot be decoded is removed like everything else, with whatever lies where its thumbnail would', async () => {
  const photo = await samplePhoto();
  const file = await desk.send(nobody, { name: 'a.jpg', content: photo.subarray(0, photo.length / 2) });
  await makeThumbnail(desk.services, { tenantId: desk.tenantId, fileId: file.id });
  const removed: string[] = [];
  const { blobs } = desk.services;
  await removeUnattached({ ...desk.services, blobs: { ...blobs, remove: async (key) => void removed.push(key) } }, new Date(desk.now.getTime() + 1));
  assert.deepEqual(removed.sort(), [file.storage_key, `${file.storage_key}-thumbnail`]);
});
