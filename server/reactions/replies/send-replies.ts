import { hash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { shorten } from '../../channels/escape.ts';
import { outsideTools, SendFailure, type SendProblem } from '../../channels/notice-channel.ts';
import { noticeSenders } from '../../channels/notice-senders.ts';
import type { OutboundTools, OutgoingPiece, OutgoingReply } from '../../channels/outbound.ts';
import type { Services } from '../../platform/context.ts';
import { everyTenant, statement, type Transaction } from '../../platform/db/database.ts';
import { BlobMissing } from '../../platform/files/blob-store.ts';
import { signTicketToken } from '../../records/access/links.ts';
import { beginningOf } from '../../records/conversation/add-message.ts';
import { endGrants, takeGrant } from '../../records/conversation/channel/grants.ts';
import { noteOutbound } from '../../records/conversation/channel/threads.ts';
import { nameOutgoing, shownSkips, type OutgoingRow, type Skip } from '../../records/conversation/channel/outbox.ts';
import { lockTexts, waysFor, type Way } from '../../records/conversation/channel/ways.ts';
import { joinMailThread, layOnPage } from '../../records/conversation/channel/chat-ways.ts';
import { announceChat } from '../../records/chat/signals.ts';
import { tellOfDelivery } from '../../records/conversation/channel/tell-delivery.ts';
import { fileById, filesOfMessages } from '../../records/file/queries.ts';
import { newsSettingsOf } from '../../records/news/settings.ts';
import { accountsOf as noticeAccountsOf, openAccount as openNoticeAccount } from '../../records/notice/accounts.ts';

/** For how long one who sends is waited for, in seconds: whoever has not said anything by then has died. */
export const leaseSeconds = 90;
// Answers of one conversation go out in their order: what waits holds back what comes behind it.
const claim = statement<OutgoingRow>('outgoing_message.claim', `
  UPDATE outgoing_message o SET state = 'sending', attempts = attempts + 1, due_at = $1::timestamptz + interval '${leaseSeconds} seconds'
  FROM (SELECT tenant_id, id FROM outgoing_message m WHERE state IN ('queued', 'sending') AND message_id IS NOT NULL AND due_at <= $1
      AND NOT EXISTS (SELECT 1 FROM outgoing_message e WHERE e.tenant_id = m.tenant_id AND e.conversation_id = m.conversation_id AND e.state IN ('queued', 'sending') AND (e.created_at, e.id) < (m.created_at, m.id))
    ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED) AS due
  WHERE o.tenant_id = due.tenant_id AND o.id = due.id RETURNING o.*`);
const setOut = statement<never>('outgoing_message.set_out', `
  UPDATE outgoing_message SET route = $4, skips = $5, pieces = $6, under_way = true, recipient_address = $7 WHERE tenant_id = $1 AND id = $2 AND state = 'sending' AND attempts = $3`);
const pieceGone = statement<{ id: string }>('outgoing_message.piece_gone', `
  UPDATE outgoing_message SET next_piece = next_piece + 1, under_way = $4, state = CASE WHEN $4 THEN state ELSE 'sent' END, sent_at = CASE WHEN $4 THEN sent_at ELSE $5 END, settled_at = CASE WHEN $4 THEN settled_at ELSE $5 END,
    due_at = CASE WHEN $4 THEN $5::timestamptz + interval '${leaseSeconds} seconds' ELSE due_at END, failure = NULL, failure_detail = NULL
  WHERE tenant_id = $1 AND id = $2 AND attempts = $3 AND state = 'sending' RETURNING id`);
const postpone = statement<never>('outgoing_message.postpone', `
  UPDATE outgoing_message SET state = 'queued', under_way = false, failure = $4, failure_detail = $5, due_at = $6, skips = $7 WHERE tenant_id = $1 AND id = $2 AND state = 'sending' AND attempts = $3`);
// Nothing was tried.
const wait = statement<never>('outgoing_message.wait', "UPDATE outgoing_message SET state = 'queued', under_way = false, failure = 'rate_limited', due_at = $4, attempts = attempts - 1 WHERE tenant_id = $1 AND id = $2 AND state = 'sending' AND attempts = $3");
const end = statement<{ id: string }>('outgoing_message.end', `
  UPDATE outgoing_message SET state = $4, under_way = false, failure = $5, failure_detail = $6, settled_at = $7, skips = $8, route = $9 WHERE tenant_id = $1 AND id = $2 AND state = 'sending' AND attempts = $3 RETURNING id`);
const ratingChoices = {
  zh: ['非常满意', '满意', '一般', '较差', '很差'].map((label, index) => ({ id: String(5 - index), label: `${5 - index} ${label}` })),
  en: ['Very good', 'Good', 'Average', 'Poor', 'Very poor'].map((label, index) => ({ id: String(5 - index), label: `${5 - index} ${label}` })),
} as const;
const countSent = statement<{ count: number }>('outgoing_message.sent_lately', 'SELECT count(*)::int AS count FROM outgoing_message WHERE tenant_id = $1 AND conversation_id = $2 AND sent_at > $3');
const findSubject = statement<{ number: string; subject: string; created_at: Date; body: string; author_name: string | null; purpose: string | null; ticket_id: string; organization: string; language: string }>('outgoing_message.subject', `
  SELECT t.number, t.subject, t.created_at, m.body, m.author_name, m.purpose, m.ticket_id, g.name AS organization, coalesce(c.language, g.language) AS language
  FROM message m JOIN ticket t ON t.tenant_id = $1 AND t.id = $3 JOIN organization g ON g.tenant_id = $1 LEFT JOIN customer c ON c.tenant_id = $1 AND c.id = t.customer_id WHERE m.tenant_id = $1 AND m.id = $2`);

/** Pauses before the next attempts, in seconds. */
const pauses = [5, 30, 120, 600, 1_800, 3_600, 3_600];
// A platform that drops repetitions does so for a short while.
const unknownPauses = [5, 15, 30];
// About two parts of a text message in Chinese.
const longestText = 130;
/** With these another way is tried. */
const elsewhere: ReadonlySet<SendProblem> = new Set(['address', 'window_closed', 'quota_spent', 'consent']);

/**
 * Sends the answers that are due (发送回复): claims some, hands each to its channel outside of any transaction, and writes down what became of it. What a node that
 * died may have handed over is handed over again only where the platform drops repetitions; else it is held, and whoever wrote it decides.
 *
 * @returns how many were taken up
 */
export async function sendDueReplies(services: Services, limit = 20): Promise<number> {
  const taken = await services.database.transact(everyTenant, (transaction) => transaction.query(claim, [services.clock.now(), limit]));
  await Promise.all(taken.map((row) => attempt(services, row).catch((error: unknown) => {
    services.log.error({ error, tenantId: row.tenant_id, outgoing: row.id }, 'an answer could not be sent; it will be tried again');
  })));
  return taken.length;
}

interface Prepared {
  way: Way;
  skips: Skip[];
  reply: OutgoingReply & { told: boolean };
  pieces: readonly OutgoingPiece[];
}

async function attempt(services: Services, row: OutgoingRow): Promise<void> {
  const prepared = await services.database.transact(row.tenant_id, (transaction) => prepare(services, transaction, row));
  if (!prepared) return;
  const { way, pieces, reply } = prepared;
  for (let place = Math.min(row.next_piece, pieces.length - 1); place < pieces.length; place += 1) {
    // The same at every attempt, another one for whatever somebody has sent again.
    const key = hash('sha256', `${row.id} ${row.round} ${way.route} ${place}`).slice(0, 32);
    let providerId: string | null;
    try {
      providerId = await handOver(services, row, way, reply, pieces[place]!, key);
    } catch (error) {
      if (!(error instanceof SendFailure)) services.log.warn({ error, channel: way.by?.kind }, 'a channel failed in a way it does not know');
      const failure = error instanceof SendFailure ? error : new SendFailure('unknown', error instanceof Error ? error.message : String(error));
      await services.database.transact(row.tenant_id, (transaction) => fail(services, transaction, row, prepared, failure, place));
      return;
    }
    const more = place + 1 < pieces.length;
    const kept = await services.database.transact(row.tenant_id, async (transaction) => {
      const now = services.clock.now();
      const written = await transaction.query(pieceGone, [row.tenant_id, row.id, row.attempts, more, now]);
      await joinMailThread(transaction, way, row.ticket_id!, now);
      if (providerId !== null && way.by) await nameOutgoing(transaction, way.by.account.id, providerId, row.id);
      if (way.by && way.route !== 'template') await noteOutbound(transaction, way.by.conversationId);
      const template = way.route === 'template' ? templateOf(way) : null;
      if (way.by && template !== null) await takeGrant(transaction, way.by.account.id, way.by.contact.ids, template, now);
      if (written.length > 0 && !more) await tellOfDelivery({ tenantId: row.tenant_id, transaction, now }, { messageId: row.message_id!, outgoingId: row.id, channel: row.channel, route: way.route }, 'sent', { ...(prepared.skips.length > 0 ? { skips: shownSkips(prepared.skips) } : {}) });
      return written.length > 0;
    });
    // Somebody else has taken it up since.
    if (!kept) return;
  }
}

async function handOver(services: Services, row: OutgoingRow, way: Way, reply: Prepared['reply'], piece: OutgoingPiece, key: string): Promise<string | null> {
  const outside = outsideTools(services.clock, services.privateHosts ?? []);
  if (!way.by) return byTextMessage(services, row, way.phone!, reply, key);
  const tools: OutboundTools = {
    ...outside, unsure: 'unknown',
    lay: (answer) => services.database.transact(row.tenant_id, async (transaction) => {
      const name = await layOnPage(transaction, answer, services.clock.now());
      if (name === null) throw new SendFailure('address', 'the visitor is not known any more');
      transaction.afterCommit(() => announceChat(services, row.tenant_id, answer.thread));
      return name;
    }),
    async readFile(file) {
      const found = await services.database.transact(row.tenant_id, (transaction) => fileById({ tenantId: row.tenant_id, transaction }, file.id));
      if (!found) throw new SendFailure('content', 'a file of it is gone');
      try {
        return await buffer(await services.blobs.get(found.storage_key));
      } catch (error) {
        // Nothing has been handed over so far.
        throw error instanceof BlobMissing ? new SendFailure('content', 'a file of it is gone') : new SendFailure('temporary', error instanceof Error ? error.message : String(error));
      }
    },
  };
  return (await way.by.channel.send(way.by.account, way.by.contact, piece, key, tools)).providerId;
}

/** That there is an answer, and where; of what the program tells, what it says. */
async function byTextMessage(services: Services, row: OutgoingRow, phone: string, reply: Prepared['reply'], key: string): Promise<string | null> {
  const account = await services.database.transact(row.tenant_id, async (transaction) => (await noticeAccountsOf(transaction)).get('sms'));
  const opened = account && openNoticeAccount(services.secrets, row.tenant_id, account);
  if (!opened) throw new SendFailure('account', 'the account for text messages cannot be opened');
  const english = reply.language === 'en';
  // What the program tells of a ticket is no secret of anybody; what a person wrote goes to nobody else's screen.
  const title = reply.told ? shorten(reply.text.replaceAll('\n', ' '), longestText) : english ? `${reply.organization} answered about ${reply.ticket.number}` : `${reply.organization}回复了您的工单 ${reply.ticket.number}`;
  const tools = { ...outsideTools(services.clock, services.privateHosts ?? []), unsure: 'unknown' as const };
  const { providerId } = await noticeSenders.sms.send(opened, { reference: key, address: phone, title, body: '', link: reply.link, linkText: '', urgent: false, brief: { title: reply.told ? (english ? 'News' : '有新进展') : english ? 'New answer' : '有新回复', number: reply.ticket.number } }, tools);
  return providerId;
}

/** Chooses the way, and sets out on it; null when it ends here. */
async function prepare(services: Services, transaction: Transaction, row: OutgoingRow): Promise<Prepared | null> {
  const now = services.clock.now();
  const [subject] = await transaction.query(findSubject, [row.tenant_id, row.message_id, row.ticket_id]);
  const offAccounts = subject?.purpose === 'progress' || subject?.purpose === 'survey' ? (await newsSettingsOf(transaction)).offAccounts : [];
  const look = async (): Promise<Way[]> => (await waysFor(services, transaction, { conversationId: row.conversation_id, ticketId: row.ticket_id }, now)).map((way): Way => {
    if (way.problem !== null) return way;
    if (way.by && offAccounts.includes(way.by.account.id)) return { ...way, problem: 'news_off' };
    return way.route === 'sms' && row.reach === 'chat' ? { ...way, problem: 'not_so_far' } : way;
  });
  let ways = await look();
  // What had been begun goes on by the same way.
  const begun = row.under_way || row.next_piece > 0 ? ways.find((way) => way.route === row.route) : undefined;
  if (row.under_way && !begun?.by?.capabilities.deduplicates) {
    await conclude(transaction, row, 'held', 'unknown', 'the program ended while it was being handed over', row.skips as unknown as Skip[], row.route, now);
    return null;
  }
  const skips: Skip[] = (row.skips as unknown as Skip[]).filter((skip) => skip.reason.startsWith('said:'));
  const tried = new Set(skips.map((skip) => skip.route));
  // A text message costs: whether there may be one more is counted while nobody else sets out with one.
  if (!begun && ways.find((candidate) => candidate.problem === null && !tried.has(candidate.route))?.route === 'sms') {
    await lockTexts(transaction);
    ways = await look();
  }
  let way: Way | undefined = begun && begun.problem === null ? begun : undefined;
  if (row.next_piece === 0 && !way) {
    for (const candidate of ways) {
      if (tried.has(candidate.route)) continue;
      if (candidate.problem === null) {
        way = candidate;
        break;
      }
      skips.push({ route: candidate.route, reason: candidate.problem });
    }
  }
  if (!way || !subject) {
    await conclude(transaction, row, 'failed', row.next_piece > 0 ? 'partly' : 'no_way', null, skips, row.route, now, subject && row.reach !== null ? { preview: `${subject.language === 'en' ? 'Please call the customer: ' : '请致电客户告知：'}${beginningOf(subject.body)}` } : {});
    return null;
  }
  // What is sent beyond a platform's measure it may drop without a word.
  const perMinute = way.by?.capabilities.perMinute ?? null;
  if (perMinute !== null && (await transaction.query(countSent, [row.tenant_id, row.conversation_id, new Date(now.getTime() - 60_000)]))[0]!.count >= perMinute) {
    await transaction.query(wait, [row.tenant_id, row.id, row.attempts, new Date(now.getTime() + 20_000)]);
    return null;
  }
  const files = ((await filesOfMessages({ tenantId: row.tenant_id, transaction }, subject.ticket_id, [row.message_id!])).get(row.message_id!) ?? []).filter((file) => file.visibility === 'public');
  const reply: Prepared['reply'] = {
    reference: row.id, text: subject.body, author: subject.author_name, files: files.map((file) => ({ id: file.id, name: file.name, mediaType: file.media_type, bytes: Number(file.size) })),
    link: `${services.publicUrl}/t/${signTicketToken(services.secrets, row.tenant_id, row.ticket_id!, subject.created_at)}`,
    ticket: { number: subject.number, subject: subject.subject }, organization: subject.organization, language: subject.language === 'en' ? 'en' : 'zh-CN', ...(subject.purpose === 'survey' ? { choices: ratingChoices[subject.language === 'en' ? 'en' : 'zh'] } : {}),
    told: subject.purpose !== null,
  };
  const pieces = way.by ? way.by.channel.render(way.by.account, reply, way.by.contact, way.by.capabilities, way.route === 'template' ? 'template' : 'free') : [{ content: {}, files: [] }];
  // Whoever is answered elsewhere finds it on the page as well when they come again.
  if (row.channel === 'web_chat' && way.route !== 'conversation' && way.route !== 'page') await layOnPage(transaction, { thread: ways[0]!.by?.contact.thread ?? '', key: row.id, text: reply.text, author: reply.author ?? reply.organization, files: reply.files }, now);
  await transaction.query(setOut, [row.tenant_id, row.id, row.attempts, way.route, JSON.stringify(skips), pieces.length, way.by ? null : way.phone]);
  return { way, skips, reply, pieces };
}

/** The template whose messages are counted, where they are (订阅模板). */
const templateOf = (way: Way): string | null => (way.by?.capabilities.needsGrant ? way.by.account.values['templateId'] ?? null : null);

/** It was not taken: another attempt, another way, or a person. */
async function fail(services: Services, transaction: Transaction, row: OutgoingRow, { way, skips }: Prepared, failure: SendFailure, place: number): Promise<void> {
  const now = services.clock.now();
  const later = (seconds: number, kept: readonly Skip[]) => transaction.query(postpone, [row.tenant_id, row.id, row.attempts, failure.code, failure.message, new Date(now.getTime() + seconds * 1_000), JSON.stringify(kept)]);
  const finish = (state: 'failed' | 'held') => conclude(transaction, row, state, failure.code, failure.message, skips, way.route, now);
  if (failure.code === 'temporary' || failure.code === 'rate_limited') {
    const pause = pauses[row.attempts - 1];
    if (pause === undefined) await finish('failed');
    else await later(Math.max(pause, failure.retryAfterSeconds ?? 0), skips);
  } else if (failure.code === 'unknown') {
    const pause = way.by?.capabilities.deduplicates ? unknownPauses[row.attempts - 1] : undefined;
    if (pause === undefined) await finish('held');
    else await later(pause, skips);
  } else if (elsewhere.has(failure.code) && place === 0) {
    // The platform says that nothing was left of what they had agreed to.
    const template = way.route === 'template' && failure.code === 'consent' ? templateOf(way) : null;
    if (way.by && template !== null) await endGrants(transaction, way.by.account.id, way.by.contact.ids, template, now);
    await later(0, [...skips, { route: way.route, reason: `said:${failure.code}` }]);
  } else {
    await finish('failed');
  }
}

async function conclude(transaction: Transaction, row: OutgoingRow, state: 'failed' | 'held', reason: string, detail: string | null, skips: readonly Skip[], route: string | null, now: Date, more: Record<string, unknown> = {}): Promise<void> {
  const ended = await transaction.query(end, [row.tenant_id, row.id, row.attempts, state, reason, detail, now, JSON.stringify(skips), route]);
  // What nobody would be called for stands with its reason on the ticket, and that is all.
  if (ended.length === 0 || (reason === 'no_way' && row.reach !== null && row.reach !== 'person')) return;
  await tellOfDelivery({ tenantId: row.tenant_id, transaction, now }, { messageId: row.message_id!, outgoingId: row.id, channel: row.channel, route }, state, { reason, ...(row.reach === null ? {} : { call: true }), ...(detail === null ? {} : { said: detail.slice(0, 300) }), ...(skips.length > 0 ? { skips: shownSkips(skips) } : {}), ...more });
}

