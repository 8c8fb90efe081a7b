import { buildingOf, estateIn, plainPlace } from '../text/building.ts';
import { placesIn } from '../text/extract-place.ts';
import { comparedWords, likeness } from '../text/likeness.ts';
import { opposites, sameWords } from '../text/same-words.ts';

/** Why another ticket may be the same matter (疑似原因). */
export const matterReasons = ['linked_duplicate', 'same_customer', 'same_phone', 'same_asset', 'same_address', 'near_place', 'similar_words', 'same_category'] as const;
export type MatterReason = (typeof matterReasons)[number];

const points: Readonly<Record<MatterReason, number>> = { linked_duplicate: 100, same_asset: 40, same_customer: 30, same_phone: 30, same_address: 30, near_place: 15, similar_words: 40, same_category: 5 };
const leastLikeness = 0.4;
const nearMetres = 200;
// What was said first says what it is about; a long story has words of everything.
const comparedCharacters = 120;

/** A request, as far as it is compared with another (查重要素). */
export interface Matter {
  /** Who it is from, by whatever stands for one person; null where nobody knows. */
  person: string | null;
  phone: string | null;
  assetId: string | null;
  categoryId: string | null;
  address: string | null;
  lat: number | null;
  lng: number | null;
  subject: string;
  description: string;
  /** When it came, in milliseconds. */
  at: number;
}

/** A request with what is compared of it. */
export interface Prepared {
  matter: Matter;
  words: ReadonlySet<string>;
  /** How it begins; taken apart only where it is asked for, as there may be hundreds to compare with. */
  opening(): ReadonlySet<string>;
  place: string | null;
  /** Which building, and of what estate or street; that may be left unsaid. */
  building: { number: string; before: string } | null;
  phone: string | null;
  /** What failed, however it was called: of the subject, of how it begins, and the whole in the same words. Taken apart only where it is asked for. */
  failure(): { words: ReadonlySet<string>; opening: ReadonlySet<string>; said: string };
}

export function prepareMatter(matter: Matter): Prepared {
  let opening: ReadonlySet<string> | undefined;
  let failure: ReturnType<Prepared['failure']> | undefined;
  return {
    failure: () => (failure ??= failureOf(matter)),
    matter, words: comparedWords(matter.subject), opening: () => (opening ??= comparedWords(`${matter.subject} ${[...matter.description.slice(0, 2 * comparedCharacters)].slice(0, comparedCharacters).join('')}`)),
    place: placeOf(matter.address), building: buildingOf(matter.address ?? ''), phone: digitsOf(matter.phone),
  };
}

