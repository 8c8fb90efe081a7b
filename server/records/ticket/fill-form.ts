import { describeValueProblem } from '../../../contract/form-problems.ts';
import { pointerStep } from '../../../contract/validation.ts';
import { applyForm } from '../../../rules/forms/apply-form.ts';
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
  mode: ApplyOptions['mode'];
  given: Readonly<Record<string, unknown>>;
  /** What the ticket has now; `given` are changes of it. */
  previous?: Readonly<Record<string, unknown>>;
  ticket: TicketVariables;
  /** Only the problems of these fields count; see `applyForm`. */
  touched?: readonly string[];
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
  const given = await withoutMasks(context, form, filling.given, previous);
  const applied = applyForm(form, given, {
    mode: filling.mode, previous, ticket: filling.ticket, actor: await actorVariables(context, form), now: context.now.toISOString(), timeZone: configuration.organization.timeZone,
    ...(filling.touched ? { touched: filling.touched } : {}),
  });
  const unknown = applied.problems.find((problem) => problem.code === 'unknown_field');
  if (unknown) throw refuseInput(`/fields${unknown.path}`, 'unknown_field', { type: { zh: type.name, en: type.nameEn ?? type.name }, field: String(unknown.params?.['field'] ?? unknown.path.slice(1)) });
  ensureNone(applied.problems.map(asError));
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

/** A masked answer that comes back as it was shown was not changed. */
async function withoutMasks(context: Context, form: Form, given: Readonly<Record<string, unknown>>, previous: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
  const masked = form.fields.filter((field) => field.masked && typeof given[field.key] === 'string' && typeof previous[field.key] === 'string');
  if (masked.length === 0) return { ...given };
  const masks = await masksOf(context);
  const same = new Set(masked.filter(({ key }) => given[key] === masks.show('sensitive', previous[key] as string)).map(({ key }) => key));
  return Object.fromEntries(Object.entries(given).filter(([key]) => !same.has(key)));
}

/** Which fields of a form are shown masked, and read only. */
export const maskedKeys = (form: Form): string[] => form.fields.filter((field) => field.masked).map((field) => field.key);

const mentions = new WeakMap<Form, Map<string, boolean>>();

/** Whether any rule of a form looks at something: what nobody asks for need not be looked up. */
export function mentionsVariable(form: Form, name: string): boolean {
  const known = mentions.get(form) ?? new Map<string, boolean>();
  mentions.set(form, known);
  const present = known.get(name) ?? JSON.stringify(form).includes(name);
  known.set(name, present);
  return present;
}

async function actorVariables(context: Context, form: Form): Promise<ActorVariables> {
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
  if (customerId === null || !mentionsVariable(form, 'ticket.customerTier')) return null;
  return (await context.transaction.first(build.selectFrom('customer').select('tier').where('tenant_id', '=', context.tenantId).where('id', '=', customerId)))?.tier ?? null;
}

/** Where a field stands in a request. */
export const fieldPath = (key: string): string => `/fields${pointerStep(key)}`;
