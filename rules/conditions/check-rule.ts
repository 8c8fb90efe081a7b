import { asText, isObject, own, pointer, type DefinitionProblem, type Rule } from './json.ts';
import { operators } from './operators.ts';

/**
 * What a rule may read, as a tree (可用变量): `'value'` has nothing in it, `'any'` anything, an object its properties, a
 * list of one its elements. The top level groups variables; a group is not read as a whole.
 */
export type Known = 'value' | 'any' | { readonly [name: string]: Known } | readonly [Known];

/** Limits of a single rule that a person makes. */
export const ruleLimits = { nodes: 2_500, depth: 20, text: 2_000 } as const;

interface Walk {
  problems: DefinitionProblem[];
  variables: Set<string>;
  nodes: number;
  root: Known;
}
/** What `var` reads from, innermost last; the first is the root. */
type Scopes = readonly Known[];

/**
 * Whether a rule can work (规则检查): operators that exist, with as many arguments as make sense, variables that are known.
 *
 * @param at JSON pointer of the rule, in front of the problems' paths
 * @returns problems: unknown_operator, arguments, list_needed, unknown_variable, computed_variable, whole_data, too_deep, too_large
 */
export function checkRule(rule: unknown, known: Known, at = ''): DefinitionProblem[] {
  return walked(rule, known, at).problems;
}

/** The variables a rule reads from its data, as dotted paths, each once, in order of appearance (引用的变量). */
export function referencedVariables(rule: Rule): string[] {
  return [...walked(rule, 'any', '').variables];
}

/** Both at once. */
export function walked(rule: unknown, known: Known, at: string): { problems: DefinitionProblem[]; variables: ReadonlySet<string> } {
  const walk: Walk = { problems: [], variables: new Set(), nodes: 0, root: known };
  visit(rule, [known], at, 0, walk);
  return walk;
}

function visit(rule: unknown, scopes: Scopes, at: string, depth: number, walk: Walk): void {
  walk.nodes += 1;
  if (walk.nodes === ruleLimits.nodes + 1) walk.problems.push({ path: at, code: 'too_large', params: { limit: ruleLimits.nodes } });
  if (walk.nodes > ruleLimits.nodes) return;
  if (typeof rule === 'string' && rule.length > ruleLimits.text) walk.problems.push({ path: at, code: 'too_large', params: { limit: ruleLimits.text } });
  if (typeof rule !== 'object' || rule === null) return;
  if (depth > ruleLimits.depth) {
    walk.problems.push({ path: at, code: 'too_deep', params: { limit: ruleLimits.depth } });
    return;
  }
  if (Array.isArray(rule)) {
    for (const [index, item] of rule.entries()) visit(item, scopes, pointer(at, index), depth + 1, walk);
    return;
  }
  const names = Object.keys(rule);
  if (names.length === 0) return;
  const name = names[0]!;
  const operator = names.length === 1 ? own(operators, name) : undefined;
  if (!operator) {
    walk.problems.push({ path: at, code: 'unknown_operator', params: { operator: names.join(', ').slice(0, 100) } });
    return;
  }
  const inside = pointer(at, name);
  const written: unknown = (rule as Record<string, unknown>)[name];
  const given = Array.isArray(written) ? written : [written];
  const step = (index: number) => (Array.isArray(written) ? pointer(inside, index) : inside);
  const [least, most] = operator.arity;
  if (operator.list && !Array.isArray(written)) walk.problems.push({ path: inside, code: 'list_needed', params: { operator: name } });
  // A single computed list stands for as many arguments as it holds.
  else if ((given.length < least && !(operator.spread && isObject(written))) || given.length > most) {
    walk.problems.push({ path: inside, code: 'arguments', params: { operator: name, least, most: Math.min(most, 100), given: given.length } });
  }
  visitArguments(name, given, scopes, step, depth, walk);
}

function visitArguments(name: string, given: readonly unknown[], scopes: Scopes, step: (index: number) => string, depth: number, walk: Walk): void {
  const arrive = (index: number, inner: Scopes = scopes) => visit(given[index], inner, step(index), depth + 1, walk);
  switch (name) {
    case 'preserve':
      return;
    case 'var':
      readVariable(given[0], scopes, step(0), walk);
      if (given.length > 1) arrive(1);
      return;
    case 'val': case 'exists':
      return readSteps(given, scopes, step(0), walk);
    case 'missing':
      for (const [index, key] of given.entries()) readKeys(key, scopes, step(index), depth, walk);
      return;
    case 'missing_some':
      arrive(0);
      return readKeys(given[1], scopes, step(1), depth, walk);
    case 'try':
      for (const index of given.keys()) arrive(index, index === 0 ? scopes : [...scopes, 'any']);
      return;
    default: {
      const iterates = operators[name]!.iterates;
      const items = iterates ? itemsOf(given[0], scopes) : 'any';
      for (const index of given.keys()) {
        arrive(index, iterates && index === 1 ? [...scopes, name === 'reduce' ? { current: items, accumulator: 'any' } : items] : scopes);
      }
    }
  }
}

