import { CreateTicket, Ticket } from '../../../contract/ticket.ts';
import { reckonPriority } from '../../../rules/priority/priority.ts';
import { holds, permits, reachOf } from '../../../rules/access/policy.ts';
import { staffOf } from '../../platform/context.ts';
import { NeedsOwnTransaction } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { overrideNeeded, rulesAgainstChoice } from '../../records/dispatch/against.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import { attachToTicket } from '../../records/ticket/attach.ts';
import { assignTicket } from '../../records/ticket/assign.ts';
import { accessOf } from '../../records/ticket/row.ts';
import { viewTicket } from '../../records/ticket/view.ts';
import { addTemplateChecklists, withTemplate } from './from-template.ts';
import { openTicket } from './open-ticket.ts';

/** Creates a ticket (新建工单) for an agent or a program. Inserts only, so that concurrent calls share one commit. */
export const createTicket = useCase({
  summary: 'Create a ticket',
  body: CreateTicket,
  answer: Ticket,
  status: 201,
  grouped: true,
  // It holds the link by which the customer follows the ticket.
  secret: true,
  async run(context, { body }) {
    const { attachments = [], assignee, override, ...request } = body;
    // Giving it to somebody waits for whoever looks whether there is room with them, which those who share a commit must not.
    if (assignee !== undefined && context.transaction.shared) throw new NeedsOwnTransaction();
    // Who may not look customers up is not told by creating a ticket, either.
    const knowsCustomers = holds(staffOf(context), 'customer.read');
    if (request.requester?.customerId !== undefined && !knowsCustomers) throw new Refusal('forbidden');
    const started = await withTemplate(context, request);
    const opened = await openTicket(context, { ...started.request, trusted: knowsCustomers, channel: body.channel ?? (context.actor.kind === 'api_key' ? 'api' : 'console') }, reckonPriority);
    let { ticket } = opened;
    const files = [...new Set([...attachments, ...opened.fileIds])];
    if (files.length > 0) ticket = await attachToTicket(context, ticket, files);
    if (started.template) ticket = await addTemplateChecklists(context, ticket, started.template);
    if (assignee !== undefined && !permits(reachOf(staffOf(context), 'ticket.assign'), accessOf(ticket))) throw new Refusal('forbidden');
    if (assignee !== undefined) {
      const rules = await rulesAgainstChoice(context, await configurationOf(context), ticket, assignee);
      const reason = override?.trim() ?? '';
      if (rules.length > 0 && reason === '') throw await overrideNeeded(context, { staffId: assignee }, rules);
      ticket = await assignTicket(context, ticket, { assigneeId: assignee, ...(rules.length > 0 ? { override: { reason, rules } } : {}) });
    }
    return viewTicket(context, ticket, { tier: opened.tier });
  },
});
