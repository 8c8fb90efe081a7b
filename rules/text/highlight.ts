import { han, normaliseText, piecesOf } from './bigrams.ts';
import type { SearchQuery } from './search-query.ts';

/** A piece of a text with the ranges that were looked for, by UTF-16 units, half-open and in order (检索高亮). */
export interface Snippet {
  text: string;
  ranges: [number, number][];
}

interface Folded {
  text: string;
  /** Where the character begins and ends that each unit of the folded text comes from. */
  origins: [start: number, end: number][];
}

const shortest = 24;
const ellipsis = '…';

/**
 * Marks in a text what was looked for. Runs of Chinese characters are marked whole where they stand whole, else by their
 * pairs; words and numbers from the beginning of a word. The answer is plain text: whoever shows it makes it safe.
 *
 * @param length about how many units of the text are shown
 * @returns null where nothing of it is there
 */
export function highlight(text: string, query: Pick<SearchQuery, 'marked'>, length = 140): Snippet | null {
  const folded = fold(text);
  const ranges = merge(query.marked.flatMap((term) => occurrences(folded.text, term)));
  if (ranges.length === 0) return null;
  const found = merge(ranges.map(([start, end]): [number, number] => [folded.origins[start]![0], folded.origins[end - 1]![1]]));
  return cut(text, found, length);
}

/** Whether a text holds a phrase (made plain), without regard to how it was written. */
export function holdsPhrase(text: string, phrase: string): boolean {
  return normaliseText(text).replaceAll(/\s+/g, ' ').includes(phrase);
}

/** Letter by letter, so that every unit knows where it comes from. */
function fold(text: string): Folded {
  let plain = '';
  const origins: [number, number][] = [];
  for (let at = 0; at < text.length;) {
    const character = String.fromCodePoint(text.codePointAt(at)!);
    const made = isPlain(character) ? character : normaliseText(character);
    for (let unit = 0; unit < made.length; unit += 1) origins.push([at, at + character.length]);
    plain += made;
    at += character.length;
  }
  return { text: plain, origins };
}

/** Whether a character is as it is compared already, as nearly all are: Chinese ones, small Latin letters, digits. */
function isPlain(character: string): boolean {
  const code = character.charCodeAt(0);
  return character.length === 1 && ((code >= 0x4e00 && code <= 0x9fff) || (code < 0x80 && (code < 0x41 || code > 0x5a)));
}

function occurrences(text: string, term: string): [number, number][] {
  const whole = find(text, term, !han.test(term[0] ?? ''));
  if (whole.length > 0 || piecesOf(term).some(({ piece }) => piece !== term) || !han.test(term)) return whole;
  const characters = [...term];
  return characters.slice(1).flatMap((second, index) => find(text, characters[index]! + second, false));
}

function find(text: string, term: string, fromBeginning: boolean): [number, number][] {
  const found: [number, number][] = [];
  if (term === '') return found;
  for (let at = text.indexOf(term); at !== -1; at = text.indexOf(term, at + 1)) {
    if (!fromBeginning || at === 0 || !continues(text.slice(0, at), term)) found.push([at, at + term.length]);
  }
  return found;
}

/** Whether a word goes on over the border between what comes before and a term. */
function continues(before: string, term: string): boolean {
  const last = [...before.slice(-2)].at(-1) ?? '';
  return wordLetter.test(last) && wordLetter.test(term);
}
const wordLetter = /^(?!\p{Script=Han})[\p{L}\p{N}]/u;

function merge(ranges: readonly [number, number][]): [number, number][] {
  const merged: [number, number][] = [];
  for (const [start, end] of ranges.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const last = merged.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

/** The stretch around the first of the ranges that holds most of them. */
function cut(text: string, ranges: readonly [number, number][], length: number): Snippet {
  if (text.length <= length) return { text, ranges: ranges.map(([start, end]) => [start, end]) };
  const inside = (start: number) => ranges.filter(([from, to]) => from >= start && to <= start + length).length;
  const best = ranges.reduce((a, b) => (inside(b[0]) > inside(a[0]) ? b : a));
  let start = Math.max(0, Math.min(best[0] - shortest, text.length - length));
  let end = Math.min(text.length, Math.max(start + length, best[1]));
  // Never between the halves of a character.
  if (start > 0 && isLowHalf(text.charCodeAt(start))) start -= 1;
  if (end < text.length && isLowHalf(text.charCodeAt(end))) end += 1;
  const [before, after] = [start > 0 ? ellipsis : '', end < text.length ? ellipsis : ''];
  return {
    text: before + text.slice(start, end) + after,
    ranges: ranges.filter(([from, to]) => from >= start && to <= end).map(([from, to]) => [from - start + before.length, to - start + before.length]),
  };
}

const isLowHalf = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
