import { referencedVariables } from '../conditions/check-rule.ts';
import { isObject, type Rule } from '../conditions/json.ts';
import type { FieldDefinition, Form } from './form.ts';

/** What of a form's answers is shown masked (脱敏字段). */
export interface MaskedFields {
  fields: ReadonlySet<string>;
  /** By the key of a table, its columns. */
  columns: ReadonlyMap<string, ReadonlySet<string>>;
}

const known = new WeakMap<Form, MaskedFields>();

/**
 * The fields of a form that are shown masked: those marked so, and every formula that reads one of them, since what it
 * makes of a masked answer tells of it; formulas in the rows of a table as well.
 */
export function maskedFields(form: Form): MaskedFields {
  let found = known.get(form);
  if (!found) known.set(form, found = find(form));
  return found;
}

function find(form: Form): MaskedFields {
  const fields = new Set(form.fields.filter((field) => field.masked === true).map(({ key }) => key));
  const columns = new Map(form.fields.flatMap((field): [string, Set<string>][] => (field.kind === 'table' ? [[field.key, new Set(field.columns.filter((column) => column.masked === true).map(({ key }) => key))]] : [])));
  // A formula may read another one: until nothing comes to it any more.
  for (let before = -1, size = 0; size !== before;) {
    before = size;
    for (const field of form.fields) take(field, fields, columns);
    size = fields.size + [...columns.values()].reduce((sum, some) => sum + some.size, 0);
  }
  return { fields, columns: new Map([...columns].filter(([, some]) => some.size > 0)) };
}

function take(field: FieldDefinition, fields: Set<string>, columns: ReadonlyMap<string, Set<string>>): void {
  const reads = (rule: Rule, row?: ReadonlySet<string>) => referencedVariables(rule).some((variable) => {
    const [group, key = ''] = variable.split('.');
    return group === 'fields' ? fields.has(key) || (columns.get(key)?.size ?? 0) > 0 : group === 'row' && row?.has(key) === true;
  });
  if (field.kind === 'formula' && reads(field.formula)) fields.add(field.key);
  if (field.kind !== 'table') return;
  const own = columns.get(field.key)!;
  for (const column of field.columns) if (column.kind === 'formula' && reads(column.formula, own)) own.add(column.key);
}

/** Answers with what is masked as `show` shows it; the rest as it is (脱敏显示). */
export function withMasks(values: Readonly<Record<string, unknown>>, { fields, columns }: MaskedFields, show: (value: unknown) => unknown): Record<string, unknown> {
  if (fields.size === 0 && columns.size === 0) return { ...values };
  const shown = (value: unknown) => (value === null || value === undefined ? value : show(value));
  return Object.fromEntries(Object.entries(values).map(([key, value]) => {
    if (fields.has(key)) return [key, shown(value)];
    const masked = columns.get(key);
    if (!masked || !Array.isArray(value)) return [key, value];
    return [key, value.map((row: unknown) => (isObject(row) ? Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, masked.has(name) ? shown(cell) : cell])) : row))];
  }));
}
