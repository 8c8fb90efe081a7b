import { Type } from 'typebox';
import { Closed } from '../../../../contract/common.ts';
import { build } from '../../../platform/db/database.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { recordFact } from '../../../platform/facts/fact.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { configurationOf } from '../../organization/configuration.ts';

/** Signs a customer out (客户退出登录). A session that has ended already is as good as ended by this. */
export const signOutCustomer = useCase({
  summary: 'Sign out as a customer',
  params: Closed({ org: Type.String({ maxLength: 63 }) }),
  answer: null,
  async run(context, { params }) {
    const { caller, transaction, tenantId, actor, now } = context;
    if (caller.kind !== 'customer') return;
    if ((await configurationOf(context)).organization.slug !== params.org) throw new Refusal('not_found');
    const ended = await transaction.run(build.updateTable('session').set({ revoked_at: now })
      .where('tenant_id', '=', tenantId).where('customer_id', '=', caller.customerId).where('id', '=', caller.credentialId).where('revoked_at', 'is', null).returning('id'));
    if (ended.length > 0) await recordFact(transaction, { kind: 'session.ended', actor, data: {}, occurredAt: now, recordedAt: now, subjectId: caller.credentialId });
  },
});
