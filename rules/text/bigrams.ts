/**
 * Words for search without a dictionary (二元切分): Chinese text becomes its single characters and overlapping pairs,
 * Latin words and numbers stay whole (with their beginnings matched by prefix). Pairs find every fragment of two
 * characters or more, which dictionaries of words do not. Numbers that are shown masked are found by the whole of them
 * only: by their beginnings they could be read out digit by digit.
 */

export const han = /\p{Script=Han}/u;
const pieces = /\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}])+/gu;
const surrogate = /[\ud800-\udfff]/;
const longestWord = 40;
const mostWords = 20_000;
const longestQuery = 200;

/** A text as it is compared: compatibility forms made plain (ＫＦＲ is kfr), in small letters. */
export function normaliseText(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** The runs of Chinese characters, and the words and numbers, of a text that was made plain. */
export function piecesOf(normalised: string): { piece: string; index: number }[] {
  return [...normalised.matchAll(pieces)].map((match) => ({ piece: match[0], index: match.index }));
}

/** The search words of some text, each once. Field `a` of the index; order is not kept. */
export function bigrams(text: string): string[] {
  const words = new Set<string>();
  for (const [piece] of normaliseText(text).matchAll(pieces)) {
    if (words.size > mostWords) break;
    if (!han.test(piece)) {
      words.add(piece.slice(0, longestWord));
      continue;
    }
    // Taking a text apart costs; most consists of characters of one unit each.
    const characters = surrogate.test(piece) ? [...piece] : piece;
    for (let index = 0; index < characters.length; index += 1) {
      words.add(characters[index]!);
      if (index + 1 < characters.length) words.add(characters[index]! + characters[index + 1]!);
    }
  }
  return [...words];
}

/** What is found otherwise than by fragments. */
export interface WholeWords {
  /** Digits that are found only when all of them are typed, such as a phone number (整号匹配). */
  numbers?: readonly string[];
  /** A ticket's number, found by the whole of it, by its count, and by its count behind the day. */
  ticketNumber?: string;
  /** Words that cannot be typed (marks.ts). */
  marks?: readonly string[];
}

/**
 * Words as the text of a tsvector.
 *
 * @param text what is found by any fragment of it
 */
export function bigramVector(text: string, { numbers = [], ticketNumber, marks = [] }: WholeWords = {}): string {
  return [...bigrams(text), ...numbers.map(wholeNumber), ...ticketNumber === undefined ? [] : endsOf(ticketNumber), ...marks].map(quote).join(' ');
}

/** What a person typed as the text of a tsquery in which all must hold; null when nothing can be looked for. */
export function bigramQuery(text: string): string | null {
  const terms = new Set<string>();
  const normalised = normaliseText(text.slice(0, longestQuery));
  const found = piecesOf(normalised);
  found.forEach(({ piece, index }, place) => {
    if (!han.test(piece)) {
      const word = piece.slice(0, longestWord);
      if (/^\d+$/.test(word)) terms.add(numberTerm(word, index, normalised, found[place - 1], found[place + 1]));
      else terms.add(prefixTerm(word));
      return;
    }
    const characters = [...piece];
    if (characters.length === 1) terms.add(quote(characters[0]!));
    for (let at = 0; at + 1 < characters.length; at += 1) terms.add(quote(characters[at]! + characters[at + 1]!));
  });
  return terms.size === 0 ? null : [...terms].join(' & ');
}

/** By its beginning; a single letter or digit stands for itself, as nearly everything begins with it. */
function prefixTerm(word: string): string {
  return [...word].length === 1 ? quote(word) : `${quote(word)}:*`;
}

/** A number as a word, as the whole of a hidden one, as the count or the day of a ticket's number, or as part of `day-count`. */
function numberTerm(word: string, index: number, text: string, before: { piece: string; index: number } | undefined, after: { piece: string; index: number } | undefined): string {
  const choices = [prefixTerm(word), quote(wholeNumber(word))];
  const count = word.replace(/^0+(?=\d)/, '');
  const end = index + word.length;
  const countAfter = text[end] === '-' && after && after.index === end + 1 && /^\d{1,9}$/.test(after.piece) && (word.length === 8 || word.length === 4) ? after.piece : undefined;
  const dayBefore = text[index - 1] === '-' && before && before.index + before.piece.length === index - 1 && /^(\d{4}|\d{8})$/.test(before.piece) && word.length <= 9 ? before.piece : undefined;
  if (countAfter !== undefined) choices.push(quote(`-${word}-${countAfter.replace(/^0+(?=\d)/, '')}`));
  else if (dayBefore !== undefined) choices.push(quote(`-${dayBefore}-${count}`));
  else if (word.length <= 9) choices.push(quote(`-${count}`));
  return `(${choices.join(' | ')})`;
}

/** How a ticket's number may be named short: `-42`, `-1121-42`, `-20261121-42`, and its day. */
function endsOf(ticketNumber: string): string[] {
  const parts = /^(\d{4})(\d{4})-0*(\d+)$/.exec(ticketNumber);
  if (!parts) return [];
  const [, year, day, count] = parts;
  return [`-${count}`, `-${day}-${count}`, `-${year}${day}-${count}`, `-${year}${day}`];
}

/** Begins with what no word begins with, so that no beginning of a word leads to it. */
function wholeNumber(digits: string): string {
  return `#${digits}`;
}

/** Words are letters and digits, at most after one of our signs, so nothing in them needs an escape. */
export function quote(word: string): string {
  return `'${word}'`;
}
