import type { FileFamily } from '../forms/form.ts';

/** The largest file that is taken from whoever is signed in (附件上限), in bytes. */
export const largestFile = 50 * 1024 * 1024;
/** The largest file that is taken from customers (客户附件上限), in bytes. */
export const largestPortalFile = 20 * 1024 * 1024;

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

/** What a field may ask for, as extensions: a document is what is none of the others. */
const extensionsOf: Record<FileFamily, string> = {
  image: fileExtensions.image, audio: fileExtensions.audio, video: fileExtensions.video, pdf: fileExtensions.pdf,
  document: `${fileExtensions.office} ${fileExtensions.archive} ${fileExtensions.text}`,
};
export const fileFamilies: readonly FileFamily[] = ['image', 'video', 'audio', 'pdf', 'document'];

/** The `accept` of a file picker (选择器类型): media types for what cameras and recorders make, extensions for the rest. */
export function pickerAccept(families: readonly FileFamily[] = fileFamilies): string {
  return families.flatMap((family) => (family === 'image' || family === 'video' || family === 'audio' ? [`${family}/*`] : extensionsOf[family].split(' ').map((extension) => `.${extension}`))).join(',');
}

export type FileRefusal = 'empty' | 'tooLarge' | 'kind';

/**
 * What can be told of a file before it is sent (上传前校验), by its name, what the browser takes it for, and its size; null
 * when it may be tried. The server looks at the content.
 */
export function fileRefusal(file: { name: string; type: string; size: number }, { families = fileFamilies, largest }: { families?: readonly FileFamily[]; largest: number }): FileRefusal | null {
  if (file.size === 0) return 'empty';
  const family = familyOf(file);
  if (family === null || !families.includes(family)) return 'kind';
  return file.size > largest ? 'tooLarge' : null;
}

function familyOf({ name, type }: { name: string; type: string }): FileFamily | null {
  const media = type.slice(0, Math.max(0, type.indexOf('/')));
  if (media === 'image' || media === 'video' || media === 'audio') return media;
  const extension = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  return fileFamilies.find((family) => extensionsOf[family].split(' ').includes(extension)) ?? (type === 'application/pdf' ? 'pdf' : null);
}
