import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { readOrientation } from './photo.ts';

async function jpeg(orientation: number | undefined): Promise<DataView> {
  const picture = sharp({ create: { width: 4, height: 2, channels: 3, background: '#ffffff' } }).jpeg();
  const bytes = await (orientation === undefined ? picture : picture.withMetadata({ orientation })).toBuffer();
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

test('the orientation of a photo is found whichever of the eight it is', async () => {
  for (let orientation = 1; orientation <= 8; orientation += 1) assert.equal(readOrientation(await jpeg(orientation)), orientation);
});

test('a photo without one, a cut one and something else are taken as upright', async () => {
  assert.equal(readOrientation(await jpeg(undefined)), 1);
  const whole = await jpeg(6);
  for (let length = 0; length < Math.min(whole.byteLength, 120); length += 1) {
    const found = readOrientation(new DataView(whole.buffer, whole.byteOffset, length));
    assert.ok(found === 1 || found === 6, `cut after ${length} bytes`);
  }
  assert.equal(readOrientation(new DataView(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0]).buffer)), 1);
});
