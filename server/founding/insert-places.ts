import type { DemoCompany } from '../../schema/seed/demo/index.ts';
import { build, type Transaction } from '../platform/db/database.ts';
import { newId } from '../platform/db/uuid.ts';

const kinds: Readonly<Record<string, string>> = { residential: 'community', office: 'building', retail: 'building' };
const rowsAtOnce = 200;

/**
 * What the demonstration company knows of its places and people beyond their names (演示数据): each community as an account
 * with its buildings as sites, assets where they stand, notes and tags, somebody who was entered twice and was merged, and
 * somebody who still waits to be.
 */
export async function insertPlaces(transaction: Transaction, company: DemoCompany, idOf: (key: string) => string | undefined, now: Date): Promise<void> {
  const tenant_id = transaction.tenantId;
  const ago = (days: number) => new Date(now.getTime() - days * 86_400_000);
  const insert = async (table: Parameters<typeof build.insertInto>[0], rows: Record<string, unknown>[]) => {
    for (let at = 0; at < rows.length; at += rowsAtOnce) await transaction.run(build.insertInto(table).values(rows.slice(at, at + rowsAtOnce) as never));
  };
  const accounts = new Map(company.places.map((place) => [place.key, newId()]));
  const sites = new Map(company.places.flatMap((place) => place.buildings.map((building) => [`${place.key} ${building.key}`, newId()] as const)));
  await insert('account', company.places.map((place) => ({ tenant_id, id: accounts.get(place.key), name: place.name, kind: kinds[place.kind] ?? 'building', code: place.code, address: place.address, description: `${place.builtYear} 年交付`, created_at: ago(395) })));
  await insert('site', company.places.flatMap((place) => place.buildings.map((building) => ({
    tenant_id, id: sites.get(`${place.key} ${building.key}`), account_id: accounts.get(place.key), name: building.name, address: `${place.address}${building.name}`, lat: building.location.lat, lng: building.location.lng,
    contact_name: '门岗', contact_phone: '057188880000', access_notes: `从${place.gates[0] ?? '正门'}进，门岗登记`, created_at: ago(395),
  }))));
  for (const asset of company.assets) {
    const siteId = asset.buildingKey === null ? null : sites.get(`${asset.placeKey} ${asset.buildingKey}`) ?? null;
    await transaction.run(build.updateTable('asset')
      .set({ account_id: accounts.get(asset.placeKey) ?? null, site_id: siteId, installed_on: asset.installedOn, attributes: JSON.stringify({ 位置: asset.spot }) as never })
      .where('tenant_id', '=', tenant_id).where('id', '=', idOf(`asset ${asset.code}`)!));
  }
  const agent = company.staff.find((person) => person.role === 'agent')!;
  for (const customer of company.customers) {
    const tags = [...(customer.kind === 'tenant' ? ['租户'] : customer.kind === 'owner' ? ['业主'] : []), ...(customer.elderly ? ['老人'] : [])];
    await transaction.run(build.updateTable('customer').set({ language: customer.language, tags, account_role: customer.kind === 'company-contact' ? '行政联系人' : null }).where('tenant_id', '=', tenant_id).where('id', '=', idOf(`customer ${customer.key}`)!));
  }
  await insert('customer_note', company.customers.filter((customer) => customer.note !== null).map((customer, index) => ({
    tenant_id, id: newId(), customer_id: idOf(`customer ${customer.key}`), body: customer.note, author_id: idOf(`staff ${agent.key}`), author_name: agent.name, pinned: index % 4 === 0, created_at: ago(index % 90 + 1),
  })));
  // Reported once from another phone, and entered anew.
  const twice = company.customers.filter((customer) => customer.kind === 'owner' && customer.phone !== null).slice(3, 5);
  await insert('customer', twice.map((customer, index) => ({
    tenant_id, id: newId(), name: customer.name, address: customer.home.address, created_at: ago(30 + index), language: customer.language,
    ...(index === 0 ? { merged_into: idOf(`customer ${customer.key}`), merged_at: ago(20), merged_by: idOf(`staff ${agent.key}`), merged_by_name: agent.name } : {}),
  })));
}
