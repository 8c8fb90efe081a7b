import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { build } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { loadImages } from '../../platform/files/image.ts';
import { box } from '../../platform/files/metadata/sample-images.ts';
import { page } from '../../platform/files/sample-files.ts';
import { fileById, filesByIds } from './queries.ts';
import { nobody, openSampleDesk, samplePhoto, sampleStaff, type SampleDesk } from './sample-desk.ts';
import { viewFile } from './view.ts';

let desk: SampleDesk;
before(async () => {
  desk = await openSampleDesk();
});
after(() => desk?.close());

test('a stored file has its bytes, its row and its fact', async () => {
  const content = await samplePhoto(40, 30);
  const file = await desk.send(sampleStaff(desk.staffId), { name: 'C:\\照片\\现场.jpg', content, purpose: 'photo', visibility: 'public' });
  assert.ok(content.equals(await buffer(await desk.services.blobs.get(file.storage_key))));
  const read = await desk.as(nobody, (context) => fileById(context, file.id));
  assert.deepEqual(read, file);
  assert.deepEqual(
    [file.name, file.media_type, file.size, file.width, file.height, file.ticket_id, file.uploaded_by_kind, file.uploaded_by_id, file.purpose, file.visibility],
    ['现场.jpg', 'image/jpeg', content.length, 40, 30, null, 'staff', desk.staffId, 'photo', 'public'],
  );
  const facts = await desk.as(nobody, (context) => context.transaction.run(build.selectFrom('fact').selectAll().where('tenant_id', '=', desk.tenantId).where('subject_id', '=', file.id)));
  assert.deepEqual(facts.map((fact) => [fact.kind, fact.actor_kind, fact.actor_id, fact.data]), [
    ['file.uploaded', 'staff', desk.staffId, { name: '现场.jpg', mediaType: 'image/jpeg', size: content.length, purpose: 'photo' }],
  ]);
});

test('what a camera noted is not kept; length, hash and size in pixels are those of what is', async () => {
  const sharp = await loadImages();
  const taken = await sharp(await samplePhoto(40, 30)).withExif({ IFD0: { Make: 'Privatphone' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '31/1 14/1 0/1' } }).withMetadata({ orientation: 6 }).toBuffer();
  const file = await desk.send(nobody, { name: 'IMG_0001.JPG', content: taken, visibility: 'public' });
  const kept = await buffer(await desk.services.blobs.get(file.storage_key));
  assert.ok(taken.includes('Privatphone') && !kept.includes('Privatphone'));
  const read = await desk.as(nobody, (context) => fileById(context, file.id));
  assert.deepEqual([read!.size, read!.sha256, read!.width, read!.height], [kept.length, createHash('sha256').update(kept).digest(), 30, 40]);
  assert.equal((await sharp(kept).metadata()).orientation, 6, 'still the right way up');
});

test('a picture of which nobody can say what is metadata is not kept', async () => {
  const list = 'a list of items that begins with a box shorter than its own head';
  const content = Buffer.concat([box('ftyp', Buffer.from('heic\0\0\0\0heic')), box('meta', Buffer.concat([Buffer.alloc(4), Buffer.from('\0\0\0\x04'), Buffer.from(list)]))]);
  const rows = () => desk.as(nobody, (context) => context.transaction.run(build.selectFrom('file').select('id').where('tenant_id', '=', desk.tenantId)));
  const before = await rows();
  await assert.rejects(desk.send(nobody, { name: 'a.heic', content }), { code: 'file_type_mismatch' });
  assert.deepEqual(await rows(), before);
});

test('an API key sends as its owner, a customer as a customer', async () => {
  const byKey = await desk.send(sampleStaff(desk.staffId, 'api_key'), { name: 'a.txt', content: 'a' });
  assert.deepEqual([byKey.uploaded_by_kind, byKey.uploaded_by_id], ['staff', desk.staffId]);
  const byCustomer = await desk.send(nobody, { name: 'a.txt', content: 'a' });
  assert.deepEqual([byCustomer.uploaded_by_kind, byCustomer.uploaded_by_id], ['customer', null]);
});

test('what is refused leaves neither bytes nor row', async () => {
  const count = () => desk.as(nobody, (context) => context.transaction.run(build.selectFrom('file').select('id').where('tenant_id', '=', desk.tenantId)));
  const stored = async () => (await readdir(join(desk.folder, 'files'), { recursive: true })).length;
  const rows = (await count()).length;
  const blobs = await stored();
  const staff = sampleStaff(desk.staffId);
  await assert.rejects(desk.send(staff, { name: 'photo.jpg', content: page }), { code: 'file_type_mismatch' });
  await assert.rejects(desk.send(staff, { name: 'a.html', content: page }), { code: 'file_type_refused' });
  await assert.rejects(desk.send(staff, { name: 'a.txt', content: '' }), { code: 'file_empty' });
  await assert.rejects(desk.send(staff, { name: 'a.txt', content: 'a', purpose: 'photo' }), { code: 'file_type_refused' });
  const sharp = await loadImages();
  const blank = await sharp({ create: { width: 300, height: 150, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } }).png().toBuffer();
  await assert.rejects(desk.send(staff, { name: 'signature.png', content: blank, purpose: 'signature' }), { code: 'signature_empty' });
  assert.equal((await count()).length, rows);
  assert.equal(await stored(), blobs);
});

test('another organization sees nothing of it', async () => {
  const file = await desk.send(nobody, { name: 'a.txt', content: 'a' });
  assert.equal(await desk.as(nobody, (context) => fileById(context, file.id), newId()), undefined);
  assert.deepEqual(await desk.as(nobody, (context) => filesByIds(context, [file.id]), newId()), []);
});

test('its view gives each reader addresses of their own', async () => {
  const photo = await desk.send(nobody, { name: 'a.jpg', content: await samplePhoto(40, 30) });
  const note = await desk.send(nobody, { name: 'a.txt', content: 'a' });
  assert.deepEqual(viewFile(photo, { kind: 'staff' }), {
    id: photo.id, name: 'a.jpg', mediaType: 'image/jpeg', size: photo.size, purpose: 'attachment', visibility: 'internal', width: 40, height: 30,
    url: `/api/v1/files/${photo.id}`, thumbnailUrl: `/api/v1/files/${photo.id}/thumbnail`, visitId: null, messageId: null, recorded: null, createdAt: '2026-11-21T08:00:00.000Z',
  });
  const progress = viewFile(photo, { kind: 'progress', token: 'TOKEN' });
  assert.deepEqual([progress.url, progress.thumbnailUrl], [`/api/v1/progress/TOKEN/files/${photo.id}`, `/api/v1/progress/TOKEN/files/${photo.id}/thumbnail`]);
  assert.equal(viewFile(note, { kind: 'staff' }).thumbnailUrl, null);
});
