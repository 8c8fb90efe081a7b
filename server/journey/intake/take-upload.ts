import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import type { Context } from '../../platform/context.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import type { Family } from '../../platform/files/file-types.ts';
import { drainRefused, receiveFile } from '../../platform/files/receive.ts';
import { onceOnly, readIdempotencyKey, senderOf, type KeptAnswer } from '../../platform/http/idempotency.ts';
import type { StreamContext } from '../../platform/http/use-case.ts';
import { ensureStorable, ensureValid, validator } from '../../platform/http/validation.ts';
import { ensureRoom } from '../../records/file/allowance.ts';
import { keepFile, storeFile, type KeptFile } from '../../records/file/store-file.ts';
import type { FilePurpose, FileRow, FileVisibility } from '../../records/file/row.ts';
import { senderFrom } from '../../records/report/sender.ts';

/** On which terms a file is taken. */
export interface UploadTerms {
  /** Schema of the form's other fields, which arrive as text. */
  form: TSchema;
  maximumBytes: number;
  /** What is accepted, by the form's fields; everything on the list of types when absent. */
  familiesFor?(fields: Record<string, string>): readonly Family[] | Promise<readonly Family[]>;
  /** What the file was sent for and who sees it, by the form's fields. */
  place(fields: Record<string, string>): { purpose: FilePurpose; visibility: FileVisibility };
  /** What it is for by what it turned out to be, where the sender does not say. */
  purposeOf?(kept: KeptFile, said: FilePurpose): FilePurpose;
  /** The answer. */
  view(context: Context, file: FileRow): unknown;
  /** Anybody may send: how much comes from one address is limited. */
  open: boolean;
  /** The answer holds a secret: what is kept for Idempotency-Key is sealed. */
  secret: boolean;
}

/** Takes a file from a multipart request (接收上传): receives, looks into, keeps and registers it, once for an Idempotency-Key. */
export async function takeUpload(context: StreamContext, request: FastifyRequest, reply: FastifyReply, terms: UploadTerms): Promise<FastifyReply> {
  const { services, tenantId, language } = context;
  const key = readIdempotencyKey(request.headers['idempotency-key']);
  const sender = terms.open ? senderFrom(services.secrets, request.ip) : null;
  if (sender) await ensureAnyRoom(context, request, sender);
  const received = await receiveFile(request, services.blobs.workFolder, { maximumBytes: terms.maximumBytes });
  try {
    ensureStorable(received.fields, language);
    ensureValid(validator(terms.form, 'text'), received.fields, language);
    const { purpose, visibility } = terms.place(received.fields);
    const families = await terms.familiesFor?.(received.fields);
    const kept = await keepFile(services, tenantId, received, { purpose, ...(families ? { families } : {}) });
    const effect = async (inner: Context): Promise<KeptAnswer> => {
      const file = await storeFile(inner, kept, { purpose: terms.purposeOf?.(kept, purpose) ?? purpose, visibility, sender });
      return { status: 201, headers: {}, body: JSON.stringify(terms.view(inner, file)) };
    };
    try {
      const answer = key === null ? { ...await context.transact(effect), replayed: false } : await once(context, request, {
        key, effect, secret: terms.secret,
        content: `${received.sha256.toString('hex')} ${JSON.stringify([received.declaredName, received.declaredType, received.fields])}`,
      });
      if (answer.replayed) {
        await services.blobs.remove(kept.storageKey);
        reply.header('idempotency-replayed', 'true');
      }
      return reply.status(answer.status).type('application/json; charset=utf-8').send(answer.body);
    } catch (error) {
      // Only a refusal says for sure that no row was written; after a broken connection one may be.
      if (error instanceof Refusal) await services.blobs.remove(kept.storageKey);
      throw error;
    }
  } finally {
    await received.dispose();
  }
}

/** Refuses before anything is received what would be refused after it. */
async function ensureAnyRoom({ services, tenantId }: StreamContext, request: FastifyRequest, sender: Buffer): Promise<void> {
  try {
    await services.database.transact(tenantId, (transaction) => ensureRoom(transaction, sender, 1, services.clock.now()));
  } catch (error) {
    drainRefused(request);
    throw error;
  }
}

function once(
  context: StreamContext, request: FastifyRequest,
  { key, content, secret, effect }: { key: string; content: string; secret: boolean; effect: (inner: Context) => Promise<KeptAnswer> },
): Promise<KeptAnswer & { replayed: boolean }> {
  let current: Context;
  return onceOnly(
    context.tenantId,
    {
      caller: senderOf(context.caller), key, now: context.services.clock.now(), fingerprint: `${request.method} ${request.url}\n${content}`,
      sealWith: secret ? context.services.secrets : undefined,
    },
    (work) => context.transact((inner) => {
      current = inner;
      return work(inner.transaction);
    }),
    () => effect(current),
  );
}
