/** How long ways of one kind took, over what the reference says (实际与估算之比): newest first. */
export interface Observed {
  fromZone: number;
  toZone: number;
  workday: boolean;
  /** Of the organization's clock, 0 to 23. */
  hour: number;
  ratios: readonly number[];
}

/** What the ways from a zone to another take (学得车程): so many times the reference, from so many observations of that very way. */
export interface LearnedWay {
  ratio: number;
  count: number;
}

/** What was learned of an organization's ways (车程学习结果). */
export interface Learned {
  /** What all ways took, drawn towards 1 by how few there are; and how many. */
  all: LearnedWay;
  /** Undefined where too little is known of that way. With an hour, of that hour where enough is known of it, else of the whole day. */
  way(fromZone: number, toZone: number, workday: boolean, hour?: number): LearnedWay | undefined;
}

/** Fewer say nothing of a way yet. */
export const leastObservations = 3;
/** As many observations of a way as its organization's ratio counts for, and of the organization as 1 does. */
const [wayPrior, allPrior] = [3, 20];

/**
 * The mean of the middle half (中间均值, interquartile mean): as exact as the mean where all are alike, and hardly moved by a few who
 * stopped for lunch. Where a quarter of them is no whole number, those at its edges count in part.
 *
 * @param values one at least
 */
export function middleMean(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [from, to] = [sorted.length / 4, (sorted.length * 3) / 4];
  let sum = 0;
  sorted.forEach((value, index) => (sum += value * Math.max(0, Math.min(index + 1, to) - Math.max(index, from))));
  return sum / (to - from);
}

/** Drawn towards what is known otherwise by how few there are (收缩估计): n/(n+k) of what was observed. */
export const shrunk = (observed: number, count: number, otherwise: number, prior: number): number => (count * observed + prior * otherwise) / (count + prior);

/** What observations teach (车程学习): each way's middle mean, drawn towards that of the organization's ways on such days, that towards all of them, and that towards 1. */
export function learnFrom(observed: readonly Observed[]): Learned {
  const everything = observed.flatMap(({ ratios }) => ratios);
  const all: LearnedWay = { count: everything.length, ratio: everything.length === 0 ? 1 : shrunk(middleMean(everything), everything.length, 1, allPrior) };
  const grouped = (keyOf: (one: Observed) => string): Map<string, number[]> => {
    const groups = new Map<string, number[]>();
    for (const one of observed) {
      const key = keyOf(one);
      const group = groups.get(key);
      if (group) group.push(...one.ratios);
      else groups.set(key, [...one.ratios]);
    }
    return groups;
  };
  const ofAll = new Map([...grouped(({ workday, hour }) => `${workday} ${hour}`), ...grouped(({ workday }) => String(workday))].map(([key, ratios]) => [key, shrunk(middleMean(ratios), ratios.length, all.ratio, allPrior)]));
  const waysOf = (groups: Map<string, number[]>): Map<string, LearnedWay> => new Map([...groups].filter(([, ratios]) => ratios.length >= leastObservations).map(([key, ratios]) => {
    const kind = key.slice(key.indexOf('|') + 1);
    return [key, { ratio: shrunk(middleMean(ratios), ratios.length, ofAll.get(kind)!, wayPrior), count: ratios.length }];
  }));
  const ways = new Map([...waysOf(grouped((one) => `${one.fromZone} ${one.toZone}|${one.workday} ${one.hour}`)), ...waysOf(grouped((one) => `${one.fromZone} ${one.toZone}|${one.workday}`))]);
  return {
    all,
    way(fromZone, toZone, workday, hour) {
      const whole = `${fromZone} ${toZone}|${workday}`;
      return (hour === undefined ? undefined : ways.get(`${whole} ${hour}`)) ?? ways.get(whole);
    },
  };
}

/** Nothing is known yet. */
export const nothingLearned: Learned = learnFrom([]);
