import { Readable } from 'node:stream';
import { ExportTickets, type ExportTickets as Wanted, type TicketLine } from '../../../contract/view.ts';
import { reachOf } from '../../../rules/access/policy.ts';
import { csvLine } from '../../../rules/text/csv.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build, isDatabaseError } from '../../platform/db/database.ts';
import { localDay } from '../../platform/clock/clock.ts';
import { Refusal, invalidInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { newId } from '../../platform/db/uuid.ts';
import { stream, type StreamContext } from '../../platform/http/use-case.ts';
import { configurationOf, nameIn } from '../../records/organization/configuration.ts';
import { fieldOrderOf, isFieldSort, wholeFieldOrder } from '../../records/ticket/field-order.ts';
import { viewLines } from '../../records/ticket/lines.ts';
import type { TicketRow } from '../../records/ticket/row.ts';
import { selectAll, ticketSet } from '../../records/ticket/ticket-set.ts';
import { exportColumns, plainCell, type ExportColumn } from '../../records/view/export/cells.ts';
import { handOver } from '../../records/view/export/hand-over.ts';
import { takeTurn } from '../../records/view/export/turns.ts';
import { workbook } from '../../records/view/export/xlsx.ts';
import { openList, type OpenedList } from '../../records/view/open-list.ts';

const usual = ['number', 'subject', 'status', 'priority', 'type', 'category', 'channel', 'requester', 'phone', 'department', 'team', 'assignee', 'createdAt', 'updatedAt', 'resolvedAt', 'closedAt', 'rating', 'tags'];
const mediaTypes = { csv: 'text/csv; charset=utf-8', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' };
const rowsAtOnce = 500;
// Who exports is asked for again after so many rows.
const askedAgain = 10_000;
// However slowly somebody reads: what they look at is as it was when it began, and the database keeps it so.
const longestMilliseconds = 30 * 60_000;
// The first rows may take as long as a page of a list: a filter that is too slow there is so here, and says so before the file
// begins. What is found later, where matches are rare, may take longer.
const patience = { first: 5_000, later: 30_000 };

interface Export {
  id: string;
  opened: OpenedList;
  columns: ExportColumn[];
  fileName: string;
  sheetName: string;
}

/**
 * Tickets as a file (导出工单): what the list of the same view and filters shows, to the same people, with the same masks,
 * from one moment; as CSV or as a workbook. It goes out as it is read, so a million lines take no more room than a few
 * hundred. That it was taken stands in the audit trail, before the first line and after the last.
 */
export const exportTickets = stream({
  summary: 'Export tickets as CSV or XLSX',
  query: ExportTickets,
  produces: mediaTypes.xlsx,
  async run(context, request, reply) {
    const query = request.query as Wanted;
    const { database } = context.services;
    if (context.caller.kind !== 'staff') throw new Refusal('forbidden');
    // However it ends, and whether or not it ever began.
    const leave = takeTurn(database, { tenantId: context.tenantId, staffId: context.caller.subject.staffId });
    reply.raw.once('close', leave);
    try {
      if (request.method === 'HEAD') return await reply.type(mediaTypes[query.format]).send('');
      const prepared = await context.transact((inner) => prepare(inner, query));
      const counted = { rows: 0, complete: false };
      const lines = linesOf(context, prepared, counted);
      // Also where nobody waits for the file any more before it begins.
      reply.raw.once('close', () => void lines.return(undefined).catch(() => {}));
      const first = await lines.next().catch(async (error: unknown) => {
        await recordEnd(context, prepared, counted);
        throw error;
      });
      return await reply.type(mediaTypes[query.format]).header('content-disposition', `attachment; filename="${prepared.fileName}"`)
        .send(Readable.from(fileOf(context, prepared, query.format, counted, continued(first, lines))));
    } catch (error) {
      leave();
      throw error;
    }
  },
});

/** What is wrong is told before the file begins, and that it begins is written down. */
async function prepare(context: Context, query: Wanted): Promise<Export> {
  const { format, columns: named, ...asked } = query;
  if (asked.q !== undefined && asked.q.trim() !== '') throw invalidInput('/q', 'not_supported', { zh: '搜索结果不能导出，请改用筛选条件', en: 'what a search finds cannot be exported; use a filter' });
  const configuration = await configurationOf(context);
  const opened = await openList(context, { ...asked, columns: named });
  const columns = opened.columns.length > 0 ? opened.columns : usual;
  const id = newId(context.now.getTime());
  await recordFact(context.transaction, {
    kind: 'export.started', actor: context.actor, occurredAt: context.now, recordedAt: context.now, subjectId: id, data: { format, columns, ...asked },
  });
  const name = opened.view === null ? null : 'row' in opened.view ? opened.view.row : opened.view.standard;
  return {
    id, opened: { ...opened, columns }, columns: exportColumns(columns, configuration, context.language),
    fileName: `tickets-${localDay(context.now, configuration.organization.timeZone)}.${format}`,
    sheetName: name === null ? (context.language === 'en' ? 'Tickets' : '工单') : nameIn(context.language, 'name_en' in name ? { name: name.name, nameEn: name.name_en } : name),
  };
}

interface Counted { rows: number; complete: boolean }

/** That it ended, and how far it came, is written down as well. */
async function recordEnd(context: StreamContext, prepared: Export, counted: Counted): Promise<void> {
  await context.transact((inner) => recordFact(inner.transaction, { kind: 'export.ended', actor: inner.actor, occurredAt: inner.now, recordedAt: inner.now, subjectId: prepared.id, data: { ...counted } }));
}

/** What a generator gives whose first step was taken already. */
async function* continued<Item>(first: IteratorResult<Item, unknown>, rest: AsyncGenerator<Item>): AsyncGenerator<Item> {
  if (first.done) return;
  yield first.value;
  yield* rest;
}

async function* fileOf(context: StreamContext, prepared: Export, format: Wanted['format'], counted: Counted, lines: AsyncIterable<TicketLine[]>): AsyncGenerator<string | Buffer> {
  const { columns } = prepared;
  try {
    if (format === 'xlsx') {
      yield* workbook(prepared.sheetName, columns.map((column) => column.heading), cellsOf(lines, columns));
    } else {
      // With a mark by which spreadsheets know UTF-8.
      yield `\uFEFF${csvLine(columns.map((column) => column.heading))}`;
      for await (const some of lines) yield some.map((line) => csvLine(columns.map((column) => plainCell(column.cell(line))))).join('');
    }
    counted.complete = true;
  } finally {
    await recordEnd(context, prepared, counted);
  }
}

async function* cellsOf(lines: AsyncIterable<readonly TicketLine[]>, columns: readonly ExportColumn[]) {
  for await (const some of lines) for (const line of some) yield columns.map((column) => column.cell(line));
}

/** The lines in the order of the list, all as they were when the reading began: a cursor of the database holds the place. */
async function* linesOf(context: StreamContext, { opened }: Export, counted: Counted): AsyncGenerator<TicketLine[]> {
  const lines = handOver<TicketLine[]>();
  const { clock } = context.services;
  const until = clock.now().getTime() + longestMilliseconds;
  const reading = context.transact(async (inner) => {
    const set = ticketSet(inner, reachOf(staffOf(inner), 'ticket.read'), opened.predicate, opened.target);
    const order = isFieldSort(opened.sort) ? fieldOrderOf(opened.sort, await configurationOf(inner)) : null;
    const { sql, parameters } = selectAll(set, opened.sort, order === null ? undefined : wholeFieldOrder(order)).compile(build);
    await inner.transaction.query({ name: '', text: `SET LOCAL statement_timeout = ${patience.first}` }, []);
    await inner.transaction.query({ name: '', text: `DECLARE exported NO SCROLL CURSOR FOR ${sql}` }, parameters);
    for (let asked = 0; ;) {
      const rows = await inner.transaction.query<TicketRow>({ name: '', text: `FETCH ${rowsAtOnce} FROM exported` }, []);
      if (counted.rows === 0) await inner.transaction.query({ name: '', text: `SET LOCAL statement_timeout = ${patience.later}` }, []);
      if (rows.length === 0) return;
      await lines.give(await viewLines(inner, rows, { columns: opened.columns }));
      counted.rows += rows.length;
      asked += rows.length;
      if (clock.now().getTime() > until) throw new Error('the export took too long');
      if (asked < askedAgain) continue;
      // Whoever may no longer look gets no further.
      await context.identify();
      asked = 0;
    }
  }).then(() => lines.end(), (error: unknown) => lines.end(counted.rows === 0 && isDatabaseError(error, '57014') ? new Refusal('filter_too_slow') : error));
  try {
    yield* lines.taken();
  } finally {
    lines.stop();
    await reading;
  }
}
