import { Type } from 'typebox';
import { ListOwnSideConversations, ListSideConversations, OpenSideConversation, ReplyInSideConversation, SideConversation, SideConversationPage, SideMessage, SideMessagePage, collaborationLimits } from '../../../contract/collaboration.ts';
import { Closed, Id, PageQuery, limits } from '../../../contract/common.ts';
import { holds, permits, reachOf } from '../../../rules/access/policy.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal, invalidInput, missingInput, refuseInput } from '../../platform/errors/refusal.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { audienceOf, takesPart } from '../../records/conversation/side/audience.ts';
import { mailAccountOf } from '../../records/channel/mail-account.ts';
import { openSideConversation as open, postSideMessage, turnSideConversation, type Quote } from '../../records/conversation/side/post.ts';
import { viewSideConversations, viewSideMessages, type SideConversationRow, type SideMessageRow } from '../../records/conversation/side/view.ts';
import { attachFiles } from '../../records/file/attach-files.ts';
import { findDepartment, findTeam } from '../../records/organization/references.ts';
import { withMerged } from '../../records/ticket/family.ts';
import { findReadableTicket, findTicket, lockTicketFor } from '../../records/ticket/find.ts';
import { lockLanding } from '../../records/ticket/landing.ts';
import { endsOf } from '../../records/ticket/relations.ts';
import { accessOf, type TicketRow } from '../../records/ticket/row.ts';

const ticketParams = Closed({ id: Type.String({ maxLength: 64 }) });
const params = Closed({ id: Id });

/** The conversations beside a ticket (工单的旁路会话), oldest first; with those of tickets merged into it. */
export const listTicketSideConversations = useCase({
  summary: 'List the side conversations of a ticket',
  params: ticketParams,
  query: ListSideConversations,
  answer: SideConversationPage,
  async run(context, { params, query }) {
    const ticket = await findReadableTicket(context, params.id);
    let select = build.selectFrom('side_conversation').selectAll().where('tenant_id', '=', context.tenantId).where('ticket_id', 'in', await withMerged(context, ticket.id));
    if (query.state !== undefined) select = select.where('state', '=', query.state);
    if (query.cursor !== undefined) select = select.where('id', '>', readCursor(query.cursor, 'side-conversations')[1]);
    const limit = query.limit ?? limits.defaultPage;
    const rows = await context.transaction.run(select.orderBy('id').limit(limit + 1));
    return { items: await viewSideConversations(context, rows.slice(0, limit)), nextCursor: rows.length > limit ? writeCursor('side-conversations', ['', rows[limit - 1]!.id]) : null };
  },
});

/**
 * The conversations in which the caller's teams and department are asked, and those they started (我的旁路会话), newest first.
 * A page may be short before the end, where something has left the caller's sight.
 */
export const listSideConversations = useCase({
  summary: 'List the side conversations that the caller’s teams and department take part in, or that the caller started',
  query: ListOwnSideConversations,
  answer: SideConversationPage,
  async run(context, { query }) {
    const audience = await audienceOf(context);
    const { box = 'asked' } = query;
    const ways = ([
      { column: 'team_id', ids: audience.teamIds, awaits: 'asked' }, { column: 'department_id', ids: audience.departmentIds, awaits: 'asked' }, { column: 'opened_by_id', ids: [staffOf(context).staffId], awaits: 'asker' },
    ] as const).filter(({ column, ids }) => ids.length > 0 && (box === 'all' || (column === 'opened_by_id') === (box === 'opened')));
    // A cursor is looked at even where nothing is to be found.
    const after = query.cursor === undefined ? null : readCursor(query.cursor, '-side-conversations')[1];
    const limit = query.limit ?? limits.defaultPage;
    // Each way reads an index of its own; together they would read none.
    const found = await Promise.all(ways.map(({ column, ids, awaits }) => {
      let select = build.selectFrom('side_conversation').selectAll().where('tenant_id', '=', context.tenantId).where(column, 'in', [...ids]);
      if (query.state !== undefined) select = select.where('state', '=', query.state);
      if (query.awaiting) select = select.where('state', '=', 'open').where('awaits', '=', awaits);
      if (after !== null) select = select.where('id', '<', after);
      return context.transaction.run(select.orderBy('id', 'desc').limit(limit + 1));
    }));
    const rows = [...new Map(found.flat().map((row) => [row.id, row])).values()].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, limit + 1);
    const page = rows.slice(0, limit);
    const shown = await viewSideConversations(context, page);
    return {
      items: shown.filter(({ ticket }, index) => ticket.id !== null || takesPart(audience, page[index]!)),
      nextCursor: rows.length > limit ? writeCursor('-side-conversations', ['', rows[limit - 1]!.id]) : null,
    };
  },
});

