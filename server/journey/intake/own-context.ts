import { systemActor, type Context, type Services } from '../../platform/context.ts';
import { build, type Transaction } from '../../platform/db/database.ts';

/** The program's own context in an organization (系统上下文): in its language, with no caller. */
export async function ownContext(services: Services, transaction: Transaction, now: Date): Promise<Context> {
  const organization = await transaction.first(build.selectFrom('organization').select(['configuration_version', 'language']).where('tenant_id', '=', transaction.tenantId));
  return {
    tenantId: transaction.tenantId, transaction, now, services, configurationVersion: organization?.configuration_version ?? 0, caller: { kind: 'nobody' }, actor: systemActor,
    language: organization?.language === 'en' ? 'en' : 'zh-CN', requestId: '', remoteAddress: '', csrfToken: null, userAgent: '',
  };
}
