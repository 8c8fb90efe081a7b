import type { InboundReceipt } from '../../channels/inbound.ts';
import type { Context } from '../../platform/context.ts';
import type { InboxRow } from '../../records/channel/inbox.ts';
import { tellOfDelivery } from '../../records/conversation/channel/tell-delivery.ts';
import { noteReceipt } from '../../records/conversation/channel/outbox.ts';
import type { Outcome } from './take-in.ts';
import { TooEarly } from './too-early.ts';

// By then whoever sent has long written down what the platform called it.
const patienceAttempts = 3;

/** What a platform says became of an answer (回执): shown on its message; told of where it failed. */
export async function hearReceipt(context: Context, row: InboxRow, receipt: InboundReceipt): Promise<Outcome> {
  const noted = await noteReceipt(context.transaction, row.account_id, receipt, context.now);
  if (!noted) {
    if (row.attempts < patienceAttempts) throw new TooEarly(`nothing called ${receipt.providerId} has been sent so far`);
    return { outcome: 'receipt_unknown', ticketId: null };
  }
  if (noted.changed && noted.row.message_id !== null) await tellOfDelivery(context, { messageId: noted.row.message_id, outgoingId: noted.row.id, channel: noted.row.channel, route: noted.row.route }, receipt.state, receipt.state === 'failed' ? { reason: 'refused', ...(receipt.said ? { said: receipt.said.slice(0, 300) } : {}) } : {});
  return { outcome: 'receipt', ticketId: noted.row.ticket_id };
}
