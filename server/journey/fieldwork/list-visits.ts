import { sql } from 'kysely';
import { limits } from '../../../contract/common.ts';
import { ListVisits, VisitPage } from '../../../contract/visit.ts';
import { reachOf } from '../../../rules/access/policy.ts';
import { staffOf } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { isId } from '../../platform/db/uuid.ts';
import { invalidInput } from '../../platform/errors/refusal.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { reachCondition } from '../../records/access/reach-condition.ts';
import type { TicketRow } from '../../records/ticket/row.ts';
import { visits } from '../../records/visit/queries.ts';
import { viewVisits } from './view-visit.ts';

/** A technician's visits (我的上门任务): in the order they were made; those that are over, newest first. */
export const listVisits = useCase({
  summary: 'List visits',
  query: ListVisits,
  answer: VisitPage,
  async run(context, { query }) {
    const subject = staffOf(context);
    const limit = query.limit ?? limits.defaultPage;
    const current = query.state !== 'done';
    const sort = current ? 'visit' : '-visit';
    const technician = query.technician === 'me' ? subject.staffId : query.technician;
    if (technician !== undefined && !isId(technician)) throw invalidInput('/technician', 'format', { zh: '应为 me 或员工编号', en: 'must be me or the id of a member of staff' });
    const select = (whose: 'theirs' | 'along' | 'any') => {
      let narrowed = visits()
        .innerJoin('ticket', (join) => join.onRef('ticket.tenant_id', '=', 'visit.tenant_id').onRef('ticket.id', '=', 'visit.ticket_id'))
        .where('visit.tenant_id', '=', context.tenantId)
        .where(sql<boolean>`(visit.technician_id = ${subject.staffId} OR ${reachCondition(reachOf(subject, 'ticket.read'))})`);
      if (whose === 'theirs') narrowed = narrowed.where('visit.technician_id', '=', technician!);
      if (whose === 'along') narrowed = narrowed.where('visit.id', 'in', build.selectFrom('visit_member').select('visit_id').where('tenant_id', '=', context.tenantId).where('staff_id', '=', technician!));
      if (query.state === 'current') narrowed = narrowed.where(sql<boolean>`visit.status IN ('scheduled', 'accepted', 'travelling', 'on_site')`);
      if (query.state === 'done') narrowed = narrowed.where(sql<boolean>`visit.status IN ('completed', 'incomplete', 'declined', 'cancelled')`);
      if (query.cursor !== undefined) narrowed = narrowed.where('visit.id', current ? '>' : '<', readCursor(query.cursor, sort)[1]);
      return context.transaction.run(narrowed.orderBy('visit.id', current ? 'asc' : 'desc').limit(limit + 1));
    };
    // Each by an index of its own: those they lead, and those they come along to.
    const found = technician === undefined ? await select('any') : [...await select('theirs'), ...await select('along')];
    const rows = found.sort((a, b) => (a.id < b.id === current ? -1 : 1)).slice(0, limit + 1);
    const page = rows.slice(0, limit);
    const tickets = page.length === 0 ? [] : await context.transaction.run(build.selectFrom('ticket').selectAll().where('tenant_id', '=', context.tenantId).where('id', 'in', page.map((visit) => visit.ticket_id)));
    const byId = new Map(tickets.map((ticket) => [ticket.id, ticket as TicketRow]));
    return {
      items: await viewVisits(context, page.map((visit) => ({ visit, ticket: byId.get(visit.ticket_id)! }))),
      nextCursor: rows.length > limit ? writeCursor(sort, ['', page.at(-1)!.id]) : null,
    };
  },
});
