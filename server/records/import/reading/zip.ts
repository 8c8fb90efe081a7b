import { Readable, pipeline } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { unreadable, type Bytes } from './bytes.ts';

/** One file in a ZIP archive. */
export interface ZipEntry {
  name: string;
  /** As the archive says; what it unpacks to is counted all the same. */
  size: number;
  packed: number;
  method: number;
  offset: number;
  crc: number;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const mostEntries = 2_000;
const longestDirectory = 4 * 1024 * 1024;
const longestComment = 65_535;
// A table of the same words over and over packs to a fiftieth; a bomb to a thousandth.
const mostTimes = 250;
const smallBytes = 16 * 1024 * 1024;

/**
 * The directory of a ZIP archive (APPNOTE 6.3.3, 4.3.12 and 4.3.16). Split, encrypted and 64-bit archives are refused: no
 * spreadsheet of a size that is taken is one.
 */
export async function openZip(bytes: Bytes): Promise<ReadonlyMap<string, ZipEntry>> {
  const tailStart = Math.max(0, bytes.size - longestComment - 22);
  const tail = await bytes.read(tailStart, bytes.size);
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== endSignature) end -= 1;
  if (end < 0) throw broken();
  const [count, length, start] = [tail.readUInt16LE(end + 10), tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
  if (count > mostEntries || length > longestDirectory || start + length > bytes.size) throw broken();
  const directory = await bytes.read(start, start + length);
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== entrySignature) throw broken();
    const [flags, method] = [directory.readUInt16LE(at + 8), directory.readUInt16LE(at + 10)];
    const [nameLength, extraLength, commentLength] = [directory.readUInt16LE(at + 28), directory.readUInt16LE(at + 30), directory.readUInt16LE(at + 32)];
    const name = directory.toString('utf8', at + 46, at + 46 + nameLength).replaceAll('\\', '/').replace(/^\//, '');
    if (flags & 1) throw unreadable('文件有密码保护', 'it is protected by a password');
    // Of two of one name it is not clear which is meant.
    if (entries.has(name)) throw broken();
    entries.set(name, { name, method, packed: directory.readUInt32LE(at + 20), size: directory.readUInt32LE(at + 24), offset: directory.readUInt32LE(at + 42), crc: directory.readUInt32LE(at + 16) });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}

/**
 * Unpacks a file of an archive piece by piece (解压), never more than so many bytes of it, whatever it says of itself.
 *
 * @throws Refusal import_unreadable when it is broken or unpacks to too much
 */
export async function* unzip(bytes: Bytes, entry: ZipEntry, mostBytes: number): AsyncGenerator<Buffer> {
  const head = await bytes.read(entry.offset, entry.offset + 30);
  if (head.length < 30 || head.readUInt32LE(0) !== localSignature || ![0, 8].includes(entry.method)) throw broken();
  const start = entry.offset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
  const packed = bytes.pieces(start, Math.min(start + entry.packed, bytes.size));
  let unpacked = 0;
  let crc = 0;
  const count = (piece: Buffer): Buffer => {
    unpacked += piece.length;
    if (unpacked > mostBytes || (unpacked > smallBytes && unpacked > entry.packed * mostTimes)) throw unreadable('解压后太大', 'it unpacks to too much');
    crc = crc32(piece, crc);
    return piece;
  };
  if (entry.method === 0) for await (const piece of packed) yield count(piece);
  else {
    const inflate = createInflateRaw();
    pipeline(Readable.from(packed), inflate, () => {
      // Whoever reads what comes out hears of it there.
    });
    try {
      for await (const piece of inflate) yield count(piece as Buffer);
    } catch (error) {
      const { code } = error as { code?: string };
      if (code?.startsWith('Z_') || code === 'ERR_STREAM_PREMATURE_CLOSE') throw broken();
      throw error;
    } finally {
      inflate.destroy();
    }
  }
  if (crc !== entry.crc) throw broken();
}

function broken() {
  return unreadable('压缩包已损坏', 'its archive is damaged');
}
