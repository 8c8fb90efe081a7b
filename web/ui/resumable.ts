import { tusVersion, type Upload } from '../../contract/upload.ts';
import { api, ApiProblem } from './api.ts';

/** Files from this size on are sent in pieces: below it one request is quicker. */
export const worthPieces = 1_000_000;

/** What a piece holds: what a network that breaks off costs at most. */
const pieceBytes = 524_288;
const mostTries = 3;

export interface PiecesOptions {
  name: string;
  fields: { purpose: string; visibility: string };
  /** The Idempotency-Key of opening it. */
  key: string;
  /** Where a part of it lies already; null when nothing was sent. */
  address: string | null;
  /** Called with the address once there is one, to be kept for another day; with null when what lay there is gone. */
  onAddress: (address: string | null) => Promise<void> | void;
  /** Between 0 and 1, of what the server has kept. */
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
}

const tus = { 'tus-resumable': tusVersion };

/**
 * Sends a file in pieces (断点续传; tus 1.0), from wherever an earlier attempt came to, be it in another life of the page.
 *
 * @returns the file as the server keeps it
 * @throws ApiProblem; with status 0 when the network is gone, to be tried again at the same address
 */
export async function sendInPieces(blob: Blob, options: PiecesOptions): Promise<NonNullable<Upload['file']>> {
  const { onProgress } = options;
  let address = options.address;
  let offset: number | null = null;
  let failures = 0;
  for (;;) {
    try {
      if (address === null) {
        address = await open(blob, options);
        offset = 0;
      }
      offset ??= await placeOf(address, options);
      onProgress?.(offset / blob.size);
      // The last one is asked for even when all is there: it makes a file of the pieces where nobody has.
      do {
        offset = await sendPiece(address, blob, offset, options);
        failures = 0;
        onProgress?.(offset / blob.size);
      } while (offset < blob.size);
      const { data } = await api.get<Upload>(address, options.signal ? { signal: options.signal } : {});
      if (data.file !== null) return data.file;
      throw new ApiProblem({ status: 503, code: 'upload_settling', title: '' });
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      failures += 1;
      const gone = error.status === 404 || error.code === 'upload_checksum_mismatch';
      if (gone && address !== null) {
        await options.onAddress(null);
        throw later(error);
      }
      // Somebody else is at it, or an earlier attempt of ours that was thought lost.
      const elsewhere = error.code === 'upload_offset_conflict';
      const passing = error.status === 0 || error.status >= 500 || elsewhere;
      if (!passing || failures >= mostTries || navigator.onLine === false) throw elsewhere ? later(error) : error;
      offset = null;
      await new Promise((resolve) => setTimeout(resolve, 400 * 3 ** failures));
    }
  }
}

/** What passes by itself: the next attempt begins where it has to. */
const later = (error: ApiProblem): ApiProblem => new ApiProblem({ status: 503, code: error.code, title: error.title, cause: error });

async function open(blob: Blob, options: PiecesOptions): Promise<string> {
  const sha256 = await digestOf(blob);
  const metadata = { filename: options.name, filetype: blob.type, ...options.fields, ...(sha256 === null ? {} : { sha256 }) };
  const { response } = await api.exchange('POST', '/uploads', {
    ...tus, 'idempotency-key': options.key, 'upload-length': String(blob.size),
    'upload-metadata': Object.entries(metadata).filter(([, value]) => value !== '').map(([key, value]) => `${key} ${base64Of(value)}`).join(','),
  }, undefined, options);
  const address = response.headers.get('location') ?? '';
  await options.onAddress(address);
  return address;
}

async function placeOf(address: string, options: PiecesOptions): Promise<number> {
  const { response } = await api.exchange('HEAD', address, tus, undefined, options);
  return Number(response.headers.get('upload-offset'));
}

async function sendPiece(address: string, blob: Blob, offset: number, options: PiecesOptions): Promise<number> {
  const { response } = await api.exchange('PATCH', address, { ...tus, 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) }, blob.slice(offset, offset + pieceBytes), { ...options, timeout: 120_000 });
  return Number(response.headers.get('upload-offset'));
}

/** The SHA-256 of a file in hexadecimal; null where the browser reckons none (pages that are not secure). */
async function digestOf(blob: Blob): Promise<string | null> {
  if (typeof crypto.subtle === 'undefined') return null;
  const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function base64Of(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
