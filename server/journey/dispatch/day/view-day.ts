import { dayRules, type BrokenRule, type DayFigures, type DayStop, type DayTechnician, type VisitLock } from '../../../../contract/day-plan.ts';
import type { Reference } from '../../../../contract/common.ts';
import type { Broken } from '../../../../rules/day-plan/broken-rules.ts';
import type { DayLock } from '../../../../rules/day-plan/day.ts';
import { figuresOf, type Figures, type LaidDay, type LaidStop } from '../../../../rules/day-plan/lay-out.ts';
import type { VisitStatus } from '../../../../rules/ticket/visit-lifecycle.ts';
import type { Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { momentOf, type ReadDay, type ReadJob } from '../../../records/dispatch/day/read-day.ts';
import { nameIn, type Configuration } from '../../../records/organization/configuration.ts';
import { namesOfStaff } from '../../../records/staff/names.ts';
import { priorityName } from '../../../records/ticket/row.ts';
import { viewOrigin } from '../../../records/travel/view-origin.ts';

/** What names a day's view needs (视图用名), looked up once. */
export interface Shown {
  context: Context;
  configuration: Configuration;
  skills: ReadonlyMap<string, string>;
  staff: ReadonlyMap<string, string>;
}

/** Names of skills and of those who come along. */
export async function shownOf(context: Context, configuration: Configuration, read: ReadDay, also: readonly string[] = []): Promise<Shown> {
  const rows = await context.transaction.run(build.selectFrom('skill').select(['id', 'name', 'name_en']).where('tenant_id', '=', context.tenantId));
  const others = [...new Set([...also, ...read.day.jobs.flatMap(({ members, technician }) => [...members, ...technician === null ? [] : [technician]])])].filter((id) => !read.people.has(id));
  const staff = new Map([...read.people].map(([id, { name }]) => [id, name]));
  for (const [id, name] of others.length === 0 ? [] : await namesOfStaff(context, others)) staff.set(id, name);
  return { context, configuration, staff, skills: new Map(rows.map((row) => [row.id, nameIn(context.language, { name: row.name, nameEn: row.name_en })])) };
}

export const languageOf = ({ language }: Pick<Context, 'language'>): 'zh' | 'en' => (language === 'en' ? 'en' : 'zh');
const personIn = ({ staff }: Shown, id: string): Reference => ({ id, name: staff.get(id) ?? '' });

/** A stop of somebody's day (当天的一站). Of a ticket that the caller may not read, its times only. */
export function viewStop(shown: Shown, read: ReadDay, stop: LaidStop, personId: string): DayStop {
  const { job } = stop;
  const { visit, ticket, needs, due } = read.jobs.get(job.id)!;
  const at = (seconds: number) => momentOf(read, seconds).toISOString();
  const times = {
    arrivesAt: at(stop.arrives), startsAt: at(stop.begins), endsAt: at(stop.ends), travelSeconds: stop.travel, travelMetres: stop.metres, travelFrom: viewOrigin(languageOf(shown.context), read.day.travel.origin?.(stop.from, job.place)), serviceMinutes: Math.round((stop.ends - stop.begins) / 60),
  };
  const told = visit ? { from: visit.window_start, to: visit.window_end } : needs.promised;
  const windows = { windowStart: told?.from?.toISOString() ?? null, windowEnd: told?.to?.toISOString() ?? null };
  if (!ticket.readable) {
    return {
      visitId: visit?.id ?? null, ticketId: null, withheld: true, number: '', subject: '', priority: null, category: null, place: null, status: (visit?.status ?? null) as VisitStatus | null, fixed: true,
      windowStart: null, windowEnd: null, dueAt: null, lock: null, plannedStart: null, ...times, serviceFrom: 'usual', late: false, lateSeconds: 0, skills: [], missingSkills: [], members: [], along: job.along, version: visit?.version ?? 0,
    };
  }
  const person = read.people.get(personId);
  const named = (skillId: string, level: number) => ({ skill: { id: skillId, name: shown.skills.get(skillId) ?? '' }, level });
  return {
    visitId: visit?.id ?? null, ticketId: ticket.id, withheld: false, number: ticket.number, subject: ticket.subject, priority: priorityName(ticket.priority),
    category: categoryPath(shown, ticket.category_id), place: placeOf(ticket, needs), status: (visit?.status ?? null) as VisitStatus | null, fixed: job.fixed !== null || job.held || job.along, ...windows,
    dueAt: (job.due?.by === 'begin' ? due?.arrival : due?.resolution)?.toISOString() ?? null, lock: viewLock(read, job.lock),
    plannedStart: visit?.planned_start?.toISOString() ?? null, ...times, serviceFrom: visit?.status === 'on_site' ? 'on_site' : needs.minutesBy[personId] === undefined ? needs.minutesFrom : 'person',
    late: stop.late > 0, lateSeconds: Math.round(stop.late), skills: needs.skills.map(({ skillId, level }) => named(skillId, level)),
    missingSkills: job.along ? [] : needs.skills.filter(({ skillId, level }) => (person?.skills[skillId] ?? 0) < level).map(({ skillId, level }) => named(skillId, level)),
    members: job.members.map((id) => personIn(shown, id)), along: job.along, version: visit?.version ?? ticket.version,
  };
}

/** Where a ticket is: its own address and the point that counts. */
export function placeOf(ticket: Pick<ReadJob['ticket'], 'address'>, { place }: Pick<ReadJob['needs'], 'place'>): DayStop['place'] {
  return place === null && ticket.address === null ? null : { text: ticket.address, lat: place?.point.lat ?? null, lng: place?.point.lng ?? null };
}

export function categoryPath({ configuration, context }: Pick<Shown, 'configuration' | 'context'>, id: string | null): string[] | null {
  const path: string[] = [];
  for (let at = id === null ? undefined : configuration.categories.get(id); at; at = at.parentId === null ? undefined : configuration.categories.get(at.parentId)) path.unshift(nameIn(context.language, at));
  return path.length === 0 ? null : path;
}

/** What of it is held, in the words of the contract. */
export function viewLock(read: Pick<ReadDay, 'span'>, lock: DayLock | null): VisitLock | null {
  if (!lock) return null;
  const from = lock.range ? momentOf(read, lock.range[0]).toISOString() : null;
  if (!lock.range) return { kind: 'person', from: null, until: null };
  const isMoment = lock.range[0] === lock.range[1];
  return { kind: lock.person ? 'both' : isMoment ? 'time' : 'range', from, until: isMoment ? null : momentOf(read, lock.range[1]).toISOString() };
}

/** What a day comes to, in whole seconds and metres. */
export function viewFigures(figures: Figures): DayFigures {
  const whole = Math.round;
  return { visits: figures.visits, travelSeconds: whole(figures.travel), travelMetres: whole(figures.metres), workSeconds: whole(figures.work), idleSeconds: whole(figures.idle), overtimeSeconds: whole(figures.overtime), late: figures.late };
}

/** Somebody's day on the board. */
export function viewTechnician(shown: Shown, read: ReadDay, laid: LaidDay, position: DayTechnician['position']): DayTechnician {
  const person = read.people.get(laid.person.id)!;
  const span = ({ from, to }: { from: number | Date; to: number | Date }) => ({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });
  return {
    id: person.id, name: person.name, teamIds: person.teamIds, onDuty: person.shifts.length > 0, shiftsKnown: person.shiftsKnown,
    shifts: person.shifts.map(span), breaks: laid.breaks.map(({ from, to }) => span({ from: momentOf(read, from), to: momentOf(read, to) })), absences: person.absences.map(span), onCall: person.onCall.map(span),
    skills: Object.entries(person.skills).flatMap(([id, level]) => (shown.skills.has(id) ? [{ skill: { id, name: shown.skills.get(id)! }, level }] : [])),
    home: person.home, start: person.startsFrom === 'unknown' ? null : { ...person.start, from: person.startsFrom }, position,
    stops: laid.stops.map((stop) => viewStop(shown, read, stop, person.id)), returnsAt: laid.returns === null ? null : momentOf(read, laid.returns).toISOString(), figures: viewFigures(figuresOf(laid)),
  };
}

/** So many seconds and more are told in hours: by minutes nobody sees that it is another day. */
const longInWords = 10_800;

/** A broken rule in words (违反的规则). */
export function viewBroken(shown: Shown, read: ReadDay, { rule, person, job, skill, by, missing }: Broken, isNew: boolean): BrokenRule {
  const language = languageOf(shown.context);
  const readable = job !== null && (read.jobs.get(job.id)?.ticket.readable ?? false);
  return {
    code: rule, title: dayRules[rule][language], detail: detailOf(), hard: dayRules[rule].hard, isNew, technicianId: person.id, visitId: job?.visitId ?? null, ticketId: readable ? job.ticketId : null,
  };

  function detailOf(): string | null {
    if (skill) {
      const name = shown.skills.get(skill.skill) ?? '';
      return skill.has === 0 ? name : `${name} ${skill.has} < ${skill.level}`;
    }
    if (missing !== undefined) return language === 'en' ? `${missing} more needed` : `还差 ${missing} 人`;
    if (by < 60) return null;
    if (by >= longInWords) return language === 'en' ? `by ${Math.round(by / 3_600)} h` : `相差 ${Math.round(by / 3_600)} 小时`;
    const minutes = Math.round(by / 60);
    return language === 'en' ? `by ${minutes} min` : `相差 ${minutes} 分钟`;
  }
}
