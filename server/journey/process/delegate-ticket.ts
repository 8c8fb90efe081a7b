import { Type } from 'typebox';
import { Closed, Id } from '../../../contract/common.ts';
import { DelegateTicket, Helpers } from '../../../contract/desk.ts';
import { Ticket } from '../../../contract/ticket.ts';
import { permits, reachOf } from '../../../rules/access/policy.ts';
import { isOpen, statusNames } from '../../../rules/ticket/lifecycle.ts';
import { staffOf } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal, refuseInput } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { namesOfStaff } from '../../records/staff/names.ts';
import { changeTicket } from '../../records/ticket/change.ts';
import { ensureVersion, findReadableTicket, lockTicketFor } from '../../records/ticket/find.ts';
import { keepForTheirOwn } from '../../records/ticket/merge-record.ts';
import { accessOf, statusOf, type TicketRow } from '../../records/ticket/row.ts';
import { viewTicket } from '../../records/ticket/view.ts';

const params = Closed({ id: Type.String({ maxLength: 64 }) });
const helping = { zh: '请人协办', en: 'delegated' };

/** Help is asked for while there is work to do: where the ticket could be resolved. */
const isDelegable = (ticket: TicketRow) => isOpen('resolve', { status: statusOf(ticket), assigneeId: ticket.assignee_id, acceptedAt: ticket.accepted_at });

/** Who takes part in a ticket beside its assignee (协办人), and whether the caller may ask somebody to. */
export const listHelpers = useCase({
  summary: 'List who takes part in a ticket',
  params,
  answer: Helpers,
  async run(context, { params }) {
    const ticket = await findReadableTicket(context, params.id);
    const names = await namesOfStaff(context, ticket.participant_ids);
    return {
      items: ticket.participant_ids.filter((id) => id !== ticket.assignee_id && names.has(id)).map((id) => ({ id, name: names.get(id)! })),
      mayDelegate: ticket.merged_into === null && isDelegable(ticket) && permits(reachOf(staffOf(context), 'ticket.resolve'), accessOf(ticket)),
    };
  },
});

/**
 * Asks a colleague to help with a ticket (协办): it stays with its assignee, and is the helper's own as well, until it is given
 * to somebody else. Whoever works on a ticket may ask.
 */
export const delegateTicket = useCase({
  summary: 'Ask a colleague to help with a ticket',
  params,
  body: DelegateTicket,
  answer: Ticket,
  secret: true,
  async run(context, { params, body, ifMatch }) {
    const ticket = await lockTicketFor(context, params.id, 'ticket.resolve');
    ensureVersion(ticket, ifMatch);
    if (!isDelegable(ticket)) throw new Refusal('action_not_open', { status: statusNames[statusOf(ticket)], action: helping });
    const helper = await context.transaction.first(build.selectFrom('staff').select(['id', 'name', 'active']).where('tenant_id', '=', context.tenantId).where('id', '=', body.staffId));
    if (!helper) throw refuseInput('/staffId', 'unknown_reference', { field: 'staffId' });
    if (!helper.active) throw refuseInput('/staffId', 'reference_inactive', { field: 'staffId' });
    // Asked already, or it is theirs anyway.
    if (ticket.assignee_id === helper.id) return viewTicket(context, ticket);
    const takesPart = ticket.participant_ids.includes(helper.id);
    const broughtByMerge = await keepForTheirOwn(context, ticket.id, helper.id);
    if (takesPart && !broughtByMerge) return viewTicket(context, ticket);
    const note = body.note?.trim();
    return viewTicket(context, await changeTicket(context, ticket, takesPart ? {} : { participant_ids: [...ticket.participant_ids, helper.id] }, {
      kind: 'ticket.delegated', subjectId: helper.id, data: { helperId: helper.id, helperName: helper.name, visibility: 'internal', ...(note ? { note } : {}) },
    }));
  },
});

/** A colleague helps no longer (结束协办): they end it themselves, or whoever works on the ticket does. */
export const endDelegation = useCase({
  summary: 'End a colleague’s help with a ticket',
  params: Closed({ id: Type.String({ maxLength: 64 }), staffId: Id }),
  answer: null,
  async run(context, { params }) {
    const self = params.staffId === staffOf(context).staffId;
    const ticket = await lockTicketFor(context, params.id, self ? 'ticket.read' : 'ticket.resolve');
    // A technician whose visit is under way does not take part by being asked.
    const visiting = await context.transaction.first(build.selectFrom('visit').select('id').where('tenant_id', '=', context.tenantId).where('ticket_id', '=', ticket.id).where('technician_id', '=', params.staffId).limit(1));
    if (!ticket.participant_ids.includes(params.staffId) || visiting || ticket.assignee_id === params.staffId) return;
    const names = await namesOfStaff(context, [params.staffId]);
    await changeTicket(context, ticket, { participant_ids: ticket.participant_ids.filter((id) => id !== params.staffId) }, {
      kind: 'ticket.delegation_ended', subjectId: params.staffId, data: { helperId: params.staffId, helperName: names.get(params.staffId) ?? null, visibility: 'internal' },
    });
  },
});
