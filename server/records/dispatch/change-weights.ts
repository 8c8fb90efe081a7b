import { Closed, Id } from '../../../contract/common.ts';
import { DispatchWeights, UpdateDispatchWeights } from '../../../contract/dispatch.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { canonicalJson, recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { nameIn } from '../organization/configuration.ts';
import { ensureVersion } from '../ticket/find.ts';
import { completed, ensureSomethingCounts, weighable, weightsOf } from './weights.ts';

const params = Closed({ id: Id });

/** What a team weighs when somebody is looked for to be sent (班组派单权重). */
export const showDispatchWeights = useCase({
  summary: 'Show what a team weighs in proposals',
  params,
  answer: DispatchWeights,
  run: async (context, { params }) => view(context, await findTeam(context, params.id)),
});

/** Says what a team weighs (修改派单权重), or that it goes by the usual weights again. */
export const updateDispatchWeights = useCase({
  summary: 'Change what a team weighs in proposals',
  params,
  body: UpdateDispatchWeights,
  answer: DispatchWeights,
  versioned: true,
  async run(context, { params, body, ifMatch }) {
    const { tenantId, transaction, now } = context;
    // Locked, so that two who enter the first weights wait for each other.
    const team = await findTeam(context, params.id, true);
    const { weights: before, own, version } = await weightsOf(context, team.id);
    ensureVersion({ version }, ifMatch);
    const given = body.weights && weighable(completed(body.weights));
    if (given) ensureSomethingCounts(given);
    const kept = own ? weighable(before) : null;
    if (canonicalJson(kept) === canonicalJson(given)) return view(context, team);
    const values = { weights: given && JSON.stringify(given), version: version + 1, updated_at: now };
    await transaction.run(build.insertInto('dispatch_weights').values({ tenant_id: tenantId, team_id: team.id, ...values }).onConflict((conflict) => conflict.columns(['tenant_id', 'team_id']).doUpdateSet(values)));
    await recordFact(transaction, {
      kind: 'dispatch.weights_changed', actor: context.actor, data: { teamName: team.name, before: kept, after: given }, occurredAt: now, recordedAt: now, subjectId: team.id,
    });
    return view(context, team);
  },
});

interface Team { id: string; name: string; name_en: string | null }

/** A team in use; locked, when it is about to be changed. */
export async function findTeam({ tenantId, transaction }: Pick<Context, 'tenantId' | 'transaction'>, id: string, lock = false): Promise<Team> {
  const select = build.selectFrom('team').select(['id', 'name', 'name_en']).where('tenant_id', '=', tenantId).where('id', '=', id);
  const team = await transaction.first(lock ? select.forNoKeyUpdate() : select);
  if (!team) throw new Refusal('not_found');
  return team;
}

async function view(context: Context, team: Team): Promise<DispatchWeights> {
  const { weights, own, version } = await weightsOf(context, team.id);
  return { team: { id: team.id, name: nameIn(context.language, { name: team.name, nameEn: team.name_en }) }, weights: weighable(weights), own, version };
}
