import { SpeechSetting, UpdateSpeechSetting } from '../../../contract/call.ts';
import type { SpeechService } from '../../connectors/speech/service.ts';
import { build, type Transaction } from '../../platform/db/database.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import type { Secrets } from '../../platform/secrets.ts';
import { differencesOf } from '../organization/changes.ts';
import { ensureVersion } from '../ticket/find.ts';

interface Row { enabled: boolean; protocol: SpeechService['protocol']; base_url: string | null; model: string | null; language: string | null; sealed_key: Buffer | null; timeout_seconds: number; version: number; updated_at: Date | null }
const none: Row = { enabled: false, protocol: 'whisper', base_url: null, model: null, language: null, sealed_key: null, timeout_seconds: 300, version: 1, updated_at: null };
const purpose = (tenantId: string) => `speech key ${tenantId}`;

async function read(transaction: Transaction, lock: boolean): Promise<{ row: Row; isThere: boolean }> {
  const select = build.selectFrom('speech_setting').selectAll().where('tenant_id', '=', transaction.tenantId);
  const row = await transaction.first(lock ? select.forUpdate() : select);
  return row ? { row: row as Row, isThere: true } : { row: none, isThere: false };
}

const isReady = (row: Row): row is Row & { base_url: string } => row.enabled && row.base_url !== null;
const told = (row: Row) => ({ enabled: row.enabled, protocol: row.protocol, baseUrl: row.base_url, model: row.model, language: row.language, timeoutSeconds: row.timeout_seconds, hasKey: row.sealed_key !== null });
const view = (row: Row): SpeechSetting => ({ ...told(row), ready: isReady(row), updatedAt: row.updated_at?.toISOString() ?? null, version: row.version });

export const showSpeechSetting = useCase({
  summary: 'Show what writes down what was said on the telephone',
  answer: SpeechSetting,
  run: async (context) => view((await read(context.transaction, false)).row),
});

/** Sets up what writes down recordings (语音转写接入): where it is, what it speaks, its key, and whether it is in use. */
export const updateSpeechSetting = useCase({
  summary: 'Set up what writes down what was said on the telephone',
  body: UpdateSpeechSetting,
  answer: SpeechSetting,
  versioned: true,
  async run(context, { body, ifMatch }) {
    const { transaction, tenantId, now } = context;
    const { row, isThere } = await read(transaction, true);
    ensureVersion(row, ifMatch);
    const base_url = body.baseUrl === undefined ? row.base_url : body.baseUrl;
    // What one address may know is not another's to have.
    const kept = base_url === row.base_url ? row.sealed_key : null;
    const next: Row = {
      enabled: body.enabled ?? row.enabled, protocol: body.protocol ?? row.protocol, base_url, model: body.model === undefined ? row.model : body.model?.trim() || null, language: body.language === undefined ? row.language : body.language,
      timeout_seconds: body.timeoutSeconds ?? row.timeout_seconds, sealed_key: body.key === undefined ? kept : body.key === null ? null : context.services.secrets.seal(purpose(tenantId), body.key), version: row.version + 1, updated_at: now,
    };
    const difference = differencesOf(told(row), told(next));
    const isKeyNew = typeof body.key === 'string';
    if (!difference && !isKeyNew) return view(row);
    const values = { ...next, updated_at: now };
    if (isThere) await transaction.run(build.updateTable('speech_setting').set(values).where('tenant_id', '=', tenantId));
    else await transaction.run(build.insertInto('speech_setting').values({ tenant_id: tenantId, ...values }));
    await recordFact(transaction, { kind: 'speech_setting.changed', actor: context.actor, data: { ...difference, ...(isKeyNew ? { newKey: true } : {}) }, occurredAt: now, recordedAt: now });
    return view(next);
  },
});

/** Whether recordings are written down here. */
export const hasSpeech = async (transaction: Transaction): Promise<boolean> => isReady((await read(transaction, false)).row);

/** All it takes to ask the service, key and all; null where it is not in use, or its key was sealed by another secret. */
export async function openSpeech(transaction: Transaction, secrets: Secrets): Promise<SpeechService | null> {
  const { row } = await read(transaction, false);
  if (!isReady(row)) return null;
  const key = row.sealed_key === null ? null : secrets.open(purpose(transaction.tenantId), row.sealed_key)?.toString();
  return key === undefined ? null : { protocol: row.protocol, baseUrl: row.base_url, model: row.model, language: row.language, key, milliseconds: row.timeout_seconds * 1_000 };
}
