import { Closed, Id, limits } from '../../../contract/common.ts';
import { ListArchivable, TicketType, TicketTypePage, type TicketTypeSummary } from '../../../contract/form.ts';
import type { Form } from '../../../rules/forms/form.ts';
import { toJsonSchema } from '../../../rules/forms/json-schema.ts';
import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';

/** A ticket type with its published form as it lies in the database. */
export interface TicketTypeRow {
  id: string;
  key: string;
  name: string;
  name_en: string | null;
  description: string | null;
  is_default: boolean;
  offered: boolean;
  active: boolean;
  position: number;
  form_version: number;
  has_draft: boolean;
  form: Form | null;
  version: number;
}

const types = `
  SELECT t.id, t.key, t.name, t.name_en, t.description, t.is_default, t.offered, t.active, t.position, t.form_version, t.draft IS NOT NULL AS has_draft, f.form, t.version
  FROM ticket_type t LEFT JOIN form_version f ON f.tenant_id = t.tenant_id AND f.type_id = t.id AND f.number = t.form_version
  WHERE t.tenant_id = $1`;
const findTypes = statement<TicketTypeRow>('ticket_type.list', `${types}
  AND (t.active OR $2) AND ($3::int IS NULL OR (t.position, t.id) > ($3::int, $4::uuid)) ORDER BY t.position, t.id LIMIT $5`);
const findType = statement<TicketTypeRow>('ticket_type.show', `${types} AND t.id = $2`);

/** The ticket types of the organization (工单类型列表) in their order, each with the JSON Schema of its fields. */
export const listTicketTypes = useCase({
  summary: 'List ticket types',
  query: ListArchivable,
  answer: TicketTypePage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.page;
    const [place, after] = query.cursor === undefined ? [null, null] : readCursor(query.cursor, 'ticket-types');
    if (place !== null && !/^\d{1,9}$/.test(place)) throw new Refusal('invalid_cursor');
    const rows = await context.transaction.query(findTypes, [context.tenantId, query.archived ?? false, place, after, limit + 1]);
    const last = rows[limit - 1];
    return {
      items: rows.slice(0, limit).map(viewSummary),
      nextCursor: rows.length > limit && last ? writeCursor('ticket-types', [String(last.position), last.id]) : null,
    };
  },
});

/** One ticket type with its published form (工单类型详情). */
export const showTicketType = useCase({
  summary: 'Show a ticket type and its published form',
  params: Closed({ id: Id }),
  answer: TicketType,
  run: (context, { params }) => viewTicketType(context, params.id),
});

/** A ticket type as its page shows it. */
export async function viewTicketType(context: Pick<Context, 'tenantId' | 'transaction'>, id: string): Promise<TicketType> {
  const [row] = await context.transaction.query(findType, [context.tenantId, id]);
  if (!row) throw new Refusal('not_found');
  const form = row.form ?? { fields: [] };
  return { ...viewSummary(row), form, schema: toJsonSchema(form) };
}

function viewSummary(row: TicketTypeRow): TicketTypeSummary {
  return {
    id: row.id, key: row.key, name: row.name, nameEn: row.name_en, description: row.description, isDefault: row.is_default, offered: row.offered, active: row.active, position: row.position,
    formVersion: row.form_version, hasDraft: row.has_draft, fields: (toJsonSchema(row.form ?? { fields: [] })['properties'] ?? {}) as Record<string, unknown>, version: row.version,
  };
}
