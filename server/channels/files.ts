import { randomUUID } from 'node:crypto';
import { OutsideFailure, type OutsideRequest } from '../platform/egress/call-outside.ts';
import { MediaLost } from './inbound.ts';
import { SendFailure, type ChannelTools } from './notice-channel.ts';

/** A form with one file in it (RFC 7578), for platforms that take files by themselves. */
export function multipart(fields: Readonly<Record<string, string>>, fileField: string, file: { name: string; mediaType: string; bytes: Buffer }): { contentType: string; body: Buffer } {
  const boundary = `bihuan-${randomUUID()}`;
  const quoted = (name: string): string => name.replace(/[\r\n"\\]/g, '_');
  const body = Buffer.concat([
    ...Object.entries(fields).map(([name, value]) => Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"\r\n\r\n${value}\r\n`)),
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${quoted(fileField)}"; filename="${quoted(file.name)}"; filelength=${file.bytes.length}\r\nContent-Type: ${file.mediaType}\r\n\r\n`),
    file.bytes, Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  return { contentType: `multipart/form-data; boundary=${boundary}`, body };
}

/** What was fetched, with the name the other side gave it. */
export interface FetchedFile {
  status: number;
  body: Buffer;
  contentType: string | null;
  name: string | null;
}

const longestFile = 26_214_400;

/**
 * Fetches a file of a message, or hands one over (下载媒体).
 *
 * @param said whether an answer of 400 and more holds words of the platform, that its adapter reads itself
 * @throws SendFailure where it may be had later; MediaLost where it never will
 */
export async function fetchFile(tools: ChannelTools, request: OutsideRequest, said = false): Promise<FetchedFile> {
  try {
    const { status, bytes, contentType, disposition } = await tools.fetch(request, { bytes: longestFile, milliseconds: 60_000 });
    const readable = said && status < 500 && /json/i.test(contentType ?? '');
    if (!readable && (status === 404 || status === 410)) throw new MediaLost(`it answered ${status}`);
    if (!readable && status >= 400) throw new SendFailure('temporary', `it answered ${status}`);
    return { status, body: bytes, contentType, name: nameIn(disposition) };
  } catch (error) {
    if (!(error instanceof OutsideFailure)) throw error;
    if (error.code === 'too_large') throw new MediaLost(error.message, 'too_large');
    throw new SendFailure(error.code === 'private_address' || error.code === 'address' ? 'account' : 'temporary', error.message);
  }
}

const nameIn = (disposition: string | null): string | null => {
  const encoded = /filename\*=utf-8''([^;\s]{1,600})/i.exec(disposition ?? '')?.[1];
  if (encoded !== undefined) {
    try {
      return decodeURIComponent(encoded).slice(0, 200);
    } catch {
      // The plain one then.
    }
  }
  return /filename="?([^";]{1,200})"?/i.exec(disposition ?? '')?.[1]?.trim() || null;
};

const extensions: Readonly<Record<string, string>> = {
  'image/jpeg': '.jpg', 'image/png': '.png', 'image/gif': '.gif', 'audio/amr': '.amr', 'audio/mpeg': '.mp3', 'audio/ogg': '.ogg', 'audio/opus': '.opus', 'video/mp4': '.mp4', 'application/pdf': '.pdf',
};

/** The ending that files of a kind have; empty where none is known. */
export const extensionOf = (contentType: string | null): string => extensions[(contentType ?? '').split(';', 1)[0]!.trim().toLowerCase()] ?? '';
