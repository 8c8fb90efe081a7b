import type { CreateTicket } from '../../../contract/ticket.ts';
import { priorities } from '../../../rules/ticket/lifecycle.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal, invalidInput, refuseInput } from '../../platform/errors/refusal.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import { findTemplateRow, type TemplateRow } from '../../records/organization/ticket-templates.ts';
import { addFromTemplate } from '../../records/ticket/checklist/templates.ts';
import { addItems } from '../../records/ticket/checklist/items.ts';
import type { TicketRow } from '../../records/ticket/row.ts';

const field = { zh: '工单模板', en: 'The ticket template' };

/**
 * A request with what its template presets (套用模板): what the request says itself comes first, tags come together. What a
 * template names that is no longer in use is left out, and so are fields that the form has no longer.
 */
export async function withTemplate<Request extends CreateTicket>(context: Context, request: Request): Promise<{ request: Request & { presetFields?: readonly string[] }; template: TemplateRow | null }> {
  if (request.template === undefined) return { request, template: null };
  const template = await findTemplateRow(context, request.template).catch((error: unknown) => {
    if (error instanceof Refusal) throw refuseInput('/template', 'unknown_reference', { field });
    throw error;
  });
  if (!template.active) throw refuseInput('/template', 'reference_inactive', { field });
  const configuration = await configurationOf(context);
  const type = configuration.types.get(template.type_id)!;
  if (request.type !== undefined && request.type !== type.id && request.type !== type.key) throw invalidInput('/type', 'template', { zh: '与模板的工单类型不同', en: 'is another type than the template’s' });
  const known = new Set(type.form.fields.map(({ key }) => key));
  const preset = Object.fromEntries(Object.entries(template.fields as Record<string, unknown>).filter(([key]) => known.has(key)));
  const category = template.category_id !== null && configuration.categories.get(template.category_id)?.active ? template.category_id : undefined;
  const team = template.team_id !== null && configuration.teams.get(template.team_id)?.active ? template.team_id : undefined;
  const fields = { ...preset, ...request.fields };
  return {
    template,
    request: {
      ...request, type: type.id, subject: request.subject ?? template.subject ?? undefined, description: request.description ?? template.description ?? undefined,
      category: request.category ?? category, team: request.team ?? team, priority: request.priority ?? (template.priority === null ? undefined : priorities[template.priority - 1]),
      ...(Object.keys(fields).length > 0 ? { fields } : {}), presetFields: Object.keys(preset).filter((key) => !Object.hasOwn(request.fields ?? {}, key)), tags: [...new Set([...(request.tags ?? []), ...template.tags])].slice(0, 20),
    },
  };
}

/** Puts a template's checklists onto the ticket made with it (模板检查清单); those no longer in use are left out. */
export async function addTemplateChecklists(context: Context, ticket: TicketRow, template: TemplateRow): Promise<TicketRow> {
  let current = ticket;
  const checklists = template.checklist_ids.length === 0 ? [] : await context.transaction.run(build.selectFrom('checklist_template').selectAll()
    .where('tenant_id', '=', context.tenantId).where('id', 'in', template.checklist_ids).where('active', '=', true));
  for (const id of template.checklist_ids) {
    const checklist = checklists.find((candidate) => candidate.id === id);
    // What the type calls for by itself is there already.
    if (checklist && !checklist.ticket_type_ids.includes(ticket.type_id)) current = await addFromTemplate(context, current, checklist);
  }
  return template.checklist.length === 0 ? current : addItems(context, current, template.checklist.map((text) => ({ text })));
}
