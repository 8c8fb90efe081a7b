import type { HardReason } from '../../../rules/routing/propose.ts';
import type { Context } from '../../platform/context.ts';
import type { Configuration } from '../organization/configuration.ts';
import type { TicketRow } from '../ticket/row.ts';
import { liveRoster } from './live-roster.ts';
import { visitNeeds } from './visit-needs.ts';

/** Rules that do not depend on the day: whoever sends somebody against them says why (违规派单). */
export const overridable = ['not_required', 'banned', 'territory', 'skill'] as const satisfies readonly HardReason[];
export type Overridable = (typeof overridable)[number];

/** Which of them speak against sending somebody to a ticket (违反的派单规则), in their order; of people who are not sent to work none does. */
export async function rulesAgainst(context: Pick<Context, 'tenantId' | 'transaction' | 'now'>, configuration: Configuration, ticket: TicketRow, staffId: string): Promise<Overridable[]> {
  const { technicians } = await liveRoster(context, context.now, configuration.organization.timeZone);
  const person = technicians.find(({ id }) => id === staffId);
  if (!person) return [];
  const { wishes, skills, territories, withinTerritory } = await visitNeeds(context, configuration, ticket);
  const broken: Record<Overridable, boolean> = {
    not_required: wishes.required !== null && !wishes.required.some((wish) => wish.staffId === staffId),
    banned: wishes.banned.some((wish) => wish.staffId === staffId),
    territory: withinTerritory && territories.length > 0 && person.territory_ids.length > 0 && !person.territory_ids.some((id) => territories.includes(id)),
    skill: skills.some(({ skillId, level }) => (person.skills?.[skillId] ?? 0) < level),
  };
  return overridable.filter((rule) => broken[rule]);
}
