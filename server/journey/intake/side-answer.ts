import { limits } from '../../../contract/common.ts';
import { wordsOf } from '../../../rules/intake/conversation.ts';
import { sideOfThread } from '../../channels/email/write-mail.ts';
import type { Sender } from '../../channels/inbound.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import type { ChannelRow } from '../../records/channel/accounts.ts';
import type { InboxRow } from '../../records/channel/inbox.ts';
import { postSideMessage, turnSideConversation } from '../../records/conversation/side/post.ts';
import { lockLanding } from '../../records/ticket/landing.ts';
import type { Outcome } from './take-in.ts';

/**
 * What somebody outside answers in a conversation beside a ticket (旁路会话来信): said there, for colleagues only. Null where the mail belongs to none, or
 * whoever sent it is not the one who was asked.
 */
export async function answerSide(context: Context, channel: ChannelRow, row: InboxRow, sender: Sender): Promise<Outcome | null> {
  const id = channel.kind === 'email' ? sideOfThread(row.thread) : null;
  if (id === null) return null;
  const { tenantId, transaction } = context;
  const found = await transaction.first(build.selectFrom('side_conversation').select(['ticket_id', 'address']).where('tenant_id', '=', tenantId).where('id', '=', id));
  const address = sender.ids.find(({ kind }) => kind === 'email')?.value ?? '';
  if (!found || address === '' || found.address !== address || row.content.values['mail.dmarc'] === 'fail') return null;
  const landing = await lockLanding(context, found.ticket_id);
  if (!landing) return null;
  const locked = await transaction.first(build.selectFrom('side_conversation').selectAll().where('tenant_id', '=', tenantId).where('id', '=', id).forNoKeyUpdate());
  const writing: Context = { ...context, actor: { kind: 'customer', id: null, name: (sender.name || address).slice(0, limits.name) } };
  const conversation = locked!.state === 'closed' ? await turnSideConversation(writing, locked!, landing.ticket, 'open') : locked!;
  const body = wordsOf(row.content.parts, context.language).slice(0, limits.comment).toWellFormed() || '…';
  await postSideMessage(writing, conversation, landing.ticket, { body, direction: 'inbound', awaits: 'asker', quotes: [], fileIds: [], attachedIds: [] });
  return { outcome: 'side_answered', ticketId: landing.ticket.id };
}
