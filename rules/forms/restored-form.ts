import type { Column, FieldDefinition, Form, Option, TreeOption } from './form.ts';

/**
 * An earlier version of a form made ready to be published anew (回滚表单): as it was, but for the options that came since,
 * which tickets may hold by now; those are taken along, retired.
 *
 * @param later versions published since, newest first
 */
export function restoredForm(earlier: Form, later: readonly Form[]): Form {
  const fields = earlier.fields.map((field) => {
    const since = later.map((form) => form.fields.find((other) => other.key === field.key)).filter((other) => other !== undefined);
    if (field.kind !== 'table') return withOptions(field, since);
    return { ...field, columns: field.columns.map((column) => withOptions(column, since.flatMap((other) => (other.kind === 'table' ? other.columns.filter(({ key }) => key === column.key) : [])))) };
  });
  return { ...earlier, fields };
}

function withOptions<Field extends FieldDefinition | Column>(field: Field, since: readonly (FieldDefinition | Column)[]): Field {
  if (!('options' in field)) return field;
  const options: (Option | TreeOption)[] = [...field.options];
  const known = new Set(keysOf(options));
  for (const other of since) {
    if (!('options' in other)) continue;
    for (const option of flat(other.options)) {
      if (known.has(option.key)) continue;
      known.add(option.key);
      options.push({ key: option.key, label: option.label, ...(option.color === undefined ? {} : { color: option.color }), retired: true });
    }
  }
  return options.length === field.options.length ? field : { ...field, options };
}

const flat = (options: readonly (Option | TreeOption)[]): (Option | TreeOption)[] => options.flatMap((option) => [option, ...flat('children' in option ? option.children ?? [] : [])]);
const keysOf = (options: readonly (Option | TreeOption)[]): string[] => flat(options).map((option) => option.key);
