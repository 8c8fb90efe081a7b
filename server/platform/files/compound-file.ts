import { open, type FileHandle } from 'node:fs/promises';

const endOfChain = 0xfffffffa;
const entryBytes = 128;
const maximumDirectorySectors = 2_048;
const maximumTableSectors = 4_096;

/**
 * The names of the storages and streams in a compound file, the container of Office 97–2003 and of much else (复合文档),
 * as [MS-CFB] describes it; empty when it is damaged.
 */
export async function readCompoundNames(path: string): Promise<Set<string>> {
  const file = await open(path, 'r');
  try {
    return await readNames(file);
  } finally {
    await file.close();
  }
}

async function readNames(file: FileHandle): Promise<Set<string>> {
  const names = new Set<string>();
  const header = await readAt(file, 0, 512);
  const shift = header?.readUInt16LE(0x1e);
  if (!header || (shift !== 9 && shift !== 12)) return names;
  const sectorBytes = 2 ** shift;
  const perSector = sectorBytes / 4;
  const sector = (number: number) => readAt(file, (number + 1) * sectorBytes, sectorBytes);

  // Which sectors hold the allocation table: 109 stand in the header, the rest in a chain of their own.
  const table: number[] = [];
  for (let index = 0; index < 109; index += 1) table.push(header.readUInt32LE(0x4c + index * 4));
  let more = header.readUInt32LE(0x44);
  while (more < endOfChain && table.length < maximumTableSectors) {
    const part = await sector(more);
    if (!part) break;
    for (let index = 0; index < perSector - 1; index += 1) table.push(part.readUInt32LE(index * 4));
    more = part.readUInt32LE((perSector - 1) * 4);
  }

  const loaded = new Map<number, Buffer>();
  let at = header.readUInt32LE(0x30);
  for (let count = 0; at < endOfChain && count < maximumDirectorySectors; count += 1) {
    const entries = await sector(at);
    if (!entries) break;
    for (let offset = 0; offset < sectorBytes; offset += entryBytes) {
      const nameBytes = entries.readUInt16LE(offset + 64);
      // Type 0 is an unused entry; the length counts the closing NUL.
      if (entries[offset + 66] === 0 || nameBytes < 2 || nameBytes > 64) continue;
      names.add(entries.toString('utf16le', offset, offset + nameBytes - 2));
    }
    const tableSector = table[Math.floor(at / perSector)];
    if (tableSector === undefined || tableSector >= endOfChain) break;
    const links = loaded.get(tableSector) ?? await sector(tableSector);
    if (!links) break;
    loaded.set(tableSector, links);
    at = links.readUInt32LE((at % perSector) * 4);
  }
  return names;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer | null> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  // The last sector may be cut short; what is missing counts as zeros.
  return bytesRead === 0 ? null : buffer;
}
