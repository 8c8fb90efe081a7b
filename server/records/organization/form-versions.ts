import { Type } from 'typebox';
import { Closed, Id, PageQuery, limits } from '../../../contract/common.ts';
import { CompareForms, FormDifference, FormVersion, FormVersionPage } from '../../../contract/form.ts';
import { compareForms } from '../../../rules/forms/compare-forms.ts';
import type { Form } from '../../../rules/forms/form.ts';
import { toJsonSchema } from '../../../rules/forms/json-schema.ts';
import { build, statement } from '../../platform/db/database.ts';
import { Refusal, refuseInput } from '../../platform/errors/refusal.ts';
import { decodeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';

interface VersionRow {
  number: number;
  form: Form;
  note: string | null;
  restored: number | null;
  published_by: string | null;
  published_by_name: string | null;
  published_at: Date;
  current: boolean;
}

const versions = `
  SELECT v.number, v.form, v.note, v.restored, v.published_by, v.published_by_name, v.published_at, v.number = t.form_version AS current
  FROM form_version v JOIN ticket_type t ON t.tenant_id = v.tenant_id AND t.id = v.type_id
  WHERE v.tenant_id = $1 AND v.type_id = $2`;
const findVersions = statement<VersionRow>('form_version.list', `${versions} AND ($3::int IS NULL OR v.number < $3) ORDER BY v.number DESC LIMIT $4`);
const findVersion = statement<VersionRow>('form_version.show', `${versions} AND v.number = $3`);

/** Everything that was ever published of a type's form (表单版本列表), newest first. */
export const listFormVersions = useCase({
  summary: 'List the versions of a ticket type’s form',
  params: Closed({ id: Id }),
  query: PageQuery,
  answer: FormVersionPage,
  async run(context, { params, query }) {
    const { transaction, tenantId } = context;
    if (!await transaction.first(build.selectFrom('ticket_type').select('id').where('tenant_id', '=', tenantId).where('id', '=', params.id))) throw new Refusal('not_found');
    const limit = query.limit ?? limits.defaultPage;
    const rows = await transaction.query(findVersions, [tenantId, params.id, query.cursor === undefined ? null : readPlace(query.cursor), limit + 1]);
    return { items: rows.slice(0, limit).map(viewVersion), nextCursor: rows.length > limit ? Buffer.from(`versions ${rows[limit - 1]!.number}`).toString('base64url') : null };
  },
});

/** One version of a form (表单版本详情): by it the fields of a ticket made with it are read. */
export const showFormVersion = useCase({
  summary: 'Show a version of a ticket type’s form',
  params: Closed({ id: Id, number: Type.String({ pattern: '^[1-9][0-9]{0,8}$' }) }),
  answer: FormVersion,
  async run(context, { params }) {
    const [row] = await context.transaction.query(findVersion, [context.tenantId, params.id, Number(params.number)]);
    if (!row) throw new Refusal('not_found');
    return { ...viewVersion(row), typeId: params.id, form: row.form, schema: toJsonSchema(row.form) };
  },
});

/** What differs between two versions of a form, one of which may be the draft (版本对比). */
export const compareFormVersions = useCase({
  summary: 'Compare two versions of a ticket type’s form',
  params: Closed({ id: Id }),
  query: CompareForms,
  answer: FormDifference,
  async run(context, { params, query }) {
    const type = await context.transaction.first(build.selectFrom('ticket_type').select(['id', 'form_version', 'draft']).where('tenant_id', '=', context.tenantId).where('id', '=', params.id));
    if (!type) throw new Refusal('not_found');
    const read = async (name: string, path: string): Promise<Form> => {
      if (name === 'draft' && type.draft !== null) return type.draft as Form;
      const [row] = await context.transaction.query(findVersion, [context.tenantId, type.id, name === 'draft' ? type.form_version : Number(name)]);
      if (!row) throw refuseInput(path, 'unknown_reference', { field: { zh: '版本', en: 'The version' } });
      return row.form;
    };
    return { from: query.from, to: query.to, ...compareForms(await read(query.from, '/from'), await read(query.to, '/to')) };
  },
});

function viewVersion(row: VersionRow) {
  return {
    number: row.number, publishedAt: row.published_at.toISOString(), publishedBy: row.published_by === null && row.published_by_name === null ? null : { id: row.published_by, name: row.published_by_name },
    note: row.note, restored: row.restored, current: row.current, fieldCount: row.form.fields.length,
  };
}

function readPlace(cursor: string): number {
  const number = /^versions (\d{1,9})$/.exec(decodeCursor(cursor))?.[1];
  if (number === undefined) throw new Refusal('invalid_cursor');
  return Number(number);
}
