import { CreateImport, Import, ImportPreview, importLimits, type ColumnMapping, type ImportKind } from '../../../../contract/import.ts';
import { permissions } from '../../../../rules/access/permissions.ts';
import { holds } from '../../../../rules/access/policy.ts';
import { missingTargets, proposeMapping, type Proposal } from '../../../../rules/imports/mapping.ts';
import { importTargets, targetOf } from '../../../../rules/imports/targets.ts';
import { textIn } from '../../../../rules/imports/values.ts';
import { staffOf, type Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { newId } from '../../../platform/db/uuid.ts';
import { Refusal, invalidInput } from '../../../platform/errors/refusal.ts';
import { onceOnly, readIdempotencyKey, senderOf, type KeptAnswer } from '../../../platform/http/idempotency.ts';
import { stream } from '../../../platform/http/use-case.ts';
import { bytesOf } from '../../../records/import/reading/bytes.ts';
import { openTable, type Table } from '../../../records/import/reading/table.ts';
import { insertImport, rememberMapping, rememberedMapping, unfinished, type ImportRow } from '../../../records/import/store.ts';
import { viewImport } from '../../../records/import/view-import.ts';
import { configurationOf } from '../../../records/organization/configuration.ts';
import { importHandlers } from './handlers.ts';
import { takeFile, type TakenFile } from './take-file.ts';
import { openTurns } from './turns.ts';

const samples = 3;
// A workbook brings its strings into memory before its first row: whoever comes while two are read waits.
const inTurn = openTurns(2);

/** Looks into a file and proposes what its columns say (导入预览); nothing of it is kept. */
export const previewImport = stream({
  summary: 'Look into a file to be imported: its columns and what they seem to say. `file` as a multipart form, or `fileId` as JSON',
  body: CreateImport,
  produces: 'application/json',
  answer: ImportPreview,
  async run(context, request, reply) {
    const file = await takeFile(context, request, newId(context.services.clock.now().getTime()));
    try {
      const { table, values } = await inTurn(() => sample(context.services.blobs, file));
      const preview = await context.transact(async (inner) => {
        ensureAllowed(inner, file.said.kind);
        const proposals = await propose(inner, file.said.kind, table.columns);
        return {
          kind: file.said.kind, name: file.name, format: table.format, encoding: table.encoding, separator: table.separator, sheets: [...table.sheets],
          columns: table.columns.map((header, column) => ({ column, header, samples: values[column] ?? [] })),
          mapping: proposals.map(({ column, target }) => ({ column, target })), proposedBy: proposals.map(({ column, by }) => ({ column, by })), missing: missingTargets(file.said.kind, proposals),
        };
      });
      return await reply.send(preview);
    } finally {
      await context.services.blobs.remove(file.key);
    }
  },
});

/** Imports a file in the background (提交导入): at most 50 MB and 100,000 rows of CSV, XLSX or JSON Lines. */
export const createImport = stream({
  summary: 'Import records from a file (at most 50 MB and 100,000 rows of CSV, XLSX or JSON Lines). `file` as a multipart form, or `fileId` as JSON',
  body: CreateImport,
  produces: 'application/json',
  answer: Import,
  status: 201,
  async run(context, request, reply) {
    const { services, tenantId } = context;
    const key = readIdempotencyKey(request.headers['idempotency-key']);
    const id = newId(services.clock.now().getTime());
    const file = await takeFile(context, request, id);
    try {
      const table = await inTurn(async () => {
        const opened = await open(services.blobs, file);
        // Its heading is all that is wanted now.
        await opened.close();
        return opened;
      });
      const effect = async (inner: Context): Promise<KeptAnswer> => {
        const row = await insert(inner, id, file, table);
        return { status: 201, headers: { etag: `"${row.version}"` }, body: JSON.stringify(viewImport(inner, row)) };
      };
      let current: Context;
      const answer = key === null ? { ...await context.transact(effect), replayed: false } : await onceOnly(
        tenantId, { caller: senderOf(context.caller), key, now: services.clock.now(), fingerprint: `${request.method} ${request.url}\n${file.fingerprint}` },
        (work) => context.transact((inner) => {
          current = inner;
          return work(inner.transaction);
        }), () => effect(current),
      );
      if (answer.replayed) {
        await services.blobs.remove(file.key);
        reply.header('idempotency-replayed', 'true');
      }
      return await reply.status(answer.status).headers(answer.headers).type('application/json; charset=utf-8').send(answer.body);
    } catch (error) {
      // Only a refusal says for sure that no row was written.
      if (error instanceof Refusal) await services.blobs.remove(file.key);
      throw error;
    }
  },
});

function open(blobs: Parameters<typeof bytesOf>[0], file: TakenFile): Promise<Table> {
  return openTable(bytesOf(blobs, file.key, file.size), { sheet: file.said.sheet, encoding: file.said.encoding });
}

/** A file with what its first rows say in each column. */
async function sample(blobs: Parameters<typeof bytesOf>[0], file: TakenFile): Promise<{ table: Table; values: string[][] }> {
  const table = await open(blobs, file);
  const values: string[][] = table.columns.map(() => []);
  for await (const rows of table.rows()) {
    for (const row of rows) for (const [column, of] of values.entries()) {
      const text = textIn(row.values[column]);
      if (text !== null && of.length < samples) of.push(text.slice(0, 100).toWellFormed());
    }
    break;
  }
  return { table, values };
}

async function insert(context: Context, id: string, file: TakenFile, table: Table): Promise<ImportRow> {
  const { transaction, tenantId, now, caller, actor, language } = context;
  const { kind } = file.said;
  ensureAllowed(context, kind);
  // Whoever begins an import waits for the others who do: so that the limit holds.
  await transaction.first(build.selectFrom('staff').select('id').where('tenant_id', '=', tenantId).where('id', '=', staffOf(context).staffId).forNoKeyUpdate());
  const running = await transaction.run(build.selectFrom('import_job').select('id').where('tenant_id', '=', tenantId).where('status', 'in', unfinished));
  if (running.length >= importLimits.unfinished) throw new Refusal('too_many_imports', { limit: importLimits.unfinished });
  const mapping = file.said.mapping ?? (await propose(context, kind, table.columns)).map(({ column, target }) => ({ column, target }));
  ensureMapping(kind, mapping, table.columns.length);
  if (file.said.mapping !== undefined) await rememberMapping(context, kind, table.columns, mapping);
  const row: ImportRow = {
    tenant_id: tenantId, id, kind, status: 'queued', dry_run: file.said.dryRun ?? false, file_name: file.name, file_size: file.size, format: table.format, encoding: table.encoding, separator: table.separator, sheet: file.said.sheet ?? null,
    source_key: file.key, rows_key: null, rows_size: 0, columns: table.columns, mapping, language, total: null, position: 0, rows_offset: 0, created: 0, updated: 0, present: 0, failed: 0, error_code: null, error_parameters: null,
    created_by: staffOf(context).staffId, created_by_name: actor.name ?? '', permissions: caller.kind === 'staff' && caller.via === 'api_key' ? permissionsOf(caller.subject.onlyPermissions) : null,
    runner: null, leased_until: null, attempts: 0, created_at: now, started_at: null, finished_at: null, version: 1,
  };
  await insertImport(context, row);
  return row;
}

/** What a key was narrowed to; everything where it was not. */
const permissionsOf = (only: ReadonlySet<string> | undefined): string[] => (only ? [...only] : Object.keys(permissions));

function ensureAllowed(context: Context, kind: ImportKind): void {
  if (!holds(staffOf(context), importHandlers[kind].permission)) throw new Refusal('forbidden');
}

async function propose(context: Context, kind: ImportKind, columns: readonly string[]): Promise<Proposal[]> {
  const { types } = await configurationOf(context);
  const own = kind !== 'tickets' ? [] : [...types.values()].flatMap((type) => type.form.fields).map((field) => ({ target: `fields.${field.key}`, names: [field.label.zh, ...(field.label.en ? [field.label.en] : [])] }));
  return proposeMapping(kind, columns, await rememberedMapping(context, kind, columns), own);
}

/** Refuses a mapping that names what is not there, says something twice, or leaves out what is needed. */
function ensureMapping(kind: ImportKind, mapping: ColumnMapping, columns: number): void {
  const [targets, places] = [new Set<string>(), new Set<number>()];
  for (const [index, { column, target }] of mapping.entries()) {
    if (column >= columns) throw invalidInput(`/mapping/${index}/column`, 'maximum', { zh: '文件没有这一列', en: 'the file has no such column' });
    if (!targetOf(kind, target)) throw invalidInput(`/mapping/${index}/target`, 'enum', { zh: '没有这个导入字段', en: 'is nothing that a column can say' });
    if (targets.has(target) || places.has(column)) throw invalidInput(`/mapping/${index}`, 'uniqueItems');
    targets.add(target);
    places.add(column);
  }
  const missing = missingTargets(kind, mapping);
  if (missing.length === 0) return;
  const names = (language: 'zh' | 'en') => missing.map((key) => importTargets[kind].find((target) => target.key === key)![language]).join(language === 'zh' ? '、' : ', ');
  throw new Refusal('import_targets_missing', { targets: { zh: names('zh'), en: names('en') } }, { details: { missing } });
}
