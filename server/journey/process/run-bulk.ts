import { Closed, Id, limits, PageQuery } from '../../../contract/common.ts';
import { BulkResultPage, BulkRun, BulkRunPage, ListBulkResults, RunBulk, viewLimits, type BulkSelection } from '../../../contract/view.ts';
import { reachOf } from '../../../rules/access/policy.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { isId, newId } from '../../platform/db/uuid.ts';
import { Refusal, invalidInput, missingInput } from '../../platform/errors/refusal.ts';
import { decodeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { cancel, findOwnRun, findRun, hashOfRequest, itemsOf, startRun, viewResults, viewRuns, type BulkRunRow, type Counts, type Outcome } from '../../records/bulk/runs.ts';
import { selectSome, ticketSet } from '../../records/ticket/ticket-set.ts';
import { openList } from '../../records/view/open-list.ts';
import { withPatience } from '../../records/view/patience.ts';
import { ensureComplete } from './bulk-act.ts';
import { carryOn, tryOn, type InTransaction } from './bulk.ts';

// As long as answers are kept for their keys (server/timers.ts).
const keptMilliseconds = 24 * 3_600_000;
// So many transactions at a time: a preview is waited for.
const triedAtOnce = 3;

/**
 * Does one thing to many tickets (批量操作), or says what would become of each. What is little is done within the request;
 * more becomes a run that is carried on in the background and can be watched and called off.
 */
export const runBulk = useCase({
  summary: 'Do something to many tickets',
  body: RunBulk,
  answer: BulkRun,
  async run(context, { body }) {
    ensureComplete(body.action);
    const requestHash = hashOfRequest({ selection: body.selection, action: body.action });
    const id = body.id ?? await idOfRepetition(context);
    const present = id === undefined ? undefined : await findRun(context.transaction, id);
    if (present && (present.staff_id !== staffOf(context).staffId || !present.request_hash.equals(requestHash))) throw new Refusal(body.id === undefined ? 'idempotency_key_reused' : 'bulk_id_reused');
    if (present && !body.dryRun) return show(context, await carriedOn(context, present));

    const ticketIds = await choose(context, body.selection, body.dryRun ?? false);
    if (body.dryRun) return preview(context, ticketIds, body.action);
    const inBackground = ticketIds.length > viewLimits.bulkAtOnce;
    // In a transaction of its own: it stands before the first ticket is touched.
    const run = await inOwn(context)((own) => startRun(own, { id: id ?? newId(context.now.getTime()), action: body.action, ticketIds, requestHash, inBackground }));
    return show(context, inBackground ? run : await carriedOn(context, run));
  },
});

/**
 * The run that a repetition of this request goes on with. Its tickets are done in transactions of their own: should the
 * program go down in the middle, they stand and the answer that is kept for the key does not.
 */
async function idOfRepetition({ transaction, idempotentId, now }: Context): Promise<string | undefined> {
  if (idempotentId === undefined) return undefined;
  const present = await findRun(transaction, idempotentId);
  // The key has been forgotten since, so this is another request.
  return present && now.getTime() - present.created_at.getTime() > keptMilliseconds ? undefined : idempotentId;
}

const inOwn = (context: Context): InTransaction => (work) => context.services.database.transact(context.tenantId, (transaction) => work({ ...context, transaction }));

async function carriedOn(context: Context, run: BulkRunRow): Promise<BulkRunRow> {
  if (run.state !== 'running' || run.total > viewLimits.bulkAtOnce) return run;
  await carryOn(inOwn(context), run, context.services);
  return (await inOwn(context)((own) => findRun(own.transaction, run.id)))!;
}

async function show(context: Context, run: BulkRunRow): Promise<BulkRun> {
  return inOwn(context)(async (own) => {
    const items = run.total > viewLimits.bulkAtOnce ? [] : await itemsOf(own.transaction, run.id, { behind: 0, limit: viewLimits.bulkAtOnce });
    return (await viewRuns(own, [run], await viewResults(own, items)))[0]!;
  });
}

/** The tickets of a selection, each once. */
async function choose(context: Context, selection: BulkSelection, dryRun: boolean): Promise<string[]> {
  const { ids, expectedCount, ...asked } = selection;
  if (ids !== undefined) {
    if (asked.view !== undefined || asked.filter !== undefined || asked.q !== undefined) throw invalidInput('/selection/ids', 'exclusive', { zh: '不能既列出工单，又给条件', en: 'tickets are either named or described, not both' });
    return [...ids];
  }
  if (asked.view === undefined && asked.filter === undefined) throw missingInput('/selection/ids');
  if (asked.q !== undefined) throw invalidInput('/selection/q', 'not_supported', { zh: '搜索结果请逐张勾选', en: 'of a search, name the tickets one by one' });
  if (expectedCount === undefined && !dryRun) throw missingInput('/selection/expectedCount');
  const rows = await withPatience(context, async (reading) => {
    const opened = await openList(reading, asked);
    const set = ticketSet(reading, reachOf(staffOf(reading), 'ticket.read'), opened.predicate, opened.target);
    return reading.transaction.run(selectSome(set, viewLimits.bulkTickets + 1));
  });
  if (rows.length === 0) throw new Refusal('selection_empty');
  if (rows.length > viewLimits.bulkTickets) throw new Refusal('selection_too_large', { limit: viewLimits.bulkTickets });
  if (expectedCount !== undefined && expectedCount !== rows.length) throw new Refusal('selection_changed', { expected: expectedCount, actual: rows.length });
  return rows.sort((a, b) => a.created_at.getTime() - b.created_at.getTime() || (a.id < b.id ? -1 : 1)).map((row) => row.id);
}

async function preview(context: Context, ticketIds: readonly string[], action: BulkRunRow['action']): Promise<BulkRun> {
  const looked = ticketIds.slice(0, viewLimits.bulkPreview);
  const counts: Counts = { pending: ticketIds.length - looked.length, done: 0, unchanged: 0, refused: 0, failed: 0 };
  const found: Awaited<ReturnType<typeof tryOn>>[] = [];
  let next = 0;
  await Promise.all(Array.from({ length: triedAtOnce }, async () => {
    for (let at = next++; at < looked.length; at = next++) found[at] = await tryOn(inOwn(context), looked[at]!, action);
  }));
  for (const { outcome } of found) counts[outcome] += 1;
  const results = await viewResults(context, found.map(({ outcome, refusal }, index) => ({ ticket_id: looked[index]!, outcome, refusal })));
  return { id: null, state: 'preview', action, total: ticketIds.length, counts, createdBy: null, createdAt: null, finishedAt: null, results };
}

const params = Closed({ id: Id });

/** One's own bulk runs, newest first (批量任务列表). */
export const listBulkRuns = useCase({
  summary: 'List one’s own bulk runs',
  query: PageQuery,
  answer: BulkRunPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.defaultPage;
    let select = build.selectFrom('bulk_run').selectAll().where('tenant_id', '=', context.tenantId).where('staff_id', '=', staffOf(context).staffId);
    if (query.cursor !== undefined) {
      const place = readCursor(query.cursor);
      select = select.where((where) => where.or([where('created_at', '<', place.moment), where.and([where('created_at', '=', place.moment), where('id', '<', place.id)])]));
    }
    const rows = await context.transaction.run(select.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit + 1)) as BulkRunRow[];
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return { items: await viewRuns(context, page), nextCursor: rows.length > limit && last ? Buffer.from(`run ${last.created_at.toISOString()} ${last.id}`).toString('base64url') : null };
  },
});

