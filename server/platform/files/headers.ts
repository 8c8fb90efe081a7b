import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BlobStore } from './blob-store.ts';

/** What is needed to hand out the bytes of a file. */
export interface Download {
  storageKey: string;
  name: string;
  mediaType: string;
  /** Bytes; null when it is not known, then there are no ranges. */
  size: number | null;
  /** Stands for exactly these bytes. */
  tag: string;
}

/** What browsers show by themselves and cannot run. */
const inlineTypes = new Set([
  'image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif',
  'video/mp4', 'video/webm', 'audio/mpeg', 'audio/mp4', 'audio/ogg', 'audio/wav', 'audio/webm', 'application/pdf',
]);

/** Whether a file of this type may be shown in the page rather than saved. */
export function isInline(mediaType: string): boolean {
  return inlineTypes.has(mediaType);
}

const sandboxPolicy = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'";
// The browser's own viewer of sound, film and PDF loads the file once more from within, which a sandbox forbids. It runs
// none of it: there is no source of scripts, and the type is one that holds none for the page.
const viewerPolicy = "default-src 'none'; media-src 'self'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'";

/**
 * The headers of a download (下载响应头): whatever the bytes are, no browser guesses at them, runs them or lends them the
 * rights of this site. File names by RFC 6266 and RFC 8187.
 */
export function downloadHeaders(file: Pick<Download, 'name' | 'mediaType' | 'tag'>, { asAttachment }: { asAttachment: boolean }): Record<string, string> {
  const inline = !asAttachment && isInline(file.mediaType);
  return {
    'content-type': file.mediaType,
    'content-disposition': `${inline ? 'inline' : 'attachment'}; ${fileNameParameters(file.name)}`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': inline && !file.mediaType.startsWith('image/') ? viewerPolicy : sandboxPolicy,
    'x-frame-options': 'SAMEORIGIN',
    'cross-origin-resource-policy': 'same-origin',
    // The bytes under an address never change, but who may see them can: a browser may keep them, and has to ask each
    // time whether it may show them. Whoever signed out, or lost sight of the ticket, gets no 304.
    'cache-control': 'private, no-cache',
    'etag': `"${file.tag}"`,
    'accept-ranges': 'bytes',
  };
}

function fileNameParameters(name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7E]|["%\\]/g, '_');
  if (plain === name) return `filename="${plain}"`;
  // attr-char of RFC 8187 leaves out what encodeURIComponent lets through.
  const encoded = encodeURIComponent(name.toWellFormed()).replaceAll(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return `filename="${plain}"; filename*=UTF-8''${encoded}`;
}

/** A part of the bytes, `end` included; `whole` when all are wanted, `none` when what is wanted is not there. */
export type Range = { start: number; end: number } | 'whole' | 'none';

/**
 * What a Range header asks for (RFC 9110 §14.2). One range is served; several, or a header that makes no sense, get
 * the whole.
 */
export function readRange(header: string | undefined, size: number): Range {
  const match = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return 'whole';
  const [, first, last] = match as unknown as [string, string, string];
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'none' : { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return 'whole';
  return start >= size ? 'none' : { start, end };
}

/**
 * Sends the bytes of a file that the caller was found to be allowed to see: whole, a range (206, for media players),
 * nothing new (304), or 416 for a range that is not there.
 *
 * @throws BlobMissing before anything is sent
 */
export async function sendBlob(
  request: FastifyRequest, reply: FastifyReply, store: BlobStore, file: Download, options: { asAttachment: boolean },
): Promise<FastifyReply> {
  const headers = downloadHeaders(file, options);
  const tag = headers['etag'];
  const known = request.headers['if-none-match'];
  if (known !== undefined && (known.trim() === '*' || known.split(',').some((one) => one.trim().replace(/^W\//, '') === tag))) {
    return reply.status(304).headers(headers).send();
  }
  const { size } = file;
  if (size === null) {
    const bytes = await store.get(file.storageKey);
    delete headers['accept-ranges'];
    return reply.headers(headers).send(bytes);
  }
  const condition = request.headers['if-range'];
  const range = condition !== undefined && condition !== tag ? 'whole' : readRange(request.headers.range, size);
  if (range === 'none') return reply.status(416).header('content-range', `bytes */${size}`).send();
  // Nobody can ask for a range of nothing.
  const bytes = size === 0 ? '' : await store.get(file.storageKey, range === 'whole' ? undefined : range);
  reply.headers(headers);
  if (range === 'whole') return reply.header('content-length', size).send(bytes);
  return reply.status(206)
    .header('content-range', `bytes ${range.start}-${range.end}/${size}`).header('content-length', range.end - range.start + 1)
    .send(bytes);
}
