import { sql } from 'kysely';
import { Type } from 'typebox';
import { Closed, PageQuery, limits } from '../../../contract/common.ts';
import { TimelinePage, type TimelineEntry } from '../../../contract/ticket.ts';
import { wordsFor } from '../../../rules/intake/placeholders.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { decodeCursor } from '../../platform/http/cursor.ts';
import type { Fact } from '../../platform/facts/fact.ts';
import { factColumns, toFact, type FactRow } from '../../platform/facts/readers.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { deliveriesOf } from '../../records/conversation/channel/outbox.ts';
import { originsOf, viewMessage } from '../../records/conversation/messages.ts';
import { sharedWith } from '../../records/conversation/shared.ts';
import { filesByIds, filesOfMessages } from '../../records/file/queries.ts';
import { viewFile } from '../../records/file/view.ts';
import { mergedInto } from '../../records/ticket/alias.ts';
import { findReadableTicket } from '../../records/ticket/find.ts';
import { presentFact, titleOf } from '../../records/ticket/present-fact.ts';
import { answersOf } from '../../records/ticket/shown-fields.ts';

// Of a ticket that was merged into this one, what was said there is read here; what was done to it is its own business.
const readThrough = ['ticket.created', 'comment.added', 'comment.copied', 'file.attached'];

/**
 * Everything that happened on a ticket, oldest first (时间线): conversation, notes, changes with before and after; with the
 * conversation of those merged into it, and what was said elsewhere while it was merged itself.
 */
export const showTimeline = useCase({
  summary: 'Show the timeline of a ticket',
  params: Closed({ id: Type.String({ maxLength: 64 }) }),
  query: PageQuery,
  answer: TimelinePage,
  async run(context, { params, query }) {
    const ticket = await findReadableTicket(context, params.id);
    const limit = query.limit ?? limits.page;
    const after = query.cursor === undefined ? 0 : readPosition(query.cursor);
    const [sources, shared] = await Promise.all([mergedInto(context, ticket.id), sharedWith(context, ticket.id)]);
    let select = build.selectFrom('fact').select(sql<FactRow>`${sql.raw(factColumns)}` as never).where('tenant_id', '=', context.tenantId).where('position', '>', after);
    // By the position in the log, which rises with each ticket's own, so that several tickets can be read as one.
    select = sources.length === 0 && shared.length === 0 ? select.where('ticket_id', '=', ticket.id) : select.where((is) => is.or([
      is('ticket_id', '=', ticket.id),
      ...sources.length === 0 ? [] : [is.and([is('ticket_id', 'in', sources.map((source) => source.id)), is('kind', 'in', readThrough)])],
      ...shared.length === 0 ? [] : [is.and([is('ticket_id', 'in', [...new Set(shared.map((message) => message.ticket_id))]), is('kind', '=', 'comment.added'), is('subject_id', 'in', shared.map((message) => message.id))])],
    ]));
    const rows = await context.transaction.run(select.orderBy('position').limit(limit + 1)) as unknown as FactRow[];
    const facts = rows.slice(0, limit).map(toFact);
    const messageIds = facts.filter(isMessage).map((fact) => fact.subjectId!);
    const fileIds = facts.flatMap((fact) => (fact.data['fileIds'] as string[] | undefined) ?? []);
    const [messages, files] = await Promise.all([
      messageIds.length === 0 ? [] : context.transaction.run(build.selectFrom('message').selectAll().where('tenant_id', '=', context.tenantId).where('id', 'in', messageIds)),
      fileIds.length === 0 ? [] : filesByIds(context, fileIds),
    ]);
    const inbound = messages.filter((message) => message.direction === 'inbound');
    const [origins, show, deliveries, late] = await Promise.all([
      originsOf(context, messages), answersOf(context, ticket), deliveriesOf(context.transaction, messages.filter((message) => message.direction === 'outbound').map((message) => message.id)),
      // Pictures and recordings come after the words they belong to.
      Promise.all([...Map.groupBy(inbound, (message) => message.ticket_id)].map(([ticketId, own]) => filesOfMessages(context, ticketId, own.map((message) => message.id)))),
    ]);
    const filesOf = new Map(late.flatMap((byMessage) => [...byMessage]));
    const numbers = new Map(sources.map((source) => [source.id, source.number]));
    // What somebody asked is the beginning of their conversation, wherever it was merged to.
    const asked = new Map(sources.map(({ id, subject, description }) => [id, { subject: wordsFor(subject, context.language), description: wordsFor(description, context.language) }]));
    const messageOf = new Map(messages.map((message) => [message.id, message]));
    const fileOf = new Map(files.map((file) => [file.id, file]));
    const items = facts.map((fact): TimelineEntry => {
      const { fileIds: ids = [], number, ...data } = presentFact(fact.data, show) as { fileIds?: string[]; number?: unknown };
      const named = ids.map((id) => fileOf.get(id)).filter((file) => file !== undefined);
      const message = isMessage(fact) ? messageOf.get(fact.subjectId!) : undefined;
      const factFiles = [...named, ...(message ? filesOf.get(message.id) ?? [] : []).filter((file) => !ids.includes(file.id))];
      return {
        id: String(fact.position), kind: fact.kind, title: titleOf(fact.kind, fact.data, context.language),
        at: fact.occurredAt.toISOString(), recordedAt: fact.recordedAt.toISOString(), actor: fact.actor, data: fact.kind === 'ticket.created' ? { ...data, ...asked.get(fact.ticketId!) } : data,
        comment: message ? viewMessage(message, factFiles, { kind: 'staff' }, context.language, origins.get(message.id), deliveries.get(message.id)) : null,
        files: message ? [] : factFiles.map((file) => viewFile(file, { kind: 'staff' })),
        ticketNumber: fact.ticketId === ticket.id ? null : numbers.get(fact.ticketId!) ?? String(number),
      };
    });
    return { items, nextCursor: rows.length > limit ? Buffer.from(`timeline ${facts.at(-1)!.position}`).toString('base64url') : null };
  },
});

const isMessage = (fact: Fact): boolean => fact.kind === 'comment.added' || fact.kind === 'comment.copied' || fact.kind === 'news.told';

function readPosition(cursor: string): number {
  const position = /^timeline (\d{1,15})$/.exec(decodeCursor(cursor))?.[1];
  if (position === undefined) throw new Refusal('invalid_cursor');
  return Number(position);
}
