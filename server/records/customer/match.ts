import type { Selectable } from 'kysely';
import { placeholderName } from '../../../rules/intake/placeholders.ts';
import { oneLine } from '../../../rules/text/one-line.ts';
import { announceFacts, sealedBy, withCause } from '../../platform/facts/fact.ts';
import type { Context } from '../../platform/context.ts';
import { maskEmail } from '../../platform/masking.ts';
import { sharedStatement, statement } from '../../platform/db/database.ts';
import type { CustomerTable } from '../../platform/db/tables.ts';
import { newId } from '../../platform/db/uuid.ts';
import { refuseInput } from '../../platform/errors/refusal.ts';
import { rootOf } from './family.ts';
import { toStoredPhone } from './phone.ts';

export interface RequesterInput {
  customerId?: string | undefined;
  name?: string | undefined;
  phone?: string | undefined;
  email?: string | undefined;
}

/** The customer a request belongs to, with the contact data that stand on the ticket itself. */
export interface MatchedRequester {
  customerId: string | null;
  tier: string | null;
  name: string | null;
  phone: string | null;
  email: string | null;
}

const nobody: MatchedRequester = { customerId: null, tier: null, name: null, phone: null, email: null };

interface ContactRow {
  kind: string;
  value: string;
  verified: boolean;
  customer_id: string;
  name: string;
  tier: string | null;
  merged: boolean;
  archived: boolean;
}

// From the contact points to the customers and never the other way round, whatever the planner believes (OFFSET 0).
const findContacts = sharedStatement<{ phone: string | null; email: string | null }, ContactRow>('contact_point.find', `
  SELECT given.place, p.kind, p.value, p.verified_at IS NOT NULL AS verified, c.id AS customer_id, c.name, c.tier, c.merged_into IS NOT NULL AS merged, c.archived_at IS NOT NULL AS archived
  FROM json_to_recordset($2) AS given (place integer, phone text, email text)
    CROSS JOIN LATERAL (
      SELECT * FROM contact_point WHERE tenant_id = $1 AND ((kind = 'phone' AND value = given.phone) OR (kind = 'email' AND value = given.email)) OFFSET 0) p
    CROSS JOIN LATERAL (SELECT id, name, tier, merged_into, archived_at FROM customer WHERE tenant_id = $1 AND id = p.customer_id OFFSET 0) c`);

const findNamed = sharedStatement<{ id: string }, { id: string; name: string; tier: string | null; archived: boolean; merged: boolean }>('customer.named', `
  SELECT given.place, c.* FROM json_to_recordset($2) AS given (place integer, id uuid)
    CROSS JOIN LATERAL (SELECT id, name, tier, archived_at IS NOT NULL AS archived, merged_into IS NOT NULL AS merged FROM customer WHERE tenant_id = $1 AND customer.id = given.id OFFSET 0) c`);

// Their own before those of customers who were merged into them, proven ones first.
const findContactsOf = statement<{ kind: string; value: string }>('contact_point.of_family', `
  WITH RECURSIVE family AS (
    SELECT $2::uuid AS id, 0 AS step
    UNION
    SELECT c.id, 1 FROM family f JOIN customer c ON c.tenant_id = $1 AND c.merged_into = f.id)
  SELECT p.kind, p.value FROM family f JOIN contact_point p ON p.tenant_id = $1 AND p.customer_id = f.id
  WHERE p.kind IN ('phone', 'email') ORDER BY f.step, NOT p.preferred, p.verified_at NULLS LAST, p.created_at, p.value`);

// In one order, so that two who lock the same ones wait for each other rather than for ever.
const lockContact = sharedStatement<{ name: string }, never>('contact_point.lock', `
  SELECT place, pg_advisory_xact_lock(hashtextextended($1::text || ' ' || name, 0)) FROM (
    SELECT * FROM json_to_recordset($2) AS given (place integer, name text) ORDER BY name OFFSET 0) given`);

interface GivenCustomer {
  id: string;
  name: string;
  address: string | null;
  lat: number | null;
  lng: number | null;
  tier: string | null;
  account_id: string | null;
  account_role: string | null;
  language: string | null;
  tags: string[];
  /** As texts of a bytea. */
  id_number: string | null;
  id_number_digest: string | null;
  external_id: string | null;
  created_at: Date;
  phone: string | null;
  email: string | null;
  verified_at: Date | null;
  actor_kind: string;
  actor_id: string | null;
  actor_name: string | null;
  data: Record<string, unknown>;
  /** As text of a bytea. */
  seal: string | null;
}

// The customer, the contact points and what tells of them go in one statement, and those of one commit or one import too.
const insertCustomer = sharedStatement<GivenCustomer, never>('customer.insert', `
  WITH given AS MATERIALIZED (
    SELECT * FROM json_to_recordset($2) AS given (place integer, id uuid, name text, address text, lat double precision, lng double precision, tier text, account_id uuid, account_role text,
      language text, tags text[], id_number bytea, id_number_digest bytea, external_id text, created_at timestamptz, phone text, email text, verified_at timestamptz,
      actor_kind text, actor_id uuid, actor_name text, data jsonb, seal bytea)
  ), customer AS (
    INSERT INTO customer (tenant_id, id, name, address, lat, lng, created_at, tier, account_id, account_role, language, tags, id_number, id_number_digest, external_id)
    SELECT $1, id, name, address, lat, lng, created_at, tier, account_id, account_role, language, tags, id_number, id_number_digest, external_id FROM given),
  contact AS (
    INSERT INTO contact_point (tenant_id, kind, value, customer_id, verified_at, created_at)
    SELECT $1, point.kind, point.value, given.id, given.verified_at, given.created_at
    FROM given CROSS JOIN LATERAL (VALUES ('phone', given.phone), ('email', given.email)) AS point (kind, value) WHERE point.value IS NOT NULL)
  INSERT INTO fact (tenant_id, kind, subject_id, actor_kind, actor_id, actor_name, data, occurred_at, recorded_at, hash)
  SELECT $1, 'customer.created', id, actor_kind, actor_id, actor_name, data, created_at, created_at, seal FROM given ORDER BY place`);

