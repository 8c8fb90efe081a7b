import { describeValueProblem } from '../../../contract/form-problems.ts';
import { isObject } from '../../../rules/conditions/json.ts';
import { applyForm, isSame } from '../../../rules/forms/apply-form.ts';
import { minorDigits } from '../../../rules/forms/currencies.ts';
import type { AppliedForm, ApplyOptions, FieldDefinition, Form, Section, ValueProblem } from '../../../rules/forms/form.ts';
import type { Language } from '../preferences.ts';
import { isDecimal, minorUnits, toAnswer } from './answers.ts';
import { keyOf, plainPath, type Filling } from './held.ts';

export { controlId, hold, leave, nothingFilled, refuse, type Filling } from './held.ts';

/** How a form is filled in: see {@link ApplyOptions}; the moment is asked for anew each time. */
export type FillingOptions = Omit<ApplyOptions, 'now' | 'touched'>;

/** A form as it stands while it is filled in (填写中的表单). */
export interface FormState {
  applied: AppliedForm;
  /** What is wrong, by path: `quantity`, `items/0/price`; only what may be said by now. */
  errors: Readonly<Record<string, string>>;
  /** How many fields are wrong, said or not. */
  wrong: number;
  /** What each control shows. */
  shown: (field: FieldDefinition) => unknown;
}

/** What the controls hold, made into answers (录入值); without formulas and what nobody touched. */
export function answersOf(form: Form, held: Filling['held']): Record<string, unknown> {
  return Object.fromEntries(form.fields.flatMap((field) => {
    const value = held[field.key];
    return value === undefined || field.kind === 'formula' ? [] : [[field.key, toAnswer(field, value)]];
  }));
}

/**
 * Works out how a form is to be drawn: what is visible, required, locked, reckoned, and what is wrong with it. The rule is
 * the one by which the server enforces the form; here it only decides in addition what may be said already.
 */
export function formState(form: Form, filling: Filling, options: FillingOptions, language: Language, now = new Date().toISOString()): FormState {
  const answers = answersOf(form, filling.held);
  const applied = applyForm(form, answers, { ...options, now });
  const left = new Set(filling.left);
  const errors: Record<string, string> = {};
  const wrong = new Set<string>();
  for (const problem of applied.problems) {
    const path = plainPath(problem.path);
    const key = keyOf(path);
    // What a rule has locked since it was typed is simply not sent.
    if (problem.code === 'read_only' || problem.code === 'unknown_field') continue;
    wrong.add(key);
    if (!filling.tried && !left.has(key)) continue;
    errors[path] ??= sentence(closer(problem, form, filling.held), language);
  }
  for (const [path, message] of Object.entries(filling.refused)) errors[path] ??= message;
  return {
    applied, errors, wrong: wrong.size,
    shown: ({ key }) => {
      const held = filling.held[key];
      const locked = applied.states[key]?.readOnly === true;
      return held === undefined || locked ? applied.values[key] : held;
    },
  };
}

/** A sum of too many places is no sum to the rule, which has minor units; whoever typed it is told what is too much. */
function closer(problem: ValueProblem, form: Form, held: Filling['held']): ValueProblem {
  if (problem.code !== 'type') return problem;
  const [key = '', row, cell] = plainPath(problem.path).split('/');
  const field = form.fields.find((one) => one.key === key);
  const column = field?.kind === 'table' && cell !== undefined ? field.columns.find((one) => one.key === cell) : field;
  const rows = held[key];
  const typed: unknown = field?.kind === 'table' ? (Array.isArray(rows) && isObject(rows[Number(row)]) ? (rows[Number(row)] as Record<string, unknown>)[cell ?? ''] : undefined) : rows;
  if (column?.kind !== 'money' || !isObject(typed) || typeof typed['text'] !== 'string') return problem;
  const digits = minorDigits(String(typed['currency']));
  return isDecimal(typed['text']) && minorUnits(typed['text'].replace(/\.\d*/, ''), String(typed['currency'])) !== null ? { path: problem.path, code: 'decimals', params: { limit: digits } } : problem;
}

function sentence(problem: Parameters<typeof describeValueProblem>[0], language: Language): string {
  const words = describeValueProblem(problem);
  return language === 'en' ? words.en.charAt(0).toUpperCase() + words.en.slice(1) : words.zh;
}

/** The answers to send (待提交的答案): of fields that are shown and may be changed; in an update only what was changed. */
export function answersToSend(form: Form, filling: Filling, state: FormState, previous: Readonly<Record<string, unknown>> | null = null): Record<string, unknown> {
  const answers = answersOf(form, filling.held);
  return Object.fromEntries(Object.entries(answers).filter(([key, value]) => {
    const field = state.applied.states[key];
    if (field === undefined || !field.visible || field.readOnly) return false;
    return previous === null ? value !== null && value !== '' : !isSame(value, previous[key]);
  }));
}

/** A section with the fields that are shown in it. */
export interface ShownSection { section: Section | null; fields: FieldDefinition[] }

/** The fields that are shown, by section (可见字段): those without one first, where the first of them stands; empty sections are left out. */
export function shownSections(form: Form, states: AppliedForm['states']): ShownSection[] {
  const sections = new Map((form.sections ?? []).map((section) => [section.key, section]));
  const shown = form.fields.filter((field) => states[field.key]?.visible !== false);
  const groups: ShownSection[] = [{ section: null, fields: shown.filter((field) => field.section === undefined || !sections.has(field.section)) }];
  for (const section of sections.values()) groups.push({ section, fields: shown.filter((field) => field.section === section.key) });
  return groups.filter((group) => group.fields.length > 0);
}

/** The path of the first thing that is wrong, in the order of the form; undefined when nothing is. */
export function firstWrong(form: Form, state: FormState): string | undefined {
  const paths = Object.keys(state.errors);
  for (const { fields } of shownSections(form, state.applied.states)) {
    for (const field of fields) {
      const path = paths.find((one) => keyOf(one) === field.key);
      if (path !== undefined) return path;
    }
  }
  return undefined;
}
