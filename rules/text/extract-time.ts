import { addDays, isDay, weekday } from '../conditions/days.ts';
import type { Found } from './extract.ts';

/** Days and times in the words of people (时间抽取): 明天下午三点半, 周五上午9点, 11月23号, 2026-11-23 09:30. A day alone is `YYYY-MM-DD`. */

const chinese: Readonly<Record<string, number>> = { 零: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9, 十: 10, 十一: 11, 十二: 12, 日: 0, 天: 0 };
const far: Readonly<Record<string, number>> = { 前天: -2, 昨天: -1, 昨晚: -1, 今天: 0, 今早: 0, 今晚: 0, 明天: 1, 明早: 1, 明晚: 1, 后天: 2, 大后天: 3 };
const hours = '(\\d{1,2}|十[一二]?|[一二两三四五六七八九])';
const clock = `(?:(凌晨|早上|上午|中午|下午|傍晚|晚上|夜里)?\\s?(?:${hours}\\s?(?:点钟?|时)(?:\\s?(半|一刻|三刻|\\d{1,2}|[一二三四五]?十[一二三四五六七八九]?)分?)?|(\\d{1,2})[:：](\\d{2})))`;
const find = new RegExp(`(?:(大后天|前天|昨天|昨晚|今天|今早|今晚|明天|明早|明晚|后天)|(这|本|下)?(?:周|星期|礼拜)([一二三四五六日天])|(?:(\\d{4})\\s?[年./-]\\s?)?(\\d{1,2})\\s?[月./-]\\s?(\\d{1,2})\\s?(?:日|号)?(?![\\d.-]))?\\s?(?:的)?\\s?(?:${clock})?`, 'gu');
const untilThen = new RegExp(`^\\s?(?:到|至|[-–—~～－])\\s?(?:当天)?${clock}`, 'u');
const minuteWords: Readonly<Record<string, number>> = { 半: 30, 一刻: 15, 三刻: 45 };

const numberOf = (text: string): number => (/^\d+$/.test(text) ? Number(text) : chinese[text] ?? Number.NaN);
const two = (value: number): string => String(value).padStart(2, '0');

function minutesOf(text: string | undefined): number {
  if (text === undefined) return 0;
  if (text in minuteWords) return minuteWords[text]!;
  if (/^\d+$/.test(text)) return Number(text);
  const [tens = '', ones = ''] = text.split('十');
  return (tens === '' ? 1 : chinese[tens] ?? 0) * 10 + (ones === '' ? 0 : chinese[ones] ?? 0);
}

/** The minute of a day that a clock says; null for what is none. @param late in which part of the day it is meant where nothing else is said */
function minuteIn(part: string | undefined, [hour, minute, hour24, minute24]: readonly (string | undefined)[]): number | null {
  let at = hour24 !== undefined ? Number(hour24) : numberOf(hour!);
  const minutes = minute24 !== undefined ? Number(minute24) : minutesOf(minute);
  if ((part === '下午' || part === '傍晚' || part === '晚上' || part === '夜里') && at < 12) at += 12;
  if (part === '中午' && at < 3) at += 12;
  return at < 24 && minutes < 60 ? at * 60 + minutes : null;
}

const asClock = (minute: number): string => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;

/** Until when it goes where a span was named (时段): 3点到5点 of an afternoon ends at five of that afternoon. */
function endOf(rest: string, begins: number, part: string | undefined): { minute: number; length: number } | null {
  const match = untilThen.exec(rest);
  if (!match) return null;
  const [, own, ...said] = match;
  let minute = minuteIn(own ?? part, said);
  // 上午10点到1点: on the other side of noon.
  if (minute !== null && minute <= begins && own === undefined && minute < 720) minute = minuteIn('下午', said);
  return minute !== null && minute > begins ? { minute, length: match[0].trimEnd().length } : null;
}

/** Days and times a text names; of a span its beginning, and its end as `until`. @param today the day it was said on, `YYYY-MM-DD` */
export function timesIn(text: string, today: string): Found[] {
  const found: Found[] = [];
  let over = 0;
  for (const match of text.matchAll(find)) {
    // The end of a span is no time by itself.
    if (match.index < over) continue;
    const words = match[0].trim();
    const [, near, which, week, year, month, date, part, hour, minuteWord, hour24, minute24] = match;
    const timed = hour !== undefined || hour24 !== undefined;
    if (words === '' || (near === undefined && week === undefined && month === undefined && !timed)) continue;
    // 3.5, 2/3: no day, unless it is called one.
    if (month !== undefined && year === undefined && !/[月日号]/.test(words) && !timed) continue;
    const day = near !== undefined ? addDays(today, far[near]!) : week !== undefined ? ofWeek(today, which, chinese[week]!) : month !== undefined ? ofYear(today, year, Number(month), Number(date)) : null;
    if ((near ?? week ?? month) !== undefined && (day === null || !isDay(day))) continue;
    let value = day ?? today;
    let until: { minute: number; length: number } | null = null;
    if (timed) {
      const late = part ?? (near?.endsWith('晚') ? '晚上' : undefined);
      const minute = minuteIn(late, [hour, minuteWord, hour24, minute24]);
      if (minute === null) continue;
      until = endOf(text.slice(match.index + match[0].length), minute, late);
      value = `${value} ${asClock(minute)}`;
    }
    const start = match.index + match[0].indexOf(words);
    const end = until === null ? start + words.length : match.index + match[0].length + until.length;
    if (until !== null) over = end;
    found.push({
      kind: 'time', value, words: text.slice(start, end), start, end, confidence: day === null ? 0.6 : timed ? 0.85 : 0.75, ...(until === null ? {} : { until: `${day ?? today} ${asClock(until.minute)}` }),
    });
  }
  return found;
}

/** 周五 is the next one that is not over, 下周五 that of the week after (weeks begin on Monday). */
function ofWeek(today: string, which: string | undefined, wanted: number): string | null {
  const ahead = ((wanted + 6) % 7) - weekday(today);
  if (which === '下') return addDays(today, ahead + 7);
  return addDays(today, which === undefined && ahead < 0 ? ahead + 7 : ahead);
}

/** Without a year it is the nearest: what was said in December of January is of next year. */
function ofYear(today: string, year: string | undefined, month: number, date: number): string | null {
  const day = (of: number) => `${of}-${two(month)}-${two(date)}`;
  if (year !== undefined) return day(Number(year));
  const [present, now] = [Number(today.slice(0, 4)), Number(today.slice(5, 7))];
  return day(now - month > 6 ? present + 1 : month - now > 6 ? present - 1 : present);
}
