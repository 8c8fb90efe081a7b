import { standardTiers } from '../../contract/customer.ts';
import { standardRoles } from '../../rules/access/permissions.ts';
import { systemActor } from '../platform/context.ts';
import { build, type Transaction } from '../platform/db/database.ts';
import { newId } from '../platform/db/uuid.ts';
import { recordFact } from '../platform/facts/fact.ts';
import { insertStandardCalendars } from './insert-calendars.ts';

export interface Foundation {
  slug: string;
  name: string;
  timeZone: string;
  /** Host name under which the program is reached; the e-mail channel's address is made of it. */
  host: string;
  now: Date;
}

export interface Founded {
  roleIds: Record<string, string>;
  typeId: string;
}

/**
 * Founds an organization that is usable at once (建立企业): standard roles, a default ticket type with a simple flow, a
 * portal, a web form and an e-mail channel, a round-the-clock and a working-hours calendar (with the public holidays, in China). Departments, teams and
 * people are for the caller to add.
 */
export async function foundOrganization(transaction: Transaction, { slug, name, timeZone, host, now }: Foundation): Promise<Founded> {
  const tenant = transaction.tenantId;
  await transaction.run(build.insertInto('organization').values({ tenant_id: tenant, slug, name, time_zone: timeZone, created_at: now }));
  const roles = standardRoles.map((role) => ({ tenant_id: tenant, id: newId(), key: role.key, name: role.name, name_en: role.nameEn, grants: JSON.stringify(role.grants), created_at: now }));
  await transaction.run(build.insertInto('role').values(roles));
  const typeId = newId();
  await transaction.run(build.insertInto('ticket_type').values({
    tenant_id: tenant, id: typeId, key: 'service_request', name: '服务请求', name_en: 'Service request', is_default: true, created_at: now,
    definition: JSON.stringify({ flow: { steps: ['accept', 'work', 'resolve', 'confirm'] } }),
  }));
  await transaction.run(build.insertInto('form_version').values({ tenant_id: tenant, type_id: typeId, number: 1, form: JSON.stringify({ fields: [] }), published_at: now }));
  await transaction.run(build.insertInto('customer_tier').values(standardTiers.map((tier, position) => ({ tenant_id: tenant, id: newId(), key: tier.key, name: tier.name, name_en: tier.nameEn, important: tier.important ?? false, position, created_at: now }))));
  await transaction.run(build.insertInto('channel_account').values([
    { tenant_id: tenant, id: newId(), kind: 'portal', name: '服务门户', address: `/portal/${slug}`, created_at: now },
    { tenant_id: tenant, id: newId(), kind: 'web', name: '网页表单', address: `/portal/${slug}`, created_at: now },
    { tenant_id: tenant, id: newId(), kind: 'email', name: '服务邮箱', address: `${slug}@${host}`, active: false, created_at: now },
  ]));
  await insertStandardCalendars(transaction, timeZone, now);
  await recordFact(transaction, { kind: 'organization.created', actor: systemActor, data: { name, slug }, occurredAt: now, recordedAt: now });
  return { roleIds: Object.fromEntries(roles.map((role) => [role.key, role.id])), typeId };
}
