import { isObject, type Json, type Rule } from '../../../../rules/conditions/json.ts';

/** How one line of a condition compares (比较方式). */
export const comparisons = ['is', 'is_not', 'in', 'not_in', 'contains', 'not_contains', 'empty', 'not_empty', 'less', 'at_most', 'more', 'at_least'] as const;
export type Comparison = (typeof comparisons)[number];

/** One line of a condition: a variable, how it compares, with what. */
export interface Line { variable: string; comparison: Comparison; value: Json }
/** A condition one can build by choosing (简单条件): all lines hold, or any of them. */
export interface SimpleCondition { join: 'all' | 'any'; lines: Line[] }

// Strictly: loosely, an empty answer would equal 0 and “no”.
const signs = { is: '===', is_not: '!==', less: '<', at_most: '<=', more: '>', at_least: '>=' } as const;
const bySign: Readonly<Record<string, Comparison>> = { '==': 'is', '!=': 'is_not', ...Object.fromEntries(Object.entries(signs).map(([comparison, sign]) => [sign, comparison as Comparison])) };

function ruleOf({ variable, comparison, value }: Line): Rule {
  const read = { var: variable };
  switch (comparison) {
    case 'empty': return { '===': [read, null] };
    case 'not_empty': return { '!==': [read, null] };
    case 'in': return { in: [read, Array.isArray(value) ? value : [value]] };
    case 'not_in': return { '!': [{ in: [read, Array.isArray(value) ? value : [value]] }] };
    case 'contains': return { in: [value, read] };
    case 'not_contains': return { '!': [{ in: [value, read] }] };
    default: return { [signs[comparison]]: [read, value] };
  }
}

/** As the JsonLogic rule that is kept. */
export function toRule({ join, lines }: SimpleCondition): Rule {
  return lines.length === 1 ? ruleOf(lines[0]!) : { [join === 'all' ? 'and' : 'or']: lines.map(ruleOf) };
}

const variableOf = (rule: unknown): string | null => {
  if (!isObject(rule) || Object.keys(rule).length !== 1) return null;
  const path = Array.isArray(rule['var']) && rule['var'].length === 1 ? (rule['var'] as unknown[])[0] : rule['var'];
  return typeof path === 'string' ? path : null;
};
const isPlain = (value: unknown): value is Json => value === null || ['string', 'number', 'boolean'].includes(typeof value);

function lineOf(rule: unknown): Line | null {
  if (!isObject(rule)) return null;
  const [name, ...others] = Object.keys(rule);
  if (name === undefined || others.length > 0) return null;
  const given = rule[name];
  if (name === '!') {
    const inner = lineOf(Array.isArray(given) && given.length === 1 ? given[0] : given);
    if (inner?.comparison === 'in') return { ...inner, comparison: 'not_in' };
    return inner?.comparison === 'contains' ? { ...inner, comparison: 'not_contains' } : null;
  }
  if (!Array.isArray(given) || given.length !== 2) return null;
  const [first, second] = given as unknown[];
  if (name === 'in') {
    const variable = variableOf(first);
    if (variable !== null) return Array.isArray(second) && second.every(isPlain) ? { variable, comparison: 'in', value: second } : null;
    const list = variableOf(second);
    return list !== null && isPlain(first) ? { variable: list, comparison: 'contains', value: first } : null;
  }
  const comparison = bySign[name];
  const variable = variableOf(first);
  if (comparison === undefined || variable === null || !isPlain(second)) return null;
  if (second !== null) return { variable, comparison, value: second };
  return comparison === 'is' ? { variable, comparison: 'empty', value: null } : comparison === 'is_not' ? { variable, comparison: 'not_empty', value: null } : null;
}

/** The rule as lines; null when it says more than lines can (that one is edited as JSON). */
export function fromRule(rule: unknown): SimpleCondition | null {
  if (isObject(rule)) {
    for (const [name, join] of [['and', 'all'], ['or', 'any']] as const) {
      const given = rule[name];
      if (!Array.isArray(given) || Object.keys(rule).length !== 1) continue;
      const lines = given.map(lineOf);
      return lines.length > 0 && lines.every((line) => line !== null) ? { join, lines } : null;
    }
  }
  const line = lineOf(rule);
  return line === null ? null : { join: 'all', lines: [line] };
}
