import { Buffer } from 'node:buffer';
import { crc32 } from 'node:zlib';
import { orientationOf, orientationOnly, withoutExifName } from './exif.ts';
import { DamagedFile, countSteps, newPlan, type Plan, type Source } from './source.ts';

const signature = '89504e470d0a1a0a';
/** Chunks that are not critical and yet change how the picture looks. */
const picture = new Set(['tRNS', 'cHRM', 'gAMA', 'iCCP', 'sBIT', 'sRGB', 'cICP', 'mDCV', 'cLLI', 'bKGD', 'hIST', 'pHYs', 'sPLT', 'acTL', 'fcTL', 'fdAT']);
const mostExif = 1_048_576;

/**
 * A PNG without texts, times, EXIF and whatever else is not needed to show it (去除 PNG 元数据), and without what lies
 * behind its end; which way up it is stays. Chunks by the W3C's PNG specification, third edition, 5.3 and 11.
 */
export async function planPng(source: Source): Promise<Plan> {
  const plan = newPlan();
  const step = countSteps();
  if ((await source.read(0, 8)).toString('hex') !== signature) throw new DamagedFile('no signature');
  plan.keep(0, 8);
  let at = 8;
  let exifSeen = false;
  for (;;) {
    step();
    const head = await source.read(at, 8);
    // Cut off; what was there is shown.
    if (head.length < 8) return plan;
    const length = head.readUInt32BE(0);
    const type = head.toString('latin1', 4, 8);
    if (length > 0x7fff_ffff || !/^[A-Za-z]{4}$/.test(type)) throw new DamagedFile('no chunk');
    const end = at + 12 + length;
    // A capital first: without it the picture cannot be shown.
    if (/^[A-Z]/.test(type) || picture.has(type)) plan.keep(at, Math.min(end, source.size));
    else if (type === 'eXIf' && !exifSeen) {
      exifSeen = true;
      const orientation = orientationOf(withoutExifName(await source.read(at + 8, Math.min(length, mostExif))));
      if (orientation > 1) plan.put(chunkOf('eXIf', orientationOnly(orientation)));
    }
    if (type === 'IEND') return plan;
    at = end;
  }
}

function chunkOf(type: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}
