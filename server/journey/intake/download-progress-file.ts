import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { Closed, Id } from '../../../contract/common.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { stream, type StreamContext } from '../../platform/http/use-case.ts';
import { messagesForCustomer, mostMessages } from '../../records/conversation/shared.ts';
import { fileById } from '../../records/file/queries.ts';
import type { FileRow } from '../../records/file/row.ts';
import { DownloadQuery, sendFile, sendThumbnail } from './send-file.ts';

const params = Closed({ token: Type.String({ maxLength: 400 }), id: Id });

/** The holder of a ticket's link downloads a file of that ticket that is meant for the customer (客户下载文件). */
export const downloadProgressFile = stream({
  summary: 'Download a file of the ticket that the link belongs to; takes Range',
  params,
  query: DownloadQuery,
  produces: 'application/octet-stream',
  run: async (context, request, reply) => sendFile(context, request, reply, await findShownFile(context, request)),
});

/** The same file, small, for lists (缩略图). */
export const downloadProgressThumbnail = stream({
  summary: 'Download the thumbnail of an image of the ticket that the link belongs to',
  params,
  produces: 'image/jpeg',
  run: async (context, request, reply) => sendThumbnail(context, request, reply, await findShownFile(context, request)),
});

async function findShownFile(context: StreamContext, request: FastifyRequest): Promise<FileRow> {
  const { id } = request.params as { id: string };
  const { caller } = context;
  if (caller.kind !== 'link') throw new Refusal('link_invalid');
  return context.transact(async (inner) => {
    const file = await fileById(inner, id);
    if (!file || file.visibility !== 'public') throw new Refusal('not_found');
    // What came with a message may lie on the ticket that the customer's own was merged into.
    if (file.ticket_id !== caller.ticketId && !(file.message_id !== null && (await messagesForCustomer(inner, caller.ticketId, mostMessages)).some((message) => message.id === file.message_id))) throw new Refusal('not_found');
    return file;
  });
}
