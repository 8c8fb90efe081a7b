import { createHmac, randomBytes } from 'node:crypto';
import { AutomationSigning, ChangeAutomationSigning } from '../../../contract/automation.ts';
import { build, type Transaction } from '../../platform/db/database.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import type { Secrets } from '../../platform/secrets.ts';
import { ensureVersion } from '../ticket/find.ts';

/** The keys of an organization by which its calls are signed (调用签名密钥): the one in use, and the one before until its time is over. */
export interface SigningKeys {
  current: Buffer;
  previous: { key: Buffer; until: Date } | null;
}
interface Kept { keys: SigningKeys; changedAt: Date | null; version: number }

const purpose = (tenantId: string) => `automation signing key ${tenantId}`;
/** The key as long as it was never changed; it derives from SECRET_KEY, and changes with it. */
const derived = (secrets: Secrets, tenantId: string): Buffer => secrets.digest('automation call signature', tenantId);
const keyBytes = 32;
const standardDays = 7;

async function read(transaction: Transaction, secrets: Secrets, now: Date, lock = false): Promise<Kept> {
  const { tenantId } = transaction;
  const select = build.selectFrom('automation_signing').selectAll().where('tenant_id', '=', tenantId);
  const row = await transaction.first(lock ? select.forUpdate() : select);
  if (!row) return { keys: { current: derived(secrets, tenantId), previous: null }, changedAt: null, version: 1 };
  const open = (sealed: Buffer) => secrets.open(purpose(tenantId), sealed);
  // Under another SECRET_KEY what was sealed is lost; there is a key all the same.
  const current = open(row.sealed_key) ?? derived(secrets, tenantId);
  const before = row.sealed_previous && row.previous_until && row.previous_until > now ? open(row.sealed_previous) : null;
  return { keys: { current, previous: before && { key: before, until: row.previous_until! } }, changedAt: row.changed_at, version: row.version };
}

/** The keys by which calls are signed now. */
export const signingKeys = async (transaction: Transaction, secrets: Secrets, now: Date): Promise<SigningKeys> => (await read(transaction, secrets, now)).keys;

/**
 * The headers that say who calls and that nothing was changed on the way, by the Standard Webhooks specification
 * (github.com/standard-webhooks/standard-webhooks, spec, “Signature scheme”): HMAC-SHA256 of `id.timestamp.body`, one
 * signature for each key that holds, with a space between.
 *
 * @param body as it is sent; empty where there is none
 */
export function signatureHeaders({ current, previous }: SigningKeys, id: string, body: string | null, now: Date): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  const signed = (key: Buffer) => `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body ?? ''}`).digest('base64')}`;
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': [current, ...(previous ? [previous.key] : [])].map(signed).join(' ') };
}

const written = (key: Buffer) => `whsec_${key.toString('base64')}`;
const view = ({ keys: { current, previous }, changedAt, version }: Kept): AutomationSigning => ({
  secret: written(current), previous: previous && { secret: written(previous.key), until: previous.until.toISOString() }, changedAt: changedAt?.toISOString() ?? null, version,
});

/** What those who are called need to tell that it was us (签名密钥). */
export const showAutomationSigning = useCase({
  summary: 'Show the secret by which calls of automation rules are signed',
  answer: AutomationSigning,
  run: async (context) => view(await read(context.transaction, context.services.secrets, context.now)),
});

/** Makes a new key (更换签名密钥); the one before signs as well for so many days, so that nobody's calls fail meanwhile. */
export const changeAutomationSigning = useCase({
  summary: 'Change the secret by which calls of automation rules are signed',
  body: ChangeAutomationSigning,
  answer: AutomationSigning,
  secret: true,
  versioned: true,
  async run(context, { body, ifMatch }) {
    const { transaction, tenantId, now, services: { secrets } } = context;
    // Two who change it at once come one after the other, also the first time, when there is no row to lock.
    await transaction.run(build.selectFrom('organization').select('tenant_id').where('tenant_id', '=', tenantId).forNoKeyUpdate());
    const before = await read(transaction, secrets, now, true);
    ensureVersion(before, ifMatch);
    const days = body.keepPreviousDays ?? standardDays;
    const until = days === 0 ? null : new Date(now.getTime() + days * 86_400_000);
    const seal = (key: Buffer) => secrets.seal(purpose(tenantId), key);
    const current = randomBytes(keyBytes);
    const values = { sealed_key: seal(current), sealed_previous: until && seal(before.keys.current), previous_until: until, changed_at: now, version: before.version + 1 };
    await transaction.run(build.insertInto('automation_signing').values({ tenant_id: tenantId, ...values }).onConflict((conflict) => conflict.column('tenant_id').doUpdateSet(values)));
    await recordFact(transaction, { kind: 'automation_signing.changed', actor: context.actor, occurredAt: now, recordedAt: now, data: { previousUntil: until?.toISOString() ?? null } });
    return view({ keys: { current, previous: until && { key: before.keys.current, until } }, changedAt: now, version: values.version });
  },
});

