import type { Sharp } from 'sharp';

/** What an image's header says. */
export interface ImageHeader {
  /** In pixels, as it is shown: turned the way its EXIF orientation says. */
  width: number;
  height: number;
  /** Whether decoding it would take more memory than the program gives to one image. */
  tooLarge: boolean;
}

/** Images that can be decoded here, and so have thumbnails. */
export const decodableTypes: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif', 'image/tiff']);

/** Baseline JPEG shrinks while it is read, so even a 200-megapixel phone's photos are cheap. */
export const maximumJpegPixels = 220_000_000;
/** Everything else is decoded whole, at four bytes a pixel. */
export const maximumPixels = 70_000_000;
const decodeSeconds = 30;

type SharpModule = (typeof import('sharp'))['default'];
let loaded: Promise<SharpModule> | undefined;

/** Loads the image library once, with nothing in it but the decoders of the types above: files come from strangers. */
export function loadImages(): Promise<SharpModule> {
  return (loaded ??= import('sharp').then(({ default: sharp }) => {
    sharp.concurrency(1);
    sharp.cache(false);
    sharp.block({ operation: ['VipsForeignLoad'] });
    sharp.unblock({ operation: ['Jpeg', 'Png', 'Nsgif', 'Webp', 'Heif', 'Tiff'].map((decoder) => `VipsForeignLoad${decoder}`) });
    return sharp;
  }));
}

/** Opens an image for decoding; throws later, when it is damaged or too large. */
export async function openImage(path: string, pixels: number): Promise<Sharp> {
  const sharp = await loadImages();
  return sharp(path, { limitInputPixels: pixels, failOn: 'error', sequentialRead: true }).timeout({ seconds: decodeSeconds });
}

/** Reads an image's header, decoding nothing; null when it has none that can be read. */
export async function readImageHeader(path: string): Promise<ImageHeader | null> {
  const sharp = await loadImages();
  try {
    const { width, height, autoOrient, format, isProgressive } = await sharp(path, { limitInputPixels: false }).metadata();
    if (!width || !height) return null;
    return {
      width: autoOrient.width, height: autoOrient.height,
      tooLarge: width * height > (format === 'jpeg' && !isProgressive ? maximumJpegPixels : maximumPixels),
    };
  } catch {
    return null;
  }
}

// Below this many of 256 steps a difference is not ink but the noise of compression.
const faintest = 16;

/** Whether nothing is drawn on an image: it looks the same all over, on white paper and on black. */
export async function isBlankImage(path: string): Promise<boolean> {
  for (const background of ['#ffffff', '#000000']) {
    const image = await openImage(path, maximumPixels);
    try {
      const flat = await image.flatten({ background }).png().toBuffer();
      const { channels } = await (await loadImages())(flat).stats();
      if (channels.some((channel) => channel.max - channel.min >= faintest)) return false;
    } catch {
      // What cannot be decoded shows nothing.
      return true;
    }
  }
  return true;
}
