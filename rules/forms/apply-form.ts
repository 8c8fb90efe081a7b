import { dayIn, normaliseInstant } from '../conditions/days.ts';
import type { Budget } from '../conditions/json-logic.ts';
import { isObject, own, pointer } from '../conditions/json.ts';
import { checkValue, dayLimit, isEmpty, type Checked, type ValueContext } from './field-values.ts';
import { prepareForm, type PreparedField, type PreparedForm } from './prepare.ts';
import { holds, reckon } from './formula.ts';
import { formLimits, type AppliedForm, type ApplyOptions, type FieldDefinition, type FieldState, type Form, type FormValues, type FormVariables, type FormulaFailure, type ValueProblem } from './form.ts';
import { checkRows } from './table.ts';

/**
 * Applies a form to answers (表单求值): the one function by which browsers draw a form and the server enforces it.
 *
 * - Answers are brought into the form they are stored in; null is an answer left empty on purpose.
 * - A field that other answers hide has no answer: conditions and formulas see null, and nothing of it is stored. A field
 *   hidden from this person, or in this state of the ticket, keeps the answer it had, and may not be given another.
 * - Read-only fields keep what they had; another answer is a problem. An answer that is not changed is not checked again.
 * - Defaults fill in what was never answered: when creating, and when a change makes a field appear.
 * - Formulas are reckoned anew each time; what is given for them is passed over.
 * - Answers to fields the form no longer has stay as they were.
 *
 * Never throws. Applied to its own values it gives them back. With problems, nothing is to be stored.
 */
export function applyForm(form: Form, values: FormValues, options: ApplyOptions): AppliedForm {
  return run(prepareForm(form), isObject(values) ? values : {}, options, { left: formLimits.steps });
}

interface Applying {
  prepared: PreparedForm;
  given: FormValues;
  previous: FormValues;
  options: ApplyOptions;
  variables: FormVariables;
  fields: Record<string, unknown>;
  /** Values to store; undefined for what is not answered. */
  stored: Map<string, unknown>;
  problems: Map<string, ValueProblem[]>;
  standing: Map<string, { visibility: Visibility; readOnly: boolean }>;
  failures: Map<string, FormulaFailure>;
  context: ValueContext;
  /** How the form stood before the change, for an update. */
  before: () => AppliedForm | null;
}

/** absent: answers hide it. unseen: hidden from this person, or in this state. */
type Visibility = 'shown' | 'absent' | 'unseen';

function run(prepared: PreparedForm, given: FormValues, options: ApplyOptions, budget: Budget): AppliedForm {
  const previous = isObject(options.previous) ? options.previous : {};
  const now = normaliseInstant(options.now) ?? '1970-01-01T00:00:00.000Z';
  const today = dayIn(now, options.timeZone);
  const fields: Record<string, unknown> = {};
  let before: AppliedForm | null | undefined;
  const applying: Applying = {
    prepared, given, previous, options, fields,
    variables: { fields, ticket: options.ticket ?? {}, actor: options.actor, now, today },
    stored: new Map(), problems: new Map(), standing: new Map(), failures: new Map(),
    context: { today, timeZone: options.timeZone, isImport: options.mode === 'import', budget },
    before: () => (before ??= options.mode === 'update' && Object.keys(given).length > 0 ? run(prepared, {}, { ...options, touched: undefined }, budget) : null),
  };
  // Rules may read any field, also those whose turn comes later.
  for (const key of prepared.byKey.keys()) fields[key] = null;
  for (const field of prepared.order) answer(field, applying);
  const states: Record<string, FieldState> = {};
  for (const field of prepared.byKey.values()) states[field.field.key] = conclude(field, applying);
  return { values: valuesOf(applying), problems: told(applying, states), states };
}

