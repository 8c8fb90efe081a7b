import { CreateTicketType, TicketType, configurationLimits } from '../../../contract/form.ts';
import type { Form } from '../../../rules/forms/form.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal, refuseInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { raiseConfigurationVersion } from './configuration.ts';
import { problemsOf } from './form-problems.ts';
import { viewTicketType } from './list-ticket-types.ts';

/** Adds a ticket type (新建工单类型) as the last one, with the form given, that of another type, or none; its version 1 is published at once. */
export const createTicketType = useCase({
  summary: 'Create a ticket type',
  body: CreateTicketType,
  answer: TicketType,
  status: 201,
  async run(context, { body }) {
    const { transaction, tenantId, now } = context;
    await raiseConfigurationVersion(transaction);
    const present = await transaction.run(build.selectFrom('ticket_type').select(['id', 'key', 'name', 'position', 'definition', 'form_version']).where('tenant_id', '=', tenantId));
    if (present.length >= configurationLimits.ticketTypes) throw new Refusal('limit_reached', { limit: configurationLimits.ticketTypes });
    const name = body.name.trim();
    if (present.some((type) => type.key === body.key)) throw refuseInput('/key', 'name_taken', { field: { zh: '工单类型标识', en: 'The key of the ticket type' } });
    if (present.some((type) => type.name === name)) throw refuseInput('/name', 'name_taken', { field: { zh: '工单类型名称', en: 'The name of the ticket type' } });
    const model = body.copyFrom === undefined ? undefined : present.find((type) => type.id === body.copyFrom);
    if (body.copyFrom !== undefined && !model) throw refuseInput('/copyFrom', 'unknown_reference', { field: 'type' });
    const form = body.form ?? (model ? await formOfModel(context, model) : { fields: [] });
    ensurePublishable(context, form, []);

    const id = newId(now.getTime());
    await transaction.run(build.insertInto('ticket_type').values({
      tenant_id: tenantId, id, key: body.key, name, name_en: body.nameEn?.trim() || null, description: body.description?.trim() || null, offered: body.offered ?? false, definition: JSON.stringify(model?.definition ?? { flow: { steps: ['accept', 'work', 'resolve', 'confirm'] } }),
      position: present.reduce((highest, type) => Math.max(highest, type.position + 1), 0), created_at: now,
    }));
    await insertFormVersion(context, id, 1, form, {});
    await recordFact(transaction, {
      kind: 'ticket_type.created', actor: context.actor, data: { name, key: body.key, fields: form.fields.map((field) => field.key), ...(model ? { copiedFrom: { id: model.id, name: model.name } } : {}) },
      occurredAt: now, recordedAt: now, subjectId: id,
    });
    return viewTicketType(context, id);
  },
});

async function formOfModel({ transaction, tenantId }: Context, model: { id: string; form_version: number }): Promise<Form> {
  const row = await transaction.first(build.selectFrom('form_version').select('form').where('tenant_id', '=', tenantId).where('type_id', '=', model.id).where('number', '=', model.form_version));
  return (row?.form as Form | undefined) ?? { fields: [] };
}

/** Refuses to publish a form that has problems, telling each. */
export function ensurePublishable(context: Context, form: Form, published: readonly Form[]): void {
  const problems = problemsOf(context, form, published);
  if (problems.length > 0) throw new Refusal('form_has_problems', {}, { errors: problems.slice(0, 100).map(({ path, code, message }) => ({ path: `/form${path === '/' ? '' : path}`, code, message })) });
}

/** Writes a version of a type's form; it is never changed again. */
export async function insertFormVersion(context: Context, typeId: string, number: number, form: Form, { note, restored }: { note?: string | undefined; restored?: number }): Promise<void> {
  const { transaction, tenantId, actor, now } = context;
  await transaction.run(build.insertInto('form_version').values({
    tenant_id: tenantId, type_id: typeId, number, form: JSON.stringify(form), note: note?.trim() || null, restored: restored ?? null, published_by: actor.id, published_by_name: actor.name, published_at: now,
  }));
}
