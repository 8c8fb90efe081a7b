import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isBlankImage, loadImages } from './image.ts';
import { writeThumbnail } from './thumbnail.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'thumbnail-'));
});
after(() => rm(folder, { recursive: true }));

test('a large photo becomes a small upright JPEG that tells nothing of where it was taken', async () => {
  const sharp = await loadImages();
  const path = join(folder, 'photo');
  await sharp({ create: { width: 2_000, height: 1_000, channels: 3, background: '#1a56db' } })
    .withExif({ IFD0: { Make: 'Phone' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '31/1 14/1 0/1' } }).withMetadata({ orientation: 6 }).jpeg().toFile(path);
  assert.ok((await sharp(path).metadata()).exif, 'the photo itself has metadata');
  const target = join(folder, 'small');
  assert.equal(await writeThumbnail(path, target), true);
  const made = await sharp(target).metadata();
  assert.deepEqual([made.format, made.width, made.height, made.orientation, made.exif], ['jpeg', 240, 480, undefined, undefined]);
});

test('a small drawing with nothing behind it keeps its size and gets white paper', async () => {
  const sharp = await loadImages();
  const path = join(folder, 'drawing');
  await sharp({ create: { width: 100, height: 50, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } }).png().toFile(path);
  const target = join(folder, 'drawn');
  assert.equal(await writeThumbnail(path, target), true);
  const { data, info } = await sharp(target).raw().toBuffer({ resolveWithObject: true });
  assert.deepEqual([info.width, info.height, data[0]], [100, 50, 255]);
});

test('of what cannot be decoded there is no thumbnail, and the next one is made all the same', async () => {
  const sharp = await loadImages();
  const whole = await sharp({ create: { width: 800, height: 600, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 40 } } }).jpeg().toBuffer();
  const cases = { cut: whole.subarray(0, whole.length / 2), rubbish: Buffer.from('not an image'), drawing: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), whole };
  const made = await Promise.all(Object.entries(cases).map(async ([name, content]) => {
    await writeFile(join(folder, name), content);
    return writeThumbnail(join(folder, name), join(folder, `${name}.small`));
  }));
  assert.deepEqual(made, [false, false, false, true]);
  assert.ok((await stat(join(folder, 'whole.small'))).size > 1_000);
});

test('a signature with ink is not blank, one without is', async () => {
  const sharp = await loadImages();
  const clear = { r: 0, g: 0, b: 0, alpha: 0 };
  const paper = sharp({ create: { width: 300, height: 150, channels: 4, background: clear } });
  const ink = await sharp({ create: { width: 60, height: 3, channels: 4, background: '#111827' } }).png().toBuffer();
  await paper.clone().png().toFile(join(folder, 'clear'));
  await sharp({ create: { width: 300, height: 150, channels: 3, background: '#fff' } }).jpeg().toFile(join(folder, 'white'));
  await paper.clone().composite([{ input: ink, left: 20, top: 70 }]).png().toFile(join(folder, 'signed'));
  const chalk = await sharp({ create: { width: 60, height: 3, channels: 4, background: '#ffffff' } }).png().toBuffer();
  await paper.clone().composite([{ input: chalk, left: 20, top: 70 }]).png().toFile(join(folder, 'chalk'));
  await writeFile(join(folder, 'torn'), ink.subarray(0, 50));
  assert.deepEqual(await Promise.all(['clear', 'white', 'torn', 'signed', 'chalk'].map((name) => isBlankImage(join(folder, name)))), [true, true, true, false, false]);
});
