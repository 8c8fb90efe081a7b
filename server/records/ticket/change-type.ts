import { applyForm } from '../../../rules/forms/apply-form.ts';
import type { Form, FormValues } from '../../../rules/forms/form.ts';
import { maskedFields, type MaskedFields } from '../../../rules/forms/masked-fields.ts';
import type { Context } from '../../platform/context.ts';
import type { Configuration, ConfiguredType } from '../organization/configuration.ts';
import { formOf } from '../organization/forms.ts';
import type { TicketPatch } from './change.ts';
import { fillForm, ticketVariables, tierFor } from './fill-form.ts';
import type { TicketRow } from './row.ts';
import { maskedIn } from './shown-fields.ts';

/**
 * What changes of a ticket that becomes one of another type (更换工单类型): it answers to the present form of that type.
 * Answers move over where that form asks for the same and takes them. Those it has no room for stay with the ticket,
 * masked ones excepted, which only their own form keeps hidden; what was there before stands in the history.
 *
 * @param given answers to the new form that come with the change
 * @throws Refusal as `fillForm`: what the new form demands has to be there
 */
export async function retype(
  context: Context, configuration: Configuration, ticket: TicketRow, type: ConfiguredType, given: Readonly<Record<string, unknown>>,
): Promise<{ patch: TicketPatch; fileIds: string[]; maskedFields: MaskedFields }> {
  const former = await formOf(context, configuration, ticket.type_id, ticket.form_version);
  const variables = ticketVariables({ ...ticket, type_id: type.id }, await tierFor(context, type.form, ticket.customer_id));
  const [hidden, asked] = [maskedIn(configuration, ticket, former), maskedFields(type.form)];
  const stored = ticket.fields as Record<string, unknown>;
  const kept = Object.fromEntries(Object.entries(stored).filter(([key]) => (!hidden.fields.has(key) && !hidden.columns.has(key)) || asked.fields.has(key)));
  const fitting = fittingAnswers(former, type.form, kept, (values) => applyForm(type.form, values, {
    mode: 'create', ticket: variables, actor: { kind: 'system' }, now: context.now.toISOString(), timeZone: configuration.organization.timeZone,
  }).problems.map(({ path }) => path));
  const { values, fileIds } = await fillForm(context, configuration, { type, form: type.form, mode: 'create', given, previous: fitting, ticket: variables });
  return {
    patch: { type_id: type.id, form_version: type.formVersion, fields: values as TicketPatch['fields'] },
    fileIds, maskedFields: { fields: new Set([...hidden.fields, ...asked.fields]), columns: new Map([...hidden.columns, ...asked.columns]) },
  };
}

/** Answers without those to a field that another form asks for in another way, or does not take. */
function fittingAnswers(from: Form, to: Form, stored: FormValues, problemsOf: (values: FormValues) => readonly string[]): Record<string, unknown> {
  const kinds = new Map<string, string>(from.fields.map((field) => [field.key, field.kind]));
  const asked = new Map<string, string>(to.fields.map((field) => [field.key, field.kind]));
  // What was reckoned from other answers is no answer.
  const alike = Object.entries(stored).filter(([key]) => kinds.get(key) !== 'formula' && (!asked.has(key) || asked.get(key) === kinds.get(key)));
  const moved = alike.filter(([key]) => asked.has(key));
  const refused = new Set(problemsOf(Object.fromEntries(moved)).map((path) => path.split('/')[1]?.replaceAll('~1', '/').replaceAll('~0', '~')));
  return Object.fromEntries(alike.filter(([key]) => !refused.has(key)));
}
