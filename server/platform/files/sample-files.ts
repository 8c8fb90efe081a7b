import { Buffer } from 'node:buffer';

/** Small files of many kinds, made byte by byte for tests (测试样本). */

/** A zip archive of stored entries (APPNOTE 4.3); checksums are left at zero, which only unpacking would notice. */
export function zipOf(entries: Record<string, string>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(entries)) {
    const content = Buffer.from(text);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.from(name), content]);
    const central = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, Buffer.alloc(14), Buffer.from(name)]);
    central.writeUInt32LE(offset, 42);
    parts.push(local);
    directory.push(central);
    offset += local.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

/** An Office document by the content type of its main part. */
export function officeOf(contentType: string, folder: string): Buffer {
  return zipOf({
    '[Content_Types].xml': `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/${folder}/document.xml" ContentType="${contentType}.main+xml"/></Types>`,
    '_rels/.rels': '<Relationships/>',
    [`${folder}/document.xml`]: '<x/>',
  });
}

/** A compound file ([MS-CFB]) with 512-byte sectors whose directory, in a chain of sectors, names these streams. */
export function compoundOf(names: readonly string[]): Buffer {
  const entries = ['Root Entry', ...names];
  const directorySectors = Math.ceil(entries.length / 4);
  const file = Buffer.alloc(512 * (2 + directorySectors), 0);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(file);
  file.writeUInt16LE(0x3e, 0x18);
  file.writeUInt16LE(3, 0x1a);
  file.writeUInt16LE(0xfffe, 0x1c);
  file.writeUInt16LE(9, 0x1e);
  file.writeUInt16LE(6, 0x20);
  file.writeUInt32LE(1, 0x2c);
  file.writeUInt32LE(1, 0x30);
  file.writeUInt32LE(4096, 0x38);
  file.writeUInt32LE(0xfffffffe, 0x3c);
  file.writeUInt32LE(0xfffffffe, 0x44);
  file.fill(0xff, 0x4c, 512);
  file.writeUInt32LE(0, 0x4c);
  // Sector 0 is the allocation table, the directory follows.
  file.fill(0xff, 512, 1024);
  file.writeUInt32LE(0xfffffffd, 512);
  for (let sector = 1; sector <= directorySectors; sector += 1) file.writeUInt32LE(sector === directorySectors ? 0xfffffffe : sector + 1, 512 + sector * 4);
  entries.forEach((name, index) => {
    const offset = 1024 + index * 128;
    file.write(name, offset, 'utf16le');
    file.writeUInt16LE((name.length + 1) * 2, offset + 64);
    file[offset + 66] = index === 0 ? 5 : 2;
  });
  return file;
}

function box(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(content.length + 8);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, content]);
}

/** The beginning of an ISO media file (MP4, M4A, MOV, HEIC, …) of a brand. */
export function isoMediaOf(brand: string): Buffer {
  return Buffer.concat([box('ftyp', Buffer.from(`${brand}\0\0\0\0${brand}`, 'latin1')), box('free', Buffer.alloc(64)), box('mdat', Buffer.alloc(64, 1))]);
}

/** A page of an Ogg stream that begins with these bytes. */
export const oggOf = (codec: string): Buffer => Buffer.concat([Buffer.from('OggS'), Buffer.alloc(22), Buffer.from([1, 30]), Buffer.from(codec, 'latin1'), Buffer.alloc(64)]);

/** A WebM header. */
export const webm: Buffer = Buffer.concat([
  Buffer.from('1a45dfa39f4286810142f7810142f2810442f381084282847765626d42878104428581021853806701000000000000', 'hex'), Buffer.alloc(64),
]);

export const wav: Buffer = Buffer.concat([Buffer.from('RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\0\0\0\0', 'latin1'), Buffer.alloc(16)]);
export const amr: Buffer = Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(64, 0xf1)]);
export const mp3: Buffer = Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\0\x0aTIT2\0\0\0\0\0\0', 'latin1'), Buffer.from([0xff, 0xfb, 0x90, 0x64]), Buffer.alloc(413)]);
export const pdf: Buffer = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');
export const program: Buffer = Buffer.concat([Buffer.from('MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0', 'latin1'), Buffer.alloc(200)]);
export const elf: Buffer = Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01', 'latin1'), Buffer.alloc(200)]);
export const page: Buffer = Buffer.from('<!DOCTYPE html><html><script>alert(1)</script></html>');
