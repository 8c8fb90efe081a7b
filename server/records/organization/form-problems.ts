import { sql } from 'kysely';
import type { FieldUse, FormProblem } from '../../../contract/form.ts';
import { describeFormProblem } from '../../../contract/form-problems.ts';
import { holds } from '../../../rules/access/policy.ts';
import { checkForm } from '../../../rules/forms/check-form.ts';
import { earlierForms } from '../../../rules/forms/earlier-forms.ts';
import { fieldsNamed } from '../../../rules/forms/fields-named.ts';
import type { Form } from '../../../rules/forms/form.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';

const findPublished = statement<{ number: number; form: Form }>('form_version.published', `
  SELECT number, form FROM form_version WHERE tenant_id = $1 AND type_id = $2 ORDER BY number DESC LIMIT 200`);

// Definitions name fields as `fields.key` or as members of `fields`: those without that word name none.
const findDefinitions = statement<{ use: 'macro' | 'automation_rule' | 'flow'; id: string; name: string; kind: string; owner_id: string | null; team_id: string | null; definition: unknown; of_type: boolean }>('field_use.definitions', `
  SELECT * FROM (
    SELECT 'macro' AS use, id, name, kind, owner_id, team_id, jsonb_build_array(steps, condition) AS definition, false AS of_type FROM macro WHERE tenant_id = $1 AND active
    UNION ALL
    SELECT 'automation_rule', id, name, 'shared', NULL, NULL, jsonb_build_array(definition, draft), false FROM automation_rule WHERE tenant_id = $1 AND NOT archived
    UNION ALL
    SELECT 'flow', f.id, f.name, 'shared', NULL, NULL, jsonb_build_array(v.definition, f.draft), EXISTS (SELECT FROM ticket_type t WHERE t.tenant_id = $1 AND t.id = $2 AND t.flow_id = f.id)
    FROM flow f LEFT JOIN flow_version v ON v.tenant_id = f.tenant_id AND v.flow_id = f.id AND v.number = f.published WHERE f.tenant_id = $1 AND f.active) one
  WHERE definition::text LIKE '%fields%' ORDER BY use, id LIMIT 2000`);

/** The versions of a type's form, newest first (已发布版本); of very many the newest. */
export async function publishedForms({ transaction, tenantId }: Pick<Context, 'transaction' | 'tenantId'>, typeId: string): Promise<{ number: number; form: Form }[]> {
  return transaction.query(findPublished, [tenantId, typeId]);
}

// What was published never changes, so what it comes to is kept until there is a newer version.
const kept = new Map<string, Form[]>();
const mostKept = 100;

/** All that was published of a type's form up to its present version, in short (历史版本摘要): what drafts of it are checked against. */
export async function earlierFormsOf(context: Pick<Context, 'transaction' | 'tenantId'>, typeId: string, present: number): Promise<Form[]> {
  const name = `${context.tenantId} ${typeId} ${present}`;
  const known = kept.get(name);
  if (known) return known;
  const forms = earlierForms((await publishedForms(context, typeId)).filter(({ number }) => number <= present).map(({ form }) => form));
  if (kept.size >= mostKept) kept.delete(kept.keys().next().value!);
  kept.set(name, forms);
  return forms;
}

/** What keeps a form from being published (草稿检查), each beside its field, in the reader's language. */
export function problemsOf({ language }: Pick<Context, 'language'>, form: Form, published: readonly Form[]): FormProblem[] {
  return checkForm(form, { published }).map(({ path, code, params }) => ({
    path: path || '/', field: fieldAt(form, path), code, message: describeFormProblem({ code, ...(params ? { params } : {}) })[language === 'en' ? 'en' : 'zh'],
  }));
}

function fieldAt(form: Form, path: string): string | null {
  const index = /^\/fields\/(\d+)(?:\/|$)/.exec(path)?.[1];
  const key: unknown = index === undefined ? undefined : form.fields[Number(index)]?.key;
  return typeof key === 'string' ? key : null;
}

/** The form's own fields that a filter asks about: what it compares them with is only text. */
function fieldsFiltered(filter: unknown): string[] {
  if (Array.isArray(filter)) return filter.flatMap(fieldsFiltered);
  if (filter === null || typeof filter !== 'object') return [];
  return Object.entries(filter).flatMap(([name, value]) => (name === 'property' && typeof value === 'string' ? (value.startsWith('fields.') ? [value.slice(7)] : []) : fieldsFiltered(value)));
}

/**
 * What looks at fields that a form is about to lose (字段使用情况): views by condition, column or order, templates, macros,
 * automation rules and flows, as they hold or are being drafted. Views and macros of people and teams the caller has nothing
 * to do with are told without their names. A field that another type still has goes on being found there, and is not
 * counted, but by templates and flows of this type.
 */
export async function usesOfRemoved(context: Context, typeId: string, published: Form, draft: Form): Promise<FieldUse[]> {
  const { transaction, tenantId } = context;
  const kept = new Set(draft.fields.map((field) => field.key));
  const elsewhere = new Set((await transaction.run(sql<{ form: Form }>`
    SELECT f.form FROM ticket_type t JOIN form_version f ON f.tenant_id = t.tenant_id AND f.type_id = t.id AND f.number = t.form_version
    WHERE t.tenant_id = ${tenantId} AND t.active AND t.id <> ${typeId}`)).flatMap(({ form }) => form.fields.map((field) => field.key)));
  const removed = published.fields.map((field) => field.key).filter((key) => !kept.has(key));
  if (removed.length === 0) return [];
  const [views, templates, definitions] = await Promise.all([
    transaction.run(build.selectFrom('ticket_view').select(['id', 'name', 'kind', 'owner_id', 'team_id', 'filter', 'columns', 'sort', 'grouping']).where('tenant_id', '=', tenantId)
      .where(sql<boolean>`(filter::text LIKE '%fields.%' OR array_to_string(columns, ' ') LIKE '%fields.%' OR sort LIKE '%fields.%' OR grouping LIKE 'fields.%')`).orderBy('position').orderBy('id').limit(2_000)),
    transaction.run(build.selectFrom('ticket_template').select(['id', 'name', 'fields']).where('tenant_id', '=', tenantId).where('type_id', '=', typeId).where('active', '=', true).orderBy('position').orderBy('id')),
    transaction.query(findDefinitions, [tenantId, typeId]),
  ]);
  const subject = staffOf(context);
  const shown = ({ kind, owner_id: owner, team_id: team }: { kind: string; owner_id: string | null; team_id: string | null }): boolean => kind === 'shared' || owner === subject.staffId
    || (team !== null && (subject.teamIds.includes(team) || holds(subject, 'organization.write')));
  const looking: { use: Omit<FieldUse, 'field'>; names: ReadonlySet<string>; ofType: boolean }[] = [
    ...views.map((view) => ({
      use: { kind: 'view' as const, id: view.id, name: shown(view) ? view.name : '' },
      names: new Set([...fieldsFiltered(view.filter), ...fieldsNamed([view.columns, view.sort, view.grouping])]), ofType: false,
    })),
    ...templates.map(({ id, name, fields }) => ({ use: { kind: 'template' as const, id, name }, names: fieldsNamed({ fields }), ofType: true })),
    ...definitions.map((one) => ({ use: { kind: one.use, id: one.id, name: shown(one) ? one.name : '' }, names: fieldsNamed(one.definition), ofType: one.of_type })),
  ];
  return removed.flatMap((field) => looking.filter(({ names, ofType }) => names.has(field) && (ofType || !elsewhere.has(field))).map(({ use }) => ({ field, ...use })));
}
