import type { DayFigures, DayStop, DayTechnician, DraftEvaluation, EvaluateDraft, LockKind, PlanItem, UnplannedTicket } from '../../../../contract/day-plan.ts';
import type { Priority } from '../../../../rules/ticket/lifecycle.ts';
import type { VisitStatus } from '../../../../rules/ticket/visit-lifecycle.ts';
import type { Place } from './map/coordinates.ts';

/** From one moment to another, in milliseconds since 1970. */
export interface Stretch {
  from: number;
  to: number;
}

/** A visit on the board (看板上的上门): where it stands, how one comes there, and what is wrong with it. */
export interface BoardStop {
  /** The visit’s id; the ticket’s while there is no visit yet. */
  key: string;
  visitId: string | null;
  /** Null: not for the reader to see. */
  ticketId: string | null;
  number: string;
  subject: string;
  priority: Priority;
  /** Null while it is only thought of. */
  status: VisitStatus | null;
  fixed: boolean;
  start: number;
  end: number;
  /** When it was planned to begin, which may be sooner than it can. */
  planned: number | null;
  minutes: number;
  /** Milliseconds of travel just before it, and who says so, in words. */
  travel: number;
  travelFrom: string | null;
  place: string | null;
  point: Place | null;
  /** What the customer was told. */
  window: { from: number | null; to: number | null };
  due: number | null;
  lock: LockKind | null;
  late: number;
  skills: readonly string[];
  missingSkills: readonly string[];
  /** Who comes beside the one who leads. */
  members: readonly string[];
  /** Null: whichever it is by now. */
  version: number | null;
  /** The visit called off that is to be arranged as it was, of what is taken back. */
  asVisit?: string;
  /** Moved or new, and not kept yet. */
  draft: boolean;
}

/** Somebody’s day (人员的一天). */
export interface BoardRow {
  id: string;
  name: string;
  teamIds: readonly string[];
  onDuty: boolean;
  shiftsKnown: boolean;
  shifts: readonly Stretch[];
  breaks: readonly Stretch[];
  absences: readonly Stretch[];
  /** Can be called out for what is urgent. */
  onCall: readonly Stretch[];
  home: Place | null;
  position: { place: Place; at: number } | null;
  stops: readonly BoardStop[];
  figures: DayFigures;
  /** Which of the colours of routes is theirs. */
  colour: number;
}

/** What is moved but not kept yet (试排的改动): at most one a ticket. `to` null: called off, the ticket goes back to the lane. */
export interface Move {
  stop: BoardStop;
  from: { technicianId: string; start: number } | null;
  to: { technicianId: string; start: number } | null;
}

export const routeColours = 8;

/** What is the same for everybody of a crew (同行同一次上门): their parts are chosen and carried together. */
export const togetherOf = ({ visitId, key }: Pick<BoardStop, 'visitId' | 'key'>): string => visitId ?? key;

export const isOver = (stop: Pick<BoardStop, 'status'>): boolean => stop.status === 'completed' || stop.status === 'incomplete';

const momentOf = (moment: string): number => Date.parse(moment);
const momentOrNull = (moment: string | null): number | null => (moment === null ? null : Date.parse(moment));
const stretch = ({ from, to }: { from: string; to: string }): Stretch => ({ from: momentOf(from), to: momentOf(to) });
const pointOf = (place: { lat: number | null; lng: number | null } | null): Place | null => (place === null || place.lat === null || place.lng === null ? null : { lat: place.lat, lng: place.lng });

