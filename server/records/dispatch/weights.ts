import { scoreFactors, usualWeights, type ScoreWeights } from '../../../rules/routing/propose.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';

/** What a team weighs (派单权重): its own, else the usual; points by factor, of which the shares count. */
export async function weightsOf({ tenantId, transaction }: Pick<Context, 'tenantId' | 'transaction'>, teamId: string | null): Promise<{ weights: ScoreWeights; own: boolean; version: number }> {
  const row = teamId === null ? undefined : await transaction.first(build.selectFrom('dispatch_weights').select(['weights', 'version']).where('tenant_id', '=', tenantId).where('team_id', '=', teamId));
  if (!row) return { weights: usualWeights, own: false, version: 0 };
  const kept = row.weights as Partial<ScoreWeights>;
  return { weights: Object.fromEntries(scoreFactors.map((factor) => [factor, kept[factor] ?? 0])) as Record<typeof scoreFactors[number], number>, own: true, version: row.version };
}
