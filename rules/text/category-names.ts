/**
 * How much a text speaks of a category by the words of its name (名称匹配): pairs of characters and words, weighed by how few names have them; what belongs to those
 * above it counts half. It needs no tickets to learn from.
 */
import { han } from './bigrams.ts';
import { withoutDenials } from './denials.ts';
import { idleCharacters as idle, idleWords } from './idle-words.ts';
import { generalWords, opposites, placeWords, sameWords } from './same-words.ts';
import { wholeWords } from './whole-words.ts';

/** A category, with what it and those above it are called. */
export interface NamedCategory {
  id: string;
  parentId: string | null;
  /** In every language it has a name in. */
  names: readonly string[];
}

/** Names made ready for being looked for. Leaves stand by their places, as there may be thousands that have a word. */
export interface NameIndex {
  /** By word: at which leaves it counts, and how much there. */
  words: ReadonlyMap<string, { at: Int32Array; counts: Float64Array }>;
  /** By leaf: its place. */
  leaves: ReadonlyMap<string, number>;
  /** By place: all that its own name could say. */
  own: Float64Array;
  /** Leaves in whose names opposites stand. */
  poles: readonly { id: string; poles: readonly (readonly [has: string, other: string])[] }[];
}

/** How much speaks for a leaf; what it is called denies what was said where `opposed`. */
export interface NameMatch {
  score: number;
  opposed: boolean;
  /** The words that speak for it, the weightiest first. */
  words: () => string[];
}

const ofParent = 0.5;
const ofOldest = 0.35;
const singleCounts = 0.3;
const wholeCounts = 2;
const placeCounts = 0.6;
const generalCounts = 0.15;
const mostClauses = 12;
const mostText = 1_500;

const pieces = /\p{Script=Han}+|[a-z0-9][a-z0-9-]*/gu;

const anyGeneral = new RegExp([...generalWords].filter((word) => han.test(word)).join('|'), 'gu');

/**
 * The words by which names and texts are compared, each with how much of it counts.
 *
 * @param isSaid in a text nothing counts less, but a single character that is a word of its own twice: 公园 speaks little of what is 公共, 灯 much of lights
 */
function wordsIn(text: string, isSaid = false): Map<string, number> {
  const words = new Map<string, number>();
  const add = (word: string, counts: number): void => void words.set(word, Math.max(counts, words.get(word) ?? 0));
  for (const [piece] of text.matchAll(pieces)) {
    if (!han.test(piece)) {
      if (!idleWords.has(piece) && !/^\d+$/.test(piece)) add(piece, isSaid ? 1 : generalWords.has(piece) ? generalCounts : placeWords.has(piece) ? placeCounts : 1);
      continue;
    }
    for (const [general] of piece.matchAll(anyGeneral)) add(general, isSaid ? 1 : generalCounts);
    // What only says that something is wrong makes no word with what is beside it: 门锁故障 is no 锁故.
    for (const part of piece.split(anyGeneral)) {
      const alone = isSaid ? new Set(wholeWords(part).map(({ word }) => word)) : null;
      const characters = [...part];
      characters.forEach((one, at) => {
        if (!idle.has(one)) add(one, alone === null ? singleCounts : alone.has(one) ? wholeCounts : 1);
        const pair = one + (characters[at + 1] ?? '');
        if (pair.length > one.length) add(pair, placeWords.has(pair) && alone === null ? placeCounts : alone === null && idle.has(one) && idle.has(characters[at + 1]!) ? singleCounts / 2 : 1);
      });
    }
  }
  return words;
}

