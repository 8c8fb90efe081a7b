import { createHash } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { workFile } from '../work-folder.ts';
import { planGif } from './gif.ts';
import { planIsoMedia } from './iso-media.ts';
import { planJpeg } from './jpeg.ts';
import { planPng } from './png.ts';
import { openSource, type Piece, type Plan, type Source } from './source.ts';
import { planTiff } from './tiff.ts';
import { planWebp } from './webp.ts';

const picture = (source: Source) => planIsoMedia(source, 'picture');
const film = (source: Source) => planIsoMedia(source, 'film');
const readThrough = 262_144;
const leafThrough = 4_096;

/** How each kind of file is rid of its metadata, and how it is read meanwhile. */
const planners: Readonly<Record<string, { plan: (source: Source) => Promise<Plan>; window: number }>> = {
  'image/jpeg': { plan: planJpeg, window: readThrough },
  'image/png': { plan: planPng, window: leafThrough },
  'image/webp': { plan: planWebp, window: leafThrough },
  'image/gif': { plan: planGif, window: readThrough },
  'image/tiff': { plan: planTiff, window: leafThrough },
  'image/heic': { plan: picture, window: leafThrough },
  'image/heif': { plan: picture, window: leafThrough },
  'image/avif': { plan: picture, window: leafThrough },
  'video/mp4': { plan: film, window: leafThrough },
  'video/quicktime': { plan: film, window: leafThrough },
  'video/3gpp': { plan: film, window: leafThrough },
  'audio/mp4': { plan: film, window: leafThrough },
  'audio/3gpp': { plan: film, window: leafThrough },
};

/**
 * Takes out of a picture or film what its camera noted (去除隐私元数据): where it was taken, by what and by whom, texts,
 * small pictures of the uncut one, and whatever lies behind its end. The picture itself is not touched: nothing is
 * compressed anew, and it is still shown the same way up. Other kinds of files are left as they are.
 *
 * @param path the file; replaced by another where something had to go
 * @param mediaType what it was found to be
 * @returns what it is now; null when nothing had to go
 * @throws {DamagedFile} when it is not built as its kind is
 */
export async function stripMetadata(path: string, mediaType: string): Promise<{ size: number; sha256: Buffer } | null> {
  const planner = planners[mediaType];
  if (!planner) return null;
  const file = await open(path, 'r');
  let rewritten: { path: string; size: number; sha256: Buffer };
  try {
    const { size } = await file.stat();
    const { pieces } = await planner.plan(openSource(file, size, planner.window));
    const [only] = pieces;
    if (pieces.length === 1 && !Buffer.isBuffer(only) && only && 'to' in only && only.from === 0 && only.to === size) return null;
    rewritten = await rewrite(file, pieces, await workFile(dirname(path)));
  } finally {
    await file.close();
  }
  await rename(rewritten.path, path);
  return { size: rewritten.size, sha256: rewritten.sha256 };
}

async function rewrite(from: FileHandle, pieces: readonly Piece[], path: string): Promise<{ path: string; size: number; sha256: Buffer }> {
  const to = await open(path, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    let size = 0;
    const write = async (bytes: Buffer) => {
      hash.update(bytes);
      size += bytes.length;
      for (let done = 0; done < bytes.length;) done += (await to.write(bytes, done)).bytesWritten;
    };
    const room = Buffer.alloc(readThrough);
    for (const piece of pieces) {
      if (Buffer.isBuffer(piece)) await write(piece);
      else if ('zeros' in piece) {
        room.fill(0);
        for (let left = piece.zeros; left > 0; left -= room.length) await write(room.subarray(0, left));
      } else {
        for (let at = piece.from; at < piece.to;) {
          const { bytesRead } = await from.read(room, 0, Math.min(room.length, piece.to - at), at);
          if (bytesRead === 0) throw new Error(`${path} became shorter while it was copied`);
          await write(room.subarray(0, bytesRead));
          at += bytesRead;
        }
      }
    }
    return { path, size, sha256: hash.digest() };
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await to.close();
  }
}
