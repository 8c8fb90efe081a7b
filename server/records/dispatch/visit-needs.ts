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

const findPlace = statement<{ asset_lat: number | null; asset_lng: number | null; customer_lat: number | null; customer_lng: number | null }>('dispatch.place', `
  SELECT a.lat AS asset_lat, a.lng AS asset_lng, c.lat AS customer_lat, c.lng AS customer_lng
  FROM (SELECT 1) one LEFT JOIN asset a ON a.tenant_id = $1 AND a.id = $2 LEFT JOIN customer c ON c.tenant_id = $1 AND c.id = $3`);

/** How long the work of a category takes on site, in minutes. */
export const minutesOf = ({ categories }: Pick<Configuration, 'categories'>, categoryId: string | null): number | null =>
  (categoryId === null ? null : categories.get(categoryId)?.serviceMinutes ?? null);

/** What the work of a ticket needs; of skills only those in use. The place is the ticket's own, else its asset's, else its customer's. */
export async function visitNeeds({ tenantId, transaction }: Pick<Context, 'tenantId' | 'transaction'>, configuration: Pick<Configuration, 'categories'>, ticket: Pick<TicketRow, 'category_id' | 'lat' | 'lng' | 'asset_id' | 'customer_id'>): Promise<VisitNeeds & { names: ReadonlyMap<string, { name: string; nameEn: string | null }> }> {
  const category = ticket.category_id === null ? undefined : configuration.categories.get(ticket.category_id);
  const needs = category?.skills ?? [];
  const skills = needs.length === 0 ? [] : await transaction.run(build.selectFrom('skill').select(['id', 'name', 'name_en']).where('tenant_id', '=', tenantId).where('active', '=', true).where('id', 'in', needs.map(({ skillId }) => skillId)));
  const names = new Map(skills.map((skill) => [skill.id, { name: skill.name, nameEn: skill.name_en }]));
  return {
    minutes: category?.serviceMinutes ?? dispatchLimits.usualServiceMinutes, minutesFrom: category?.serviceMinutes ? 'category' : 'usual',
    skills: needs.filter(({ skillId }) => names.has(skillId)), names, place: await placeOf(),
  };

  async function placeOf(): Promise<VisitNeeds['place']> {
    if (ticket.lat !== null && ticket.lng !== null) return { point: { lat: ticket.lat, lng: ticket.lng }, of: 'ticket' };
    if (ticket.asset_id === null && ticket.customer_id === null) return null;
    const [row] = await transaction.query(findPlace, [tenantId, ticket.asset_id, ticket.customer_id]);
    if (row && row.asset_lat !== null && row.asset_lng !== null) return { point: { lat: row.asset_lat, lng: row.asset_lng }, of: 'asset' };
    if (row && row.customer_lat !== null && row.customer_lng !== null) return { point: { lat: row.customer_lat, lng: row.customer_lng }, of: 'customer' };
    return null;
  }
}
