import { unreadable, type Bytes } from './bytes.ts';

/** How the characters of a text file are written (字符编码). gb18030 covers GBK and GB 2312. */
export const encodings = ['utf-8', 'gb18030', 'utf-16le', 'utf-16be'] as const;
export type Encoding = (typeof encodings)[number];

const sampleBytes = 65_536;

/**
 * Finds out how a text file is written: by its byte order mark, by the zeros that UTF-16 puts between plain letters, or
 * by reading it through, as what is no UTF-8 anywhere is GBK in practice.
 *
 * @throws Refusal import_unreadable when it is no text
 */
export async function detectEncoding(bytes: Bytes): Promise<Encoding> {
  const head = await bytes.read(0, sampleBytes);
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  if (head.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]))) return 'utf-8';
  const zeros = [0, 0];
  for (let at = 0; at < head.length; at += 1) if (head[at] === 0) zeros[at % 2]! += 1;
  if (zeros[0]! + zeros[1]! > 0) {
    // Of plain letters and digits the high byte is zero, of Chinese neither is.
    if (zeros[1]! > 0 && zeros[0] === 0) return 'utf-16le';
    if (zeros[0]! > 0 && zeros[1] === 0) return 'utf-16be';
    throw noText();
  }
  if (await reads(bytes, 'utf-8')) return 'utf-8';
  if (await reads(bytes, 'gb18030')) return 'gb18030';
  throw noText();
}

async function reads(bytes: Bytes, encoding: Encoding): Promise<boolean> {
  try {
    for await (const text of decode(bytes, encoding)) if (text.includes('\0')) return false;
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** The text of a file, piece by piece, without its byte order mark. Throws a TypeError where it is written otherwise. */
export async function* decode(bytes: Bytes, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  for await (const piece of bytes.pieces()) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}

function noText() {
  return unreadable('它不是文本、CSV、JSON Lines 或 Excel（.xlsx）文件', 'it is no text, CSV, JSON Lines or Excel (.xlsx) file');
}
