import { importLimits } from '../../../../contract/import.ts';
import type { Value } from '../../../../rules/imports/values.ts';
import type { RowFault } from './csv.ts';

/** One line of JSON, its members by name; those of an object in it by both names, joined by a dot. */
export interface JsonRow {
  line: number;
  members: ReadonlyMap<string, Value>;
  fault?: RowFault;
}

const deepest = 50;
const longestLine = 4 * 1024 * 1024;

/** Reads JSON Lines piece by piece (https://jsonlines.org): one object a line, blank lines passed over. */
export function openJsonLines(): { push(text: string): JsonRow[]; end(): JsonRow[] } {
  let rest = '';
  let line = 1;
  let skipping = false;
  const take = (text: string, rows: JsonRow[]) => {
    if (skipping) {
      rows.push({ line, members: new Map(), fault: 'line_too_long' });
      skipping = false;
    } else if (text.trim() !== '') rows.push(readLine(text, line));
    line += 1;
  };
  return {
    push(text) {
      const rows: JsonRow[] = [];
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      for (const one of lines) take(one, rows);
      if (rest.length > longestLine) {
        skipping = true;
        rest = '';
      }
      return rows;
    },
    end() {
      const rows: JsonRow[] = [];
      if (rest.trim() !== '' || skipping) take(rest, rows);
      return rows;
    },
  };
}

function readLine(text: string, line: number): JsonRow {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { line, members: new Map(), fault: 'malformed_json' };
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return { line, members: new Map(), fault: 'not_an_object' };
  // Nothing that is imported has so much within one another; who reads it on would run out of room.
  if (!isWithin(value, deepest)) return { line, members: new Map(), fault: 'malformed_json' };
  const members = new Map<string, Value>();
  for (const [name, member] of Object.entries(value as Record<string, Value>)) {
    if (member !== null && typeof member === 'object' && !Array.isArray(member)) for (const [inner, one] of Object.entries(member)) members.set(`${name}.${inner}`, one as Value);
    else members.set(name, member);
  }
  return { line, members, ...(members.size > importLimits.columns ? { fault: 'too_many_columns' as const } : {}) };
}

function isWithin(value: unknown, levels: number): boolean {
  return value === null || typeof value !== 'object' || (levels > 0 && Object.values(value).every((member) => isWithin(member, levels - 1)));
}