export function stopOf(stop: DayStop, draft = false): BoardStop {
  const start = momentOf(stop.startsAt);
  return {
    // Somebody’s part in another’s visit lies on the board a second time.
    key: stop.along ? `${stop.visitId} along` : stop.visitId ?? stop.ticketId ?? `${stop.startsAt} ${stop.endsAt}`, visitId: stop.visitId, ticketId: stop.ticketId, number: stop.number, subject: stop.subject,
    priority: stop.priority ?? 'normal', status: stop.status, fixed: stop.fixed || stop.withheld || stop.along, members: stop.members.map(({ name }) => name), start, end: Math.max(momentOf(stop.endsAt), start), planned: momentOrNull(stop.plannedStart),
    minutes: stop.serviceMinutes, travel: stop.travelSeconds * 1_000, travelFrom: stop.travelFrom?.title ?? null, place: stop.place?.text ?? null, point: pointOf(stop.place),
    window: { from: momentOrNull(stop.windowStart), to: momentOrNull(stop.windowEnd) }, due: momentOrNull(stop.dueAt), lock: stop.lock?.kind ?? null,
    late: stop.lateSeconds * 1_000, skills: stop.skills.map(({ skill }) => skill.name), missingSkills: stop.missingSkills.map(({ skill }) => skill.name), version: stop.version, draft,
  };
}

export function rowOf(technician: DayTechnician, index: number): BoardRow {
  const { position } = technician;
  return {
    id: technician.id, name: technician.name, teamIds: technician.teamIds, onDuty: technician.onDuty, shiftsKnown: technician.shiftsKnown,
    shifts: technician.shifts.map(stretch), breaks: technician.breaks.map(stretch), absences: technician.absences.map(stretch), onCall: technician.onCall.map(stretch),
    home: pointOf(technician.start ?? technician.home), position: position === null ? null : { place: { lat: position.lat, lng: position.lng }, at: momentOf(position.at) },
    stops: technician.stops.map((stop) => stopOf(stop)), figures: technician.figures, colour: index % routeColours,
  };
}

/** A ticket of the lane as it would lie on the board. */
export function stopOfTicket(ticket: UnplannedTicket): BoardStop {
  return {
    key: ticket.ticketId, visitId: null, ticketId: ticket.ticketId, number: ticket.number, subject: ticket.subject, priority: ticket.priority, status: null, fixed: false, start: 0, end: 0, planned: null,
    minutes: ticket.serviceMinutes, travel: 0, travelFrom: null, place: ticket.place?.text ?? null, point: pointOf(ticket.place), window: { from: momentOrNull(ticket.windowStart), to: momentOrNull(ticket.windowEnd) },
    due: momentOrNull(ticket.dueAt), lock: null, late: 0, skills: ticket.skills.map(({ skill }) => skill.name), missingSkills: [], members: [], version: ticket.version, draft: true,
  };
}

/** The first moment from which somebody has so many minutes free (最早空档), travel left aside. */
export function firstFree(row: BoardRow, minutes: number, from: number): number {
  let at = from;
  for (const { to, from: begins } of row.shiftsKnown ? row.shifts : []) {
    if (to <= at) continue;
    at = Math.max(at, begins);
    break;
  }
  for (const { start, end } of row.stops) if (end > at && start < at + minutes * 60_000) at = end;
  return at;
}

/** What a plan would have: moves that nobody has made yet (计划预览). */
export function movesOfPlan(items: readonly PlanItem[], rows: readonly BoardRow[]): Move[] {
  const stops = new Map(rows.flatMap((row) => row.stops.map((stop) => [stop.ticketId, { stop, technicianId: row.id }] as const)));
  return items.flatMap(({ after, change, ticketId, ...item }): Move[] => {
    const there = stops.get(ticketId);
    if (after === null) return there === undefined ? [] : [{ stop: there.stop, from: { technicianId: there.technicianId, start: there.stop.start }, to: null }];
    if (change === 'kept') return [];
    const start = momentOf(after.startsAt);
    const stop: BoardStop = there?.stop ?? {
      key: ticketId, visitId: null, ticketId, number: item.number, subject: item.subject, priority: item.priority, status: null, fixed: true, start, end: start, planned: null, minutes: item.serviceMinutes,
      travel: 0, travelFrom: null, place: item.place?.text ?? null, point: pointOf(item.place), window: { from: null, to: null }, due: null, lock: null, late: 0, skills: [], missingSkills: [], members: [], version: null, draft: true,
    };
    return [{ stop: { ...stop, minutes: item.serviceMinutes, travel: item.travelSeconds * 1_000, travelFrom: item.travelFrom?.title ?? null }, from: there === undefined ? null : { technicianId: there.technicianId, start: there.stop.start }, to: { technicianId: after.technician.id, start } }];
  });
}

