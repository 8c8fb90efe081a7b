import { readFile } from 'node:fs/promises';

/**
 * The whole of a small received file as text (读取文本), without a byte order mark; null when it is none. Spreadsheets save
 * text as UTF-8, as UTF-16 with a mark, or, on Chinese Windows, as GB 18030 (which covers GBK).
 */
export async function readWholeText(path: string): Promise<string | null> {
  const bytes = await readFile(path);
  const marked = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null;
  for (const encoding of marked ? [marked] : ['utf-8', 'gb18030']) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      return text.includes('\0') ? null : text;
    } catch {
      // Not this one.
    }
  }
  return null;
}
