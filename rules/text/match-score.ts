import { normaliseText, piecesOf } from './bigrams.ts';
import type { SearchQuery } from './search-query.ts';

/** The parts of a ticket by which a match is weighed. */
export interface Matched {
  number: string;
  subject: string;
  /** Of the requester and the customer. */
  names: readonly (string | null)[];
  address: string | null;
  /** The phone number's digits, unmasked: it is compared as a whole. */
  phone: string | null;
  /** Milliseconds since it was made. */
  age: number;
}

const month = 30 * 86_400_000;

/**
 * How well a ticket answers a search (匹配度), in points: being named by its number outweighs everything, then come the
 * phone number, the requester's name, the subject, the address, and last what was said in it. What is fresh gets up to
 * 60 points more, halved every month, so that of equal matches the newer comes first and an old one in the subject beats
 * a new one somewhere in the text only for some weeks.
 */
export function matchScore(query: Pick<SearchQuery, 'whole' | 'marked' | 'phrases'>, matched: Matched): number {
  const { whole } = query;
  const digits = whole.replaceAll(/[\s-]/g, '');
  let points = 0;
  if (/^[\d\s-]+$/.test(whole)) {
    const [day = '', count = ''] = matched.number.split('-');
    if (whole === matched.number) points += 1_000;
    else if (/^\d+$/.test(whole) && Number(whole) === Number(count)) points += 150;
    else if (`${day}-${Number(count)}`.endsWith(whole.replace(/-0+(?=\d)/, '-'))) points += 300;
    if (matched.phone !== null && digits.length >= 7 && matched.phone.replaceAll(/\D/g, '') === digits) points += 600;
    else if (matched.phone !== null && digits.length === 4 && matched.phone.endsWith(digits)) points += 200;
  }
  for (const name of matched.names) if (name !== null && holds(name, whole)) points = Math.max(points, 200);
  const subject = normaliseText(matched.subject);
  if (subject === whole) points += 180;
  else if (subject.includes(whole)) points += 120;
  else {
    const parts = query.marked.filter((part) => piecesOf(part).length > 0);
    const there = parts.filter((part) => subject.includes(part)).length;
    if (parts.length > 0) points += (80 * there) / parts.length;
  }
  if (matched.address !== null && holds(matched.address, whole)) points += 40;
  return points + 60 * 2 ** (-Math.max(0, matched.age) / month);
}

function holds(text: string, whole: string): boolean {
  return whole !== '' && normaliseText(text).includes(whole);
}
