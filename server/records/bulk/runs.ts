import { createHash } from 'node:crypto';
import { sql, type Selectable } from 'kysely';
import type { BulkAction, BulkResult, BulkRun } from '../../../contract/view.ts';
import { describeRefusal, refusals, type Language, type RefusalCode, type RefusalParameter } from '../../../contract/refusals.ts';
import { reachOf } from '../../../rules/access/policy.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build, statement, type Transaction } from '../../platform/db/database.ts';
import type { BulkRunTable } from '../../platform/db/tables.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { canonicalJson, recordFact } from '../../platform/facts/fact.ts';
import { reachCondition } from '../access/reach-condition.ts';
import { namesOfStaff } from '../staff/names.ts';

export type BulkRunRow = Omit<Selectable<BulkRunTable>, 'action'> & { action: BulkAction };
export type Outcome = BulkResult['outcome'];
export type Counts = BulkRun['counts'];

/** A refusal as it is kept with its ticket, in no language. */
export interface KeptRefusal {
  code: RefusalCode;
  parameters: Record<string, RefusalParameter>;
  /** What was said of the first wrong input. */
  input: { path: string; message: { zh: string; en: string } | null } | null;
}

const insertItems = statement<never>('bulk_item.insert', `
  INSERT INTO bulk_item (tenant_id, run_id, place, ticket_id, outcome) SELECT $1, $2, place, id, 'pending' FROM unnest($3::uuid[]) WITH ORDINALITY AS chosen (id, place)`);
const countItems = statement<{ outcome: Outcome; count: number }>('bulk_item.count', 'SELECT outcome, count(*)::int AS count FROM bulk_item WHERE tenant_id = $1 AND run_id = $2 GROUP BY outcome');
const nextItem = statement<{ place: number; ticket_id: string }>('bulk_item.next', `
  SELECT i.place, i.ticket_id FROM bulk_item i JOIN bulk_run r ON r.tenant_id = i.tenant_id AND r.id = i.run_id
  WHERE i.tenant_id = $1 AND i.run_id = $2 AND i.outcome = 'pending' AND i.place > $3 AND r.state = 'running' ORDER BY i.place LIMIT 1 FOR NO KEY UPDATE OF i SKIP LOCKED`);
const settleItem = statement<never>('bulk_item.settle', "UPDATE bulk_item SET outcome = $4, refusal = $5 WHERE tenant_id = $1 AND run_id = $2 AND place = $3 AND outcome = 'pending'");
const finishRun = statement<{ id: string }>('bulk_run.finish', `
  UPDATE bulk_run SET state = 'done', finished_at = $3 WHERE tenant_id = $1 AND id = $2 AND state = 'running'
    AND NOT EXISTS (SELECT 1 FROM bulk_item i WHERE i.tenant_id = $1 AND i.run_id = $2 AND i.outcome = 'pending') RETURNING id`);
const cancelRun = statement<{ id: string }>('bulk_run.cancel', `UPDATE bulk_run SET state = 'cancelled', finished_at = $3 WHERE tenant_id = $1 AND id = $2 AND state = 'running' RETURNING id`);

/** What makes two requests the same run. */
export function hashOfRequest(request: unknown): Buffer {
  return createHash('sha256').update(canonicalJson(request)).digest();
}

/** A run by its id, whoever asks. */
export function findRun(transaction: Transaction, id: string): Promise<BulkRunRow | undefined> {
  return transaction.first(build.selectFrom('bulk_run').selectAll().where('tenant_id', '=', transaction.tenantId).where('id', '=', id)) as Promise<BulkRunRow | undefined>;
}

/** A run of the caller's own; nobody else's exists for them. */
export async function findOwnRun(context: Context, id: string): Promise<BulkRunRow> {
  const row = await findRun(context.transaction, id);
  if (!row || row.staff_id !== staffOf(context).staffId) throw new Refusal('not_found');
  return row;
}

/** Writes down a run and the tickets it is for, and tells of it. */
export async function startRun(context: Context, run: { id: string; action: BulkAction; ticketIds: readonly string[]; requestHash: Buffer; inBackground: boolean }): Promise<BulkRunRow> {
  const { transaction, tenantId, now, caller } = context;
  if (caller.kind !== 'staff') throw new Error('bulk runs are for staff');
  const row: BulkRunRow = {
    tenant_id: tenantId, id: run.id, staff_id: caller.subject.staffId, via: caller.via, only_permissions: caller.subject.onlyPermissions ? [...caller.subject.onlyPermissions] : null,
    action: run.action, request_hash: run.requestHash, state: 'running', total: run.ticketIds.length, created_at: now, finished_at: null,
  };
  await transaction.run(build.insertInto('bulk_run').values({ ...row, action: JSON.stringify(row.action) }));
  await transaction.query(insertItems, [tenantId, run.id, [...run.ticketIds]]);
  await recordFact(transaction, { kind: 'bulk_run.started', actor: context.actor, occurredAt: now, recordedAt: now, subjectId: run.id, data: { action: run.action.kind, total: run.ticketIds.length, inBackground: run.inBackground } });
  return row;
}