/** Makes names ready (建名称索引). Leaves are what is looked for; what lies above them lends them its words. */
export function indexNames(categories: readonly NamedCategory[]): NameIndex {
  const byId = new Map(categories.map((one) => [one.id, one]));
  const parents = new Set(categories.map(({ parentId }) => parentId));
  const plain = new Map(categories.map(({ id, names }) => [id, names.map(sameWords).join(' / ')]));
  const own = new Map([...plain].map(([id, said]) => [id, wordsIn(said)]));
  const times = new Map<string, number>();
  for (const words of own.values()) for (const word of words.keys()) times.set(word, (times.get(word) ?? 0) + 1);
  const rarest = Math.log((categories.length + 1) / 1.5);
  const weights = new Map([...times].map(([word, count]) => [word, rarest <= 0 ? 1 : Math.max(0.05, Math.log((categories.length + 1) / (count + 0.5)) / rarest)]));
  const found = new Map<string, { at: number[]; counts: number[] }>();
  const named = categories.filter((one) => !parents.has(one.id));
  const owned = new Float64Array(named.length);
  const poles: NameIndex['poles'][number][] = [];
  named.forEach(({ id }, place) => {
    const shares = new Map(own.get(id)!);
    for (const [word, counts] of shares) owned[place]! += counts * weights.get(word)!;
    let above = byId.get(id)?.parentId ?? null;
    for (let share = ofParent, steps = 0; above !== null && steps < 8; above = byId.get(above)?.parentId ?? null, share *= ofOldest / ofParent, steps += 1) {
      for (const [word, counts] of own.get(above) ?? []) shares.set(word, Math.max(shares.get(word) ?? 0, counts * share));
    }
    for (const [word, share] of shares) {
      let where = found.get(word);
      if (!where) found.set(word, (where = { at: [], counts: [] }));
      where.at.push(place);
      where.counts.push(share * weights.get(word)!);
    }
    const said = plain.get(id)!;
    const has = opposites.flatMap(([one, other]): [string, string][] => (said.includes(one) && !said.includes(other) ? [[one, other]] : said.includes(other) && !said.includes(one) ? [[other, one]] : []));
    if (has.length > 0) poles.push({ id, poles: has });
  });
  return {
    words: new Map([...found].map(([word, { at, counts }]) => [word, { at: Int32Array.from(at), counts: Float64Array.from(counts) }])),
    leaves: new Map(named.map(({ id }, place) => [id, place])), own: owned, poles,
  };
}

// What it is not, and what is in order, is not what it is about.
const denied = /(?<!是)(?:不是(?!很|太)|并非|而非|不属于)(?![^,，。.;；!！?？\n]{0,12}(?:吗|吧|么))[^,，。.;；!！?？\n]{1,12}?(?=[,，。.;；!！?？\n]|而?是|$)|[跟和与][^跟和与,，。.;；!！?？\n]{1,12}?(?:没有?关系|无关)(?![^,，。.;；!！?？\n]{0,2}(?:吗|吧|么))|\b(?:it(?:'s| is) )?not (?:a|an|the|about) [^,.;!?\n]{1,40}?(?=[,.;!?\n]|\bbut\b|$)/gu;
const inOrder = /(?<![不没])(?:没问题|没有问题|都正常|很正常|是正常|没坏|是好的|都好的|修好了(?![^,，。.;；!！?？\n]*(?:又|还是|还在|再次)))|(?<![不没未否])(?<!恢复|不太)正常(?:了|的|啊)?(?=[,，。.;；!！?？\n]|$)|\bworks? fine\b|\bis (?:fine|ok)\b/u;

// Whoever is polite speaks of no category by it.
const courtesies = /你们?好|您好|早上好|上午好|中午好|下午好|晚上好|谢谢|多谢|感谢您的?|麻烦(?:你们?|您|了)?|请问一?下?|辛苦了?|不好意思|打扰了?/gu;

/** A text without courtesies and what it says that it is not about (去否定): “不是漏水，是停电” speaks of a power cut. */
export const withoutDenied = (text: string): string => withoutDenials(text).replace(denied, ' ').replace(courtesies, ' ').split(/(?<=[,，。.;；!！?？\n、])/u).filter((one) => !inOrder.test(one)).join('');

// What a platform writes in the place of what it cannot hand on, or of what is no words.
const notWords = /[【[](?=[^】\]\n]{0,80}(?:不支持|暂无法|无法(?:显示|查看|识别)|(?:not|un)[ -]?supported|cannot be (?:displayed|shown)))[^】\]\n]{0,80}[】\]]|\[(?:图片|语音|视频|文件|位置|链接|表情|动画表情|image|picture|photo|voice|video|file|location|place|link|sticker|audio)\]|(?:收到|暂)?不支持的?(?:此|该|这)?(?:类型的?)?(?:消息|信息)(?:类型)?(?:[,，]?(?:暂|已)?(?:无法|不能)(?:显示|查看))?|\bunsupported message(?: type)?\b|\bthis message (?:type )?is not supported\b/giu;
// What was so and is not any longer: the pipe that does not leak is no matter either.
const settled = /(?<=^|[,，。.;；!！?？\n])[^,，。.;；!！?？\n了]{0,6}?(?<![有是会能要漏])(?:不|没有?再?|未再?)(?:再|在|继续)?(?:漏|渗|滴|堵|跳闸|响|抖|臭|冒烟)水?了?(?=$|[,，。.;；!！?？\n])/gu;
// What something is like, or sounds like, has not happened.
const likened = /(?:[像跟如](?!是)[^,，。.;；!！?？\n]{1,8}?|\p{Script=Han}{2})(?:一样|似的|一般)的?|\p{Script=Han}{2}(?:音效|声效|音乐)的?/gu;