/** Starts a conversation beside a ticket (发起旁路会话): with a team, a department, or somebody outside by e-mail. */
export const openSideConversation = useCase({
  summary: 'Start a side conversation of a ticket',
  params: ticketParams,
  body: OpenSideConversation,
  answer: SideConversation,
  status: 201,
  async run(context, { params, body }) {
    const { team, department, email } = body;
    const partners = [team, department, email].filter((partner) => partner !== undefined).length;
    if (partners === 0) throw missingInput('/team');
    if (partners > 1) throw invalidInput(email === undefined ? '/department' : '/email', 'exclusive', { zh: '班组、部门、邮箱只能选一个', en: 'team, department and email exclude each other' });
    // What leaves the house is an answer, not a note.
    const ticket = await lockTicketFor(context, params.id, email === undefined ? 'ticket.note' : 'ticket.reply');
    // Better refused than kept in a queue that nobody empties.
    if (email !== undefined && !context.services.mailConfigured && !await mailAccountOf(context.transaction)) throw new Refusal('side_mail_not_configured');
    if (team !== undefined) await findTeam(context, team, '/team');
    if (department !== undefined) await findDepartment(context, department, '/department');
    const present = await context.transaction.run(build.selectFrom('side_conversation').select('id').where('tenant_id', '=', context.tenantId).where('ticket_id', '=', ticket.id).limit(collaborationLimits.sideConversations));
    if (present.length >= collaborationLimits.sideConversations) throw new Refusal('too_many_side_conversations', { limit: collaborationLimits.sideConversations });
    const opened = await open(context, ticket, {
      subject: body.subject.trim(), team_id: team ?? null, department_id: department ?? null, address: email?.address.trim().toLowerCase() ?? null, address_name: email?.name?.trim() ?? null,
    }, { body: body.body.trim(), ...await contentOf(context, ticket, true, body) });
    return (await viewSideConversations(context, [opened]))[0]!;
  },
});

/** One conversation beside a ticket (旁路会话详情). */
export const showSideConversation = useCase({
  summary: 'Show a side conversation',
  params,
  answer: SideConversation,
  run: async (context, { params }) => (await viewSideConversations(context, [await findVisible(context, params.id)]))[0]!,
});

/** What was written in it (旁路会话消息), oldest first. */
export const listSideMessages = useCase({
  summary: 'List the messages of a side conversation',
  params,
  query: PageQuery,
  answer: SideMessagePage,
  async run(context, { params, query }) {
    const conversation = await findVisible(context, params.id);
    const limit = query.limit ?? limits.defaultPage;
    let select = build.selectFrom('side_message').selectAll().where('tenant_id', '=', context.tenantId).where('conversation_id', '=', conversation.id);
    if (query.cursor !== undefined) select = select.where('id', '>', readCursor(query.cursor, 'side-messages')[1]);
    const rows = await context.transaction.run(select.orderBy('id').limit(limit + 1)) as SideMessageRow[];
    return { items: await viewSideMessages(context, rows.slice(0, limit)), nextCursor: rows.length > limit ? writeCursor('side-messages', ['', rows[limit - 1]!.id]) : null };
  },
});

/** Writes into it (回复旁路会话). */
export const replyInSideConversation = useCase({
  summary: 'Write in a side conversation',
  params,
  body: ReplyInSideConversation,
  answer: SideMessage,
  status: 201,
  async run(context, { params, body }) {
    const { conversation, ticket, reads, invited } = await lockForWork(context, params.id);
    if (conversation.state === 'closed') throw new Refusal('side_conversation_closed');
    const posted = await postSideMessage(context, conversation, ticket, { body: body.body.trim(), direction: conversation.address === null ? 'internal' : 'outbound', awaits: invited && conversation.opened_by_id !== staffOf(context).staffId ? 'asker' : 'asked', ...await contentOf(context, ticket, reads, body) });
    return (await viewSideMessages(context, [posted.row]))[0]!;
  },
});

/** Says that it is over (结束旁路会话). */
export const closeSideConversation = useCase({
  summary: 'Close a side conversation',
  params,
  answer: SideConversation,
  run: (context, { params }) => turn(context, params.id, 'closed'),
});

/** Goes on with it (重新打开旁路会话). */
export const reopenSideConversation = useCase({
  summary: 'Open a closed side conversation again',
  params,
  answer: SideConversation,
  run: (context, { params }) => turn(context, params.id, 'open'),
});

