import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { loadImages } from '../image.ts';
import { box, heicOf, privateMarks as marks, privateWords, tiffOf } from './sample-images.ts';
import { DamagedFile } from './source.ts';
import { stripMetadata } from './strip-metadata.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'metadata-'));
});
after(() => rm(folder, { recursive: true }));

/** What is left of a file; the very same bytes when nothing had to go. Checks that length and hash are told rightly. */
async function strip(content: Buffer, mediaType: string): Promise<Buffer> {
  const path = join(folder, 'file');
  await writeFile(path, content);
  const stripped = await stripMetadata(path, mediaType);
  const left = await readFile(path);
  if (stripped) assert.deepEqual(stripped, { size: left.length, sha256: createHash('sha256').update(left).digest() });
  else assert.ok(left.equals(content));
  assert.deepEqual(await readdir(folder), ['file'], 'nothing else stays');
  return left;
}

function assertSilent(content: Buffer, message: string): void {
  for (const word of privateWords) assert.ok(!content.includes(word) && !content.includes(Buffer.from(word, 'utf16le')), `${message}: ${word} is still there`);
}

type Format = 'jpeg' | 'png' | 'webp' | 'avif' | 'tiff';

/** A picture with everything a camera notes, of so many pixels that no two rows are alike. */
async function photo(format: Format, orientation = 1): Promise<Buffer> {
  const sharp = await loadImages();
  const pixels = Buffer.from(Array.from({ length: 64 * 40 * 3 }, (_, index) => (index * 7 + Math.floor(index / 192) * 31) % 256));
  return sharp(pixels, { raw: { width: 64, height: 40, channels: 3 } })
    .withExif({ IFD0: { Make: marks.make, Model: marks.model, Artist: marks.owner }, IFD2: { BodySerialNumber: marks.serial }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '31/1 14/1 0/1', GPSAreaInformation: marks.place } })
    .withXmp(`<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="${marks.place}"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`)
    .withMetadata({ orientation }).toFormat(format, format === 'jpeg' ? { quality: 90 } : format === 'webp' ? { lossless: true } : {}).toBuffer();
}

async function shown(content: Buffer): Promise<{ pixels: Buffer; width: number; height: number; orientation: number }> {
  const sharp = await loadImages();
  const { data, info } = await sharp(content, { failOn: 'error' }).autoOrient().raw().toBuffer({ resolveWithObject: true });
  return { pixels: data, width: info.width, height: info.height, orientation: (await sharp(content).metadata()).orientation ?? 1 };
}

/** The segment `marker` of a JPEG. */
function segment(marker: number, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content as string, 'latin1');
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(bytes.length + 2, 2);
  return Buffer.concat([head, bytes]);
}

const formats: readonly [Format, string][] = [['jpeg', 'image/jpeg'], ['png', 'image/png'], ['webp', 'image/webp'], ['avif', 'image/avif'], ['tiff', 'image/tiff']];

describe('pictures lose what their camera noted, and nothing else', () => {
  for (const [format, mediaType] of formats) {
    test(`${format}: the same picture, the same way up, without place, make, serial number and owner`, async () => {
      const sharp = await loadImages();
      for (const orientation of [1, 3, 6, 8]) {
        const taken = await photo(format, orientation);
        if (orientation === 6) assert.ok([marks.serial, marks.place].some((mark) => taken.includes(mark)), 'what is looked for is there before');
        const left = await strip(taken, mediaType);
        assertSilent(left, `${format} ${orientation}`);
        const [before, after] = [await shown(taken), await shown(left)];
        assert.deepEqual([after.width, after.height, after.orientation], [before.width, before.height, before.orientation]);
        assert.ok(after.pixels.equals(before.pixels), 'not a pixel is another');
        const { exif, xmp } = await sharp(left).metadata();
        for (const rest of [exif, xmp]) assertSilent(rest ?? Buffer.alloc(0), 'as a library reads it');
        assert.ok(xmp === undefined || format === 'avif', 'no XMP');
        assert.deepEqual(await strip(left, mediaType), left, 'a second time finds nothing');
      }
    });
  }

  test('a colour profile stays, as the colours would be others without it', async () => {
    const sharp = await loadImages();
    for (const format of ['jpeg', 'png', 'webp', 'tiff'] as const) {
      const taken = await sharp({ create: { width: 20, height: 20, channels: 3, background: '#c83214' } }).withIccProfile('p3').toFormat(format).toBuffer();
      const left = await strip(taken, `image/${format}`);
      assert.deepEqual((await sharp(left).metadata()).icc, (await sharp(taken).metadata()).icc, format);
    }
  });

  test('an animation goes on moving', async () => {
    const sharp = await loadImages();
    const frames = await Promise.all(['#f00', '#0f0', '#00f'].map((background) => sharp({ create: { width: 16, height: 16, channels: 3, background } }).png().toBuffer()));
    for (const format of ['gif', 'webp'] as const) {
      const taken = await sharp(frames, { join: { animated: true } }).withExif({ IFD0: { Make: marks.make } })[format]({ delay: [100, 200, 300], loop: 3 }).toBuffer();
      const left = await strip(taken, `image/${format}`);
      const { pages, delay, loop } = await sharp(left, { animated: true }).metadata();
      assert.deepEqual([pages, delay, loop], [3, [100, 200, 300], 3], format);
      assertSilent(left, format);
    }
  });
});

