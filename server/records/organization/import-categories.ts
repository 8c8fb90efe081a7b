import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';
import { Closed, OneOf } from '../../../contract/common.ts';
import { CategoryColumns, CategoryImport, ImportCategories, categoryImportLimits } from '../../../contract/organization.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal, invalidInput } from '../../platform/errors/refusal.ts';
import { recordFact, recordFacts } from '../../platform/facts/fact.ts';
import { receiveFile } from '../../platform/files/receive.ts';
import { readWholeText } from '../../platform/files/whole-text.ts';
import { onceOnly, readIdempotencyKey, senderOf, type KeptAnswer } from '../../platform/http/idempotency.ts';
import { stream, type StreamContext } from '../../platform/http/use-case.ts';
import { ensureStorable, ensureValid, validator } from '../../platform/http/validation.ts';
import { readCategoryRows, type CategoryLine, type RowProblem } from './category-rows.ts';
import { raiseConfigurationVersion } from './configuration.ts';

type Request = Static<typeof ImportCategories>;

/** The fields beside the file. */
const ImportForm = Closed({
  format: Type.Optional(OneOf(['jsonl', 'csv'])),
  columns: Type.Optional(Type.String({ maxLength: 1_000, description: 'As in the JSON request, written as JSON' })),
  dryRun: Type.Optional(OneOf(['true', 'false'])),
});

/**
 * Adds the categories of a file (导入分类), sent as a form with the part `file` or as `{"text": …}`: at most 5,000 rows. A path
 * that is there already stays as it is, so that a file may be sent again; rows that cannot be taken are told one by one and
 * keep no other row back.
 */
export const importCategories = stream({
  summary: 'Import categories from JSON Lines or CSV (a form with the part `file`, or JSON with `text`)',
  body: ImportCategories,
  form: ImportForm,
  produces: 'application/json',
  answer: CategoryImport,
  async run(context, request, reply) {
    const asked = request.isMultipart() ? await readForm(context, request) : request.body as Request;
    const lines = readCategoryRows(asked.text, asked.format, asked.columns);
    if (lines.length === 0) throw invalidInput('/text', 'minItems', { zh: '没有可以导入的行', en: 'holds no rows' });
    if (lines.length > categoryImportLimits.rows) throw new Refusal('import_too_large', { limit: categoryImportLimits.rows, rows: lines.length });
    const effect = async (inner: Context): Promise<KeptAnswer> => ({ status: 200, headers: {}, body: JSON.stringify(await importLines(inner, lines, asked.dryRun ?? false)) });
    const key = readIdempotencyKey(request.headers['idempotency-key']);
    const answer = key === null ? { ...await context.transact(effect), replayed: false } : await once(context, request, key, asked, effect);
    if (answer.replayed) reply.header('idempotency-replayed', 'true');
    return reply.type('application/json; charset=utf-8').send(answer.body);
  },
});

function once(context: StreamContext, request: FastifyRequest, key: string, asked: Request, effect: (inner: Context) => Promise<KeptAnswer>): Promise<KeptAnswer & { replayed: boolean }> {
  let current: Context;
  return onceOnly(
    context.tenantId,
    { caller: senderOf(context.caller), key, now: context.services.clock.now(), fingerprint: `${request.method} ${request.url}\n${createHash('sha256').update(JSON.stringify(asked)).digest('hex')}`, sealWith: undefined },
    (work) => context.transact((inner) => {
      current = inner;
      return work(inner.transaction);
    }),
    () => effect(current),
  );
}

async function readForm(context: StreamContext, request: FastifyRequest): Promise<Request> {
  const received = await receiveFile(request, context.services.blobs.workFolder, { maximumBytes: categoryImportLimits.bytes });
  try {
    ensureStorable(received.fields, context.language);
    ensureValid(validator(ImportForm, 'text'), received.fields, context.language);
    const text = await readWholeText(received.path);
    if (text === null) throw invalidInput('/file', 'text', { zh: '不是文本文件（UTF-8、UTF-16 或 GB 18030）', en: 'is no text in UTF-8, UTF-16 or GB 18030' });
    const { format, columns, dryRun } = received.fields;
    return { text, dryRun: dryRun === 'true', ...(format === undefined ? {} : { format: format as 'csv' | 'jsonl' }), ...(columns === undefined ? {} : { columns: readColumns(context, columns) }) };
  } finally {
    await received.dispose();
  }
}

function readColumns(context: StreamContext, text: string): CategoryColumns {
  let columns: unknown;
  try {
    columns = JSON.parse(text);
  } catch {
    throw invalidInput('/columns', 'type', { zh: '不是有效的 JSON', en: 'is not valid JSON' });
  }
  ensureValid(validator(CategoryColumns, 'json'), columns, context.language);
  return columns as CategoryColumns;
}

