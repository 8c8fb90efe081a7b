import type { Language } from '../../../../contract/refusals.ts';
import type { ImportKind } from '../../../../contract/import.ts';
import { holds } from '../../../../rules/access/policy.ts';
import type { Value } from '../../../../rules/imports/values.ts';
import { textIn } from '../../../../rules/imports/values.ts';
import type { Context, Services } from '../../../platform/context.ts';
import { build, statement, type Transaction } from '../../../platform/db/database.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { loadActive } from '../../../records/access/subjects.ts';
import { bytesOf } from '../../../records/import/reading/bytes.ts';
import type { TableRow } from '../../../records/import/reading/table.ts';
import { actorOfImport, addIssues, claimImport, finishImport, keyOfRow, lockImport, saveProgress, type ImportRow, type Issue } from '../../../records/import/store.ts';
import { describeRefused, describeRowFault, isPassing, type Fault } from './faults.ts';
import { importHandlers } from './handlers.ts';
import type { KindHandler, Outcome } from './kind.ts';
import { ImportGone, readFile, readRows } from './read-file.ts';
import { nextWave, type Ties } from './waves.ts';
import { openTurns } from './turns.ts';

const rowsAtOnce = 250;
const mostTries = 3;
const takeTurn = openTurns(2);

const savepoint = statement<never>('import.savepoint', 'SAVEPOINT import_row');
const release = statement<never>('import.release', 'RELEASE SAVEPOINT import_row');
const takeBack = statement<never>('import.take_back', 'ROLLBACK TO SAVEPOINT import_row');

/** Begins or takes up an import without waiting for its end (启动导入): it may take minutes, and others shall not wait for it. */
export async function startImport(services: Services, wanted: { tenantId: string; importId: string }): Promise<void> {
  void runImport(services, wanted).catch((error: unknown) => services.log.warn({ error, import: wanted.importId }, 'an import stopped; it will be taken up again'));
}

/**
 * Carries an import out to its end (执行导入): reads the file through, then takes its rows some at a time. What the rows
 * make, how far it has come and what was refused are written in one transaction, so that one that is cut off goes on
 * exactly where it was. Nobody else works on it meanwhile; whoever does nothing for a while loses it.
 */
export async function runImport(services: Services, { tenantId, importId }: { tenantId: string; importId: string }): Promise<void> {
  const row = await claimImport(services, tenantId, importId);
  if (!row) return;
  try {
    let current: ImportRow | null = row.rows_key === null ? await takeTurn(() => readThrough(services, row)) : row;
    const seen = new Set<string>();
    while (current) current = await takeTurn(() => takeSome(services, current!, seen));
  } catch (error) {
    if (error instanceof ImportGone) return;
    if (!(error instanceof Refusal)) throw error;
    await services.database.transact(tenantId, async (transaction) => {
      const locked = await lockImport(transaction, row);
      if (locked) await finishImport(transaction, locked, services.clock.now(), 'failed', { code: error.code, parameters: error.parameters });
    });
  }
}

async function readThrough(services: Services, row: ImportRow): Promise<ImportRow | null> {
  const read = await readFile(services, row);
  return services.database.transact(row.tenant_id, async (transaction) => {
    const locked = await lockImport(transaction, row);
    if (!locked) return null;
    // Columns that only later lines have say nothing: the mapping was made of the first.
    const columns = row.columns.length >= read.columns.length ? row.columns : read.columns;
    const progress = { status: 'running', rows_key: read.key, rows_size: read.size, total: read.total, columns };
    await saveProgress(transaction, locked, services.clock.now(), progress);
    return { ...locked, ...progress, version: locked.version + 1 };
  });
}

/** Rows that were taken at the same moment got in each other's way: they are to be taken one after another. */
class Apart extends Error {}

/** A dry run that has seen what it would do. */
class Rehearsed extends Error {
  readonly results: Results;
  constructor(results: Results) {
    super('nothing of a dry run stays');
    this.results = results;
  }
}

interface Results {
  created: number;
  updated: number;
  present: number;
  issues: Issue[];
}

/** Takes the next rows; the import as it is then, or null when it is over or another's. */
async function takeSome(services: Services, row: ImportRow, seen: Set<string>): Promise<ImportRow | null> {
  const { rows, next } = await readRows(bytesOf(services.blobs, row.rows_key!, row.rows_size), row.rows_offset, rowsAtOnce);
  let together = importHandlers[row.kind as ImportKind].ties !== undefined;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return row.dry_run ? await rehearse(services, row, rows, next, seen, together) : await services.database.transact(row.tenant_id, async (transaction) => {
        const locked = await lockImport(transaction, row);
        if (!locked || locked.position !== row.position) return null;
        return save(services, transaction, locked, rows, next, await takeAll(services, transaction, locked, rows, seen, together));
      });
    } catch (error) {
      if (error instanceof Apart) {
        together = false;
        continue;
      }
      if (error instanceof Refusal || !isPassing(error) || attempt >= mostTries) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200 * attempt));
    }
  }
}

