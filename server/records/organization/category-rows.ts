import { limits } from '../../../contract/common.ts';
import type { CategoryColumns } from '../../../contract/organization.ts';
import { BrokenCsv, parseCsv } from '../../../rules/text/csv.ts';
import { invalidInput } from '../../platform/errors/refusal.ts';
import { isStorable } from '../../platform/http/validation.ts';
import { deepestCategory } from './create-category.ts';

/** One row of a file of categories: a path of names, or why it is none. */
export interface CategoryLine {
  /** Line of the file it begins on, from 1. */
  row: number;
  path: string[];
  team: { column: string; name: string } | null;
  problem: RowProblem | null;
}

export interface RowProblem {
  column: string | null;
  code: string;
  message: { zh: string; en: string };
}

type Cell = { column: string; value: unknown };
interface RawRow { row: number; cells: Cell[]; broken?: true }
type Meaning = 1 | 2 | 3 | 4 | 'path' | 'team';

// As such columns are called in files people have; compared without case, spaces and marks.
const names: readonly [Meaning, RegExp][] = [
  [1, /^(?:l|lv|level|cat|category|c)1$|^(?:第?一级|1级|大类)(?:分类|类别|类目|名称|部门)?$|^(?:分类|类别|级别)1$|^(?:first|top)(?:level)?$/],
  [2, /^(?:l|lv|level|cat|category|c)2$|^(?:第?二级|2级|中类)(?:分类|类别|类目|名称)?$|^(?:分类|类别|级别)2$|^second(?:level)?$/],
  [3, /^(?:l|lv|level|cat|category|c)3$|^(?:第?三级|3级|小类)(?:分类|类别|类目|名称)?$|^(?:分类|类别|级别)3$|^third(?:level)?$/],
  [4, /^(?:l|lv|level|cat|category|c)[4-9]$|^(?:第?[四五六]级|[4-6]级)(?:分类|类别|类目|名称)?$|^(?:分类|类别|级别)[4-9]$/],
  ['path', /^(?:full)?path$|^(?:category|分类)?(?:path|路径|全路径)$|^category$|^分类$/],
  ['team', /^team(?:name)?$|^(?:处理|受理|负责)?班组(?:名称)?$/],
];
const tooDeep: RowProblem['message'] = { zh: `分类最多 ${deepestCategory} 级`, en: `categories go ${deepestCategory} levels deep at most` };

/**
 * The rows of a file of categories (解析分类文件): JSON Lines of objects or of lists of names, one JSON list, or CSV with or
 * without a heading. A row names a category by one column a level or by a path; the columns are told by their names, or,
 * where there are no more than three of other names, by their order.
 *
 * @throws Refusal invalid_input when it cannot be told what the columns mean
 */
