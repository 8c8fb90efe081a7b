/**
 * Which category a text speaks of (判断分类): what the organization's own tickets taught, weighed together with the words of the names; by the names alone where
 * nothing was learned. Where no leaf stands out but one above several does, that one; where nothing says enough, none.
 */
import { matchNames, withoutDenied, type NameIndex } from './category-names.ts';
import { classify, type Classified, type Classifier } from './classify.ts';

export interface LikelyCategory {
  id: string;
  /** From 0 to 1. */
  confidence: number;
  /** The words that spoke for it, the weightiest first. */
  words: string[];
}

/** As sure as a category has to be (判断门槛): of those that are told with it about four in five are right. */
export const leastCategory = 0.5;
// How much what a name says weighs: tried on phrases against trees of several trades, see the test.
const steepness = 3.2;
const nothing = 0.62;
const leastScore = 0.2;
const strange = 0.06;
const opposedCounts = 0.02;
const mostLikely = 40;
const mostWords = 4;
const besideLearned = 0.8;
const lessBesideSure = 0.5;
const leastTrust = 0.5;
const trustByWord = 0.12;
const leastByName = 0.6;
const doubtByWord = 0.4;
const deepest = 10;

export interface Weighing {
  names: NameIndex;
  /** By id of every category that may be given: the one above it, null at the top. */
  parentOf: ReadonlyMap<string, string | null>;
  learned: Classifier | null;
}

/** How likely each category is, with all below it (分类可能性). What is left to one is that it is none of them. */
export function likelihoods({ names, parentOf, learned }: Weighing, title: string, text: string): { shares: Map<string, number>; wordsOf: (id: string) => string[]; isTaught: boolean } {
  const [about, more] = [withoutDenied(title), withoutDenied(text)];
  const matched = matchNames(names, about, more);
  const taught = learned ? classify(learned, about, more, mostLikely).filter(({ label }) => parentOf.has(label)) : [];
  const byName = new Map([...matched].flatMap(([id, { score, opposed }]) => (opposed || score < leastScore || !parentOf.has(id) ? [] : [[id, Math.exp(score * steepness) - 1] as const])));
  const spoken = [...byName.values()].reduce((sum, one) => sum + one, 0);
  const none = Math.exp(nothing * steepness) - 1;
  const leaves = new Map([...byName].map(([id, weight]) => [id, weight / (spoken + none)]));
  const taughtBy = new Map(taught.map((one) => [one.label, one.words]));
  const wordsOf = (id: string): string[] => {
    const named = byName.has(id) ? matched.get(id)!.words() : [];
    const more = taughtBy.get(id);
    return more ? [...new Set([...named, ...more])].slice(0, mostWords) : named;
  };
  if (taught.length > 0) {
    const { of: prior, sure } = priorsOf(names, matched, taught);
    const weights = new Map([...new Set([...taughtBy.keys(), ...byName.keys()])].map((id) => [id, prior(id) * Math.exp((byName.has(id) ? matched.get(id)!.score : 0) * steepness * besideLearned * (1 - lessBesideSure * sure)) * (matched.get(id)?.opposed === true ? opposedCounts : 1)]));
    const total = [...weights.values()].reduce((sum, one) => sum + one, 0) || 1;
    // Where what was learned says little, the names are heard alone, as far as they say anything; one or two words that were known say little where no name has them.
    const alone = (1 - sure) * Math.min(1, spoken / none);
    const heard = 1 - doubtByWord ** taught[0]!.known * (none / (spoken + none));
    for (const [id, weight] of weights) leaves.set(id, (weight / total) * heard * (1 - alone) + (leaves.get(id) ?? 0) * alone);
  }
  const shares = new Map<string, number>();
  for (const [id, share] of leaves) {
    for (let at: string | null = id, steps = 0; at !== null && steps < deepest; at = parentOf.get(at) ?? null, steps += 1) {
      shares.set(at, (shares.get(at) ?? 0) + share);
    }
  }
  return { shares, wordsOf, isTaught: taught.length > 0 };
}

/** The category a text speaks of (最可能的分类): from the top down as far as one stands out; none where nothing does. */
export function likelyCategory(weighing: Weighing, title: string, text: string): LikelyCategory | null {
  const { shares, wordsOf, isTaught } = likelihoods(weighing, title, text);
  const below = Map.groupBy(shares.keys(), (id) => weighing.parentOf.get(id) ?? null);
  const likeliest = (parent: string | null): string | undefined => below.get(parent)?.reduce((one, other) => (shares.get(one)! >= shares.get(other)! ? one : other));
  let found: string | null = null;
  for (let at = likeliest(null), steps = 0; at !== undefined && steps < deepest; at = likeliest(at), steps += 1) {
    if (shares.get(at)! < (!isTaught && weighing.names.leaves.has(at) ? leastByName : leastCategory)) break;
    found = at;
  }
  if (found === null) return null;
  const spoke = (id: string): string[] => {
    const words = wordsOf(id);
    return words.length > 0 ? words : likeliestSpoke(below.get(id) ?? []);
  };
  const likeliestSpoke = (ids: readonly string[]): string[] => {
    for (const id of [...ids].sort((one, other) => shares.get(other)! - shares.get(one)!)) {
      const words = spoke(id);
      if (words.length > 0) return words;
    }
    return [];
  };
  return { id: found, confidence: Math.min(1, shares.get(found)!), words: asSaid(spoke(found), `${title}\n${text}`) };
}

const mostTold = 4;

/** Pairs of characters that follow one another, as the words they were said in: 水管, 管漏, 漏水 are 水管漏水. */
function asSaid(words: readonly string[], text: string): string[] {
  const said = text.slice(0, 2_000);
  const plain = said.toLowerCase();
  const marked = new Set<number>();
  for (const word of words) {
    const at = plain.indexOf(word);
    if (at >= 0) for (let index = at; index < at + word.length; index += 1) marked.add(index);
  }
  const runs: string[] = [];
  for (let index = 0; index < said.length; index += 1) {
    if (!marked.has(index)) continue;
    const begin = index;
    while (marked.has(index + 1)) index += 1;
    runs.push(said.slice(begin, index + 1));
  }
  return runs.length === 0 ? [...words] : [...new Set(runs)].slice(0, mostTold);
}

/** How likely each is by what was learned, and how much that says at all. Nothing is impossible that was never seen, the less so the fewer words were known, and where what was learned is denied by what was said. */
function priorsOf(names: NameIndex, matched: ReturnType<typeof matchNames>, taught: readonly Classified[]): { of: (id: string) => number; sure: number } {
  const trust = Math.min(1, leastTrust + taught[0]!.known * trustByWord);
  const told = taught.map(({ label, confidence }) => [label, matched.get(label)?.opposed === true ? 0 : confidence ** trust] as const);
  const total = told.reduce((sum, [, confidence]) => sum + confidence, 0) || 1;
  const denied = taught.reduce((sum, { label, confidence }) => sum + (matched.get(label)?.opposed === true ? confidence : 0), 0);
  const unseen = Math.max(strange, denied);
  const floor = unseen / Math.max(1, names.leaves.size);
  const byLabel = new Map(told.map(([label, confidence]) => [label, (confidence / total) * (1 - unseen)]));
  return { of: (id) => (byLabel.get(id) ?? 0) + floor, sure: Math.min(1, Math.max(...told.map(([, confidence]) => confidence)) / leastCategory) };
}
