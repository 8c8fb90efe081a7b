import type { FastifyRequest } from 'fastify';
import { Closed, Id } from '../../../contract/common.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { stream, type StreamContext } from '../../platform/http/use-case.ts';
import { fileById } from '../../records/file/queries.ts';
import type { FileRow } from '../../records/file/row.ts';
import { isShownBeside } from '../../records/conversation/side/audience.ts';
import { endOfWay } from '../../records/ticket/alias.ts';
import { findReadableTicket } from '../../records/ticket/find.ts';
import { DownloadQuery, sendFile, sendThumbnail } from './send-file.ts';

const params = Closed({ id: Id });

/** A member of staff downloads a file of a ticket they may read, or one they have just sent (下载文件). */
export const downloadFile = stream({
  summary: 'Download a file; takes Range',
  params,
  query: DownloadQuery,
  produces: 'application/octet-stream',
  run: async (context, request, reply) => sendFile(context, request, reply, await findReadableFile(context, request)),
});

/** The same file, small, for lists (缩略图). */
export const downloadThumbnail = stream({
  summary: 'Download the thumbnail of an image, at most 480 pixels a side',
  params,
  produces: 'image/jpeg',
  run: async (context, request, reply) => sendThumbnail(context, request, reply, await findReadableFile(context, request)),
});

/** By its ticket, by the one that was merged into, or by a conversation beside it in which the file is shown. */
async function ensureReadable(context: Context, file: FileRow, ticketId: string): Promise<void> {
  try {
    await findReadableTicket(context, ticketId);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (await isShownBeside(context, file.id)) return;
    const end = await endOfWay(context, ticketId);
    if (end === ticketId) throw error;
    await findReadableTicket(context, end);
  }
}

function findReadableFile(context: StreamContext, request: FastifyRequest): Promise<FileRow> {
  const { id } = request.params as { id: string };
  return context.transact(async (inner) => {
    const file = await fileById(inner, id);
    if (!file) throw new Refusal('not_found');
    if (file.ticket_id !== null) await ensureReadable(inner, file, file.ticket_id);
    else if (file.uploaded_by_kind !== 'staff' || file.uploaded_by_id !== staffOf(inner).staffId) throw new Refusal('not_found');
    return file;
  });
}
