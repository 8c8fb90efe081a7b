/** Longer edges in pixels: of what is sent, and of the small picture shown meanwhile. */
const sentEdge = 2000;
const previewEdge = 240;

/** The photo cannot be read here. */
export class UnreadablePhoto extends Error {}

/** A photo made ready for sending, with a small picture of it as a `data:` address. */
export interface PreparedPhoto {
  blob: Blob;
  preview: string;
}

/**
 * Makes a photo ready (压缩照片): upright, at most 2000 pixels on its longer edge, JPEG. Drawn through `<img>`, which
 * the oldest web views have too.
 *
 * @throws UnreadablePhoto
 */
export async function preparePhoto(file: Blob): Promise<PreparedPhoto> {
  const image = await load(file);
  const turn = turnsByItself() ? 1 : await orientationOf(file);
  const blob = await new Promise<Blob | null>((resolve) => draw(image, turn, sentEdge).toBlob(resolve, 'image/jpeg', 0.85));
  if (blob === null) throw new UnreadablePhoto();
  return { blob, preview: draw(image, turn, previewEdge).toDataURL('image/jpeg', 0.7) };
}

function load(file: Blob): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const url = URL.createObjectURL(file);
    const image = new Image();
    image.onload = () => {
      URL.revokeObjectURL(url);
      resolve(image);
    };
    image.onerror = () => {
      URL.revokeObjectURL(url);
      reject(new UnreadablePhoto());
    };
    image.src = url;
  });
}

function draw(image: HTMLImageElement, turn: number, longestEdge: number): HTMLCanvasElement {
  const scale = Math.min(1, longestEdge / Math.max(image.naturalWidth, image.naturalHeight));
  const width = Math.max(1, Math.round(image.naturalWidth * scale));
  const height = Math.max(1, Math.round(image.naturalHeight * scale));
  const canvas = document.createElement('canvas');
  const onItsSide = turn >= 5;
  canvas.width = onItsSide ? height : width;
  canvas.height = onItsSide ? width : height;
  const context = canvas.getContext('2d');
  if (context === null) throw new UnreadablePhoto();
  // JPEG knows no transparency: without this, clear parts come out black.
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  const [a, b, c, d, e, f] = transforms(width, height)[turn - 1] ?? [1, 0, 0, 1, 0, 0];
  context.transform(a, b, c, d, e, f);
  context.drawImage(image, 0, 0, width, height);
  return canvas;
}

type Matrix = [number, number, number, number, number, number];

/** How a picture is laid down upright for each of the eight orientations of EXIF 2.3 (tag 0x0112). */
function transforms(width: number, height: number): Matrix[] {
  return [
    [1, 0, 0, 1, 0, 0],
    [-1, 0, 0, 1, width, 0],
    [-1, 0, 0, -1, width, height],
    [1, 0, 0, -1, 0, height],
    [0, 1, 1, 0, 0, 0],
    [0, 1, -1, 0, height, 0],
    [0, -1, -1, 0, height, width],
    [0, -1, 1, 0, 0, width],
  ];
}

/** Browsers since 2020 turn photos upright when they draw them; in older ones it is on us. */
function turnsByItself(): boolean {
  return typeof CSS === 'object' && CSS.supports('image-orientation', 'from-image');
}

/** The EXIF orientation of a JPEG, 1 to 8; 1 when it has none. */
async function orientationOf(file: Blob): Promise<number> {
  const start = await new Promise<ArrayBuffer>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as ArrayBuffer);
    reader.onerror = () => reject(new UnreadablePhoto());
    // The EXIF segment stands at the front and has at most 64 KB.
    reader.readAsArrayBuffer(file.slice(0, 128 * 1024));
  });
  return readOrientation(new DataView(start));
}

/** Reads the orientation out of the beginning of a JPEG (EXIF 2.3, sections 4.5 and 4.6). */
export function readOrientation(view: DataView): number {
  const within = (at: number, length: number): boolean => at >= 0 && at + length <= view.byteLength;
  if (!within(0, 2) || view.getUint16(0) !== 0xffd8) return 1;
  let at = 2;
  while (within(at, 4) && view.getUint8(at) === 0xff) {
    const marker = view.getUint16(at);
    const length = view.getUint16(at + 2);
    if (marker === 0xffe1 && within(at + 4, 14) && view.getUint32(at + 4) === 0x45786966) {
      const tiff = at + 10;
      const little = view.getUint16(tiff) === 0x4949;
      const directory = tiff + view.getUint32(tiff + 4, little);
      if (!within(directory, 2)) return 1;
      const entries = view.getUint16(directory, little);
      for (let entry = 0; entry < entries; entry += 1) {
        const tag = directory + 2 + entry * 12;
        if (!within(tag, 12)) return 1;
        if (view.getUint16(tag, little) === 0x0112) {
          const orientation = view.getUint16(tag + 8, little);
          return orientation >= 1 && orientation <= 8 ? orientation : 1;
        }
      }
      return 1;
    }
    // The picture itself begins: no EXIF came before it.
    if (marker === 0xffda) return 1;
    at += 2 + length;
  }
  return 1;
}
