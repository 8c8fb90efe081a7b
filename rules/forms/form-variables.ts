import type { Known } from '../conditions/check-rule.ts';
import { actorVariables, ticketVariables, type Column, type FieldDefinition } from './form.ts';

/** What a rule may read of one field's answer. */
function knownOf(field: FieldDefinition | Column): Known {
  switch (field.kind) {
    case 'money': return { amount: 'value', currency: 'value' };
    case 'place': return { lat: 'value', lng: 'value', address: 'value' };
    case 'choices': case 'file': return ['value'];
    case 'formula': return field.result === 'money' ? { amount: 'value', currency: 'value' } : 'value';
    case 'table': return [Object.fromEntries(field.columns.map((column) => [column.key, knownOf(column)]))];
    default: return 'value';
  }
}

const lists = new Set(['tags', 'teams', 'departments', 'roles']);
const named = (names: readonly string[]): Known => Object.fromEntries(names.map((name): [string, Known] => [name, lists.has(name) ? ['value'] : 'value']));

/** What the rules of a form may read (表单变量); with `columns`, those of a table's columns. */
export function formVariables(fields: readonly FieldDefinition[], columns?: readonly Column[]): Known {
  return {
    fields: Object.fromEntries(fields.map((field) => [field.key, knownOf(field)])),
    ticket: named(ticketVariables), actor: named(actorVariables), now: 'value', today: 'value',
    ...(columns ? { row: Object.fromEntries(columns.map((column) => [column.key, knownOf(column)])) } : {}),
  };
}