async function rehearse(services: Services, row: ImportRow, rows: readonly TableRow[], next: number, seen: Set<string>, together: boolean): Promise<ImportRow | null> {
  const results = await services.database.transact(row.tenant_id, async (transaction): Promise<Results> => {
    throw new Rehearsed(await takeAll(services, transaction, row, rows, seen, together));
  }).catch((error: unknown) => {
    if (error instanceof Rehearsed) return error.results;
    throw error;
  });
  return services.database.transact(row.tenant_id, async (transaction) => {
    const locked = await lockImport(transaction, row);
    return locked && locked.position === row.position ? save(services, transaction, locked, rows, next, results) : null;
  });
}

async function save(services: Services, transaction: Transaction, row: ImportRow, rows: readonly TableRow[], next: number, results: Results): Promise<ImportRow | null> {
  const now = services.clock.now();
  await addIssues(transaction, row.id, results.issues);
  const progress = {
    position: row.position + rows.length, rows_offset: next, created: row.created + results.created, updated: row.updated + results.updated, present: row.present + results.present, failed: row.failed + results.issues.length,
  };
  await saveProgress(transaction, row, now, progress);
  const current = { ...row, ...progress, version: row.version + 1 };
  if (next < row.rows_size && rows.length > 0) return current;
  await finishImport(transaction, current, now, 'completed');
  return null;
}

/**
 * Takes rows in one transaction. Together, those that have nothing to do with one another are taken at the same moment, so
 * that what they ask and write travels together; should one of them fail after it wrote something, all are taken again,
 * one after another, each in a part of the transaction of its own.
 */
async function takeAll(services: Services, transaction: Transaction, row: ImportRow, rows: readonly TableRow[], seen: Set<string>, together: boolean): Promise<Results> {
  const context = await contextFor(services, transaction, row);
  const handler = importHandlers[row.kind as ImportKind];
  const results: Results = { created: 0, updated: 0, present: 0, issues: [] };
  const mapping = row.mapping as { column: number; target: string }[];
  const timeZone = await timeZoneOf(transaction);
  const note = (one: TableRow, outcome: Outcome | Fault): void => {
    if (typeof outcome === 'string') results[outcome] += 1;
    else results.issues.push({ row: one.line, columns: outcome.columns, code: outcome.code, message: outcome.message, cells: one.values });
  };
  const sound: SoundRow[] = [];
  for (const one of rows) {
    if (one.fault) {
      note(one, describeRowFault(one.fault, context.language));
      continue;
    }
    const said = saidBy(one.values, mapping);
    sound.push({ one, said, key: keyOfRow(said), timeZone, seen });
  }
  if (together && handler.ties) await takeTogether(context, handler, row, sound, note);
  else for (const given of sound) note(given.one, await takeRow(context, handler, row, given));
  return results;
}

interface SoundRow {
  one: TableRow;
  said: ReadonlyMap<string, Value>;
  key: string;
  timeZone: string;
  seen: Set<string>;
}

async function takeTogether(context: Context, handler: KindHandler, row: ImportRow, rows: readonly SoundRow[], note: (one: TableRow, outcome: Outcome | Fault) => void): Promise<void> {
  let left = rows.map((given) => ({ given, ties: handler.ties!(given) }));
  const settled = new Set<string>();
  while (left.length > 0) {
    const wave = nextWave(left.map(({ ties }) => ties), settled).map((place) => left[place]!);
    // All of them come to an end before anything else happens: nothing may write into a transaction that is given up.
    const looked = new Map<string, Promise<unknown[]>>();
    const outcomes = await Promise.allSettled(wave.map(({ given }) => takeLoosely(context, handler, row, given, looked)));
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.status === 'rejected') throw isPassing(outcome.reason) && outcomes.every((one) => one.status === 'fulfilled' || isPassing(one.reason)) ? outcome.reason : new Apart();
      const { given, ties } = wave[index]!;
      note(given.one, outcome.value);
      if (typeof outcome.value === 'string') settle(settled, ties);
    }
    left = left.filter((one) => !wave.includes(one));
  }
}

function settle(settled: Set<string>, { own, shared }: Ties): void {
  for (const tie of [...own, ...shared]) settled.add(tie);
}

/** Takes one row without a part of the transaction of its own: only one that wrote nothing may be refused. */
async function takeLoosely(context: Context, handler: KindHandler, row: ImportRow, { said, key, timeZone, seen }: SoundRow, looked: Map<string, Promise<unknown[]>>): Promise<Outcome | Fault> {
  const { transaction, wrote } = watchWrites(context.transaction, looked);
  try {
    return await handler.take({ ...context, transaction }, { said, key, importId: row.id, dryRun: row.dry_run, seen, timeZone });
  } catch (error) {
    const fault = error instanceof Refusal && !wrote() ? describeRefused(error, namesOf(row), said, context.language) : null;
    if (fault) return fault;
    throw error;
  }
}

