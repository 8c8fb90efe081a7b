import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { Closed, Id } from '../../../../contract/common.ts';
import { staffOf } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { sizeInWords } from '../../../platform/files/inspect.ts';
import { drainRefused, type ReceivedFile } from '../../../platform/files/receive.ts';
import { receivePieces } from '../../../platform/files/receive-bytes.ts';
import { stream, type StreamContext } from '../../../platform/http/use-case.ts';
import type { FilePurpose, FileVisibility } from '../../../records/file/row.ts';
import { keepFile, storeFile } from '../../../records/file/store-file.ts';
import { becomeFile, bytesOf, claimWhole, dropParts, dropUpload, findUpload, keepPart, releaseWhole, type UploadRow } from '../../../records/file/uploads.ts';
import { speakTus, tellPlace, wholeNumber } from './manners.ts';

/** So many bytes at a time are kept for good: what a broken connection or a killed program loses at most. */
const pieceBytes = 1_048_576;
const silenceMilliseconds = 60_000;

/**
 * Takes in the next bytes of an upload (继续上传; tus 1.0, "PATCH"). What has come is kept piece by piece, whatever becomes of the connection or the
 * program; with the last byte the whole is looked into like any other file, and refused like any other.
 */
export const continueUpload = stream({
  summary: 'Send the next bytes of a resumable upload, from Upload-Offset on (application/offset+octet-stream)',
  params: Closed({ id: Id }),
  produces: 'application/json',
  status: 204,
  async run(context, request, reply) {
    let known: UploadRow | undefined;
    try {
      speakTus(request, reply);
      const { id } = request.params as { id: string };
      if (!(request.body instanceof Readable)) throw new Refusal('unsupported_media_type', { mediaType: (request.headers['content-type'] ?? '—').slice(0, 100) });
      const offset = wholeNumber(request, 'upload-offset');
      known = await context.transact((inner) => findUpload(inner.transaction, id, staffOf(inner).staffId, inner.now));
      if (!known) throw new Refusal('not_found');
      if (offset !== known.received) throw conflict(known);
      if (offset + Number(request.headers['content-length'] ?? 0) > known.size) throw new Refusal('file_too_large', { limit: sizeInWords(known.size) });
    } catch (error) {
      if (known) tellPlace(reply, known);
      drainRefused(request);
      throw error;
    }
    let upload = known;
    try {
      upload = await takeIn(context, request, known, (next) => (upload = next));
    } catch (error) {
      tellPlace(reply, upload);
      drainRefused(request);
      throw error;
    }
    if (upload.received === upload.size && upload.file_id === null) await settle(context, upload);
    return tellPlace(reply, upload).status(204).send();
  },
});

const conflict = (upload: UploadRow) => new Refusal('upload_offset_conflict', { offset: String(upload.received) });

async function takeIn(context: StreamContext, request: FastifyRequest, begun: UploadRow, onKept: (upload: UploadRow) => void): Promise<UploadRow> {
  let upload = begun;
  let held: Buffer[] = [];
  let size = 0;
  const keep = async (): Promise<void> => {
    if (size === 0) return;
    const bytes = Buffer.concat(held);
    [held, size] = [[], 0];
    const next = await keepPart(context.services, upload, bytes);
    if (next === null) throw conflict(upload);
    onKept((upload = next));
  };
  const silence = setTimeout(() => request.raw.destroy(), silenceMilliseconds);
  try {
    for await (const chunk of request.body as AsyncIterable<Buffer>) {
      silence.refresh();
      if (upload.received + size + chunk.length > upload.size) throw new Refusal('file_too_large', { limit: sizeInWords(upload.size) });
      held.push(chunk);
      size += chunk.length;
      if (size >= pieceBytes) await keep();
    }
  } catch (error) {
    // The connection broke: what had come is not asked for again.
    if (!(error instanceof Refusal)) await keep().catch(() => undefined);
    throw error;
  } finally {
    clearTimeout(silence);
  }
  await keep();
  return upload;
}

/** Makes a file of an upload that has come whole. */
async function settle(context: StreamContext, upload: UploadRow): Promise<void> {
  const { services } = context;
  if (!await context.transact((inner) => claimWhole(inner.transaction, upload.id, inner.now))) return;
  try {
    const received = await receivePieces(bytesOf(services, upload), services.blobs.workFolder, { name: upload.name, type: upload.media_type });
    try {
      if (upload.sha256 !== null && !received.sha256.equals(upload.sha256)) throw new Refusal('upload_checksum_mismatch');
      await become(context, upload, received);
    } finally {
      await received.dispose();
    }
    await dropParts(services, upload);
  } catch (error) {
    // Sent once more it would be refused once more.
    if (error instanceof Refusal) await dropUpload(services, upload);
    else await context.transact((inner) => releaseWhole(inner.transaction, upload.id));
    throw error;
  }
}

async function become(context: StreamContext, upload: UploadRow, received: ReceivedFile): Promise<void> {
  const { services, tenantId } = context;
  const purpose = upload.purpose as FilePurpose;
  const kept = await keepFile(services, tenantId, received, { purpose });
  const taken = await context.transact(async (inner) => {
    if (!await becomeFile(inner.transaction, upload.id, kept.id)) return false;
    await storeFile(inner, kept, { purpose, visibility: upload.visibility as FileVisibility });
    return true;
  });
  if (!taken) await services.blobs.remove(kept.storageKey);
}
