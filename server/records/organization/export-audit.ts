import { Readable } from 'node:stream';
import { ExportAudit, type AuditFilters } from '../../../contract/organization.ts';
import { csvLine } from '../../../rules/text/csv.ts';
import { localDay } from '../../platform/clock/clock.ts';
import { build } from '../../platform/db/database.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { stream, type StreamContext } from '../../platform/http/use-case.ts';
import { auditPage, viewAuditEntries, type AuditPlace } from './audit-page.ts';
import { configurationOf } from './configuration.ts';

const linesAtOnce = 1_000;
const headings = {
  'zh-CN': ['时间', '记录时间', '事件', '内容', '执行者类型', '执行者', '执行者编号', '工单号', '对象编号', '详情'],
  en: ['Time', 'Recorded', 'Kind', 'What', 'Actor kind', 'Actor', 'Actor id', 'Ticket', 'Subject id', 'Details'],
};

/** The audit trail as a CSV file (导出审计日志), newest first, under the same filters and the same permission as its list. That it was taken out is told in it. */
export const exportAudit = stream({
  summary: 'Export the audit trail as CSV',
  query: ExportAudit,
  produces: 'text/csv',
  async run(context, request, reply) {
    const filters = request.query as AuditFilters;
    // What is wrong with the filters is told before the file begins.
    const first = await nextLines(context, filters, null);
    if (request.method !== 'HEAD') await context.transact((inner) => recordFact(inner.transaction, { kind: 'audit.exported', actor: inner.actor, data: { ...filters }, occurredAt: inner.now, recordedAt: inner.now }));
    const day = await context.transact(async (inner) => localDay(inner.now, (await configurationOf(inner)).organization.timeZone));
    return reply.type('text/csv; charset=utf-8').header('content-disposition', `attachment; filename="audit-${day}.csv"`)
      .send(Readable.from(lines(context, filters, first)));
  },
});

interface Lines {
  text: string;
  next: AuditPlace | null;
}

async function* lines(context: StreamContext, filters: AuditFilters, first: Lines): AsyncGenerator<string> {
  // With a mark by which spreadsheets know UTF-8.
  yield `\uFEFF${csvLine(headings[context.language])}`;
  let page = first;
  yield page.text;
  while (page.next) {
    // Whoever may no longer look gets no further.
    await context.identify();
    page = await nextLines(context, filters, page.next);
    if (page.text !== '') yield page.text;
  }
}

function nextLines(context: StreamContext, filters: AuditFilters, after: AuditPlace | null): Promise<Lines> {
  return context.transact(async (inner) => {
    const { facts, next } = await auditPage(inner, filters, after, linesAtOnce);
    const ticketIds = [...new Set(facts.map((fact) => fact.ticketId).filter((id) => id !== null))];
    const tickets = ticketIds.length === 0 ? [] : await inner.transaction.run(build.selectFrom('ticket').select(['id', 'number']).where('tenant_id', '=', inner.tenantId).where('id', 'in', ticketIds));
    const numbers = new Map(tickets.map((ticket) => [ticket.id, ticket.number]));
    const text = (await viewAuditEntries(inner, facts)).map((entry) => {
      return csvLine([
        entry.at, entry.recordedAt, entry.kind, entry.title, entry.actor.kind, entry.actor.name, entry.actor.id,
        entry.ticketId === null ? null : numbers.get(entry.ticketId) ?? null, entry.subjectId, JSON.stringify(entry.data),
      ]);
    });
    return { text: text.join(''), next };
  });
}
