import { propose, usualWeights, type Request } from './propose.ts';
import { prepareRoster, type Candidate, type KnownWays, type Roster, type TravelEstimate, usualTravel } from './roster.ts';

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
  let taken = candidates;
  for (const promised of waiting) taken = place(taken, promised, travel, ways) ?? taken;
  const roster = prepareRoster(taken, travel, ways);
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

/** Those people with the work in their day; null where it finds no place. */
function place(candidates: readonly Candidate[], promised: Promised, travel: TravelEstimate, ways: KnownWays | null): readonly Candidate[] | null {
  const placed = promised.windows.length === 0 ? null : find(prepareRoster(candidates, travel, ways), promised);
  if (placed === null) return null;
  const byId = new Map(placed.map((one) => [one.id, one]));
  const { point, service: usual } = promised.request;
  return candidates.map((candidate) => {
    const found = byId.get(candidate.id);
    if (!found) return candidate;
    // Two who have to be there together are held at their moment.
    const window: Window = placed.length > 1 ? [found.begins, found.begins] : promised.windows.find(([, until]) => found.begins <= until) ?? [found.begins, found.begins];
    const service = promised.request.serviceBy?.[candidate.id] ?? usual;
    // What is urgent takes what is kept for it.
    const room = candidate.room === undefined ? {} : { room: candidate.room - (promised.request.urgent === true ? 0 : service) };
    return { ...candidate, ...room, load: candidate.load + 1, stops: candidate.stops.toSpliced(found.position, 0, { point, service, window }) };
  });
}
