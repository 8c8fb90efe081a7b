import { isId } from '../db/uuid.ts';
import { Refusal } from '../errors/refusal.ts';

/** A place in a sorted list as an opaque text: the sort it belongs to and the key values of the last row (翻页游标). */
export function writeCursor(sort: string, key: readonly [string, string]): string {
  return Buffer.from(JSON.stringify([sort, ...key])).toString('base64url');
}

/** What stands in a cursor; nothing when it is not written as we write it: the decoder passes over whatever it does not know. */
export function decodeCursor(cursor: string): string {
  const bytes = Buffer.from(cursor, 'base64url');
  return bytes.toString('base64url') === cursor ? bytes.toString() : '';
}

/** The key values of a cursor; refused when it is not one of ours or belongs to another sort. */
export function readCursor(cursor: string, sort: string): [string, string] {
  try {
    const parts: unknown = JSON.parse(decodeCursor(cursor));
    if (Array.isArray(parts) && parts.length === 3 && parts[0] === sort && typeof parts[1] === 'string' && parts[1].length <= 64 && /^[\w:.+|-]*$/.test(parts[1]) && typeof parts[2] === 'string' && isId(parts[2]) && plausible(sort, parts[1])) {
      return [parts[1], parts[2]];
    }
  } catch {
    // Not even JSON.
  }
  throw new Refusal('invalid_cursor');
}

/** Whether it is a moment as we write it; JavaScript also reads days that no calendar has, and a year 0. */
function isMoment(text: string): boolean {
  const moment = new Date(text);
  return !Number.isNaN(moment.getTime()) && moment.getUTCFullYear() >= 1 && moment.toISOString() === text;
}

function plausible(sort: string, value: string): boolean {
  if (sort.includes('At')) return isMoment(value);
  if (sort === 'priority') return /^[1-4]\|/.test(value) && plausible('createdAt', value.slice(2));
  return true;
}
