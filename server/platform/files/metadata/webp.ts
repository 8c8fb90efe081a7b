import { Buffer } from 'node:buffer';
import { orientationOf, orientationOnly, withoutExifName } from './exif.ts';
import { DamagedFile, countSteps, newPlan, type Plan, type Source } from './source.ts';

const picture = new Set(['VP8 ', 'VP8L', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);
// Of the extended header: there is EXIF, there is XMP.
const exifFlag = 0x08;
const xmpFlag = 0x04;
const mostExif = 1_048_576;

/**
 * A WebP without EXIF, XMP and unknown chunks (去除 WebP 元数据), and without what lies behind its end; which way up it
 * is stays. Chunks by RFC 9649, 2.
 */
export async function planWebp(source: Source): Promise<Plan> {
  const plan = newPlan();
  const step = countSteps();
  const head = Buffer.from(await source.read(0, 12));
  if (head.length < 12 || head.toString('latin1', 0, 4) !== 'RIFF' || head.toString('latin1', 8, 12) !== 'WEBP') throw new DamagedFile('no WebP header');
  const end = Math.min(source.size, 8 + head.readUInt32LE(4));
  plan.put(head);
  let extended: Buffer | undefined;
  let exifSeen = false;
  let at = 12;
  for (;;) {
    step();
    const chunk = await source.read(at, 8);
    if (chunk.length < 8 || at + 8 > end) break;
    const type = chunk.toString('latin1', 0, 4);
    const length = chunk.readUInt32LE(4);
    const next = at + 8 + length + (length % 2);
    if (type === 'VP8X' && !extended) {
      extended = Buffer.from(await source.read(at, Math.min(next, end) - at));
      if (extended.length < 9 || extended.length > 64) throw new DamagedFile('no extended header');
      extended[8]! &= ~(exifFlag | xmpFlag);
      plan.put(extended);
    } else if (picture.has(type)) plan.keep(at, Math.min(next, end));
    else if (type === 'EXIF' && extended && !exifSeen) {
      exifSeen = true;
      const orientation = orientationOf(withoutExifName(await source.read(at + 8, Math.min(length, mostExif))));
      if (orientation > 1) {
        extended[8]! |= exifFlag;
        plan.put(chunkOf('EXIF', orientationOnly(orientation)));
      }
    }
    at = next;
  }
  // What was cut off says the length it has now.
  head.writeUInt32LE(plan.pieces.reduce((sum, piece) => sum + (Buffer.isBuffer(piece) ? piece.length : 'to' in piece ? piece.to - piece.from : piece.zeros), -8), 4);
  return plan;
}

function chunkOf(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
}
