import { Closed, Id } from '../../../contract/common.ts';
import { Account, CreateAccount, UpdateAccount } from '../../../contract/customer.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal, refuseInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { findTier } from '../customer/tiers.ts';
import { ensureVersion } from '../ticket/find.ts';
import { findParent } from './tree.ts';
import { viewAccounts, type AccountRow } from './view-account.ts';

type AccountPatch = Partial<Pick<AccountRow, 'name' | 'kind' | 'code' | 'tier' | 'address' | 'description' | 'external_id' | 'parent_id'>>;

/** One account (客户单位详情). */
export const showAccount = useCase({
  summary: 'Show an account',
  params: Closed({ id: Id }),
  answer: Account,
  async run(context, { params }) {
    const row = await context.transaction.first(build.selectFrom('account').selectAll().where('tenant_id', '=', context.tenantId).where('id', '=', params.id));
    if (!row) throw new Refusal('not_found');
    return (await viewAccounts(context, [row]))[0]!;
  },
});

/** Adds an account (新建客户单位). */
export const createAccount = useCase({
  summary: 'Create an account',
  body: CreateAccount,
  answer: Account,
  status: 201,
  run: async (context, { body }) => (await viewAccounts(context, [await addAccount(context, body)]))[0]!,
});

/** Writes a new account as a request says it, and tells of it. */
export async function addAccount(context: Context, body: CreateAccount): Promise<AccountRow> {
  const { transaction, tenantId, now, actor } = context;
  const patch = await toPatch(context, body, null);
  const [row] = await transaction.run(build.insertInto('account')
    .values({ tenant_id: tenantId, id: newId(now.getTime()), kind: 'company', ...patch, name: body.name.trim(), created_at: now }).returningAll());
  await recordFact(transaction, { kind: 'account.created', actor, data: { name: row!.name, accountKind: row!.kind }, occurredAt: now, recordedAt: now, subjectId: row!.id });
  return row!;
}

/** Changes an account (修改客户单位), from the version the caller saw, or takes it out of use. */
export const updateAccount = useCase({
  summary: 'Change an account',
  params: Closed({ id: Id }),
  body: UpdateAccount,
  answer: Account,
  versioned: true,
  async run(context, { params, body, ifMatch }) {
    const row = await context.transaction.first(build.selectFrom('account').selectAll().where('tenant_id', '=', context.tenantId).where('id', '=', params.id).forNoKeyUpdate());
    if (!row) throw new Refusal('not_found');
    ensureVersion(row, ifMatch);
    return (await viewAccounts(context, [await changeAccount(context, row, body)]))[0]!;
  },
});

/** Writes what a request says to a locked account and tells of it; the row as it is now. */
export async function changeAccount(context: Context, row: AccountRow, { archived, ...body }: UpdateAccount): Promise<AccountRow> {
  const { transaction, tenantId, now, actor } = context;
  const patch = await toPatch(context, body, row);
  const changed = (Object.keys(patch) as (keyof AccountPatch)[]).filter((column) => patch[column] !== row[column]);
  const archives = archived !== undefined && archived !== (row.archived_at !== null);
  if (changed.length === 0 && !archives) return row;
  const next: AccountRow = { ...row, ...patch, archived_at: archives ? (archived ? now : null) : row.archived_at, version: row.version + 1 };
  await transaction.run(build.updateTable('account').set({ ...patch, archived_at: next.archived_at, version: next.version }).where('tenant_id', '=', tenantId).where('id', '=', row.id));
  const fact = { actor, occurredAt: now, recordedAt: now, subjectId: row.id };
  const say = (from: AccountRow) => Object.fromEntries(changed.map((column) => [column === 'external_id' ? 'externalId' : column === 'parent_id' ? 'parentId' : column, from[column]]));
  if (changed.length > 0) await recordFact(transaction, { ...fact, kind: 'account.changed', data: { name: next.name, before: say(row), after: say(next) } });
  if (archives) await recordFact(transaction, { ...fact, kind: archived ? 'account.archived' : 'account.restored', data: { name: next.name } });
  return next;
}

async function toPatch(context: Context, body: Partial<CreateAccount>, present: AccountRow | null): Promise<AccountPatch> {
  const patch: AccountPatch = {};
  const text = (value: string | null): string | null => value?.trim() || null;
  if (body.name !== undefined) patch.name = body.name.trim();
  if (body.kind !== undefined) patch.kind = body.kind;
  if (body.tier !== undefined) patch.tier = body.tier === null || body.tier === present?.tier ? body.tier : await findTier(context, body.tier);
  if (body.address !== undefined) patch.address = text(body.address);
  if (body.description !== undefined) patch.description = text(body.description);
  if (body.parentId !== undefined) patch.parent_id = body.parentId === null || body.parentId === present?.parent_id ? body.parentId : await findParent(context, body.parentId, present?.id ?? null);
  if (body.code !== undefined) patch.code = text(body.code);
  if (body.externalId !== undefined) patch.external_id = text(body.externalId);
  for (const [column, path, field] of [['code', '/code', { zh: '单位编号', en: 'The code of the account' }], ['external_id', '/externalId', { zh: '外部编号', en: 'The external id' }]] as const) {
    const value = patch[column];
    if (value === undefined || value === null || value === present?.[column]) continue;
    const other = await context.transaction.first(build.selectFrom('account').select('id').where('tenant_id', '=', context.tenantId).where(column, '=', value));
    if (other) throw refuseInput(path, 'name_taken', { field });
  }
  return patch;
}
