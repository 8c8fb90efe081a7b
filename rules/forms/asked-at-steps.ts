import { isObject, type Rule } from '../conditions/json.ts';
import { applyForm } from './apply-form.ts';
import { isEmpty } from './field-values.ts';
import type { ApplyOptions, FieldDefinition, Form, FormValues, TicketVariables } from './form.ts';

const known = new WeakMap<Form, readonly string[]>();

/** The keys of fields that are required by how the ticket stands (操作时必填): they are asked for at the steps that lead there. */
export function askedAtSteps(form: Form): readonly string[] {
  const keys = known.get(form) ?? form.fields.filter((field) => looksAtTicket(field.required)).map((field) => field.key);
  known.set(form, keys);
  return keys;
}

const looksAtTicket = (condition: FieldDefinition['required']): boolean => isObject(condition) && JSON.stringify(condition).includes('"ticket.');

/** Whether a rule looks at a field. */
function looksAt(rule: Rule, key: string): boolean {
  const text = JSON.stringify(rule);
  return text.includes(`"fields.${key}"`) || text.includes(`"fields.${key}.`);
}

/** What is to be filled in with a step, and what else may be. */
export interface StepFields {
  /** Keys of the fields the step asks for, in the order of the form: those it wants, those that appear with it, and what hangs on either. */
  asked: string[];
  /** Keys of the other fields that may be changed now. */
  open: string[];
}

/**
 * The fields to be asked for with a step of a ticket's life (随操作填写的字段), so that it is not refused for the lack of one.
 *
 * @param given answers entered so far
 * @param options an update; `ticket` is how the ticket stands before the step
 * @param after how it will stand then
 */
export function stepFields(form: Form, given: FormValues, options: ApplyOptions, after: TicketVariables): StepFields {
  const then: ApplyOptions = { ...options, ticket: { ...options.ticket, ...after }, touched: undefined };
  const now = applyForm(form, {}, { ...options, touched: undefined });
  const untouched = applyForm(form, {}, then);
  const { states } = applyForm(form, given, then);
  const wanted = new Set(askedAtSteps(form));
  const asked = new Set<string>();
  for (const { key, kind } of form.fields) {
    const state = states[key]!;
    if (!state.visible || state.readOnly || kind === 'formula') continue;
    const isWanted = wanted.has(key) && state.required && isEmpty(untouched.values[key]);
    const appears = untouched.states[key]?.visible === true ? now.states[key]?.visible === false : true;
    if (isWanted || appears) asked.add(key);
  }
  // What is reckoned from them is seen beside them.
  for (const field of form.fields) {
    if (field.kind === 'formula' && states[field.key]!.visible && [...asked].some((key) => looksAt(field.formula, key))) asked.add(field.key);
  }
  return {
    asked: form.fields.map(({ key }) => key).filter((key) => asked.has(key)),
    open: form.fields.filter(({ key, kind }) => kind !== 'formula' && !asked.has(key) && states[key]!.visible && !states[key]!.readOnly).map(({ key }) => key),
  };
}

/** The keys of fields that a step wants and that have no answer (缺少的必填字段), as the server will find them. */
export function missingAtStep(form: Form, given: FormValues, options: ApplyOptions, after: TicketVariables): string[] {
  const { problems } = applyForm(form, given, { ...options, ticket: { ...options.ticket, ...after }, touched: [...Object.keys(given), ...askedAtSteps(form)] });
  return form.fields.map(({ key }) => key).filter((key) => problems.some(({ path, code }) => code === 'required' && path === `/${key}`));
}
