import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { Closed, Id } from '../../../../contract/common.ts';
import { PortalUpload } from '../../../../contract/portal.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { maximumPortalFileBytes } from '../../../platform/files/inspect.ts';
import { stream, type StreamContext } from '../../../platform/http/use-case.ts';
import { hasChatFile } from '../../../records/chat/transcript.ts';
import { signUploadToken } from '../../../records/file/attach-files.ts';
import { fileById } from '../../../records/file/queries.ts';
import type { FileRow } from '../../../records/file/row.ts';
import { DownloadQuery, sendFile, sendThumbnail } from '../send-file.ts';
import { takeUpload } from '../take-upload.ts';
import { visitorOf } from './visitor.ts';

const params = Closed({ token: Type.String({ maxLength: 200 }) });
const ofFile = Closed({ token: Type.String({ maxLength: 200 }), id: Id });
const Form = Closed({});

/** A visitor sends a picture or a document for the message that follows (访客上传): judged by its content. */
export const uploadVisitFile = stream({
  summary: 'Send a picture, recording or document (multipart, part `file`, at most 20 MB), to be named in a message within the hour',
  params,
  form: Form,
  produces: 'application/json',
  answer: PortalUpload,
  status: 201,
  run: (context, request, reply) => takeUpload(context, request, reply, {
    form: Form, maximumBytes: maximumPortalFileBytes, familiesFor: () => ['image', 'audio', 'video', 'pdf', 'office', 'text'],
    place: () => ({ purpose: 'attachment', visibility: 'public' }),
    view: ({ services, tenantId, now }, file): PortalUpload => ({ uploadToken: signUploadToken(services.secrets, tenantId, file.id, now), name: file.name, mediaType: file.media_type, size: file.size }),
    open: true, secret: true,
  }),
});

/** A visitor downloads a file of their chat (访客下载文件). */
export const downloadVisitFile = stream({
  summary: 'Download a file of a chat; takes Range',
  params: ofFile,
  query: DownloadQuery,
  produces: 'application/octet-stream',
  run: async (context, request, reply) => sendFile(context, request, reply, await findChatFile(context, request)),
});

/** The same picture, small (缩略图). */
export const downloadVisitThumbnail = stream({
  summary: 'Download the thumbnail of an image of a chat',
  params: ofFile,
  produces: 'image/jpeg',
  run: async (context, request, reply) => sendThumbnail(context, request, reply, await findChatFile(context, request)),
});

async function findChatFile(context: StreamContext, request: FastifyRequest): Promise<FileRow> {
  const { id } = request.params as { id: string };
  return context.transact(async (inner) => {
    const [visitor, file] = [await visitorOf(inner), await fileById(inner, id)];
    if (!file || file.visibility !== 'public' || !await hasChatFile(inner.transaction, visitor.id, id)) throw new Refusal('not_found');
    return file;
  });
}
