import { InboxMessageDetail, InboxPage, ListInbox, type InboxMessage } from '../../../contract/channel.ts';
import { Closed, Id, limits } from '../../../contract/common.ts';
import { permits, reachOf } from '../../../rules/access/policy.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { containing } from '../../platform/db/like.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { masksOf } from '../customer/personal-data/masks.ts';
import { accessOf } from '../ticket/row.ts';
import { isInbound } from './change-channel.ts';
import { failureOf, masked, previewOf, shownValues, whoWrote } from './describe-message.ts';
import { findChannels } from './accounts.ts';
import type { InboxContent } from './inbox.ts';

export interface ListedMessage {
  id: string;
  account_id: string;
  external_id: string;
  thread: string;
  content: InboxContent;
  occurred_at: Date;
  received_at: Date;
  state: InboxMessage['state'];
  outcome: string | null;
  attempts: number;
  failure: string | null;
  failure_detail: string | null;
  note: string | null;
  ticket_id: string | null;
}

export const listedColumns = 'id, account_id, external_id, thread, content, occurred_at, received_at, state, outcome, attempts, failure, failure_detail, note, ticket_id';
const list = statement<ListedMessage>('inbox_message.list', `
  SELECT ${listedColumns} FROM inbox_message WHERE tenant_id = $1 AND account_id = $2 AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`);
const listOfState = statement<ListedMessage>('inbox_message.list_of_state', `
  SELECT ${listedColumns} FROM inbox_message WHERE tenant_id = $1 AND account_id = $2 AND ($3::uuid IS NULL OR id < $3) AND state = $5 ORDER BY id DESC LIMIT $4`);
// Names and threads are looked for among the newest; older ones are found by the whole name.
const search = statement<ListedMessage>('inbox_message.search', `
  SELECT ${listedColumns} FROM (
    SELECT * FROM (SELECT * FROM inbox_message WHERE tenant_id = $1 AND account_id = $2 ORDER BY id DESC LIMIT 20000) AS newest WHERE external_id ILIKE $6 OR thread ILIKE $6
    UNION SELECT * FROM inbox_message WHERE tenant_id = $1 AND account_id = $2 AND external_id = $7) AS found
  WHERE ($3::uuid IS NULL OR id < $3) AND ($5::text IS NULL OR state = $5) ORDER BY id DESC LIMIT $4`);
const one = statement<ListedMessage & { bytes: number }>('inbox_message.one', `
  SELECT ${listedColumns}, (SELECT coalesce(length(c.raw), 0) FROM inbox_message c WHERE c.tenant_id = $1 AND c.id = m.call_id) AS bytes FROM inbox_message m WHERE m.tenant_id = $1 AND m.id = $2`);
const beginning = statement<{ raw: Buffer | null }>('inbox_message.beginning', 'SELECT substring(c.raw FROM 1 FOR 16000) AS raw FROM inbox_message m JOIN inbox_message c ON c.tenant_id = $1 AND c.id = m.call_id WHERE m.tenant_id = $1 AND m.id = $2');
const longestExcerpt = 4_000;

/** What came in by a channel, newest first, and what became of it (收件记录). */
export const listInbox = useCase({
  summary: 'List what came in by a channel',
  params: Closed({ id: Id }),
  query: ListInbox,
  answer: InboxPage,
  async run(context, { params: { id }, query }) {
    const [channel] = await findChannels(context.transaction, [id]);
    if (!channel || !isInbound(channel.kind)) throw new Refusal('not_found');
    const limit = query.limit ?? limits.defaultPage;
    const before = query.cursor === undefined ? null : readCursor(query.cursor, 'inbox')[1];
    const given = [context.tenantId, id, before, limit + 1];
    const rows = await (query.q !== undefined ? context.transaction.query(search, [...given, query.state ?? null, containing(query.q.trim()), query.q.trim()]) : query.state === undefined ? context.transaction.query(list, given) : context.transaction.query(listOfState, [...given, query.state]));
    return { items: await viewMessages(context, rows.slice(0, limit)), nextCursor: rows.length > limit ? writeCursor('inbox', ['', rows[limit - 1]!.id]) : null };
  },
});

/** One message with what was read of it (收件详情). */
export const showMessage = useCase({
  summary: 'Show what came in, with what was read of it',
  params: Closed({ id: Id }),
  answer: InboxMessageDetail,
  async run(context, { params: { id } }) {
    const [row] = await context.transaction.query(one, [context.tenantId, id]);
    if (!row) throw new Refusal('not_found');
    const [[shown], [channel], masks] = await Promise.all([viewMessages(context, [row]), findChannels(context.transaction, [row.account_id]), masksOf(context)]);
    return {
      ...shown!, channel: { id: row.account_id, kind: channel!.kind, name: channel!.name }, values: shownValues(row.content.values, masks), parts: row.content.parts.map((part) => ({ ...part })),
      alarm: row.content.alarm ? { ...row.content.alarm } : null, bytes: row.bytes ?? 0, excerpt: await excerptOf(context, row),
    };
  },
});

/** The beginning of what came, as text (原文预览); null where what was read of it says as much. */
async function excerptOf({ transaction, tenantId }: Context, { id, state, content }: ListedMessage): Promise<string | null> {
  const isRead = content.parts.length > 0 || Object.values(content.values).some((value) => value !== undefined && value !== null && value !== '');
  if (state !== 'quarantined' && isRead) return null;
  const [row] = await transaction.query(beginning, [tenantId, id]);
  return row?.raw ? row.raw.toString('utf8').slice(0, longestExcerpt).toWellFormed() : null;
}

/** Messages as the console shows them; of tickets that the reader may not see, nothing. */
export async function viewMessages(context: Context, rows: readonly ListedMessage[]): Promise<InboxMessage[]> {
  const ids = [...new Set(rows.flatMap((row) => row.ticket_id ?? []))];
  const tickets = ids.length === 0 ? [] : await context.transaction.run(build.selectFrom('ticket').selectAll().where('tenant_id', '=', context.tenantId).where('id', 'in', ids));
  const reach = reachOf(staffOf(context), 'ticket.read');
  const masks = await masksOf(context);
  const readable = new Map(tickets.filter((ticket) => permits(reach, accessOf(ticket))).map((ticket) => [ticket.id, ticket.number]));
  return rows.map((row) => ({
    id: row.id, externalId: row.external_id, thread: row.thread, occurredAt: row.occurred_at.toISOString(), receivedAt: row.received_at.toISOString(), state: row.state, outcome: row.outcome,
    attempts: row.attempts, failure: row.failure, failureDetail: row.failure_detail === null ? null : masked(row.failure_detail, masks), failureWords: failureOf(row.failure, context.language), note: row.note, preview: previewOf(row.content, context.language, masks), who: whoWrote(row.content, masks),
    ticket: row.ticket_id !== null && readable.has(row.ticket_id) ? { id: row.ticket_id, number: readable.get(row.ticket_id)! } : null,
  }));
}
