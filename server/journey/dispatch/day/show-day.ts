import { dayPlanLimits, DispatchDay, ShowDay } from '../../../../contract/day-plan.ts';
import { presentDay } from '../../../../rules/day-plan/day.ts';
import { addFigures, figuresOf, layOut } from '../../../../rules/day-plan/lay-out.ts';
import { dayNumber } from '../../../../rules/calendar/calendar.ts';
import { localDay } from '../../../platform/clock/clock.ts';
import type { Context } from '../../../platform/context.ts';
import { invalidInput, refuseInput } from '../../../platform/errors/refusal.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { readDay, type ReadDay } from '../../../records/dispatch/day/read-day.ts';
import { dispatchScope, techniciansIn } from '../../../records/dispatch/day/scope.ts';
import { positionsToShow } from '../../../records/visit/positions-to-show.ts';
import { configurationOf, nameIn } from '../../../records/organization/configuration.ts';
import { shownOf, viewFigures, viewTechnician } from './view-day.ts';

/** The day of everybody one may give work to (调度日视图): who is at work, what each has to do and when, and what the day comes to. */
export const showDay = useCase({
  summary: 'Show the day of technicians',
  query: ShowDay,
  answer: DispatchDay,
  async run(context, { query }) {
    const configuration = await configurationOf(context);
    const { timeZone } = configuration.organization;
    const date = query.date ?? localDay(context.now, timeZone);
    ensureNear(context, date, timeZone);
    const scope = dispatchScope(context, configuration);
    if (query.teamId !== undefined && !scope.teamIds.has(query.teamId)) throw refuseInput('/teamId', 'unknown_reference', { field: 'team' });
    const { technicians, count } = await techniciansIn(context, scope, { teamIds: query.teamId === undefined ? undefined : [query.teamId], limit: dayPlanLimits.technicians });
    const read = await readDay(context, configuration, date, technicians, [], [], 'own');
    const shown = await shownOf(context, configuration, read);
    const positions = await positionsOf(context, read);
    const laid = read.day.people.map((person) => layOut(read.day, person, presentDay(read.day, person.id)));
    return {
      date, zone: timeZone, now: context.now.toISOString(), from: new Date(read.span.from).toISOString(), to: new Date(read.span.to).toISOString(),
      teams: [...scope.teamIds].flatMap((id) => (configuration.teams.has(id) ? [{ id, name: nameIn(context.language, configuration.teams.get(id)!) }] : [])),
      technicians: laid.map((one) => viewTechnician(shown, read, one, positions.get(one.person.id) ?? null)), technicianCount: count,
      figures: viewFigures(addFigures(laid.map(figuresOf))), travel: read.travelSource,
    };
  },
});

/** Refuses a day that nobody plans any more, or yet. */
export function ensureNear(context: Pick<Context, 'now'>, date: string, timeZone: string, past: number = dayPlanLimits.days): void {
  const away = dayNumber(date) - dayNumber(localDay(context.now, timeZone));
  if (away < -past) throw invalidInput('/date', 'past', past === 0 ? { zh: '这一天已经过去', en: 'is over already' } : { zh: `只能查看 ${dayPlanLimits.days} 天之内`, en: `at most ${dayPlanLimits.days} days ago` });
  if (away > dayPlanLimits.days) throw invalidInput('/date', 'maximum', { zh: `只能安排 ${dayPlanLimits.days} 天之内`, en: `at most ${dayPlanLimits.days} days ahead` });
}

/** Where people were last, as far as they are on a visit of a ticket that the caller may read and assign (最近位置). */
async function positionsOf(context: Context, read: ReadDay): Promise<Map<string, { lat: number; lng: number; at: string }>> {
  const positions = new Map<string, { lat: number; lng: number; at: string }>();
  for (const { visit, ticket } of read.jobs.values()) {
    if (!ticket.readable || !ticket.assignable || visit?.status !== 'on_site' || visit.check_in_lat === null || visit.check_in_lng === null || !visit.checked_in_at) continue;
    positions.set(visit.technician_id, { lat: visit.check_in_lat, lng: visit.check_in_lng, at: visit.checked_in_at.toISOString() });
  }
  if (read.day.now === null) return positions;
  for (const { staffId, lat, lng, at } of await positionsToShow(context, [...read.people.keys()])) positions.set(staffId, { lat, lng, at });
  return positions;
}
