import { ChecklistTemplate, CreateChecklistTemplate, collaborationLimits } from '../../../../contract/collaboration.ts';
import { build } from '../../../platform/db/database.ts';
import { newId } from '../../../platform/db/uuid.ts';
import { Refusal, refuseInput } from '../../../platform/errors/refusal.ts';
import { recordFact } from '../../../platform/facts/fact.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { raiseConfigurationVersion } from '../../organization/configuration.ts';
import { ensureTypes, viewTemplates, type TemplateRow } from './templates.ts';

/** Keeps a checklist for use on many tickets (新建检查清单模板). */
export const createChecklistTemplate = useCase({
  summary: 'Create a checklist template',
  body: CreateChecklistTemplate,
  answer: ChecklistTemplate,
  status: 201,
  async run(context, { body }) {
    const { transaction, tenantId, now } = context;
    await raiseConfigurationVersion(transaction);
    await ensureTypes(context, body.ticketTypeIds ?? []);
    const present = await transaction.run(build.selectFrom('checklist_template').select('name').where('tenant_id', '=', tenantId).where('active', '=', true));
    if (present.length >= collaborationLimits.templates) throw new Refusal('too_many_templates', { limit: collaborationLimits.templates });
    const name = body.name.trim();
    if (present.some((template) => template.name === name)) throw refuseInput('/name', 'name_taken', { field: { zh: '模板名称', en: 'The name of the template' } });
    const row: TemplateRow = {
      tenant_id: tenantId, id: newId(now.getTime()), name, name_en: body.nameEn?.trim() || null, items: body.items.map((text) => text.trim()),
      ticket_type_ids: body.ticketTypeIds ?? [], required: body.requiredBeforeResolve ?? false, active: true, version: 1, created_at: now,
    };
    await transaction.run(build.insertInto('checklist_template').values(row));
    await recordFact(transaction, {
      kind: 'checklist_template.created', actor: context.actor, occurredAt: now, recordedAt: now, subjectId: row.id,
      data: { name, items: row.items, ticketTypeIds: row.ticket_type_ids, requiredBeforeResolve: row.required },
    });
    return (await viewTemplates(context, [row]))[0]!;
  },
});
