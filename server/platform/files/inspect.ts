import { largestFile, largestPortalFile } from '../../../contract/file.ts';
import { stat } from 'node:fs/promises';
import { fileTypeFromFile } from 'file-type';
import { Refusal } from '../errors/refusal.ts';
import { readCompoundNames } from './compound-file.ts';
import { cleanFileName, extensionOf } from './file-name.ts';
import {
  acceptedTypes, familyOfExtension, familyOfMediaType, imageOfExtension, isRunnable, kindInWords, mayPassFor, plainMediaType, textTypes, type Family, type FileType,
} from './file-types.ts';
import { decodableTypes, maximumJpegPixels, maximumPixels, readImageHeader } from './image.ts';
import { markupOf, readText } from './text-content.ts';

/** The largest file the staff may send, in bytes. */
export const maximumFileBytes = largestFile;
/** The largest file a customer may send, in bytes. */
export const maximumPortalFileBytes = largestPortalFile;

/** A file as it was found to be (文件检查结果). */
export interface Inspected {
  /** By the content, never by what was declared. */
  mediaType: string;
  family: Family;
  name: string;
  /** In pixels as shown; null for what is no image or cannot be decoded here. */
  width: number | null;
  height: number | null;
}

const detectMilliseconds = 10_000;
const unknown = 'application/octet-stream';

/**
 * Finds out by its content what a file is, and refuses what is not on the list of accepted types.
 *
 * The name and the declared type are promises, the name's extension before the declared type:
 * - Content that is not accepted is `file_type_mismatch` when something acceptable was promised (a .jpg that is a
 *   page or a program), else `file_type_refused`.
 * - Accepted content of another family than promised is `file_type_mismatch` (text named .pdf), and so is any under an
 *   extension that systems run (a photo named .exe). Within a family it is kept as what it is (a PNG named .jpg, which is then called .png);
 *   sound and film share containers and count as one, so do Office documents and zip.
 * - Text is refused when it is a page, a drawing, a script or XML that could run, fetch or expand something.
 * - An image is refused as `file_too_large` when decoding it would take too much memory.
 *
 * @param path the file
 * @param declaredName as the sender called it; may hold a path
 * @param declaredType the media type the sender gave; may be empty
 */
export async function inspectFile(path: string, declaredName: string, declaredType: string): Promise<Inspected> {
  if ((await stat(path)).size === 0) throw new Refusal('file_empty');
  const cleaned = cleanFileName(declaredName);
  const extension = extensionOf(cleaned);
  const promised = familyOfExtension(extension) ?? (isRunnable(extension) ? null : familyOfMediaType(declaredType));
  const lie = (detected: string) => new Refusal('file_type_mismatch', { detected: kindInWords(detected), declared: promise(extension, declaredType) });

  const detected = await detect(path, extension);
  const type = acceptedTypes.get(soundOnly(detected, extension, declaredType));
  if (!type) throw promised ? lie(detected) : new Refusal('file_type_refused', { mediaType: kindInWords(detected) });
  if (isRunnable(extension)) {
    throw type.family === 'text' ? new Refusal('file_type_refused', { mediaType: `.${extension}` }) : lie(type.mediaType);
  }
  if (promised && !mayPassFor(type.family, promised)) throw lie(type.mediaType);

  const found = { mediaType: type.mediaType, family: type.family, name: cleaned === '' ? `file.${type.extension}` : withTrueExtension(cleaned, extension, type) };
  if (type.family !== 'image') return { ...found, width: null, height: null };
  const header = await readImageHeader(path);
  if (header?.tooLarge) {
    const pixels = type.mediaType === 'image/jpeg' ? maximumJpegPixels : maximumPixels;
    throw new Refusal('file_too_large', { limit: { zh: `${pixels / 10_000} 万像素`, en: `${pixels / 1_000_000} megapixels` } });
  }
  if (!header && decodableTypes.has(type.mediaType)) throw lie(unknown);
  return { ...found, width: header?.width ?? null, height: header?.height ?? null };
}

/** A name without the extension of another kind of image, which some programs would believe. */
function withTrueExtension(name: string, extension: string, type: FileType): string {
  const said = imageOfExtension(extension);
  return type.family !== 'image' || said === null || said === type.mediaType ? name : `${name.slice(0, -extension.length)}${type.extension}`;
}

/** The media type of a content, accepted or not. */
async function detect(path: string, extension: string): Promise<string> {
  // Text first: short signatures ("BM" is a bitmap, "MZ" a program) also begin ordinary sentences.
  const text = await readText(path, 'utf-8')
    ?? (['txt', 'text', 'log', 'csv', 'tsv', 'xml'].includes(extension) ? await readText(path, 'gb18030') : null);
  if (text) {
    const markup = markupOf(text.head, extension === 'md' || extension === 'markdown');
    if (markup === 'application/xml') return text.active ? 'text/x-script' : markup;
    return markup ?? textTypes[extension] ?? 'text/plain';
  }
  const type = await fileTypeFromFile(path, { signal: AbortSignal.timeout(detectMilliseconds), maxBufferSize: maximumFileBytes })
    // A container too broken to be read is nothing we know.
    .catch(() => undefined);
  if (type === undefined) return unknown;
  const mediaType = plainMediaType(type.mime);
  return mediaType === 'application/x-cfb' ? detectCompound(await readCompoundNames(path)) : mediaType;
}

function detectCompound(names: ReadonlySet<string>): string {
  if (['VBA', '_VBA_PROJECT', '_VBA_PROJECT_CUR', 'Macros'].some((name) => names.has(name))) return 'application/x-office-macros';
  if (names.has('WordDocument')) return 'application/msword';
  if (names.has('Workbook') || names.has('Book')) return 'application/vnd.ms-excel';
  if (names.has('PowerPoint Document')) return 'application/vnd.ms-powerpoint';
  return 'application/x-cfb';
}

/** Recordings of sound come in containers of film; which it is only the sender says. */
function soundOnly(mediaType: string, extension: string, declaredType: string): string {
  if (!['video/mp4', 'video/webm', 'video/3gpp'].includes(mediaType)) return mediaType;
  const family = familyOfMediaType(declaredType) ?? familyOfExtension(extension);
  return family === 'audio' ? mediaType.replace('video/', 'audio/') : mediaType;
}

function promise(extension: string, declaredType: string): string {
  const plain = plainMediaType(declaredType);
  if (extension !== '') return `.${extension}`;
  return /^[a-z0-9][\w.+-]{0,126}\/[a-z0-9][\w.+-]{0,126}$/.test(plain) ? plain : '—';
}

/** A limit in bytes as a person reads it. */
export function sizeInWords(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MB`;
}
