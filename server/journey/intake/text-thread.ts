import { newsChoiceIn } from '../../../rules/intake/short-answers.ts';
import type { Sender } from '../../channels/inbound.ts';
import { statement } from '../../platform/db/database.ts';
import { maskPhone } from '../../platform/masking.ts';
import { systemActor, type Context } from '../../platform/context.ts';
import type { ChannelRow } from '../../records/channel/accounts.ts';
import type { InboxRow } from '../../records/channel/inbox.ts';
import { insertMessage, tellOfMessage } from '../../records/conversation/add-message.ts';
import { optIn, optOut } from '../../records/conversation/channel/opt-outs.ts';
import { lockLanding } from '../../records/ticket/landing.ts';
import type { Outcome } from './take-in.ts';

// The last that went to the number: in its own conversation, or as a text message in place of another one.
const findLast = statement<{ ticket_id: string; elsewhere: boolean }>('outgoing_message.last_texted', `
  SELECT ticket_id, elsewhere FROM (
    (SELECT ticket_id, sent_at, true AS elsewhere FROM outgoing_message WHERE tenant_id = $1 AND route = 'sms' AND recipient_address = $2 AND sent_at > $4 AND ticket_id IS NOT NULL ORDER BY sent_at DESC LIMIT 1)
    UNION ALL
    (SELECT o.ticket_id, o.sent_at, false FROM conversation c JOIN outgoing_message o ON o.tenant_id = $1 AND o.conversation_id = c.id
      WHERE c.tenant_id = $1 AND c.account_id = $3 AND c.thread = $2 AND o.sent_at > $4 AND o.ticket_id IS NOT NULL ORDER BY o.sent_at DESC LIMIT 1)) AS sent
  ORDER BY sent_at DESC LIMIT 1`);

/** For so long what somebody texts belongs to what was last texted to them. */
const daysOfAnswer = 7;

/** Whom a text message is from, and about which ticket. */
export interface TextPlace {
  sender: Sender;
  /** What was last texted to the number from elsewhere than its conversation was about this. */
  about: string | null;
}

/**
 * Where a text message belongs (短信归属): to what was last texted to its number within a week. Who answers what we sent to a number has it; of anybody else
 * the number they call from proves nothing.
 */
export async function textThread(context: Context, channel: ChannelRow, row: InboxRow, sender: Sender): Promise<TextPlace> {
  if (channel.kind !== 'sms') return { sender, about: null };
  const since = new Date(context.now.getTime() - daysOfAnswer * 86_400_000);
  const [last] = await context.transaction.query(findLast, [context.tenantId, row.thread, channel.id, since]);
  if (!last) return { sender, about: null };
  return { sender: { ...sender, ids: sender.ids.map((id) => (id.kind === 'phone' ? { ...id, verified: true as const } : id)) }, about: last.elsewhere ? last.ticket_id : null };
}

// As carriers have them, beside the words for customers' news: “取消” or “n” answers what was asked, and may be meant for the visit.
const otherStops = /^(r|拒收|拒绝接收)$/iu;

/**
 * A text message that wants no more of them (短信退订): written down for the number, said to colleagues on its ticket, and answered with nothing. Null where it says
 * anything else.
 */
export async function heedOptOut(context: Context, channel: ChannelRow, row: InboxRow, ticketId: string | null): Promise<Outcome | null> {
  const [part] = row.content.parts;
  if (channel.kind !== 'sms' || part?.kind !== 'text') return null;
  const text = part.text.trim();
  const choice = otherStops.test(text) ? 'answers' : newsChoiceIn(text);
  // What else there is to say to this is said where it is dealt with.
  if (choice === 'all' && await optIn(context.transaction, row.thread)) return null;
  if (choice !== 'answers') return null;
  const news = await optOut(context.transaction, row.thread, text, context.now);
  const landing = news && ticketId !== null ? await lockLanding(context, ticketId) : null;
  if (landing) {
    const writing = { ...context, actor: systemActor };
    const phone = maskPhone(row.thread);
    const body = context.language === 'en' ? `The customer answered “${text}”: no text message goes to ${phone} any more. Please use another way.` : `客户回复“${text}”退订短信：不再给 ${phone} 发短信，请换一种方式联系。`;
    const message = await insertMessage(writing, landing.ticket, { body, visibility: 'internal', direction: 'internal', mentions: [] });
    await tellOfMessage(writing, landing.ticket, message, []);
  }
  return { outcome: 'opted_out', ticketId: landing?.ticket.id ?? null };
}
