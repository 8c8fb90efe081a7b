import { newsChoiceIn, ratingIn } from '../../../rules/intake/short-answers.ts';
import type { NewsChoice } from '../../../rules/news/events.ts';
import { systemActor, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import type { ChannelRow } from '../../records/channel/accounts.ts';
import type { InboxRow } from '../../records/channel/inbox.ts';
import { beginningOf, insertMessage } from '../../records/conversation/add-message.ts';
import { queueNews } from '../../records/conversation/channel/outbox.ts';
import type { Thread } from '../../records/conversation/channel/threads.ts';
import { rootOf } from '../../records/customer/family.ts';
import { chooseNews } from '../../records/news/choices.ts';
import { askedIn } from '../../records/news/rows.ts';
import { newsSettingsOf } from '../../records/news/settings.ts';
import { tellOnTicket } from '../../records/ticket/change.ts';
import { lockLanding, type Landing } from '../../records/ticket/landing.ts';
import { addToSurvey, recordRating } from '../../records/ticket/settle.ts';
import type { Outcome } from './take-in.ts';

/** For how long what is said after a rating belongs to it, where the ticket is closed already. */
const afterthoughtMinutes = 30;

const said: Readonly<Record<NewsChoice | 'thanks' | 'sorry', { zh: string; en: string }>> = {
  all: { zh: '已为您打开进度通知。回复“只要结果”只收处理结果，回复“退订”不再接收。', en: 'You hear of every step again. Reply “results” to hear only how it ended, “stop” to hear nothing by itself.' },
  results: { zh: '好的，之后只告诉您处理结果。回复“订阅”恢复全部通知，回复“退订”不再接收。', en: 'From now on you hear only how it ended. Reply “start” for every step, “stop” for nothing by itself.' },
  answers: { zh: '已退订进度通知，我们的人工回复仍会发给您。回复“订阅”可恢复。', en: 'You hear nothing by itself any more; what we answer you still comes. Reply “start” to hear of every step again.' },
  thanks: { zh: '谢谢您的评价！想补充什么，直接回复即可。', en: 'Thank you for your rating! If you want to add something, just reply.' },
  sorry: { zh: '很抱歉这次没有让您满意。哪里没做好，请直接回复告诉我们，我们会跟进。', en: 'We are sorry. Please reply and tell us what was wrong; somebody will see to it.' },
};

/** What a short answer was: done with, or belonging to a ticket that is over. */
export interface ShortAnswer {
  outcome?: Outcome;
  landing?: Landing;
}

/** What a message says that is words and nothing else. */
function onlyText({ content: { parts: [part, more] } }: InboxRow): string | null {
  return part?.kind === 'text' && more === undefined ? part.text.trim() : null;
}

/** Whether a message may be one that opens no ticket (可能是短语应答); says so before anything is locked or written. */
export async function mayBeShortAnswer(context: Context, row: InboxRow, conversation: Thread | undefined): Promise<boolean> {
  const text = onlyText(row);
  if (text === null) return false;
  return newsChoiceIn(text) !== null || (conversation !== undefined && await askedIn(context.transaction, conversation.id, context.now) !== undefined);
}

/**
 * A message that only says what somebody wants to hear (退订口令), or how it was within the time after they were asked (短语评价): taken as such, so that it opens
 * no ticket. The first rating stands; what is said after it is its comment as well.
 */
export async function takeShortAnswer(context: Context, channel: ChannelRow, row: InboxRow, conversation: Thread, customerId: string | null): Promise<ShortAnswer | null> {
  const text = onlyText(row);
  if (text === null) return null;
  const choice = newsChoiceIn(text);
  if (choice !== null) return { outcome: await choose(context, channel, conversation, customerId, choice) };
  // Most are asked nothing: what the organization has set is looked up only where somebody was.
  const asked = await askedIn(context.transaction, conversation.id, context.now);
  if (!asked) return null;
  if (!(await newsSettingsOf(context.transaction)).events.survey.told) return null;
  const landing = await lockLanding(context, asked.ticket_id);
  if (!landing || !await isTheirs(context, landing, customerId)) return null;
  const { ticket } = landing;
  const settled = ticket.status === 'resolved' || ticket.status === 'closed';
  if (!settled || asked.about !== `round ${ticket.reopened_count}`) return null;
  const given = await context.transaction.first(build.selectFrom('survey').select('answered_at').where('tenant_id', '=', context.tenantId).where('ticket_id', '=', ticket.id).where('round', '=', ticket.reopened_count));
  if (!given) {
    const rating = ratingIn(text);
    if (rating === null) return null;
    const rated = (await recordRating(context, ticket, rating, null))!;
    await sayBack(context, channel, conversation, { ...landing, ticket: rated }, rating <= 2 ? 'sorry' : 'thanks');
    return { outcome: { outcome: 'rated', ticketId: ticket.id } };
  }
  const fresh = context.now.getTime() - given.answered_at.getTime() < afterthoughtMinutes * 60_000;
  if (!fresh && ticket.status === 'closed') return null;
  await addToSurvey(context, ticket, text);
  return { landing };
}

/** In a group, or by somebody else's number, others write as well: only whose ticket it is says how it was. */
async function isTheirs(context: Context, { named }: Landing, customerId: string | null): Promise<boolean> {
  if (customerId === null || named.customer_id === null) return true;
  return named.customer_id === customerId || (await rootOf(context, named.customer_id))?.id === (await rootOf(context, customerId))?.id;
}

async function choose(context: Context, channel: ChannelRow, conversation: Thread, customerId: string | null, choice: NewsChoice): Promise<Outcome> {
  // The conversation is locked already, then the ticket, and the customer last: everybody takes them in this order.
  const landing = conversation.ticket_id === null ? undefined : await lockLanding(context, conversation.ticket_id);
  await chooseNews(context, { customerId, ticketId: conversation.ticket_id, conversationId: conversation.id }, choice);
  if (landing) {
    const ticket = await tellOnTicket(context, landing.ticket, { kind: 'news.chosen', quiet: true, data: { choice } });
    await sayBack(context, channel, conversation, { ...landing, ticket }, choice);
  }
  return { outcome: 'news_chosen', ticketId: landing?.ticket.id ?? null };
}

async function sayBack(context: Context, channel: ChannelRow, conversation: Thread, { named, ticket }: Landing, what: keyof typeof said): Promise<void> {
  const body = said[what][context.language === 'en' ? 'en' : 'zh'];
  const writing = { ...context, actor: systemActor };
  const message = await insertMessage(writing, ticket, { body, visibility: 'public', direction: 'outbound', mentions: [], purpose: 'notice', ...(named.id === ticket.id ? {} : { fromTicketId: named.id }) });
  await queueNews(context.transaction, { messageId: message.id, ticketId: named.id, conversationId: conversation.id, channel: channel.kind, reach: 'chat' }, context.now);
  await tellOnTicket(writing, ticket, { kind: 'news.told', subjectId: message.id, quiet: true, data: { event: 'notice', preview: beginningOf(body), visibility: 'public' } });
}
