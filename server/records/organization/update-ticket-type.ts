import { Closed, Id } from '../../../contract/common.ts';
import { TicketType, UpdateTicketType } from '../../../contract/form.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal, refuseInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { ensureVersion } from '../ticket/find.ts';
import { archives, differencesOf, movedTo, writeOrder } from './changes.ts';
import { raiseConfigurationVersion } from './configuration.ts';
import { viewTicketType } from './list-ticket-types.ts';

/**
 * Changes a ticket type (修改工单类型), from the version the caller saw: names, order, which one is the default, whether it is
 * in use. Its key stays. Tickets of an archived type go on as they are; the default one is not archived.
 */
export const updateTicketType = useCase({
  summary: 'Change, order or archive a ticket type',
  params: Closed({ id: Id }),
  body: UpdateTicketType,
  answer: TicketType,
  versioned: true,
  async run(context, { params, body, ifMatch }) {
    const { transaction, tenantId } = context;
    await raiseConfigurationVersion(transaction);
    const all = await transaction.run(build.selectFrom('ticket_type').select(['id', 'name', 'name_en', 'description', 'is_default', 'offered', 'active', 'position', 'version']).where('tenant_id', '=', tenantId).orderBy('position').orderBy('id'));
    const row = all.find((type) => type.id === params.id);
    if (!row) throw new Refusal('not_found');
    ensureVersion(row, ifMatch);
    const order = body.position === undefined ? null : movedTo(all.map((type) => type.id), row.id, body.position);
    const next = {
      ...row, name: body.name?.trim() ?? row.name, name_en: body.nameEn === undefined ? row.name_en : body.nameEn?.trim() || null,
      description: body.description === undefined ? row.description : body.description?.trim() || null, is_default: body.isDefault ?? row.is_default, offered: body.offered ?? row.offered, active: body.active ?? row.active,
      position: order ? order.indexOf(row.id) : row.position,
    };
    if (all.some((type) => type.id !== row.id && type.name === next.name)) throw refuseInput('/name', 'name_taken', { field: { zh: '工单类型名称', en: 'The name of the ticket type' } });
    if (next.is_default && !next.active) throw new Refusal('default_type_needed');
    const difference = differencesOf(told(row), told(next));
    // Saving what is there already is no change and leaves no trace.
    if (!difference) return viewTicketType(context, row.id);
    if (next.is_default && !row.is_default) {
      await transaction.run(build.updateTable('ticket_type').set((eb) => ({ is_default: false, version: eb('version', '+', 1) })).where('tenant_id', '=', tenantId).where('is_default', '=', true));
    }
    await transaction.run(build.updateTable('ticket_type').set({
      name: next.name, name_en: next.name_en, description: next.description, is_default: next.is_default, offered: next.offered, active: next.active, position: next.position, version: row.version + 1,
    }).where('tenant_id', '=', tenantId).where('id', '=', row.id));
    if (order) await writeOrder(context, 'ticket_type', order);
    await recordFact(transaction, {
      kind: archives(difference) ? 'ticket_type.archived' : 'ticket_type.changed', actor: context.actor, data: { name: next.name, ...difference }, occurredAt: context.now, recordedAt: context.now, subjectId: row.id,
    });
    return viewTicketType(context, row.id);
  },
});

/** What facts tell of a type. */
function told(type: { name: string; name_en: string | null; description: string | null; is_default: boolean; offered: boolean; active: boolean; position: number }) {
  return { name: type.name, nameEn: type.name_en, description: type.description, isDefault: type.is_default, offered: type.offered, position: type.position, active: type.active };
}
