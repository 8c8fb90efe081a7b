/** How long work of a kind took on site (以往用时): how often it was done, and the median in minutes. */
export interface Taken {
  count: number;
  median: number;
}

/** So many visits of everybody, or of one person, tell something of their own. */
export const tellingVisits = { all: 5, own: 3 } as const;
/** What was entered counts as much as so many visits of everybody, and what everybody takes as so many of one person's. */
const [entered, everybody] = [10, 5];
/** Nobody is thought to be quicker or slower than others by more than this. */
const [quickest, slowest] = [0.5, 2];

const shrunk = ({ count, median }: Taken, towards: number, weight: number): number => (count * median + weight * towards) / (count + weight);

/**
 * How long work of a kind will take (预计工时), in minutes: the median of what it took, drawn towards what was entered the more the fewer visits there are;
 * and of one person likewise, drawn towards what it takes everybody. A few visits change little, and one that took all day hardly anything.
 *
 * @param base what was entered, or the usual
 * @returns null for either where too few visits tell anything
 */
export function learnedMinutes(base: number, all: Taken | null, own: Taken | null): { all: number | null; own: number | null } {
  const ofAll = all !== null && all.count >= tellingVisits.all ? shrunk(all, base, entered) : null;
  const middle = ofAll ?? base;
  const ofOwn = own !== null && own.count >= tellingVisits.own ? Math.min(Math.max(shrunk(own, middle, everybody), middle * quickest), middle * slowest) : null;
  const whole = (minutes: number | null): number | null => (minutes === null ? null : Math.max(5, Math.round(minutes)));
  return { all: whole(ofAll), own: whole(ofOwn) };
}
