import { contactKinds, type ContactKind } from '../../../contract/customer.ts';
import type { PersonalDatum } from '../../../rules/privacy/masks.ts';
import { masked } from '../../../rules/privacy/masks.ts';
import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { Refusal, invalidInput } from '../../platform/errors/refusal.ts';
import { toStoredPhone } from './phone.ts';

const mailboxPattern = /^[^\s@]{1,64}@[^\s@.]+(?:\.[^\s@.]+)+$/;

/** What a contact point is masked as. */
export function datumOf(kind: string): PersonalDatum {
  return kind in contactKinds ? contactKinds[kind as ContactKind].datum : 'identifier';
}

/** The value of a contact point in the form it is stored and compared in; refused when it cannot be one of its kind. */
export function toStoredContact(context: Pick<Context, 'language'>, kind: ContactKind, value: string, path: string): string {
  const trimmed = value.trim();
  if (kind === 'phone') {
    if (!/^\+?[0-9 ()-]{3,30}$/.test(trimmed)) throw invalidInput(path, 'pattern');
    return toStoredPhone(context, trimmed, path);
  }
  if (kind !== 'email') return trimmed;
  if (!mailboxPattern.test(trimmed)) throw invalidInput(path, 'format', { zh: '不是有效的邮箱地址', en: 'is not a valid e-mail address' });
  return trimmed.toLowerCase();
}

/** A contact point as facts name it: masked, so that the log gives nothing away. */
export function contactInFact(kind: string, value: string): { contactKind: string; value: string } {
  return { contactKind: kind, value: masked(datumOf(kind), value) };
}

/**
 * Refuses a contact point that belongs to a customer already, naming them. Whoever enters the same at this very moment
 * meets the primary key, and finds the other one when the work is run once more.
 */
export async function ensureContactFree(context: Pick<Context, 'tenantId' | 'transaction'>, contact: { kind: ContactKind; value: string }, path: string): Promise<void> {
  const owner = await ownerOfContact(context, contact.kind, contact.value);
  if (!owner) return;
  const { zh, en } = contactKinds[contact.kind];
  throw new Refusal('name_taken', { field: { zh, en } }, { errors: [{ path, code: 'name_taken' }], details: { customer: owner } });
}

// From the contact points to the customers and never the other way round, whatever the planner believes (OFFSET 0).
const findOwner = statement<{ id: string; name: string }>('contact_point.owner', `
  SELECT c.id, c.name FROM (SELECT customer_id FROM contact_point WHERE tenant_id = $1 AND kind = $2 AND value = $3 OFFSET 0) p
    JOIN customer c ON c.tenant_id = $1 AND c.id = p.customer_id`);

/** Whom a contact point belongs to. */
export async function ownerOfContact({ transaction, tenantId }: Pick<Context, 'tenantId' | 'transaction'>, kind: string, value: string): Promise<{ id: string; name: string } | undefined> {
  return (await transaction.query(findOwner, [tenantId, kind, value]))[0];
}
