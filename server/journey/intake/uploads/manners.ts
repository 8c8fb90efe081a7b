import type { FastifyReply, FastifyRequest } from 'fastify';
import { tusVersion, uploadLimits, type Upload } from '../../../../contract/upload.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { fileById } from '../../../records/file/queries.ts';
import type { UploadRow } from '../../../records/file/uploads.ts';
import { viewFile } from '../../../records/file/view.ts';
import type { Context } from '../../../platform/context.ts';

/** What a server of resumable uploads says with every answer (https://tus.io/protocols/resumable-upload, "Headers"). */
export function speakTus(request: FastifyRequest, reply: FastifyReply, { asked = true } = {}): void {
  reply.header('tus-resumable', tusVersion).header('cache-control', 'no-store');
  const said = request.headers['tus-resumable'];
  if (said !== undefined ? said !== tusVersion : asked) {
    reply.header('tus-version', tusVersion);
    throw new Refusal('upload_version_unsupported', { version: tusVersion });
  }
}

/** Tells how far an upload has come, and for how long it is kept. */
export function tellPlace(reply: FastifyReply, upload: UploadRow): FastifyReply {
  return reply.header('upload-offset', String(upload.received)).header('upload-expires', upload.expires_at.toUTCString());
}

/** A whole number in a header. */
export function wholeNumber(request: FastifyRequest, header: string): number {
  const text = request.headers[header];
  if (typeof text !== 'string' || !/^\d{1,15}$/.test(text)) throw new Refusal('upload_header_invalid', { header: header.replace(/\b\w/g, (letter) => letter.toUpperCase()) });
  return Number(text);
}

const metadataError = () => new Refusal('upload_header_invalid', { header: 'Upload-Metadata' });

/** The pairs of Upload-Metadata: keys, and values in Base64 (tus, "Creation"). */
export function readMetadata(header: string | string[] | undefined): Map<string, string> {
  const read = new Map<string, string>();
  if (header === undefined || header === '') return read;
  if (typeof header !== 'string' || header.length > 4_000) throw metadataError();
  for (const pair of header.split(',')) {
    const [, key, value = ''] = /^([\x21-\x2b\x2d-\x7e]+)(?: ([A-Za-z0-9+/]*={0,2}))?$/.exec(pair.trim()) ?? [];
    if (key === undefined || read.has(key)) throw metadataError();
    const text = new TextDecoder().decode(Buffer.from(value, 'base64'));
    if (text.includes('\uFFFD') || text.includes('\0') || text.length > uploadLimits.name) throw metadataError();
    read.set(key, text);
  }
  return read;
}

/** An upload as its owner sees it. */
export async function viewUpload(context: Context, upload: UploadRow): Promise<Upload> {
  const file = upload.file_id === null ? undefined : await fileById(context, upload.file_id);
  return { id: upload.id, offset: upload.received, length: upload.size, expiresAt: upload.expires_at.toISOString(), file: file ? viewFile(file, { kind: 'staff' }) : null };
}
