import type { Column, FieldDefinition, Form, Option, TreeOption } from '../../../../rules/forms/form.ts';
import { priorities, ticketStatuses } from '../../../../rules/ticket/lifecycle.ts';
import { wordsIn } from '../../../ui/form/answers.ts';
import type { Language } from '../../../ui/preferences.ts';
import { words } from '../../../ui/words.ts';
import type { Comparison } from './simple-condition.ts';

export type VariableChoice = { value: string; label: string };
/** What a condition may look at, and how its value is given. */
export interface Variable {
  path: string;
  label: string;
  group: 'fields' | 'ticket' | 'actor';
  value: 'text' | 'number' | 'date' | 'boolean' | 'choices' | 'presence';
  /** It holds several: one asks whether it contains something. */
  isList: boolean;
  choices?: VariableChoice[];
}

const flat = (options: readonly (Option | TreeOption)[], language: Language, above = ''): VariableChoice[] =>
  options.flatMap((option) => {
    const label = `${above}${wordsIn(option.label, language)}`;
    return [{ value: option.key, label }, ...('children' in option ? flat(option.children ?? [], language, `${label} / `) : [])];
  });

type Say = (key: 'variable.amount' | 'variable.currency', values: { field: string }) => string;

function ofField(field: FieldDefinition | Column, root: string, language: Language, say: Say): Variable[] {
  const label = wordsIn(field.label, language) || field.key;
  const base = { path: `${root}.${field.key}`, label, group: 'fields' as const, isList: false };
  switch (field.kind) {
    case 'number': return [{ ...base, value: 'number' }];
    case 'money': return [{ ...base, path: `${base.path}.amount`, label: say('variable.amount', { field: label }), value: 'number' }, { ...base, path: `${base.path}.currency`, label: say('variable.currency', { field: label }), value: 'choices', choices: field.currencies.map((currency) => ({ value: currency, label: currency })) }];
    case 'date': return [{ ...base, value: 'date' }];
    case 'boolean': return [{ ...base, value: 'boolean' }];
    case 'choice': case 'tree': return [{ ...base, value: 'choices', choices: flat(field.options, language) }];
    case 'choices': return [{ ...base, value: 'choices', isList: true, choices: flat(field.options, language) }];
    case 'formula': return field.result === 'money' ? [{ ...base, path: `${base.path}.amount`, label: say('variable.amount', { field: label }), value: 'number' }] : [{ ...base, value: field.result === 'text' ? 'text' : field.result === 'boolean' ? 'boolean' : field.result === 'date' ? 'date' : 'number' }];
    case 'text': case 'long_text': case 'time': case 'date_time': return [{ ...base, value: 'text' }];
    default: return [{ ...base, value: 'presence' }];
  }
}

/** All that the conditions of a form may look at (条件变量). */
export function variablesOf(form: Form, columns: readonly Column[], language: Language, say: Say, named: (key: 'status' | 'priority' | 'category' | 'channel' | 'team' | 'tags' | 'subject' | 'customerTier' | 'actorKind' | 'actorTeams') => string, lists: { categories: VariableChoice[]; teams: VariableChoice[]; actors: VariableChoice[]; channels: VariableChoice[] }): Variable[] {
  const ticket = (path: string, label: string, more: Partial<Variable> = {}): Variable => ({ path: `ticket.${path}`, label, group: 'ticket', value: 'text', isList: false, ...more });
  return [
    ...columns.flatMap((column) => ofField(column, 'row', language, say)),
    ...form.fields.flatMap((field) => ofField(field, 'fields', language, say)),
    ticket('status', named('status'), { value: 'choices', choices: ticketStatuses.map((status) => ({ value: status, label: words(`status.${status}`) })) }),
    ticket('priority', named('priority'), { value: 'choices', choices: priorities.map((priority) => ({ value: priority, label: words(`priority.${priority}`) })) }),
    ticket('category', named('category'), { value: 'choices', choices: lists.categories }),
    ticket('channel', named('channel'), { value: 'choices', choices: lists.channels }),
    ticket('team', named('team'), { value: 'choices', choices: lists.teams }),
    ticket('tags', named('tags'), { isList: true }),
    ticket('subject', named('subject')),
    ticket('customerTier', named('customerTier')),
    { path: 'actor.kind', label: named('actorKind'), group: 'actor', value: 'choices', isList: false, choices: lists.actors },
    { path: 'actor.teams', label: named('actorTeams'), group: 'actor', value: 'choices', isList: true, choices: lists.teams },
  ];
}

/** How a variable may be compared. */
export function comparisonsOf(variable: Variable | undefined): readonly Comparison[] {
  if (variable === undefined) return ['is', 'is_not', 'empty', 'not_empty'];
  if (variable.isList) return ['contains', 'not_contains', 'empty', 'not_empty'];
  switch (variable.value) {
    case 'presence': return ['not_empty', 'empty'];
    case 'boolean': return ['is', 'empty', 'not_empty'];
    case 'choices': return ['is', 'is_not', 'in', 'not_in', 'empty', 'not_empty'];
    case 'number': return ['is', 'is_not', 'more', 'at_least', 'less', 'at_most', 'empty', 'not_empty'];
    case 'date': return ['is', 'more', 'at_least', 'less', 'at_most', 'empty', 'not_empty'];
    case 'text': return ['is', 'is_not', 'contains', 'not_contains', 'empty', 'not_empty'];
  }
}