export function readCategoryRows(text: string, format: 'jsonl' | 'csv' | undefined, columns: CategoryColumns | undefined): CategoryLine[] {
  const whole = text.replace(/^\uFEFF/, '');
  const jsonl = (format ?? (/^\s*[[{]/.test(whole) ? 'jsonl' : 'csv')) === 'jsonl';
  const rows = jsonl ? jsonRows(whole) : csvRows(whole, columns);
  const known = rows.find((row) => row.cells.length > 0)?.cells.map((cell) => cell.column) ?? [];
  const meaning = meaningOf(known, columns);
  return rows.map((row) => readRow(row, meaning));
}

function jsonRows(text: string): RawRow[] {
  const trimmed = text.trim();
  if (trimmed.startsWith('[')) {
    const list = parse(trimmed);
    // One line that is a list of names is a row; a list of rows is a file.
    if (Array.isArray(list) && list.every((item) => typeof item === 'object' && item !== null)) return list.map((item, index) => jsonRow(item, index + 1));
  }
  return text.split(/\r\n|\r|\n/).map((line, index) => ({ line: line.trim(), row: index + 1 })).filter(({ line }) => line !== '').map(({ line, row }) => jsonRow(parse(line), row));
}

function jsonRow(value: unknown, row: number): RawRow {
  if (Array.isArray(value)) return { row, cells: value.map((item, index) => ({ column: `level${index + 1}`, value: item })) };
  if (value === null || typeof value !== 'object') return { row, cells: [], broken: true };
  return { row, cells: Object.entries(value).map(([column, item]) => ({ column, value: item })) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function csvRows(text: string, columns: CategoryColumns | undefined): RawRow[] {
  try {
    const [first, ...rest] = parseCsv(text);
    if (!first) return [];
    const heading = first.cells.map((cell) => cell.trim());
    const isHeading = columns ? Object.values(columns).every((column) => heading.includes(column)) : heading.some((cell) => meaningByName(cell) !== undefined);
    const called = isHeading ? heading.map((cell, index) => cell || `column ${index + 1}`) : heading.map((_, index) => `${heading.length > deepestCategory ? 'column ' : 'level'}${index + 1}`);
    return (isHeading ? rest : [first, ...rest]).map(({ line, cells }) => ({ row: line, cells: cells.map((value, index) => ({ column: called[index] ?? `column ${index + 1}`, value })) }));
  } catch (error) {
    if (error instanceof BrokenCsv) throw invalidInput('/text', 'csv', { zh: `第 ${error.line} 行的引号不成对`, en: `the quotes in line ${error.line} do not match` });
    throw error;
  }
}

function meaningByName(column: string): Meaning | undefined {
  const plain = column.normalize('NFKC').toLowerCase().replaceAll(/[\s_.\-（）()*]/g, '');
  return names.find(([, pattern]) => pattern.test(plain))?.[0];
}

function meaningOf(known: readonly string[], columns: CategoryColumns | undefined): (column: string) => Meaning | undefined {
  if (columns) {
    const given = new Map<string, Meaning>();
    for (const [key, column] of Object.entries(columns)) if (column !== undefined) given.set(column, key === 'path' || key === 'team' ? key : Number(key.slice(-1)) as Meaning);
    const missing = [...given.keys()].find((column) => known.length > 0 && !known.includes(column));
    if (missing !== undefined) throw invalidInput('/columns', 'unknown_column', { zh: `文件里没有“${missing}”这一列`, en: `there is no column “${missing}”` });
    return (column) => given.get(column);
  }
  if (known.some((column) => meaningByName(column) === 1 || meaningByName(column) === 'path')) return meaningByName;
  const levels = known.filter((column) => meaningByName(column) !== 'team');
  if (levels.length > deepestCategory) throw invalidInput('/columns', 'required', { zh: '认不出哪几列是各级分类，请指定', en: 'it cannot be told which columns name the levels; say so' });
  return (column) => (levels.includes(column) ? levels.indexOf(column) + 1 as Meaning : meaningByName(column));
}

function readRow(raw: RawRow, meaning: (column: string) => Meaning | undefined): CategoryLine {
  const line: CategoryLine = { row: raw.row, path: [], team: null, problem: null };
  const refuse = (column: string | null, code: string, zh: string, en: string) => {
    line.problem ??= { column, code, message: { zh, en } };
  };
  if (raw.broken) refuse(null, 'type', '这一行不是一条 JSON 记录', 'is not a JSON record');
  const levels: (Cell & { name: string })[] = [];
  for (const { column, value } of raw.cells) {
    const means = meaning(column);
    if (means === undefined) continue;
    if (means === 'path') {
      const parts = Array.isArray(value) ? value : typeof value === 'string' ? value.split(value.includes('>') ? '>' : value.includes('|') ? '|' : '/') : [value];
      parts.forEach((part, index) => (levels[index] = { column, value: part, name: nameOf(part) }));
      if (parts.length > deepestCategory) refuse(column, 'maximum', tooDeep.zh, tooDeep.en);
      continue;
    }
    const name = nameOf(value);
    if (value !== null && value !== undefined && !['string', 'number'].includes(typeof value)) refuse(column, 'type', '应为文字', 'must be text');
    else if (means === 'team') line.team = name === '' ? null : { column, name };
    else if (means === 4) {
      if (name !== '') refuse(column, 'maximum', tooDeep.zh, tooDeep.en);
    } else levels[means - 1] = { column, value, name };
  }
  const filled = Array.from({ length: levels.length }, (_, index) => levels[index]?.name ?? '');
  const depth = filled.findLastIndex((name) => name !== '') + 1;
  if (depth === 0) refuse(levels[0]?.column ?? null, 'required', '必须填写', 'is required');
  filled.slice(0, depth).forEach((name, index) => {
    const column = levels[index]?.column ?? null;
    if (name === '') refuse(column, 'required', `第 ${index + 1} 级不能空着`, `level ${index + 1} must not be empty`);
    else if (!isStorable(name)) refuse(column, 'text', '含有不能保存的字符', 'holds characters that cannot be stored');
    else if ([...name].length > limits.name) refuse(column, 'maxLength', `最多 ${limits.name} 个字`, `takes at most ${limits.name} characters`);
  });
  line.path = filled.slice(0, depth).slice(0, deepestCategory + 1).map((name) => (isStorable(name) ? name.slice(0, 2 * limits.name) : ''));
  return line;
}

const nameOf = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value).normalize('NFC').trim() : '');
