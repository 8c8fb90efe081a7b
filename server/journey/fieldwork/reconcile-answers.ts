import type { VisitConflict } from '../../../contract/visit.ts';
import { closesFields } from '../../../rules/forms/closed-fields.ts';
import type { Form } from '../../../rules/forms/form.ts';
import { inWords } from '../../../rules/forms/in-words.ts';
import { mergeAnswers } from '../../../rules/ticket/field-sync.ts';
import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import { formOf } from '../../records/organization/forms.ts';
import type { TicketRow } from '../../records/ticket/row.ts';
import { maskedIn } from '../../records/ticket/shown-fields.ts';

interface Change {
  actor_id: string | null;
  actor_name: string | null;
  occurred_at: Date;
  fields: Record<string, unknown>;
  own: boolean;
}

// `own`: written by a step of the same device, in whose transaction its command was kept.
const findChanges = statement<Change>('visit.answer_changes', `
  SELECT f.actor_id, f.actor_name, f.occurred_at, f.data->'after'->'fields' AS fields, EXISTS (
    SELECT FROM field_command c WHERE c.tenant_id = $1 AND c.staff_id = $4 AND c.device_id = $5 AND c.visit_id = $6 AND c.applied_at = f.recorded_at) AS own
  FROM fact f WHERE f.tenant_id = $1 AND f.ticket_id = $2 AND f.recorded_at >= $3 AND jsonb_typeof(f.data->'after'->'fields') = 'object'
  ORDER BY f.ticket_position DESC LIMIT 200`);

type InBoth = VisitConflict['label'];

/** What a visit keeps of conflicts at most. */
const mostConflicts = 50;

/**
 * The answers of a step as they are to be taken (合并现场填写), and what had been changed meanwhile, at the office or on another device of the technician's: field by
 * field, by the rules of `rules/ticket/field-sync.ts`. What the same device changed before is no conflict: it had not heard that it was taken. Of fields that are
 * shown masked nothing can be compared: there the answer is taken.
 *
 * @param told the step; its `seen` is what the technician saw of these fields when they answered
 */
export async function reconcileAnswers(
  context: Context, { ticket, visit }: { ticket: TicketRow; visit: { id: string; created_at: Date; technician_id: string } },
  { fields: answers, seen, device }: { fields?: Readonly<Record<string, unknown>>; seen?: Readonly<Record<string, unknown>>; device?: { id: string } }, at: Date,
): Promise<{ fields: Record<string, unknown> | undefined; conflicts: VisitConflict[] }> {
  if (answers === undefined || seen === undefined) return { fields: answers && { ...answers }, conflicts: [] };
  const configuration = await configurationOf(context);
  const form = await formOf(context, configuration, ticket.type_id, ticket.form_version);
  const { fields: masked } = maskedIn(configuration, ticket, form);
  const compared = Object.fromEntries(Object.entries(seen).filter(([key]) => !masked.has(key)));
  const present = ticket.fields as Record<string, unknown>;
  const answeredAt = at.toISOString();
  // Mostly nobody else was at it, and nothing has to be looked up.
  const first = mergeAnswers(answers, compared, present, { answeredAt, changedAt: () => null });
  if (first.conflicts.length === 0) return { fields: first.taken, conflicts: [] };
  const changes = await context.transaction.query(findChanges, [context.tenantId, ticket.id, visit.created_at, visit.technician_id, device?.id ?? null, visit.id]);
  const changeOf = (field: string) => changes.find(({ fields }) => Object.hasOwn(fields, field));
  // What this device wrote last is what it goes on from, whether it has heard of it or not.
  const unheard = Object.fromEntries(Object.keys(compared).filter((key) => changeOf(key)?.own === true).map((key) => [key, present[key]]));
  const { taken, conflicts } = mergeAnswers(answers, { ...compared, ...unheard }, present, { answeredAt, changedAt: (field) => changeOf(field)?.occurred_at.toISOString() ?? null });
  // Whoever reads the visit may be one of those to whom a field is closed: then its versions are left to the history, which knows who reads.
  const open = !closesFields(form);
  return {
    fields: taken,
    conflicts: conflicts.slice(0, mostConflicts).map(({ field, technician, office, kept, rule }) => ({ field, label: labelOf(form, field), technician: open ? wordsOf(form, field, technician) : null, office: open ? wordsOf(form, field, office) : null, kept, rule, by: changeOf(field)?.actor_name ?? null, own: changeOf(field)?.actor_id === visit.technician_id, at: answeredAt })),
  };
}

function labelOf(form: Form, key: string): InBoth {
  const label = form.fields.find((field) => field.key === key)?.label;
  return { zh: label?.zh ?? key, en: label?.en ?? label?.zh ?? key };
}

function wordsOf(form: Form, key: string, value: unknown): InBoth {
  const field = form.fields.find((one) => one.key === key);
  const said = (language: 'zh' | 'en') => (field === undefined ? JSON.stringify(value ?? null) : inWords(field, value, language)).slice(0, 500);
  return { zh: said('zh'), en: said('en') };
}
