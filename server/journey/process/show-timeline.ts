import { sql } from 'kysely';
import { Type } from 'typebox';
import { factKinds } from '../../../contract/facts.ts';
import { Closed, PageQuery, limits } from '../../../contract/common.ts';
import { TimelinePage, type TimelineEntry } from '../../../contract/ticket.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { factColumns, toFact, type FactRow } from '../../platform/facts/readers.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { viewMessage } from '../../records/conversation/messages.ts';
import { filesByIds } from '../../records/file/queries.ts';
import { viewFile } from '../../records/file/view.ts';
import { findReadableTicket } from '../../records/ticket/find.ts';
import { presentFact } from '../../records/ticket/present-fact.ts';

/** Everything that happened on a ticket, oldest first (时间线): conversation, notes, changes with before and after. */
export const showTimeline = useCase({
  summary: 'Show the timeline of a ticket',
  params: Closed({ id: Type.String({ maxLength: 64 }) }),
  query: PageQuery,
  answer: TimelinePage,
  async run(context, { params, query }) {
    const ticket = await findReadableTicket(context, params.id);
    const limit = query.limit ?? limits.page;
    const after = query.cursor === undefined ? 0 : readPosition(query.cursor);
    const rows = await context.transaction.run(build.selectFrom('fact').select(sql<FactRow>`${sql.raw(factColumns)}` as never)
      .where('tenant_id', '=', context.tenantId).where('ticket_id', '=', ticket.id).where('ticket_position', '>', after)
      .orderBy('ticket_position').limit(limit + 1)) as unknown as FactRow[];
    const facts = rows.slice(0, limit).map(toFact);
    const messageIds = facts.filter((fact) => fact.kind === 'comment.added').map((fact) => fact.subjectId!);
    const fileIds = facts.flatMap((fact) => (fact.data['fileIds'] as string[] | undefined) ?? []);
    const [messages, files] = await Promise.all([
      messageIds.length === 0 ? [] : context.transaction.run(build.selectFrom('message').selectAll().where('tenant_id', '=', context.tenantId).where('id', 'in', messageIds)),
      fileIds.length === 0 ? [] : filesByIds(context, fileIds),
    ]);
    const messageOf = new Map(messages.map((message) => [message.id, message]));
    const fileOf = new Map(files.map((file) => [file.id, file]));
    const items = facts.map((fact): TimelineEntry => {
      const { fileIds: ids = [], number: _number, ...data } = presentFact(fact.data) as { fileIds?: string[]; number?: unknown };
      const factFiles = ids.map((id) => fileOf.get(id)).filter((file) => file !== undefined);
      const message = fact.kind === 'comment.added' ? messageOf.get(fact.subjectId!) : undefined;
      return {
        id: String(fact.position), kind: fact.kind, title: context.language === 'en' ? factKinds[fact.kind].en : factKinds[fact.kind].zh,
        at: fact.occurredAt.toISOString(), recordedAt: fact.recordedAt.toISOString(), actor: fact.actor, data,
        comment: message ? viewMessage(message, factFiles, { kind: 'staff' }) : null,
        files: message ? [] : factFiles.map((file) => viewFile(file, { kind: 'staff' })),
      };
    });
    return { items, nextCursor: rows.length > limit ? Buffer.from(`timeline ${facts.at(-1)!.ticketPosition}`).toString('base64url') : null };
  },
});

function readPosition(cursor: string): number {
  const position = /^timeline (\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  if (position === undefined) throw new Refusal('invalid_cursor');
  return Number(position);
}
