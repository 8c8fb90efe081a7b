/**
 * Which category a text speaks of (判断分类): what the organization's own tickets taught, weighed together with the words of the names; by the names alone where
 * nothing was learned. Where no leaf stands out but one above several does, that one; where nothing says enough, none.
 */
import { normaliseText } from './bigrams.ts';
import { matchNames, wordsOfMatter, type NameIndex } from './category-names.ts';
import { classify, type Classified, type Classifier } from './classify.ts';
import { idleCharacters, idleWords } from './idle-words.ts';
import { otherWords } from './same-words.ts';
import { wholeWords, type WholeWord } from './whole-words.ts';

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
const steepness = 3.4;
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
const doubtByWord = 0.6;
const deepest = 10;
const mostRead = 1_000;
const enoughWords = 12;

export interface Weighing {
  names: NameIndex;
  /** By id of every category that may be given: the one above it, null at the top. */
  parentOf: ReadonlyMap<string, string | null>;
  learned: Classifier | null;
}

/** How likely each category is, with all below it (分类可能性). What is left to one is that it is none of them. */
export function likelihoods({ names, parentOf, learned }: Weighing, title: string, text: string): { shares: Map<string, number>; wordsOf: (id: string) => string[]; isTaught: boolean } {
  const [about, more] = [wordsOfMatter(title), wordsOfMatter(text)];
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
    const heard = 1 - doubtByWord ** Math.min(taught[0]!.known, knownWords(learned!, `${about}\n${more}`)) * (none / (spoken + none));
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

const asked: ReadonlySet<string> = new Set(['怎么', '多少', '什么', '怎样', '如何', '可以', '需要', '问问', '一下', '今天', '昨天', '这个', '那个', '我们', '你们', '他们', '我家']);
const idleAlone = (word: string): boolean => [...word].every((one) => idleCharacters.has(one)) || idleWords.has(word) || asked.has(word);

/** Words that spoke as they stand in a text, whole and none that does not (原话): 水管, 管漏, 漏水 are 水管漏水, 网络 is “wifi”, and 打不 is 打不着. */
function asSaid(words: readonly string[], text: string): string[] {
  const said = text.slice(0, 2_000);
  // As long as what was said, so that a place in one is a place in the other.
  const plain = [...said].map((one) => {
    const made = one.normalize('NFKC').toLowerCase();
    return made.length === one.length ? made : one;
  }).join('');
  const whole = wholeWords(plain);
  const [marked, bound] = [new Uint8Array(plain.length), new Uint8Array(plain.length)];
  const single = new Set(words.filter((word) => word.length === 1));
  for (const word of words) if (word.length > 1) for (let at = plain.indexOf(word); at >= 0; at = plain.indexOf(word, at + word.length)) marked.fill(1, at, at + word.length);
  for (const { start, end, word } of otherWords(plain)) {
    if (!words.some((one) => one.length > 1 && word.includes(one))) continue;
    marked.fill(1, start, end);
    bound.fill(1, start, end);
  }
  const runs: { from: number; to: number }[] = [];
  whole.forEach(({ word, start, end }, at) => {
    if (!single.has(word) && !marked.subarray(start, end).includes(1)) return;
    const last = runs.at(-1);
    if (last && last.to === at - 1 && whole[at - 1]!.end === start) last.to = at;
    else runs.push({ from: at, to: at });
  });
  const isIdle = ({ word, start, end }: WholeWord): boolean => idleAlone(word) && bound.subarray(start, end).includes(0);
  return [...new Set(runs.flatMap(({ from, to }) => {
    while (from <= to && isIdle(whole[from]!)) from += 1;
    while (to >= from && isIdle(whole[to]!)) to -= 1;
    if (from > to) return [];
    // 费 alone is the end of 物业费.
    const [first, before] = [whole[from]!, whole[from - 1]];
    if (first.word.length === 1 && before?.end === first.start && before.word.length > 1 && !isIdle(before)) from -= 1;
    return [said.slice(whole[from]!.start, whole[to]!.end)];
  }))].slice(0, mostTold);
}

/** How many whole words of a text were known, by themselves or beside another: both pairs of 天花板 make one. */
function knownWords({ words }: Classifier, text: string): number {
  const plain = normaliseText(text.slice(0, mostRead));
  const isKnown = (from: number): boolean => Object.hasOwn(words, plain.slice(from, from + 2));
  const known = new Set<string>();
  for (const { word, start, end } of wholeWords(plain)) {
    if (idleAlone(word)) continue;
    if (Object.hasOwn(words, word)) known.add(word);
    for (let at = Math.max(0, start - 1); at < end && !known.has(word); at += 1) if (isKnown(at)) known.add(word);
    if (known.size >= enoughWords) break;
  }
  return known.size;
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
