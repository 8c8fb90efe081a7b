import { sql, type Selectable } from 'kysely';
import type { ChecklistTemplate } from '../../../../contract/collaboration.ts';
import type { Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import type { ChecklistTemplateTable } from '../../../platform/db/tables.ts';
import { refuseInput } from '../../../platform/errors/refusal.ts';
import { configurationOf, nameIn } from '../../organization/configuration.ts';
import type { TicketRow } from '../row.ts';
import { addItems } from './items.ts';

export type TemplateRow = Selectable<ChecklistTemplateTable>;

const kept = new Map<string, { version: number; templates: readonly TemplateRow[] }>();
const mostKept = 500;

/** The templates that new tickets get by themselves, kept in memory for as long as the configuration's version stands. */
async function standingTemplates(context: Context): Promise<readonly TemplateRow[]> {
  const present = kept.get(context.tenantId);
  if (present && present.version >= context.configurationVersion) return present.templates;
  const templates = await context.transaction.run(build.selectFrom('checklist_template').selectAll()
    .where('tenant_id', '=', context.tenantId).where('active', '=', true).where(sql<boolean>`ticket_type_ids <> '{}'`).orderBy('id'));
  if (kept.size >= mostKept) kept.delete(kept.keys().next().value!);
  kept.set(context.tenantId, { version: context.configurationVersion, templates });
  return templates;
}

/** Puts onto a new ticket what its type calls for (类型自带的检查清单); what is demanded has to be done before it is resolved. */
export async function addStandingChecklists(context: Context, ticket: TicketRow): Promise<TicketRow> {
  let current = ticket;
  for (const template of await standingTemplates(context)) {
    if (template.ticket_type_ids.includes(ticket.type_id)) current = await addFromTemplate(context, current, template);
  }
  return current;
}

/** Puts the items of a template onto a ticket. */
export function addFromTemplate(context: Context, ticket: TicketRow, template: TemplateRow): Promise<TicketRow> {
  const required = template.required && template.ticket_type_ids.includes(ticket.type_id);
  return addItems(context, ticket, template.items.map((text) => ({ text, required, templateId: template.id })), { id: template.id, name: template.name });
}

/** A template by id, one that is in use; refused as the input `template` otherwise. */
export async function findTemplate(context: Pick<Context, 'tenantId' | 'transaction'>, id: string): Promise<TemplateRow> {
  const row = await context.transaction.first(build.selectFrom('checklist_template').selectAll().where('tenant_id', '=', context.tenantId).where('id', '=', id));
  if (!row) throw refuseInput('/template', 'unknown_reference', { field: 'template' });
  if (!row.active) throw refuseInput('/template', 'reference_inactive', { field: 'template' });
  return row;
}

/** Templates as their readers see them (检查清单模板视图). */
export async function viewTemplates(context: Context, rows: readonly TemplateRow[]): Promise<ChecklistTemplate[]> {
  const { types } = await configurationOf(context);
  return rows.map((row) => ({
    id: row.id, name: row.name, nameEn: row.name_en, items: row.items,
    ticketTypes: row.ticket_type_ids.map((id) => types.get(id)).filter((type) => type !== undefined).map((type) => ({ id: type.id, name: nameIn(context.language, type) })),
    requiredBeforeResolve: row.required, active: row.active, version: row.version,
  }));
}

/** Refuses ticket types that are not there. */
export async function ensureTypes(context: Context, ids: readonly string[]): Promise<void> {
  const { types } = await configurationOf(context);
  const unknown = ids.findIndex((id) => !types.has(id));
  if (unknown >= 0) throw refuseInput(`/ticketTypeIds/${unknown}`, 'unknown_reference', { field: 'ticketTypeIds' });
}
