import { demoOrders } from '../../schema/seed/demo/orders.ts';
import { sampleAccess } from '../connectors/sample/sample-services.ts';
import { systemActor, type Services } from '../platform/context.ts';
import { build, everyTenant, type Transaction } from '../platform/db/database.ts';
import { idOf, newId } from '../platform/db/uuid.ts';
import { purpose } from '../records/connector/connectors.ts';
import { raiseConfigurationVersion } from '../records/organization/configuration.ts';
import { insertNewTicket } from '../records/ticket/insert.ts';
import { nextNumber } from '../records/ticket/numbers.ts';
import { priorityRank } from '../records/ticket/row.ts';

/**
 * Connects the demonstration company to the sample services (演示数据补全): on its first start with a type of ticket and some tickets that want completing, on every start with
 * where the services listen this time. Whatever was changed there since stays.
 */
export async function connectSamples({ database, clock, secrets }: Pick<Services, 'database' | 'clock' | 'secrets'>, url: string): Promise<void> {
  const tenantId = await database.transact(everyTenant, async (transaction) => (await transaction.first(build.selectFrom('organization').select('tenant_id').where('slug', '=', 'anju')))?.tenant_id);
  if (tenantId === undefined) return;
  const now = clock.now();
  const [orders, parcels] = [idOf(`${tenantId} sample orders`), idOf(`${tenantId} sample parcels`)];
  const settings = {
    [orders]: { url: `${url}/orders/{{fields.orderNo}}`, method: 'GET', bodyType: 'json', auth: 'oauth2', tokenUrl: `${url}/token`, clientId: sampleAccess.clientId, succeeds: 'code=0', cacheSeconds: '300', timeoutSeconds: '10' },
    [parcels]: { customer: sampleAccess.customer, company: '{{fields.courier}}', number: '{{fields.trackingNo}}', baseUrl: url, cacheSeconds: '600', timeoutSeconds: '10' },
  };
  const number = await nextNumber(database, tenantId, now, 'Asia/Shanghai');
  await database.transact(tenantId, async (transaction) => {
    await transaction.run(build.selectFrom('organization').select('tenant_id').where('tenant_id', '=', tenantId).forNoKeyUpdate());
    const present = await transaction.run(build.selectFrom('connector').select(['id', 'settings']).where('tenant_id', '=', tenantId).where('id', 'in', [orders, parcels]));
    for (const { id, settings: kept } of present) {
      const origin = (address: string | undefined) => address?.replace(/^http:\/\/127\.0\.0\.1:\d+(?=\/|$)/, url);
      const { url: at, tokenUrl, baseUrl } = kept as Record<string, string>;
      const moved = { ...(kept as object), ...(at ? { url: origin(at) } : {}), ...(tokenUrl ? { tokenUrl: origin(tokenUrl) } : {}), ...(baseUrl ? { baseUrl: origin(baseUrl) } : {}) };
      await transaction.run(build.updateTable('connector').set({ settings: JSON.stringify(moved) }).where('tenant_id', '=', tenantId).where('id', '=', id));
    }
    if (present.length > 0) return;
    const typeId = await insertType(transaction, now);
    const connector = { tenant_id: tenantId, type_id: typeId, created_at: now };
    const sealed = (values: object) => secrets.seal(purpose, JSON.stringify(values));
    await transaction.run(build.insertInto('connector').values([
      { ...connector, id: orders, kind: 'http', name: demoOrders.connectors.orders.name, settings: JSON.stringify(settings[orders]), sealed: sealed({ clientSecret: sampleAccess.clientSecret }), mapping: JSON.stringify(demoOrders.connectors.orders.mapping) },
      { ...connector, id: parcels, kind: 'kuaidi100', name: demoOrders.connectors.parcels.name, settings: JSON.stringify(settings[parcels]), sealed: sealed({ key: sampleAccess.key }), mapping: JSON.stringify(demoOrders.connectors.parcels.mapping) },
    ]));
    for (const [at, ticket] of demoOrders.tickets.entries()) {
      await insertNewTicket({ tenantId, transaction, now, actor: systemActor }, {
        id: newId(now.getTime()), number: at === 0 ? number : await nextNumber(database, tenantId, now, 'Asia/Shanghai'), type_id: typeId, subject: ticket.subject, description: ticket.description, status: 'new', priority: priorityRank('normal'),
        priority_explanation: { score: 0, overridden: false, factors: [] }, channel: 'console', category_id: null, department_id: null, team_id: null, assignee_id: null, customer_id: null, contact_name: ticket.contact, contact_phone: null, contact_email: null,
        asset_id: null, address: null, lat: null, lng: null, fields: { orderNo: ticket.orderNo }, tags: [],
      });
    }
    await raiseConfigurationVersion(transaction);
  });
}

async function insertType(transaction: Transaction, now: Date): Promise<string> {
  const tenant_id = transaction.tenantId;
  const id = newId(now.getTime());
  const { key, name, nameEn, description, form } = demoOrders.type;
  await transaction.run(build.insertInto('ticket_type').values({ tenant_id, id, key, name, name_en: nameEn, description, offered: false, position: 9, definition: JSON.stringify({ flow: { steps: ['accept', 'work', 'resolve', 'confirm'] } }), created_at: now }));
  await transaction.run(build.insertInto('form_version').values({ tenant_id, type_id: id, number: 1, form: JSON.stringify(form), published_at: now }));
  return id;
}
