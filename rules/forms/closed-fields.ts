import { holds } from './formula.ts';
import { formLimits, type Form, type FormVariables } from './form.ts';
import { prepareForm } from './prepare.ts';

/** Who reads a form, and when. */
export type Reading = Pick<FormVariables, 'actor' | 'now' | 'today'>;

/** Whether a form keeps any of its fields from somebody. */
export const closesFields = (form: Form): boolean => prepareForm(form).closing.length > 0;

/**
 * The fields of a form that are closed to whoever reads it (对此人隐藏的字段): a condition that asks who acts hides them on
 * screen, and so does everything else that shows answers. Without a ticket (for conditions and orders of lists) also those
 * whose condition looks at the ticket or its answers besides: on some ticket they may be closed.
 */
export function closedFields(form: Form, reading: Reading, ticket?: Pick<FormVariables, 'fields' | 'ticket'>): string[] {
  const { closing } = prepareForm(form);
  const budget = { left: formLimits.steps };
  const closed = closing.filter(({ hiding }) => hiding.some(({ condition, byActor, byMore }) => byActor
    && ((byMore && !ticket) || !holds(condition, { fields: {}, ticket: {}, ...ticket, ...reading }, true, true, budget))));
  // What could not be gone through stays closed.
  return (budget.left < 0 ? closing : closed).map(({ field }) => field.key);
}
