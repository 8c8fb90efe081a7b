import type { Column, FieldDefinition, Form } from './form.ts';
import { optionKeys } from './check-form.ts';

/** What of a field's past decides whether answers to it still fit: its kind, its options, its columns. */
type Slim = { key: string; kind: string; result?: string; options?: { key: string }[]; columns?: Slim[] };

/**
 * All that was ever published of a form, as far as a new one is compared with it (历史表单摘要): each field once for each kind
 * it had, with all options it had as that kind. Checked against these few, a form has the problems that it has against all.
 *
 * @param forms every published version, newest first
 */
export function earlierForms(forms: readonly Form[]): Form[] {
  const fields = new Map<string, Map<string, Slim>>();
  for (const form of forms) for (const field of form.fields) add(fields, field);
  return inRows(fields).map((row) => ({ fields: row }) as unknown as Form);
}

function add(fields: Map<string, Map<string, Slim>>, field: FieldDefinition | Column): void {
  const kinds = fields.get(field.key) ?? new Map<string, Slim>();
  fields.set(field.key, kinds);
  const result = field.kind === 'formula' ? field.result : undefined;
  const kind = `${field.kind} ${result}`;
  const slim: Slim = kinds.get(kind) ?? { key: field.key, kind: field.kind, ...(result === undefined ? {} : { result }) };
  kinds.set(kind, slim);
  if ('options' in field) {
    const present = new Set(slim.options?.map(({ key }) => key));
    slim.options = [...slim.options ?? [], ...[...optionKeys(field.options)].filter((key) => !present.has(key)).map((key) => ({ key }))];
  }
  if (field.kind === 'table') {
    const columns = new Map<string, Map<string, Slim>>();
    // A column of two kinds is found by its first only: the table stands once for each.
    for (const column of slim.columns ?? []) columns.set(column.key, new Map([...columns.get(column.key) ?? [], [`${column.kind} ${column.result}`, column]]));
    for (const column of field.columns) add(columns, column);
    slim.columns = [...columns.values()].flatMap((one) => [...one.values()]);
  }
}

/** The first shapes of all keys, then the second ones, and so on; of a table likewise for its columns. */
function inRows(fields: ReadonlyMap<string, ReadonlyMap<string, Slim>>): Slim[][] {
  const shapes = [...fields.values()].map((kinds) => [...kinds.values()].flatMap((slim) => {
    if (slim.columns === undefined) return [slim];
    const columns = new Map<string, Map<string, Slim>>();
    for (const column of slim.columns) columns.set(column.key, new Map([...columns.get(column.key) ?? [], [`${column.kind} ${column.result}`, column]]));
    const rows = inRows(columns);
    return rows.length === 0 ? [slim] : rows.map((row) => ({ ...slim, columns: row }));
  }));
  const most = Math.max(0, ...shapes.map((one) => one.length));
  return Array.from({ length: most }, (_, index) => shapes.flatMap((one) => (one[index] ? [one[index]] : [])));
}
