import { minutesOf, type TimeSpan } from '../definition.ts';

/** A time span as BPMN writes it: a duration of ISO 8601, such as P2D, PT4H, PT30M (ISO 8601 时长). */
export function toDuration({ amount, unit }: TimeSpan): string {
  return unit === 'days' ? `P${amount}D` : unit === 'hours' ? `PT${amount}H` : `PT${amount}M`;
}

/**
 * Reads a duration of ISO 8601 into the largest unit that says it exactly; seconds are rounded up to minutes, months and years
 * are 30 and 365 days. Null for anything else, for nothing at all, and beyond ten years.
 */
export function fromDuration(text: string): TimeSpan | null {
  const match = /^\s*P(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})(?:\.\d{1,9})?S)?)?\s*$/.exec(text);
  if (match === null) return null;
  const part = (index: number): number => Number(match[index] ?? 0);
  const minutes = (part(1) * 365 + part(2) * 30 + part(3) * 7 + part(4)) * 1_440 + part(5) * 60 + part(6) + Math.ceil(part(7) / 60);
  if (minutes === 0 || minutes > 5_256_000) return null;
  if (minutes % 1_440 === 0) return { amount: minutes / 1_440, unit: 'days' };
  return minutes % 60 === 0 ? { amount: minutes / 60, unit: 'hours' } : { amount: minutes, unit: 'minutes' };
}

/** A repeated duration, `R3/PT1H` (重复时长); null when it is none, or repeats without end. */
export function fromCycle(text: string): { times: number; span: TimeSpan } | null {
  const match = /^\s*R(\d{1,3})\/(P[^/]{1,60})$/.exec(text);
  const span = match === null ? null : fromDuration(match[2]!);
  const times = Number(match?.[1]);
  return span === null || times < 1 || times > 100 ? null : { times, span };
}

/** Whether two spans are equally long and reckoned the same way. */
export function isSameSpan(one: TimeSpan, other: TimeSpan): boolean {
  return minutesOf(one) === minutesOf(other) && (one.calendar ?? 'elapsed') === (other.calendar ?? 'elapsed');
}
