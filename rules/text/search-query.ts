import { bigramQuery, han, normaliseText, piecesOf } from './bigrams.ts';

/** What a person typed into the search box, taken apart (检索词). */
export interface SearchQuery {
  /** The text of a tsquery whose words must all be there; null when nothing can be looked for. */
  terms: string | null;
  /** What stood in quotes, made plain: it must be there just so. */
  phrases: readonly string[];
  /** What is marked where it is found, made plain: runs of Chinese characters, words, numbers, phrases. */
  marked: readonly string[];
  /** All of it, made plain, without quotes. */
  whole: string;
  /** A ticket's number in full, when that is all there is. */
  number: string | null;
}

const quotes = /["“”]([^"“”]*)["“”]|「([^「」]*)」|『([^『』]*)』/g;
const longestQuery = 200;

/**
 * Reads what was typed: words and fragments in any order, “phrases in quotes” as they stand, a ticket's number or its
 * end, a phone number or its last four digits. A quote without its other half is nothing special.
 */
export function readSearch(typed: string): SearchQuery {
  const text = typed.slice(0, longestQuery).toWellFormed();
  const phrases: string[] = [];
  const loose = text.replace(quotes, (_, ...groups: unknown[]) => {
    const phrase = normaliseText(groups.slice(0, 3).find((group): group is string => typeof group === 'string') ?? '').replaceAll(/\s+/g, ' ').trim();
    if (phrase !== '') phrases.push(phrase);
    return ' ';
  });
  const whole = normaliseText(text.replaceAll(/["“”「」『』]/g, ' ')).replaceAll(/\s+/g, ' ').trim();
  const marked = new Set([...phrases, ...piecesOf(normaliseText(loose)).map(({ piece }) => piece)]);
  // However its parts are kept apart, a mobile number is one number.
  const mobile = /^(?:\+?86)?(1\d{10})$/.exec(whole.replaceAll(/[\s-]/g, ''))?.[1];
  const terms = (mobile !== undefined ? [bigramQuery(mobile)] : [bigramQuery(loose), ...phrases.map((phrase) => bigramQuery(phrase))]).filter((part) => part !== null);
  return {
    terms: terms.length === 0 ? null : [...new Set(terms.flatMap((part) => part.split(' & ')))].join(' & '),
    // One word, or two characters, say nothing that their words do not say already.
    phrases: phrases.filter((phrase) => !isOneWord(phrase)),
    marked: [...marked],
    whole: mobile ?? whole,
    number: /^\d{8}-\d{1,9}$/.test(whole) ? whole : null,
  };
}

function isOneWord(phrase: string): boolean {
  return han.test(phrase) && [...phrase].length <= 2 && piecesOf(phrase).length === 1;
}
