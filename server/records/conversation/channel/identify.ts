import type { ContactKind } from '../../../../contract/customer.ts';
import { placeholderName } from '../../../../rules/intake/placeholders.ts';
import { oneLine } from '../../../../rules/text/one-line.ts';
import type { Sender, SenderId } from '../../../channels/inbound.ts';
import type { Context } from '../../../platform/context.ts';
import { build, statement } from '../../../platform/db/database.ts';
import { newId } from '../../../platform/db/uuid.ts';
import { ownerOfContact } from '../../customer/contacts.ts';
import { writeContactPoint } from '../../customer/contact-points/change-contact-points.ts';
import { rootOf } from '../../customer/family.ts';
import { createCustomer } from '../../customer/match.ts';

/** As what kind of contact point a name on a channel stands with a customer. */
const contactKindOf: Readonly<Record<string, ContactKind>> = { openid: 'wechat_openid', unionid: 'wechat_unionid', external_userid: 'wecom_external_id', email: 'email', phone: 'phone' };
/** Whoever enters these by hand may be mistaken, and who writes may pretend: they join people only where the platform vouches for them. */
const typedByPeople: ReadonlySet<ContactKind> = new Set(['email', 'phone']);

const lockNames = statement<never>('channel_identity.lock', `
  SELECT pg_advisory_xact_lock(hashtextextended('identity ' || $1 || ' ' || name, 0)) FROM (SELECT unnest($2::text[]) AS name ORDER BY 1 OFFSET 0) given`);
const findKnown = statement<{ kind: string; value: string; account_id: string; customer_id: string; verified: boolean }>('channel_identity.find', `
  SELECT i.kind, i.value, i.account_id, i.customer_id, i.verified FROM unnest($3::text[], $4::text[]) AS given (kind, value)
    JOIN channel_identity i ON i.tenant_id = $1 AND i.kind = given.kind AND i.value = given.value AND (i.account_id = $2 OR i.verified)`);

export interface Identified {
  /** Null where nothing may be linked: the ticket then only says the name. */
  customerId: string | null;
  name: string | null;
}

/**
 * Who somebody on a channel is (渠道身份识别): whoever they were before on this account; else whom a name belongs to that the platform vouches
 * for everywhere (unionid, a proven number or address); else a new customer under the name they show, of whom nothing is verified.
 * A display name joins nobody.
 */
export async function identify(context: Context, accountId: string, { name: said, ...given }: Sender): Promise<Identified> {
  const named = oneLine(said ?? '').slice(0, 200);
  const sender: Sender = { ...given, ...(named === '' ? {} : { name: named }) };
  const { tenantId, transaction, now } = context;
  const ids = sender.ids.filter(({ kind, value }) => kind !== '' && value !== '' && kind.length <= 40 && value.length <= 320);
  if (ids.length === 0) return { customerId: null, name: sender.name ?? null };
  // Who writes for the first time by two accounts at once is one customer.
  await transaction.query(lockNames, [tenantId, ids.map(({ kind, value }) => `${kind} ${value}`)]);
  const rows = await transaction.query(findKnown, [tenantId, accountId, ids.map(({ kind }) => kind), ids.map(({ value }) => value)]);
  const here = rows.find((row) => row.account_id === accountId);
  const vouched = rows.find((row) => row.verified && ids.some((id) => id.verified && id.kind === row.kind && id.value === row.value));
  const known = here?.customer_id ?? vouched?.customer_id ?? await ownerOf(context, ids);
  const root = known === null ? undefined : await rootOf(context, known);
  // With somebody who was put away nothing is linked: the ticket would stand where no list shows it.
  if (root?.archived) return { customerId: null, name: sender.name ?? root.name };
  let customer = root ? { id: root.id, name: root.name } : undefined;
  if (!customer) {
    customer = { id: newId(now.getTime()), name: shownName(sender, context.language) };
    const mail = ids.find(({ kind }) => kind === 'email');
    if (mail && await ownerOfContact(context, 'email', mail.value.toLowerCase())) return { customerId: null, name: sender.name ?? null };
    await createCustomer(context, { ...customer, phone: null, email: mail?.value.toLowerCase() ?? null });
  }
  for (const id of ids) {
    if (rows.some((row) => row.account_id === accountId && row.kind === id.kind && row.value === id.value)) continue;
    await transaction.run(build.insertInto('channel_identity').values({
      tenant_id: tenantId, account_id: accountId, kind: id.kind, value: id.value, customer_id: customer.id, verified: id.verified ?? false, display_name: sender.name?.slice(0, 200) ?? null, created_at: now,
    }).onConflict((conflict) => conflict.doNothing()));
    const kind = contactKindOf[id.kind];
    if (kind && kind !== 'email' && !await ownerOfContact(context, kind, id.value)) await writeContactPoint(context, customer, { kind, value: id.value, label: null });
  }
  return { customerId: customer.id, name: sender.name ?? customer.name };
}

/** Whose contact point it is, of those that may join people. */
async function ownerOf(context: Context, ids: readonly SenderId[]): Promise<string | null> {
  for (const id of ids) {
    const kind = contactKindOf[id.kind];
    if (!kind || (typedByPeople.has(kind) && !id.verified)) continue;
    const owner = await ownerOfContact(context, kind, kind === 'email' ? id.value.toLowerCase() : id.value);
    if (owner) return owner.id;
  }
  return null;
}

function shownName({ name, ids }: Sender, language: 'zh-CN' | 'en'): string {
  return name?.slice(0, 100).toWellFormed().trim() || ids.find(({ kind }) => kind === 'email')?.value || placeholderName(ids[0]!.kind, ids[0]!.value, language);
}