/**
 * Finds the customer a requester is, or makes one (客户识别). Colleagues and API callers vouch for what they enter, so
 * a known phone or e-mail is that customer. A stranger at the portal proves nothing: a number that a customer has
 * verified is not linked by itself, the ticket then only carries what was typed; and a stranger never learns the name
 * that belongs to a number. Whoever was merged into another customer is that one. With somebody who was put away nothing
 * is linked: the ticket would stand where no list shows it.
 */
export async function matchRequester(context: Context, input: RequesterInput | undefined, trusted: boolean): Promise<MatchedRequester> {
  if (!input) return nobody;
  if (input.customerId !== undefined) {
    const [named] = await context.transaction.queryTogether(findNamed, { id: input.customerId });
    if (!named) throw refuseInput('/requester/customerId', 'unknown_reference', { field: 'customerId' });
    if (named.archived && !named.merged) throw refuseInput('/requester/customerId', 'reference_inactive', { field: 'customerId' });
    const row = named.merged ? (await rootOf(context, named.id)) ?? named : named;
    const contacts = await context.transaction.query(findContactsOf, [context.tenantId, row.id]);
    return {
      customerId: row.id, tier: row.tier, name: oneLine(input.name ?? '') || row.name,
      phone: input.phone ? toStoredPhone(context, input.phone, '/requester/phone') : contacts.find((contact) => contact.kind === 'phone')?.value ?? null,
      email: input.email?.toLowerCase() ?? contacts.find((contact) => contact.kind === 'email')?.value ?? null,
    };
  }
  const phone = input.phone ? toStoredPhone(context, input.phone, trusted ? '/requester/phone' : '/contact/phone') : null;
  const email = input.email?.trim().toLowerCase() ?? null;
  const name = oneLine(input.name ?? '') || null;
  if (phone === null && email === null) return { ...nobody, name };
  let contacts = await context.transaction.queryTogether(findContacts, { phone, email });
  if (contacts.length === 0) {
    // Somebody may be entering the same stranger at this moment: one after the other, and look again.
    await context.transaction.queryTogether(lockContact, { name: phone ?? email! });
    contacts = await context.transaction.queryTogether(findContacts, { phone, email });
  }
  const known = contacts.find((contact) => contact.kind === 'phone') ?? contacts[0];
  if (known) {
    const customer = known.merged ? await rootOf(context, known.customer_id) : { id: known.customer_id, name: known.name, tier: known.tier, archived: known.archived };
    const linked = (trusted || !known.verified) && customer?.archived === false;
    return { customerId: linked ? customer?.id ?? null : null, tier: linked ? customer?.tier ?? null : null, name: name ?? (trusted && linked ? customer?.name ?? null : null), phone, email };
  }
  const id = newId(context.now.getTime());
  await createCustomer(context, { id, name: name ?? (phone === null ? maskEmail(email)! : placeholderName('phone', phone, context.language)), phone, email });
  return { customerId: id, tier: null, name, phone, email };
}

export interface NewCustomer {
  id: string;
  name: string;
  phone: string | null;
  email: string | null;
  tier?: string | null;
  address?: string | null;
  lat?: number | null;
  lng?: number | null;
  verifiedAt?: Date | null;
  /** What only a colleague says of somebody. */
  profile?: Partial<Pick<Selectable<CustomerTable>, 'account_id' | 'account_role' | 'language' | 'tags' | 'id_number' | 'id_number_digest' | 'external_id'>>;
}

/** Writes a new customer with contact points and tells of it. */
export async function createCustomer(context: Pick<Context, 'transaction' | 'now' | 'actor'>, customer: NewCustomer): Promise<void> {
  const { transaction, now, actor } = context;
  const { id, phone, email, profile = {} } = customer;
  const name = oneLine(customer.name) || customer.name;
  const bytes = (value: Buffer | null | undefined): string | null => (value ? `\\x${value.toString('hex')}` : null);
  const data = withCause(transaction, { name });
  announceFacts(transaction);
  await transaction.queryTogether(insertCustomer, {
    id, name, phone, email, address: customer.address ?? null, lat: customer.lat ?? null, lng: customer.lng ?? null, tier: customer.tier ?? null,
    account_id: profile.account_id ?? null, account_role: profile.account_role ?? null, language: profile.language ?? null, tags: profile.tags ?? [],
    id_number: bytes(profile.id_number), id_number_digest: bytes(profile.id_number_digest), external_id: profile.external_id ?? null,
    created_at: now, verified_at: customer.verifiedAt ?? null, actor_kind: actor.kind, actor_id: actor.id, actor_name: actor.name, data,
    seal: bytes(sealedBy(transaction, { kind: 'customer.created', subjectId: id, actor, data, occurredAt: now, recordedAt: now })),
  });
}
