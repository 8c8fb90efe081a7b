import type { Found } from '../text/extract.ts';

/** A text from which nobody can be known, and the way back. */
export interface Redacted {
  text: string;
  /** Puts back what was taken out, in whatever was made of the text. */
  restore: (made: string) => string;
}

const tokens: Readonly<Partial<Record<Found['kind'], string>>> = { phone: 'PHONE', email: 'EMAIL', name: 'NAME', place: 'ADDRESS', plate: 'PLATE', order: 'ORDER', asset: 'CODE' };
// ID numbers, bank cards, numbers that no rule knew: what is long enough to be somebody's.
const longNumbers = /\d{6,}[\dXx]?/g;

/**
 * Takes out of a text what points to a person (脱敏) before it leaves the organization: numbers, addresses, names, plates, codes, each replaced by a
 * token that is the same wherever the same thing stands.
 */
export function redact(text: string, found: readonly Found[]): Redacted {
  const known = new Map<string, string>();
  const counts = new Map<string, number>();
  const tokenFor = (kind: string, words: string): string => {
    const present = [...known].find(([, said]) => said === words)?.[0];
    if (present !== undefined) return present;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    const token = `[${kind}${count}]`;
    known.set(token, words);
    return token;
  };
  let made = '';
  let at = 0;
  for (const one of [...found].sort((a, b) => a.start - b.start)) {
    const kind = tokens[one.kind];
    if (kind === undefined || one.start < at) continue;
    made += text.slice(at, one.start) + tokenFor(kind, text.slice(one.start, one.end));
    at = one.end;
  }
  made += text.slice(at);
  // Said again where no rule knew it, it is the same.
  for (const [token, words] of known) if (/^\[(?:PHONE|EMAIL|PLATE)\d/.test(token)) made = made.replaceAll(words, token);
  made = made.replace(longNumbers, (digits) => tokenFor('NUMBER', digits));
  return { text: made, restore: (said) => said.replace(/\[[A-Z]+\d+\]/g, (token) => known.get(token) ?? token) };
}
