/**
 * Fields of a request out of whatever another program sent (字段映射与清洗): each target has a source, is cleansed step by step,
 * and may be put through a table of words. A target that several mappings name takes the first that finds something.
 */

import { asText } from '../conditions/json.ts';
import { fillIn } from '../workflow/placeholders.ts';

/** How a value is made clean (清洗): steps in the order they stand. */
export const cleansings = ['trim', 'one_line', 'plain_text', 'lower', 'upper', 'digits', 'narrow'] as const;
export type Cleansing = (typeof cleansings)[number];

/** One line of a mapping (字段映射). Exactly one of `from`, `text` and `value` says where the value comes from. */
export interface FieldMapping {
  /** What it fills: `subject`, `requester.phone`, `fields.<key>`, … */
  target: string;
  /** A path into what came: names and numbers of list items between dots, such as `alarm.items.0.text`. */
  from?: string;
  /** A text with {{paths}} in it. */
  text?: string;
  /** The same always. */
  value?: string | number | boolean;
  cleanse?: Cleansing[];
  /** What came → what is meant, compared without regard to case. What the table does not know stays as it is, unless there is an `otherwise`. */
  table?: Record<string, string>;
  /** Taken when nothing came, and when the table does not know what came. */
  otherwise?: string;
}

export const mappingLimits = { mappings: 60, path: 200, text: 2_000, table: 200, value: 20_000 } as const;

export type Mapped = Readonly<Record<string, unknown>>;

/** What a path leads to in something; undefined where it leads nowhere. Only what the thing has itself is found. */
export function at(thing: unknown, path: string): unknown {
  let value = thing;
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

/** Applies a mapping (映射). Targets that nothing was found for are absent. */
export function applyMapping(mappings: readonly FieldMapping[], came: unknown): Mapped {
  const values: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const mapping of mappings) {
    if (mapping.target in values) continue;
    const value = valueOf(mapping, came);
    if (value !== undefined) values[mapping.target] = value;
  }
  return { ...values };
}

function valueOf(mapping: FieldMapping, came: unknown): unknown {
  const found = mapping.from !== undefined ? at(came, mapping.from) : mapping.text !== undefined ? fillIn(mapping.text, came) : mapping.value;
  // Numbers, truths and lists stay what they are, as long as nothing is to be done to them.
  if (typeof found !== 'string' && found !== null && found !== undefined && !mapping.cleanse?.length && !mapping.table) return found;
  const clean = (mapping.cleanse ?? []).reduce(cleansed, found === null || found === undefined ? '' : asText(found)).slice(0, mappingLimits.value).toWellFormed();
  if (clean === '') return mapping.otherwise;
  if (!mapping.table) return clean;
  const known = Object.entries(mapping.table).find(([word]) => word.trim().toLowerCase() === clean.trim().toLowerCase());
  return known?.[1] ?? mapping.otherwise ?? clean;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function cleansed(text: string, step: Cleansing): string {
  switch (step) {
    case 'trim': return text.trim();
    case 'one_line': return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
    // Markup is taken off, never made sense of: what is shown is always shown as text.
    case 'plain_text': return text.replace(/<(?:br|\/p|\/div|\/li|\/tr)\b[^<>]*>/gi, '\n').replace(/<[a-z/!?][^<>]*>/gi, '').replace(/&(\w{2,6});/g, (whole, name: string) => entities[name.toLowerCase()] ?? whole).replace(/\n{3,}/g, '\n\n').trim();
    case 'lower': return text.toLowerCase();
    case 'upper': return text.toUpperCase();
    case 'digits': return text.normalize('NFKC').replace(/\D/g, '');
    // Full-width letters and digits, ligatures and the like become plain ones.
    case 'narrow': return text.normalize('NFKC');
  }
}

/** What is wrong with a mapping: which line, and why (映射校验). */
export interface MappingProblem {
  line: number;
  code: 'unknown_target' | 'no_source' | 'several_sources' | 'bad_path' | 'too_long' | 'bad_table' | 'unknown_cleansing';
}

/** Looks at a mapping before it is kept. `targets` says what there is to fill. */
export function checkMapping(mappings: readonly FieldMapping[], targets: (target: string) => boolean): MappingProblem[] {
  return mappings.flatMap((mapping, line): MappingProblem[] => {
    const problems: MappingProblem[] = [];
    const add = (code: MappingProblem['code']) => problems.push({ line, code });
    const sources = [mapping.from, mapping.text, mapping.value].filter((source) => source !== undefined).length;
    if (!targets(mapping.target)) add('unknown_target');
    if (sources === 0) add('no_source');
    if (sources > 1) add('several_sources');
    if (mapping.from !== undefined && (mapping.from.length > mappingLimits.path || mapping.from.split('.').some((step) => step === ''))) add('bad_path');
    if ((mapping.text?.length ?? 0) > mappingLimits.text || (mapping.otherwise?.length ?? 0) > mappingLimits.text || (typeof mapping.value === 'string' && mapping.value.length > mappingLimits.text)) add('too_long');
    if (mapping.table && Object.keys(mapping.table).length > mappingLimits.table) add('bad_table');
    if (mapping.cleanse?.some((step) => !cleansings.includes(step))) add('unknown_cleansing');
    return problems;
  });
}
