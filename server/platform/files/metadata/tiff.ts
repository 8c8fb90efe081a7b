import { Buffer } from 'node:buffer';
import { DamagedFile, countSteps, overwrite, type Plan, type Source } from './source.ts';

/** Entries that describe, rather than show: who, when, with what, where, and what programs added. */
const described = new Set([
  269, 270, 271, 272, 285, 305, 306, 315, 316, 700, 33432, 33723, 34377, 37724,
  // Title, comment, author, keywords and subject as Windows writes them.
  40091, 40092, 40093, 40094, 40095,
]);
/** Entries that lead to a directory of their own that only describes: EXIF, GPS, interoperability. */
const describedDirectories = new Set([34665, 34853, 40965]);
const subDirectories = 330;
const typeBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];
const mostDirectories = 1_000;

interface Entry {
  tag: number;
  bytes: Buffer;
  /** Where the value lies, in the entry or elsewhere, and its length in bytes. */
  at: number;
  length: number;
  /** What the value says, if it is a number or several. */
  numbers(): Promise<number[]>;
}

/**
 * A TIFF without what describes it rather than shows it (去除 TIFF 元数据): such entries leave their directories, and
 * their values become zeros; everything else stays where it is. How a drawing lies on the earth (GeoTIFF) is what it is
 * about, and stays. Directories by TIFF 6.0, section 2; BigTIFF by its own.
 */
export async function planTiff(source: Source): Promise<Plan> {
  const step = countSteps();
  const head = await source.read(0, 16);
  const order = head.toString('latin1', 0, 2);
  if (head.length < 8 || (order !== 'II' && order !== 'MM')) throw new DamagedFile('no TIFF header');
  const little = order === 'II';
  const number = (bytes: Buffer, at: number, length: number): number => {
    if (at + length > bytes.length) throw new DamagedFile('a directory is cut off');
    if (length <= 4) return little ? bytes.readUIntLE(at, length) : bytes.readUIntBE(at, length);
    const long = little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at);
    return long > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(long);
  };
  const kind = number(head, 2, 2);
  if (kind !== 42 && kind !== 43) throw new DamagedFile('no TIFF header');
  const big = kind === 43;
  const [countBytes, entryBytes, placeBytes] = big ? [8, 20, 8] as const : [2, 12, 4] as const;
  const changes: { at: number; with: Buffer | number }[] = [];
  const seen = new Set<number>();

  const readDirectory = async (at: number): Promise<{ entries: Entry[]; next: number; length: number } | null> => {
    if (at === 0 || at >= source.size || seen.has(at)) return null;
    if (seen.size === mostDirectories) throw new DamagedFile('too many directories');
    seen.add(at);
    const count = number(await source.read(at, countBytes), 0, countBytes);
    if (count > 65_535) throw new DamagedFile('no directory');
    const length = countBytes + count * entryBytes + placeBytes;
    const bytes = await source.read(at, length);
    const entries = Array.from({ length: count }, (_, index): Entry => {
      step();
      const start = countBytes + index * entryBytes;
      const valueAt = start + entryBytes - placeBytes;
      const each = typeBytes[number(bytes, start + 2, 2)] ?? 0;
      const values = number(bytes, start + 4, placeBytes);
      const whole = each * values;
      const inside = whole <= placeBytes;
      const place = inside ? at + valueAt : number(bytes, valueAt, placeBytes);
      return {
        tag: number(bytes, start, 2), bytes: bytes.subarray(start, start + entryBytes), at: place, length: whole,
        numbers: async () => {
          const content = await source.read(place, Math.min(whole, mostDirectories * placeBytes));
          return each < 2 ? [] : Array.from({ length: Math.floor(content.length / each) }, (_value, n) => number(content, n * each, each));
        },
      };
    });
    return { entries, next: bytes.length < length ? 0 : number(bytes, length - placeBytes, placeBytes), length };
  };

  /** All of a directory that only describes, and of those it leads to. */
  const clear = async (at: number): Promise<void> => {
    const directory = await readDirectory(at);
    if (!directory) return;
    for (const entry of directory.entries) {
      if (describedDirectories.has(entry.tag)) for (const inner of await entry.numbers()) await clear(inner);
      changes.push({ at: entry.at, with: entry.length });
    }
    changes.push({ at, with: directory.length });
  };

  const waiting = [number(head, big ? 8 : 4, placeBytes)];
  while (waiting.length > 0) {
    const at = waiting.pop()!;
    const directory = await readDirectory(at);
    if (!directory) continue;
    waiting.push(directory.next);
    const stays: Buffer[] = [];
    for (const entry of directory.entries) {
      if (describedDirectories.has(entry.tag)) for (const inner of await entry.numbers()) await clear(inner);
      else if (described.has(entry.tag)) changes.push({ at: entry.at, with: entry.length });
      else {
        stays.push(entry.bytes);
        if (entry.tag === subDirectories) waiting.push(...await entry.numbers());
      }
    }
    if (stays.length < directory.entries.length) changes.push({ at, with: directoryOf(stays, directory.next, directory.length) });
  }
  // A directory as it is written anew comes before whatever it overlaps with: its entries may hold values of their own.
  return overwrite(source.size, changes);

  function directoryOf(entries: Buffer[], next: number, length: number): Buffer {
    const [count, place] = [Buffer.alloc(countBytes), Buffer.alloc(placeBytes)];
    const write = (target: Buffer, value: number) => {
      if (target.length === 8) {
        if (little) target.writeBigUInt64LE(BigInt(value));
        else target.writeBigUInt64BE(BigInt(value));
      } else if (little) target.writeUIntLE(value, 0, target.length);
      else target.writeUIntBE(value, 0, target.length);
    };
    write(count, entries.length);
    write(place, next);
    const written = Buffer.concat([count, ...entries, place]);
    return Buffer.concat([written, Buffer.alloc(length - written.length)]);
  }
}
