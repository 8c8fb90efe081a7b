import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Multipart } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { describeValidationError } from '../../../contract/validation.ts';
import { Refusal } from '../errors/refusal.ts';
import { languageOf } from '../http/problem.ts';
import { sizeInWords } from './inspect.ts';
import { workFile } from './work-folder.ts';

/** A file that has arrived and lies in the work folder, not yet looked into (已接收的文件). */
export interface ReceivedFile {
  path: string;
  /** Bytes. */
  size: number;
  sha256: Buffer;
  /** As the sender called it; may hold anything. */
  declaredName: string;
  declaredType: string;
  /** The other fields of the form, as text; the first of each name. */
  fields: Record<string, string>;
  /** Removes the file from the work folder; may be called twice. */
  dispose(): Promise<void>;
}

const maximumFields = 10;
const maximumFieldBytes = 4_096;
const silenceMilliseconds = 60_000;
/** How much of a refused body is still taken in, so that the sender gets to read the answer. */
const drainBytes = 256 * 1024 * 1024;
/** What a form may hold beside its file. */
const formBytes = 131_072;

/**
 * Receives the one file of a multipart form (the part named `file`) into a folder, without ever holding it in memory.
 *
 * @param options.maximumBytes the largest file; a larger one is refused as soon as it shows
 * @param options.silence milliseconds without a byte after which the sender is given up
 * @throws Refusal unsupported_media_type (no multipart), file_missing, file_too_large, invalid_input (a broken form, two
 *   files, too many or too long fields)
 */
export async function receiveFile(
  request: FastifyRequest, workFolder: string, options: { maximumBytes: number; silence?: number },
): Promise<ReceivedFile> {
  if (!request.isMultipart()) {
    throw new Refusal('unsupported_media_type', { mediaType: (request.headers['content-type'] ?? '—').split(';', 1)[0]!.slice(0, 100) });
  }
  const { maximumBytes } = options;
  const path = await workFile(workFolder);
  const dispose = () => rm(path, { force: true });
  const silence = setTimeout(() => request.raw.destroy(), options.silence ?? silenceMilliseconds);
  let received: Omit<ReceivedFile, 'fields' | 'dispose'> | undefined;
  const fields: Record<string, string> = {};
  try {
    // A sender who left before the form is read is noticed by nobody else.
    if (request.raw.destroyed) throw brokenForm(request, '/', 'multipart', {});
    // Without a stated length it shows only when it is there.
    if (Number(request.headers['content-length']) > maximumBytes + formBytes) throw tooLarge(maximumBytes);
    // The limits count one byte more than is allowed, so that what fits exactly is told from what was cut off.
    const parts = request.parts({
      limits: { files: 1, fields: maximumFields, parts: maximumFields + 1, fieldSize: maximumFieldBytes, headerPairs: 20, fileSize: maximumBytes + 1 },
    });
    for await (const part of parts as AsyncIterable<Multipart>) {
      if (part.type === 'field') {
        const name = String(part.fieldname);
        if (part.valueTruncated || typeof part.value !== 'string') throw brokenForm(request, `/${name}`, 'maxLength', { limit: maximumFieldBytes });
        fields[name] ??= part.value;
      } else if (part.fieldname === 'file') {
        const { size, sha256 } = await keep(part.file, path, maximumBytes, () => silence.refresh());
        received = { path, size, sha256, declaredName: asTyped(part.filename ?? ''), declaredType: part.mimetype ?? '' };
      } else {
        part.file.resume();
      }
      silence.refresh();
    }
    if (!received) throw new Refusal('file_missing');
    return { ...received, fields, dispose };
  } catch (error) {
    await dispose();
    drain(request.raw, drainBytes);
    throw asRefusal(error, request);
  } finally {
    clearTimeout(silence);
  }
}

async function keep(part: Readable, path: string, maximumBytes: number, onBytes: () => void): Promise<{ size: number; sha256: Buffer }> {
  const hash = createHash('sha256');
  let size = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      onBytes();
      if (size > maximumBytes) return done(tooLarge(maximumBytes));
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(part, count, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  return { size, sha256: hash.digest() };
}

function tooLarge(maximumBytes: number): Refusal {
  return new Refusal('file_too_large', { limit: sizeInWords(maximumBytes) });
}

/** Takes in and forgets the body of a request that was refused before it was read, so that its sender gets to read the answer. */
export function drainRefused(request: FastifyRequest): void {
  drain(request.raw, drainBytes);
}

/** Reads on without keeping anything: a sender that is still talking does not listen. Too much ends the connection. */
function drain(body: Readable, allowance: number): void {
  if (body.readableEnded || body.destroyed) return;
  let seen = 0;
  body.unpipe();
  body.on('data', (chunk: Buffer) => {
    seen += chunk.length;
    if (seen > allowance) body.destroy();
  });
  body.resume();
}

const formErrors = new Set(['FST_PARTS_LIMIT', 'FST_FILES_LIMIT', 'FST_FIELDS_LIMIT', 'FST_PROTO_VIOLATION', 'FST_MP_PREMATURE_CLOSE', 'FST_INVALID_JSON_FIELD_ERROR']);
// The parser of the form gives its errors no codes.
const parserErrors = /multipart|boundary|part terminated early|malformed|header/i;

function asRefusal(error: unknown, request: FastifyRequest): unknown {
  if (error instanceof Refusal || !(error instanceof Error)) return error;
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== undefined ? formErrors.has(code) : parserErrors.test(error.message)) return brokenForm(request, '/', 'multipart', {});
  return error;
}

function brokenForm(request: FastifyRequest, path: string, keyword: string, params: Record<string, unknown>): Refusal {
  const language = languageOf(request.headers['accept-language']);
  return new Refusal('invalid_input', {}, { errors: [describeValidationError({ keyword, instancePath: path, params }, language)] });
}

/**
 * A file's name without what browsers do to the three characters that would break the form's header (HTML, "multipart
 * form data"): line ends and quotes come as %0D, %0A and %22.
 */
function asTyped(name: string): string {
  return name.replaceAll('%22', '"').replaceAll(/%0D|%0A/g, ' ');
}
