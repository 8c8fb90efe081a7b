import type { Fact } from '../../platform/facts/fact.ts';

/** By less than this a visit is not moved, in milliseconds: whoever comes is there a little sooner or later all the same. */
const sameTime = 15 * 60_000;

const momentsOf = (data: Fact['data']): (number | null)[] => [data['plannedStart'], data['plannedBefore']].map((moment) => (typeof moment === 'string' ? Date.parse(moment) : null));

/** A visit that begins at another time than those who come know of, or has a time for the first (上门改时间). */
export function isMoved({ kind, data }: Pick<Fact, 'kind' | 'data'>): boolean {
  if (kind !== 'visit.planned') return false;
  const [starts = null, before = null] = momentsOf(data);
  return starts !== null && (before === null || Math.abs(starts - before) > sameTime);
}

/** When it begins from now on, and when it was to, by the clock and in the language of the organization (改时间摘要). */
export function moveInWords({ data }: Pick<Fact, 'data'>, { language, timeZone }: { language: string; timeZone: string }): string | null {
  const english = language === 'en';
  const format = new Intl.DateTimeFormat(english ? 'en-GB' : 'zh-CN', { timeZone, month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const [starts, before] = momentsOf(data).map((moment) => (moment === null ? null : format.format(moment)));
  if (!starts) return null;
  if (!before) return english ? `Begins ${starts}` : `${starts} 开始`;
  return english ? `Begins ${starts}, was ${before}` : `改为 ${starts}，原 ${before}`;
}
