import { holds } from '../../../rules/access/policy.ts';
import type { Form } from '../../../rules/forms/form.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { isId } from '../../platform/db/uuid.ts';
import { masksOf } from '../customer/personal-data/masks.ts';
import type { Configuration } from '../organization/configuration.ts';
import { formOf } from '../organization/forms.ts';
import { referencesIn, type FieldReference } from './field-values.ts';
import type { TicketRow } from './row.ts';

/**
 * A ticket's answers as the caller sees them (字段视图): those of masked fields masked, with the names of what they refer to
 * by id; of customers and assets only for those who may look them up.
 */
export async function viewFields(context: Context, configuration: Configuration, ticket: TicketRow): Promise<{ values: Record<string, unknown>; names: Record<string, string> }> {
  const stored = ticket.fields as Record<string, unknown>;
  if (Object.keys(stored).length === 0) return { values: {}, names: {} };
  const form = await formOf(context, configuration, ticket.type_id, ticket.form_version);
  const references = referencesIn(form, stored).filter(({ id }) => isId(id));
  const ids = (...kinds: FieldReference['kind'][]) => [...new Set(references.filter((reference) => kinds.includes(reference.kind)).map(({ id }) => id))];
  const subject = staffOf(context);
  const lookUp = (table: 'staff' | 'customer' | 'asset' | 'file', wanted: string[]) => (wanted.length === 0 ? []
    : context.transaction.run(build.selectFrom(table).select(['id', 'name']).where('tenant_id', '=', context.tenantId).where('id', 'in', wanted)));
  const [values, ...rows] = await Promise.all([
    showFields(context, form, stored),
    lookUp('staff', ids('person')),
    lookUp('customer', holds(subject, 'customer.read') ? ids('customer') : []),
    lookUp('asset', holds(subject, 'asset.read') ? ids('asset') : []),
    lookUp('file', ids('file', 'signature')),
  ]);
  return { values, names: Object.fromEntries(rows.flat().map((row) => [row.id, row.name])) };
}

/** A ticket's answers as the caller sees them (字段脱敏): those of fields marked so, masked. */
export async function showFields(context: Context, form: Form, values: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
  const masked = form.fields.filter((field) => field.masked && typeof values[field.key] === 'string');
  if (masked.length === 0) return { ...values };
  const masks = await masksOf(context);
  return { ...values, ...Object.fromEntries(masked.map(({ key }) => [key, masks.show('sensitive', values[key] as string)])) };
}
