import { Buffer } from 'node:buffer';
import { orientationOf, orientationOnly, withoutExifName } from './exif.ts';
import { DamagedFile, countSteps, newPlan, type Plan, type Source } from './source.ts';

const startOfScan = 0xda;
const endOfImage = 0xd9;
const exifSegment = 0xe1;

/**
 * A JPEG without what its camera noted (去除 JPEG 元数据): its picture byte by byte, its colour profile and how its
 * colours were transformed; which way up it is, and nothing else of EXIF, XMP, IPTC, comments, further pictures and films
 * behind its end. Segments by ITU-T T.81, Annex B.
 *
 * What lies between segments is skipped, as decoders do; a file that is cut off stays cut off.
 */
export async function planJpeg(source: Source): Promise<Plan> {
  const plan = newPlan();
  const step = countSteps();
  if ((await source.read(0, 2)).toString('hex') !== 'ffd8') throw new DamagedFile('no start of image');
  plan.keep(0, 2);
  let at = 2;
  let exifSeen = false;
  for (;;) {
    step();
    const head = await source.read(at, 4);
    if (head.length < 2) return plan;
    const marker = head[1]!;
    if (head[0] !== 0xff) at = await next255(source, at);
    else if (marker === 0xff) at += 1;
    else if (marker === endOfImage) {
      plan.keep(at, at + 2);
      return plan;
    } else if (marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd7)) at += 2;
    else {
      if (head.length < 4) return plan;
      const end = at + 2 + head.readUInt16BE(2);
      if (end < at + 4 || marker === 0xd8) throw new DamagedFile('no segment');
      if (marker === startOfScan) {
        const scanned = await endOfScan(source, Math.min(end, source.size));
        plan.keep(at, scanned);
        at = scanned;
        continue;
      }
      const name = (await source.read(at + 4, Math.min(end - at - 4, 14))).toString('latin1');
      if (isPicture(marker, name)) plan.keep(at, Math.min(end, source.size));
      else if (marker === exifSegment && name.startsWith('Exif\0') && !exifSeen) {
        exifSeen = true;
        const orientation = orientationOf(withoutExifName(await source.read(at + 4, end - at - 4)));
        if (orientation > 1) plan.put(exifOf(orientation));
      }
      at = end;
    }
  }
}

/** Whether a segment is needed to show the picture rightly. */
function isPicture(marker: number, name: string): boolean {
  // Tables, frames and the like. SOF55 and the rest of JPGn are no JPEG that is shown anywhere.
  if ((marker >= 0xc0 && marker <= 0xcf) || (marker >= 0xdb && marker <= 0xdf)) return true;
  if (marker === 0xe0) return name.startsWith('JFIF\0');
  if (marker === 0xe2) return name.startsWith('ICC_PROFILE\0');
  return marker === 0xee && name.startsWith('Adobe');
}

function exifOf(orientation: number): Buffer {
  const content = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), orientationOnly(orientation)]);
  const head = Buffer.from([0xff, exifSegment, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
}

const stride = 65_536;

async function next255(source: Source, from: number): Promise<number> {
  for (let at = from; ; at += stride) {
    const bytes = await source.read(at, stride);
    const found = bytes.indexOf(0xff);
    if (found >= 0) return at + found;
    if (bytes.length < stride) return source.size;
  }
}

/** Where the compressed data of a scan ends: at the next marker that does not belong to it. */
async function endOfScan(source: Source, from: number): Promise<number> {
  let at = from;
  for (;;) {
    const bytes = await source.read(at, stride);
    let index = bytes.indexOf(0xff);
    while (index >= 0 && index + 1 < bytes.length) {
      const after = bytes[index + 1]!;
      if (after !== 0 && after !== 0xff && !(after >= 0xd0 && after <= 0xd7)) return at + index;
      index = bytes.indexOf(0xff, after === 0xff ? index + 1 : index + 2);
    }
    if (bytes.length < stride) return source.size;
    // A last byte of 255 is looked at again with the one after it.
    at += index >= 0 ? index : bytes.length;
  }
}
