import { bigrams } from './bigrams.ts';

/** What a text is compared by: its words, and of Chinese its pairs of characters (比较用词). Single characters say too little. */
export function comparedWords(text: string): ReadonlySet<string> {
  return new Set(bigrams(text).filter((word) => [...word].length > 1));
}

/**
 * How alike two texts are (文本相似度), from 0 (nothing in common) to 1 (the same words): Dice's coefficient of their words,
 * 2·|A∩B| ∕ (|A|+|B|). One word in common is no likeness: half of all requests say “repair”.
 */
export function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const [fewer, more] = a.size < b.size ? [a, b] : [b, a];
  let common = 0;
  for (const word of fewer) if (more.has(word)) common += 1;
  return common < 2 ? 0 : (2 * common) / (a.size + b.size);
}
