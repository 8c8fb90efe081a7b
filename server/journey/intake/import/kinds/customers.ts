import { CreateCustomer } from '../../../../../contract/customer.ts';
import { listIn, numberIn, withoutEmpty, wordIn } from '../../../../../rules/imports/values.ts';
import type { Context } from '../../../../platform/context.ts';
import { build } from '../../../../platform/db/database.ts';
import { addAccount } from '../../../../records/account/change-account.ts';
import { writeContactPoint } from '../../../../records/customer/contact-points/change-contact-points.ts';
import { ensureContactFree, ownerOfContact, toStoredContact } from '../../../../records/customer/contacts.ts';
import { addCustomer } from '../../../../records/customer/create-customer.ts';
import { familyOf } from '../../../../records/customer/family.ts';
import { writeNote } from '../../../../records/customer/notes/notes.ts';
import { customerByExternalId } from '../../../../records/customer/profile.ts';
import { changeCustomer } from '../../../../records/customer/update-customer.ts';
import { lockCustomer } from '../../../../records/customer/view-detail.ts';
import type { CustomerRow } from '../../../../records/customer/view-customer.ts';
import { findImported, rememberImported } from '../../../../records/import/store.ts';
import { accountsSaid, ambiguous } from '../find.ts';
import { checked, said, saidPlain, tiesTo, type ImportedRow, type KindHandler } from '../kind.ts';

const languages = { 'zh-CN': ['中文', '汉语', '简体中文', 'zh', 'chinese'], en: ['英文', '英语', 'english'] };

/**
 * Customers (导入客户): known by their external id, else by phone, else by e-mail, else by the very row. What a row leaves
 * empty stays as it is.
 */
export const customers: KindHandler = {
  kind: 'customers',
  permission: 'customer.write',
  ties: (row) => ({ own: [row.key, ...tiesTo(row, 'contact', 'phone', 'otherPhone', 'email')], shared: tiesTo(row, 'account', 'account') }),
  async take(context, row) {
    const account = await accountOf(context, said(row, 'account'));
    const body = checked<CreateCustomer>(context, CreateCustomer, withoutEmpty({
      name: said(row, 'name'), phone: saidPlain(row, 'phone'), email: saidPlain(row, 'email')?.toLowerCase(), tier: said(row, 'tier'), address: said(row, 'address'), accountId: account?.id, accountRole: said(row, 'accountRole'),
      lat: row.said.has('lat') ? numberIn(row.said.get('lat')!) : undefined, lng: row.said.has('lng') ? numberIn(row.said.get('lng')!) : undefined,
      language: row.said.has('language') ? wordIn(row.said.get('language')!, languages) : undefined, tags: row.said.has('tags') ? listIn(row.said.get('tags')!) : undefined,
      idNumber: saidPlain(row, 'idNumber')?.replace(/\s/g, ''), externalId: said(row, 'externalId'),
    }));
    const otherPhone = saidPlain(row, 'otherPhone');
    const other = otherPhone === undefined ? null : toStoredContact(context, 'phone', otherPhone, '/otherPhone');
    const present = await findPresent(context, row, body);
    // Whoever stands for somebody merged away has a profile of their own.
    if (present?.merged_into) return 'present';
    const id = present?.id ?? await addCustomer(context, body, { contactsFree: true });
    let changed = present === null ? false : await update(context, present, body);
    if (other !== null) changed = await ensureContact(context, { id, name: body.name }, 'phone', other, '/otherPhone', '其他') || changed;
    const note = said(row, 'note');
    if (note !== undefined) changed = await ensureNote(context, { id, name: body.name }, note) || changed;
    if (present !== null) return changed ? 'updated' : 'present';
    if (body.externalId === undefined && body.phone === undefined && body.email === undefined) await rememberImported(context, 'customers', row.key, id, row.importId);
    return 'created';
  },
};

async function accountOf(context: Context, text: string | undefined): Promise<{ id: string } | undefined> {
  if (text === undefined) return undefined;
  const found = await accountsSaid(context, text);
  if (found.length > 1) throw ambiguous('/accountId');
  return found[0] ?? addAccount(context, { name: text.slice(0, 100) });
}

async function findPresent(context: Context, row: ImportedRow, body: CreateCustomer): Promise<CustomerRow | null> {
  const byExternalId = body.externalId ? await customerByExternalId(context, body.externalId) : undefined;
  const byPhone = byExternalId || body.phone === undefined ? undefined : await ownerOfContact(context, 'phone', toStoredContact(context, 'phone', body.phone, '/phone'));
  const byEmail = byExternalId || byPhone || body.email === undefined ? undefined : await ownerOfContact(context, 'email', body.email);
  const nameless = !body.externalId && body.phone === undefined && body.email === undefined;
  const id = byExternalId?.id ?? byPhone?.id ?? byEmail?.id ?? (nameless ? await findImported(context, 'customers', row.key) : null);
  return id ? await lockCustomer(context, id) ?? null : null;
}

async function update(context: Context, present: CustomerRow, { phone, email, ...profile }: CreateCustomer): Promise<boolean> {
  const next = await changeCustomer(context, present, profile);
  let changed = next !== present;
  if (phone !== undefined) changed = await ensureContact(context, next, 'phone', toStoredContact(context, 'phone', phone, '/phone'), '/phone', null) || changed;
  if (email !== undefined) changed = await ensureContact(context, next, 'email', email, '/email', null) || changed;
  return changed;
}

/** Gives a customer a contact point they do not have; one of somebody merged into them is theirs. */
async function ensureContact(context: Context, customer: { id: string; name: string }, kind: 'phone' | 'email', value: string, path: string, label: string | null): Promise<boolean> {
  const owner = await ownerOfContact(context, kind, value);
  if (owner && (owner.id === customer.id || (await familyOf(context, customer.id)).includes(owner.id))) return false;
  await ensureContactFree(context, { kind, value }, path);
  await writeContactPoint(context, customer, { kind, value, label });
  return true;
}

async function ensureNote(context: Context, customer: { id: string; name: string }, body: string): Promise<boolean> {
  const { transaction, tenantId } = context;
  const text = body.slice(0, 10_000);
  if (await transaction.first(build.selectFrom('customer_note').select('id').where('tenant_id', '=', tenantId).where('customer_id', '=', customer.id).where('removed_at', 'is', null).where('body', '=', text))) return false;
  await writeNote(context, customer, { body: text, pinned: false });
  return true;
}