describe('JPEG', () => {
  test('segments that programs and cameras leave go, wherever they stand, and so does what lies behind the end', async () => {
    const taken = await photo('jpeg');
    const scan = taken.indexOf(Buffer.from([0xff, 0xda]));
    const secrets = [segment(0xfe, marks.owner), segment(0xed, `Photoshop 3.0\0${marks.place}`), segment(0xe2, `MPF\0${marks.serial}`), segment(0xe0, `JFXX\0${marks.owner}`), segment(0xe1, `http://ns.adobe.com/xmp/extension/\0${marks.place}`), segment(0xeb, `JP${marks.serial}`), segment(0xf7, marks.serial)];
    const full = Buffer.concat([taken.subarray(0, 2), ...secrets, taken.subarray(2, scan), ...secrets, Buffer.from([0xff, 0xff]), taken.subarray(scan), await photo('jpeg'), Buffer.from(marks.place)]);
    const left = await strip(full, 'image/jpeg');
    assertSilent(left, 'full');
    assert.ok((await shown(left)).pixels.equals((await shown(taken)).pixels));
    assert.deepEqual(left, await strip(taken, 'image/jpeg'));
  });

  test('one in several scans, with tables, restarts and remarks between them', async () => {
    const sharp = await loadImages();
    const taken = await sharp(await photo('jpeg')).jpeg({ progressive: true }).toBuffer();
    const second = taken.indexOf(Buffer.from([0xff, 0xc4]), taken.indexOf(Buffer.from([0xff, 0xda])));
    assert.ok(second > 0);
    const left = await strip(Buffer.concat([taken.subarray(0, second), segment(0xfe, marks.owner), taken.subarray(second)]), 'image/jpeg');
    assertSilent(left, 'progressive');
    assert.deepEqual(left, await strip(taken, 'image/jpeg'));
    assert.ok((await shown(left)).pixels.equals((await shown(taken)).pixels));
  });

  test('a marker is found where one reading of the file ends and the next begins', async () => {
    const taken = await strip(await photo('jpeg'), 'image/jpeg');
    const scan = taken.indexOf(Buffer.from([0xff, 0xda]));
    for (const boundary of [65_536, 262_144]) {
      for (let shift = -3; shift <= 3; shift += 1) {
        // Compressed data of any length; what it shows is nobody's concern here.
        const data = Buffer.alloc(boundary + shift, 0x55);
        data.fill(Buffer.from([0xff, 0x00]), 100, 4_000);
        const file = Buffer.concat([taken.subarray(0, scan + 14), data, Buffer.from([0xff, 0xd9]), Buffer.from(marks.place)]);
        assert.ok(file.subarray(0, -marks.place.length).equals(await strip(file, 'image/jpeg')), `${boundary} ${shift}`);
      }
    }
  });

  test('of what was cut off there is as much as there was', async () => {
    const taken = await strip(await photo('jpeg'), 'image/jpeg');
    for (const length of [taken.length - 1, taken.length - 2, taken.length - 100, 700]) assert.ok(taken.subarray(0, length).equals(await strip(taken.subarray(0, length), 'image/jpeg')), `${length}`);
  });
});

