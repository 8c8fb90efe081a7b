import { sql } from 'kysely';
import { Closed, Id, PageQuery, limits } from '../../../../contract/common.ts';
import { AddCustomerNote, CustomerNote, CustomerNotePage, UpdateCustomerNote } from '../../../../contract/customer.ts';
import { holds } from '../../../../rules/access/policy.ts';
import { staffOf, type Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { newId } from '../../../platform/db/uuid.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { recordFact } from '../../../platform/facts/fact.ts';
import { readCursor, writeCursor } from '../../../platform/http/cursor.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { ensureVersion } from '../../ticket/find.ts';
import { familyOf } from '../family.ts';
import { ensureNotMerged } from '../merge/not-merged.ts';
import { lockCustomer } from '../view-detail.ts';
import { viewNote, type NoteRow } from './view-note.ts';

const sort = 'notes:createdAt';

/** Colleagues' notes about a customer (客户备注), newest first, with those of customers merged into them. */
export const listCustomerNotes = useCase({
  summary: 'List the notes about a customer',
  params: Closed({ id: Id }),
  query: PageQuery,
  answer: CustomerNotePage,
  async run(context, { params, query }) {
    await ensureThere(context, params.id);
    const limit = query.limit ?? limits.defaultPage;
    let select = build.selectFrom('customer_note').selectAll().where('tenant_id', '=', context.tenantId).where('customer_id', 'in', await familyOf(context, params.id)).where('removed_at', 'is', null);
    if (query.cursor !== undefined) {
      const [at, id] = readCursor(query.cursor, sort);
      select = select.where(sql<boolean>`(created_at, id) < (${at}::timestamptz, ${id}::uuid)`);
    }
    const rows = await context.transaction.run(select.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit + 1));
    const last = rows[limit - 1];
    return { items: rows.slice(0, limit).map(viewNote), nextCursor: rows.length > limit && last ? writeCursor(sort, [last.created_at.toISOString(), last.id]) : null };
  },
});

/** Writes a note about a customer (添加客户备注). */
export const addCustomerNote = useCase({
  summary: 'Add a note about a customer',
  params: Closed({ id: Id }),
  body: AddCustomerNote,
  answer: CustomerNote,
  status: 201,
  async run(context, { params, body }) {
    const customer = await lockCustomer(context, params.id);
    if (!customer) throw new Refusal('not_found');
    await ensureNotMerged(context, customer);
    return viewNote(await writeNote(context, customer, { body: body.body, pinned: body.pinned ?? false }));
  },
});

export async function writeNote(context: Pick<Context, 'tenantId' | 'transaction' | 'now' | 'actor'>, customer: { id: string; name: string }, note: { body: string; pinned: boolean }): Promise<NoteRow> {
  const { transaction, tenantId, now, actor } = context;
  const row: NoteRow = {
    tenant_id: tenantId, id: newId(now.getTime()), customer_id: customer.id, body: note.body, author_id: actor.id, author_name: actor.name,
    pinned: note.pinned, created_at: now, edited_at: null, removed_at: null, version: 1,
  };
  await transaction.run(build.insertInto('customer_note').values(row));
  await recordFact(transaction, { kind: 'customer_note.added', actor, data: { name: customer.name, noteId: row.id }, occurredAt: now, recordedAt: now, subjectId: customer.id });
  return row;
}

const params = Closed({ id: Id, noteId: Id });

/** Edits a note (修改客户备注): one's own words, while anybody who maintains customers may pin it. */
export const updateCustomerNote = useCase({
  summary: 'Change a note about a customer',
  params,
  body: UpdateCustomerNote,
  answer: CustomerNote,
  versioned: true,
  async run(context, { params: { id, noteId }, body, ifMatch }) {
    const { transaction, tenantId, now, actor } = context;
    const note = await lockNote(context, id, noteId);
    ensureVersion(note, ifMatch);
    if (body.body !== undefined && body.body !== note.body && note.author_id !== staffOf(context).staffId) throw new Refusal('forbidden');
    const next: NoteRow = { ...note, body: body.body ?? note.body, pinned: body.pinned ?? note.pinned };
    const edited = next.body !== note.body;
    if (!edited && next.pinned === note.pinned) return viewNote(note);
    next.version = note.version + 1;
    if (edited) next.edited_at = now;
    await transaction.run(build.updateTable('customer_note').set({ body: next.body, pinned: next.pinned, edited_at: next.edited_at, version: next.version }).where('tenant_id', '=', tenantId).where('id', '=', note.id));
    await recordFact(transaction, {
      kind: 'customer_note.changed', actor, occurredAt: now, recordedAt: now, subjectId: note.customer_id,
      data: { noteId, before: { ...(edited ? { body: note.body } : {}), ...(next.pinned === note.pinned ? {} : { pinned: note.pinned }) }, after: { ...(edited ? { body: next.body } : {}), ...(next.pinned === note.pinned ? {} : { pinned: next.pinned }) } },
    });
    return viewNote(next);
  },
});

/** Takes a note away (删除客户备注): one's own, or anybody's for those who maintain the organization. */
export const removeCustomerNote = useCase({
  summary: 'Remove a note about a customer',
  params,
  answer: null,
  async run(context, { params: { id, noteId } }) {
    const { transaction, tenantId, now, actor } = context;
    const note = await lockNote(context, id, noteId);
    const subject = staffOf(context);
    if (note.author_id !== subject.staffId && !holds(subject, 'organization.write')) throw new Refusal('forbidden');
    await transaction.run(build.updateTable('customer_note').set({ removed_at: now, version: note.version + 1 }).where('tenant_id', '=', tenantId).where('id', '=', note.id));
    await recordFact(transaction, { kind: 'customer_note.removed', actor, data: { noteId, body: note.body, author: note.author_name }, occurredAt: now, recordedAt: now, subjectId: note.customer_id });
  },
});

async function lockNote(context: Context, customerId: string, noteId: string): Promise<NoteRow> {
  await ensureThere(context, customerId);
  const row = await context.transaction.first(build.selectFrom('customer_note').selectAll().where('tenant_id', '=', context.tenantId).where('id', '=', noteId)
    .where('customer_id', 'in', await familyOf(context, customerId)).where('removed_at', 'is', null).forNoKeyUpdate());
  if (!row) throw new Refusal('not_found');
  return row;
}

async function ensureThere({ transaction, tenantId }: Context, id: string): Promise<void> {
  if (!await transaction.first(build.selectFrom('customer').select('id').where('tenant_id', '=', tenantId).where('id', '=', id))) throw new Refusal('not_found');
}
