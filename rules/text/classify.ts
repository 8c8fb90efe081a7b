/**
 * Which of several names a text bears, learned from texts that bear them (文本分类): complement naive Bayes over pairs of characters and
 * words, weighed by how rare they are, long texts no heavier than short ones (Rennie, Shih, Teevan, Karger 2003, “Tackling the Poor
 * Assumptions of Naive Bayes Text Classifiers”, TWCNB steps 1 to 7). Learned within the organization from nothing but its own texts.
 */
import { bigrams } from './bigrams.ts';
import { idleWords } from './idle-words.ts';

/** What was learned. Plain data, so that it can be kept as JSON. */
export interface Classifier {
  labels: string[];
  /** How many texts it was learned from. */
  examples: number;
  /** How much each word speaks against what is not the label: [label, weight, label, weight, …]; every other label has `rest`. */
  words: Record<string, { rare: number; rest: number; of: number[] }>;
}

/** A text whose name is known. */
export interface Example {
  label: string;
  /** Its subject, which says most. */
  title: string;
  text: string;
  /** 1 when absent; what a person corrected counts for more. */
  weight?: number;
}

export interface Classified {
  label: string;
  /** From 0 to 1. */
  confidence: number;
  /** The words that spoke for it, the weightiest first. */
  words: string[];
  /** How many words of the text were known at all: of few little can be said. */
  known: number;
}

export const classifierLimits = { words: 20_000, labels: 600, text: 4_000, examples: 4_000 } as const;
const mostTold = 4;
const smoothing = 0.02;
const titleCounts = 3;
const heldOutEvery = 10;
// What came in a single text may be a name or a number, and says nothing of the next one.
const leastTexts = 2;
// Of differences between scores: tried on texts that were held out, so that of what is told with 0.8 about eight in ten are right.
const sharpness = 14;

/** What a text is known by: pairs of characters and whole words; a single character says too little. */
const wordsOf = (text: string): string[] => bigrams(text.slice(0, classifierLimits.text)).filter((word) => word.length > 1 && !/^\d+$/.test(word) && !idleWords.has(word));

function counted(title: string, text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of wordsOf(text)) counts.set(word, 1);
  for (const word of wordsOf(title)) counts.set(word, titleCounts);
  return counts;
}

/** Learns from examples (训练). Those beyond the limit are left out. */
export function learnFrom(given: readonly Example[]): Classifier {
  const examples = given.slice(0, classifierLimits.examples);
  const labels = [...new Set(examples.map(({ label }) => label))].slice(0, classifierLimits.labels);
  const place = new Map(labels.map((label, at) => [label, at]));
  const read = examples.flatMap(({ label, title, text, weight = 1 }) => (place.has(label) ? [{ at: place.get(label)!, weight, counts: counted(title, text) }] : []));
  const texts = new Map<string, number>();
  for (const { counts } of read) for (const word of counts.keys()) texts.set(word, (texts.get(word) ?? 0) + 1);
  const kept = [...texts].filter(([, times]) => times >= leastTexts || read.length < 20).sort((a, b) => b[1] - a[1]).slice(0, classifierLimits.words);
  const rare = new Map(kept.map(([word, times]) => [word, Math.log((1 + read.length) / (1 + times)) + 0.01]));
  const sums = new Map<string, Map<number, number>>();
  const ofLabel = labels.map(() => 0);
  let all = 0;
  for (const { at, weight, counts } of read) {
    const known = [...counts].flatMap(([word, times]) => (rare.has(word) ? [[word, times * rare.get(word)!] as const] : []));
    const length = Math.sqrt(known.reduce((sum, [, value]) => sum + value * value, 0)) || 1;
    for (const [word, value] of known) {
      const share = (weight * value) / length;
      let of = sums.get(word);
      if (!of) sums.set(word, (of = new Map()));
      of.set(at, (of.get(at) ?? 0) + share);
      ofLabel[at]! += share;
      all += share;
    }
  }
  const vocabulary = sums.size * smoothing;
  const words: Classifier['words'] = {};
  const round = (value: number) => Math.round(value * 1_000) / 1_000;
  // Every label's weights are made equally long, or those with few texts would shout.
  const lengths = labels.map(() => 0);
  const weigh = (here: number, sum: number, at: number) => -Math.log((sum - here + smoothing) / (all - ofLabel[at]! + vocabulary));
  for (const of of sums.values()) {
    const sum = [...of.values()].reduce((one, two) => one + two, 0);
    for (let at = 0; at < labels.length; at += 1) lengths[at]! += weigh(of.get(at) ?? 0, sum, at);
  }
  for (const [word, of] of sums) {
    const sum = [...of.values()].reduce((one, two) => one + two, 0);
    const rest = (weigh(0, sum, 0) / (lengths[0]! || 1)) * sums.size;
    words[word] = {
      rare: round(rare.get(word)!), rest: round(rest),
      of: labels.flatMap((_, at) => {
        const weight = round((weigh(of.get(at) ?? 0, sum, at) / (lengths[at]! || 1)) * sums.size);
        return of.has(at) || Math.abs(weight - rest) > 0.02 ? [at, weight] : [];
      }),
    };
  }
  return { labels, examples: read.length, words };
}

/** What a text most likely is (分类), the likeliest first; nothing where no word of it is known or there is only one label. */
export function classify({ labels, words }: Classifier, title: string, text: string, most = 3): Classified[] {
  const known = [...counted(title, text)].filter(([word]) => Object.hasOwn(words, word));
  if (labels.length < 2 || known.length === 0) return [];
  const scores = labels.map(() => 0);
  const spoke = known.map(([word, times]) => {
    const { rare, rest, of } = words[word]!;
    const shares = labels.map(() => rest * rare * times);
    for (let index = 0; index < of.length; index += 2) shares[of[index]!] = of[index + 1]! * rare * times;
    shares.forEach((share, at) => (scores[at]! += share));
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    return { word, for: shares.map((share) => share - mean) };
  });
  const length = Math.sqrt(known.reduce((sum, [word, times]) => sum + (words[word]!.rare * times) ** 2, 0)) || 1;
  const best = Math.max(...scores);
  const weights = scores.map((score) => Math.exp(((score - best) / length) * sharpness));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return labels.map((label, at) => ({
    label, confidence: weights[at]! / total, known: known.length,
    words: spoke.filter((word) => word.for[at]! > 0).sort((a, b) => b.for[at]! - a.for[at]!).slice(0, mostTold).map(({ word }) => word),
  })).sort((a, b) => b.confidence - a.confidence).slice(0, most);
}

/** What was learned, with how it did on every tenth text, which it had not seen (留出检验). */
export interface Trial {
  classifier: Classifier;
  heldOut: number;
  right: number;
}

/** Learns from all, and tries before how often it would have been right; not where there are fewer than `least` to learn from. */
export function learnAndTry({ examples, least }: { examples: readonly Example[]; least: number }): Trial {
  const heldOut = examples.filter((_, at) => at % heldOutEvery === 0);
  const seen = examples.filter((_, at) => at % heldOutEvery !== 0);
  const classifier = learnFrom(examples);
  if (seen.length < least) return { classifier, heldOut: 0, right: 0 };
  const tried = learnFrom(seen);
  return { classifier, heldOut: heldOut.length, right: heldOut.filter(({ label, title, text }) => classify(tried, title, text, 1)[0]?.label === label).length };
}
