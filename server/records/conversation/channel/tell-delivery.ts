import type { ReceiptState } from '../../../channels/outbound.ts';
import { systemActor } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { tellOnTicket, type Writing } from '../../ticket/change.ts';
import { lockLanding } from '../../ticket/landing.ts';

const factOf = { sent: 'reply.sent', delivered: 'reply.received', read: 'reply.received', failed: 'reply.failed', held: 'reply.failed' } as const;

/** Tells on its ticket what became of an answer (送达通报): how it went, or why it did not; who wrote it hears of a failure. */
export async function tellOfDelivery(context: Omit<Writing, 'actor'>, about: { messageId: string; outgoingId: string; channel: string; route: string | null }, state: ReceiptState | 'held', more: Record<string, unknown> = {}): Promise<void> {
  const message = await context.transaction.first(build.selectFrom('message').select(['ticket_id', 'author_kind', 'author_id']).where('tenant_id', '=', context.tenantId).where('id', '=', about.messageId));
  const landing = message && await lockLanding(context, message.ticket_id);
  if (!landing) return;
  await tellOnTicket({ ...context, actor: systemActor }, landing.ticket, {
    kind: factOf[state], subjectId: about.messageId, quiet: true,
    data: { state, channel: about.channel, route: about.route?.split(' ', 1)[0] ?? null, deliveryId: about.outgoingId, ...(message.author_kind === 'staff' || message.author_kind === 'api_key' ? { staffId: message.author_id } : {}), ...more },
  });
}
