import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import { Closed, Id, limits } from '../../../contract/common.ts';
import {
  CreateTicketTemplate, ListTicketTemplates, TicketTemplate, TicketTemplatePage, UpdateTicketTemplate, configurationLimits,
  type CreateTicketTemplateBody, type UpdateTicketTemplateBody,
} from '../../../contract/form.ts';
import { priorities } from '../../../rules/ticket/lifecycle.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import type { TicketTemplateTable } from '../../platform/db/tables.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal, refuseInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { ensureVersion } from '../ticket/find.ts';
import { findType } from '../ticket/references.ts';
import { archives, differencesOf, movedTo, writeOrder } from './changes.ts';
import { configurationNow, configurationOf, nameIn, raiseConfigurationVersion, type Configuration, type ConfiguredType } from './configuration.ts';
import { ensurePresets } from './template-presets.ts';

export type TemplateRow = Selectable<TicketTemplateTable>;

/** What new tickets can start from (工单模板列表), in their order. */
export const listTicketTemplates = useCase({
  summary: 'List ticket templates',
  query: ListTicketTemplates,
  answer: TicketTemplatePage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.page;
    let select = build.selectFrom('ticket_template').selectAll().where('tenant_id', '=', context.tenantId);
    if (!query.archived) select = select.where('active', '=', true);
    if (query.type !== undefined) select = select.where('type_id', '=', query.type);
    if (query.cursor !== undefined) {
      const [position, id] = readCursor(query.cursor, 'ticket-templates');
      if (!/^\d{1,9}$/.test(position)) throw new Refusal('invalid_cursor');
      select = select.where(sql<boolean>`(position, id) > (${Number(position)}::int, ${id}::uuid)`);
    }
    const rows = await context.transaction.run(select.orderBy('position').orderBy('id').limit(limit + 1));
    const last = rows[limit - 1];
    return {
      items: await viewTemplates(context, rows.slice(0, limit)),
      nextCursor: rows.length > limit && last ? writeCursor('ticket-templates', [String(last.position), last.id]) : null,
    };
  },
});

/** One template (工单模板详情). */
export const showTicketTemplate = useCase({
  summary: 'Show a ticket template',
  params: Closed({ id: Id }),
  answer: TicketTemplate,
  run: async (context, { params }) => (await viewTemplates(context, [await findTemplateRow(context, params.id)]))[0]!,
});

/** Adds a template (新建工单模板) as the last one; templates differ by name. */
export const createTicketTemplate = useCase({
  summary: 'Create a ticket template',
  body: CreateTicketTemplate,
  answer: TicketTemplate,
  status: 201,
  async run(context, { body }) {
    const { transaction, tenantId, now } = context;
    await raiseConfigurationVersion(transaction);
    const configuration = await configurationNow(context);
    const type = findType(configuration, body.type);
    if (!type.active) throw refuseInput('/type', 'reference_inactive', { field: 'type' });
    const present = await transaction.run(build.selectFrom('ticket_template').select(['name', 'position']).where('tenant_id', '=', tenantId));
    if (present.length >= configurationLimits.templates) throw new Refusal('limit_reached', { limit: configurationLimits.templates });
    const name = body.name.trim();
    if (present.some((template) => template.name === name)) throw nameTaken();
    const row: TemplateRow = {
      ...empty, tenant_id: tenantId, id: newId(now.getTime()), name, name_en: body.nameEn?.trim() || null, type_id: type.id, active: true,
      position: present.reduce((highest, template) => Math.max(highest, template.position + 1), 0), version: 1, created_at: now, ...await presetsOf(context, configuration, type, body),
    };
    await transaction.run(build.insertInto('ticket_template').values({ ...row, fields: JSON.stringify(row.fields) }));
    await recordFact(transaction, { kind: 'ticket_template.created', actor: context.actor, data: told(row, configuration), occurredAt: now, recordedAt: now, subjectId: row.id });
    return (await viewTemplates(context, [row]))[0]!;
  },
});

/** Changes a template (修改工单模板), from the version the caller saw; its type stays. Tickets made with it stay as they are. */
export const updateTicketTemplate = useCase({
  summary: 'Change, order or archive a ticket template',
  params: Closed({ id: Id }),
  body: UpdateTicketTemplate,
  answer: TicketTemplate,
  versioned: true,
  async run(context, { params, body, ifMatch }) {
    const { transaction, tenantId } = context;
    await raiseConfigurationVersion(transaction);
    const configuration = await configurationNow(context);
    const row = await findTemplateRow(context, params.id);
    ensureVersion(row, ifMatch);
    const others = await transaction.run(build.selectFrom('ticket_template').select(['id', 'name']).where('tenant_id', '=', tenantId).where('id', '<>', row.id).orderBy('position').orderBy('id'));
    const order = body.position === undefined ? null : movedTo(others.map((other) => other.id), row.id, body.position);
    const next: TemplateRow = {
      ...row, name: body.name?.trim() ?? row.name, name_en: body.nameEn === undefined ? row.name_en : body.nameEn?.trim() || null, active: body.active ?? row.active,
      position: order ? order.indexOf(row.id) : row.position, ...await presetsOf(context, configuration, configuration.types.get(row.type_id)!, body),
    };
    if (others.some((other) => other.name === next.name)) throw nameTaken();
    const difference = differencesOf(told(row, configuration), told(next, configuration));
    // Saving what is there already is no change and leaves no trace.
    if (!difference) return (await viewTemplates(context, [row]))[0]!;
    next.version = row.version + 1;
    const { tenant_id: _tenant, id: _id, type_id: _type, created_at: _created, ...columns } = next;
    await transaction.run(build.updateTable('ticket_template').set({ ...columns, fields: JSON.stringify(next.fields) }).where('tenant_id', '=', tenantId).where('id', '=', row.id));
    if (order) await writeOrder(context, 'ticket_template', order);
    await recordFact(transaction, {
      kind: archives(difference) ? 'ticket_template.archived' : 'ticket_template.changed', actor: context.actor, data: { name: next.name, ...difference },
      occurredAt: context.now, recordedAt: context.now, subjectId: row.id,
    });
    return (await viewTemplates(context, [next]))[0]!;
  },
});

