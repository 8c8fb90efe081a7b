import type { MergeablePart } from '../../../../contract/customer.ts';
import type { Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { recordFact } from '../../../platform/facts/fact.ts';
import type { CustomerPatch } from '../profile.ts';
import { inFact } from '../update-customer.ts';
import type { CustomerRow } from '../view-customer.ts';

const columnsOf: Record<MergeablePart, readonly (keyof CustomerPatch)[]> = {
  name: ['name'], tier: ['tier'], address: ['address', 'lat', 'lng'], account: ['account_id', 'account_role'], language: ['language'], tags: ['tags'], idNumber: ['id_number', 'id_number_digest'],
};
const mostTags = 20;

/** By column: what stood there before the merge, and since. Bytes stand as hexadecimal digits. */
type Taken = Partial<Record<keyof CustomerPatch, { before: unknown; after: unknown }>>;

/** Lets the customer that stays take over parts of the one that is merged (合并取值); what is remembered for taking it back. */
export async function takeOver(context: Context, source: CustomerRow, target: CustomerRow, parts: readonly MergeablePart[]): Promise<Taken | null> {
  const patch: Record<string, unknown> = {};
  for (const column of parts.flatMap((part) => columnsOf[part])) {
    const value = column === 'tags' ? [...new Set([...target.tags, ...source.tags])].slice(0, mostTags) : source[column];
    if (!same(value, target[column])) patch[column] = value;
  }
  if (Object.keys(patch).length === 0) return null;
  await write(context, target, patch);
  return Object.fromEntries(Object.entries(patch).map(([column, value]) => [column, { before: plain(target[column as keyof CustomerPatch]), after: plain(value) }]));
}

/** Puts back what was taken over (撤销取值), as far as nobody has changed it since. */
export async function giveBack(context: Context, target: CustomerRow, taken: Taken): Promise<void> {
  const patch: Record<string, unknown> = {};
  for (const [column, { before, after }] of Object.entries(taken)) {
    const present = target[column as keyof CustomerPatch];
    if (same(plain(present), after)) patch[column] = column.startsWith('id_number') && typeof before === 'string' ? Buffer.from(before, 'hex') : before;
  }
  if (Object.keys(patch).length > 0) await write(context, target, patch);
}

async function write(context: Context, target: CustomerRow, patch: Record<string, unknown>): Promise<void> {
  const { transaction, tenantId, now, actor } = context;
  const next = { ...target, ...patch } as CustomerRow;
  await transaction.run(build.updateTable('customer').set({ ...patch, version: target.version + 1 }).where('tenant_id', '=', tenantId).where('id', '=', target.id));
  const columns = (Object.keys(patch) as (keyof CustomerPatch)[]).filter((column) => column !== 'id_number');
  const say = (row: CustomerRow) => Object.fromEntries(columns.map((column) => inFact(context, column, row)));
  await recordFact(transaction, { kind: 'customer.changed', actor, data: { name: next.name, before: say(target), after: say(next), merge: true }, occurredAt: now, recordedAt: now, subjectId: target.id });
}

const plain = (value: unknown): unknown => (Buffer.isBuffer(value) ? value.toString('hex') : value);
const same = (a: unknown, b: unknown): boolean => JSON.stringify(plain(a)) === JSON.stringify(plain(b));
