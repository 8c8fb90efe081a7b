import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { newId } from '../../platform/db/uuid.ts';
import { build } from '../../platform/db/database.ts';
import { BlobMissing } from '../../platform/files/blob-store.ts';
import { loadImages } from '../../platform/files/image.ts';
import { fileById } from './queries.ts';
import { nobody, openSampleDesk, samplePhoto, type SampleDesk } from './sample-desk.ts';
import { ensureThumbnail, makeThumbnail } from './thumbnail-job.ts';

let desk: SampleDesk;
before(async () => {
  desk = await openSampleDesk();
});
after(() => desk?.close());

const find = (id: string) => desk.as(nobody, (context) => fileById(context, id));

test('the thumbnail of a photo is made once, however often the job runs', async () => {
  const { id } = await desk.send(nobody, { name: 'a.jpg', content: await samplePhoto() });
  const job = { tenantId: desk.tenantId, fileId: id };
  await Promise.all([makeThumbnail(desk.services, job), makeThumbnail(desk.services, job)]);
  const file = await find(id);
  assert.ok(file?.thumbnail_key);
  const sharp = await loadImages();
  const made = await sharp(await buffer(await desk.services.blobs.get(file.thumbnail_key))).metadata();
  assert.deepEqual([made.format, made.width, made.height], ['jpeg', 480, 360]);
  // Gone from the store, it is not made again, as the row says that it is there.
  await desk.services.blobs.remove(file.thumbnail_key);
  await makeThumbnail(desk.services, job);
  await assert.rejects(desk.services.blobs.get(file.thumbnail_key), BlobMissing);
  assert.deepEqual(await readdir(join(desk.folder, 'files', '.work')), [], 'the work folder is empty');
});

test('there is none of what is no image, is damaged, lost or unknown', async () => {
  const photo = await samplePhoto();
  const cut = await desk.send(nobody, { name: 'a.jpg', content: photo.subarray(0, photo.length / 2) });
  const note = await desk.send(nobody, { name: 'a.txt', content: 'a' });
  const lost = await desk.send(nobody, { name: 'b.jpg', content: photo });
  await desk.services.blobs.remove(lost.storage_key);
  for (const [{ id }, kept] of [[cut, ''], [note, null], [lost, null]] as const) {
    await makeThumbnail(desk.services, { tenantId: desk.tenantId, fileId: id });
    assert.equal((await find(id))?.thumbnail_key, kept);
    assert.equal(await ensureThumbnail(desk.services, (await find(id))!), null);
  }
  await makeThumbnail(desk.services, { tenantId: desk.tenantId, fileId: newId() });
});

test('of a file that was removed meanwhile no thumbnail stays', async () => {
  const file = await desk.send(nobody, { name: 'a.jpg', content: await samplePhoto() });
  await desk.as(nobody, (context) => context.transaction.run(build.deleteFrom('file').where('tenant_id', '=', desk.tenantId).where('id', '=', file.id)));
  assert.equal(await ensureThumbnail(desk.services, file), null);
  await assert.rejects(desk.services.blobs.get(`${file.storage_key}-thumbnail`), BlobMissing);
});

test('a damaged image is fetched and decoded once, however often its thumbnail is asked for', async () => {
  const photo = await samplePhoto();
  const { id } = await desk.send(nobody, { name: 'a.jpg', content: photo.subarray(0, photo.length / 2) });
  let fetched = 0;
  const { blobs } = desk.services;
  const counting = { ...desk.services, blobs: { ...blobs, get: (...given: Parameters<typeof blobs.get>) => {
    fetched += 1;
    return blobs.get(...given);
  } } };
  for (let asked = 0; asked < 3; asked += 1) assert.equal(await ensureThumbnail(counting, (await find(id))!), null);
  assert.equal(fetched, 1);
});
