import { describeValueProblem } from '../../../contract/form-problems.ts';
import { pointerStep } from '../../../contract/validation.ts';
import { isObject } from '../../../rules/conditions/json.ts';
import { applyForm } from '../../../rules/forms/apply-form.ts';
import { hiddenAnswers } from '../../../rules/forms/hidden-answers.ts';
import type { MaskedFields } from '../../../rules/forms/masked-fields.ts';
import type { ActorVariables, ApplyOptions, Form, TicketVariables, ValueProblem } from '../../../rules/forms/form.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal, refuseInput, type InputError } from '../../platform/errors/refusal.ts';
import { masksOf } from '../customer/personal-data/masks.ts';
import type { Configuration, ConfiguredType } from '../organization/configuration.ts';
import { checkReferences } from './check-references.ts';
import { priorityName, statusOf, type TicketRow } from './row.ts';

/** Answers to a form that are to be stored on a ticket. */
export interface Filling {
  type: Pick<ConfiguredType, 'name' | 'nameEn'>;
  form: Form;
  /** What of the previous answers the caller was shown masked; nothing when absent. */
  masked?: MaskedFields;
  mode: ApplyOptions['mode'];
  given: Readonly<Record<string, unknown>>;
  /** What the ticket has now; `given` are changes of it. */
  previous?: Readonly<Record<string, unknown>>;
  ticket: TicketVariables;
  /** Only the problems of these fields count; see `applyForm`. */
  touched?: readonly string[];
  /** Which of `given` nobody gave just now (presets, what another ticket had): where the form hides them they are left out. */
  carried?: readonly string[];
}

export interface Filled {
  /** What is stored. */
  values: Record<string, unknown>;
  /** Files that the new answers name and that have to be attached to the ticket. */
  fileIds: string[];
}

const mostErrors = 20;

/**
 * Fills in a form (填写表单), enforced by the same rule that draws it on screen: answers are brought into the form they are
 * stored in, defaults and formulas filled in, and what they refer to has to be there and within the caller's sight.
 *
 * @throws Refusal unknown_field, invalid_input with one error for each wrong answer, below `/fields`
 */
export async function fillForm(context: Context, configuration: Configuration, filling: Filling): Promise<Filled> {
  const { form, previous = {}, type } = filling;
  if (form.fields.length === 0 && Object.keys(filling.given).length === 0) return { values: { ...previous }, fileIds: [] };
  const given = await withoutMasks(context, filling.masked, filling.given, previous);
  const applied = applyForm(form, given, {
    mode: filling.mode, previous, ticket: filling.ticket, actor: await actorVariables(context, form), now: context.now.toISOString(), timeZone: configuration.organization.timeZone,
    ...(filling.touched ? { touched: filling.touched } : {}),
  });
  const unknown = applied.problems.find((problem) => problem.code === 'unknown_field');
  if (unknown) throw refuseInput(`/fields${unknown.path}`, 'unknown_field', { type: { zh: type.name, en: type.nameEn ?? type.name }, field: String(unknown.params?.['field'] ?? unknown.path.slice(1)) });
  ensureNone(applied.problems.map(asError));
  const { carried = [] } = filling;
  const said = carried.length === 0 ? given : Object.fromEntries(Object.entries(given).filter(([key]) => !carried.includes(key)));
  // Which fields are hidden is known once the answers they depend on are right.
  ensureNone(hiddenAnswers(form, applied, said, previous).map(asError));
  const { problems, fileIds } = await checkReferences(context, form, applied.values, previous);
  ensureNone(problems.map((problem) => ({ path: `/fields${problem.path}`, code: problem.code, message: problem.message })));
  return { values: applied.values, fileIds };
}

function asError(problem: ValueProblem): InputError {
  return { path: `/fields${problem.path}`, code: problem.code, message: describeValueProblem(problem) };
}

function ensureNone(errors: InputError[]): void {
  if (errors.length > 0) throw new Refusal('invalid_input', {}, { errors: errors.slice(0, mostErrors) });
}

