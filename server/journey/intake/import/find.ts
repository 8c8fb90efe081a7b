import { isId } from '../../../platform/db/uuid.ts';
import type { Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { invalidInput, refuseInput } from '../../../platform/errors/refusal.ts';
import { normalisePhone } from '../../../platform/masking.ts';
import { ownerOfContact } from '../../../records/customer/contacts.ts';
import { rootOf } from '../../../records/customer/family.ts';
import { customerByExternalId } from '../../../records/customer/profile.ts';

/** The one of some records that was meant; refused when none is, or when it is not clear which. */
export function only<Row>(rows: readonly Row[], path: string, field: string): Row {
  if (rows.length === 0) throw refuseInput(path, 'unknown_reference', { field });
  if (rows.length > 1) throw ambiguous(path);
  return rows[0]!;
}

export function ambiguous(path: string) {
  return invalidInput(path, 'ambiguous', { zh: '符合的不止一个，请改用编号', en: 'means more than one; use an id instead' });
}

/** Accounts by external id, code or exact name (按名称或编号找客户单位), the first way that leads anywhere. */
export async function accountsSaid({ transaction, tenantId }: Context, text: string): Promise<{ id: string; name: string }[]> {
  for (const column of ['external_id', 'code', 'name'] as const) {
    const rows = await transaction.run(build.selectFrom('account').select(['id', 'name']).where('tenant_id', '=', tenantId).where(column, '=', text).where('archived_at', 'is', null).limit(2));
    if (rows.length > 0) return rows;
  }
  return [];
}

/** The customer that a text means (按电话、邮箱、编号或姓名找客户): by phone, e-mail, external id, or a name that only one has. */
export async function customerSaid(context: Context, text: string, path: string): Promise<string> {
  const { transaction, tenantId } = context;
  const contact = /^[+\d\s()-]{3,}$/.test(text) ? await ownerOfContact(context, 'phone', normalisePhone(text)) : text.includes('@') ? await ownerOfContact(context, 'email', text.toLowerCase()) : undefined;
  const found = contact ?? await customerByExternalId(context, text);
  const id = found?.id ?? only(await transaction.run(build.selectFrom('customer').select('id').where('tenant_id', '=', tenantId).where('name', '=', text).where('merged_into', 'is', null).where('archived_at', 'is', null).limit(2)), path, 'customerId').id;
  return (await rootOf(context, id))!.id;
}

/** Members of staff that a text means (按邮箱、手机或姓名找员工): by e-mail or phone, else by exact name. */
export async function staffSaid({ transaction, tenantId }: Context, text: string): Promise<{ id: string; name: string; active: boolean }[]> {
  const columns = ['id', 'name', 'active'] as const;
  const from = build.selectFrom('staff').select(columns).where('tenant_id', '=', tenantId);
  const direct = text.includes('@') ? from.where('email', '=', text.toLowerCase()) : /^[+\d\s()-]{3,}$/.test(text) ? from.where('phone', '=', normalisePhone(text)) : isId(text) ? from.where('id', '=', text) : null;
  return direct ? transaction.run(direct) : transaction.run(from.where('name', '=', text).limit(2));
}
