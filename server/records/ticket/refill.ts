import { askedAtSteps } from '../../../rules/forms/asked-at-steps.ts';
import type { TicketVariables } from '../../../rules/forms/form.ts';
import type { MaskedFields } from '../../../rules/forms/masked-fields.ts';
import type { Context } from '../../platform/context.ts';
import { canonicalJson } from '../../platform/facts/fact.ts';
import type { Configuration } from '../organization/configuration.ts';
import { formOf } from '../organization/forms.ts';
import { attachToTicket } from './attach.ts';
import { changeTicket, type TicketPatch } from './change.ts';
import { fillForm, ticketVariables, tierFor, type Filled } from './fill-form.ts';
import type { TicketRow } from './row.ts';
import { maskedIn } from './shown-fields.ts';

/** The form a ticket was made with, filled in anew with some answers (修改字段); with which fields are shown masked. */
export async function refill(
  context: Context, configuration: Configuration, ticket: TicketRow, given: Readonly<Record<string, unknown>>, { state = {}, touched }: { state?: TicketVariables; touched?: readonly string[] } = {},
): Promise<Filled & { maskedFields: MaskedFields }> {
  const form = await formOf(context, configuration, ticket.type_id, ticket.form_version);
  const masked = maskedIn(configuration, ticket, form);
  const filled = await fillForm(context, configuration, {
    type: configuration.types.get(ticket.type_id)!, form, masked, mode: 'update', given, previous: ticket.fields as Record<string, unknown>,
    ticket: { ...ticketVariables(ticket, await tierFor(context, form, ticket.customer_id)), ...state }, ...(touched ? { touched } : {}),
  });
  return { ...filled, maskedFields: masked };
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
  const filled = await refill(context, configuration, ticket, given ?? {}, { state, touched: [...Object.keys(given ?? {}), ...wanted] });
  // Formulas of the day are not reckoned anew where nobody answered anything.
  return given === undefined ? ticket : store(context, ticket, filled);
}

/**
 * Takes answers to the form as the ticket stands (记录字段), without asking for any that are missing.
 *
 * @throws Refusal as `fillForm`
 */
export async function takeAnswers(context: Context, configuration: Configuration, ticket: TicketRow, given: Readonly<Record<string, unknown>> | undefined): Promise<TicketRow> {
  if (given === undefined || Object.keys(given).length === 0) return ticket;
  return store(context, ticket, await refill(context, configuration, ticket, given, { touched: Object.keys(given) }));
}

async function store(context: Context, ticket: TicketRow, { values, fileIds, maskedFields }: Filled & { maskedFields: MaskedFields }): Promise<TicketRow> {
  if (canonicalJson(values) === canonicalJson(ticket.fields)) return ticket;
  const attached = fileIds.length > 0 ? await attachToTicket(context, ticket, fileIds) : ticket;
  return changeTicket(context, attached, { fields: values as TicketPatch['fields'] }, { kind: 'ticket.changed', maskedFields });
}
