/**
 * Words for search without a dictionary (二元切分): Chinese text becomes its single characters and overlapping pairs,
 * Latin words and numbers stay whole (with their beginnings matched by prefix). Pairs find every fragment of two
 * characters or more, which dictionaries of words do not. Numbers that are shown masked are found by the whole of them
 * only: by their beginnings they could be read out digit by digit.
 */

const han = /\p{Script=Han}/u;
const pieces = /\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}])+/gu;
const longestWord = 40;
const mostWords = 20_000;

function normalise(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** The search words of some text, each once. Field `a` of the index; order is not kept. */
export function bigrams(text: string): string[] {
  const words = new Set<string>();
  for (const [piece] of normalise(text).matchAll(pieces)) {
    if (words.size > mostWords) break;
    if (!han.test(piece)) {
      words.add(piece.slice(0, longestWord));
      continue;
    }
    const characters = [...piece];
    for (let index = 0; index < characters.length; index += 1) {
      words.add(characters[index]!);
      if (index + 1 < characters.length) words.add(characters[index]! + characters[index + 1]!);
    }
  }
  return [...words];
}

/**
 * Words as the text of a tsvector.
 *
 * @param text what is found by any fragment of it
 * @param wholeNumbers digits that are found only when all of them are typed, such as a phone number (整号匹配)
 */
export function bigramVector(text: string, wholeNumbers: readonly string[] = []): string {
  return [...bigrams(text), ...wholeNumbers.map(wholeNumber)].map(quote).join(' ');
}

/** What a person typed as the text of a tsquery in which all must hold; null when nothing can be looked for. */
export function bigramQuery(text: string): string | null {
  const terms = new Set<string>();
  for (const [piece] of normalise(text.slice(0, 200)).matchAll(pieces)) {
    if (!han.test(piece)) {
      const word = piece.slice(0, longestWord);
      terms.add(/^\d+$/.test(word) ? `(${quote(word)}:* | ${quote(wholeNumber(word))})` : `${quote(word)}:*`);
      continue;
    }
    const characters = [...piece];
    if (characters.length === 1) terms.add(quote(characters[0]!));
    for (let index = 0; index + 1 < characters.length; index += 1) terms.add(quote(characters[index]! + characters[index + 1]!));
  }
  return terms.size === 0 ? null : [...terms].join(' & ');
}

/** Begins with what no word begins with, so that no beginning of a word leads to it. */
function wholeNumber(digits: string): string {
  return `#${digits}`;
}

/** Words are letters and digits, at most after a #, so nothing in them needs an escape. */
function quote(word: string): string {
  return `'${word}'`;
}
