import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
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
