import { isObject, own, pointer } from '../conditions/json.ts';
import { checkValue, isEmpty, type Checked, type ValueContext } from './field-values.ts';
import { formLimits, type Column, type FormVariables, type TableField, type ValueProblem } from './form.ts';
import { holds, reckon } from './formula.ts';

const cellNames = new WeakMap<TableField, ReadonlySet<string>>();

function namesOf(field: TableField): ReadonlySet<string> {
  const known = cellNames.get(field) ?? new Set(field.columns.map(({ key }) => key));
  cellNames.set(field, known);
  return known;
}

/**
 * Checks the rows of a table (明细表): each cell by its column, rows without anything in them left out, row formulas
 * reckoned. Every row that is stored has all columns, null where a cell is empty.
 */
export function checkRows(field: TableField, given: unknown, variables: FormVariables, context: ValueContext): Checked {
  if (isEmpty(given)) return { value: null };
  if (!Array.isArray(given)) return { problems: [{ path: '', code: 'type', params: { kind: 'table' } }] };
  const most = field.maxRows ?? formLimits.rows;
  // Not worth looking at one by one.
  if (given.length > formLimits.rows * 2) return { problems: [{ path: '', code: 'maxRows', params: { limit: most } }] };
  const problems: ValueProblem[] = [];
  const rows: Record<string, unknown>[] = [];
  for (const [index, row] of given.entries()) {
    const at = pointer('', index);
    if (!isObject(row)) problems.push({ path: at, code: 'type', params: { kind: 'row' } });
    else if (!isBlankRow(field, row)) rows.push(checkRow(field, row, at, variables, previousRows(context), context, problems));
    if (problems.length > 100) break;
  }
  if (problems.length > 0) return { problems };
  if (rows.length > most) return { problems: [{ path: '', code: 'maxRows', params: { limit: most } }] };
  if (rows.length === 0) return { value: null };
  if (field.minRows !== undefined && rows.length < field.minRows) return { problems: [{ path: '', code: 'minRows', params: { limit: field.minRows } }] };
  return { value: rows };
}

function previousRows({ previous }: ValueContext): readonly Record<string, unknown>[] {
  return Array.isArray(previous) ? previous.filter(isObject) : [];
}

function isBlankRow(field: TableField, row: Record<string, unknown>): boolean {
  return Object.keys(row).every((name) => isEmpty(typeof row[name] === 'string' ? row[name].trim() : row[name]) || field.columns.some((column) => column.key === name && column.kind === 'formula'));
}

function checkRow(field: TableField, row: Record<string, unknown>, at: string, variables: FormVariables, before: readonly Record<string, unknown>[], context: ValueContext, problems: ValueProblem[]): Record<string, unknown> {
  const stored: Record<string, unknown> = {};
  for (const name of Object.keys(row)) if (!namesOf(field).has(name)) problems.push({ path: pointer(at, name.slice(0, 63)), code: 'unknown_field', params: { field: name.slice(0, 63) } });
  for (const column of field.columns) if (column.kind !== 'formula') stored[column.key] = checkCell(column, row, pointer(at, column.key), before, context, problems);
  // Formulas of a row come after its cells, in the order of the columns: a later one may use an earlier one.
  const inRow = { ...variables, row: stored };
  for (const column of field.columns) if (column.kind === 'formula') stored[column.key] = reckon(column, inRow, context.budget).value;
  for (const column of field.columns) {
    if (column.kind !== 'formula' && isEmpty(stored[column.key]) && holds(column.required, inRow, false, false, context.budget) && !problems.some(({ path }) => path.startsWith(pointer(at, column.key)))) {
      problems.push({ path: pointer(at, column.key), code: 'required' });
    }
  }
  return Object.fromEntries(field.columns.map(({ key }) => [key, stored[key] ?? null]));
}

function checkCell(column: Column, row: Record<string, unknown>, at: string, before: readonly Record<string, unknown>[], context: ValueContext, problems: ValueProblem[]): unknown {
  const given = own(row, column.key);
  // What rows held of retired options before may stay, in whichever row it stands now.
  const previous = column.kind === 'choice' || column.kind === 'choices' ? before.flatMap((one) => own(one, column.key)) : undefined;
  const checked = checkValue(column, given === undefined && 'default' in column ? column.default : given, { ...context, previous });
  for (const problem of checked.problems ?? []) problems.push({ ...problem, path: at + problem.path });
  return checked.value ?? null;
}
