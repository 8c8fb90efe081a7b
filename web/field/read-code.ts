import { decodePicture } from './photo.ts';

/** Reads codes in pictures (Shape Detection API; not in the DOM's types). */
interface Detector { detect: (source: CanvasImageSource) => Promise<{ rawValue: string }[]> }
type DetectorMaker = (new (options: { formats: string[] }) => Detector) & { getSupportedFormats?: () => Promise<string[]> };

/** What finds QR codes (二维码识别). */
export interface CodeReader {
  /** What the code in front of the camera says; null while there is none. */
  inFrame: (video: HTMLVideoElement) => Promise<string | null>;
  /** What the code in a photo says; null where there is none. */
  inPhoto: (photo: Blob) => Promise<string | null>;
}

/** The longer edge of what is searched, in pixels: a code across a tenth of it is still read, and no browser's canvas is too small for it. */
const [frameEdge, photoEdge] = [960, 2000];
/** How long a photo is looked at, in milliseconds. A frame of the camera is given up at once, as the next one comes. */
const photoTime = 1_500;

async function nativeDetector(): Promise<Detector | null> {
  const Maker = (globalThis as { BarcodeDetector?: DetectorMaker }).BarcodeDetector;
  if (Maker === undefined) return null;
  const formats = await Maker.getSupportedFormats?.().catch(() => []) ?? [];
  return formats.includes('qr_code') ? new Maker({ formats: ['qr_code'] }) : null;
}

/**
 * Opens what finds QR codes: the browser's own where it has one, else a library, which is loaded when it is needed and lies in the app's
 * own store, so that it is there without a network as well.
 *
 * @returns null when it could not be loaded
 */
export async function openCodeReader(): Promise<CodeReader | null> {
  const own = await nativeDetector().catch(() => null);
  const library = () => import('qr/decode.js');
  // Without one of its own, a browser that cannot load the other reads nothing.
  if (own === null && await library().then(() => false, () => true)) return null;
  const byOwn = async (source: CanvasImageSource): Promise<string | null> => (own === null ? null : (await own.detect(source).catch(() => []))[0]?.rawValue ?? null);
  const canvas = document.createElement('canvas');
  const byLibrary = async (source: CanvasImageSource, width: number, height: number, edge: number, timeLimit?: number): Promise<string | null> => {
    const { decodeQR } = await library();
    const scale = Math.min(1, edge / Math.max(width, height, 1));
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (context === null) return null;
    // A drawing with clear parts is dark on clear: on nothing it would be dark on dark.
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(source, 0, 0, canvas.width, canvas.height);
    try {
      return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height), timeLimit === undefined ? {} : { timeLimit });
    } catch {
      return null;
    }
  };
  return {
    async inFrame(video) {
      if (video.readyState < 2) return null;
      return own === null ? byLibrary(video, video.videoWidth, video.videoHeight, frameEdge) : byOwn(video);
    },
    async inPhoto(photo) {
      const picture = await decodePicture(photo);
      try {
        // What the browser does not find in a photo the library often does.
        return await byOwn(picture) ?? await byLibrary(picture, picture.width, picture.height, photoEdge, photoTime).catch(() => null);
      } finally {
        if ('close' in picture) picture.close();
      }
    },
  };
}
