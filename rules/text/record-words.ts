import { bigramQuery, bigrams } from './bigrams.ts';

/**
 * Words by which customers, accounts and assets are found (档案检索词): those of their texts as in `bigrams`, their tags
 * whole, and phone numbers as overlapping groups of three digits. The latter two stand under marks that no word of a text
 * begins with, so that who searches by texts does not find a number digit by digit.
 */

const group = 3;

/** The text of a tsvector. `texts` are found by any fragment, `tags` whole, `phones` by any three digits in a row or more. */
export function recordVector({ texts, tags = [], phones = [] }: { texts: readonly (string | null)[]; tags?: readonly string[]; phones?: readonly string[] }): string {
  const words = new Set(bigrams(texts.filter((text) => text !== null).join('\n')));
  for (const tag of tags) words.add(tagWord(tag));
  for (const phone of phones) for (const digits of groupsOf(phone)) words.add(digits);
  return [...words].map(quote).join(' ');
}

/** What a person typed as the text of a tsquery; null when nothing can be looked for. */
export function textQuery(text: string): string | null {
  return bigramQuery(text);
}

/** The text of a tsquery for what has a tag. */
export function tagQuery(tag: string): string {
  return quote(tagWord(tag));
}

/** The text of a tsquery for what may have a phone number with these digits in a row; null for fewer than three. Whether they do stand in a row is for the asker to look. */
export function phoneQuery(digits: string): string | null {
  const groups = groupsOf(digits);
  return groups.length === 0 ? null : groups.map(quote).join(' & ');
}

function groupsOf(phone: string): string[] {
  const digits = phone.replace(/\D/g, '');
  const groups = new Set<string>();
  for (let at = 0; at + group <= digits.length; at += 1) groups.add(`~${digits.slice(at, at + group)}`);
  return [...groups];
}

const tagWord = (tag: string): string => `@${tag.normalize('NFKC').toLowerCase()}`;

/** In a tsvector's and a tsquery's text a quoted word doubles its quotes and backslashes. */
function quote(word: string): string {
  return `'${word.replace(/['\\]/g, '$&$&')}'`;
}
