import { dayIn } from '../../../rules/conditions/days.ts';
import { closedFields, closesFields, type Reading } from '../../../rules/forms/closed-fields.ts';
import type { Form, FormValues } from '../../../rules/forms/form.ts';
import { maskedFields, withMasks, type MaskedFields } from '../../../rules/forms/masked-fields.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import type { Fact } from '../../platform/facts/fact.ts';
import { masksOf, type Masks } from '../customer/personal-data/masks.ts';
import { configurationOf, type Configuration } from '../organization/configuration.ts';
import { formOf } from '../organization/forms.ts';
import { actorVariables, mentionsVariable, tiersFor, ticketVariables } from './fill-form.ts';
import type { TicketRow } from './row.ts';

type FieldsOf = Pick<TicketRow, 'type_id' | 'form_version'>;

/**
 * What of a ticket's answers is shown masked (脱敏范围): the form as it is published now says so, also on tickets made before,
 * as it does for lists and their conditions. A field it no longer has stays as in the form the ticket was made with.
 */
export function maskedIn(configuration: Configuration, { type_id: typeId }: FieldsOf, form: Form): MaskedFields {
  const present = configuration.types.get(typeId)?.form ?? form;
  const [now, then] = [maskedFields(present), maskedFields(form)];
  if (present === form || (then.fields.size === 0 && then.columns.size === 0)) return now;
  const keys = new Set(present.fields.map(({ key }) => key));
  return {
    fields: new Set([...now.fields, ...[...then.fields].filter((key) => !keys.has(key))]),
    columns: new Map([...then.columns, ...[...now.columns].map(([key, some]): [string, ReadonlySet<string>] => [key, new Set([...then.columns.get(key) ?? [], ...some])])]),
  };
}

/** A masked answer as the caller sees it: of what is no text, all or nothing. */
export function showSensitive(masks: Masks): (value: unknown) => unknown {
  return (value) => (typeof value === 'string' ? masks.show('sensitive', value) : masks.levels.sensitive === 'raw' ? value : null);
}

/** What the conditions of forms may know of the one who reads. */
async function readingOf(context: Context, configuration: Configuration, forms: readonly Form[]): Promise<Reading> {
  const now = context.now.toISOString();
  const actor = await actorVariables(context, forms.find((form) => mentionsVariable(form, 'actor.roles')) ?? forms[0]!);
  return { actor, now, today: dayIn(now, configuration.organization.timeZone) };
}

/** Of each of some tickets, which fields are closed to the caller; those of which none is are absent. */
export async function closedOf(context: Context, configuration: Configuration, tickets: readonly { ticket: TicketRow; form: Form }[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const closing = tickets.filter(({ form }) => closesFields(form));
  if (closing.length === 0) return new Map();
  const [reading, tiers] = await Promise.all([readingOf(context, configuration, closing.map(({ form }) => form)), tiersFor(context, closing.map(({ form, ticket }) => ({ form, customerId: ticket.customer_id })))]);
  return new Map(closing.map(({ ticket, form }) => [ticket.id, closedFields(form, reading, { fields: ticket.fields as FormValues, ticket: ticketVariables(ticket, tiers.get(ticket.customer_id ?? '') ?? null) })]));
}

const typesClosing = new WeakMap<Configuration, readonly { id: string; form: Form }[]>();

/** The fields of each type that are closed to the caller on one ticket or another (列表中不可用的字段), by the type's id. */
export async function closedByType(context: Context, configuration: Configuration): Promise<ReadonlyMap<string, readonly string[]>> {
  let types = typesClosing.get(configuration);
  if (!types) typesClosing.set(configuration, types = [...configuration.types.values()].filter(({ form }) => closesFields(form)).map(({ id, form }) => ({ id, form })));
  if (types.length === 0) return new Map();
  const reading = await readingOf(context, configuration, types.map(({ form }) => form));
  return new Map(types.map(({ id, form }) => [id, closedFields(form, reading)]));
}

/** How facts show answers to the caller. */
export type ShowAnswers = (fields: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/** How one ticket shows its answers to the caller (答案显示): without those closed to them, masked ones masked. */
export async function answersOf(context: Context, ticket: TicketRow): Promise<ShowAnswers> {
  const configuration = await configurationOf(context);
  const form = await formOf(context, configuration, ticket.type_id, ticket.form_version);
  const [closed, masks] = await Promise.all([closedOf(context, configuration, [{ ticket, form }]), masksOf(context)]);
  return showing(closed.get(ticket.id) ?? [], maskedIn(configuration, ticket, form), masks);
}

const showing = (closed: readonly string[], masked: MaskedFields, masks: Masks): ShowAnswers => (fields) => withMasks(Object.fromEntries(Object.entries(fields).filter(([key]) => !closed.includes(key))), masked, showSensitive(masks));

const tells = ({ data }: Fact): boolean => ['before', 'after'].some((side) => (data[side] as { fields?: unknown } | null | undefined)?.fields !== undefined);

/** The same for the facts of many tickets: as their forms are now, since what a ticket was like then nobody looks up. */
export async function answersInFacts(context: Context, facts: readonly Fact[]): Promise<(fact: Fact) => ShowAnswers> {
  const ids = [...new Set(facts.filter(tells).map(({ ticketId }) => ticketId).filter((id) => id !== null))];
  const whole: ShowAnswers = (fields) => ({ ...fields });
  if (ids.length === 0) return () => whole;
  const configuration = await configurationOf(context);
  const [tickets, closed, masks] = await Promise.all([
    context.transaction.run(build.selectFrom('ticket').select(['id', 'type_id', 'form_version']).where('tenant_id', '=', context.tenantId).where('id', 'in', ids)),
    closedByType(context, configuration), masksOf(context),
  ]);
  const shown = new Map(await Promise.all(tickets.map(async (ticket): Promise<[string, ShowAnswers]> => {
    const form = await formOf(context, configuration, ticket.type_id, ticket.form_version);
    return [ticket.id, showing(closed.get(ticket.type_id) ?? [], maskedIn(configuration, ticket, form), masks)];
  })));
  return ({ ticketId }) => (ticketId === null ? whole : shown.get(ticketId) ?? (() => ({})));
}
