import { isWanted, latestOf, type NewsEvent } from '../../../rules/news/events.ts';
import { fillNews, standardNews } from '../../../rules/news/words.ts';
import { systemActor, type Services } from '../../platform/context.ts';
import { build, statement, type Transaction } from '../../platform/db/database.ts';
import { signTicketToken } from '../../records/access/links.ts';
import { insertMessage, beginningOf } from '../../records/conversation/add-message.ts';
import { queueNews, wayToTell } from '../../records/conversation/channel/outbox.ts';
import { newsChoiceOf } from '../../records/news/choices.ts';
import { claimNews, lockNews, postponeNews, settleNews, type NewsRow } from '../../records/news/rows.ts';
import { newsSettingsOf } from '../../records/news/settings.ts';
import { tellOnTicket, type Writing } from '../../records/ticket/change.ts';
import { lockLanding, type Landing } from '../../records/ticket/landing.ts';
import type { TicketRow } from '../../records/ticket/row.ts';

const hasVisitNews = statement<{ id: string }>('customer_news.of_visit', `
  SELECT n.id FROM customer_news n JOIN visit v ON v.tenant_id = $1 AND v.id = CASE WHEN n.about ~ '^[0-9a-f-]{36}$' THEN n.about::uuid END
  WHERE n.tenant_id = $1 AND n.ticket_id = $2 AND n.event = 'scheduled' AND n.state <> 'left_out' AND v.status IN ('scheduled', 'accepted', 'travelling', 'on_site') LIMIT 1`);

/**
 * Tells customers what is due (进度通报): the words become a message on the ticket that goes out like an answer, in the transaction that says that it was
 * told. What has been overtaken, is over, or is not wanted is left out, with the reason.
 *
 * @returns of how many tickets there was something
 */
export async function tellDueNews(services: Services, limit = 20): Promise<number> {
  const now = services.clock.now();
  const due = await claimNews(services.database, now, limit);
  for (const { tenant_id: tenantId, ticket_id: ticketId } of due) {
    try {
      await services.database.transact(tenantId, (transaction) => tellOf(services, { tenantId, transaction, now, actor: systemActor }, ticketId));
    } catch (error) {
      services.log.error({ error, tenantId, ticketId }, 'a customer could not be told; it will be tried again');
      await postponeNews(services.database, tenantId, ticketId, now);
    }
  }
  return due.length;
}

async function tellOf(services: Services, context: Writing, ticketId: string): Promise<void> {
  const { transaction, now } = context;
  // The ticket first: whoever works on it waits for nothing of this.
  const landing = await lockLanding(context, ticketId);
  const rows = await lockNews(transaction, ticketId, now);
  if (!landing || rows.length === 0) return;
  const settings = await newsSettingsOf(transaction);
  const leaveOut = (row: NewsRow, reason: string) => settleNews(transaction, row.id, 'left_out', reason, null, now);
  const standing: NewsRow[] = [];
  for (const row of rows) {
    if (!settings.events[row.event].told) await leaveOut(row, 'switched_off');
    else if (!await stands(transaction, row, landing)) await leaveOut(row, 'over');
    else standing.push(row);
  }
  const { told, overtaken } = latestOf(standing);
  for (const row of overtaken) await leaveOut(row, 'overtaken');
  if (told.length === 0) return;
  const { named } = landing;
  const choice = await newsChoiceOf(context, { customerId: named.customer_id, ticketId: named.id });
  const way = await wayToTell(transaction, named.id, named.customer_id);
  let { ticket } = landing;
  for (const row of told) {
    if (way === null || (way.accountId !== null && settings.offAccounts.includes(way.accountId))) {
      await leaveOut(row, way === null ? 'no_way' : 'switched_off');
      continue;
    }
    if (!isWanted(choice ?? 'all', row.event)) {
      await leaveOut(row, 'chosen');
      ticket = await tellOnTicket(context, ticket, { kind: 'news.left_out', quiet: true, data: { event: row.event, reason: 'chosen' } });
      continue;
    }
    const body = await wordsOf(services, transaction, row, landing, settings.events[row.event]);
    const message = await insertMessage(context, ticket, { body, visibility: 'public', direction: 'outbound', mentions: [], purpose: row.event === 'survey' ? 'survey' : 'progress', ...(named.id === ticket.id ? {} : { fromTicketId: named.id }) });
    await queueNews(transaction, { messageId: message.id, ticketId: named.id, conversationId: way.conversationId, channel: way.channel, reach: settings.events[row.event].reach }, now);
    ticket = await tellOnTicket(context, ticket, { kind: 'news.told', subjectId: message.id, quiet: true, data: { event: row.event, preview: beginningOf(body), visibility: 'public' } });
    await settleNews(transaction, row.id, 'told', null, message.id, now);
  }
}