function visibilityOf({ field, hiding }: PreparedField, { options, variables, context }: Applying): Visibility {
  let visibility: Visibility = options.actor.kind === 'customer' && field.audience !== 'everyone' ? 'unseen' : 'shown';
  for (const { condition, byAnswers } of hiding) {
    // A condition that cannot be evaluated hides nothing: better shown in vain than lost.
    if (holds(condition, variables, true, true, context.budget)) continue;
    if (byAnswers) return 'absent';
    visibility = 'unseen';
  }
  return visibility;
}

/** Settles one field's visibility, whether it may be changed, and its answer; those it depends on are settled. */
function answer(prepared: PreparedField, applying: Applying): void {
  const { field } = prepared;
  const visibility = visibilityOf(prepared, applying);
  const readOnly = isReadOnly(prepared, applying);
  applying.standing.set(field.key, { visibility, readOnly });
  if (visibility === 'absent') return;
  const isLocked = (readOnly || visibility === 'unseen') && applying.options.mode !== 'import';
  const value = field.kind === 'formula' ? reckoned(field, applying) : isLocked ? kept(field, applying) : given(field, applying);
  if (value === undefined) return;
  applying.stored.set(field.key, value);
  applying.fields[field.key] = value;
}

/** A rule that locks a field once it is answered means the answer as it was before. A protection that cannot be evaluated protects. */
function isReadOnly({ field, readsItself }: PreparedField, { variables, previous, context }: Applying): boolean {
  const asBefore = readsItself ? { ...variables, fields: { ...variables.fields, [field.key]: own(previous, field.key) ?? null } } : variables;
  return holds(field.readOnly, asBefore, false, true, context.budget);
}

function reckoned(field: Extract<FieldDefinition, { kind: 'formula' }>, applying: Applying): unknown {
  const { value, failure } = reckon(field, applying.variables, applying.context.budget);
  if (failure !== undefined) applying.failures.set(field.key, failure);
  return value;
}

/** The answer as it was, or as it is to begin with; another one is not taken. */
function kept(field: FieldDefinition, applying: Applying): unknown {
  const before = own(applying.previous, field.key);
  const value = before !== undefined ? revised(field, before, applying) : defaultOf(field, applying);
  const now = own(applying.given, field.key);
  if (now !== undefined && !isSame(before ?? null, now) && !isSame(value ?? null, now)) {
    const checked = check(field, now, { ...applying.context, previous: before }, applying);
    if (checked.problems || !isSame(checked.value, value ?? null)) applying.problems.set(field.key, [{ path: pointer('', field.key), code: 'read_only' }]);
  }
  return value;
}

function given(field: FieldDefinition, applying: Applying): unknown {
  const before = own(applying.previous, field.key);
  const now = own(applying.given, field.key);
  if (now === undefined) return before !== undefined ? revised(field, before, applying) : defaultOf(field, applying);
  if (before !== undefined && isSame(before, now)) return revised(field, before, applying);
  const checked = check(field, now, { ...applying.context, previous: before }, applying);
  if (checked.problems) applying.problems.set(field.key, checked.problems.map((problem) => ({ ...problem, path: pointer('', field.key) + problem.path })));
  // What cannot be stored counts as empty.
  return checked.value ?? null;
}

function check(field: FieldDefinition, value: unknown, context: ValueContext, applying: Applying): Checked {
  return field.kind === 'table' ? checkRows(field, value, applying.variables, context) : checkValue(field, value, context);
}

/** An answer that is not changed stays as it is; only the formulas in a table's rows may have changed with other answers. */
function revised(field: FieldDefinition, before: unknown, applying: Applying): unknown {
  if (field.kind !== 'table' || !Array.isArray(before) || !field.columns.some((column) => column.kind === 'formula')) return before;
  return before.map((row: unknown) => {
    if (!isObject(row)) return row;
    const cells: Record<string, unknown> = { ...row };
    for (const column of field.columns) if (column.kind === 'formula') cells[column.key] = reckon(column, { ...applying.variables, row: cells }, applying.context.budget).value;
    return cells;
  });
}

