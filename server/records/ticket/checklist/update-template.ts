import { Closed, Id } from '../../../../contract/common.ts';
import { ChecklistTemplate, UpdateChecklistTemplate } from '../../../../contract/collaboration.ts';
import { build } from '../../../platform/db/database.ts';
import { Refusal, refuseInput } from '../../../platform/errors/refusal.ts';
import { recordFact } from '../../../platform/facts/fact.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { raiseConfigurationVersion } from '../../organization/configuration.ts';
import { ensureVersion } from '../find.ts';
import { ensureTypes, viewTemplates, type TemplateRow } from './templates.ts';

/** Changes a checklist template (修改检查清单模板), or takes it out of use. What stands on tickets already stays as it is. */
export const updateChecklistTemplate = useCase({
  summary: 'Change a checklist template',
  params: Closed({ id: Id }),
  body: UpdateChecklistTemplate,
  answer: ChecklistTemplate,
  versioned: true,
  async run(context, { params, body, ifMatch }) {
    const { transaction, tenantId, now } = context;
    await raiseConfigurationVersion(transaction);
    const row = await transaction.first(build.selectFrom('checklist_template').selectAll().where('tenant_id', '=', tenantId).where('id', '=', params.id).forNoKeyUpdate());
    if (!row) throw new Refusal('not_found');
    ensureVersion(row, ifMatch);
    await ensureTypes(context, body.ticketTypeIds ?? []);
    const next: TemplateRow = {
      ...row, name: body.name?.trim() ?? row.name, name_en: body.nameEn === undefined ? row.name_en : body.nameEn?.trim() || null,
      items: body.items?.map((text) => text.trim()) ?? row.items, ticket_type_ids: body.ticketTypeIds ?? row.ticket_type_ids,
      required: body.requiredBeforeResolve ?? row.required, active: body.active ?? row.active,
    };
    const changed = (['name', 'name_en', 'items', 'ticket_type_ids', 'required', 'active'] as const).filter((column) => JSON.stringify(next[column]) !== JSON.stringify(row[column]));
    // Saving what is there already is no change and leaves no trace.
    if (changed.length === 0) return (await viewTemplates(context, [row]))[0]!;
    if (next.active && await transaction.first(build.selectFrom('checklist_template').select('id').where('tenant_id', '=', tenantId).where('name', '=', next.name).where('active', '=', true).where('id', '<>', row.id))) {
      throw refuseInput('/name', 'name_taken', { field: { zh: '模板名称', en: 'The name of the template' } });
    }
    next.version = row.version + 1;
    await transaction.run(build.updateTable('checklist_template')
      .set({ name: next.name, name_en: next.name_en, items: next.items, ticket_type_ids: next.ticket_type_ids, required: next.required, active: next.active, version: next.version })
      .where('tenant_id', '=', tenantId).where('id', '=', row.id));
    const pick = (from: TemplateRow) => Object.fromEntries(changed.map((column) => [names[column], from[column]]));
    await recordFact(transaction, {
      kind: 'checklist_template.changed', actor: context.actor, occurredAt: now, recordedAt: now, subjectId: row.id, data: { name: next.name, before: pick(row), after: pick(next) },
    });
    return (await viewTemplates(context, [next]))[0]!;
  },
});

const names = { name: 'name', name_en: 'nameEn', items: 'items', ticket_type_ids: 'ticketTypeIds', required: 'requiredBeforeResolve', active: 'active' } as const;
