/**
 * The files within a winmail.dat (TNEF 附件拆包): what Outlook makes of attachments when it believes that the other side is Outlook, too. [MS-OXTNEF] 2.1: a signature, a key, then
 * attributes one after another (level, id, length, data, checksum). Only what files need is read; what cannot be read ends it, and what was read until then stands.
 */

/** A file as it was packed. */
export interface PackedFile {
  filename: string;
  content: Buffer;
}

const signature = 0x223e9f78;
const attributes = { rendering: 0x00069002, title: 0x00018010, data: 0x0006800f, properties: 0x00069005 } as const;
const longName = 0x3707;
const mostFiles = 50;
const mostProperties = 500;
const longestName = 255;
// Of what has one length ([MS-OXCDATA] 2.11.1), padded to four bytes.
const fixedBytes: Readonly<Record<number, number>> = { 0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0a: 4, 0x0b: 4, 0x14: 8, 0x40: 8, 0x48: 16 };
const [text8, text16] = [0x1e, 0x1f];

/** Whether something is TNEF, whatever it is called. */
export const isTnef = (bytes: Buffer): boolean => bytes.length > 6 && bytes.readUInt32LE(0) === signature;

const decode = (bytes: Buffer): string => {
  const end = bytes.indexOf(0);
  const name = end < 0 ? bytes : bytes.subarray(0, end);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(name);
  } catch {
    return new TextDecoder('gb18030').decode(name);
  }
};

/** The files it holds; none where it is no TNEF. Never more than it has bytes, and never throws. */
export function openTnef(bytes: Buffer): PackedFile[] {
  if (!isTnef(bytes)) return [];
  const files: { filename: string | null; content: Buffer | null }[] = [];
  let at = 6;
  while (at + 9 <= bytes.length && files.length <= mostFiles) {
    const [id, length] = [bytes.readUInt32LE(at + 1), bytes.readUInt32LE(at + 5)];
    const data = bytes.subarray(at + 9, at + 9 + length);
    if (data.length < length) break;
    at += 9 + length + 2;
    if (id === attributes.rendering) files.push({ filename: null, content: null });
    const file = files.at(-1);
    if (!file) continue;
    if (id === attributes.title) file.filename ??= decode(data);
    if (id === attributes.data) file.content = data;
    // The whole of a name that the title has only eight letters of.
    if (id === attributes.properties) file.filename = longNameIn(data) ?? file.filename;
  }
  return files.slice(0, mostFiles).flatMap(({ filename, content }, place) => (content === null ? [] : [{ filename: filename?.trim().slice(0, longestName) || `file-${place + 1}`, content }]));
}

function longNameIn(data: Buffer): string | null {
  let at = 0;
  const has = (count: number): boolean => at + count <= data.length;
  const take = (): number => {
    at += 4;
    return data.readUInt32LE(at - 4);
  };
  if (!has(4)) return null;
  const count = Math.min(take(), mostProperties);
  for (let index = 0; index < count; index += 1) {
    if (!has(4)) return null;
    const [type, id] = [data.readUInt16LE(at) & 0x0fff, data.readUInt16LE(at + 2)];
    const several = (data.readUInt16LE(at) & 0x1000) !== 0;
    at += 4;
    if (id >= 0x8000) {
      // A property with a name: its set, then a number or a name in UTF-16.
      if (!has(20)) return null;
      at += 16;
      const kind = take();
      if (!has(4)) return null;
      const length = take();
      if (kind === 1) at += Math.ceil(length / 4) * 4;
    }
    const fixed = fixedBytes[type];
    let values = 1;
    if (several || fixed === undefined) {
      if (!has(4)) return null;
      values = take();
    }
    for (let value = 0; value < values; value += 1) {
      if (fixed !== undefined) {
        at += fixed;
        if (at > data.length) return null;
        continue;
      }
      if (!has(4)) return null;
      const length = take();
      if (!has(length)) return null;
      if (id === longName && type === text16) return data.subarray(at, at + length - (length % 2)).toString('utf16le').replace(/\0.*$/s, '');
      if (id === longName && type === text8) return decode(data.subarray(at, at + length));
      at += Math.ceil(length / 4) * 4;
    }
  }
  return null;
}
