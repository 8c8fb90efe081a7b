import { sql } from 'kysely';
import type { FieldUse, FormProblem } from '../../../contract/form.ts';
import { describeFormProblem } from '../../../contract/form-problems.ts';
import { holds } from '../../../rules/access/policy.ts';
import { checkForm } from '../../../rules/forms/check-form.ts';
import type { Form } from '../../../rules/forms/form.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';

const findPublished = statement<{ number: number; form: Form }>('form_version.published', `
  SELECT number, form FROM form_version WHERE tenant_id = $1 AND type_id = $2 ORDER BY number DESC LIMIT 200`);

/** The versions of a type's form, newest first (已发布版本); of very many the newest. */
export async function publishedForms({ transaction, tenantId }: Pick<Context, 'transaction' | 'tenantId'>, typeId: string): Promise<{ number: number; form: Form }[]> {
  return transaction.query(findPublished, [tenantId, typeId]);
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

/** Properties of the form's own fields, named in a filter, whatever its shape. */
function fieldsNamed(filter: unknown): string[] {
  if (Array.isArray(filter)) return filter.flatMap(fieldsNamed);
  if (filter === null || typeof filter !== 'object') return [];
  return Object.entries(filter).flatMap(([name, value]) => (name === 'property' && typeof value === 'string' ? (value.startsWith('fields.') ? [value.slice(7)] : []) : fieldsNamed(value)));
}

/**
 * What looks at fields that a form is about to lose (字段使用情况): views by condition, column or order, and templates. Views
 * of people and teams the caller has nothing to do with are told without their names. A field that another type still has
 * goes on being found there, and is not counted.
 */
export async function usesOfRemoved(context: Context, typeId: string, published: Form, draft: Form): Promise<FieldUse[]> {
  const { transaction, tenantId } = context;
  const kept = new Set(draft.fields.map((field) => field.key));
  const elsewhere = new Set((await transaction.run(sql<{ form: Form }>`
    SELECT f.form FROM ticket_type t JOIN form_version f ON f.tenant_id = t.tenant_id AND f.type_id = t.id AND f.number = t.form_version
    WHERE t.tenant_id = ${tenantId} AND t.active AND t.id <> ${typeId}`)).flatMap(({ form }) => form.fields.map((field) => field.key)));
  const removed = published.fields.map((field) => field.key).filter((key) => !kept.has(key));
  if (removed.length === 0) return [];
  const [views, templates] = await Promise.all([
    transaction.run(build.selectFrom('ticket_view').select(['id', 'name', 'kind', 'owner_id', 'team_id', 'filter', 'columns', 'sort', 'grouping']).where('tenant_id', '=', tenantId)
      .where(sql<boolean>`(filter::text LIKE '%fields.%' OR array_to_string(columns, ' ') LIKE '%fields.%' OR sort LIKE '%fields.%' OR grouping LIKE 'fields.%')`).orderBy('position').orderBy('id').limit(2_000)),
    transaction.run(build.selectFrom('ticket_template').select(['id', 'name', 'fields']).where('tenant_id', '=', tenantId).where('type_id', '=', typeId).where('active', '=', true).orderBy('position').orderBy('id')),
  ]);
  const subject = staffOf(context);
  const uses: FieldUse[] = [];
  for (const key of removed) {
    const own = `fields.${key}`;
    for (const view of elsewhere.has(key) ? [] : views) {
      if (!fieldsNamed(view.filter).includes(key) && !view.columns.includes(own) && view.sort.replace(/^-/, '') !== own && view.grouping !== own) continue;
      const shown = view.kind === 'shared' || view.owner_id === subject.staffId || (view.team_id !== null && (subject.teamIds.includes(view.team_id) || holds(subject, 'organization.write')));
      uses.push({ field: key, kind: 'view', id: view.id, name: shown ? view.name : '' });
    }
    for (const template of templates) if (Object.hasOwn(template.fields as object, key)) uses.push({ field: key, kind: 'template', id: template.id, name: template.name });
  }
  return uses;
}
