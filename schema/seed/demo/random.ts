/** A seeded source of chance: the same seed always yields the same company. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number between both ends, both included. */
  integer(low: number, high: number): number;
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Picks in proportion to `weight(item)`; throws RangeError when no weight is positive. */
  weighted<T>(items: readonly T[], weight: (item: T) => number): T;
  shuffle<T>(items: readonly T[]): T[];
  /** Skewed to the right, around `median`: for durations of work and delays. */
  delay(median: number, spread: number): number;
}

function hash(text: string): number {
  // FNV-1a, 32 bit (draft-eastlake-fnv)
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}

/** The stream of chance named by `seed`; a part of the company uses `seed/part`, so that a change in one part leaves the others as they were. */
export function createRandom(seed: string): Random {
  let state = hash(seed);
  // mulberry32 (Tommy Ettinger, public domain)
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const integer = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  const pick = <T>(items: readonly T[]): T => {
    if (items.length === 0) throw new RangeError('nothing to pick from');
    return items[integer(0, items.length - 1)] as T;
  };
  return {
    next,
    integer,
    pick,
    between: (low, high) => low + next() * (high - low),
    chance: (probability) => next() < probability,
    weighted: (items, weight) => {
      const total = items.reduce((sum, item) => sum + Math.max(0, weight(item)), 0);
      if (total <= 0) throw new RangeError('no positive weight');
      let left = next() * total;
      for (const item of items) {
        left -= Math.max(0, weight(item));
        if (left < 0) return item;
      }
      return items.findLast((item) => weight(item) > 0) as (typeof items)[number];
    },
    shuffle: (items) => {
      const shuffled = [...items];
      for (let index = shuffled.length - 1; index > 0; index -= 1) {
        const other = integer(0, index);
        [shuffled[index], shuffled[other]] = [shuffled[other] as (typeof items)[number], shuffled[index] as (typeof items)[number]];
      }
      return shuffled;
    },
    delay: (median, spread) => {
      const gauss = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
      return median * Math.exp(Math.min(2.2, Math.max(-2.2, gauss)) * spread);
    },
  };
}