/** What a path leads to in a tree, or null when nothing is there. */
function find(known: Known, steps: readonly string[]): Known | null {
  let found: Known = known;
  for (const step of steps) {
    if (found === 'any') return 'any';
    if (found === 'value') return null;
    const inside: Known | undefined = Array.isArray(found) ? (/^\d+$/.test(step) ? found[0] : step === 'length' ? 'value' : undefined) : own(found as Record<string, Known>, step);
    if (inside === undefined) return null;
    found = inside;
  }
  return found;
}

function read(steps: readonly string[], scope: Known, isRoot: boolean, at: string, walk: Walk): void {
  if (isRoot) {
    if (steps.length === 0 || (steps.length === 1 && isObject(own(isObject(walk.root) ? walk.root as Record<string, Known> : {}, steps[0]!)))) {
      walk.problems.push({ path: at, code: 'whole_data' });
    }
    if (steps.length > 0) walk.variables.add(steps.join('.'));
  }
  if (find(scope, steps) === null) walk.problems.push({ path: at, code: 'unknown_variable', params: { variable: steps.join('.').slice(0, 200) } });
}

function readVariable(path: unknown, scopes: Scopes, at: string, walk: Walk): void {
  if (isObject(path) || (Array.isArray(path) && path.some((step) => typeof step === 'object'))) {
    walk.problems.push({ path: at, code: 'computed_variable' });
    return;
  }
  const steps = path === undefined || path === null || path === '' ? [] : Array.isArray(path) ? path.map(String) : asText(path).split('.');
  read(steps, scopes.at(-1)!, scopes.length === 1, at, walk);
}

function readSteps(given: readonly unknown[], scopes: Scopes, at: string, walk: Walk): void {
  const [first, ...rest] = given;
  const level = Array.isArray(first) && first.length === 1 && typeof first[0] === 'number' ? Math.abs(first[0]) : null;
  const steps = level === null ? given : rest;
  if (steps.some((step) => typeof step === 'object')) {
    walk.problems.push({ path: at, code: 'computed_variable' });
    return;
  }
  if (level !== null && level % 2 !== 0 && steps.length === 1 && steps[0] === 'index') return;
  const climbed = Math.max(0, scopes.length - 1 - Math.ceil((level ?? 0) / 2));
  read(steps.map(String), scopes[climbed]!, climbed === 0, at, walk);
}

/** Names of variables as `missing` takes them: written out, or chosen among what is written out. */
function readKeys(keys: unknown, scopes: Scopes, at: string, depth: number, walk: Walk): void {
  if (depth > ruleLimits.depth) {
    walk.problems.push({ path: at, code: 'too_deep', params: { limit: ruleLimits.depth } });
  } else if (Array.isArray(keys)) {
    for (const [index, key] of keys.entries()) readKeys(key, scopes, pointer(at, index), depth + 1, walk);
  } else if (isObject(keys)) {
    const given = keys['merge'] ?? keys['if'];
    if (!Array.isArray(given) || Object.keys(keys).length !== 1) {
      walk.problems.push({ path: at, code: 'computed_variable' });
      return;
    }
    const name = keys['merge'] ? 'merge' : 'if';
    for (const [index, key] of given.entries()) {
      const inside = pointer(pointer(at, name), index);
      if (name === 'if' && index % 2 === 0 && index < given.length - 1) visit(key, scopes, inside, depth + 1, walk);
      else readKeys(key, scopes, inside, depth + 1, walk);
    }
  } else {
    readVariable(keys, scopes, at, walk);
  }
}

/** What the elements are that an iteration goes over, as far as can be told. */
function itemsOf(list: unknown, scopes: Scopes): Known {
  if (!isObject(list)) return 'any';
  const filtered = list['filter'];
  if (Array.isArray(filtered)) return itemsOf(filtered[0], scopes);
  const path = Array.isArray(list['var']) ? (list['var'] as unknown[])[0] : list['var'];
  if (typeof path !== 'string') return 'any';
  const found = find(scopes.at(-1)!, path === '' ? [] : path.split('.'));
  return Array.isArray(found) ? (found as readonly [Known])[0] : 'any';
}