const empty = { subject: null, description: null, category_id: null, team_id: null, priority: null, fields: {} as never, tags: [], checklist: [], checklist_ids: [] };
const nameTaken = () => refuseInput('/name', 'name_taken', { field: { zh: '模板名称', en: 'The name of the template' } });

/** A template by id. */
export async function findTemplateRow({ transaction, tenantId }: Pick<Context, 'transaction' | 'tenantId'>, id: string): Promise<TemplateRow> {
  const row = await transaction.first(build.selectFrom('ticket_template').selectAll().where('tenant_id', '=', tenantId).where('id', '=', id));
  if (!row) throw new Refusal('not_found');
  return row;
}

/** The columns that the presets of a request set, checked. */
async function presetsOf(context: Context, configuration: Configuration, type: ConfiguredType, body: CreateTicketTemplateBody | UpdateTicketTemplateBody): Promise<Partial<TemplateRow>> {
  const presets: Partial<TemplateRow> = {};
  if (body.subject !== undefined) presets.subject = body.subject?.trim() || null;
  if (body.description !== undefined) presets.description = body.description || null;
  if (body.priority !== undefined) presets.priority = body.priority === null ? null : priorities.indexOf(body.priority) + 1;
  if (body.categoryId !== undefined) presets.category_id = body.categoryId;
  if (body.teamId !== undefined) presets.team_id = body.teamId;
  if (body.tags !== undefined) presets.tags = body.tags;
  if (body.checklist !== undefined) presets.checklist = body.checklist.map((item) => item.trim());
  if (body.checklistIds !== undefined) presets.checklist_ids = body.checklistIds;
  if (body.fields !== undefined) presets.fields = body.fields as never;
  await ensurePresets(context, configuration, type, body);
  return presets;
}

/** What facts tell of a template. */
function told(row: TemplateRow, configuration: Configuration) {
  const category = row.category_id === null ? undefined : configuration.categories.get(row.category_id);
  const team = row.team_id === null ? undefined : configuration.teams.get(row.team_id);
  return {
    name: row.name, nameEn: row.name_en, type: configuration.types.get(row.type_id)?.name ?? null, subject: row.subject, description: row.description, category: category ? category.path.join('/') : null,
    team: team ? { id: team.id, name: team.name } : null, priority: row.priority, fields: row.fields as Record<string, unknown>, tags: row.tags, checklist: row.checklist, checklistIds: row.checklist_ids,
    position: row.position, active: row.active,
  };
}

async function viewTemplates(context: Context, rows: readonly TemplateRow[]): Promise<TicketTemplate[]> {
  const configuration = await configurationOf(context);
  const ids = [...new Set(rows.flatMap((row) => row.checklist_ids))];
  const checklists = ids.length === 0 ? [] : await context.transaction.run(build.selectFrom('checklist_template').select(['id', 'name', 'name_en']).where('tenant_id', '=', context.tenantId).where('id', 'in', ids));
  const language = context.language;
  return rows.map((row) => {
    const type = configuration.types.get(row.type_id)!;
    const category = row.category_id === null ? undefined : configuration.categories.get(row.category_id);
    const team = row.team_id === null ? undefined : configuration.teams.get(row.team_id);
    return {
      id: row.id, name: row.name, nameEn: row.name_en, type: { id: type.id, key: type.key, name: nameIn(language, type) }, subject: row.subject, description: row.description,
      category: category ? { id: category.id, path: [...(language === 'en' ? category.pathEn : category.path)] } : null, team: team ? { id: team.id, name: nameIn(language, team) } : null,
      priority: row.priority === null ? null : priorities[row.priority - 1] ?? null, fields: row.fields as Record<string, unknown>, tags: row.tags, checklist: row.checklist,
      checklists: row.checklist_ids.map((id) => checklists.find((checklist) => checklist.id === id)).filter((checklist) => checklist !== undefined)
        .map((checklist) => ({ id: checklist.id, name: nameIn(language, { name: checklist.name, nameEn: checklist.name_en }) })),
      active: row.active, position: row.position, version: row.version,
    };
  });
}
