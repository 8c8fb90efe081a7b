import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { ImportKind, importStatuses } from '../../../contract/import.ts';
import type { RefusalCode, RefusalParameter } from '../../../contract/refusals.ts';
import { rememberedHeading } from '../../../rules/imports/mapping.ts';
import { textIn, type Value } from '../../../rules/imports/values.ts';
import type { Context, Services } from '../../platform/context.ts';
import { build, sharedStatement, statement, type Transaction } from '../../platform/db/database.ts';
import type { ImportJobTable } from '../../platform/db/tables.ts';
import { newId } from '../../platform/db/uuid.ts';
import { canonicalJson, recordFact } from '../../platform/facts/fact.ts';
import { clearTimer, setTimer } from '../../platform/timers/timers.ts';

export type ImportRow = Selectable<ImportJobTable>;
type Status = (typeof importStatuses)[number];
export const unfinished = ['queued', 'reading', 'running'] as const satisfies readonly Status[];

/** For so long whoever works on an import is believed to be alive without a sign of it. */
const leaseSeconds = 20;
/** An import that was taken up so often without coming any further is given up. */
const mostAttempts = 5;
/** Until somebody looks whether the work really began. */
const patienceSeconds = 60;

const after = (now: Date, seconds: number): Date => new Date(now.getTime() + seconds * 1_000);

/** Writes a new import, tells of it so that somebody takes it up, and has it looked after until it ends. */
export async function insertImport(context: Context, row: ImportRow): Promise<void> {
  const { transaction, now, actor } = context;
  await transaction.run(build.insertInto('import_job').values({ ...row, mapping: JSON.stringify(row.mapping) }));
  await setTimer(transaction, { kind: 'import.continue', subjectId: row.id, dueAt: after(now, patienceSeconds) });
  await recordFact(transaction, { kind: 'import.requested', actor, data: { importKind: row.kind, fileName: row.file_name, dryRun: row.dry_run }, occurredAt: now, recordedAt: now, subjectId: row.id });
}

const claim = statement<ImportRow>('import_job.claim', `
  UPDATE import_job SET runner = $3, leased_until = $5, attempts = attempts + 1, started_at = coalesce(started_at, $4), version = version + 1,
    status = CASE WHEN status = 'queued' THEN 'reading' ELSE status END
  WHERE tenant_id = $1 AND id = $2 AND status IN ('queued', 'reading', 'running') AND (runner IS NULL OR leased_until < $4) RETURNING *`);
const extend = statement<{ id: string }>('import_job.extend', `
  UPDATE import_job SET leased_until = $4 WHERE tenant_id = $1 AND id = $2 AND runner = $3 AND status IN ('reading', 'running') RETURNING id`);
const lock = statement<ImportRow>('import_job.lock', `
  SELECT * FROM import_job WHERE tenant_id = $1 AND id = $2 AND runner = $3 AND status IN ('reading', 'running') FOR NO KEY UPDATE`);

/** Takes an import up, unless somebody else is at it or it is over (认领导入). One that is taken up over and over is given up. */
export async function claimImport({ database, clock }: Pick<Services, 'database' | 'clock'>, tenantId: string, id: string): Promise<ImportRow | null> {
  const now = clock.now();
  return database.transact(tenantId, async (transaction) => {
    const [row] = await transaction.query(claim, [tenantId, id, newId(), now, after(now, leaseSeconds)]);
    if (!row) return null;
    await setTimer(transaction, { kind: 'import.continue', subjectId: id, dueAt: after(now, leaseSeconds + 5) });
    if (row.attempts <= mostAttempts) return row;
    await finishImport(transaction, row, now, 'failed', { code: 'internal_error', parameters: { requestId: id } });
    return null;
  });
}

/** A sign of life from whoever reads the file; false when it is theirs no longer. */
export async function extendLease({ database, clock }: Pick<Services, 'database' | 'clock'>, row: ImportRow): Promise<boolean> {
  const now = clock.now();
  return database.transact(row.tenant_id, async (transaction) => {
    const kept = (await transaction.query(extend, [row.tenant_id, row.id, row.runner, after(now, leaseSeconds)])).length > 0;
    if (kept) await setTimer(transaction, { kind: 'import.continue', subjectId: row.id, dueAt: after(now, leaseSeconds + 5) });
    return kept;
  });
}

