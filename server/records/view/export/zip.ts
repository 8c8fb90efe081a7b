import { Readable, pipeline } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';

/** A file of an archive; its bytes are made as they are asked for. */
export interface ZipEntry {
  name: string;
  chunks: AsyncIterable<string> | Iterable<string>;
}

interface Written {
  name: Buffer;
  offset: number;
  crc: number;
  packed: number;
  size: number;
}

const largest = 0xffff_ffff;
// 2.0, for what is packed; bit 3: the sizes follow the bytes; bit 11: names in UTF-8.
const version = 20;
const flags = 0x0808;
const deflated = 8;
// 1980-01-01, the day these calendars begin: a file that is made as it is read has no day of its own.
const day = 0x0021;

/**
 * A ZIP archive as it is being made (流式压缩): nothing is held but what one chunk takes, however large the files are. For
 * files below 4 GiB.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT 4.3, with data descriptors (4.3.9)
 */
export async function* zipped(entries: AsyncIterable<ZipEntry>): AsyncGenerator<Buffer> {
  const written: Written[] = [];
  let offset = 0;
  for await (const entry of entries) {
    const file: Written = { name: Buffer.from(entry.name), offset, crc: 0, packed: 0, size: 0 };
    const head = Buffer.concat([header(0x04034b50, [[2, version], [2, flags], [2, deflated], [2, 0], [2, day], [4, 0], [4, 0], [4, 0], [2, file.name.length], [2, 0]]), file.name]);
    yield head;
    for await (const chunk of packedChunks(entry.chunks, file)) {
      file.packed += chunk.length;
      yield chunk;
    }
    if (file.size > largest || file.packed > largest) throw new Error(`${entry.name} is too large for this archive`);
    const tail = header(0x08074b50, [[4, file.crc], [4, file.packed], [4, file.size]]);
    yield tail;
    offset += head.length + file.packed + tail.length;
    written.push(file);
  }
  const directory = Buffer.concat(written.flatMap((file) => [
    header(0x02014b50, [[2, version], [2, version], [2, flags], [2, deflated], [2, 0], [2, day], [4, file.crc], [4, file.packed], [4, file.size], [2, file.name.length], [2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, file.offset]]),
    file.name,
  ]));
  if (offset + directory.length > largest) throw new Error('the archive is too large');
  yield directory;
  yield header(0x06054b50, [[2, 0], [2, 0], [2, written.length], [2, written.length], [4, directory.length], [4, offset], [2, 0]]);
}

async function* packedChunks(chunks: AsyncIterable<string> | Iterable<string>, file: Written): AsyncGenerator<Buffer> {
  const deflate = createDeflateRaw({ level: 6 });
  const counted = async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      const bytes = Buffer.from(chunk);
      file.crc = crc32(bytes, file.crc);
      file.size += bytes.length;
      yield bytes;
    }
  };
  // What goes wrong on the way in comes out here as well.
  pipeline(Readable.from(counted()), deflate, () => {});
  yield* deflate as AsyncIterable<Buffer>;
}

/** Little-endian, each field with its width in bytes. */
function header(signature: number, fields: readonly (readonly [width: 2 | 4, value: number])[]): Buffer {
  const bytes = Buffer.alloc(4 + fields.reduce((sum, [width]) => sum + width, 0));
  bytes.writeUInt32LE(signature, 0);
  let at = 4;
  for (const [width, value] of fields) {
    if (width === 2) bytes.writeUInt16LE(value, at);
    else bytes.writeUInt32LE(value >>> 0, at);
    at += width;
  }
  return bytes;
}
