import { contactKinds, type ContactKind } from '../../../contract/customer.ts';
import type { PersonalDatum } from '../../../rules/privacy/masks.ts';
import { masked } from '../../../rules/privacy/masks.ts';
import type { Context } from '../../platform/context.ts';
import { sharedStatement } from '../../platform/db/database.ts';
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
    if (!/^\+?[0-9 ()-]{3,30}$/.test(trimmed)) throw invalidInput(path, 'pattern', { zh: '不是有效的电话号码', en: 'is not a valid phone number' });
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
const findOwner = sharedStatement<{ kind: string; value: string }, { id: string; name: string }>('contact_point.owner', `
  SELECT given.place, c.id, c.name FROM json_to_recordset($2) AS given (place integer, kind text, value text)
    CROSS JOIN LATERAL (SELECT customer_id FROM contact_point WHERE tenant_id = $1 AND kind = given.kind AND value = given.value OFFSET 0) p
    CROSS JOIN LATERAL (SELECT id, name FROM customer WHERE tenant_id = $1 AND id = p.customer_id OFFSET 0) c`);

/** Whom a contact point belongs to. */
export async function ownerOfContact({ transaction }: Pick<Context, 'transaction'>, kind: string, value: string): Promise<{ id: string; name: string } | undefined> {
  const [owner] = await transaction.queryTogether(findOwner, { kind, value });
  return owner && { id: owner.id, name: owner.name };
}
