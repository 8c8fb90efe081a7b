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
  recorded: Nullable(Closed({ at: Timestamp, lat: Nullable(Type.Number()), lng: Nullable(Type.Number()), accuracy: Nullable(Type.Number({ description: 'Metres' })) }, { description: 'When and where a film or a word was recorded on a visit; photos carry it written into them' })),
}, { title: 'File' });
export type FileSummary = Static<typeof FileSummary>;
