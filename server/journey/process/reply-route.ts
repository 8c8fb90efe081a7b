import { Type } from 'typebox';
import { Closed, Id, OneOf } from '../../../contract/common.ts';
import { deliveryActions, ReplyDelivery, ReplyRoute } from '../../../contract/ticket.ts';
import { statement } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { deliveriesOf, markArrived, sendAgain, shownSkips, type OutgoingRow, type Skip } from '../../records/conversation/channel/outbox.ts';
import { waysFor } from '../../records/conversation/channel/ways.ts';
import { viewDelivery } from '../../records/conversation/messages.ts';
import { tellOnTicket } from '../../records/ticket/change.ts';
import { findReadableTicket } from '../../records/ticket/find.ts';
import { lockLandingFor } from '../../records/ticket/landing.ts';

const findLatest = statement<{ id: string }>('conversation.latest_of_ticket', `
  SELECT conversation_id AS id FROM conversation_ticket WHERE tenant_id = $1 AND ticket_id = $2 ORDER BY last_at DESC, conversation_id LIMIT 1`);
const findDelivery = statement<OutgoingRow & { of_ticket: string }>('outgoing_message.find', `
  SELECT o.*, m.ticket_id AS of_ticket FROM outgoing_message o JOIN message m ON m.tenant_id = $1 AND m.id = o.message_id WHERE o.tenant_id = $1 AND o.id = $2`);

/** By which way an answer would go out now, until when, and why not by a better one (回复窗口). */
export const showReplyRoute = useCase({
  summary: 'Show by which way an answer would reach the customer now',
  params: Closed({ id: Type.String({ maxLength: 64 }) }),
  answer: ReplyRoute,
  async run(context, { params }): Promise<ReplyRoute> {
    const ticket = await findReadableTicket(context, params.id);
    const [latest] = await context.transaction.query(findLatest, [context.tenantId, ticket.id]);
    if (!latest) return { conversation: null, route: null, via: null, skips: [] };
    const ways = await waysFor(context.services, context.transaction, { conversationId: latest.id, ticketId: ticket.id }, context.now);
    const taken = ways.findIndex((way) => way.problem === null);
    const way = ways[taken];
    const skips = ways.slice(0, taken < 0 ? ways.length : taken).map(({ route, problem }): Skip => ({ route, reason: problem! }));
    const own = ways[0]?.by;
    return {
      conversation: own ? {
        id: latest.id, channel: own.kind, account: own.accountName, contact: own.contact.name, lastInboundAt: own.contact.lastInboundAt?.toISOString() ?? null,
        closesAt: own.capabilities.closesAt?.toISOString() ?? null, quota: own.capabilities.quota, grants: own.capabilities.needsGrant ? own.contact.grants?.[own.account.values['templateId'] ?? ''] ?? 0 : null, parts: [...own.capabilities.parts], textBytes: own.capabilities.textBytes,
      } : { id: latest.id, channel: '', account: '', contact: null, lastInboundAt: null, closesAt: null, grants: null, quota: null, parts: [], textBytes: null },
      route: (way?.route.split(' ', 1)[0] ?? null) as ReplyRoute['route'], via: way?.by?.accountName ?? null, skips: shownSkips(skips) as ReplyRoute['skips'],
    };
  },
});

/**
 * Deals with an answer that did not get through (处理未送达回复): `send_again` sends it once more, by whichever way is open now; `mark_arrived` says that it did
 * arrive, where nobody else can tell.
 */
export const settleDelivery = useCase({
  summary: 'Send an answer again that did not get through, or say that it arrived',
  params: Closed({ id: Type.String({ maxLength: 64 }), deliveryId: Id, action: OneOf(deliveryActions) }),
  answer: ReplyDelivery,
  async run(context, { params: { id, deliveryId, action } }) {
    const { transaction, tenantId, now } = context;
    const { ticket } = await lockLandingFor(context, id, 'ticket.reply');
    const [row] = await transaction.query(findDelivery, [tenantId, deliveryId]);
    if (row?.of_ticket !== ticket.id) throw new Refusal('not_found');
    const settled = action === 'send_again' ? await sendAgain(transaction, deliveryId, now) : await markArrived(transaction, deliveryId, now);
    if (!settled) throw new Refusal('delivery_not_open');
    await tellOnTicket(context, ticket, { kind: 'reply.retried', subjectId: row.message_id!, quiet: true, data: { action, deliveryId, state: settled.state } });
    const [delivery] = (await deliveriesOf(transaction, [row.message_id!])).get(row.message_id!)!.filter((one) => one.id === deliveryId);
    return viewDelivery(delivery!);
  },
});
