import { Closed, Id, PageQuery, limits } from '../../../contract/common.ts';
import { ListPolicies, Policy, PolicyPage, PolicyVersionPage, type PolicyDefinition } from '../../../contract/sla.ts';
import { build } from '../../platform/db/database.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { findPolicy, viewPolicies, type PolicyRow } from './view-policies.ts';

const params = Closed({ id: Id });

/** The policies in the order in which they are tried (策略列表). */
export const listPolicies = useCase({
  summary: 'List SLA policies',
  query: ListPolicies,
  answer: PolicyPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.page;
    let wanted = build.selectFrom('sla_policy').selectAll().where('tenant_id', '=', context.tenantId).where('archived', '=', query.archived ?? false);
    if (query.cursor !== undefined) {
      const [position, id] = readCursor(query.cursor, 'sla_policy');
      const place = Number(position) || 0;
      wanted = wanted.where((where) => where.or([where('position', '>', place), where.and([where('position', '=', place), where('id', '>', id)])]));
    }
    const rows = await context.transaction.run(wanted.orderBy('position').orderBy('id').limit(limit + 1)) as unknown as PolicyRow[];
    const last = rows[limit - 1];
    return { items: await viewPolicies(context, rows.slice(0, limit)), nextCursor: rows.length > limit && last ? writeCursor('sla_policy', [String(last.position), last.id]) : null };
  },
});

/** One policy (策略详情). */
export const showPolicy = useCase({
  summary: 'Show an SLA policy',
  params,
  answer: Policy,
  run: async (context, { params: { id } }) => (await viewPolicies(context, [await findPolicy(context, id)]))[0]!,
});

/** What a policy said before, newest first (策略历史版本). */
export const listPolicyVersions = useCase({
  summary: 'List the versions of an SLA policy',
  params,
  query: PageQuery,
  answer: PolicyVersionPage,
  async run(context, { params: { id }, query }) {
    const policy = await findPolicy(context, id);
    const limit = query.limit ?? limits.defaultPage;
    let wanted = build.selectFrom('sla_policy_version').selectAll().where('tenant_id', '=', context.tenantId).where('policy_id', '=', id);
    if (query.cursor !== undefined) wanted = wanted.where('number', '<', Number(readCursor(query.cursor, 'sla_policy_version')[0]) || 0);
    const rows = await context.transaction.run(wanted.orderBy('number', 'desc').limit(limit + 1));
    return {
      items: rows.slice(0, limit).map((row) => ({
        number: row.number, name: row.name, definition: row.definition as unknown as PolicyDefinition, note: row.note, restored: row.restored,
        publishedBy: row.published_by === null ? null : { id: row.published_by, name: row.published_by_name ?? '' }, publishedAt: row.published_at.toISOString(), current: row.number === policy.published_version,
      })),
      nextCursor: rows.length > limit ? writeCursor('sla_policy_version', [String(rows[limit - 1]!.number), id]) : null,
    };
  },
});
