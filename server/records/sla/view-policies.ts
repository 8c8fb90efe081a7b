import type { Selectable } from 'kysely';
import type { DefinitionProblem } from '../../../contract/calendar.ts';
import { describeFilterProblem } from '../../../contract/filter-problems.ts';
import { noticeChannels } from '../../../contract/notice.ts';
import type { Policy, PolicyDefinition } from '../../../contract/sla.ts';
import { checkPolicy, checkPolicyOrder, describeSlaProblem, slaProblems, type MentionedKind } from '../../../rules/sla/check-policy.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import type { SlaPolicyTable } from '../../platform/db/tables.ts';
import { isId } from '../../platform/db/uuid.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { configurationOf } from '../organization/configuration.ts';
import { conditionSurroundings, slaPolicy } from './active-policies.ts';

/** A policy as it lies in the database. */
export type PolicyRow = Omit<Selectable<SlaPolicyTable>, 'draft' | 'definition'> & { draft: PolicyDefinition | null; definition: PolicyDefinition | null };

/** All that is wrong with a definition (策略校验): in itself, and with the calendars it names; in the reader's language. */
export async function problemsOfPolicy(context: Context, definition: PolicyDefinition): Promise<DefinitionProblem[]> {
  const configuration = await configurationOf(context);
  const { properties } = conditionSurroundings(configuration);
  // Not by what is kept in memory: this may run in the transaction that changes a calendar.
  const calendars = new Set((await context.transaction.run(build.selectFrom('business_calendar').select('id').where('tenant_id', '=', context.tenantId)
    .where('archived', '=', false).where('definition', 'is not', null))).map((row) => row.id));
  const policy = slaPolicy({ id: 'checked', name: 'checked', nameEn: null, version: 1, active: true }, definition);
  const reader = context.language === 'en' ? 'en' : 'zh';
  // What does not exist would be told nobody, in silence.
  const ids = new Set((definition.targets ?? []).flatMap((target) => (target.ladder ?? []).flatMap(({ whom }) => whom.flatMap((one) => ('id' in one && isId(one.id) ? [one.id] : [])))));
  const [people, roles] = ids.size === 0 ? [[], []] : await Promise.all((['staff', 'role'] as const).map((table) => context.transaction.run(build.selectFrom(table).select('id').where('tenant_id', '=', context.tenantId).where('id', 'in', [...ids]))));
  const known: Record<MentionedKind, ReadonlySet<string>> = {
    staff: new Set(people!.map((row) => row.id)), role: new Set(roles!.map((row) => row.id)), team: new Set(configuration.teams.keys()), type: new Set(configuration.types.keys()), status: new Set(configuration.statuses.keys()), channel: new Set(noticeChannels),
  };
  return checkPolicy(policy, { properties, isCalendar: (id) => calendars.has(id), isKnown: (what, id) => known[what].has(id) }).slice(0, 50).map((problem) => ({
    path: problem.path || '/', code: problem.code,
    message: problem.path.startsWith('/condition') && !(problem.code in slaProblems) ? describeFilterProblem(problem)[reader] : describeSlaProblem(problem, reader),
  }));
}

/** Policies as those who keep them see them (策略视图). */
export async function viewPolicies(context: Context, rows: readonly PolicyRow[]): Promise<Policy[]> {
  const covered = await coveredPolicies(context);
  const views: Policy[] = [];
  for (const row of rows) {
    const shown = row.draft ?? row.definition;
    views.push({
      id: row.id, name: row.name, nameEn: row.name_en, position: row.position, enabled: row.enabled, archived: row.archived, definition: row.definition, draft: row.draft, publishedVersion: row.published_version,
      problems: shown ? await problemsOfPolicy(context, shown) : [], neverReached: covered.get(row.id) ?? null, updatedAt: row.updated_at.toISOString(), version: row.version,
    });
  }
  return views;
}

/** Of the policies in use those whose turn never comes, and the one that takes their tickets. */
async function coveredPolicies(context: Context): Promise<Map<string, string>> {
  const rows = (await listInOrder(context)).filter((row) => row.definition !== null);
  const policies = rows.map((row) => slaPolicy({ id: row.id, name: row.name, nameEn: row.name_en, version: 1, active: row.enabled }, row.definition!));
  return new Map(checkPolicyOrder(policies).map((problem) => [rows[Number(problem.path.slice(1))]!.id, String(problem.params?.['by'] ?? '')]));
}

/** All policies in use, in their order. */
export async function listInOrder(context: Pick<Context, 'transaction' | 'tenantId'>): Promise<PolicyRow[]> {
  return await context.transaction.run(build.selectFrom('sla_policy').selectAll().where('tenant_id', '=', context.tenantId).where('archived', '=', false).orderBy('position').orderBy('id')) as unknown as PolicyRow[];
}

/** One policy; locked when it is about to be changed. */
export async function findPolicy(context: Pick<Context, 'transaction' | 'tenantId'>, id: string, { change = false } = {}): Promise<PolicyRow> {
  const select = build.selectFrom('sla_policy').selectAll().where('tenant_id', '=', context.tenantId).where('id', '=', id);
  const row = await context.transaction.first(change ? select.forNoKeyUpdate() : select);
  if (!row) throw new Refusal('not_found');
  return row as unknown as PolicyRow;
}
