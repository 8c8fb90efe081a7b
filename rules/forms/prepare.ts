import { referencedVariables } from '../conditions/check-rule.ts';
import type { Rule } from '../conditions/json.ts';
import type { Condition, FieldDefinition, Form, Section } from './form.ts';

/** What hides a field: its own condition or its section's. */
export interface Hiding {
  condition: Condition;
  /**
   * Answers are what hides it: then it has no answer itself. What is hidden from somebody, or in some state of the ticket,
   * keeps its answer.
   */
  byAnswers: boolean;
  /** It asks who acts; `byMore`: it looks at the ticket or at answers. */
  byActor: boolean;
  byMore: boolean;
}

export interface PreparedField {
  field: FieldDefinition;
  hiding: readonly Hiding[];
  /** Its readOnly rule looks at its own answer: that is then the answer as it was before. */
  readsItself: boolean;
}

export interface PreparedForm {
  byKey: ReadonlyMap<string, PreparedField>;
  /** Each field after those its visibility, protection and value depend on. */
  order: readonly PreparedField[];
  /** Keys along each circle that was found; none in a form that was checked. */
  circles: readonly (readonly string[])[];
  /** The fields that are hidden from some people. */
  closing: readonly PreparedField[];
}

const prepared = new WeakMap<Form, PreparedForm>();

/** Works out once for each form what depends on what. The form is not changed afterwards. */
export function prepareForm(form: Form): PreparedForm {
  const known = prepared.get(form);
  if (known) return known;
  const made = make(form);
  prepared.set(form, made);
  return made;
}

function rootsOf(condition: Condition | undefined): string[][] {
  return condition === undefined || typeof condition === 'boolean' ? [] : referencedVariables(condition as Rule).map((variable) => variable.split('.'));
}

/** Keys of the fields a rule reads. */
export function fieldsIn(condition: Condition | undefined): string[] {
  return [...new Set(rootsOf(condition).filter(([group, key]) => group === 'fields' && key !== undefined).map(([, key]) => key!))];
}

function hidingBy(condition: Condition | undefined): Hiding[] {
  if (condition === undefined || condition === true) return [];
  const groups = rootsOf(condition).map(([group]) => group);
  const [byFields, byTicket, byActor] = ['fields', 'ticket', 'actor'].map((group) => groups.includes(group)) as [boolean, boolean, boolean];
  return [{ condition, byAnswers: byFields && !byTicket && !byActor, byActor, byMore: byFields || byTicket }];
}

/** Keys of the fields that have to be known before this one, by the property that looks at them. */
export function dependenciesOf(field: FieldDefinition, section: Section | undefined): { property: 'visible' | 'readOnly' | 'formula' | 'columns'; keys: string[] }[] {
  const inRows = field.kind === 'table' ? field.columns.flatMap((column) => [column.required, column.kind === 'formula' ? column.formula : undefined]) : [];
  return [
    { property: 'visible', keys: [field.visible, section?.visible].flatMap(fieldsIn) },
    // Looking at its own answer, it means the one before.
    { property: 'readOnly', keys: fieldsIn(field.readOnly).filter((key) => key !== field.key) },
    { property: 'formula', keys: fieldsIn(field.kind === 'formula' ? field.formula : undefined) },
    { property: 'columns', keys: inRows.flatMap(fieldsIn) },
  ];
}

function make(form: Form): PreparedForm {
  const sections = new Map((form.sections ?? []).map((section) => [section.key, section]));
  const byKey = new Map<string, PreparedField>();
  const needs = new Map<string, string[]>();
  for (const field of form.fields) {
    if (byKey.has(field.key)) continue;
    const section = field.section === undefined ? undefined : sections.get(field.section);
    byKey.set(field.key, { field, hiding: [...hidingBy(section?.visible), ...hidingBy(field.visible)], readsItself: fieldsIn(field.readOnly).includes(field.key) });
    needs.set(field.key, [...new Set(dependenciesOf(field, section).flatMap(({ keys }) => keys))]);
  }
  const order: PreparedField[] = [];
  const circles: string[][] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (key: string): void => {
    if (done.has(key)) return;
    const at = path.indexOf(key);
    if (at >= 0) {
      circles.push(path.slice(at));
      return;
    }
    path.push(key);
    for (const needed of needs.get(key)!) if (byKey.has(needed)) visit(needed);
    path.pop();
    done.add(key);
    order.push(byKey.get(key)!);
  };
  for (const key of byKey.keys()) visit(key);
  return { byKey, order, circles, closing: [...byKey.values()].filter(({ hiding }) => hiding.some(({ byActor }) => byActor)) };
}