describe('PNG and GIF', () => {
  test('texts, times and private chunks go, and so does what lies behind the end', async () => {
    const chunk = (type: string, text: string) => Buffer.concat([Buffer.from([0, 0, 0, text.length]), Buffer.from(type + text, 'latin1'), Buffer.alloc(4)]);
    const taken = await photo('png');
    const full = Buffer.concat([taken.subarray(0, 33), chunk('tEXt', `Author\0${marks.owner}`), chunk('iTXt', `XML:com.adobe.xmp\0\0\0\0\0${marks.place}`), chunk('zTXt', marks.serial), chunk('tIME', '1234567'), chunk('caBX', marks.serial), taken.subarray(33), Buffer.from(marks.place)]);
    const left = await strip(full, 'image/png');
    assertSilent(left, 'png');
    assert.deepEqual(left, await strip(taken, 'image/png'));
  });

  test('remarks and what programs left in a GIF go', async () => {
    const sharp = await loadImages();
    const taken = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#123456' } }).gif().toBuffer();
    const blocks = (text: string) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text), Buffer.from([0])]);
    const at = 13 + 3 * 2 ** ((taken[10]! & 7) + 1) * (taken[10]! >> 7);
    const full = Buffer.concat([taken.subarray(0, at), Buffer.from([0x21, 0xfe]), blocks(marks.owner), Buffer.from([0x21, 0xff, 11]), Buffer.from('XMP DataXMP'), blocks(marks.place), taken.subarray(at), Buffer.from(marks.serial)]);
    assert.deepEqual(await strip(full, 'image/gif'), await strip(taken, 'image/gif'));
  });
});

describe('pictures and films of the ISO family', () => {
  test('a phone’s HEIC: Exif and XMP items become empty, wherever they lie; the picture stays where it was', async () => {
    for (const options of [{}, { wide: true }, { inner: true }, { wide: true, inner: true }, { torn: true }]) {
      const taken = heicOf(options);
      assert.ok(taken.includes(marks.place) && taken.includes(marks.serial));
      const left = await strip(taken, 'image/heic');
      assertSilent(left, JSON.stringify(options));
      assert.equal(left.length, taken.length);
      assert.ok(left.includes('the coded picture'));
      assert.equal(left.indexOf('the coded picture'), taken.indexOf('the coded picture'));
      assert.deepEqual(await strip(left, 'image/heic'), left);
    }
  });

  test('films and voice notes lose place, make and model; length and layout stay', async () => {
    const place = box('udta', Buffer.concat([box('\u00a9xyz', Buffer.from(`\0\x12\x15\xc7${marks.place}`, 'latin1')), box('\u00a9mak', Buffer.from(marks.make))]));
    const apple = box('meta', box('ilst', Buffer.from(`com.apple.quicktime.location.ISO6709 ${marks.place} ${marks.model}`)));
    const track = box('trak', Buffer.concat([box('tkhd', Buffer.from('the matrix that turns it')), box('mdia', Buffer.alloc(20, 7)), box('udta', Buffer.from(marks.owner))]));
    const film = Buffer.concat([box('ftyp', Buffer.from('isom\0\0\0\0isom')), box('moov', Buffer.concat([box('mvhd', Buffer.alloc(100, 1)), track, place, apple])), box('uuid', Buffer.from(`0123456789abcdef${marks.serial}`)), box('mdat', Buffer.from('the coded film'))]);
    for (const mediaType of ['video/mp4', 'video/quicktime', 'video/3gpp', 'audio/mp4', 'audio/3gpp']) {
      const left = await strip(film, mediaType);
      assertSilent(left, mediaType);
      assert.equal(left.length, film.length);
      for (const kept of ['the coded film', 'the matrix that turns it']) assert.equal(left.indexOf(kept), film.indexOf(kept));
      assert.deepEqual(await strip(left, mediaType), left);
    }
  });

  test('a list of items that leads out of the file is refused', async () => {
    for (const options of [{ beyond: true }, { empty: true }, { cut: true }]) await assert.rejects(strip(heicOf(options), 'image/heic'), DamagedFile, JSON.stringify(options));
  });
});

