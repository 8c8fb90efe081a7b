import { holds } from '../../../rules/access/policy.ts';
import { withMasks, type MaskedFields } from '../../../rules/forms/masked-fields.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { isId } from '../../platform/db/uuid.ts';
import { masksOf } from '../customer/personal-data/masks.ts';
import type { Configuration } from '../organization/configuration.ts';
import { formOf } from '../organization/forms.ts';
import { referencesIn, type FieldReference } from './field-values.ts';
import type { TicketRow } from './row.ts';
import { closedOf, maskedIn, showSensitive } from './shown-fields.ts';

/** Answers as the caller sees them, with the names of what they refer to by id. */
export interface FieldsView {
  values: Record<string, unknown>;
  names: Record<string, string>;
}

/**
 * A ticket's answers as the caller sees them (字段视图): those closed to them left out, those of masked fields masked, with the names of what they refer to
 * by id; of customers and assets only for those who may look them up.
 */
export async function viewFields(context: Context, configuration: Configuration, ticket: TicketRow): Promise<FieldsView> {
  return (await viewFieldsOf(context, configuration, [ticket])).get(ticket.id)!;
}

/** The answers of several tickets as `viewFields` shows each, by the tickets' ids, with names looked up once for all. */
export async function viewFieldsOf(context: Context, configuration: Configuration, tickets: readonly TicketRow[]): Promise<Map<string, FieldsView>> {
  const held = await Promise.all(tickets.filter((ticket) => Object.keys(ticket.fields as object).length > 0).map(async (ticket) => {
    const form = await formOf(context, configuration, ticket.type_id, ticket.form_version);
    return { ticket, form, answers: ticket.fields as Record<string, unknown> };
  }));
  const closed = await closedOf(context, configuration, held);
  const filled = held.map(({ ticket, form, answers }) => {
    const stored = withoutKeys(answers, closed.get(ticket.id) ?? []);
    return { ticket, stored, form, references: referencesIn(form, stored).filter(({ id }) => isId(id)) };
  });
  const ids = (...kinds: FieldReference['kind'][]) => [...new Set(filled.flatMap(({ references }) => references).filter((reference) => kinds.includes(reference.kind)).map(({ id }) => id))];
  const subject = staffOf(context);
  const lookUp = async (table: 'staff' | 'customer' | 'asset' | 'file', wanted: string[]) => (wanted.length === 0 ? []
    : context.transaction.run(build.selectFrom(table).select(['id', 'name']).where('tenant_id', '=', context.tenantId).where('id', 'in', wanted)));
  const [shown, ...rows] = await Promise.all([
    Promise.all(filled.map(({ ticket, form, stored }) => showFields(context, maskedIn(configuration, ticket, form), stored))),
    lookUp('staff', ids('person')),
    lookUp('customer', holds(subject, 'customer.read') ? ids('customer') : []),
    lookUp('asset', holds(subject, 'asset.read') ? ids('asset') : []),
    lookUp('file', ids('file', 'signature')),
  ]);
  const names = new Map(rows.flat().map((row) => [row.id, row.name]));
  const views = new Map<string, FieldsView>(tickets.map((ticket) => [ticket.id, { values: {}, names: {} }]));
  for (const [index, { ticket, references }] of filled.entries()) {
    views.set(ticket.id, { values: shown[index]!, names: Object.fromEntries(references.flatMap(({ id }) => (names.has(id) ? [[id, names.get(id)!]] : []))) });
  }
  return views;
}

/** Answers as the caller sees them (字段脱敏): masked ones masked. */
export async function showFields(context: Context, masked: MaskedFields, values: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
  return masked.fields.size === 0 && masked.columns.size === 0 ? { ...values } : withMasks(values, masked, showSensitive(await masksOf(context)));
}

export const withoutKeys = (values: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> => Object.fromEntries(Object.entries(values).filter(([key]) => !keys.includes(key)));
