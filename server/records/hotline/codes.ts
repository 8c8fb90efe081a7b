import { sql } from 'kysely';
import { HotlineCodes, UpdateHotlineCodes } from '../../../contract/hotline.ts';
import { Closed, Id } from '../../../contract/common.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal, refuseInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { findChannels } from '../channel/accounts.ts';
import { configurationOf } from '../organization/configuration.ts';
import { findCategory } from '../ticket/references.ts';
import { codesInUse } from './rows.ts';

const mostVersions = 50;
const params = Closed({ id: Id });

async function ensureHotline(context: Context, id: string): Promise<string> {
  const [channel] = await findChannels(context.transaction, [id]);
  if (channel?.kind !== 'hotline' || channel.archived_at) throw new Refusal('not_found');
  return channel.name;
}

async function view(context: Context, accountId: string): Promise<HotlineCodes> {
  const [{ number, codes }, versions] = await Promise.all([
    codesInUse(context.transaction, accountId),
    context.transaction.run(build.selectFrom('hotline_codes').select(['number', 'note', 'created_by_name', 'created_at', sql<number>`jsonb_array_length(codes)`.as('count')]).where('tenant_id', '=', context.tenantId).where('account_id', '=', accountId).orderBy('number', 'desc').limit(mostVersions)),
  ]);
  return {
    version: number, codes, note: versions[0]?.note ?? null,
    versions: versions.map((row) => ({ number: row.number, count: row.count, note: row.note, by: row.created_by_name, createdAt: row.created_at.toISOString() })),
  };
}

/** The hotline's categories and what they are here (查看分类对照表). */
export const showHotlineCodes = useCase({
  summary: 'Show what the categories of a hotline are here',
  params,
  answer: HotlineCodes,
  async run(context, { params: { id } }) {
    await ensureHotline(context, id);
    return view(context, id);
  },
});

/** Writes the table anew, as a further version (更新分类对照表): what came before stays as it was read then. */
export const updateHotlineCodes = useCase({
  summary: 'Say what the categories of a hotline are here',
  params,
  body: UpdateHotlineCodes,
  answer: HotlineCodes,
  versioned: true,
  async run(context, { params: { id }, body, ifMatch }) {
    const { tenantId, transaction, now, actor } = context;
    await transaction.run(build.selectFrom('channel_account').select('id').where('tenant_id', '=', tenantId).where('id', '=', id).forNoKeyUpdate());
    const name = await ensureHotline(context, id);
    const before = await codesInUse(transaction, id);
    if (ifMatch !== null && ifMatch !== before.number) throw new Refusal('stale_version');
    const codes = body.codes.map((line) => ({ ...line, code: line.code.trim(), name: line.name.trim() }));
    const twice = codes.findIndex((line, index) => codes.findIndex((other) => other.code === line.code) !== index);
    if (twice >= 0) throw refuseInput(`/codes/${twice}/code`, 'name_taken', { field: { zh: '分类代码', en: 'The code' } });
    const configuration = await configurationOf(context);
    for (const line of codes) if (line.category !== null) findCategory(configuration, line.category);
    if (JSON.stringify(codes) === JSON.stringify(before.codes)) return view(context, id);
    await transaction.run(build.insertInto('hotline_codes').values({ tenant_id: tenantId, account_id: id, number: before.number + 1, codes: JSON.stringify(codes), note: body.note?.trim() || null, created_by: actor.id, created_by_name: actor.name, created_at: now }));
    await recordFact(transaction, { kind: 'hotline.codes_changed', subjectId: id, actor, occurredAt: now, recordedAt: now, data: { name, before: { version: before.number, count: before.codes.length }, after: { version: before.number + 1, count: codes.length } } });
    return view(context, id);
  },
});