describe('TIFF', () => {
  test('in either order and size, on every page and below it', async () => {
    for (const little of [true, false]) {
      for (const big of [true, false]) {
        const taken = tiffOf({ little, big });
        assert.ok(taken.includes(marks.place) && taken.includes(marks.serial));
        const left = await strip(taken, 'image/tiff');
        assertSilent(left, `${little} ${big}`);
        assert.equal(left.length, taken.length);
        assert.ok(left.includes('the first page') && left.includes('the second page') && left.includes('the small one'));
        assert.deepEqual(await strip(left, 'image/tiff'), left);
      }
    }
  });

  test('directories that lead in a circle come to an end', { timeout: 20_000 }, async () => {
    const taken = tiffOf({ little: true, big: false, circle: true });
    assertSilent(await strip(taken, 'image/tiff'), 'circle');
  });
});

test('what is none of these is left as it is', async () => {
  for (const mediaType of ['image/bmp', 'application/pdf', 'text/plain', 'audio/mpeg']) assert.equal((await strip(Buffer.from(marks.place), mediaType)).toString(), marks.place);
});

test('a file made of nothing but beginnings is refused soon', { timeout: 60_000 }, async () => {
  const many = 20_000_000;
  const cases: [string, Buffer][] = [
    ['image/jpeg', Buffer.concat([Buffer.from('ffd8', 'hex'), Buffer.alloc(many, Buffer.from('ffe10002', 'hex'))])],
    ['image/jpeg', Buffer.concat([Buffer.from('ffd8', 'hex'), Buffer.alloc(many, 0xff)])],
    ['image/png', Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(many, Buffer.from('000000007445587400000000', 'hex'))])],
    ['image/webp', Buffer.concat([Buffer.from('RIFF\xff\xff\xff\xffWEBP', 'latin1'), Buffer.alloc(many, Buffer.from('EXIF\0\0\0\0', 'latin1'))])],
    ['image/gif', Buffer.concat([Buffer.from('GIF89a\x01\0\x01\0\0\0\0', 'latin1'), Buffer.alloc(many, Buffer.from('21fe00', 'hex'))])],
    ['video/mp4', Buffer.alloc(many, box('free', Buffer.alloc(0)))],
  ];
  for (const [mediaType, content] of cases) await assert.rejects(strip(content, mediaType), DamagedFile, mediaType);
});

test('whatever is done to a file, it is stripped or refused, and never anything else', { timeout: 240_000 }, async () => {
  const seeds: [string, Buffer][] = [
    ...await Promise.all(formats.map(async ([format, mediaType]): Promise<[string, Buffer]> => [mediaType, await photo(format, 6)])),
    ['image/heic', heicOf({})], ['image/heic', heicOf({ wide: true, inner: true })], ['image/tiff', tiffOf({ little: true, big: true })],
    ['image/gif', await (await loadImages())({ create: { width: 9, height: 9, channels: 3, background: '#123456' } }).gif().toBuffer()],
    ['video/mp4', Buffer.concat([box('ftyp', Buffer.from('isom')), box('moov', Buffer.concat([box('udta', Buffer.alloc(9)), box('trak', box('meta', Buffer.alloc(30)))])), box('mdat', Buffer.alloc(9))])],
  ];
  const change = fc.record({ at: fc.double({ min: 0, max: 0.999, noNaN: true }), kind: fc.constantFrom('set', 'cut', 'remove', 'repeat', 'insert'), length: fc.integer({ min: 1, max: 300 }), bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }), value: fc.constantFrom(0, 1, 0x7f, 0x80, 0xff) });
  await fc.assert(fc.asyncProperty(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 6 }), async ([mediaType, seed], changes) => {
    let content = Buffer.from(seed);
    for (const { at, kind, length, bytes, value } of changes) {
      // Most of what can be got wrong stands near the beginning.
      const place = Math.floor(at * at * content.length);
      if (kind === 'set') content.fill(value, place, Math.min(place + Math.min(length, 4), content.length));
      else if (kind === 'cut') content = content.subarray(0, place + 1);
      else if (kind === 'remove') content = Buffer.concat([content.subarray(0, place), content.subarray(place + length)]);
      else content = Buffer.concat([content.subarray(0, place), kind === 'insert' ? bytes : content.subarray(place, place + length), content.subarray(place)]);
    }
    try {
      const left = await strip(content, mediaType);
      assert.ok(left.length <= content.length + 64, 'nothing grows but by a direction');
    } catch (error) {
      assert.ok(error instanceof DamagedFile, String((error as Error).stack));
    }
  }), { numRuns: 1_500, seed: 20_261_121 });
});