// Asked or wished beside what failed; and where it failed is compared by the address.
const besides = /（多人反映）|怎么(?:回事|又|了|办|还|会|样)?|什么(?:情况|时候|原因|问题)|为什么|啥(?:情况|时候)|我要?(?:投诉|报修)|投诉|报修|有没有人管?|没人管|(?:能不能|可以)?(?:尽快|快点|赶紧|抓紧)|(?:来|恢复)(?:水|电)|(?:整|全|一)(?:个|栋|幢)?(?:小区|栋楼?|幢楼?|楼)|(?:我们?|你们?)(?:家|楼|小区)?|家里|[了吗呢啊吧呀么嘛的]|\b(?:several reports|what(?:'s| is) (?:going on|wrong|happening)|when will it be back|whole building|please|help)\b/gu;

function failureOf(matter: Matter): ReturnType<Prepared['failure']> {
  const plain = (text: string): string => sameWords(placesIn(text).sort((a, b) => b.start - a.start).reduce((left, { start, end }) => `${left.slice(0, start)} ${left.slice(end)}`, text)).replaceAll(besides, ' ');
  const subject = plain(matter.subject);
  const all = `${subject} ${plain([...matter.description.slice(0, 2 * comparedCharacters)].slice(0, comparedCharacters).join(''))}`;
  return { words: comparedWords(subject), opening: comparedWords(all), said: all };
}

/** Whether the same failed; no water is not no power, however alike the rest is. */
function sameFailure(one: Prepared, other: Prepared): boolean {
  const [a, b] = [one.failure(), other.failure()];
  if (opposites.some(([first, second]) => [[first, second], [second, first]].some(([has, denies]) => a.said.includes(has!) && !a.said.includes(denies!) && b.said.includes(denies!) && !b.said.includes(has!)))) return false;
  return sharesWord(a.words, b.words) || Math.max(likeness(a.words, b.words), likeness(a.opening, b.opening)) >= leastLikeness;
}

/** A place as it is compared; what is too short names none. */
function placeOf(address: string | null): string | null {
  const plain = plainPlace(address ?? '');
  return plain.length < 4 ? null : plain;
}

function digitsOf(phone: string | null): string | null {
  const digits = phone?.replaceAll(/\D/g, '') ?? '';
  return digits.length < 7 ? null : digits;
}

const samePhone = (one: string | null, other: string | null): boolean => one !== null && other !== null && (one.length < other.length ? other.endsWith(one) : one.endsWith(other));
/** How alike two are in their words: of their subjects, or of how they begin. */
const alikeness = (one: Prepared, other: Prepared): number => Math.max(likeness(one.words, other.words), likeness(one.opening(), other.opening()));

function metresBetween(one: Matter, other: Matter): number | null {
  if (one.lat === null || one.lng === null || other.lat === null || other.lng === null) return null;
  const north = (other.lat - one.lat) * 111_320;
  const east = (other.lng - one.lng) * 111_320 * Math.cos((one.lat * Math.PI) / 180);
  return Math.hypot(north, east);
}

export interface Comparison {
  score: number;
  reasons: MatterReason[];
  /** The same person on the same matter within the window: it is offered as one ticket. */
  offered: boolean;
}

/**
 * How likely two requests are one matter, with the reasons (疑似重复评分). Offered by itself is only what the same person, by a linked customer or the same
 * number, said of the same matter (much the same words, the same asset, or the same place and category) within the window; of the same category without a place, on one day.
 */
export function compareMatters(one: Prepared, other: Prepared, { linked = false, hours }: { linked?: boolean; hours: number }): Comparison {
  const reasons: MatterReason[] = [];
  let score = 0;
  const count = (reason: MatterReason, share = 1): true => {
    reasons.push(reason);
    score += points[reason] * share;
    return true;
  };
  const [a, b] = [one.matter, other.matter];
  if (linked) count('linked_duplicate');
  const asset = a.assetId !== null && a.assetId === b.assetId && count('same_asset');
  const person = (a.person !== null && a.person === b.person && count('same_customer')) || (samePhone(one.phone, other.phone) && count('same_phone'));
  const address = one.place !== null && one.place === other.place && count('same_address');
  const metres = address ? null : metresBetween(a, b);
  const near = metres !== null && metres <= nearMetres;
  // Of strangers the subjects have to be alike: among hundreds some begin alike by chance.
  const alike = person || asset || address ? alikeness(one, other) : likeness(one.words, other.words);
  const words = alike >= leastLikeness && count('similar_words', alike);
  // By themselves these say nothing: half of all requests are of one category, and whole estates are near.
  if (near && (words || person)) count('near_place');
  const category = a.categoryId !== null && a.categoryId === b.categoryId;
  if (category && reasons.length > 0) count('same_category');
  const apart = Math.abs(a.at - b.at);
  // Who says the same again on one day without saying where means what was said before.
  const sameDay = apart <= Math.min(hours, 24) * 3_600_000 && (one.place === null || other.place === null) && !(metres !== null && metres > nearMetres);
  return { score: Math.round(score), reasons, offered: apart <= hours * 3_600_000 && person && (words || asset || (category && (address || near || sameDay))) };
}

/** Why many people may be on about one thing (群体事件原因). */
export type CrowdReason = 'same_asset' | 'same_place' | 'same_words';

/**
 * Whether two requests, whoever they are from, may come of one cause (同一起因): of the same asset; or about the same, near one another or in the same house
 * or estate.
 */
export function sameCause(one: Prepared, other: Prepared, { hours }: { hours: number }): CrowdReason | null {
  const [a, b] = [one.matter, other.matter];
  if (Math.abs(a.at - b.at) > hours * 3_600_000) return null;
  if (a.assetId !== null && a.assetId === b.assetId) return 'same_asset';
  const metres = metresBetween(a, b);
  if ((metres !== null && metres <= 3 * nearMetres) || sameEstate(one.place, other.place) || sameBuilding(one.building, other.building)) return sameFailure(one, other) ? 'same_place' : null;
  // Without a place on either side only much the same words of one category are left.
  return one.place === null && other.place === null && metres === null && a.categoryId !== null && a.categoryId === b.categoryId && likeness(one.words, other.words) >= leastLikeness && sameFailure(one, other) ? 'same_words' : null;
}

// “停水” and “没有水，停水了” have one pair in common, and one of them nothing else.
function sharesWord(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const [fewer, more] = one.size < other.size ? [one, other] : [other, one];
  if (fewer.size === 0) return false;
  let common = 0;
  for (const word of fewer) if (more.has(word)) common += 1;
  return common > 0 && common / fewer.size >= 0.5;
}

// “梧桐苑” is an estate; “幸福” would be half of the city.
const estateLetters = 3;
// What a number stands behind anywhere: Building 5, Room 301.
const anywhere = /(?:building|bldg|block|tower|room|floor|level|unit|apartment|apt|flat|suite|number|no)+$/u;

/** Whether two addresses begin alike up to the number of the house: an estate, a street. */
function sameEstate(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return false;
  const head = (place: string) => estateIn(/^[^\d一二三四五六七八九十]+/u.exec(place)?.[0] ?? '').replace(anywhere, '');
  const [a, b] = [head(one), head(other)];
  return a.length >= estateLetters && a === b;
}

/** Whether two names of estates are one: 西湖区翠湖花园 is 翠湖花园. */
export const sameName = (one: string, other: string): boolean => one.endsWith(other) || other.endsWith(one);

/** Whether both are of one building, where the estate was said of one only, or of neither. */
function sameBuilding(one: Prepared['building'], other: Prepared['building']): boolean {
  return one !== null && other !== null && one.number === other.number && sameName(one.before, other.before);
}
