import type { PropertyDefinition } from '../conditions/filter.ts';
import type { FieldDefinition, Form, TreeOption } from './form.ts';

const keysBelow = (options: readonly TreeOption[]): string[] => options.flatMap((option) => [option.key, ...keysBelow(option.children ?? [])]);

function propertyOf(field: FieldDefinition): PropertyDefinition {
  switch (field.kind) {
    case 'text': case 'long_text': return { kind: 'text' };
    case 'number': case 'money': case 'date': case 'time': case 'date_time': case 'boolean': case 'person': return { kind: field.kind };
    case 'choice': return { kind: 'key', keys: field.options.map(({ key }) => key) };
    case 'choices': return { kind: 'set', keys: field.options.map(({ key }) => key) };
    case 'tree': return { kind: 'tree', keys: keysBelow(field.options) };
    case 'customer': return { kind: 'reference', family: true };
    case 'asset': return { kind: 'reference' };
    case 'formula': return { kind: field.result };
    case 'place': case 'file': case 'signature': case 'table': return { kind: 'presence' };
  }
}

/** A form's fields as properties one may filter by (自定义字段的筛选属性): `fields.<key>`. */
export function fieldProperties(form: Form): Record<string, PropertyDefinition> {
  return Object.fromEntries(form.fields.map((field) => [`fields.${field.key}`, propertyOf(field)]));
}

/** The keys below an entry of a tree field, itself included; for the `below` of a FilterContext. */
export function keysUnder(options: readonly TreeOption[], entry: string): string[] {
  for (const option of options) {
    if (option.key === entry) return [option.key, ...keysBelow(option.children ?? [])];
    const found = keysUnder(option.children ?? [], entry);
    if (found.length > 0) return found;
  }
  return [];
}
