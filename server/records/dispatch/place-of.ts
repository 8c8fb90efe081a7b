import type { Point } from '../../../rules/places/distance.ts';
import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import type { TicketRow } from '../ticket/row.ts';

/**
 * Where the work of a ticket is (作业地点), joined to `t` as `place` with `lat`, `lng` and `of`: its own point, else that of its asset, else that of its customer. Whoever wants
 * to know it asks here, so that nobody is sent to one place and expected at another.
 */
export const placeOfTicket = `
    LEFT JOIN asset place_asset ON t.lat IS NULL AND place_asset.tenant_id = t.tenant_id AND place_asset.id = t.asset_id
    LEFT JOIN customer place_customer ON t.lat IS NULL AND place_asset.lat IS NULL AND place_customer.tenant_id = t.tenant_id AND place_customer.id = t.customer_id
    CROSS JOIN LATERAL (SELECT coalesce(t.lat, place_asset.lat, place_customer.lat) AS lat, coalesce(t.lng, place_asset.lng, place_customer.lng) AS lng,
      CASE WHEN t.lat IS NOT NULL THEN 'ticket' WHEN place_asset.lat IS NOT NULL THEN 'asset' WHEN place_customer.lat IS NOT NULL THEN 'customer' END AS of) place`;

/** Where the work is, and whose place that is. */
export interface PlaceOfWork {
  point: Point;
  of: 'ticket' | 'asset' | 'customer';
}

const findPlaces = statement<{ id: string; lat: number | null; lng: number | null; of: PlaceOfWork['of'] | null }>('dispatch.places', `
  SELECT t.id, place.lat, place.lng, place.of FROM ticket t ${placeOfTicket} WHERE t.tenant_id = $1 AND t.id = ANY($2::uuid[])`);

/** Where the work of some tickets is (作业地点), by ticket; those nobody knows are left out. */
export async function placesOf({ tenantId, transaction }: Pick<Context, 'tenantId' | 'transaction'>, tickets: readonly Pick<TicketRow, 'id' | 'lat' | 'lng' | 'asset_id' | 'customer_id'>[]): Promise<Map<string, PlaceOfWork>> {
  const places = new Map<string, PlaceOfWork>();
  for (const { id, lat, lng } of tickets) if (lat !== null && lng !== null) places.set(id, { point: { lat, lng }, of: 'ticket' });
  const rest = tickets.filter((ticket) => !places.has(ticket.id) && (ticket.asset_id !== null || ticket.customer_id !== null)).map(({ id }) => id);
  for (const { id, lat, lng, of } of rest.length === 0 ? [] : await transaction.query(findPlaces, [tenantId, rest])) {
    if (lat !== null && lng !== null && of !== null) places.set(id, { point: { lat, lng }, of });
  }
  return places;
}