/** The next ticket that nothing has been done to, locked; none when the run is over or has been called off. */
export async function takeItem(transaction: Transaction, runId: string, behind: number): Promise<{ place: number; ticketId: string } | undefined> {
  const [item] = await transaction.query(nextItem, [transaction.tenantId, runId, behind]);
  return item && { place: item.place, ticketId: item.ticket_id };
}

/** Says what became of a ticket, in the transaction in which it did. */
export async function settle(transaction: Transaction, runId: string, place: number, outcome: Outcome, refusal: KeptRefusal | null): Promise<void> {
  await transaction.query(settleItem, [transaction.tenantId, runId, place, outcome, refusal === null ? null : JSON.stringify(refusal)]);
}

/** Ends a run of which nothing is left to do; false while something is. */
export async function finish(context: Pick<Context, 'transaction' | 'tenantId' | 'now' | 'actor'>, runId: string): Promise<boolean> {
  const [ended] = await context.transaction.query(finishRun, [context.tenantId, runId, context.now]);
  if (!ended) return false;
  const counts = await countsOf(context.transaction, runId);
  await recordFact(context.transaction, { kind: 'bulk_run.ended', actor: context.actor, occurredAt: context.now, recordedAt: context.now, subjectId: runId, data: { ...counts } });
  return true;
}

/** Calls a run off: what was not begun is left as it is. */
export async function cancel(context: Context, runId: string): Promise<void> {
  const [cancelled] = await context.transaction.query(cancelRun, [context.tenantId, runId, context.now]);
  if (!cancelled) throw new Refusal('bulk_run_over');
  await recordFact(context.transaction, { kind: 'bulk_run.cancelled', actor: context.actor, occurredAt: context.now, recordedAt: context.now, subjectId: runId, data: { ...await countsOf(context.transaction, runId) } });
}

export async function countsOf(transaction: Transaction, runId: string): Promise<Counts> {
  const counts: Counts = { pending: 0, done: 0, unchanged: 0, refused: 0, failed: 0 };
  for (const { outcome, count } of await transaction.query(countItems, [transaction.tenantId, runId])) counts[outcome] = count;
  return counts;
}

export interface ItemRow {
  place: number;
  ticket_id: string;
  outcome: Outcome;
  refusal: KeptRefusal | null;
}

/** A page of what became of a run's tickets, in their order. */
export function itemsOf(transaction: Transaction, runId: string, { outcome, behind, limit }: { outcome?: Outcome | undefined; behind: number; limit: number }): Promise<ItemRow[]> {
  let select = build.selectFrom('bulk_item').select(['place', 'ticket_id', 'outcome', 'refusal']).where('tenant_id', '=', transaction.tenantId).where('run_id', '=', runId).where('place', '>', behind);
  if (outcome !== undefined) select = select.where('outcome', '=', outcome);
  return transaction.run(select.orderBy('place').limit(limit)) as Promise<ItemRow[]>;
}

/** Results as their reader sees them: numbers and subjects of the tickets they may read. */
export async function viewResults(context: Context, items: readonly Omit<ItemRow, 'place'>[]): Promise<BulkResult[]> {
  const rows = items.length === 0 ? [] : await context.transaction.run(sql<{ id: string; number: string; subject: string }>`select id, number, subject FROM ticket
    WHERE tenant_id = ${context.tenantId} AND id = ANY(${items.map((item) => item.ticket_id)}::uuid[]) AND ${reachCondition(reachOf(staffOf(context), 'ticket.read'))}`);
  const tickets = new Map(rows.map((row) => [row.id, row]));
  return items.map((item) => {
    const ticket = tickets.get(item.ticket_id);
    return {
      ticketId: item.ticket_id, number: ticket?.number ?? null, subject: ticket?.subject ?? null, outcome: item.outcome,
      code: item.refusal?.code ?? null, message: item.refusal ? sentenceOf(item.refusal, context.language) : null,
    };
  });
}

/** Runs as their owner sees them. */
export async function viewRuns(context: Context, rows: readonly BulkRunRow[], results: BulkResult[] = []): Promise<BulkRun[]> {
  const names = await namesOfStaff(context, rows.map((row) => row.staff_id));
  return Promise.all(rows.map(async (row) => ({
    id: row.id, state: row.state as BulkRun['state'], action: row.action, total: row.total, counts: await countsOf(context.transaction, row.id),
    createdBy: { id: row.staff_id, name: names.get(row.staff_id) ?? '' }, createdAt: row.created_at.toISOString(), finishedAt: row.finished_at?.toISOString() ?? null, results,
  })));
}

/** A refusal as it is kept: what it says, not how. */
export function keep(refusal: Refusal): KeptRefusal {
  // A macro's refusal holds that of the step.
  const [error] = refusal.errors ?? [];
  const message = error?.message;
  return { code: refusal.code, parameters: refusal.parameters, input: error ? { path: error.path, message: typeof message === 'string' ? { zh: message, en: message } : message ?? null } : null };
}

function sentenceOf({ code, parameters, input }: KeptRefusal, language: Language): string {
  if (!(code in refusals)) return code;
  const sentence = describeRefusal(code, parameters, language);
  if (!input) return sentence;
  const said = input.message ? (language === 'en' ? input.message.en : input.message.zh) : null;
  return code === 'invalid_input' ? `${sentence} ${input.path}${said ? `: ${said}` : ''}` : sentence;
}
