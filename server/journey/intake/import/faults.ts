import { describeRefusal, type Language } from '../../../../contract/refusals.ts';
import { describeCellFault } from '../../../../rules/imports/row-faults.ts';
import { importTargets, pathOf, targetOf, type ImportKind, type Target } from '../../../../rules/imports/targets.ts';
import { textIn, type Value } from '../../../../rules/imports/values.ts';
import { isDatabaseError } from '../../../platform/db/database.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { sentence } from '../../../platform/http/problem.ts';
import { isAway } from '../../../platform/http/unavailable.ts';
import type { RowFault } from '../../../records/import/reading/csv.ts';

/** Why a row was not taken (失败原因): the columns it is about, a code, and a sentence for whoever imports. */
export interface Fault {
  columns: string[];
  code: string;
  message: string;
}

const rowFaults: Readonly<Record<RowFault, { zh: string; en: string }>> = {
  unclosed_quote: { zh: '这一行的引号没有成对', en: 'a quote in this row is never closed' },
  cell_too_long: { zh: '有单元格太长，上限 32767 个字', en: 'a cell is too long; the limit is 32,767 characters' },
  too_many_columns: { zh: '这一行的列比表头多', en: 'the row has more cells than the heading' },
  malformed_json: { zh: '这一行不是有效的 JSON', en: 'the line is not valid JSON' },
  not_an_object: { zh: '这一行应为一个 JSON 对象', en: 'the line has to be one JSON object' },
  line_too_long: { zh: '这一行太长，上限 4 MB', en: 'the line is too long; the limit is 4 MB' },
};

/** What is wrong with a row before it was looked into. */
export function describeRowFault(fault: RowFault, language: Language): Fault {
  const { zh, en } = rowFaults[fault];
  return { columns: [], code: fault, message: language === 'en' ? en : zh };
}

/** Which column of the file each place of a request was said in. */
export interface ColumnNames {
  kind: ImportKind;
  mapping: readonly { column: number; target: string }[];
  columns: readonly string[];
}

/**
 * A refusal of a row in terms of the file (导入失败说明): each place of the request by the heading of the column that says
 * it, with what stands there; null for what is no refusal but a fault of the program or of the way to the database.
 */
export function describeRefused(error: unknown, names: ColumnNames, values: ReadonlyMap<string, Value>, language: Language): Fault | null {
  if (isDatabaseError(error, '23505')) return { columns: [], code: 'name_taken', message: language === 'en' ? 'the same was entered by somebody else just now' : '刚刚有人录入了相同的内容' };
  if (!(error instanceof Refusal)) return null;
  const whole = describeRefusal(error.code, error.parameters, language);
  if (!error.errors?.length) return { columns: [], code: error.code, message: whole };
  const columns = new Set<string>();
  const messages = error.errors.map((one) => {
    const column = columnOf(one.path, names, language);
    const said = sentence(one, error, language);
    if (column === null) return said;
    columns.add(column.heading);
    return describeCellFault({ ...column, code: one.code, value: textIn(values.get(column.target?.key ?? '')), said }, language === 'en' ? 'en' : 'zh');
  });
  return { columns: [...columns], code: error.errors.length === 1 ? error.errors[0]!.code : error.code, message: [...new Set(messages)].join(language === 'en' ? '; ' : '；') };
}

/** The column that says what stands at a place of a request; the target's own name where none does. */
function columnOf(path: string, { kind, mapping, columns }: ColumnNames, language: Language): { heading: string; mapped: boolean; target: Target | undefined; within: string | null } | null {
  const fit = (target: Target | undefined): number => {
    const at = target && pathOf(target);
    return at !== undefined && (path === at || path.startsWith(`${at}/`)) ? at.length : target !== undefined && path === `/${target.key}` ? path.length : 0;
  };
  const known = [...mapping.map((one) => ({ column: one.column, target: targetOf(kind, one.target) })), ...importTargets[kind].map((target) => ({ column: null, target }))];
  const best = known.map((one) => ({ ...one, length: fit(one.target) })).sort((a, b) => b.length - a.length)[0];
  if (!best?.target || best.length === 0) return null;
  const within = path.slice(best.length).split('/').findLast((step) => step !== '' && !/^\d+$/.test(step)) ?? null;
  const heading = best.column === null ? '' : columns[best.column] ?? '';
  return { heading: heading || (language === 'en' ? best.target.en : best.target.zh), mapped: best.column !== null, target: best.target, within };
}

/** Whether an error says nothing about a row: the database is away, or two waited for each other. */
export function isPassing(error: unknown): boolean {
  return isAway(error) || ['40P01', '40001', '57014', '25P02'].some((code) => isDatabaseError(error, code)) || (error instanceof Error && /transaction is over|after calling end|Cannot use a pool/.test(error.message));
}
