import { systemActor, type Context, type Services } from '../../platform/context.ts';
import { sharedStatement, type Transaction } from '../../platform/db/database.ts';

const find = sharedStatement<object, { configuration_version: number; language: string }>('organization.own_context', `
  SELECT given.place, o.configuration_version, o.language FROM json_to_recordset($2) AS given (place integer) CROSS JOIN (SELECT configuration_version, language FROM organization WHERE tenant_id = $1) o`);

/** The program's own context in an organization (系统上下文): in its language, with no caller. */
export async function ownContext(services: Services, transaction: Transaction, now: Date): Promise<Context> {
  const [organization] = await transaction.queryTogether(find, {});
  return {
    tenantId: transaction.tenantId, transaction, now, services, configurationVersion: organization?.configuration_version ?? 0, caller: { kind: 'nobody' }, actor: systemActor,
    language: organization?.language === 'en' ? 'en' : 'zh-CN', requestId: '', remoteAddress: '', csrfToken: null, userAgent: '',
  };
}
