import { normaliseText } from './bigrams.ts';

/** The building of an address (楼栋): 5幢, 三号楼, A座, 12#楼, Building 5, however it is said. */

const digits: Readonly<Record<string, number>> = { 一: 1, 二: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 };

/** What is no number of a house: 一座桥, 两栋别墅, 5栋楼. */
const counted = '(?!楼(?![道下上顶梯层内里长前后])|别墅|房|建筑|大楼|桥|山|塔|庙|城)';
// Of 座 only letters are a house, as 7座 is a car; and one or two of something are mostly counted.
export const bareBuilding = `(?:(?:\\d{1,3}|[二三四五六七八九]?十[一二三四五六七八九]?|[三四五六七八九]|[A-Za-z])\\s?(?:栋|幢)|(?:\\d{1,3}|[一二三四五六七八九十]{1,3}|[A-Za-z])\\s?(?:号楼|#楼)|[A-Za-z]\\s?座(?![椅谈]|位(?!于|置)|机(?!房|组|电)))${counted}`;
// To block is something else: in small letters a number is a house only where the clause ends or something is said of it. Building 5 floors is work.
export const englishBuilding = '\\b(?:(?:[Bb]uilding|[Bb]ldg\\.?|Block|Tower)\\s(?:\\d{1,3}[A-Z]?|[A-Z])|(?:block|tower)\\s(?:[A-Z]|\\d{1,3}[A-Z]?(?=\\s*(?:[,.;:!?，。；：！？\\n]|$|(?:has|is|and)\\b))))\\b(?!\\s(?:floors|storeys|stories|hours|days|rooms|units|more)\\b)';

// Said before one comes to where it is: no part of the name of an estate.
const lead = /^(?:(?:联系)?地址是?|住址是?|位置在?|位于|我们?家?(?:住在?|在|的)?|家(?:住在?|在|$)|住(?:在|$)|在|:)+/u;

/** What stands before a house without what is said before one comes to it (楼栋前的小区名). */
export const estateIn = (plain: string): string => plain.replace(lead, '');

const ofAddress = /(\d{1,3}|[一二三四五六七八九十]{1,3}|(?<![A-Za-z])[A-Za-z])\s?(?:号楼|栋|幢|座|#)|\b(?:building|bldg\.?|block|tower)\s*(\d{1,3}[a-z]?|[a-z])(?![a-z0-9])/iu;

/** An address as it is compared (地址归一): without spaces and what only sets apart. */
export const plainPlace = (address: string): string => normaliseText(address).replaceAll(/[\s,，。.·-]/g, '');

/** Its number as plain digits or a letter, with what stands before it: of 翠湖花园三幢 it is 3 and 翠湖花园; null where an address names none. @param address with its spaces, which set words apart */
export function buildingOf(address: string): { number: string; before: string } | null {
  const match = ofAddress.exec(normaliseText(address));
  const number = match && plainNumber(match[1] ?? match[2]!);
  return match && number ? { number, before: estateIn(plainPlace(match.input.slice(0, match.index))) } : null;
}

/** Null for what is no one number: 一二号楼 are two. */
function plainNumber(said: string): string | null {
  if (/^\d+$/.test(said)) return String(Number(said));
  if (!/[一二三四五六七八九十]/.test(said)) return said.toUpperCase();
  const read = /^(?:([一二三四五六七八九])?(十))?([一二三四五六七八九])?$/.exec(said);
  return read && String((read[2] ? (digits[read[1] ?? ''] ?? 1) * 10 : 0) + (digits[read[3] ?? ''] ?? 0));
}