/** Whether it is still so: what comes after it tells more, and what was taken back is nothing to tell. */
async function stands(transaction: Transaction, row: NewsRow, { named, ticket }: Landing): Promise<boolean> {
  const round = Number(/^round (\d+)$/.exec(row.about)?.[1] ?? ticket.reopened_count);
  if (round !== ticket.reopened_count) return false;
  const going = ticket.status === 'open' || ticket.status === 'waiting';
  switch (row.event) {
    case 'received': return ticket.status !== 'cancelled';
    // Who comes, and when, says it better.
    case 'accepted': return going && !(await transaction.query(hasVisitNews, [row.tenant_id, row.ticket_id])).length;
    case 'scheduled': case 'travelling': case 'near': {
      const visit = await visitOf(transaction, row);
      return visit !== undefined && (row.event !== 'scheduled' ? visit.status === 'travelling' : visit.status === 'scheduled' || visit.status === 'accepted');
    }
    case 'resolved': case 'closed': case 'cancelled': return ticket.status === row.event;
    case 'survey': {
      // Of one that was merged into another customer's only that one's customer says how it was.
      const decides = named.id === ticket.id || (named.customer_id !== null && named.customer_id === ticket.customer_id);
      if ((ticket.status !== 'resolved' && ticket.status !== 'closed') || !decides) return false;
      return await transaction.first(build.selectFrom('survey').select('round').where('tenant_id', '=', row.tenant_id).where('ticket_id', '=', ticket.id).where('round', '=', round)) === undefined;
    }
  }
}

const visitOf = (transaction: Transaction, row: NewsRow) => transaction.first(build.selectFrom('visit').innerJoin('staff', (join) => join.onRef('staff.tenant_id', '=', 'visit.tenant_id').onRef('staff.id', '=', 'visit.technician_id'))
  .select(['visit.status', 'visit.window_start', 'visit.window_end', 'staff.name']).where('visit.tenant_id', '=', row.tenant_id).where('visit.id', '=', row.about));

async function wordsOf(services: Services, transaction: Transaction, row: NewsRow, { named, ticket }: Landing, own: { zh: string; en: string }): Promise<string> {
  const organization = await transaction.first(build.selectFrom('organization').select(['name', 'language', 'time_zone']).where('tenant_id', '=', row.tenant_id));
  const customer = named.customer_id === null ? undefined : await transaction.first(build.selectFrom('customer').select('language').where('tenant_id', '=', row.tenant_id).where('id', '=', named.customer_id));
  const language = (customer?.language ?? organization!.language) === 'en' ? 'en' : 'zh';
  const visit = row.event === 'scheduled' || row.event === 'travelling' || row.event === 'near' ? await visitOf(transaction, row) : undefined;
  return fillNews(own[language].trim() === '' ? standardNews[row.event][language] : own[language], {
    name: named.contact_name, 'ticket.number': named.number, 'ticket.subject': named.subject, technician: visit?.name ?? null,
    window: visit?.window_start ? inWindow(visit.window_start, visit.window_end, organization!.time_zone, language) : null,
    resolution: ticket.resolution, reason: await reasonOf(transaction, row.event, ticket), organization: organization!.name,
    link: `${services.publicUrl}/t/${signTicketToken(services.secrets, row.tenant_id, named.id, named.created_at)}`,
  });
}

async function reasonOf(transaction: Transaction, event: NewsEvent, ticket: TicketRow): Promise<string | null> {
  if (event !== 'cancelled') return null;
  const fact = await transaction.first(build.selectFrom('fact').select('data').where('tenant_id', '=', ticket.tenant_id).where('ticket_id', '=', ticket.id).where('kind', '=', 'ticket.cancelled').orderBy('ticket_position', 'desc').limit(1));
  const reason = (fact?.data as { reason?: unknown } | undefined)?.reason;
  return typeof reason === 'string' ? reason : null;
}

/** When they come, by the organization's clock (上门时间). */
function inWindow(start: Date, end: Date | null, timeZone: string, language: 'zh' | 'en'): string {
  const locale = language === 'en' ? 'en-GB' : 'zh-CN';
  const day = new Intl.DateTimeFormat(locale, { timeZone, month: 'long', day: 'numeric', weekday: 'short' });
  const time = new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const from = `${day.format(start)} ${time.format(start)}`;
  if (end === null) return from;
  return day.format(start) === day.format(end) ? `${from}–${time.format(end)}` : `${from} – ${day.format(end)} ${time.format(end)}`;
}
