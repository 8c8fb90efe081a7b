import { Type } from 'typebox';
import { ConfirmGuesses } from '../../../../contract/completion.ts';
import { Closed, Id } from '../../../../contract/common.ts';
import { Ticket } from '../../../../contract/ticket.ts';
import { staffOf } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { askCompletions } from '../../../records/completion/completions.ts';
import { confirmGuesses, openGuesses } from '../../../records/completion/guesses.ts';
import { findConnector } from '../../../records/connector/connectors.ts';
import { configurationOf } from '../../../records/organization/configuration.ts';
import { changeTicket, tellOnTicket } from '../../../records/ticket/change.ts';
import { lockTicketFor } from '../../../records/ticket/find.ts';
import { priorityWith } from '../../../records/ticket/raise-priority.ts';
import { viewTicket } from '../../../records/ticket/view.ts';
import { forgetAnswer } from './ask-connector.ts';

/** Says that guesses are right (确认猜测): from then on they are as good as what somebody entered. */
export const confirmTicketGuesses = useCase({
  summary: 'Confirm what was guessed of a ticket',
  params: Closed({ id: Type.String({ maxLength: 64 }) }),
  body: ConfirmGuesses,
  answer: Ticket,
  async run(context, { params: { id }, body: { fields } }) {
    const ticket = await lockTicketFor(context, id, 'ticket.update');
    const open = new Set((await openGuesses(context.transaction, ticket)).map(({ field }) => field));
    const confirmed = await confirmGuesses(context.transaction, ticket.id, fields.filter((field) => open.has(field)), context.now, staffOf(context).staffId);
    if (confirmed.length === 0) return viewTicket(context, ticket);
    const told = await tellOnTicket(context, ticket, { kind: 'guess.confirmed', data: { fields: confirmed }, quiet: true });
    const patch = confirmed.includes('category') ? priorityWith(await configurationOf(context), told, told.category_id) : {};
    return viewTicket(context, patch.priority === undefined || patch.priority === told.priority ? told : await changeTicket(context, told, patch, { kind: 'ticket.changed' }));
  },
});

/** Has another system asked again for a ticket (重新查询). */
export const askConnectorAgain = useCase({
  summary: 'Ask another system again for a ticket',
  params: Closed({ id: Type.String({ maxLength: 64 }), connector: Id }),
  answer: Ticket,
  async run(context, { params: { id, connector } }) {
    const { transaction, tenantId, now } = context;
    const ticket = await lockTicketFor(context, id, 'ticket.update');
    const row = await findConnector(transaction, connector);
    if (!row?.active || row.archived_at) throw new Refusal('not_found');
    // What was answered before is not what is wanted.
    await forgetAnswer(context, row, ticket);
    await askCompletions(transaction, [{ tenant_id: tenantId, ticket_id: ticket.id, source: connector }], now);
    return viewTicket(context, ticket);
  },
});
