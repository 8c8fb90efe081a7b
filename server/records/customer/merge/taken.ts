import { joinTags, liftLayers, type MergeLayer, type MergeLayers } from '../../../../rules/customers/merge-layers.ts';
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
/** Lets the customer that stays take over parts of the one that is merged (合并取值); what is remembered for taking it back. */
export async function takeOver(context: Context, source: CustomerRow, target: CustomerRow, parts: readonly MergeablePart[]): Promise<MergeLayers | null> {
  const patch: Record<string, unknown> = {};
  const layers: Record<string, MergeLayer> = {};
  for (const column of parts.flatMap((part) => columnsOf[part])) {
    const value = column === 'tags' ? joinTags(target.tags, source.tags) : source[column];
    // Also what is the same already: it has to stay when the merge it came from is undone.
    layers[column] = { before: plain(target[column]), after: plain(value), ...(column === 'tags' ? { brought: source.tags } : {}) };
    if (!same(value, target[column])) patch[column] = value;
  }
  if (Object.keys(patch).length > 0) await write(context, target, patch);
  return Object.keys(layers).length > 0 ? layers : null;
}

/** Puts back what was taken over from a merged customer (撤销取值), whatever was merged after it, as far as nobody has changed it since. */
export async function giveBack(context: Context, source: { id: string; merged_into: string; merged_at: Date }, target: CustomerRow, taken: MergeLayers): Promise<void> {
  const { transaction, tenantId } = context;
  const later = await transaction.run(build.selectFrom('customer').select(['id', 'merge_taken']).where('tenant_id', '=', tenantId).where('merged_into', '=', source.merged_into).where('merge_taken', 'is not', null)
    .where((is) => is.or([is('merged_at', '>', source.merged_at), is.and([is('merged_at', '=', source.merged_at), is('id', '>', source.id)])])).orderBy('merged_at').orderBy('id').forNoKeyUpdate());
  const present = Object.fromEntries(Object.keys(taken).map((column) => [column, plain(target[column as keyof CustomerPatch])]));
  const lifted = liftLayers(present, taken, later.map((row) => row.merge_taken as unknown as MergeLayers));
  for (const [index, layers] of lifted.later.entries()) {
    if (same(layers, later[index]!.merge_taken)) continue;
    await transaction.run(build.updateTable('customer').set({ merge_taken: JSON.stringify(layers) }).where('tenant_id', '=', tenantId).where('id', '=', later[index]!.id));
  }
  const patch = Object.fromEntries(Object.entries(lifted.patch).map(([column, value]) => [column, column.startsWith('id_number') && typeof value === 'string' ? Buffer.from(value, 'hex') : value]));
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

/** Bytes stand as hexadecimal digits. */
const plain = (value: unknown): unknown => (Buffer.isBuffer(value) ? value.toString('hex') : value);
const same = (a: unknown, b: unknown): boolean => JSON.stringify(plain(a)) === JSON.stringify(plain(b));
