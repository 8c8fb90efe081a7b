import type { ContactKind } from '../../../../contract/customer.ts';
import { placeholderName } from '../../../../rules/intake/placeholders.ts';
import { oneLine } from '../../../../rules/text/one-line.ts';
import type { Sender, SenderId } from '../../../channels/inbound.ts';
import type { Context } from '../../../platform/context.ts';
import { NeedsOwnTransaction, sharedStatement, statement } from '../../../platform/db/database.ts';
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
const tryNames = sharedStatement<{ names: string[] }, { got: boolean }>('channel_identity.try_lock', `
  SELECT given.place, bool_and(pg_try_advisory_xact_lock(hashtextextended('identity ' || $1::text || ' ' || name, 0))) AS got
  FROM json_to_recordset($2) AS given (place integer, names text[]) CROSS JOIN unnest(given.names) AS name GROUP BY given.place`);
interface Known { kind: string; value: string; account_id: string; customer_id: string; verified: boolean; name: string; archived: boolean; merged: boolean }
// From the names to the customers, whatever the planner believes (OFFSET 0).
const findKnown = sharedStatement<{ account_id: string; ids: readonly { kind: string; value: string }[] }, Known>('channel_identity.find', `
  SELECT given.place, i.kind, i.value, i.account_id, i.customer_id, i.verified, c.name, c.archived, c.merged
  FROM json_to_recordset($2) AS given (place integer, account_id uuid, ids json) CROSS JOIN LATERAL json_to_recordset(given.ids) AS said (kind text, value text)
    CROSS JOIN LATERAL (SELECT * FROM channel_identity k WHERE k.tenant_id = $1 AND k.kind = said.kind AND k.value = said.value AND (k.account_id = given.account_id OR k.verified) OFFSET 0) i
    CROSS JOIN LATERAL (SELECT name, archived_at IS NOT NULL AS archived, merged_into IS NOT NULL AS merged FROM customer WHERE tenant_id = $1 AND id = i.customer_id OFFSET 0) c`);
const insertIdentity = sharedStatement<{ account_id: string; kind: string; value: string; customer_id: string; verified: boolean; display_name: string | null; created_at: Date }, never>('channel_identity.insert', `
  INSERT INTO channel_identity (tenant_id, account_id, kind, value, customer_id, verified, display_name, created_at)
  SELECT $1, account_id, kind, value, customer_id, verified, display_name, created_at
  FROM json_to_recordset($2) AS given (account_id uuid, kind text, value text, customer_id uuid, verified boolean, display_name text, created_at timestamptz) ON CONFLICT DO NOTHING`);

export interface Identified {
  /** Null where nothing may be linked: the ticket then only says the name. */
  customerId: string | null;
  name: string | null;
}

/** What is known of a sender so far. */
export interface Sought {
  sender: Sender;
  ids: readonly SenderId[];
  rows: readonly Known[];
}

/**
 * Looks for a sender among those who are known (查找渠道身份), and writes nothing. Their names are locked where there is something to be written: who writes for the first
 * time by two accounts at once is one customer.
 *
 * @throws NeedsOwnTransaction in a commit shared with others, where somebody is at one of the names
 */
export async function seek({ tenantId, transaction }: Context, accountId: string, { name: said, ...given }: Sender): Promise<Sought> {
  const named = oneLine(said ?? '').slice(0, 200);
  const sender: Sender = { ...given, ...(named === '' ? {} : { name: named }) };
  const ids = sender.ids.filter(({ kind, value }) => kind !== '' && value !== '' && kind.length <= 40 && value.length <= 320);
  if (ids.length === 0) return { sender, ids, rows: [] };
  const wanted = { account_id: accountId, ids: ids.map(({ kind, value }) => ({ kind, value })) };
  const rows = await transaction.queryTogether(findKnown, wanted);
  if (ids.every((id) => isHere(rows, accountId, id))) return { sender, ids, rows };
  const names = ids.map(({ kind, value }) => `${kind} ${value}`);
  const [[locked], found] = await Promise.all([
    transaction.shared ? transaction.queryTogether(tryNames, { names }) : transaction.query(lockNames, [tenantId, names]).then(() => [{ got: true }]), transaction.queryTogether(findKnown, wanted),
  ]);
  // Of two who share a commit a lock keeps neither out.
  if (!locked?.got || ![...new Set(names)].every((name) => transaction.claim(`identity ${name}`))) throw new NeedsOwnTransaction();
  return { sender, ids, rows: found };
}

const isHere = (rows: readonly Known[], accountId: string, id: SenderId): boolean => rows.some((row) => row.account_id === accountId && row.kind === id.kind && row.value === id.value);

/**
 * Who somebody on a channel is (渠道身份识别): whoever they were before on this account; else whom a name belongs to that the platform vouches
 * for everywhere (unionid, a proven number or address); else a new customer under the name they show, of whom nothing is verified.
 * A display name joins nobody.
 */
export const identify = async (context: Context, accountId: string, sender: Sender): Promise<Identified> => enter(context, accountId, await seek(context, accountId, sender));

/** Says who a sender is that was looked for, and writes down what was not known of them. */
export async function enter(context: Context, accountId: string, { sender, ids, rows }: Sought): Promise<Identified> {
  const { transaction, now } = context;
  if (ids.length === 0) return { customerId: null, name: sender.name ?? null };
  const known = rows.find((row) => row.account_id === accountId) ?? rows.find((row) => row.verified && ids.some((id) => id.verified && id.kind === row.kind && id.value === row.value));
  const owner = known?.customer_id ?? await ownerOf(context, ids);
  const root = known && !known.merged ? { id: known.customer_id, name: known.name, archived: known.archived } : owner === null ? undefined : await rootOf(context, owner);
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
    if (isHere(rows, accountId, id)) continue;
    await transaction.queryTogether(insertIdentity, { account_id: accountId, kind: id.kind, value: id.value, customer_id: customer.id, verified: id.verified ?? false, display_name: sender.name?.slice(0, 200) ?? null, created_at: now });
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
