import { propose, usualWeights, type Request } from './propose.ts';
import { changeDay, prepareRoster, type Candidate, type KnownWays, type Roster, type TravelEstimate, usualTravel } from './roster.ts';

/** From a second to another: when the work may begin. */
export type Window = readonly [from: number, to: number];

/** Work on site that a customer is promised a time for (预约需求): what the one who leads has to be, and each who comes along. */
export interface Appointed {
  request: Omit<Request, 'windows'>;
  crew: readonly Request['skills'][];
}

/** The same with the window that was promised, and nobody has it yet. */
export interface Promised extends Appointed {
  /** When it may begin, in order. */
  windows: readonly Window[];
}

/**
 * Which windows of a day can be promised (可约时段): those that somebody, with all who have to come along, can still serve by cheapest insertion once what was
 * promised before has its place. What is kept for emergencies stays free, as `propose` has it.
 *
 * @param windows of each the parts in which work may begin; none: it cannot
 * @param waiting promised and not yet given to anybody, in the order in which they were
 */
export function openWindows(candidates: readonly Candidate[], waiting: readonly Promised[], wanted: Appointed, windows: readonly (readonly Window[])[], travel: TravelEstimate = usualTravel, ways: KnownWays | null = null): boolean[] {
  const roster = prepareRoster(candidates, travel, ways);
  for (const promised of waiting) place(roster, promised);
  return windows.map((parts) => parts.length > 0 && find(roster, { ...wanted, windows: parts }) !== null);
}

interface Placed { id: string; position: number; begins: number }

/** Tried so many times with another lead, where those who come along cannot be there. */
const leadsTried = 10;

function find(roster: Roster, { request, crew, windows }: Promised): Placed[] | null {
  const { best } = propose(roster, { ...request, windows }, usualWeights, crew.length === 0 ? 1 : leadsTried);
  for (const lead of best) {
    const placed: Placed[] = [lead];
    for (const skills of crew) {
      const { best: [found] } = propose(roster, { ...request, skills, windows: [[lead.begins, lead.begins]], required: undefined, banned: [...request.banned ?? [], ...placed.map(({ id }) => id)] }, usualWeights, 1);
      if (found) placed.push(found);
    }
    if (placed.length === crew.length + 1) return placed;
  }
  return null;
}

/** Puts the work into the days of whoever can do it; where it finds no place it takes none. */
function place(roster: Roster, promised: Promised): void {
  const placed = promised.windows.length === 0 ? null : find(roster, promised);
  const { point, service: usual, serviceBy, urgent } = promised.request;
  for (const found of placed ?? []) {
    const index = roster.indexOf.get(found.id)!;
    const candidate = roster.candidates[index]!;
    // Two who have to be there together are held at their moment.
    const window: Window = placed!.length > 1 ? [found.begins, found.begins] : promised.windows.find(([, until]) => found.begins <= until) ?? [found.begins, found.begins];
    const service = serviceBy?.[candidate.id] ?? usual;
    // What is urgent takes what is kept for it.
    const room = candidate.room === undefined ? {} : { room: candidate.room - (urgent === true ? 0 : service) };
    changeDay(roster, index, { ...candidate, ...room, load: candidate.load + 1, stops: candidate.stops.toSpliced(found.position, 0, { point, service, window }) });
  }
}
