import { Transform, type TransformCallback } from 'node:stream';

/** Text in HZ (RFC 1843): ASCII, with GB 2312 in seven bits between ~{ and ~}. */
export function decodeHz(bytes: Uint8Array): string {
  const plain: number[] = [];
  for (let at = 0, chinese = false; at < bytes.length; at += 1) {
    const [byte, next] = [bytes[at]!, bytes[at + 1]];
    if (byte === 0x7e && next === 0x7b) {
      chinese = true;
      at += 1;
    } else if (byte === 0x7e && next === 0x7d) {
      chinese = false;
      at += 1;
    } else if (byte === 0x7e && next === 0x7e && !chinese) {
      plain.push(byte);
      at += 1;
    } else if (byte === 0x7e && next === 0x0a && !chinese) {
      at += 1;
    } else if (chinese && byte === 0x0a) {
      // A line never ends within Chinese: whoever forgot to close it has closed it here.
      chinese = false;
      plain.push(byte);
    } else {
      plain.push(chinese && byte > 0x20 ? byte | 0x80 : byte);
    }
  }
  return new TextDecoder('gbk').decode(Uint8Array.from(plain));
}

// What mail says it is, and what it then is: newer sets hold the older ones.
const wider: Readonly<Record<string, string>> = { gb2312: 'gb18030', gbk: 'gb18030', cp936: 'gb18030', 'x-gbk': 'gb18030', 'ks_c_5601-1987': 'euc-kr', cp949: 'euc-kr', 'iso-2022-jp-ms': 'iso-2022-jp' };
// Anything could be decoded as one of these; it is Chinese rather than that when it can be read as Chinese.
const anything = new Set(['windows-1252', 'iso-8859-1', 'latin1', 'us-ascii', 'ascii', '']);

function decoder(charset: string, fatal: boolean): InstanceType<typeof TextDecoder> | null {
  try {
    return new TextDecoder(charset, { fatal });
  } catch {
    return null;
  }
}

const tried = (charset: string, bytes: Uint8Array): string | null => {
  try {
    return decoder(charset, true)?.decode(bytes) ?? null;
  } catch {
    return null;
  }
};

/** Bytes of which at least two in a row are none of ASCII, more often than not: how Chinese looks, and European text does not. */
function looksWide(bytes: Uint8Array): boolean {
  let [high, paired] = [0, 0];
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at]! < 0x80) continue;
    high += 1;
    if ((bytes[at - 1] ?? 0) >= 0x80 || (bytes[at + 1] ?? 0) >= 0x80) paired += 1;
  }
  return high >= 4 && paired * 10 >= high * 9;
}

/**
 * The text of bytes by the charset they are said to be in (字符集解码); where that is wrong or unknown, by what they can be: UTF-8, GB 18030,
 * Big5, and at last one that takes anything.
 */
export function decodeText(bytes: Uint8Array, said: string): string {
  const name = said.trim().toLowerCase();
  if (name === 'hz-gb-2312' || name === 'hz') return decodeHz(bytes);
  // Text in these can carry markup past whoever looks for it; nobody writes it any more.
  const charset = /utf-?7/.test(name) ? '' : wider[name] ?? name;
  if (!anything.has(charset)) {
    const right = tried(charset, bytes);
    if (right !== null) return right;
  }
  const found = tried('utf-8', bytes) ?? (looksWide(bytes) || !anything.has(charset) ? tried('gb18030', bytes) ?? tried('big5', bytes) : null);
  return found ?? (decoder(charset, false) ?? decoder('windows-1252', false)!).decode(bytes);
}

/** `decodeText` in the form in which the reader of mail asks for it: the whole of a part, once it is there. */
export class PartDecoder extends Transform {
  readonly #charset: string;
  readonly #chunks: Buffer[] = [];
  constructor(charset: string) {
    super();
    this.#charset = charset;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#chunks.push(chunk);
    done();
  }

  override _flush(done: TransformCallback): void {
    this.push(Buffer.from(decodeText(Buffer.concat(this.#chunks), this.#charset)));
    done();
  }
}

/** A header whose bytes nobody encoded, read byte by byte: what they say after all. */
export function mendHeader(text: string): string {
  if (!/[\u0080-\u00ff]{2}/.test(text) || /[\u0100-\uffff]/.test(text)) return text;
  return decodeText(Buffer.from(text, 'latin1'), '');
}
