import { weighedFactors, type DispatchWeights, type WeighedFactor } from '../../../contract/dispatch.ts';
import { scoreFactors, usualWeights, type ScoreWeights } from '../../../rules/routing/propose.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { invalidInput } from '../../platform/errors/refusal.ts';

export type TeamWeights = DispatchWeights['weights'];

/** What a team weighs (派单权重): its own, else the usual. */
export async function weightsOf({ tenantId, transaction }: Pick<Context, 'tenantId' | 'transaction'>, teamId: string | null): Promise<{ weights: ScoreWeights; own: boolean; version: number }> {
  const row = teamId === null ? undefined : await transaction.first(build.selectFrom('dispatch_weights').select(['weights', 'version']).where('tenant_id', '=', tenantId).where('team_id', '=', teamId));
  // Taken back, the row stays for its version.
  if (!row || row.weights === null) return { weights: usualWeights, own: false, version: row?.version ?? 0 };
  return { weights: completed(row.weights as TeamWeights), own: true, version: row.version };
}

/** With what was not entered as usual. */
export const completed = (weights: Partial<Record<WeighedFactor, number | undefined>>): ScoreWeights =>
  Object.fromEntries(scoreFactors.map((factor) => [factor, weights[factor] ?? usualWeights[factor]])) as Record<(typeof scoreFactors)[number], number>;

/** Those that a team can weigh. */
export const weighable = (weights: ScoreWeights): TeamWeights => Object.fromEntries(weighedFactors.map((factor) => [factor, weights[factor]])) as TeamWeights;

/** Refuses weights of which none counts. */
export function ensureSomethingCounts(weights: TeamWeights): void {
  if (weighedFactors.every((factor) => weights[factor] === 0)) throw invalidInput('/weights', 'minimum', { zh: '至少一项大于 0', en: 'At least one must be above 0' });
}
