import { Buffer } from 'node:buffer';
import { emptyExif } from './exif.ts';
import { DamagedFile, countSteps, overwrite, type Plan, type Source } from './source.ts';

interface Box {
  type: string;
  start: number;
  /** Behind length and type. */
  content: number;
  end: number;
}

type Change = { at: number; with: Buffer | number };

const blank = Buffer.from('free', 'latin1');
/** Lists of items longer than this are no real picture's. */
const mostListBytes = 1_048_576;
/** Where an Exif item says at which byte of the rest its TIFF header lies; then the header. */
const emptyExifItem = Buffer.concat([Buffer.alloc(4), emptyExif]);

/**
 * A picture or film of the ISO family (HEIC, AVIF, MP4, MOV, 3GP, M4A) without what its camera noted (去除元数据): the
 * Exif and XMP items of a picture; the places, makes and models that films keep in `udta` and `meta`, and private boxes.
 * Everything stays where it was, as much of such a file says where something lies: what goes is overwritten, and boxes
 * become free space. Which way up it is stands in boxes of its own, and stays. Boxes by ISO/IEC 14496-12, items by 8.11
 * there and ISO/IEC 23008-12.
 *
 * What cameras record second by second as a track of its own is not found.
 */
export async function planIsoMedia(source: Source, kind: 'picture' | 'film'): Promise<Plan> {
  const step = countSteps();
  const changes: Change[] = [];
  const clear = (box: Box) => changes.push({ at: box.start + 4, with: blank }, { at: box.content, with: box.end - box.content });
  for (const box of await boxes(source, 0, source.size, step)) {
    if (box.type === 'uuid' || box.type === 'udta' || (box.type === 'meta' && kind === 'film')) clear(box);
    else if (box.type === 'meta') changes.push(...await itemChanges(source, box, step));
    else if (box.type === 'moov') {
      for (const inner of await boxes(source, box.content, box.end, step)) {
        if (['udta', 'meta', 'uuid'].includes(inner.type)) clear(inner);
        else if (inner.type === 'trak') for (const part of await boxes(source, inner.content, inner.end, step)) if (['udta', 'meta', 'uuid'].includes(part.type)) clear(part);
      }
    }
  }
  return overwrite(source.size, changes);
}

async function boxes(source: Source, from: number, to: number, step: () => void): Promise<Box[]> {
  const found: Box[] = [];
  for (let at = from; at + 8 <= to;) {
    step();
    const head = await source.read(at, 16);
    if (head.length < 8) break;
    let length = head.readUInt32BE(0);
    let content = at + 8;
    if (length === 1) {
      if (head.length < 16) break;
      const large = head.readBigUInt64BE(8);
      length = large > BigInt(Number.MAX_SAFE_INTEGER) ? source.size : Number(large);
      content = at + 16;
    } else if (length === 0) length = to - at;
    if (at + length < content) throw new DamagedFile('no box');
    // Of what is cut off there is as much as there is.
    const end = Math.min(at + length, to);
    found.push({ type: head.toString('latin1', 4, 8), start: at, content: Math.min(content, end), end });
    at = end;
  }
  return found;
}

/** What has to be overwritten of a picture's items. */
async function itemChanges(source: Source, meta: Box, step: () => void): Promise<Change[]> {
  // A full box: version and flags come first.
  const inner = await boxes(source, meta.content + 4, meta.end, step);
  const of = (type: string) => inner.find((box) => box.type === type);
  const changes: Change[] = inner.filter((box) => box.type === 'uuid' || box.type === 'udta').flatMap((box) => [{ at: box.start + 4, with: blank }, { at: box.content, with: box.end - box.content }]);
  const [names, places, data] = [of('iinf'), of('iloc'), of('idat')];
  if (!names || !places) return changes;
  const wanted = await metadataItems(source, names, step);
  if (wanted.size === 0) return changes;
  for (const item of readPlaces(await bytesOf(source, places), step)) {
    const type = wanted.get(item.id);
    if (type === undefined) continue;
    if (item.method > 1 || (item.method === 1 && !data)) throw new DamagedFile('an item lies where none can be');
    for (const { offset, length } of item.extents) {
      const at = offset + (item.method === 1 ? data!.content : 0);
      if (length === 0 || at + length > (item.method === 1 ? data!.end : source.size)) throw new DamagedFile('an item lies outside of the file');
      const readable = type === 'Exif' && item.extents.length === 1 && length >= emptyExifItem.length;
      if (readable) changes.push({ at, with: emptyExifItem }, { at: at + emptyExifItem.length, with: length - emptyExifItem.length });
      else changes.push({ at, with: length });
    }
  }
  return changes;
}

/** Which items are metadata, by id. */
async function metadataItems(source: Source, names: Box, step: () => void): Promise<Map<number, string>> {
  const version = (await source.read(names.content, 1))[0] ?? 0;
  const found = new Map<number, string>();
  for (const entry of await boxes(source, names.content + (version === 0 ? 6 : 8), names.end, step)) {
    if (entry.type !== 'infe') continue;
    const bytes = await bytesOf(source, entry);
    const wide = bytes[0] === 3;
    // Versions 0 and 1 know no types of items.
    if (bytes.length < (wide ? 14 : 12) || (bytes[0] !== 2 && !wide)) continue;
    const id = wide ? bytes.readUInt32BE(4) : bytes.readUInt16BE(4);
    const type = bytes.toString('latin1', wide ? 10 : 8, wide ? 14 : 12);
    if (['Exif', 'mime', 'uri ', 'c2pa', 'jumb'].includes(type)) found.set(id, type);
  }
  return found;
}

interface ItemPlace {
  id: number;
  /** 0: in the file, 1: in the box `idat`, 2: in another item. */
  method: number;
  extents: { offset: number; length: number }[];
}

/** The box `iloc` (14496-12, 8.11.3). */
function* readPlaces(bytes: Buffer, step: () => void): Generator<ItemPlace> {
  let at = 0;
  const take = (length: number): number => {
    if (at + length > bytes.length) throw new DamagedFile('a list of items is cut off');
    at += length;
    if (length === 0) return 0;
    if (length <= 6) return bytes.readUIntBE(at - length, length);
    const long = bytes.readBigUInt64BE(at - length);
    if (long > BigInt(Number.MAX_SAFE_INTEGER)) throw new DamagedFile('an item lies outside of the file');
    return Number(long);
  };
  const version = take(1);
  take(3);
  const [sizes, more] = [take(1), take(1)];
  const lengths = [sizes >> 4, sizes & 15, more >> 4, version === 0 ? 0 : more & 15] as const;
  if (version > 2 || lengths.some((length) => ![0, 4, 8].includes(length))) throw new DamagedFile('no list of items');
  const [offsetBytes, lengthBytes, baseBytes, indexBytes] = lengths;
  const idBytes = version < 2 ? 2 : 4;
  for (let left = take(idBytes); left > 0; left -= 1) {
    step();
    const id = take(idBytes);
    const method = version === 0 ? 0 : take(2) & 15;
    take(2);
    const base = take(baseBytes);
    const extents: ItemPlace['extents'] = [];
    for (let more = take(2); more > 0; more -= 1) {
      step();
      take(indexBytes);
      const offset = base + take(offsetBytes);
      extents.push({ offset, length: take(lengthBytes) });
    }
    yield { id, method, extents };
  }
}

async function bytesOf(source: Source, box: Box): Promise<Buffer> {
  if (box.end - box.content > mostListBytes) throw new DamagedFile('a list of items is too long');
  return source.read(box.content, box.end - box.content);
}
