import { drawStamp } from './stamp.ts';

/** The longer edge of what is sent, in pixels: enough to read a nameplate, small enough for a basement's network. */
const longestEdge = 2000;

/** The photo cannot be read here: not a picture, or of a kind this browser does not know. */
export class UnreadablePhoto extends Error {}

/**
 * A photo made ready for sending (压缩照片): upright, at most 2000 pixels on its longer edge, JPEG.
 *
 * @param stamp lines that are written into it
 * @throws UnreadablePhoto when the browser cannot decode it
 */
export async function preparePhoto(file: Blob, stamp: readonly string[] = []): Promise<Blob> {
  const picture = await decodePicture(file);
  try {
    const scale = Math.min(1, longestEdge / Math.max(picture.width, picture.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const context = canvas.getContext('2d');
    if (context === null) throw new UnreadablePhoto();
    // JPEG knows no transparency: without this, clear parts come out black.
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    drawStamp(context, canvas.width, canvas.height, stamp);
    return await new Promise<Blob>((resolve, reject) => {
      canvas.toBlob((blob) => (blob === null ? reject(new UnreadablePhoto()) : resolve(blob)), 'image/jpeg', 0.85);
    });
  } finally {
    if ('close' in picture) picture.close();
  }
}

/**
 * A picture as the browser reads it, upright.
 *
 * @throws UnreadablePhoto when the browser cannot decode it
 */
export async function decodePicture(file: Blob): Promise<ImageBitmap | HTMLImageElement> {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    // Older Safari takes no options here, and an <img> decodes more kinds (HEIC) than a bitmap does.
    const url = URL.createObjectURL(file);
    const image = new Image();
    image.src = url;
    try {
      await image.decode();
      return image;
    } catch {
      throw new UnreadablePhoto();
    } finally {
      URL.revokeObjectURL(url);
    }
  }
}
