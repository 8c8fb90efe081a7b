import { Type, type Static } from 'typebox';
import { Closed, Id, Nullable, Timestamp } from './common.ts';

/** The largest file that is taken from whoever is signed in (附件上限), in bytes. */
export const largestFile = 50 * 1024 * 1024;

/** Extensions of what is taken, by what it is to a person (可上传的类型). What a file really is, the server finds out by its content. */
export const fileExtensions = {
  image: 'jpg jpeg jpe jfif png apng gif webp avif heic heif hif bmp dib tif tiff',
  audio: 'mp3 m4a aac amr ogg oga opus wav flac weba',
  video: 'mp4 m4v mov webm 3gp 3gpp',
  pdf: 'pdf',
  office: 'doc docx wps xls xlsx et ppt pptx pps ppsx dps odt ods odp',
  archive: 'zip ofd',
  text: 'txt text log csv tsv md markdown json xml',
} as const;

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
