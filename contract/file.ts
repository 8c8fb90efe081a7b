import { Type, type Static } from 'typebox';
import { Closed, Id, Nullable, Timestamp } from './common.ts';

export { fileExtensions, largestFile, largestPortalFile } from '../rules/files/accepted.ts';

/** A stored file (文件) as lists show it. */
export const FileSummary = Closed({
  id: Id,
  name: Type.String(),
  mediaType: Type.String(),
  size: Type.Integer({ description: 'Bytes' }),
  purpose: Type.String({ description: 'attachment, photo or signature' }),
  visibility: Type.String({ description: 'public: the customer sees it; internal: colleagues only' }),
  url: Type.String({ description: 'Where the caller may download it' }),
  thumbnailUrl: Nullable(Type.String()),
  width: Nullable(Type.Integer()),
  height: Nullable(Type.Integer()),
  visitId: Nullable(Id),
  messageId: Nullable(Id),
  createdAt: Timestamp,
}, { title: 'File' });
export type FileSummary = Static<typeof FileSummary>;
