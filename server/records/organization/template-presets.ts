import type { CreateTicketTemplateBody, UpdateTicketTemplateBody } from '../../../contract/form.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { invalidInput, refuseInput } from '../../platform/errors/refusal.ts';
import { fieldPath, fillForm } from '../ticket/fill-form.ts';
import type { Configuration, ConfiguredType } from './configuration.ts';
import { findAll } from './references.ts';

/**
 * Checks what a template presets (模板校验): categories, teams and checklists in use, and answers that fit the type's form,
 * as far as they are given. Files are sent with each ticket by itself.
 */
export async function ensurePresets(context: Context, configuration: Configuration, type: ConfiguredType, body: CreateTicketTemplateBody | UpdateTicketTemplateBody): Promise<void> {
  const { transaction, tenantId } = context;
  if (body.categoryId) {
    const category = configuration.categories.get(body.categoryId);
    if (!category?.active) throw refuseInput('/categoryId', category ? 'reference_inactive' : 'unknown_reference', { field: 'category' });
  }
  if (body.teamId) {
    const team = configuration.teams.get(body.teamId);
    if (!team?.active) throw refuseInput('/teamId', team ? 'reference_inactive' : 'unknown_reference', { field: 'teamId' });
  }
  const checklists = await findAll(body.checklistIds ?? [], '/checklistIds', (ids) => transaction.run(build.selectFrom('checklist_template').select(['id', 'active']).where('tenant_id', '=', tenantId).where('id', 'in', ids)));
  const inactive = checklists.findIndex((checklist) => !checklist.active);
  if (inactive >= 0) throw refuseInput(`/checklistIds/${inactive}`, 'reference_inactive', { field: 'template' });
  const fields = body.fields ?? {};
  if (Object.keys(fields).length === 0) return;
  const sent = type.form.fields.find((field) => Object.hasOwn(fields, field.key) && (field.kind === 'file' || field.kind === 'signature' || field.kind === 'formula'));
  if (sent) throw invalidInput(fieldPath(sent.key), 'unexpected', { zh: '这种字段不能预先填写', en: 'cannot be preset' });
  await fillForm(context, configuration, {
    type, form: type.form, mode: 'create', given: fields, touched: Object.keys(fields), carried: Object.keys(fields),
    ticket: { status: 'new', type: type.id, category: body.categoryId ?? null, team: body.teamId ?? null, tags: body.tags ?? [], subject: body.subject ?? '', ...(body.priority ? { priority: body.priority } : {}) },
  });
}
