import type { FieldDefinition, Form } from './form.ts';

/** Kinds of fields that lists can be put in order by (可排序字段): those whose order means something to a reader. */
export const sortableKinds = ['text', 'number', 'money', 'date', 'time', 'date_time', 'boolean', 'choice'] as const;
export type SortableField = Extract<FieldDefinition, { kind: (typeof sortableKinds)[number] }>;

/** Whether lists can be put in order by a field: of such a kind, marked as indexed, and not masked. */
export function isSortable(field: FieldDefinition): field is SortableField {
  return field.indexed === true && field.masked !== true && (sortableKinds as readonly string[]).includes(field.kind);
}

/**
 * The fields lists can be put in order by, by key (排序字段): sortable in every form that has them, and of one kind there.
 * The value: the field in each of those forms, in their order.
 */
export function sortableFields(forms: readonly Form[]): Map<string, SortableField[]> {
  const found = new Map<string, SortableField[] | null>();
  for (const form of forms) {
    for (const field of form.fields) {
      const before = found.get(field.key);
      if (before === null) continue;
      found.set(field.key, isSortable(field) && (before === undefined || before[0]!.kind === field.kind) ? [...before ?? [], field] : null);
    }
  }
  return new Map([...found].filter((entry): entry is [string, SortableField[]] => entry[1] !== null));
}
