import type { Subject } from '../../../../rules/access/policy.ts';
import { permissions, type Permission } from '../../../../rules/access/permissions.ts';
import type { Context, Services } from '../../../platform/context.ts';
import { build, type Transaction } from '../../../platform/db/database.ts';

const granted = (Object.keys(permissions) as Permission[]).filter((permission) => permission.startsWith('ticket.') || permission === 'customer.read' || permission === 'asset.read' || permission === 'organization.read');
const nobody = '00000000-0000-0000-0000-000000000000';
const subject: Subject = { staffId: nobody, teamIds: [], departmentIds: [], grants: granted.map((permission) => ({ permission, scope: 'organization' as const })) };

/**
 * What a flow does, it does as the program itself (流程的身份): its definition was published by somebody who may decide about
 * all tickets of its types, and whoever completed the step before needs no right to what follows.
 */
export function flowContext(from: Pick<Context, 'transaction' | 'now' | 'configurationVersion' | 'language' | 'requestId'> & { services?: Services }, flowName: string): Context {
  const context: Omit<Context, 'services'> = {
    tenantId: from.transaction.tenantId, transaction: from.transaction, now: from.now, configurationVersion: from.configurationVersion, language: from.language, requestId: from.requestId,
    caller: { kind: 'staff', via: 'session', subject, name: flowName, credentialId: nobody, expiresAt: null }, actor: { kind: 'system', id: null, name: flowName },
    remoteAddress: '', csrfToken: null, userAgent: '',
  };
  // A flow that a timer woke may start another one: what stands there is no value then.
  const services = Object.getOwnPropertyDescriptor(from, 'services')?.value as Services | undefined;
  if (services) return { ...context, services };
  return Object.defineProperty(context, 'services', {
    get: (): Services => {
      throw new Error('a timer has no services of a request');
    },
  }) as Context;
}

/** The start of a context for work that nobody asked for: timers, readers and jobs. */
export async function ownWork(transaction: Transaction, now: Date, requestId: string, services?: Services): Promise<Parameters<typeof flowContext>[0]> {
  const row = await transaction.first(build.selectFrom('organization').select('configuration_version').where('tenant_id', '=', transaction.tenantId));
  return { transaction, now, configurationVersion: row?.configuration_version ?? 0, language: 'zh-CN', requestId, ...(services ? { services } : {}) };
}
