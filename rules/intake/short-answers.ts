import type { NewsChoice } from '../news/events.ts';

/** A short answer as it is compared: without marks, spaces and thanks around it. */
function plain(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase()
    .replace(/^(评分|打分|评价|回复|我|给|打|评|选|[:：\s])+(?=.)/u, '')
    .replace(/[\s,，。.!！~～、；;:：“”"'’]+/gu, '')
    .replace(/(谢谢|多谢|感谢|thankyou|thanks|哈|啊|哦|呢|的|了|吧)+$/u, '');
}

const digits: Readonly<Record<string, number>> = { 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5 };
// The most telling words first; those of one line mean the same.
const words: readonly (readonly [RegExp, number])[] = [
  [/^(非常|很|极其|十分|特别|太|极)(不满意|差|差劲|糟|糟糕)$|^(差评|太差|最差|垃圾|verybad|terrible|awful)$/u, 1],
  [/^(不|不太|不怎么|不够|不是很|有点不|较不|比较不)(满意|好|行)$|^(较差|差|差劲|unsatisfied|notsatisfied|dissatisfied|bad|poor)$/u, 2],
  [/^(一般|一般般|还行|还可以|凑合|马马虎虎|普通|中评|ok|okay|average|soso)$/u, 3],
  [/^(满意|基本满意|比较满意|较满意|好|不错|挺好|可以|satisfied|good)$/u, 4],
  [/^(非常|很|十分|特别|超级|相当|太|极其)(满意|好|棒|赞)$|^(好评|五星好评|完美|棒|很赞|赞|verygood|verysatisfied|excellent|great|perfect)$/u, 5],
];

/**
 * The rating that a short message gives (短语评分), 1 to 5: a number with or without its unit, stars, or a word for it; null where it says anything else.
 * Only whole messages count: “1 号楼” and “5 分钟前” rate nothing.
 */
export function ratingIn(text: string): number | null {
  if (text.length > 40) return null;
  const stars = [...text.replaceAll(/\s/gu, '').replaceAll('\uFE0F', '')];
  if (stars.length >= 1 && stars.length <= 5 && stars.every((star) => star === '⭐' || star === '★' || star === '🌟')) return stars.length;
  const said = plain(text);
  const numbered = /^([1-5一二两三四五])(分|星|颗星|stars?|points?|\/5)?(.*)$/u.exec(said);
  if (numbered) {
    const rating = digits[numbered[1]!] ?? Number(numbered[1]);
    const rest = numbered[3]!;
    // As a menu writes it: the number and its word.
    if (rest === '' || wordRating(rest) !== null) return rating;
  }
  return wordRating(said);
}

function wordRating(said: string): number | null {
  return words.find(([pattern]) => pattern.test(said))?.[1] ?? null;
}

const choices: readonly (readonly [RegExp, NewsChoice])[] = [
  [/^(退订|td|t|qx|取消订阅|取消通知|关闭通知|不要通知|不要再通知|别再通知|别通知|不要通知我|别通知我|unsubscribe|stop|stopall|optout)$/u, 'answers'],
  [/^(只要结果|只看结果|只通知结果|仅通知结果|结果通知|resultsonly|onlyresults|results)$/u, 'results'],
  [/^(订阅|恢复通知|开启通知|打开通知|接收通知|恢复订阅|全部通知|subscribe|start|resume|optin)$/u, 'all'],
];

/** What a message says somebody wants to hear from now on (退订口令); null where it says anything else. */
export function newsChoiceIn(text: string): NewsChoice | null {
  if (text.length > 40) return null;
  const said = text.normalize('NFKC').trim().toLowerCase().replace(/[\s,，。.!！~～、“”"'’]+/gu, '').replace(/(谢谢|吧|了)+$/u, '');
  return choices.find(([pattern]) => pattern.test(said))?.[1] ?? null;
}
