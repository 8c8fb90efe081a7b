import { dispatchLimits } from '../../../contract/dispatch.ts';
import type { SkillNeed } from '../../../contract/organization.ts';
import type { Point } from '../../../rules/places/distance.ts';
import type { Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import type { Configuration } from '../organization/configuration.ts';
import type { TicketRow } from '../ticket/row.ts';

/** What the work of a ticket needs (上门要求), and where each of it comes from. */
export interface VisitNeeds {
  minutes: number;
  minutesFrom: 'category' | 'usual';
  skills: readonly SkillNeed[];
  place: { point: Point; of: 'ticket' | 'asset' | 'customer' } | null;
}

/** With the names of the skills. */
export type NamedNeeds = VisitNeeds & { names: ReadonlyMap<string, { name: string; nameEn: string | null }> };
type Needing = Pick<TicketRow, 'id' | 'category_id' | 'lat' | 'lng' | 'asset_id' | 'customer_id'>;
type Reading = Pick<Context, 'tenantId' | 'transaction'>;
type Known = Pick<Configuration, 'categories'>;

const findPlaces = statement<{ place: number; asset_lat: number | null; asset_lng: number | null; customer_lat: number | null; customer_lng: number | null }>('dispatch.places', `
  SELECT w.place::int AS place, a.lat AS asset_lat, a.lng AS asset_lng, c.lat AS customer_lat, c.lng AS customer_lng
  FROM unnest($2::uuid[], $3::uuid[]) WITH ORDINALITY AS w (asset_id, customer_id, place) LEFT JOIN asset a ON a.tenant_id = $1 AND a.id = w.asset_id LEFT JOIN customer c ON c.tenant_id = $1 AND c.id = w.customer_id`);

/** How long the work of a category takes on site, in minutes. */
export const minutesOf = ({ categories }: Known, categoryId: string | null): number | null =>
  (categoryId === null ? null : categories.get(categoryId)?.serviceMinutes ?? null);

/** What the work of a ticket needs; of skills only those in use. The place is the ticket's own, else its asset's, else its customer's. */
export async function visitNeeds(context: Reading, configuration: Known, ticket: Needing): Promise<NamedNeeds> {
  return (await visitNeedsOf(context, configuration, [ticket])).get(ticket.id)!;
}

/** The same of several, looked up at once; by the id of the ticket. */
export async function visitNeedsOf(context: Reading, { categories }: Known, tickets: readonly Needing[]): Promise<Map<string, NamedNeeds>> {
  const categoryOf = ({ category_id: id }: Needing) => (id === null ? undefined : categories.get(id));
  const wanted = [...new Set(tickets.flatMap((ticket) => (categoryOf(ticket)?.skills ?? []).map(({ skillId }) => skillId)))];
  const skills = wanted.length === 0 ? [] : await context.transaction.run(build.selectFrom('skill').select(['id', 'name', 'name_en']).where('tenant_id', '=', context.tenantId).where('active', '=', true).where('id', 'in', wanted));
  const names = new Map(skills.map((skill) => [skill.id, { name: skill.name, nameEn: skill.name_en }]));
  const places = await placesOf(context, tickets);
  return new Map(tickets.map((ticket): [string, NamedNeeds] => {
    const category = categoryOf(ticket);
    return [ticket.id, {
      minutes: category?.serviceMinutes ?? dispatchLimits.usualServiceMinutes, minutesFrom: category?.serviceMinutes ? 'category' : 'usual',
      skills: (category?.skills ?? []).filter(({ skillId }) => names.has(skillId)), names, place: places.get(ticket.id) ?? null,
    }];
  }));
}

async function placesOf({ tenantId, transaction }: Reading, tickets: readonly Needing[]): Promise<Map<string, VisitNeeds['place']>> {
  const places = new Map<string, VisitNeeds['place']>();
  for (const { id, lat, lng } of tickets) if (lat !== null && lng !== null) places.set(id, { point: { lat, lng }, of: 'ticket' });
  const rest = tickets.filter((ticket) => !places.has(ticket.id) && (ticket.asset_id !== null || ticket.customer_id !== null));
  for (const row of rest.length === 0 ? [] : await transaction.query(findPlaces, [tenantId, rest.map((ticket) => ticket.asset_id), rest.map((ticket) => ticket.customer_id)])) {
    const { id } = rest[row.place - 1]!;
    if (row.asset_lat !== null && row.asset_lng !== null) places.set(id, { point: { lat: row.asset_lat, lng: row.asset_lng }, of: 'asset' });
    else if (row.customer_lat !== null && row.customer_lng !== null) places.set(id, { point: { lat: row.customer_lat, lng: row.customer_lng }, of: 'customer' });
  }
  return places;
}