/** An import whose runner goes on: locked until the transaction ends. Null when it was cancelled, or is another's. */
export async function lockImport(transaction: Transaction, row: ImportRow): Promise<ImportRow | null> {
  return (await transaction.query(lock, [row.tenant_id, row.id, row.runner]))[0] ?? null;
}

/** Writes how far a locked import has come. */
export async function saveProgress(transaction: Transaction, row: ImportRow, now: Date, progress: Partial<Pick<ImportRow, 'status' | 'rows_key' | 'rows_size' | 'total' | 'columns' | 'position' | 'rows_offset' | 'created' | 'updated' | 'present' | 'failed'>>): Promise<void> {
  await transaction.run(build.updateTable('import_job').set({ ...progress, attempts: 0, leased_until: after(now, leaseSeconds), version: row.version + 1 })
    .where('tenant_id', '=', row.tenant_id).where('id', '=', row.id));
  await setTimer(transaction, { kind: 'import.continue', subjectId: row.id, dueAt: after(now, leaseSeconds + 5) });
}

/** Ends an import and tells how it went. */
export async function finishImport(transaction: Transaction, row: ImportRow, now: Date, status: Extract<Status, 'completed' | 'failed' | 'cancelled'>, error: { code: RefusalCode; parameters: Record<string, RefusalParameter> } | null = null): Promise<void> {
  await transaction.run(build.updateTable('import_job')
    .set({ status, runner: null, leased_until: null, finished_at: now, version: row.version + 1, error_code: error?.code ?? null, error_parameters: error ? JSON.stringify(error.parameters) : null })
    .where('tenant_id', '=', row.tenant_id).where('id', '=', row.id));
  await clearTimer(transaction, 'import.continue', row.id);
  await recordFact(transaction, {
    kind: `import.${status}`, actor: actorOfImport(row), occurredAt: now, recordedAt: now, subjectId: row.id,
    data: { importKind: row.kind, fileName: row.file_name, dryRun: row.dry_run, rows: row.total, processed: row.position, created: row.created, updated: row.updated, present: row.present, failed: row.failed, ...(error ? { code: error.code } : {}) },
  });
}

/** Whoever asked for an import, as facts name them. */
export function actorOfImport(row: ImportRow) {
  return { kind: row.permissions === null ? 'staff' as const : 'api_key' as const, id: row.created_by, name: row.created_by_name };
}

export interface Issue {
  row: number;
  columns: string[];
  code: string;
  message: string;
  cells: readonly Value[];
}

/** Keeps rows that were refused, each with its reason. */
export async function addIssues(transaction: Transaction, importId: string, issues: readonly Issue[]): Promise<void> {
  if (issues.length === 0) return;
  await transaction.run(build.insertInto('import_issue').values(issues.map((issue) => ({
    tenant_id: transaction.tenantId, import_id: importId, row: issue.row, columns: issue.columns, code: issue.code, message: issue.message, cells: JSON.stringify(issue.cells),
  }))).onConflict((conflict) => conflict.doNothing()));
}

/** The key by which a row is known when it comes again (防重): the id it had elsewhere, or all that it says. */
export function keyOfRow(said: ReadonlyMap<string, Value>): string {
  const externalId = textIn(said.get('externalId'));
  if (externalId !== null) return `id:${externalId.trim()}`;
  return `row:${createHash('sha256').update(canonicalJson(Object.fromEntries(said))).digest('base64url')}`;
}

// From what is given to the records and never the other way round, whatever the planner believes (OFFSET 0).
const findRecord = sharedStatement<{ kind: string; key: string }, { record_id: string }>('imported_record.find', `
  SELECT given.place, r.record_id FROM json_to_recordset($2) AS given (place integer, kind text, key text)
    CROSS JOIN LATERAL (SELECT record_id FROM imported_record WHERE tenant_id = $1 AND kind = given.kind AND key = given.key OFFSET 0) r`);
const insertRecord = sharedStatement<{ kind: string; key: string; record_id: string; import_id: string; created_at: Date }, never>('imported_record.insert', `
  INSERT INTO imported_record (tenant_id, kind, key, record_id, import_id, created_at)
  SELECT $1, kind, key, record_id, import_id, created_at FROM json_to_recordset($2) AS given (kind text, key text, record_id uuid, import_id uuid, created_at timestamptz)`);

