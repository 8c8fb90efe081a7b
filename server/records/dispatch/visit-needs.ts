import { dispatchLimits } from '../../../contract/dispatch.ts';
import type { CrewPlace, SkillNeed } from '../../../contract/organization.ts';
import type { WeeklyWindow } from '../../../rules/calendar/calendar.ts';
import { learnedMinutes } from '../../../rules/routing/durations.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import type { Configuration } from '../organization/configuration.ts';
import type { TicketRow } from '../ticket/row.ts';
import { takenOnSite, type TakenOfCategory } from './durations.ts';
import { promisesOf } from './appointments/rows.ts';
import { rulesOf } from './change-rules.ts';
import { placesOf, type PlaceOfWork } from './place-of.ts';
import { territoriesAt } from './territories/which.ts';
import { noWishes, wishesOf, type Wishes } from './preferences/wishes.ts';

/** What the work of a ticket needs (上门要求), and where each of it comes from. */
export interface VisitNeeds {
  minutes: number;
  /** `learned`: from what it took before, drawn towards what was entered. */
  minutesFrom: 'learned' | 'category' | 'usual';
  /** What it takes single people, where enough of their visits tell. */
  minutesBy: Readonly<Record<string, number>>;
  /** When one may enter the place; null: at any time. */
  access: readonly WeeklyWindow[] | null;
  skills: readonly SkillNeed[];
  /** Who comes beside the one who leads. */
  crew: readonly CrewPlace[];
  place: PlaceOfWork | null;
  /** Whom those it is about want, have to have, and do not accept. */
  wishes: Wishes;
  /** The areas it lies in, and whether nobody from outside of them is sent. */
  territories: readonly string[];
  withinTerritory: boolean;
  /** When the customer was promised that somebody comes; null where they were not. */
  promised: { from: Date; to: Date } | null;
  /** May take what is kept for what is urgent. */
  urgent: boolean;
}

/** With the names of the skills. */
export type NamedNeeds = VisitNeeds & { names: ReadonlyMap<string, { name: string; nameEn: string | null }> };
type Needing = Pick<TicketRow, 'id' | 'category_id' | 'team_id' | 'priority' | 'lat' | 'lng' | 'asset_id' | 'customer_id'>;
type Reading = Pick<Context, 'tenantId' | 'transaction' | 'now'>;
type Known = Pick<Configuration, 'categories' | 'territories'>;

/** How long the work of a category takes on site, in minutes. */
export const minutesOf = ({ categories }: Pick<Known, 'categories'>, categoryId: string | null): number | null =>
  (categoryId === null ? null : categories.get(categoryId)?.serviceMinutes ?? null);

/** What the work of a ticket needs; of skills only those in use. The place is the ticket's own, else its asset's, else its customer's. */
export async function visitNeeds(context: Reading, configuration: Known, ticket: Needing): Promise<NamedNeeds> {
  return (await visitNeedsOf(context, configuration, [ticket])).get(ticket.id)!;
}

/** The same of several, looked up at once; by the id of the ticket. */
export async function visitNeedsOf(context: Reading, configuration: Known, tickets: readonly Needing[]): Promise<Map<string, NamedNeeds>> {
  const { categories } = configuration;
  const categoryOf = ({ category_id: id }: Needing) => (id === null ? undefined : categories.get(id));
  const wanted = [...new Set(tickets.flatMap((ticket) => [categoryOf(ticket), ...categoryOf(ticket)?.crew ?? []].flatMap((needing) => needing?.skills ?? []).map(({ skillId }) => skillId)))];
  const skills = wanted.length === 0 ? [] : await context.transaction.run(build.selectFrom('skill').select(['id', 'name', 'name_en']).where('tenant_id', '=', context.tenantId).where('active', '=', true).where('id', 'in', wanted));
  const names = new Map(skills.map((skill) => [skill.id, { name: skill.name, nameEn: skill.name_en }]));
  const known = (needed: readonly SkillNeed[] | undefined): SkillNeed[] => (needed ?? []).filter(({ skillId }) => names.has(skillId));
  const teams = [...new Set(tickets.flatMap((ticket) => (ticket.team_id === null ? [] : [ticket.team_id])))];
  const [taken, access, places, wishes, rules, promises] = await Promise.all([takenOnSite(context), accessOf(context, tickets), placesOf(context, tickets), wishesOf(context, tickets), rulesOf(context, teams), promisesOf(context, tickets.map(({ id }) => id))]);
  return new Map(tickets.map((ticket): [string, NamedNeeds] => {
    const category = categoryOf(ticket);
    const place = places.get(ticket.id) ?? null;
    const promised = promises.get(ticket.id);
    return [ticket.id, {
      promised: promised ? { from: promised.window_start, to: promised.window_end } : null,
      ...minutesFor(category?.serviceMinutes ?? null, taken.get(ticket.category_id ?? '')), access: access.get(ticket.asset_id ?? '') ?? null,
      skills: known(category?.skills), crew: (category?.crew ?? []).map((one) => ({ skills: known(one.skills) })), names, place, wishes: wishes.get(ticket.id) ?? noWishes,
      territories: place === null ? [] : territoriesAt(configuration, place.point).map(({ id }) => id), withinTerritory: rules.get(ticket.team_id ?? '')?.withinTerritory ?? false, urgent: ticket.priority === 1,
    }];
  }));
}

function minutesFor(entered: number | null, taken: TakenOfCategory | undefined): Pick<VisitNeeds, 'minutes' | 'minutesFrom' | 'minutesBy'> {
  const base = entered ?? dispatchLimits.usualServiceMinutes;
  const { all } = learnedMinutes(base, taken?.all ?? null, null);
  const minutesBy: Record<string, number> = {};
  for (const [staffId, own] of taken?.by ?? []) {
    const { own: minutes } = learnedMinutes(base, taken!.all, own);
    if (minutes !== null) minutesBy[staffId] = minutes;
  }
  return { minutes: all ?? base, minutesFrom: all !== null ? 'learned' : entered !== null ? 'category' : 'usual', minutesBy };
}

/** When the places of assets are open, by asset; those that are at any time are left out. */
async function accessOf({ tenantId, transaction }: Reading, tickets: readonly Needing[]): Promise<Map<string, readonly WeeklyWindow[]>> {
  const ids = [...new Set(tickets.flatMap((ticket) => (ticket.asset_id === null ? [] : [ticket.asset_id])))];
  if (ids.length === 0) return new Map();
  const rows = await transaction.run(build.selectFrom('asset').innerJoin('site', (join) => join.onRef('site.tenant_id', '=', 'asset.tenant_id').onRef('site.id', '=', 'asset.site_id'))
    .select(['asset.id', 'site.access_hours']).where('asset.tenant_id', '=', tenantId).where('asset.id', 'in', ids).where('site.access_hours', 'is not', null));
  return new Map(rows.map((row) => [row.id, row.access_hours as WeeklyWindow[]]));
}
