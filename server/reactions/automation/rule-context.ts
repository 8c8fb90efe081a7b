import type { Subject } from '../../../rules/access/policy.ts';
import { permissions, type Permission } from '../../../rules/access/permissions.ts';
import type { Context, Services } from '../../platform/context.ts';
import { build, type Transaction } from '../../platform/db/database.ts';
import type { FactCause } from '../../platform/facts/fact.ts';

// All that one can do with tickets, and what it takes to make one. Not to be told what is masked: what a rule writes, others read.
const granted = (Object.keys(permissions) as Permission[]).filter((permission) => permission.startsWith('ticket.') || ['customer.read', 'asset.read', 'organization.read'].includes(permission));

/** Whoever acts when a rule does (规则的访问身份): all tickets of the organization, as those who may make rules decide about all of them. */
export const ruleSubject = (ruleId: string): Subject => ({
  staffId: ruleId, teamIds: [], departmentIds: [], grants: granted.map((permission) => ({ permission, scope: 'organization' as const })),
});

/** What a use-case is given when a rule does by itself what people do by hand. */
export function ruleContext(services: Services, transaction: Transaction, rule: { id: string; name: string }, cause: FactCause, now: Date, configurationVersion: number): Context {
  return {
    tenantId: transaction.tenantId, transaction: { ...transaction, cause }, now, services, configurationVersion,
    caller: { kind: 'staff', via: 'session', subject: ruleSubject(rule.id), name: rule.name, credentialId: rule.id, expiresAt: null },
    actor: { kind: 'rule', id: rule.id, name: rule.name },
    language: 'zh-CN', requestId: rule.id, remoteAddress: '', csrfToken: null, userAgent: '',
  };
}

/** The version the configuration must at least have. */
export async function configurationVersionOf(transaction: Transaction): Promise<number> {
  return (await transaction.first(build.selectFrom('organization').select('configuration_version').where('tenant_id', '=', transaction.tenantId)))?.configuration_version ?? 0;
}