/** The record that a row became when it was imported before. */
export async function findImported({ transaction }: Pick<Context, 'transaction'>, kind: ImportKind, key: string): Promise<string | null> {
  return (await transaction.queryTogether(findRecord, { kind, key }))[0]?.record_id ?? null;
}

/** Remembers what a row became. Two imports of the same row at once meet the key, and the later one, run again, finds it. */
export async function rememberImported({ transaction, now }: Pick<Context, 'transaction' | 'now'>, kind: ImportKind, key: string, recordId: string, importId: string): Promise<void> {
  await transaction.queryTogether(insertRecord, { kind, key, record_id: recordId, import_id: importId, created_at: now });
}

/** What columns of these names said last time. */
export async function rememberedMapping({ transaction, tenantId }: Pick<Context, 'tenantId' | 'transaction'>, kind: ImportKind, headings: readonly string[]): Promise<Map<string, string | null>> {
  const headers = [...new Set(headings.map(rememberedHeading))];
  if (headers.length === 0) return new Map();
  const rows = await transaction.run(build.selectFrom('import_mapping').select(['header', 'target']).where('tenant_id', '=', tenantId).where('kind', '=', kind).where('header', 'in', headers));
  return new Map(rows.map((row) => [row.header, row.target]));
}

/** Remembers what columns of these names say, for the next file like it (记住列映射). */
export async function rememberMapping({ transaction, tenantId, now }: Pick<Context, 'tenantId' | 'transaction' | 'now'>, kind: ImportKind, headings: readonly string[], mapping: readonly { column: number; target: string }[]): Promise<void> {
  const targets = new Map(mapping.map(({ column, target }) => [column, target]));
  const rows = new Map(headings.map((heading, column) => [rememberedHeading(heading), { tenant_id: tenantId, kind, header: rememberedHeading(heading), target: targets.get(column) ?? null, used_at: now }]));
  rows.delete('');
  if (rows.size === 0) return;
  await transaction.run(build.insertInto('import_mapping').values([...rows.values()].sort((a, b) => (a.header < b.header ? -1 : 1)))
    .onConflict((conflict) => conflict.columns(['tenant_id', 'kind', 'header']).doUpdateSet((update) => ({ target: update.ref('excluded.target'), used_at: update.ref('excluded.used_at') }))));
}

const takeNumber = sharedStatement<{ day: string }, { value: number }>('import_number.take', `
  WITH given AS MATERIALIZED (SELECT * FROM json_to_recordset($2) AS given (place integer, day date)),
  wanted AS (SELECT day, count(*)::int AS count FROM given GROUP BY day),
  taken AS (
    UPDATE import_number n SET next_value = n.next_value + w.count FROM wanted w WHERE n.tenant_id = $1 AND n.day = w.day RETURNING n.day, n.next_value - w.count AS first)
  SELECT g.place, (t.first + row_number() OVER (PARTITION BY g.day ORDER BY g.place) - 1)::int AS value FROM given g JOIN taken t ON t.day = g.day`);
const beginDay = statement<{ value: number }>('import_number.begin', `
  INSERT INTO import_number AS present (tenant_id, day, next_value)
  SELECT $1, $2::date, 2 + coalesce(max(substr(number, 10)::int), 0) FROM ticket
  WHERE tenant_id = $1 AND created_at >= $3 AND created_at < $4 AND number ~ ('^' || $5 || '-\\d{1,9}$')
  ON CONFLICT (tenant_id, day) DO UPDATE SET next_value = present.next_value + 1
  RETURNING next_value - 1 AS value`);
const twoDays = 2 * 86_400_000;

/** The next ticket number of a day long past (历史工单编号), after all that were given out on it. */
export async function nextPastNumber(transaction: Transaction, day: string): Promise<string> {
  const compact = day.replaceAll('-', '');
  const noon = Date.parse(`${day}T12:00:00Z`);
  const [row] = await transaction.queryTogether(takeNumber, { day });
  const value = row?.value ?? (await transaction.query(beginDay, [transaction.tenantId, day, new Date(noon - twoDays), new Date(noon + twoDays), compact]))[0]!.value;
  return `${compact}-${String(value).padStart(5, '0')}`;
}