/** One more move: of what was moved before the last one counts, and one that brings it back to where it was is none. */
export function addMove(moves: readonly Move[], move: Move): Move[] {
  const before = moves.find(({ stop }) => stop.key === move.stop.key);
  const from = before === undefined ? move.from : before.from;
  const rest = moves.filter(({ stop }) => stop.key !== move.stop.key);
  if (from === null ? move.to === null : from.technicianId === move.to?.technicianId && from.start === move.to.start) return rest;
  return [...rest, { ...move, from }];
}

const byStart = (one: BoardStop, other: BoardStop): number => one.start - other.start || (one.key < other.key ? -1 : 1);

/**
 * The day as it would be (试排结果): with the times that were reckoned for these moves, or, until these have come, with each
 * just where it was put. Rows that none of them concerns are the same objects as before.
 */
export function withMoves(rows: readonly BoardRow[], moves: readonly Move[], reckoned: DraftEvaluation | null): readonly BoardRow[] {
  if (moves.length === 0) return rows;
  const moved = new Set(moves.map(({ stop }) => stop.key));
  const answers = new Map(reckoned?.technicians.map((one) => [one.technicianId, one]));
  return rows.map((row) => {
    const here = moves.filter(({ to }) => to?.technicianId === row.id);
    if (here.length === 0 && !row.stops.some(({ key }) => moved.has(key))) return row;
    const answer = answers.get(row.id);
    if (answer !== undefined) return { ...row, stops: answer.stops.map((stop) => stopOf(stop, moved.has(stop.visitId ?? stop.ticketId ?? ''))), figures: answer.figures };
    const stops = [...row.stops.filter(({ key }) => !moved.has(key)), ...here.map(({ stop, to }) => ({ ...stop, start: to!.start, end: to!.start + stop.minutes * 60_000, draft: true }))];
    return { ...row, stops: stops.sort(byStart) };
  });
}

/** What the server is asked to reckon or to keep of these moves. */
export function draftOf(date: string, moves: readonly Move[]): EvaluateDraft {
  const people = new Map<string, Move[]>();
  for (const move of moves) if (move.to !== null) people.set(move.to.technicianId, [...(people.get(move.to.technicianId) ?? []), move]);
  const released = moves.flatMap(({ stop, to }) => (to === null && stop.visitId !== null ? [{ visitId: stop.visitId, ...(stop.version === null ? {} : { version: stop.version }) }] : []));
  return {
    date,
    technicians: [...people].map(([technicianId, theirs]) => ({
      technicianId,
      stops: theirs.toSorted((one, other) => one.to!.start - other.to!.start).map(({ stop, to }) => ({
        ...(stop.visitId === null ? { ticketId: stop.ticketId!, ...(stop.asVisit === undefined ? {} : { asVisit: stop.asVisit }) } : { visitId: stop.visitId }), startsAt: new Date(to!.start).toISOString(), ...(stop.version === null ? {} : { version: stop.version }),
      })),
    })),
    ...(released.length === 0 ? {} : { released }),
  };
}

/**
 * What takes back moves that were kept (撤销): visits go where they were, tickets that were planned go back to the lane, and a visit that was called off is arranged as it was.
 * By the versions of the moment they were kept: what somebody has changed since is not undone over their head.
 */
export function movesBack(moves: readonly Move[], kept: readonly { technicianId: string; stops: readonly Pick<BoardStop, 'visitId' | 'ticketId' | 'version'>[] }[]): Move[] {
  const there = new Map(kept.flatMap(({ stops }) => stops.map((stop) => [stop.ticketId, stop] as const)));
  return moves.flatMap(({ stop, from, to }): Move[] => {
    if (to === null) return from === null || stop.visitId === null ? [] : [{ stop: { ...stop, key: stop.ticketId ?? stop.key, visitId: null, version: null, asVisit: stop.visitId }, from: null, to: from }];
    const now = there.get(stop.ticketId);
    return !now?.visitId ? [] : [{ stop: { ...stop, key: now.visitId, visitId: now.visitId, version: now.version }, from: to, to: from }];
  });
}