/** What of a text may speak of a category (判类用语): without what is denied, over, likened to, and the signs of platforms. */
export const wordsOfMatter = (text: string): string => withoutDenied(text.replace(notWords, ' ').replace(settled, ' ').replace(likened, ' '));

/** The clauses of a text that say what it is about, the first of them first. */
function clausesOf(text: string): string[] {
  return text.slice(0, mostText).split(/[,，。.;；!！?？\n、]/u).map((one) => one.trim()).filter((one) => one !== '').slice(0, mostClauses);
}

/** What of a text speaks for which leaf (名称得分). Those for which nothing speaks are left out, unless they are opposed. @param title, text without what is denied */
export function matchNames({ words, leaves, own, poles }: NameIndex, title: string, text: string): Map<string, NameMatch> {
  const all = [...new Set([...clausesOf(title), ...clausesOf(text)])];
  const said = sameWords(all.join('\n'));
  const [best, total, here] = [new Float64Array(own.length), new Float64Array(own.length), new Float64Array(own.length)];
  const heard = new Map<string, NonNullable<ReturnType<typeof words.get>>>();
  for (const clause of [...all, title.length <= 40 ? title : '']) {
    here.fill(0);
    for (const [word, share] of wordsIn(sameWords(clause), true)) {
      const entry = words.get(word);
      if (!entry) continue;
      const isNew = !heard.has(word);
      heard.set(word, entry);
      entry.at.forEach((place, nth) => {
        const counts = entry.counts[nth]! * share;
        here[place]! += counts;
        if (isNew) total[place]! += counts;
      });
    }
    here.forEach((sum, place) => {
      if (sum > best[place]!) best[place] = sum;
    });
  }
  const matches = new Map<string, NameMatch>();
  for (const [id, place] of leaves) {
    if (best[place]! === 0) continue;
    const reached = best[place]! + (total[place]! - best[place]!) * 0.3;
    const covered = Math.min(1, best[place]! / (own[place]! || 1));
    matches.set(id, {
      score: reached ** 0.75 * (0.6 + 0.4 * covered), opposed: false,
      words: () => wordsSaid([...heard].flatMap(([word, { at, counts }]): [string, number][] => {
        const nth = at.indexOf(place);
        return nth < 0 ? [] : [[word, counts[nth]!]];
      })),
    });
  }
  for (const { id, poles: its } of poles) {
    if (its.some(([has, other]) => said.includes(other) && !said.includes(has))) matches.set(id, { score: 0, opposed: true, words: () => [] });
  }
  return matches;
}

/** The weightiest words that were said, single characters only where nothing longer holds them. */
function wordsSaid(heard: readonly (readonly [string, number])[]): string[] {
  const sorted = [...heard].sort((a, b) => b[1] - a[1]).map(([word]) => word);
  const long = sorted.filter((word) => word.length > 1);
  return [...long, ...sorted.filter((word) => word.length === 1 && !long.some((other) => other.includes(word)))].slice(0, 4);
}
