import { largestFile } from '../../../../contract/file.ts';
import { staffOf } from '../../../platform/context.ts';
import { idOf, newId } from '../../../platform/db/uuid.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { sizeInWords } from '../../../platform/files/inspect.ts';
import { readIdempotencyKey, senderOf } from '../../../platform/http/idempotency.ts';
import { stream } from '../../../platform/http/use-case.ts';
import { filePurposes, fileVisibilities } from '../../../records/file/row.ts';
import { openUpload } from '../../../records/file/uploads.ts';
import { readMetadata, speakTus, tellPlace, wholeNumber } from './manners.ts';

/**
 * Opens a file that will come in pieces (创建断点续传; tus 1.0, "Creation"). `Upload-Length` says how long it is, `Upload-Metadata` what it is called
 * (`filename`), of what type (`filetype`), for what (`purpose`), for whom (`visibility`) and, in hexadecimal, the SHA-256 of the whole (`sha256`).
 */
export const beginUpload = stream({
  summary: 'Open a resumable upload (tus 1.0: core, creation, expiration, termination); at most 50 MB',
  produces: 'application/json',
  status: 201,
  async run(context, request, reply) {
    speakTus(request, reply);
    const size = wholeNumber(request, 'upload-length');
    if (size === 0) throw new Refusal('file_empty');
    if (size > largestFile) throw new Refusal('file_too_large', { limit: sizeInWords(largestFile) });
    const metadata = readMetadata(request.headers['upload-metadata']);
    const purpose = metadata.get('purpose') ?? 'attachment';
    const visibility = metadata.get('visibility') ?? 'internal';
    const sha256 = metadata.get('sha256');
    if (!(filePurposes as readonly string[]).includes(purpose) || !(fileVisibilities as readonly string[]).includes(visibility) || (sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(sha256))) {
      throw new Refusal('upload_header_invalid', { header: 'Upload-Metadata' });
    }
    const key = readIdempotencyKey(request.headers['idempotency-key']);
    const upload = await context.transact((inner) => openUpload(inner.transaction, {
      id: key === null ? newId(inner.now.getTime()) : idOf(`upload ${context.tenantId} ${senderOf(context.caller)} ${key}`), staff_id: staffOf(inner).staffId,
      name: metadata.get('filename') ?? '', media_type: (metadata.get('filetype') ?? '').slice(0, 200), purpose, visibility, size, sha256: sha256 === undefined ? null : Buffer.from(sha256, 'hex'),
    }, inner.now));
    return tellPlace(reply, upload).status(201).header('location', `/api/v1/uploads/${upload.id}`).send();
  },
});