interface Node { id: string; active: boolean; children: Map<string, Node>; nextPosition: number }
interface NewCategory { id: string; parent_id: string | null; level: number; name: string; team_id: string | null; position: number; path: string[] }

/** Walks the rows down the tree and adds what is missing. */
async function importLines(context: Context, lines: readonly CategoryLine[], dryRun: boolean): Promise<CategoryImport> {
  const { transaction, tenantId, now } = context;
  // From here on, changes of the configuration wait for one another: what is looked up now stays true.
  if (!dryRun) await raiseConfigurationVersion(transaction);
  const [root, teams] = await Promise.all([
    loadTree(context),
    transaction.run(build.selectFrom('team').select(['id', 'name']).where('tenant_id', '=', tenantId).where('active', '=', true)),
  ]);
  const made: NewCategory[] = [];
  const results = lines.map((line): CategoryImport['results'][number] => {
    const team = line.team && teams.filter((candidate) => candidate.name === line.team!.name);
    const problem = line.problem ?? (team && team.length !== 1 ? unknownTeam(line.team!, team.length) : null) ?? archivedAbove(root, line.path);
    const path = line.path.filter((name) => name !== '');
    if (problem) return { row: line.row, outcome: 'refused', path, categoryId: null, column: problem.column, code: problem.code, message: context.language === 'en' ? problem.message.en : problem.message.zh };
    let node = root;
    let fresh = false;
    for (const [index, name] of line.path.entries()) {
      let child = node.children.get(name);
      if (!child) {
        const leaf = index === line.path.length - 1;
        child = { id: newId(now.getTime()), active: true, children: new Map(), nextPosition: 0 };
        made.push({ id: child.id, parent_id: node === root ? null : node.id, level: index + 1, name, team_id: leaf && team ? team[0]!.id : null, position: node.nextPosition, path: line.path.slice(0, index + 1) });
        node.nextPosition += 1;
        node.children.set(name, child);
        fresh = true;
      }
      node = child;
    }
    return { row: line.row, outcome: fresh ? 'made' : 'present', path, categoryId: dryRun && fresh ? null : node.id, column: null, code: null, message: null };
  });
  const count = (outcome: string) => results.filter((result) => result.outcome === outcome).length;
  const counts = { rows: results.length, made: count('made'), present: count('present'), refused: count('refused'), categoriesMade: made.length };
  if (!dryRun && made.length > 0) {
    for (let at = 0; at < made.length; at += 1_000) {
      const some = made.slice(at, at + 1_000);
      await transaction.run(build.insertInto('category').values(some.map(({ path: _path, ...category }) => ({ ...category, tenant_id: tenantId, created_at: now }))));
      await recordFacts(transaction, { actor: context.actor, at: now }, some.map((category) => ({
        kind: 'category.created' as const, subjectId: category.id, data: { name: category.name, path: category.path, team: category.team_id === null ? null : teams.find((team) => team.id === category.team_id) ?? null, imported: true },
      })));
    }
    await recordFact(transaction, { kind: 'categories.imported', actor: context.actor, data: counts, occurredAt: now, recordedAt: now });
  }
  return { dryRun, ...counts, results };
}

async function loadTree({ transaction, tenantId }: Context): Promise<Node> {
  const rows = await transaction.run(build.selectFrom('category').select(['id', 'parent_id', 'name', 'active', 'position']).where('tenant_id', '=', tenantId).orderBy('level'));
  const root: Node = { id: '', active: true, children: new Map(), nextPosition: 0 };
  const nodes = new Map<string | null, Node>([[null, root]]);
  for (const row of rows) {
    const parent = nodes.get(row.parent_id)!;
    const node: Node = { id: row.id, active: row.active && parent.active, children: new Map(), nextPosition: 0 };
    nodes.set(row.id, node);
    parent.children.set(row.name, node);
    parent.nextPosition = Math.max(parent.nextPosition, row.position + 1);
  }
  return root;
}

/** Nothing is added below a category that is no longer in use; what is there is there. */
function archivedAbove(root: Node, path: readonly string[]): RowProblem | null {
  let node = root;
  for (const name of path) {
    const child = node.children.get(name);
    if (!child) return node.active ? null : { column: null, code: 'reference_inactive', message: { zh: '上级分类已停用', en: 'the category above is no longer in use' } };
    node = child;
  }
  return null;
}

function unknownTeam(team: { column: string; name: string }, found: number): RowProblem {
  return found === 0
    ? { column: team.column, code: 'unknown_reference', message: { zh: `没有叫“${team.name.slice(0, 100)}”的班组`, en: `there is no team called “${team.name.slice(0, 100)}”` } }
    : { column: team.column, code: 'ambiguous', message: { zh: `叫“${team.name.slice(0, 100)}”的班组不止一个`, en: `more than one team is called “${team.name.slice(0, 100)}”` } };
}
