import type { NotificationReason } from '../../../contract/desk.ts';
import { noticeLimits, type NoticeChannel, type Urgency } from '../../../contract/notice.ts';
import type { Language } from '../../../contract/refusals.ts';
import { permits, reachOf } from '../../../rules/access/policy.ts';
import type { OutgoingNotice } from '../../channels/notice-channel.ts';
import { build, statement, type Transaction } from '../../platform/db/database.ts';
import { loadActive } from '../../records/access/subjects.ts';
import { completePreferences } from '../../records/desk/preferences.ts';
import { wordsFor } from '../../records/notice/templates.ts';
import { fillWords, reasonWords } from '../../records/notice/words.ts';
import { accessOf, type TicketRow } from '../../records/ticket/row.ts';

interface Item {
  id: string;
  reason: NotificationReason;
  ticket_id: string | null;
  actor_name: string | null;
  preview: string | null;
  for_name: string | null;
  side_conversation_id: string | null;
  read_at: Date | null;
  /** The task it is about (流程任务). */
  task_id: string | null;
}

const findItems = statement<Item>('notice.items', `
  SELECT n.id, n.reason, n.ticket_id, n.actor_name, n.preview, s.name AS for_name, n.side_conversation_id, n.read_at,
    CASE WHEN n.fact_kind ~ '^(task|approval)[.]' THEN (SELECT f.subject_id FROM fact f WHERE f.tenant_id = n.tenant_id AND f.position = n.fact_position) END AS task_id
  FROM notification n LEFT JOIN staff s ON s.tenant_id = n.tenant_id AND s.id = n.for_id
  WHERE n.tenant_id = $1 AND n.bundle_id = $2 AND (n.reason = ANY($3::text[]) OR $4 = ANY(n.channels)) AND n.read_at IS NULL ORDER BY n.id LIMIT $5`);
const countItems = statement<{ count: number }>('notice.count_items', `
  SELECT count(*)::int AS count FROM notification WHERE tenant_id = $1 AND bundle_id = $2 AND (reason = ANY($3::text[]) OR $4 = ANY(channels)) AND read_at IS NULL`);

export interface Bundle {
  id: string;
  staffId: string;
  urgency: Urgency;
  channel: NoticeChannel;
  /** What of it the person wants to hear of on this channel. */
  reasons: readonly NotificationReason[];
}

/** A message, but for where it goes and under which reference. */
export type Composed = Omit<OutgoingNotice, 'address' | 'reference'> & { count: number };

/** The language somebody reads: their own, else their organization's. */
export async function languageOf(transaction: Transaction, staffId: string): Promise<{ language: Language; organization: string }> {
  const [chosen, organization] = await Promise.all([
    transaction.first(build.selectFrom('staff_preference').select('preferences').where('tenant_id', '=', transaction.tenantId).where('staff_id', '=', staffId)),
    transaction.first(build.selectFrom('organization').select(['name', 'language']).where('tenant_id', '=', transaction.tenantId)),
  ]);
  return { language: completePreferences(chosen?.preferences).language ?? (organization?.language === 'en' ? 'en' : 'zh-CN'), organization: organization?.name ?? '' };
}

/**
 * What a bundle says on a channel (撰写通知): one notification in its own words, several by their number and the first few. Of tickets that
 * have left the reader's sight meanwhile nothing is said; null when nothing is left.
 */
export async function compose(transaction: Transaction, bundle: Bundle, publicUrl: string, now: Date): Promise<Composed | null> {
  const { tenantId } = transaction;
  const given = [tenantId, bundle.id, [...bundle.reasons], bundle.channel];
  const [items, counted, { language, organization }, active] = await Promise.all([
    transaction.query(findItems, [...given, noticeLimits.listed]), transaction.query(countItems, given), languageOf(transaction, bundle.staffId), loadActive(transaction, [bundle.staffId], now),
  ]);
  const person = active.get(bundle.staffId);
  if (!person) return null;
  const ticketIds = [...new Set(items.flatMap((item) => item.ticket_id ?? []))];
  const tickets = new Map((ticketIds.length === 0 ? [] : await transaction.run(build.selectFrom('ticket').selectAll().where('tenant_id', '=', tenantId).where('id', 'in', ticketIds))).map((row) => [row.id, row as TicketRow]));
  const reach = reachOf(person.subject, 'ticket.read');
  const shown = items.filter((item) => item.ticket_id === null || (tickets.has(item.ticket_id) && permits(reach, accessOf(tickets.get(item.ticket_id)!))));
  const count = counted[0]!.count - (items.length - shown.length);
  const first = shown[0];
  if (!first || count < 1) return null;
  const word = (reason: NotificationReason) => reasonWords[reason][language === 'en' ? 'en' : 'zh'];
  const ticketOf = (item: Item) => (item.ticket_id === null ? undefined : tickets.get(item.ticket_id));
  const line = (item: Item) => [word(item.reason), [ticketOf(item)?.number, ticketOf(item)?.subject ?? item.preview].filter(Boolean).join(' ')].filter((part) => part !== '').join(language === 'en' ? ': ' : '：');
  const more = count - shown.length;
  const lines = [...shown.map(line), ...(more > 0 ? [language === 'en' ? `… and ${more} more` : `……还有 ${more} 条`] : [])].join('\n');
  const ticket = ticketOf(first);
  const alone = count === 1;
  const link = alone && first.reason === 'offered' ? `${publicUrl}/field/#/pool` : alone && ticket ? `${publicUrl}/tickets/${ticket.number}${first.task_id === null ? '' : `#task-${first.task_id}`}` : alone && first.side_conversation_id !== null ? `${publicUrl}/notifications/side-${first.side_conversation_id}` : `${publicUrl}/notifications`;
  const words = fillWords(await wordsFor(transaction, { kind: alone ? first.reason : 'several', channel: bundle.channel, language }), {
    reason: word(first.reason), actor: first.actor_name, recipient: person.name, 'ticket.number': ticket?.number ?? null, 'ticket.subject': ticket?.subject ?? null,
    preview: first.preview, for: first.for_name, count: String(count), lines, organization, link,
  });
  return {
    ...words, link, linkText: language === 'en' ? 'Open' : '查看', urgent: bundle.urgency === 'urgent', count,
    brief: { title: alone ? word(first.reason) : language === 'en' ? `${count} notifications` : `${count} 条通知`, number: ticket?.number ?? '-' },
  };
}
