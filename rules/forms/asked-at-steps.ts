import type { Form } from './form.ts';

const known = new WeakMap<Form, readonly string[]>();

/** The keys of fields that are required by how the ticket stands (操作时必填): they are asked for at the steps that lead there. */
export function askedAtSteps(form: Form): readonly string[] {
  const keys = known.get(form) ?? form.fields.filter((field) => typeof field.required === 'object' && JSON.stringify(field.required).includes('"ticket.')).map((field) => field.key);
  known.set(form, keys);
  return keys;
}