/** A masked answer that comes back as it was shown was not changed; nor was a cell of a row that stands where it stood. */
async function withoutMasks(context: Context, masked: MaskedFields | undefined, given: Readonly<Record<string, unknown>>, previous: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
  if (!masked || (masked.fields.size === 0 && masked.columns.size === 0)) return { ...given };
  const masks = await masksOf(context);
  const isShown = (value: unknown, stored: unknown) => typeof value === 'string' && typeof stored === 'string' && value === masks.show('sensitive', stored);
  return Object.fromEntries(Object.entries(given).flatMap(([key, value]): [string, unknown][] => {
    const stored = Object.hasOwn(previous, key) ? previous[key] : undefined;
    if (masked.fields.has(key)) return isShown(value, stored) ? [] : [[key, value]];
    const columns = masked.columns.get(key);
    if (!columns || !Array.isArray(value) || !Array.isArray(stored)) return [[key, value]];
    return [[key, value.map((row: unknown, index) => {
      const before: unknown = stored[index];
      if (!isObject(row) || !isObject(before)) return row;
      return Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, columns.has(name) && isShown(cell, before[name]) ? before[name] : cell]));
    })]];
  }));
}

const mentions = new WeakMap<Form, Map<string, boolean>>();

/** Whether any rule of a form looks at something: what nobody asks for need not be looked up. */
export function mentionsVariable(form: Form, name: string): boolean {
  const known = mentions.get(form) ?? new Map<string, boolean>();
  mentions.set(form, known);
  const present = known.get(name) ?? JSON.stringify(form).includes(name);
  known.set(name, present);
  return present;
}

/** What the rules of a form may know of the caller; their roles only where a rule asks for them. */
export async function actorVariables(context: Context, form: Form): Promise<ActorVariables> {
  const { actor, caller, tenantId, transaction } = context;
  if (caller.kind !== 'staff') return { kind: actor.kind, id: actor.id };
  const { staffId, teamIds, departmentIds } = caller.subject;
  const roles = !mentionsVariable(form, 'actor.roles') ? [] : (await transaction.run(build.selectFrom('staff_role').innerJoin('role', (join) => join.onRef('role.tenant_id', '=', 'staff_role.tenant_id').onRef('role.id', '=', 'staff_role.role_id'))
    .select(['role.id', 'role.key']).where('staff_role.tenant_id', '=', tenantId).where('staff_role.staff_id', '=', staffId))).map((role) => role.key ?? role.id);
  return { kind: actor.kind, id: staffId, teams: teamIds, departments: departmentIds, roles };
}

/** What the rules of a form may look at of a ticket. */
export function ticketVariables(ticket: TicketRow, customerTier: string | null = null): TicketVariables {
  return {
    status: statusOf(ticket), statusId: ticket.status_id, priority: priorityName(ticket.priority), type: ticket.type_id, category: ticket.category_id, channel: ticket.channel, team: ticket.team_id,
    department: ticket.department_id, assignee: ticket.assignee_id, waitingFor: ticket.waiting_for, tags: ticket.tags, subject: ticket.subject, customer: ticket.customer_id, customerTier, asset: ticket.asset_id,
  };
}

/** The tier of a ticket's customer, looked up only where a rule of the form asks for it. */
export async function tierFor(context: Pick<Context, 'tenantId' | 'transaction'>, form: Form, customerId: string | null): Promise<string | null> {
  return (await tiersFor(context, [{ form, customerId }])).get(customerId ?? '') ?? null;
}

/** The tiers of several customers by their ids, of those alone for whom a rule of the form asks. */
export async function tiersFor({ tenantId, transaction }: Pick<Context, 'tenantId' | 'transaction'>, wanted: readonly { form: Form; customerId: string | null }[]): Promise<Map<string, string | null>> {
  const ids = [...new Set(wanted.flatMap(({ form, customerId }) => (customerId !== null && mentionsVariable(form, 'ticket.customerTier') ? [customerId] : [])))];
  if (ids.length === 0) return new Map();
  return new Map((await transaction.run(build.selectFrom('customer').select(['id', 'tier']).where('tenant_id', '=', tenantId).where('id', 'in', ids))).map((row) => [row.id, row.tier]));
}

/** Where a field stands in a request. */
export const fieldPath = (key: string): string => `/fields${pointerStep(key)}`;
