import { describeRefusal, type Language } from '../../../../contract/refusals.ts';
import { pathOf, targetOf, type ImportKind } from '../../../../rules/imports/targets.ts';
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
 * it; null for what is no refusal but a fault of the program or of the way to the database.
 */
export function describeRefused(error: unknown, names: ColumnNames, language: Language): Fault | null {
  if (isDatabaseError(error, '23505')) return { columns: [], code: 'name_taken', message: language === 'en' ? 'the same was entered by somebody else just now' : '刚刚有人录入了相同的内容' };
  if (!(error instanceof Refusal)) return null;
  const whole = describeRefusal(error.code, error.parameters, language);
  if (!error.errors?.length) return { columns: [], code: error.code, message: whole };
  const columns = new Set<string>();
  const messages = error.errors.map((one) => {
    const heading = headingOf(one.path, names);
    if (heading !== null) columns.add(heading);
    const said = sentence(one, error, language);
    return heading === null ? said : `${heading}${language === 'en' ? ': ' : '：'}${said}`;
  });
  return { columns: [...columns], code: error.errors.length === 1 ? error.errors[0]!.code : error.code, message: [...new Set(messages)].join(language === 'en' ? '; ' : '；') };
}

/** The heading of the column that says what stands at a place; the target's own name where no column does. */
function headingOf(path: string, { kind, mapping, columns }: ColumnNames): string | null {
  const fits = (target: string): number => {
    const place = targetOf(kind, target);
    const at = place && pathOf(place);
    return at !== undefined && (path === at || path.startsWith(`${at}/`)) ? at.length : path === `/${target}` ? target.length + 1 : 0;
  };
  const best = mapping.map((one) => ({ column: one.column, length: fits(one.target) })).sort((a, b) => b.length - a.length)[0];
  if (best && best.length > 0) return columns[best.column] || null;
  const named = path.split('/')[1];
  return named ? targetOf(kind, named)?.zh ?? named : null;
}

/** Whether an error says nothing about a row: the database is away, or two waited for each other. */
export function isPassing(error: unknown): boolean {
  return isAway(error) || ['40P01', '40001', '57014', '25P02'].some((code) => isDatabaseError(error, code)) || (error instanceof Error && /transaction is over|after calling end|Cannot use a pool/.test(error.message));
}
