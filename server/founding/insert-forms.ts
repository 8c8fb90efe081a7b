import { demoComplaintType, demoRequestForm, demoStatuses, demoTemplates } from '../../schema/seed/demo/forms.ts';
import { priorities } from '../../rules/ticket/lifecycle.ts';
import { build, type Transaction } from '../platform/db/database.ts';
import { newId } from '../platform/db/uuid.ts';

/** The forms, statuses and templates of the demonstration company (演示表单). */
export async function insertForms(transaction: Transaction, typeId: string, categoryId: (key: string) => string | undefined, now: Date): Promise<void> {
  const tenant_id = transaction.tenantId;
  const created_at = new Date(now.getTime() - 400 * 86_400_000);
  await transaction.run(build.updateTable('form_version').set({ form: JSON.stringify(demoRequestForm), published_at: created_at }).where('tenant_id', '=', tenant_id).where('type_id', '=', typeId));
  const complaint = newId();
  const { key, name, nameEn, description, form } = demoComplaintType;
  await transaction.run(build.insertInto('ticket_type').values({
    tenant_id, id: complaint, key, name, name_en: nameEn, description, offered: true, position: 1, definition: JSON.stringify({ flow: { steps: ['accept', 'work', 'resolve', 'confirm'] } }), created_at,
  }));
  await transaction.run(build.insertInto('form_version').values({ tenant_id, type_id: complaint, number: 1, form: JSON.stringify(form), published_at: created_at }));
  await transaction.run(build.insertInto('ticket_status').values(demoStatuses.map((status, position) => ({
    tenant_id, id: newId(), class: status.class, name: status.name, name_en: status.nameEn, color: status.color, waiting_for: status.waitingFor ?? null, position, created_at,
  }))));
  await transaction.run(build.insertInto('ticket_template').values(demoTemplates.map((template, position) => ({
    tenant_id, id: newId(), name: template.name, name_en: template.nameEn, type_id: typeId, subject: template.subject, description: template.description, category_id: categoryId(template.categoryKey) ?? null,
    priority: priorities.indexOf(template.priority) + 1, fields: '{}', tags: template.tags, checklist: template.checklist, position, created_at,
  }))));
}
