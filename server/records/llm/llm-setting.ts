import { LlmSetting, UpdateLlmSetting } from '../../../contract/llm.ts';
import type { Context } from '../../platform/context.ts';
import { build, sharedStatement, type Transaction } from '../../platform/db/database.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import type { Secrets } from '../../platform/secrets.ts';
import { differencesOf } from '../organization/changes.ts';
import { ensureVersion } from '../ticket/find.ts';

interface Row { enabled: boolean; base_url: string | null; model: string | null; sealed_key: Buffer | null; timeout_seconds: number; version: number; updated_at: Date | null }
const none: Row = { enabled: false, base_url: null, model: null, sealed_key: null, timeout_seconds: 60, version: 1, updated_at: null };
const purpose = (tenantId: string) => `llm key ${tenantId}`;

async function read(transaction: Transaction, lock: boolean): Promise<{ row: Row; isThere: boolean }> {
  const select = build.selectFrom('llm_setting').selectAll().where('tenant_id', '=', transaction.tenantId);
  const row = await transaction.first(lock ? select.forUpdate() : select);
  return row ? { row, isThere: true } : { row: none, isThere: false };
}

const isReady = (row: Row): row is Row & { base_url: string; model: string } => row.enabled && row.base_url !== null && row.model !== null;

const view = (row: Row): LlmSetting => ({
  enabled: row.enabled, baseUrl: row.base_url, model: row.model, hasKey: row.sealed_key !== null, timeoutSeconds: row.timeout_seconds, ready: isReady(row), updatedAt: row.updated_at?.toISOString() ?? null, version: row.version,
});

export const showLlmSetting = useCase({
  summary: 'Show the language model that flows may ask',
  answer: LlmSetting,
  run: async (context) => view((await read(context.transaction, false)).row),
});

/** Sets up the language model (大模型接入): where it is, how it is called, its key, and whether it is in use. */
export const updateLlmSetting = useCase({
  summary: 'Set up the language model that flows may ask',
  body: UpdateLlmSetting,
  answer: LlmSetting,
  versioned: true,
  async run(context, { body, ifMatch }) {
    const { transaction, tenantId, now } = context;
    const { row, isThere } = await read(transaction, true);
    ensureVersion(row, ifMatch);
    const base_url = body.baseUrl === undefined ? row.base_url : body.baseUrl;
    // What one address may know is not another's to have.
    const kept = base_url === row.base_url ? row.sealed_key : null;
    const next: Row = {
      enabled: body.enabled ?? row.enabled, base_url, model: body.model === undefined ? row.model : body.model?.trim() ?? null, timeout_seconds: body.timeoutSeconds ?? row.timeout_seconds,
      sealed_key: body.key === undefined ? kept : body.key === null ? null : context.services.secrets.seal(purpose(tenantId), body.key), version: row.version + 1, updated_at: now,
    };
    const difference = differencesOf(
      { enabled: row.enabled, baseUrl: row.base_url, model: row.model, timeoutSeconds: row.timeout_seconds, hasKey: row.sealed_key !== null },
      { enabled: next.enabled, baseUrl: next.base_url, model: next.model, timeoutSeconds: next.timeout_seconds, hasKey: next.sealed_key !== null },
    );
    const isKeyNew = typeof body.key === 'string';
    if (!difference && !isKeyNew) return view(row);
    const values = { ...next, updated_at: now };
    if (isThere) await transaction.run(build.updateTable('llm_setting').set(values).where('tenant_id', '=', tenantId));
    else await transaction.run(build.insertInto('llm_setting').values({ tenant_id: tenantId, ...values }));
    await recordFact(transaction, { kind: 'llm_setting.changed', actor: context.actor, data: { ...difference, ...(isKeyNew ? { newKey: true } : {}) }, occurredAt: now, recordedAt: now });
    return view(next);
  },
});

const findReady = sharedStatement<object, { ready: boolean }>('llm_setting.ready', `
  SELECT given.place, s.ready FROM json_to_recordset($2) AS given (place integer) CROSS JOIN (SELECT enabled AND base_url IS NOT NULL AND model IS NOT NULL AS ready FROM llm_setting WHERE tenant_id = $1) s`);

/** Whether a language model is set up and in use, by one statement for all who share the commit. */
export const llmIsReady = async (transaction: Transaction): Promise<boolean> => (await transaction.queryTogether(findReady, {}))[0]?.ready ?? false;

/** The address of the language model, where it is set up and in use; else null. */
export async function llmInUse(transaction: Transaction): Promise<{ baseUrl: string } | null> {
  const { row } = await read(transaction, false);
  return isReady(row) ? { baseUrl: row.base_url } : null;
}

/** All it takes to ask it, key and all; null where it is not in use, or its key was sealed by another secret. */
export async function openLlm(transaction: Transaction, secrets: Secrets): Promise<{ baseUrl: string; model: string; key: string | null; milliseconds: number } | null> {
  const { row } = await read(transaction, false);
  if (!isReady(row)) return null;
  const key = row.sealed_key === null ? null : secrets.open(purpose(transaction.tenantId), row.sealed_key)?.toString();
  return key === undefined ? null : { baseUrl: row.base_url, model: row.model, key, milliseconds: row.timeout_seconds * 1_000 };
}

/** Whether flows may ask one here. */
export const hasLlm = async (context: Pick<Context, 'transaction'>): Promise<boolean> => (await llmInUse(context.transaction)) !== null;
