import { overrideNames, type OverrideRule } from '../../../contract/dispatch.ts';
import { currentVisitStatuses } from '../../../rules/ticket/visit-lifecycle.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import type { Configuration } from '../organization/configuration.ts';
import { namesOfStaff } from '../staff/names.ts';
import type { TicketRow } from '../ticket/row.ts';
import { departsFrom, promisesOf, type GivenWindow } from './appointments/rows.ts';
import { liveRoster } from './live-roster.ts';
import { visitNeeds } from './visit-needs.ts';

type Reading = Pick<Context, 'tenantId' | 'transaction' | 'now'>;

/** In which order they are told. */
const overridable = Object.keys(overrideNames) as OverrideRule[];
const broken = (rules: Partial<Record<OverrideRule, boolean>>): OverrideRule[] => overridable.filter((rule) => rules[rule] === true);

/** Which rules speak against sending somebody to a ticket (违反的派单规则), in their order; of people who are not sent to work none does. */
export async function rulesAgainst(context: Reading, configuration: Configuration, ticket: TicketRow, staffId: string): Promise<OverrideRule[]> {
  const { technicians } = await liveRoster(context, context.now, configuration.organization.timeZone);
  const person = technicians.find(({ id }) => id === staffId.toLowerCase());
  if (!person) return [];
  const { wishes, skills, territories, withinTerritory } = await visitNeeds(context, configuration, ticket);
  return broken({
    not_required: wishes.required !== null && !wishes.required.some((wish) => wish.staffId === person.id),
    banned: wishes.banned.some((wish) => wish.staffId === person.id),
    territory: withinTerritory && territories.length > 0 && person.territory_ids.length > 0 && !person.territory_ids.some((id) => territories.includes(id)),
    skill: skills.some(({ skillId, level }) => (person.skills?.[skillId] ?? 0) < level),
  });
}

/**
 * The same against somebody whom a colleague chooses (指派时违反的规则): whoever has it already is not sent anew; and whoever takes it themselves knows what they can do, but not
 * for the customer whom they accept.
 */
export async function rulesAgainstChoice(context: Context, configuration: Configuration, ticket: TicketRow, staffId: string): Promise<OverrideRule[]> {
  if (staffId === ticket.assignee_id) return [];
  const rules = await rulesAgainst(context, configuration, ticket, staffId);
  return staffId.toLowerCase() === staffOf(context).staffId ? rules.filter((rule) => rule === 'not_required' || rule === 'banned') : rules;
}

/** The same against somebody's coming along (同行人员): what each further person has to know, one of them has to; whom the customer asked for is no matter. */
export async function rulesAgainstMember(context: Reading, configuration: Configuration, ticket: TicketRow, staffId: string): Promise<OverrideRule[]> {
  const { technicians } = await liveRoster(context, context.now, configuration.organization.timeZone);
  const person = technicians.find(({ id }) => id === staffId.toLowerCase());
  if (!person) return [];
  const { wishes, crew, territories, withinTerritory } = await visitNeeds(context, configuration, ticket);
  return broken({
    banned: wishes.banned.some((wish) => wish.staffId === person.id),
    territory: withinTerritory && territories.length > 0 && person.territory_ids.length > 0 && !person.territory_ids.some((id) => territories.includes(id)),
    skill: crew.length > 0 && crew.every(({ skills }) => skills.some(({ skillId, level }) => (person.skills?.[skillId] ?? 0) < level)),
  });
}

/**
 * What a colleague holds, or somebody has promised, that giving a ticket to somebody would undo (锁定与承诺): the visit that is called off is held with its technician or at its
 * time, or it would be another window than the one that was promised.
 *
 * @param assigneeId null: it is taken back
 */
export async function rulesHeld({ tenantId, transaction, now }: Reading, ticketId: string, assigneeId: string | null, window: GivenWindow = {}): Promise<OverrideRule[]> {
  const visits = await transaction.run(build.selectFrom('visit').select(['technician_id', 'person_locked', 'locked_from', 'locked_until']).where('tenant_id', '=', tenantId).where('ticket_id', '=', ticketId).where('status', 'in', currentVisitStatuses));
  const promised = (await promisesOf({ tenantId, transaction }, [ticketId])).get(ticketId);
  const begins = window.windowStart === undefined ? null : new Date(window.windowStart);
  return broken({
    person_locked: visits.some((visit) => visit.person_locked && visit.technician_id !== assigneeId?.toLowerCase()),
    time_locked: visits.some(({ locked_from: from, locked_until: until }) => from !== null && (begins === null || begins < from || begins > (until ?? from))),
    promise: departsFrom(window, promised ? { from: promised.window_start, to: promised.window_end } : null, now),
  });
}

/** Refuses what rules speak against until somebody says why (破例要有原因). `about`: the person, or what is to be done. */
export async function overrideNeeded(context: Pick<Context, 'caller' | 'tenantId' | 'transaction'>, about: { staffId: string } | { zh: string; en: string }, rules: readonly OverrideRule[]): Promise<Refusal> {
  const words = (language: 'zh' | 'en', separator: string) => rules.map((rule) => overrideNames[rule][language]).join(separator);
  const name = 'staffId' in about ? (await namesOfStaff(context, [about.staffId])).get(about.staffId) ?? '' : about;
  return new Refusal('override_needed', { name, rules: { zh: words('zh', '、'), en: words('en', ', ') } }, { details: { rules: [...rules] } });
}
