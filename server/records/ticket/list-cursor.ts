import { isId } from '../../platform/db/uuid.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { decodeCursor } from '../../platform/http/cursor.ts';
import type { Place } from './ticket-set.ts';

/** So many of the matches of a search are weighed against one another; behind them the rest comes in order of time. */
export const mostWeighed = 100;

/** A place in a list: behind which ticket, in which group, and of a ranked list as of when and with what score. */
export interface ListPlace extends Place {
  group?: string;
  asOf?: string;
  score?: number;
  /** How many were weighed against one another. */
  weighed?: number;
}

/** A place as an opaque text that belongs to one order (翻页游标). */
export function writePlace(order: string, moment: Date, id: string, group?: string, ranked: { asOf?: string; score?: number; weighed?: number } = {}): string {
  return Buffer.from(JSON.stringify([order, moment.toISOString(), id, group ?? null, ranked.asOf ?? null, ranked.score ?? null, ranked.weighed ?? null])).toString('base64url');
}

/** The place a cursor names; refused when it is not one of ours or belongs to another order. */
export function readPlace(cursor: string, order: string): ListPlace {
  const parts = parse(cursor);
  if (!Array.isArray(parts) || parts.length !== 7 || parts[0] !== order) throw new Refusal('invalid_cursor');
  const [, moment, id, group, asOf, score, weighed] = parts as unknown[];
  const right = isMoment(moment) && typeof id === 'string' && isId(id)
    && (group === null || (typeof group === 'string' && (order === 'priority' ? /^[1-4]$/ : /^[\w-]{1,64}$/).test(group)))
    && (asOf === null || isMoment(asOf)) && (score === null || Number.isSafeInteger(score))
    && (weighed === null || (Number.isInteger(weighed) && (weighed as number) > 0 && (weighed as number) <= mostWeighed));
  if (!right) throw new Refusal('invalid_cursor');
  return {
    moment: moment as string, id: id as string,
    ...(group === null ? {} : { group: group as string }), ...(asOf === null ? {} : { asOf: asOf as string }), ...(score === null ? {} : { score: score as number }), ...(weighed === null ? {} : { weighed: weighed as number }),
  };
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(decodeCursor(cursor));
  } catch {
    return null;
  }
}

/** Whether it is a moment as we write it; JavaScript also reads days that no calendar has, and a year 0. What lies a moment behind it must be one as well. */
export function isMoment(text: unknown): boolean {
  if (typeof text !== 'string') return false;
  const moment = new Date(text);
  return !Number.isNaN(moment.getTime()) && moment.getUTCFullYear() >= 1 && moment.getUTCFullYear() < 9999 && moment.toISOString() === text;
}
