import type { ApprovalNode } from './definition.ts';
import type { Seat, Who } from './state.ts';

/** How votes make a decision (表决). Seats are in the order in which they were named. */

/** The seats of an approval; in sequence, each waits for the one before. Nobody has two. */
export function seatsOf(who: readonly Who[], mode: ApprovalNode['mode'] | null, take: () => string): Seat[] {
  const seats: Seat[] = [];
  for (const one of who) {
    if (seats.some((seat) => seat.who.kind === one.kind && seat.who.id === one.id)) continue;
    const previous = seats.at(-1);
    seats.push({ id: take(), who: one, ...(mode === 'sequence' && previous ? { waitsFor: [previous.id] } : {}) });
  }
  return seats;
}

/** Whether it is a seat's turn. */
export function isTurn(seat: Seat, seats: readonly Seat[]): boolean {
  return !seat.vote && (seat.waitsFor ?? []).every((id) => seats.find((other) => other.id === id)?.vote !== undefined);
}

/** How many have to agree, or null when there are fewer seats than that. */
export function votesNeeded(node: Pick<ApprovalNode, 'mode' | 'quorum'>, seats: number): number | null {
  if (node.mode === 'any') return 1;
  if (node.mode !== 'quorum') return seats;
  const quorum = node.quorum ?? { count: 1 };
  const needed = 'count' in quorum ? quorum.count : Math.max(1, Math.ceil((quorum.percent * seats) / 100));
  return needed > seats ? null : needed;
}

/**
 * The decision so far (审批结论), or null while it is open. Added signers agree beside what the mode says: one who
 * refuses refuses the whole, and one who signs after somebody that has agreed is waited for.
 */
export function decide(node: Pick<ApprovalNode, 'mode' | 'quorum'>, seats: readonly Seat[]): 'approved' | 'rejected' | null {
  const base = seats.filter((seat) => !seat.addedBy);
  const added = seats.filter((seat) => seat.addedBy);
  if (added.some((seat) => seat.vote === 'rejected')) return 'rejected';
  const approvals = base.filter((seat) => seat.vote === 'approved').length;
  const refusals = base.length - approvals - base.filter((seat) => !seat.vote).length;
  const needed = votesNeeded(node, base.length) ?? base.length;
  // Of several, any one decides; of a quorum, a refusal stands when those who are left are too few.
  const refused = node.mode === 'any' ? approvals === 0 && refusals > 0 : refusals > base.length - needed;
  if (refused) return 'rejected';
  if (approvals < needed) return null;
  return added.some((seat) => !seat.vote && counts(seat, seats)) ? null : 'approved';
}

/** Whether an added seat is still needed: the one it stands beside has voted. */
function counts(seat: Seat, seats: readonly Seat[]): boolean {
  let beside = seats.find((other) => other.id === seat.beside);
  while (beside?.addedBy) {
    const next = beside.beside;
    if (beside.vote === undefined) return counts(beside, seats);
    beside = seats.find((other) => other.id === next);
  }
  return beside?.vote !== undefined;
}

/** Seats with signers added beside one (加签): before it, it waits for them; after it, they wait for it, and so do those behind. */
export function withSigners(seats: readonly Seat[], beside: string, who: readonly Who[], position: 'before' | 'after', by: string, take: () => string): Seat[] {
  const place = seats.findIndex((seat) => seat.id === beside);
  const adder = seats[place]!;
  const fresh: Seat[] = [];
  for (const one of who) {
    const waitsFor = position === 'after' ? [adder.id] : (adder.waitsFor ?? []);
    fresh.push({ id: take(), who: one, addedBy: by, beside: adder.id, ...(waitsFor.length > 0 ? { waitsFor } : {}) });
  }
  const ids = fresh.map((seat) => seat.id);
  if (position === 'before') return [...seats.slice(0, place), ...fresh, { ...adder, waitsFor: [...(adder.waitsFor ?? []), ...ids] }, ...seats.slice(place + 1)];
  const behind = seats.slice(place + 1).map((seat) => (seat.waitsFor?.includes(adder.id) && !seat.addedBy ? { ...seat, waitsFor: [...seat.waitsFor, ...ids] } : seat));
  return [...seats.slice(0, place + 1), ...fresh, ...behind];
}