async function turn(context: Context, id: string, state: 'open' | 'closed'): Promise<SideConversation> {
  const { conversation, ticket } = await lockForWork(context, id);
  if (conversation.state === state) throw new Refusal(state === 'closed' ? 'side_conversation_closed' : 'side_conversation_open');
  return (await viewSideConversations(context, [await turnSideConversation(context, conversation, ticket, state)]))[0]!;
}

/** A conversation that the caller may see: they read its ticket, or take part in it. */
async function findVisible(context: Context, id: string): Promise<SideConversationRow> {
  const row = await context.transaction.first(build.selectFrom('side_conversation').selectAll().where('tenant_id', '=', context.tenantId).where('id', '=', id));
  if (!row) throw new Refusal('not_found');
  if (!takesPart(await audienceOf(context), row) && !await readsTicket(context, row.ticket_id)) throw new Refusal('not_found');
  return row;
}

/** Whether the caller reads a ticket, or the one it goes on as. */
async function readsTicket(context: Context, ticketId: string): Promise<boolean> {
  const reach = reachOf(staffOf(context), 'ticket.read');
  const tickets = [await findTicket(context, ticketId), (await endsOf(context, [ticketId])).get(ticketId)];
  return tickets.some((ticket) => ticket !== undefined && permits(reach, accessOf(ticket)));
}

/** A conversation about to be written in, with the ticket on which that is told; locked in this order: ticket, conversation. */
async function lockForWork(context: Context, id: string): Promise<{ conversation: SideConversationRow; ticket: TicketRow; reads: boolean; invited: boolean }> {
  const found = await findVisible(context, id);
  const landing = await lockLanding(context, found.ticket_id);
  if (!landing) throw new Refusal('not_found');
  const conversation = await context.transaction.first(build.selectFrom('side_conversation').selectAll().where('tenant_id', '=', context.tenantId).where('id', '=', id).forNoKeyUpdate());
  const subject = staffOf(context);
  const needed = found.address === null ? 'ticket.note' : 'ticket.reply';
  const access = accessOf(landing.ticket);
  const reads = permits(reachOf(subject, 'ticket.read'), access);
  const invited = takesPart(await audienceOf(context), found) && holds(subject, 'ticket.note');
  if (!invited && !(reads && permits(reachOf(subject, needed), access))) throw new Refusal('forbidden');
  return { conversation: conversation!, ticket: landing.ticket, reads, invited };
}

/** What comes with a message: copies of what it quotes, files sent for it, files of the ticket shown in it. */
async function contentOf(context: Context, ticket: TicketRow, reads: boolean, { quoteIds = [], attachments = [], shareFileIds = [] }: ReplyInSideConversation): Promise<{ quotes: Quote[]; fileIds: string[]; attachedIds: string[] }> {
  const { transaction, tenantId } = context;
  // Whoever only takes part knows nothing else of the ticket to show.
  if (!reads && quoteIds.length + shareFileIds.length > 0) throw new Refusal('forbidden');
  const ticketIds = quoteIds.length + shareFileIds.length === 0 ? [] : await withMerged(context, ticket.id);
  const messages = quoteIds.length === 0 ? [] : await transaction.run(build.selectFrom('message').select(['id', 'author_name', 'created_at', 'body']).where('tenant_id', '=', tenantId).where('ticket_id', 'in', ticketIds).where('id', 'in', quoteIds).orderBy('id'));
  ensureAll(quoteIds, messages, 'quoteIds');
  const shared = shareFileIds.length === 0 ? [] : await transaction.run(build.selectFrom('file').select('id').where('tenant_id', '=', tenantId).where('ticket_id', 'in', ticketIds).where('id', 'in', shareFileIds).orderBy('id'));
  ensureAll(shareFileIds, shared, 'shareFileIds');
  const attached = await attachFiles(context, attachments, { ticketId: ticket.id, visibility: 'internal' });
  return {
    quotes: messages.map((message) => ({ author: message.author_name, at: message.created_at.toISOString(), body: message.body })),
    fileIds: [...attached, ...shared].map((file) => file.id), attachedIds: attached.map((file) => file.id),
  };
}

function ensureAll(wanted: readonly string[], found: readonly { id: string }[], field: string): void {
  const missing = wanted.findIndex((id) => !found.some((row) => row.id === id));
  if (missing >= 0) throw refuseInput(`/${field}/${missing}`, 'unknown_reference', { field });
}
