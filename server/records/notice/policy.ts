import { NoticePolicy, UpdateNoticePolicy } from '../../../contract/notice.ts';
import type { Context } from '../../platform/context.ts';
import { build, type Transaction } from '../../platform/db/database.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { differencesOf } from '../organization/changes.ts';
import { ensureVersion } from '../ticket/find.ts';

const standard: Omit<NoticePolicy, 'version'> = { escalateAfterMinutes: 10, ladder: ['lead', 'manager'] };

/** What happens when nobody answers something urgent (升级通知策略), as the organization has it or as all do. */
export async function policyOf(transaction: Transaction): Promise<NoticePolicy> {
  const row = await transaction.first(build.selectFrom('notice_policy').select(['settings', 'version']).where('tenant_id', '=', transaction.tenantId));
  return { ...standard, ...row?.settings as Partial<NoticePolicy> | undefined, version: row?.version ?? 0 };
}

export const showNoticePolicy = useCase({ summary: 'Show what happens when nobody answers an urgent notice', answer: NoticePolicy, run: (context: Context) => policyOf(context.transaction) });

export const updateNoticePolicy = useCase({
  summary: 'Change what happens when nobody answers an urgent notice',
  body: UpdateNoticePolicy,
  answer: NoticePolicy,
  versioned: true,
  async run(context, { body, ifMatch }) {
    const { tenantId, transaction, now } = context;
    await transaction.run(build.selectFrom('organization').select('tenant_id').where('tenant_id', '=', tenantId).forNoKeyUpdate());
    const before = await policyOf(transaction);
    ensureVersion(before, ifMatch);
    const next = { escalateAfterMinutes: body.escalateAfterMinutes === undefined ? before.escalateAfterMinutes : body.escalateAfterMinutes, ladder: body.ladder ?? before.ladder };
    const difference = differencesOf({ escalateAfterMinutes: before.escalateAfterMinutes, ladder: before.ladder }, next);
    if (!difference) return before;
    const settings = JSON.stringify(next);
    await transaction.run(build.insertInto('notice_policy').values({ tenant_id: tenantId, settings, version: 1, updated_at: now })
      .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet({ settings, version: before.version + 1, updated_at: now })));
    await recordFact(transaction, { kind: 'notice_policy.changed', actor: context.actor, data: { ...difference }, occurredAt: now, recordedAt: now });
    return policyOf(transaction);
  },
});
