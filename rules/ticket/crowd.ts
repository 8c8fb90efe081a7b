import { sameCause, sameName, type CrowdReason, type Prepared } from './same-matter.ts';

/** Somebody on about the same as others (群体成员). */
export interface CrowdMember<One extends Prepared> {
  of: One;
  reason: CrowdReason;
  /** Not so where its house could be of another estate as well: then a person has to say. */
  sure: boolean;
}

// More are gathered in several steps.
const mostMembers = 200;

/**
 * Whoever is on about the same as one, over what they have in common with one another (群体成员), so that each of them sees the same crowd. A house without an estate belongs
 * to the one estate that fits; where several do, it is asked about and joins nothing.
 */
export function crowdAround<One extends Prepared>(own: Prepared, others: readonly One[], { hours }: { hours: number }): CrowdMember<One>[] {
  const all: readonly Prepared[] = [own, ...others];
  const known = new Map<Prepared, boolean>();
  const ambiguous = (one: Prepared): boolean => {
    const before = known.get(one);
    if (before !== undefined) return before;
    const answer = one.building?.before === '' && severalEstates(one, all, hours);
    known.set(one, answer);
    return answer;
  };
  const members = new Map<One, CrowdMember<One>>();
  const queue: Prepared[] = [own];
  for (let from = queue.shift(); from !== undefined && members.size < mostMembers; from = queue.shift()) {
    for (const one of others) {
      if (members.get(one)?.sure === true || one === from) continue;
      const reason = sameCause(from, one, { hours });
      if (reason === null) continue;
      const sure = reason === 'same_asset' || (!ambiguous(from) && !ambiguous(one));
      if (!sure && (from !== own && !inOne(from, one) || members.has(one))) continue;
      members.set(one, { of: one, reason, sure });
      // Only what names its place leads on: by nearness alone one would come through the whole city.
      if (sure && (reason === 'same_asset' || (from.place !== null && one.place !== null))) queue.push(one);
    }
  }
  return [...members.values()];
}

const inOne = (one: Prepared, other: Prepared): boolean => one.building !== null && other.building !== null && one.building.number === other.building.number;

/** Whether a house of no estate fits into several that have one of its number, where the same failed. */
function severalEstates(one: Prepared, all: readonly Prepared[], hours: number): boolean {
  const estates: string[] = [];
  for (const other of all) {
    const before = other.building?.before ?? '';
    if (other === one || before === '' || estates.some((estate) => sameName(estate, before)) || sameCause(one, other, { hours }) !== 'same_place') continue;
    estates.push(before);
    if (estates.length > 1) return true;
  }
  return false;
}
