import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { ColumnMapping, ImportForm, importLimits, type CreateImport } from '../../../../contract/import.ts';
import { Refusal, invalidInput, refuseInput } from '../../../platform/errors/refusal.ts';
import { staffOf } from '../../../platform/context.ts';
import { cleanFileName } from '../../../platform/files/file-name.ts';
import { receiveFile } from '../../../platform/files/receive.ts';
import { writeBlob } from '../../../platform/files/write-blob.ts';
import type { StreamContext } from '../../../platform/http/use-case.ts';
import { ensureStorable, ensureValid, validator } from '../../../platform/http/validation.ts';
import { fileById } from '../../../records/file/queries.ts';
import { bytesOf } from '../../../records/import/reading/bytes.ts';
import { importKey } from './read-file.ts';

/** A file that is to be imported, kept under a key of its own, and what was said of it. */
export interface TakenFile {
  key: string;
  name: string;
  size: number;
  /** Stands for exactly these bytes, and for what was said. */
  fingerprint: string;
  said: Omit<CreateImport, 'fileId'>;
}

/**
 * Takes the file of an import (接收导入文件), as it came in a form or out of the files sent before, and keeps its bytes where
 * nothing else touches them. What kind of file it is, is found out when it is read.
 *
 * @throws Refusal file_missing, file_too_large, file_empty, unknown_reference, invalid_input
 */
export async function takeFile(context: StreamContext, request: FastifyRequest, id: string): Promise<TakenFile> {
  const key = importKey(context.tenantId, id, 'source');
  return request.isMultipart() ? fromForm(context, request, key) : fromFiles(context, request.body as CreateImport, key);
}

async function fromForm(context: StreamContext, request: FastifyRequest, key: string): Promise<TakenFile> {
  const { blobs } = context.services;
  const received = await receiveFile(request, blobs.workFolder, { maximumBytes: importLimits.bytes });
  try {
    ensureStorable(received.fields, context.language);
    ensureValid(validator(ImportForm, 'text'), received.fields, context.language);
    if (received.size === 0) throw new Refusal('file_empty');
    const { mapping, dryRun, ...said } = received.fields as Static<typeof ImportForm>;
    await blobs.put(key, received.path, 'application/octet-stream');
    return {
      key, name: cleanFileName(received.declaredName) || 'import', size: received.size, fingerprint: `${received.sha256.toString('hex')} ${JSON.stringify(received.fields)}`,
      said: { ...said, ...(mapping === undefined ? {} : { mapping: readMapping(context, mapping) }), ...(dryRun === undefined ? {} : { dryRun: dryRun === 'true' }) },
    };
  } finally {
    await received.dispose();
  }
}

async function fromFiles(context: StreamContext, body: CreateImport, key: string): Promise<TakenFile> {
  const { fileId, ...said } = body;
  const file = await context.transact(async (inner) => {
    const found = await fileById(inner, fileId);
    // Somebody else's file, or one that hangs on something, is not theirs to import.
    return found?.uploaded_by_kind === 'staff' && found.uploaded_by_id === staffOf(inner).staffId && found.ticket_id === null ? found : undefined;
  });
  if (!file) throw refuseInput('/fileId', 'unknown_reference', { field: 'fileId' });
  const { blobs } = context.services;
  await writeBlob(blobs, key, 'application/octet-stream', bytesOf(blobs, file.storage_key, file.size).pieces());
  return { key, name: file.name, size: file.size, fingerprint: JSON.stringify(body), said };
}

function readMapping(context: StreamContext, text: string): ColumnMapping {
  let mapping: unknown;
  try {
    mapping = JSON.parse(text);
  } catch {
    throw invalidInput('/mapping', 'type', { zh: '应为 JSON', en: 'has to be JSON' });
  }
  ensureStorable(mapping, context.language);
  ensureValid(validator(ColumnMapping, 'json'), mapping, context.language);
  return mapping as ColumnMapping;
}
