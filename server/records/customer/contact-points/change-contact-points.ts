import { Closed, Id } from '../../../../contract/common.ts';
import { AddContactPoint, ContactPoint, UpdateContactPoint, VerifyContactPoint, customerLimits, type ContactKind } from '../../../../contract/customer.ts';
import type { Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { newId } from '../../../platform/db/uuid.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { recordFact } from '../../../platform/facts/fact.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { ensureVersion } from '../../ticket/find.ts';
import { contactInFact, ensureContactFree, toStoredContact } from '../contacts.ts';
import { wholeFamilyOf } from '../family.ts';
import { ensureNotMerged } from '../merge/not-merged.ts';
import { masksOf } from '../personal-data/masks.ts';
import { lockCustomer, viewContact, type ContactRow } from '../view-detail.ts';
import { endCustomerSessions, lockContactPoint } from './find.ts';

const params = Closed({ id: Id, contactId: Id });

/** Adds a way to reach a customer (添加联系方式); one belongs to one customer only. */
export const addContactPoint = useCase({
  summary: 'Add a contact point to a customer',
  params: Closed({ id: Id }),
  body: AddContactPoint,
  answer: ContactPoint,
  status: 201,
  async run(context, { params: { id }, body }) {
    const { transaction, tenantId } = context;
    const customer = await lockCustomer(context, id);
    if (!customer) throw new Refusal('not_found');
    await ensureNotMerged(context, customer);
    const value = toStoredContact(context, body.kind, body.value, '/value');
    await ensureContactFree(context, { kind: body.kind, value }, '/value');
    const present = await transaction.run(build.selectFrom('contact_point').select('id').where('tenant_id', '=', tenantId).where('customer_id', '=', id));
    if (present.length >= customerLimits.contactPoints) throw new Refusal('too_many_contact_points', { limit: customerLimits.contactPoints });
    const row = await writeContactPoint(context, customer, { kind: body.kind, value, label: body.label?.trim() || null });
    return viewContact(row, await masksOf(context));
  },
});

/** Writes a contact point, in its stored form, that nobody has, and tells of it. */
export async function writeContactPoint(context: Pick<Context, 'tenantId' | 'transaction' | 'now' | 'actor'>, customer: { id: string; name: string }, { kind, value, label }: { kind: ContactKind; value: string; label: string | null }): Promise<ContactRow> {
  const { transaction, tenantId, now, actor } = context;
  const row = { id: newId(now.getTime()), kind, value, label, verified_at: null, preferred: false, created_at: now, version: 1, customer_id: customer.id };
  await transaction.run(build.insertInto('contact_point').values({ ...row, tenant_id: tenantId }));
  await recordFact(transaction, { kind: 'contact_point.added', actor, data: { name: customer.name, contactId: row.id, ...contactInFact(kind, value) }, occurredAt: now, recordedAt: now, subjectId: customer.id });
  return { ...row, customer_name: customer.name };
}

/** The others of a kind that are preferred among all that are shown with a contact point. */
async function preferredOf(context: Context, { id, customer_id: customerId, kind }: ContactRow): Promise<string[]> {
  const rows = await context.transaction.run(build.selectFrom('contact_point').select('id').where('tenant_id', '=', context.tenantId).where('customer_id', 'in', await wholeFamilyOf(context, customerId))
    .where('kind', '=', kind).where('preferred', '=', true).where('id', '<>', id).orderBy('id').forNoKeyUpdate());
  return rows.map((row) => row.id);
}

/** Corrects a contact point (修改联系方式). A changed value has to be proven anew, and what the old one had opened is closed. */
export const updateContactPoint = useCase({
  summary: 'Change a contact point',
  params,
  body: UpdateContactPoint,
  answer: ContactPoint,
  versioned: true,
  async run(context, { params: { id, contactId }, body, ifMatch }) {
    const { transaction, tenantId, now, actor } = context;
    const { contact } = await lockContactPoint(context, id, contactId);
    ensureVersion(contact, ifMatch);
    const value = body.value === undefined ? contact.value : toStoredContact(context, contact.kind as ContactKind, body.value, '/value');
    const label = body.label === undefined ? contact.label : body.label?.trim() || null;
    const preferred = body.preferred ?? contact.preferred;
    const masks = await masksOf(context);
    // One of a kind at most, of all that are shown together: those before give way, also what a merge brought along.
    const before = body.preferred ? await preferredOf(context, contact) : [];
    if (value === contact.value && label === contact.label && preferred === contact.preferred && before.length === 0) return viewContact(contact, masks);
    if (value !== contact.value) await ensureContactFree(context, { kind: contact.kind as ContactKind, value }, '/value');
    const next: ContactRow = { ...contact, value, label, preferred, verified_at: value === contact.value ? contact.verified_at : null, version: contact.version + 1 };
    if (before.length > 0) {
      await transaction.run(build.updateTable('contact_point').set((row) => ({ preferred: false, version: row('version', '+', 1) }))
        .where('tenant_id', '=', tenantId).where('id', 'in', before));
    }
    await transaction.run(build.updateTable('contact_point').set({ value, label, preferred, verified_at: next.verified_at, version: next.version }).where('tenant_id', '=', tenantId).where('id', '=', contactId));
    const say = (row: ContactRow) => ({ ...(value === contact.value ? {} : { value: contactInFact(row.kind, row.value).value, verified: row.verified_at !== null }), ...(label === contact.label ? {} : { label: row.label }), ...(preferred === contact.preferred && before.length === 0 ? {} : { preferred: row.preferred }) });
    await recordFact(transaction, { kind: 'contact_point.changed', actor, data: { name: contact.customer_name, contactId, contactKind: contact.kind, before: say(contact), after: say(next) }, occurredAt: now, recordedAt: now, subjectId: contact.customer_id });
    if (value !== contact.value && contact.kind === 'phone' && contact.verified_at) await endCustomerSessions(context, contact.customer_id);
    return viewContact(next, masks);
  },
});

/** A colleague vouches that a contact point is the customer's (核实联系方式). */
export const verifyContactPoint = useCase({
  summary: 'Mark a contact point as verified',
  params,
  body: VerifyContactPoint,
  answer: ContactPoint,
  async run(context, { params: { id, contactId }, body }) {
    const { transaction, tenantId, now, actor } = context;
    const { contact } = await lockContactPoint(context, id, contactId);
    const masks = await masksOf(context);
    if (contact.verified_at) return viewContact(contact, masks);
    await transaction.run(build.updateTable('contact_point').set({ verified_at: now, version: contact.version + 1 }).where('tenant_id', '=', tenantId).where('id', '=', contactId));
    const note = body.note?.trim();
    await recordFact(transaction, { kind: 'contact_point.verified', actor, data: { name: contact.customer_name, contactId, ...contactInFact(contact.kind, contact.value), ...(note ? { note } : {}) }, occurredAt: now, recordedAt: now, subjectId: contact.customer_id });
    return viewContact({ ...contact, verified_at: now, version: contact.version + 1 }, masks);
  },
});

/** Takes a contact point away (删除联系方式); another customer may have it from now on. */
export const removeContactPoint = useCase({
  summary: 'Remove a contact point',
  params,
  answer: null,
  async run(context, { params: { id, contactId } }) {
    const { transaction, tenantId, now, actor } = context;
    const { contact } = await lockContactPoint(context, id, contactId);
    await transaction.run(build.deleteFrom('contact_point').where('tenant_id', '=', tenantId).where('id', '=', contactId));
    await recordFact(transaction, { kind: 'contact_point.removed', actor, data: { name: contact.customer_name, contactId, ...contactInFact(contact.kind, contact.value), verified: contact.verified_at !== null }, occurredAt: now, recordedAt: now, subjectId: contact.customer_id });
    if (contact.kind === 'phone' && contact.verified_at) await endCustomerSessions(context, contact.customer_id);
  },
});
