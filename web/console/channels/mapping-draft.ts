import type { FieldMapping } from '../../../rules/intake/mapping.ts';

/** A line of the mapping while it is worked on: known by a key that stays with it. */
export interface Line extends FieldMapping {
  key: number;
}

export interface DraftState {
  lines: readonly Line[];
  each: string;
}

/** A draft of the mapping with what it was before each step (映射草稿). */
export interface MappingDraft {
  now: DraftState;
  past: readonly DraftState[];
  future: readonly DraftState[];
  /** What was touched last: typing on in one place is one step. */
  touched: string | null;
  nextKey: number;
}

const mostSteps = 100;

export function openDraft(mapping: readonly FieldMapping[], each: string): MappingDraft {
  return { now: { lines: mapping.map((line, key) => ({ ...line, key })), each }, past: [], future: [], touched: null, nextKey: mapping.length };
}

export type DraftStep =
  | { do: 'change'; key: number; line: FieldMapping; part: string }
  | { do: 'add'; lines: readonly FieldMapping[] }
  | { do: 'remove'; key: number }
  | { do: 'move'; key: number; by: -1 | 1 }
  | { do: 'each'; each: string }
  | { do: 'undo' } | { do: 'redo' };

/** One step of work on the mapping; each can be undone. */
export function stepDraft(draft: MappingDraft, step: DraftStep): MappingDraft {
  const { now, past, future } = draft;
  const to = (next: DraftState, touched: string | null = null, nextKey = draft.nextKey): MappingDraft => ({
    now: next, past: touched !== null && touched === draft.touched ? past : [...past, now].slice(-mostSteps), future: [], touched, nextKey,
  });
  switch (step.do) {
    case 'change': return to({ ...now, lines: now.lines.map((line) => (line.key === step.key ? { ...step.line, key: line.key } : line)) }, `${step.key} ${step.part}`);
    case 'add': return to({ ...now, lines: [...now.lines, ...step.lines.map((line, index) => ({ ...line, key: draft.nextKey + index }))] }, null, draft.nextKey + step.lines.length);
    case 'remove': return to({ ...now, lines: now.lines.filter((line) => line.key !== step.key) });
    case 'move': {
      const at = now.lines.findIndex((line) => line.key === step.key);
      const other = now.lines[at + step.by];
      if (at < 0 || !other) return draft;
      const lines = [...now.lines];
      [lines[at], lines[at + step.by]] = [other, lines[at]!];
      return to({ ...now, lines });
    }
    case 'each': return to({ ...now, each: step.each }, 'each');
    case 'undo': return past.length === 0 ? draft : { ...draft, now: past.at(-1)!, past: past.slice(0, -1), future: [now, ...future], touched: null };
    case 'redo': return future.length === 0 ? draft : { ...draft, now: future[0]!, past: [...past, now], future: future.slice(1), touched: null };
  }
}

/** The mapping as it is sent: what is empty is left away. */
export function mappingOf({ lines }: DraftState): FieldMapping[] {
  return lines.map(({ key: _key, from, text, value, cleanse, table, otherwise, target }) => ({
    target, ...(from === undefined ? {} : { from }), ...(text === undefined ? {} : { text }), ...(value === undefined ? {} : { value }),
    ...(cleanse?.length ? { cleanse } : {}), ...(table && Object.keys(table).length > 0 ? { table } : {}), ...(otherwise ? { otherwise } : {}),
  }));
}

/** A table of words as it is written: one pair on a line, `came = meant`. */
export const tableText = (table: FieldMapping['table']): string => Object.entries(table ?? {}).map(([came, meant]) => `${came} = ${meant}`).join('\n');
export function readTable(text: string): Record<string, string> | undefined {
  const pairs = text.split('\n').flatMap((line) => {
    const at = line.search(/[=＝]/);
    return at <= 0 || line.slice(0, at).trim() === '' ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()] as const];
  });
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}