const writes = /\b(?:INSERT|UPDATE|DELETE)\b(?!\s+OF\b)/i;

const looks = (text: string): boolean => /^\s*SELECT/i.test(text) && !/\bFOR (?:NO KEY )?UPDATE\b|pg_advisory/i.test(text);

/**
 * The transaction, and whether anything was written through it. What rows of one wave look up in the same words is looked
 * up once: nothing that one of them writes is another's. Who has written looks for themselves, as they may see it now.
 */
function watchWrites(transaction: Transaction, looked: Map<string, Promise<unknown[]>>): { transaction: Transaction; wrote: () => boolean } {
  let wrote = false;
  const once = <Row>(text: string, values: readonly unknown[], ask: () => Promise<Row[]>): Promise<Row[]> => {
    if (wrote || !looks(text)) return ask();
    const question = JSON.stringify([text, values]);
    const known = looked.get(question) ?? ask();
    looked.set(question, known);
    return known as Promise<Row[]>;
  };
  const watched: Transaction = {
    ...transaction,
    query: (statement, values) => {
      wrote ||= writes.test(statement.text);
      return once(statement.text, values, () => transaction.query(statement, values));
    },
    queryTogether: (statement, given) => {
      wrote ||= writes.test(statement.text);
      return transaction.queryTogether(statement, given);
    },
    run: (query) => {
      const compiled = query.compile(build);
      wrote ||= !compiled.sql.startsWith('select');
      return once(compiled.sql, compiled.parameters, () => transaction.run({ compile: () => compiled }));
    },
    first: async (query) => (await watched.run(query))[0],
  };
  return { transaction: watched, wrote: () => wrote };
}

const namesOf = (row: ImportRow) => ({ kind: row.kind as ImportKind, mapping: row.mapping as { column: number; target: string }[], columns: row.columns });

/** Takes one row in a part of the transaction of its own: what it wrote goes again when it is refused. */
async function takeRow(context: Context, handler: KindHandler, row: ImportRow, { said, key, timeZone, seen }: SoundRow): Promise<Outcome | Fault> {
  const { transaction } = context;
  // Not waited for: what follows goes the same way and arrives behind it. Should it fail, so does what follows.
  transaction.query(savepoint, []).catch(() => {});
  try {
    const outcome = await handler.take(context, { said, key, importId: row.id, dryRun: row.dry_run, seen, timeZone });
    transaction.query(release, []).catch(() => {});
    return outcome;
  } catch (error) {
    if (isPassing(error)) throw error;
    await transaction.query(takeBack, []);
    const fault = describeRefused(error, namesOf(row), said, context.language);
    if (fault) return fault;
    context.services.log.error({ error, import: row.id }, 'a row of an import failed');
    return { columns: [], code: 'internal_error', message: context.language === 'en' ? 'something went wrong with this row' : '系统处理这一行时出了问题' };
  }
}

function saidBy(values: readonly Value[], mapping: readonly { column: number; target: string }[]): Map<string, Value> {
  const said = new Map<string, Value>();
  for (const { column, target } of mapping) {
    const value = values[column];
    if (textIn(value) !== null) said.set(target, value!);
  }
  return said;
}

/** The context in which rows are taken: that of whoever asked for it, with what they may do now. */
async function contextFor(services: Services, transaction: Transaction, row: ImportRow): Promise<Context> {
  const now = services.clock.now();
  const person = (await loadActive(transaction, [row.created_by], now)).get(row.created_by);
  const subject = person && { ...person.subject, ...(row.permissions ? { onlyPermissions: new Set(row.permissions) } : {}) };
  if (!subject || !holds(subject, 'import.run') || !holds(subject, importHandlers[row.kind as ImportKind].permission)) throw new Refusal('import_not_allowed');
  const organization = await transaction.first(build.selectFrom('organization').select('configuration_version').where('tenant_id', '=', row.tenant_id));
  return {
    tenantId: row.tenant_id, transaction, now, services,
    caller: { kind: 'staff', via: row.permissions ? 'api_key' : 'session', subject, name: row.created_by_name, credentialId: row.id, expiresAt: null, accessChangesAt: null },
    actor: actorOfImport(row), language: row.language as Language, requestId: `import ${row.id}`, remoteAddress: '', csrfToken: null, userAgent: '',
    configurationVersion: organization!.configuration_version,
  };
}

async function timeZoneOf(transaction: Transaction): Promise<string> {
  return (await transaction.first(build.selectFrom('organization').select('time_zone').where('tenant_id', '=', transaction.tenantId)))!.time_zone;
}
