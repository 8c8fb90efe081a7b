import { sql } from 'kysely';
import { PageQuery, limits } from '../../../contract/common.ts';
import { factKinds } from '../../../contract/facts.ts';
import { AuditPage } from '../../../contract/organization.ts';
import { reachOf } from '../../../rules/access/policy.ts';
import { staffOf } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { factColumns, toFact, type FactRow } from '../../platform/facts/readers.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { reachCondition } from '../access/reach-condition.ts';
import { presentFact } from '../ticket/present-fact.ts';

/** What happened in the organization, newest first (审计日志); of tickets only what happened to those the reader may see. */
export const listAudit = useCase({
  summary: 'List the audit trail',
  query: PageQuery,
  answer: AuditPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.defaultPage;
    let select = build.selectFrom('fact').select(sql<FactRow>`${sql.raw(factColumns)}` as never).where('tenant_id', '=', context.tenantId)
      .where(sql<boolean>`(fact.ticket_id IS NULL OR EXISTS (
        SELECT 1 FROM ticket WHERE ticket.tenant_id = fact.tenant_id AND ticket.id = fact.ticket_id AND ${reachCondition(reachOf(staffOf(context), 'ticket.read'))}))`);
    if (query.cursor !== undefined) select = select.where('position', '<', readPosition(query.cursor));
    const rows = await context.transaction.run(select.orderBy('position', 'desc').limit(limit + 1)) as unknown as FactRow[];
    const facts = rows.slice(0, limit).map(toFact);
    return {
      items: facts.map((fact) => {
        // Only the job that sends it may open what is sealed.
        const { sealed: _sealed, ...data } = presentFact(fact.data);
        return {
          id: String(fact.position), kind: fact.kind, title: context.language === 'en' ? factKinds[fact.kind].en : factKinds[fact.kind].zh,
          at: fact.occurredAt.toISOString(), actor: fact.actor, ticketId: fact.ticketId, subjectId: fact.subjectId, data,
        };
      }),
      nextCursor: rows.length > limit ? Buffer.from(`audit ${facts.at(-1)!.position}`).toString('base64url') : null,
    };
  },
});

function readPosition(cursor: string): number {
  const position = /^audit (\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  if (position === undefined) throw new Refusal('invalid_cursor');
  return Number(position);
}
