import { bigrams } from '../text/bigrams.ts';

/** What of a customer is compared with another one (查重要素). Personal data come whole; reasons name them masked. */
export interface Comparable {
  name: string;
  address: string | null;
  accountId: string | null;
  phones: readonly string[];
  emails: readonly string[];
  /** Keyed hash of the ID number. */
  idNumber: string | null;
  /** What they named in their own words: it may be theirs, or somebody else's. */
  said?: { phones: readonly string[]; emails: readonly string[] };
}

export interface Reason {
  reason: 'same_phone' | 'same_email' | 'said_phone' | 'said_email' | 'same_id_number' | 'similar_name' | 'similar_address' | 'same_account';
  points: number;
  /** The value that is alike; for names and addresses the other's. */
  value: string | null;
}

/** Two customers with fewer points than this are not shown as likely to be one. */
export const leastScore = 40;
const points = { same_id_number: 95, same_phone: 85, same_email: 80, said_phone: 55, said_email: 50, similar_name: 40, similar_address: 40, same_account: 15 } as const;
const leastAlike = { name: 0.5, address: 0.6 } as const;
const telling = 7;
// Names that say nothing of who somebody is: the word for them, or a masked number in place of a name.
const nameless = /^(?:先生|女士|小姐|业主|住户|客户|用户|匿名|未知|guest|unknown|anonymous|customer)$|\*{3}/iu;

/**
 * How likely two customers are one, with the reasons (疑似重复评分): 0 to 100 points. The same phone number, e-mail address
 * or ID number says it nearly alone; a name or address counts by how many pairs of characters are common (Sørensen–Dice),
 * and only both together, or with the same account, say enough.
 */
export function compareCustomers(one: Comparable, other: Comparable): { score: number; reasons: Reason[] } {
  const reasons: Reason[] = [];
  if (one.idNumber !== null && one.idNumber === other.idNumber) reasons.push({ reason: 'same_id_number', points: points.same_id_number, value: null });
  const phone = one.phones.find((number) => other.phones.some((candidate) => samePhone(number, candidate)));
  if (phone !== undefined) reasons.push({ reason: 'same_phone', points: points.same_phone, value: phone });
  const email = one.emails.find((address) => other.emails.some((candidate) => sameEmail(address, candidate)));
  if (email !== undefined) reasons.push({ reason: 'same_email', points: points.same_email, value: email });
  const named = phone === undefined ? saidBy(one, other, 'phones', samePhone) ?? saidBy(other, one, 'phones', samePhone) : undefined;
  if (named !== undefined) reasons.push({ reason: 'said_phone', points: points.said_phone, value: named });
  const written = email === undefined ? saidBy(one, other, 'emails', sameEmail) ?? saidBy(other, one, 'emails', sameEmail) : undefined;
  if (written !== undefined) reasons.push({ reason: 'said_email', points: points.said_email, value: written });
  if (!nameless.test(one.name.trim()) && !nameless.test(other.name.trim())) {
    const alike = likeness(one.name, other.name);
    if (alike >= leastAlike.name) reasons.push({ reason: 'similar_name', points: Math.round(points.similar_name * alike), value: other.name });
  }
  if (one.address && other.address) {
    // One room number is not the other one's, however long the name of the street they share.
    const alike = sameNumbers(one.address, other.address) ? likeness(one.address, other.address) : 0;
    if (alike >= leastAlike.address) reasons.push({ reason: 'similar_address', points: Math.round(points.similar_address * alike), value: other.address });
  }
  if (one.accountId !== null && one.accountId === other.accountId) reasons.push({ reason: 'same_account', points: points.same_account, value: null });
  return { score: Math.min(100, reasons.reduce((sum, reason) => sum + reason.points, 0)), reasons };
}

/** What one named in their words that is a contact of the other. */
const saidBy = (one: Comparable, other: Comparable, kind: 'phones' | 'emails', same: (a: string, b: string) => boolean): string | undefined =>
  one.said?.[kind].find((value) => other[kind].some((candidate) => same(value, candidate)));

/** Whether two numbers reach the same line: one may lack the prefix of the country or the city. */
export function samePhone(one: string, other: string): boolean {
  const [a, b] = [one.replace(/\D/g, ''), other.replace(/\D/g, '')].sort((x, y) => x.length - y.length) as [string, string];
  return a === b || (a.length >= telling && b.endsWith(a));
}

/** Whether two addresses reach the same mailbox: case and what follows a plus sign say nothing. */
export function sameEmail(one: string, other: string): boolean {
  return mailbox(one) === mailbox(other);
}

function mailbox(address: string): string {
  const [local = '', domain = ''] = address.trim().toLowerCase().split(/@(?=[^@]*$)/);
  return `${local.replace(/\+.*$/, '')}@${domain}`;
}

/** How alike two texts are, from 0 to 1: pairs of characters in common, twice, by all pairs (Sørensen–Dice). */
export function likeness(one: string, other: string): number {
  const [a, b] = [pairs(one), pairs(other)];
  if (a.size === 0 || b.size === 0) return 0;
  let common = 0;
  for (const pair of a) if (b.has(pair)) common += 1;
  return (2 * common) / (a.size + b.size);
}

function pairs(text: string): Set<string> {
  const words = bigrams(text);
  // Of what is written in letters the words themselves stand in for pairs; single characters of Han say too little.
  const telling = words.filter((word) => [...word].length > 1 || /[\p{L}\p{N}]/u.test(word) && !/\p{Script=Han}/u.test(word));
  return new Set(telling.length > 0 ? telling : words);
}

function sameNumbers(one: string, other: string): boolean {
  const numbers = (text: string) => text.normalize('NFKC').match(/\d+/g)?.join(' ') ?? '';
  return numbers(one) === numbers(other);
}
