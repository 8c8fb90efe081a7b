import type { Column, FieldDefinition, FieldKind, Form } from '../../../rules/forms/form.ts';

/** A record that a field's answer names: what kind, by which id, and where (JSON pointer below the fields). */
export interface FieldReference {
  kind: Extract<FieldKind, 'person' | 'customer' | 'asset' | 'file' | 'signature'>;
  id: string;
  path: string;
  field: FieldDefinition | Column;
}

const referring = new Set<FieldKind>(['person', 'customer', 'asset', 'file', 'signature', 'table']);

/** The records that the answers of a form name (字段引用), those in the rows of tables too. */
export function referencesIn(form: Form, values: Readonly<Record<string, unknown>>): FieldReference[] {
  const found: FieldReference[] = [];
  const take = (field: FieldDefinition | Column, value: unknown, path: string) => {
    if (typeof value === 'string') found.push({ kind: field.kind as FieldReference['kind'], id: value, path, field });
    else if (Array.isArray(value)) value.forEach((one, index) => take(field, one, `${path}/${index}`));
  };
  for (const field of form.fields) {
    if (!referring.has(field.kind)) continue;
    const value = values[field.key];
    if (field.kind !== 'table') take(field, value, `/${field.key}`);
    else if (Array.isArray(value)) {
      for (const [index, row] of value.entries()) {
        for (const column of field.columns) {
          if (referring.has(column.kind)) take(column, (row as Record<string, unknown> | null)?.[column.key], `/${field.key}/${index}/${column.key}`);
        }
      }
    }
  }
  return found;
}
