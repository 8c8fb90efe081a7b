import { Buffer } from 'node:buffer';
import { deflateSync } from 'node:zlib';

/** Pictures of kinds that no library here writes, made byte by byte for tests (测试样本). */

/** What a camera notes and nobody else is to know. */
export const privateMarks = { make: 'Privatphone', model: 'Secret-X9', owner: 'Wang Xiaoming', serial: 'SN-4711-0815', place: '+31.2304+121.4737/' } as const;
export const privateWords: readonly string[] = Object.values(privateMarks);

/** A box of the ISO family (ISO/IEC 14496-12, 4.2). */
export function box(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(content.length + 8);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, content]);
}

const u16 = (value: number) => Buffer.from([value >> 8, value & 255]);
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/**
 * A HEIC as phones write it: a coded picture, its Exif and its XMP as items.
 *
 * @param options.wide ids of four bytes; inner: the metadata lies in `idat`; torn: the Exif item lies in two pieces;
 *   beyond, empty: it lies outside of the file, or nowhere; cut: the list of places ends too early
 */
export function heicOf({ wide = false, inner = false, torn = false, beyond = false, empty = false, cut = false }: { wide?: boolean; inner?: boolean; torn?: boolean; beyond?: boolean; empty?: boolean; cut?: boolean } = {}): Buffer {
  const exif = Buffer.concat([u32(6), Buffer.from('Exif\0\0', 'latin1'), Buffer.from(`MM\0*\0\0\0\x08\0\0\0\0\0\0 ${privateMarks.make} ${privateMarks.serial} ${privateMarks.place}`, 'latin1')]);
  const xmp = Buffer.from(`<x:xmpmeta>${privateMarks.place} ${privateMarks.owner}</x:xmpmeta>`);
  const coded = Buffer.from('the coded picture');
  const id = (value: number) => (wide ? u32(value) : u16(value));
  const entry = (item: number, type: string, more = '') => box('infe', Buffer.concat([Buffer.from([wide ? 3 : 2, 0, 0, 0]), id(item), u16(0), Buffer.from(`${type}\0${more}`, 'latin1')]));
  const iinf = box('iinf', Buffer.concat([Buffer.from([wide ? 1 : 0, 0, 0, 0]), wide ? u32(3) : u16(3), entry(1, 'hvc1'), entry(2, 'Exif'), entry(3, 'mime', 'application/rdf+xml\0')]));
  const build = (start: number): Buffer => {
    const place = (item: number, method: number, extents: [number, number][]) => Buffer.concat([id(item), ...(wide || inner ? [u16(method)] : []), u16(0), u16(extents.length), ...extents.flatMap(([offset, length]) => [u32(offset), u32(length)])]);
    const [exifAt, xmpAt] = inner ? [0, exif.length] : [start + coded.length, start + coded.length + exif.length];
    const method = inner ? 1 : 0;
    const half = Math.floor(exif.length / 2);
    const exifExtents: [number, number][] = torn ? [[exifAt, half], [exifAt + half, exif.length - half]] : [[exifAt, beyond ? 1_000_000 : empty ? 0 : exif.length]];
    const list = Buffer.concat([Buffer.from([wide ? 2 : inner ? 1 : 0, 0, 0, 0, 0x44, 0x00]), id(3), place(1, 0, [[start, coded.length]]), place(2, method, exifExtents), place(3, method, [[xmpAt, xmp.length]])]);
    const iloc = box('iloc', cut ? list.subarray(0, -3) : list);
    const meta = box('meta', Buffer.concat([Buffer.alloc(4), box('hdlr', Buffer.from('\0\0\0\0\0\0\0\0pict')), box('pitm', Buffer.concat([Buffer.alloc(4), u16(1)])), iinf, iloc, ...(inner ? [box('idat', Buffer.concat([exif, xmp]))] : [])]));
    return Buffer.concat([box('ftyp', Buffer.from('heic\0\0\0\0mif1heic')), meta, box('mdat', inner ? coded : Buffer.concat([coded, exif, xmp]))]);
  };
  return build(build(0).indexOf(coded));
}

/**
 * A TIFF of two pages, the first with a small one below it, EXIF, GPS, XMP and remarks.
 *
 * @param options.circle the second page leads back to the first, and to the same EXIF
 */
export function tiffOf({ little, big, circle = false }: { little: boolean; big: boolean; circle?: boolean }): Buffer {
  const numberOf = (value: number, length: number) => {
    const bytes = Buffer.alloc(length);
    if (length === 8) {
      if (little) bytes.writeBigUInt64LE(BigInt(value));
      else bytes.writeBigUInt64BE(BigInt(value));
    } else if (little) bytes.writeUIntLE(value, 0, length);
    else bytes.writeUIntBE(value, 0, length);
    return bytes;
  };
  const word = big ? 8 : 4;
  let file = Buffer.concat([Buffer.from(little ? 'II' : 'MM'), numberOf(big ? 43 : 42, 2), ...(big ? [numberOf(8, 2), numberOf(0, 2)] : []), numberOf(0, word)]);
  const append = (bytes: Buffer): number => {
    const at = file.length;
    file = Buffer.concat([file, bytes]);
    return at;
  };
  const text = (tag: number, content: string) => ({ tag, type: 2, content: Buffer.from(`${content}\0`, 'latin1') });
  const numeric = (tag: number, value: number, type = 4) => ({ tag, type, content: numberOf(value, type === 3 ? 2 : type === 16 ? 8 : 4) });
  const pointer = (tag: number, value: number) => numeric(tag, value, big ? 16 : 4);
  const bytesOf: Readonly<Record<number, number>> = { 2: 1, 3: 2, 4: 4, 16: 8 };
  const directory = (entries: { tag: number; type: number; content: Buffer }[], next = 0): number => {
    const written = entries.sort((a, b) => a.tag - b.tag).map(({ tag, type, content }) => {
      const value = content.length <= word ? Buffer.concat([content, Buffer.alloc(word - content.length)]) : numberOf(append(content), word);
      return Buffer.concat([numberOf(tag, 2), numberOf(type, 2), numberOf(content.length / bytesOf[type]!, word), value]);
    });
    return append(Buffer.concat([numberOf(written.length, big ? 8 : 2), ...written, numberOf(next, word)]));
  };
  const picture = (name: string) => {
    const coded = Buffer.concat([Buffer.from(name), deflateSync(Buffer.alloc(9))]);
    return [numeric(256, 3, 3), numeric(257, 3, 3), pointer(273, append(coded)), numeric(274, 6, 3), numeric(279, coded.length)];
  };
  const gps = directory([text(29, '2026:11:21'), text(28, privateMarks.place)]);
  const exif = directory([text(33434, 'abc'), { tag: 42033, type: 2, content: Buffer.from(`${privateMarks.serial}\0`) }]);
  const small = directory([...picture('the small one'), text(271, privateMarks.make)]);
  const second = directory([...picture('the second page'), text(315, privateMarks.owner), text(700, `<x:xmpmeta>${privateMarks.place}`), ...(circle ? [pointer(34665, exif)] : [])]);
  const first = directory([...picture('the first page'), text(271, privateMarks.make), text(272, privateMarks.model), pointer(330, small), pointer(34665, exif), pointer(34853, gps)], second);
  numberOf(first, word).copy(file, big ? 8 : 4);
  if (circle) numberOf(first, word).copy(file, second + (big ? 8 : 2) + 8 * (big ? 20 : 12));
  return file;
}