function defaultOf(field: FieldDefinition, applying: Applying): unknown {
  const { options, context } = applying;
  if (!('default' in field) || field.default === undefined || options.mode === 'import') return undefined;
  if (options.mode === 'update') {
    // Only what a change makes appear.
    const before = applying.standing.get(field.key)?.visibility === 'shown' ? applying.before() : null;
    if (before === null || before.states[field.key]?.visible !== false) return undefined;
  }
  let value: unknown = field.default;
  if (field.kind === 'date') value = dayLimit(field.default, context.today);
  if (field.kind === 'date_time' && value === 'now') value = applying.variables.now;
  if (field.kind === 'person' && value === 'me') value = options.actor.kind === 'staff' ? options.actor.id ?? null : null;
  const checked = check(field, value, context, applying);
  return checked.problems || checked.value === null ? undefined : checked.value;
}

/** What is drawn, and what is still missing, now that all answers are known. */
function conclude({ field }: PreparedField, applying: Applying): FieldState {
  const { key } = field;
  const { visibility, readOnly } = applying.standing.get(key)!;
  const failure = applying.failures.get(key);
  const visible = visibility === 'shown';
  if (field.kind === 'formula' || !visible) return { visible, required: false, readOnly: true, ...(failure === undefined ? {} : { failure }) };
  // Nobody could fill in what nobody may change.
  const required = !readOnly && holds(field.required, applying.variables, false, false, applying.context.budget);
  if (required && isEmpty(applying.stored.get(key)) && !applying.problems.has(key)) applying.problems.set(key, [{ path: pointer('', key), code: 'required' }]);
  return { visible, required, readOnly };
}

/** Answers in the order of the form, then those to fields it no longer has. */
function valuesOf({ prepared, stored, previous }: Applying): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const key of prepared.byKey.keys()) if (stored.has(key)) values[key] = stored.get(key);
  for (const key of Object.keys(previous)) if (!prepared.byKey.has(key) && key !== '__proto__') values[key] = previous[key];
  return values;
}

const mostProblems = 200;

function told(applying: Applying, states: Record<string, FieldState>): ValueProblem[] {
  const { prepared, given, previous, options, problems } = applying;
  const told: ValueProblem[] = [];
  const touched = options.touched ? new Set(options.touched) : null;
  for (const [key] of prepared.byKey) {
    const list = problems.get(key);
    if (!list) continue;
    // In an update, what the change brought about is told whichever keys are asked about.
    if (!touched?.has(key) && (options.mode === 'update' ? wasMissingBefore(key, list, applying, states) : touched !== null)) continue;
    told.push(...list);
  }
  for (const key of Object.keys(given)) {
    if (prepared.byKey.has(key) || told.length >= mostProblems) continue;
    const before = own(previous, key);
    const path = pointer('', key.slice(0, formLimits.key));
    if (before === undefined && !isEmpty(given[key])) told.push({ path, code: 'unknown_field', params: { field: key.slice(0, formLimits.key) } });
    else if (before !== undefined && !isSame(before, given[key])) told.push({ path, code: 'read_only' });
  }
  // What was not gone through any more is not known: nothing of it is stored.
  if (applying.context.budget!.left < 0) told.unshift({ path: '', code: 'too_long' });
  return told.slice(0, mostProblems);
}

/** A gap that was there before, in a field nobody touched: it does not stand in the way of other changes. */
function wasMissingBefore(key: string, problems: readonly ValueProblem[], { given, before, previous }: Applying, states: Record<string, FieldState>): boolean {
  if (problems[0]?.code !== 'required' || problems[0].path !== pointer('', key) || !states[key]?.required) return false;
  const now = own(given, key);
  if (now !== undefined && !isSame(own(previous, key) ?? null, now)) return false;
  const stood = before();
  return stood === null || (stood.states[key]?.required === true && isEmpty(own(stood.values, key)));
}

/** Whether two values of JSON are the same; absent is null. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a === null || a === undefined || b === null || b === undefined) return (a ?? null) === (b ?? null);
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, index) => isSame(item, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && isSame(a[name], b[name]));
}
