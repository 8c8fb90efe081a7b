import { MatchingSettings, UpdateMatchingSettings } from '../../../contract/collaboration.ts';
import type { Context } from '../../platform/context.ts';
import { build, type Transaction } from '../../platform/db/database.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { differencesOf } from '../organization/changes.ts';
import { ensureVersion } from './find.ts';

const standard: Omit<MatchingSettings, 'version'> = { hours: 72, crowd: { people: 3, hours: 24 }, storm: { alarms: 10, minutes: 10 } };

/** When tickets are proposed as one, or as many of one cause (查重设置), as the organization has it or as all do. */
export async function matchingSettingsOf(transaction: Transaction): Promise<MatchingSettings> {
  const row = await transaction.first(build.selectFrom('matching_setting').select(['settings', 'version']).where('tenant_id', '=', transaction.tenantId));
  return { ...standard, ...row?.settings as Partial<MatchingSettings> | undefined, version: row?.version ?? 0 };
}

export const showMatchingSettings = useCase({ summary: 'Show when tickets are proposed as one', answer: MatchingSettings, run: (context: Context) => matchingSettingsOf(context.transaction) });

export const updateMatchingSettings = useCase({
  summary: 'Change when tickets are proposed as one',
  body: UpdateMatchingSettings,
  answer: MatchingSettings,
  versioned: true,
  async run(context, { body, ifMatch }) {
    const { tenantId, transaction, now } = context;
    await transaction.run(build.selectFrom('organization').select('tenant_id').where('tenant_id', '=', tenantId).forNoKeyUpdate());
    const { version, ...before } = await matchingSettingsOf(transaction);
    ensureVersion({ version }, ifMatch);
    const next = { hours: body.hours ?? before.hours, crowd: body.crowd ?? before.crowd, storm: body.storm === undefined ? before.storm : body.storm };
    const difference = differencesOf(before, next);
    if (!difference) return { ...before, version };
    const settings = JSON.stringify(next);
    await transaction.run(build.insertInto('matching_setting').values({ tenant_id: tenantId, settings, version: 1, updated_at: now })
      .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet({ settings, version: version + 1, updated_at: now })));
    await recordFact(transaction, { kind: 'matching_setting.changed', actor: context.actor, data: { ...difference }, occurredAt: now, recordedAt: now });
    return matchingSettingsOf(transaction);
  },
});
