import { demoCounter, demoPolicies } from '../../schema/seed/demo/promises.ts';
import { build, type Transaction } from '../platform/db/database.ts';
import { newId } from '../platform/db/uuid.ts';
import { raiseCalendarsVersion } from '../records/calendar/active-calendars.ts';
import { raisePoliciesVersion } from '../records/sla/active-policies.ts';
import { insertCalendar } from './insert-calendars.ts';

/** So far back tickets have clocks: what is older is history, and nobody is to be told of it. */
const hours = 48;

/** The calendars and SLA policies of the demonstration company; the clocks come of its facts, as everywhere. */
export async function insertPromises(transaction: Transaction, now: Date): Promise<void> {
  const tenant_id = transaction.tenantId;
  const rows = await transaction.run(build.selectFrom('business_calendar').select(['id', 'key']).where('tenant_id', '=', tenant_id));
  const counter = newId(now.getTime());
  await insertCalendar(transaction, { id: counter, key: 'service_counter', name: '服务中心营业时间', nameEn: 'Service centre', isDefault: false }, demoCounter, now);
  await raiseCalendarsVersion(transaction);
  const idOf = (key: string) => (key === 'service_counter' ? counter : rows.find((row) => row.key === key)!.id);
  for (const [position, { name, nameEn, definition }] of demoPolicies(idOf).entries()) {
    const id = newId(now.getTime());
    const said = JSON.stringify(definition);
    await transaction.run(build.insertInto('sla_policy').values({ tenant_id, id, name, name_en: nameEn, position, enabled: true, definition: said, published_version: 1, created_at: now, updated_at: now }));
    await transaction.run(build.insertInto('sla_policy_version').values({ tenant_id, policy_id: id, number: 1, name, name_en: nameEn, definition: said, published_at: now }));
  }
  await raisePoliciesVersion(transaction, new Date(now.getTime() - hours * 3_600_000));
}