function readCursor(cursor: string): { moment: Date; id: string } {
  const [, moment = '', id = ''] = /^run (\S+) (\S+)$/.exec(decodeCursor(cursor)) ?? [];
  const parsed = Date.parse(moment);
  if (Number.isNaN(parsed) || parsed < 0 || !isId(id)) throw new Refusal('invalid_cursor');
  return { moment: new Date(parsed), id };
}

/** How far a run has come (批量任务进度). */
export const showBulkRun = useCase({
  summary: 'Show a bulk run',
  params,
  answer: BulkRun,
  run: async (context, { params: { id } }) => (await viewRuns(context, [await findOwnRun(context, id)]))[0]!,
});

/** What became of each ticket of a run, in their order (逐张结果). */
export const listBulkResults = useCase({
  summary: 'List the results of a bulk run',
  params,
  query: ListBulkResults,
  answer: BulkResultPage,
  async run(context, { params: { id }, query }) {
    const run = await findOwnRun(context, id);
    const limit = query.limit ?? limits.defaultPage;
    const items = await itemsOf(context.transaction, run.id, { outcome: query.outcome as Outcome | undefined, behind: query.cursor === undefined ? 0 : readPlace(query.cursor), limit: limit + 1 });
    const page = items.slice(0, limit);
    return { items: await viewResults(context, page), nextCursor: items.length > limit ? Buffer.from(`item ${page.at(-1)!.place}`).toString('base64url') : null };
  },
});

function readPlace(cursor: string): number {
  const place = /^item (\d{1,9})$/.exec(decodeCursor(cursor))?.[1];
  if (place === undefined) throw new Refusal('invalid_cursor');
  return Number(place);
}

/** Calls a run off (取消批量任务): what was done stays done, the rest is left as it is. */
export const cancelBulkRun = useCase({
  summary: 'Cancel a bulk run',
  params,
  answer: BulkRun,
  async run(context, { params: { id } }) {
    const run = await findOwnRun(context, id);
    await cancel(context, run.id);
    return (await viewRuns(context, [{ ...run, state: 'cancelled', finished_at: context.now }]))[0]!;
  },
});

