/** The building of an address (楼栋): 5幢, 三号楼, A座, 12#楼, Building 5, however it is said. */

const digits: Readonly<Record<string, number>> = { 一: 1, 二: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 };

/** What is no number of a house: 一座桥, 两栋别墅, 5栋楼. */
const counted = '(?!楼(?![道下上顶梯层内里长前后])|别墅|房|建筑|大楼|桥|山|塔|庙|城)';
// Of 座 only letters are a house, as 7座 is a car; and one or two of something are mostly counted.
export const bareBuilding = `(?:(?:\\d{1,3}|[二三四五六七八九]?十[一二三四五六七八九]?|[三四五六七八九]|[A-Za-z])\\s?(?:栋|幢)|(?:\\d{1,3}|[一二三四五六七八九十]{1,3}|[A-Za-z])\\s?(?:号楼|#楼)|[A-Za-z]\\s?座)${counted}`;
export const englishBuilding = '\\b(?:[Bb]uilding|[Bb]ldg\\.?|[Bb]lock|[Tt]ower)\\s(?:\\d{1,3}[A-Z]?|[A-Z])\\b';

const ofAddress = /(\d{1,3}|[一二三四五六七八九十]{1,3}|(?<![A-Za-z])[A-Za-z])\s?(?:号楼|栋|幢|座|#)|(?:building|bldg\.?|block|tower)\s?(\d{1,3}[a-z]?|[a-z])(?![a-z0-9])/iu;

/** Its number as plain digits or a letter, with what stands before it: of 翠湖花园三幢 it is 3 and 翠湖花园; null where an address names none. */
export function buildingOf(address: string): { number: string; before: string } | null {
  const match = ofAddress.exec(address);
  return match ? { number: plainNumber(match[1] ?? match[2]!), before: address.slice(0, match.index) } : null;
}

function plainNumber(said: string): string {
  if (/^\d+$/.test(said)) return String(Number(said));
  if (!/[一二三四五六七八九十]/.test(said)) return said.toUpperCase();
  const [tens, ones] = said.includes('十') ? said.split('十') : ['', said];
  return String((said.includes('十') ? (digits[tens!] ?? 1) * 10 : 0) + (digits[ones ?? ''] ?? 0));
}
