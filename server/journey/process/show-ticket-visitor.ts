import { Type } from 'typebox';
import { TicketVisitor } from '../../../contract/chat.ts';
import { Closed } from '../../../contract/common.ts';
import { statement } from '../../platform/db/database.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { isThere, findVisitor } from '../../records/chat/visitors.ts';
import { findReadableTicket } from '../../records/ticket/find.ts';

const findChat = statement<{ thread: string; settings: Record<string, string>; last_inbound_at: Date | null }>('conversation.chat_of_ticket', `
  WITH RECURSIVE family AS (
    SELECT $2::uuid AS id
    UNION
    SELECT t.id FROM family f JOIN ticket t ON t.tenant_id = $1 AND t.merged_into = f.id)
  SELECT c.thread, coalesce(a.settings, '{}') AS settings, c.last_inbound_at FROM family f JOIN conversation_ticket l ON l.tenant_id = $1 AND l.ticket_id = f.id JOIN conversation c ON c.tenant_id = $1 AND c.id = l.conversation_id
    JOIN channel_account a ON a.tenant_id = $1 AND a.id = c.account_id WHERE a.kind = 'web_chat' ORDER BY l.last_at DESC LIMIT 1`);

/** Who writes on the website about a ticket, whether they are there, and on which page (访客情况). */
export const showTicketVisitor = useCase({
  summary: 'Show the visitor of a website whose chat is on this ticket',
  params: Closed({ id: Type.String({ maxLength: 64 }) }),
  answer: TicketVisitor,
  async run(context, { params }): Promise<TicketVisitor> {
    const ticket = await findReadableTicket(context, params.id);
    const [chat] = await context.transaction.query(findChat, [context.tenantId, ticket.id]);
    const visitor = chat && await findVisitor(context.transaction, chat.thread);
    if (!visitor) return { visitor: null };
    const page = visitor.page && chat.settings['context'] !== 'no' ? { url: visitor.page.url, title: visitor.page.title ?? '', referrer: visitor.page.referrer ?? '' } : null;
    return { visitor: { name: visitor.name, online: isThere(visitor, context.now), lastAt: chat.last_inbound_at?.toISOString() ?? null, proven: visitor.user_key !== null, user: visitor.user_key, site: visitor.origin, page } };
  },
});
