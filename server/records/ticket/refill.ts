import { askedAtSteps } from '../../../rules/forms/asked-at-steps.ts';
import type { TicketVariables } from '../../../rules/forms/form.ts';
import type { Context } from '../../platform/context.ts';
import { canonicalJson } from '../../platform/facts/fact.ts';
import type { Configuration } from '../organization/configuration.ts';
import { formOf } from '../organization/forms.ts';
import { attachToTicket } from './attach.ts';
import { changeTicket, type TicketPatch } from './change.ts';
import { fillForm, maskedKeys, ticketVariables, tierFor, type Filled } from './fill-form.ts';
import type { TicketRow } from './row.ts';

/** The form a ticket was made with, filled in anew with some answers (修改字段); with which fields are shown masked. */
export async function refill(
  context: Context, configuration: Configuration, ticket: TicketRow, given: Readonly<Record<string, unknown>>, { state = {}, touched }: { state?: TicketVariables; touched?: readonly string[] } = {},
): Promise<Filled & { maskedFields: string[] }> {
  const form = await formOf(context, configuration, ticket.type_id, ticket.form_version);
  const filled = await fillForm(context, configuration, {
    type: configuration.types.get(ticket.type_id)!, form, mode: 'update', given, previous: ticket.fields as Record<string, unknown>,
    ticket: { ...ticketVariables(ticket, await tierFor(context, form, ticket.customer_id)), ...state }, ...(touched ? { touched } : {}),
  });
  return { ...filled, maskedFields: maskedKeys(form) };
}

/**
 * Takes the answers that come with a step of a ticket's life (随操作填写字段), and sees to it that those are there which the
 * form wants in the state the step leads to.
 *
 * @param state how the ticket will stand then
 * @throws Refusal as `fillForm`
 */
export async function answerForStep(context: Context, configuration: Configuration, ticket: TicketRow, state: TicketVariables, given: Readonly<Record<string, unknown>> | undefined): Promise<TicketRow> {
  const form = await formOf(context, configuration, ticket.type_id, ticket.form_version);
  const wanted = askedAtSteps(form);
  if (given === undefined && wanted.length === 0) return ticket;
  const { values, fileIds, maskedFields } = await refill(context, configuration, ticket, given ?? {}, { state, touched: [...Object.keys(given ?? {}), ...wanted] });
  if (given === undefined || canonicalJson(values) === canonicalJson(ticket.fields)) return ticket;
  const attached = fileIds.length > 0 ? await attachToTicket(context, ticket, fileIds) : ticket;
  return changeTicket(context, attached, { fields: values as TicketPatch['fields'] }, { kind: 'ticket.changed', maskedFields });
}
