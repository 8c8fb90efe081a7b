import { Closed, Id } from '../../../contract/common.ts';
import { CustomerDetail, UpdateCustomer } from '../../../contract/customer.ts';
import { maskIdNumber } from '../../../rules/privacy/masks.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { ensureVersion } from '../ticket/find.ts';
import { openIdNumber } from './id-number.ts';
import { ensureNotMerged } from './merge/not-merged.ts';
import { toCustomerPatch, type CustomerPatch } from './profile.ts';
import { lockCustomer, viewCustomerDetail } from './view-detail.ts';
import type { CustomerRow } from './view-customer.ts';

/** Changes a customer's profile (修改客户资料), from the version the caller saw, or takes them out of use. */
export const updateCustomer = useCase({
  summary: 'Change a customer',
  params: Closed({ id: Id }),
  body: UpdateCustomer,
  answer: CustomerDetail,
  versioned: true,
  async run(context, { params, body, ifMatch }) {
    const row = await lockCustomer(context, params.id);
    if (!row) throw new Refusal('not_found');
    ensureVersion(row, ifMatch);
    await ensureNotMerged(context, row);
    return viewCustomerDetail(context, await changeCustomer(context, row, body));
  },
});

/** Writes what a request says to a locked customer and tells of it; the row as it is now, the same one where nothing is new. */
export async function changeCustomer(context: Context, row: CustomerRow, { archived, ...body }: UpdateCustomer): Promise<CustomerRow> {
  const { transaction, tenantId, now, actor } = context;
  const patch = await toCustomerPatch(context, body, row);
  // Sealed anew it never looks the same: the keyed hash tells whether it is.
  if (patch.id_number_digest && row.id_number_digest?.equals(patch.id_number_digest)) {
    delete patch.id_number;
    delete patch.id_number_digest;
  }
  const changed = (Object.keys(patch) as (keyof CustomerPatch)[]).filter((column) => column !== 'id_number' && !same(patch[column], row[column]));
  const archives = archived !== undefined && archived !== (row.archived_at !== null);
  if (changed.length === 0 && !archives) return row;
  const next: CustomerRow = { ...row, ...patch, archived_at: archives ? (archived ? now : null) : row.archived_at, version: row.version + 1 };
  await transaction.run(build.updateTable('customer').set({ ...patch, archived_at: next.archived_at, version: next.version }).where('tenant_id', '=', tenantId).where('id', '=', row.id));
  const fact = { actor, occurredAt: now, recordedAt: now, subjectId: row.id };
  if (changed.length > 0) {
    const say = (from: CustomerRow) => Object.fromEntries(changed.map((column) => inFact(context, column, from)));
    await recordFact(transaction, { ...fact, kind: 'customer.changed', data: { name: next.name, before: say(row), after: say(next) } });
  }
  if (archives) await recordFact(transaction, { ...fact, kind: archived ? 'customer.archived' : 'customer.restored', data: { name: next.name } });
  return next;
}

/** A column as facts say it: an ID number masked. */
export function inFact(context: Context, column: keyof CustomerPatch, row: CustomerRow): [string, unknown] {
  if (column !== 'id_number_digest') return [column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()), row[column]];
  const number = openIdNumber(context.services.secrets, row.id_number);
  return ['idNumber', number === null ? null : maskIdNumber(number)];
}

function same(a: unknown, b: unknown): boolean {
  if (Buffer.isBuffer(a) && Buffer.isBuffer(b)) return a.equals(b);
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
