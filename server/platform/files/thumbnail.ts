import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { BlobStore } from './blob-store.ts';
import { maximumJpegPixels, openImage } from './image.ts';
import { workFile } from './work-folder.ts';

/** The longer side of a thumbnail, at most, in pixels. */
export const thumbnailSide = 480;
/** JPEG, as older phones' browsers show it, too. */
export const thumbnailType = 'image/jpeg';

let line: Promise<unknown> = Promise.resolve();

/**
 * Makes the thumbnail (缩略图) of an image: upright, on white, at most 480 pixels a side, without the place and the
 * camera that its metadata tell. One at a time in this process, as decoding takes memory.
 *
 * @param path a file of one of `decodableTypes`
 * @param target where the JPEG is written
 * @returns whether it was made; not when the image is damaged or too large
 */
export function writeThumbnail(path: string, target: string): Promise<boolean> {
  const mine = line.then(() => write(path, target));
  line = mine.catch(() => {});
  return mine;
}

async function write(path: string, target: string): Promise<boolean> {
  const image = await openImage(path, maximumJpegPixels);
  try {
    await image
      .autoOrient()
      .resize({ width: thumbnailSide, height: thumbnailSide, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: 78, progressive: true })
      .toFile(target);
    return true;
  } catch (error) {
    // A full disk is no fault of the image.
    if (error instanceof Error && /ENOSPC|no space|unable to open for write/i.test(error.message)) throw error;
    return false;
  }
}

/**
 * Makes the thumbnail of an image in a store, in the same store.
 *
 * @returns whether it was made, see `writeThumbnail`
 * @throws BlobMissing when the image is not there
 */
export async function makeThumbnailBlob(store: BlobStore, key: string, thumbnailKey: string): Promise<boolean> {
  const source = await workFile(store.workFolder);
  const target = await workFile(store.workFolder);
  try {
    await pipeline(await store.get(key), createWriteStream(source, { flags: 'wx', mode: 0o600 }));
    const made = await writeThumbnail(source, target);
    if (made) await store.put(thumbnailKey, target, thumbnailType);
    return made;
  } finally {
    await Promise.all([rm(source, { force: true }), rm(target, { force: true })]);
  }
}
