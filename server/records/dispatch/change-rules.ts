import { Closed, Id } from '../../../contract/common.ts';
import { DispatchRules, UpdateDispatchRules, usualRules, type DispatchRuleSettings } from '../../../contract/territory.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { nameIn } from '../organization/configuration.ts';
import { ensureVersion } from '../ticket/find.ts';
import { findTeam } from './change-weights.ts';

const params = Closed({ id: Id });

/** What a team keeps to when its work is given out (班组派单规则): the reserve for emergencies, and whether territories bind. */
export const showDispatchRules = useCase({
  summary: 'Show what a team keeps to when its work is given out',
  params,
  answer: DispatchRules,
  run: async (context, { params }) => view(context, await findTeam(context, params.id)),
});

/** Changes what a team keeps to (修改派单规则); visits that are arranged already stay as they are. */
export const updateDispatchRules = useCase({
  summary: 'Change what a team keeps to when its work is given out',
  params,
  body: UpdateDispatchRules,
  answer: DispatchRules,
  versioned: true,
  async run(context, { params, body: { rules }, ifMatch }) {
    const { tenantId, transaction, now } = context;
    // Locked, so that two who enter the first rules wait for each other.
    const team = await findTeam(context, params.id, true);
    const present = (await rulesOf(context, [team.id])).get(team.id);
    const before = present ?? { ...usualRules, version: 0 };
    ensureVersion(before, ifMatch);
    if (before.reservePercent === rules.reservePercent && before.withinTerritory === rules.withinTerritory) return view(context, team);
    const values = { reserve_percent: rules.reservePercent, within_territory: rules.withinTerritory, version: before.version + 1, updated_at: now };
    await transaction.run(build.insertInto('dispatch_rule').values({ tenant_id: tenantId, team_id: team.id, ...values }).onConflict((conflict) => conflict.columns(['tenant_id', 'team_id']).doUpdateSet(values)));
    await recordFact(transaction, {
      kind: 'dispatch.rules_changed', actor: context.actor, occurredAt: now, recordedAt: now, subjectId: team.id,
      data: { teamName: team.name, before: { reservePercent: before.reservePercent, withinTerritory: before.withinTerritory }, after: rules },
    });
    return view(context, team);
  },
});

/** What some teams keep to; those that entered nothing are left out. */
export async function rulesOf({ tenantId, transaction }: Pick<Context, 'tenantId' | 'transaction'>, teamIds: readonly string[]): Promise<Map<string, DispatchRuleSettings & { version: number }>> {
  if (teamIds.length === 0) return new Map();
  const rows = await transaction.run(build.selectFrom('dispatch_rule').select(['team_id', 'reserve_percent', 'within_territory', 'version']).where('tenant_id', '=', tenantId).where('team_id', 'in', [...teamIds]));
  return new Map(rows.map((row) => [row.team_id, { reservePercent: row.reserve_percent, withinTerritory: row.within_territory, version: row.version }]));
}

async function view(context: Context, team: { id: string; name: string; name_en: string | null }): Promise<DispatchRules> {
  const { version, ...rules } = (await rulesOf(context, [team.id])).get(team.id) ?? { ...usualRules, version: 0 };
  return { team: { id: team.id, name: nameIn(context.language, { name: team.name, nameEn: team.name_en }) }, rules, version };
}
