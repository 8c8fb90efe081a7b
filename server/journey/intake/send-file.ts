import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';
import { Closed, OneOf } from '../../../contract/common.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { BlobMissing } from '../../platform/files/blob-store.ts';
import { isInline, sendBlob, type Download } from '../../platform/files/headers.ts';
import { thumbnailType } from '../../platform/files/thumbnail.ts';
import type { StreamContext } from '../../platform/http/use-case.ts';
import type { FileRow } from '../../records/file/row.ts';
import { ensureThumbnail } from '../../records/file/thumbnail-job.ts';

/** How a download is wanted. */
export const DownloadQuery = Closed({ download: Type.Optional(OneOf(['1'], { description: 'To be saved, also when it could be shown' })) });

/** Sends the bytes of a file the caller may see (下载文件). */
export function sendFile(context: StreamContext, request: FastifyRequest, reply: FastifyReply, file: FileRow): Promise<FastifyReply> {
  const { download } = request.query as Static<typeof DownloadQuery>;
  return send(context, request, reply, file, {
    storageKey: file.storage_key, name: file.name, mediaType: file.media_type, size: file.size, tag: file.sha256.toString('base64url'),
  }, download === '1');
}

/** Sends the thumbnail of a file the caller may see; the image itself where no smaller one can be made. */
export async function sendThumbnail(context: StreamContext, request: FastifyRequest, reply: FastifyReply, file: FileRow): Promise<FastifyReply> {
  const key = await ensureThumbnail(context.services, file);
  if (key === null && !(file.media_type.startsWith('image/') && isInline(file.media_type))) throw new Refusal('not_found');
  const tag = file.sha256.toString('base64url');
  return send(context, request, reply, file, key === null
    ? { storageKey: file.storage_key, name: file.name, mediaType: file.media_type, size: file.size, tag }
    : { storageKey: key, name: `${file.name.replace(/\.\w+$/, '')}.jpg`, mediaType: thumbnailType, size: null, tag: `${tag}-small` }, false);
}

async function send(context: StreamContext, request: FastifyRequest, reply: FastifyReply, file: FileRow, download: Download, asAttachment: boolean): Promise<FastifyReply> {
  try {
    return await sendBlob(request, reply, context.services.blobs, download, { asAttachment });
  } catch (error) {
    if (!(error instanceof BlobMissing)) throw error;
    context.services.log.error({ tenant: file.tenant_id, file: file.id, requestId: context.requestId }, 'the bytes of a file are missing from the store');
    throw new Refusal('not_found');
  }
}
