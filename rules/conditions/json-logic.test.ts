import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { LogicError, evaluate, truthy, type EvaluateOptions, type Rule } from './json-logic.ts';
import { operators } from './operators.ts';

const folder = process.env['SHARED_DATA'];
const suite = folder === undefined ? '' : join(folder, 'jsonlogic/compatible.json');

test('the shared cases of JsonLogic hold', { skip: existsSync(suite) ? false : 'SHARED_DATA names no folder with jsonlogic/compatible.json' }, () => {
  const cases = (JSON.parse(readFileSync(suite, 'utf8')) as (string | { rule: Rule; data?: unknown; result: unknown })[]).filter((entry) => typeof entry !== 'string');
  assert.equal(cases.length, 278);
  for (const { rule, data, result } of cases) assert.deepEqual(evaluate(rule, data), result, JSON.stringify(rule));
});

const people = { people: [{ name: '王', age: 30, tags: ['a'] }, { name: '李', age: 25, tags: [] }], limit: 26 };
const table: [rule: Rule, data: unknown, result: unknown][] = [
  // What counts as true.
  [{ '!!': ['0'] }, null, true], [{ '!!': [[]] }, null, false], [{ '!!': [{}] }, null, false], [{ '!!': [{ var: 'o' }] }, { o: { a: 0 } }, true], [{ '!': { var: 'list' } }, { list: [0] }, false],
  // Reading variables.
  [{ var: 'a.0.b' }, { a: [{ b: 1 }] }, 1], [{ var: ['a.q', 9] }, { a: {} }, 9], [{ var: ['n', 9] }, { n: null }, null], [{ var: 'list.length' }, { list: [1, 2] }, 2],
  [{ var: ['x', { '+': [40, 2] }] }, {}, 42], [{ var: [['a', 'y']] }, { a: { y: 7 } }, 7], [{ var: 1 }, ['p', 'q'], 'q'], [{ var: '' }, 5, 5], [{ var: { cat: ['a', '.b'] } }, { a: { b: 3 } }, 3],
  [{ val: ['a', 'b.c'] }, { a: { 'b.c': 1 } }, 1], [{ val: [] }, { '': 2 }, { '': 2 }], [{ val: '' }, { '': 2 }, 2], [{ exists: ['a', 'b'] }, { a: { b: null } }, true], [{ exists: 'z' }, { a: 1 }, false],
  [{ missing: [['a', 'b'], 'c'] }, { a: '' }, ['a', 'b']], [{ missing: { var: 'wanted' } }, { wanted: ['a', 'b.c'], a: 1 }, ['b.c']], [{ missing_some: [2, ['a', 'b', 'c']] }, { a: 1 }, ['b', 'c']],
  // Comparing.
  [{ '==': [1, '1'] }, null, true], [{ '===': [1, '1'] }, null, false], [{ '==': [null, ''] }, null, false], [{ '==': [true, 1] }, null, true], [{ '==': [3, 3, 3] }, null, true], [{ '!=': [3, 2, 3] }, null, true],
  [{ '<': [1, 2, 3, 3] }, null, false], [{ '<=': [1, 2, 2] }, null, true], [{ '>': ['10', 9] }, null, true], [{ '<': ['10', '9'] }, null, true], [{ '<': [null, 'A'] }, null, false], [{ '>': ['10', null] }, null, true],
  [{ '<': ['2026-01-31', '2026-02-01'] }, null, true], [{ '==': [3, 2, { throw: 'not reached' }] }, null, false],
  // Branches.
  [{ if: [false, 1, null, 2, 'else'] }, null, 'else'], [{ if: [] }, null, null], [{ '?:': [0, 1] }, null, null], [{ if: [true, 1, { throw: 'not reached' }] }, null, 1], [{ and: [] }, null, null],
  [{ and: [1, 0, { throw: 'not reached' }] }, null, 0], [{ or: ['', 0, []] }, null, []], [{ '??': [null, false, 1] }, null, false], [{ '??': [] }, null, null],
  // Reckoning.
  [{ '+': [] }, null, 0], [{ '*': [] }, null, 1], [{ '+': ['1', true, null, ''] }, null, 2], [{ '+': '3.14' }, null, 3.14], [{ '-': '2' }, null, -2], [{ '-': 0 }, null, 0], [{ '-': [9, 2, 3] }, null, 4], [{ '/': 4 }, null, 0.25],
  [{ '/': [8, 2, 2] }, null, 2], [{ '%': [-8, 3] }, null, -2], [{ '+': { var: 'list' } }, { list: [1, 2, 3] }, 6], [{ max: { map: [{ var: 'people' }, { var: 'age' }] } }, people, 30], [{ min: 7 }, null, 7],
  [{ abs: -3.5 }, null, 3.5], [{ floor: -1.5 }, null, -2], [{ ceil: 1.2 }, null, 2], [{ round: [2.345, 2] }, null, 2.35], [{ round: -2.5 }, null, -3], [{ round: [1.005, 2] }, null, 1.01],
  // Texts.
  [{ cat: ['a', null, 1.5, true, [1, [2]]] }, null, 'a1.5true1,2'], [{ cat: { var: 'parts' } }, { parts: ['x', 'y'] }, 'xy'], [{ substr: ['工单系统', -2] }, null, '系统'], [{ substr: ['𠮷a', 0, 1] }, null, '𠮷'], [{ substr: ['test', -10, 1] }, null, 't'],
  [{ substr: ['jsonlogic', 1, -5] }, null, 'son'], [{ substr: ['abc', 5] }, null, ''], [{ substr: ['abc', 1, 0] }, null, ''], [{ length: '水管𠮷' }, null, 3], [{ in: ['管', '水管'] }, null, true], [{ in: ['', 'a'] }, null, true], [{ in: [1, ['1', 1]] }, null, true], [{ in: ['a', null] }, null, false],
  [{ upper: 'aé' }, null, 'AÉ'], [{ trim: ' a ' }, null, 'a'], [{ starts_with: ['abc', 'ab'] }, null, true], [{ ends_with: [null, 'c'] }, null, false], [{ includes_text: ['Kfr-35GW', 'KFR'] }, null, true], [{ equals_text: ['ΣΑΣ', 'σασ'] }, null, true],
  // Lists.
  [{ merge: [1, null, [2, [3]]] }, null, [1, null, 2, [3]]], [{ map: [{ var: 'people' }, { var: 'name' }] }, people, ['王', '李']], [{ map: [5, { var: '' }] }, null, []], [{ filter: [{ var: 'people' }, { '>': [{ var: 'age' }, 26] }] }, { people: [{ age: 27 }, { age: 1 }] }, [{ age: 27 }]],
  [{ all: [[], true] }, null, false], [{ none: [null, true] }, null, true], [{ some: [null, true] }, null, false], [{ reduce: [[1, 2, 3], { '+': [{ var: 'current' }, { var: 'accumulator' }] }] }, null, 6], [{ reduce: [null, 1, 'start'] }, null, 'start'],
  [{ map: [{ var: 'people' }, { filter: [{ var: 'tags' }, { '===': [{ var: '' }, 'a'] }] }] }, people, [['a'], []]],
  [{ filter: [{ var: 'people' }, { '<': [{ var: 'age' }, { val: [[2], 'limit'] }] }] }, people, [people.people[1]]], [{ map: [['a', 'b'], { val: [[1], 'index'] }] }, null, [0, 1]],
  // The rest.
  [{ log: 'x' }, null, 'x'], [{ preserve: { var: 'a' } }, null, { var: 'a' }], [{ try: [{ '/': [1, 0] }, 'mended'] }, null, 'mended'], [{ try: [{ throw: 'A' }, { var: 'type' }] }, { type: 'data' }, 'A'], [{}, null, {}], [[1, { var: 'x' }, [{ var: 'x' }]], { x: 2 }, [1, 2, [2]]],
  [{ add_days: ['2026-02-27', 2] }, null, '2026-03-01'], [{ days_between: ['2024-02-28', '2024-03-01'] }, null, 2],
];

test('each operator does what it is described to do', () => {
  for (const [rule, data, result] of table) assert.deepEqual(evaluate(rule, data), result, JSON.stringify(rule));
});

function failure(rule: Rule, data?: unknown, options?: EvaluateOptions): string {
  try {
    evaluate(rule, data, options);
  } catch (error) {
    if (error instanceof LogicError) return error.type === error.reason ? error.type : `${error.type}: ${error.reason}`;
    throw error;
  }
  return 'none';
}

test('what cannot be evaluated fails for a stable reason', () => {
  const failing: [Rule, string][] = [
    [{ fubar: [] }, 'Unknown Operator'], [{ '+': 1, '-': 2 }, 'Unknown Operator'], [{ constructor: [] }, 'Unknown Operator'], [{ __proto__: null, toString: [] } as unknown as Rule, 'Unknown Operator'],
    [{ '+': ['a'] }, 'NaN'], [{ '+': [[1], 1] }, 'NaN'], [{ '*': [{ preserve: { a: 1 } }] }, 'NaN'], [{ '+': 'Infinity' }, 'NaN'], [{ '/': [1, 0] }, 'NaN: Division By Zero'], [{ '%': [1, ''] }, 'NaN: Division By Zero'],
    [{ '==': [1, 'A'] }, 'NaN'], [{ '<': [[], 1] }, 'NaN'], [{ '==': [1] }, 'Invalid Arguments'], [{ '<': { var: '' } }, 'Invalid Arguments'], [{ and: true }, 'Invalid Arguments'], [{ if: 'a' }, 'Invalid Arguments'],
    [{ min: [] }, 'Invalid Arguments'], [{ max: ['1', 2] }, 'Invalid Arguments'], [{ '-': [] }, 'Invalid Arguments'], [{ '%': [1] }, 'Invalid Arguments'], [{ map: [] }, 'Invalid Arguments'], [{ length: 5 }, 'Invalid Arguments'],
    [{ '*': [1e300, 1e300] }, 'Too Large'], [{ throw: 'mine' }, 'mine'], [{ try: [{ throw: 'A' }, { throw: 'B' }] }, 'B'], [{ add_days: ['2026-02-30', 1] }, 'Invalid Arguments'], [{ try: [] }, 'Invalid Arguments'],
  ];
  for (const [rule, type] of failing) assert.equal(failure(rule), type, JSON.stringify(rule));
});

test('a rule that would take too long, too deep or too much room is stopped, even inside a try', () => {
  const thousand = Array.from({ length: 1_000 }, (_, index) => index);
  const square: Rule = { map: [{ var: 'list' }, { map: [{ val: [[4], 'list'] }, 1] }] };
  assert.equal(failure(square, { list: thousand }), 'Too Many Steps');
  assert.equal(failure({ try: [square, 1] }, { list: thousand }), 'Too Many Steps');
  assert.equal(failure({ '+': [1, 1] }, null, { steps: 0 }), 'Too Many Steps');
  let deep: Rule = 1;
  for (let level = 0; level < 5_000; level += 1) deep = { '!': [deep] };
  assert.equal(failure(deep), 'Too Deep');
  let nested: unknown = [];
  for (let level = 0; level < 5_000; level += 1) nested = [nested];
  assert.equal(failure({ cat: [{ var: 'a' }, { var: 'a' }] }, { a: nested }), 'Too Deep');
  const doubling: Rule = { reduce: [thousand.slice(0, 60), { cat: [{ var: 'accumulator' }, { var: 'accumulator' }] }, 'ab'] };
  assert.equal(failure(doubling), 'Too Large');
  assert.equal(failure({ reduce: [thousand.slice(0, 60), { merge: [{ var: 'accumulator' }, { var: 'accumulator' }] }, [1]] }), 'Too Large');
});

test('only own properties are ever read', () => {
  for (const path of ['constructor', '__proto__', '__proto__.constructor.name', 'toString.name', 'a.constructor', 'list.map', 'text.length', 'text.0']) {
    assert.equal(evaluate({ var: path }, { a: {}, list: [], text: 'abc' }), null, path);
    assert.equal(evaluate({ val: path.split('.') }, { a: {}, list: [], text: 'abc' }), null, path);
  }
  assert.deepEqual(evaluate({ var: '__proto__' }, JSON.parse('{"__proto__":{"a":1}}')), { a: 1 });
});

test('data is never taken for a rule', () => {
  const data = { paths: [{ throw: 'no' }], rule: { throw: 'no' }, list: [{ throw: 'no' }] };
  assert.deepEqual(evaluate({ missing: { var: 'paths' } }, data), data.paths);
  assert.deepEqual(evaluate({ map: [{ var: 'list' }, { var: '' }] }, data), data.list);
  assert.deepEqual(evaluate({ if: [true, { var: 'rule' }] }, data), data.rule);
});

test('exact arithmetic reckons in decimals, and can refuse blanks', () => {
  const exactly: [Rule, number][] = [[{ '+': [0.1, 0.2] }, 0.3], [{ '*': [1.1, 1.1] }, 1.21], [{ '-': [0.3, 0.1] }, 0.2], [{ '/': [0.3, 0.1] }, 3], [{ '%': [0.3, 0.1] }, 0], [{ '*': [{ '/': [1, 3] }, 3] }, 1], [{ '*': [4.35, 100] }, 435]];
  for (const [rule, result] of exactly) {
    const value = evaluate(rule, null, { exact: true }) as number;
    assert.equal(evaluate({ round: [value, 12] }), result, JSON.stringify(rule));
  }
  assert.equal(evaluate({ '+': [0.1, 0.2] }, null, { exact: true }), 0.3);
  assert.notEqual(evaluate({ '+': [0.1, 0.2] }), 0.3);
  const refuse: EvaluateOptions = { blanks: 'refuse' };
  assert.equal(evaluate({ '+': [1, null, ''] }, null, refuse), 1);
  assert.equal(evaluate({ max: [1, null] }, null, refuse), 1);
  const blank: Rule[] = [{ '+': [null] }, { '*': [1, null] }, { '-': [null, 1] }, { '-': null }, { '/': [1, null] }, { abs: null }, { round: '' }, { max: [null] }];
  for (const rule of blank) assert.equal(failure(rule, null, refuse), 'Missing', JSON.stringify(rule));
});

// Any rule one could write, sensible or not, over a little data.
const names = Object.keys(operators);
const data = { a: 1, b: '2', c: null, list: [1, 'x', null, { q: 2 }], o: { p: { q: 1 } }, text: '水管', yes: true };
const { rule: anyRule } = fc.letrec<{ rule: Rule }>((tie) => ({
  rule: fc.oneof({ depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Rule>(null, true, false, 0, 1, -2.5, '', 'a', '水', '2026-02-28', [], [1, 2]),
    fc.constantFrom('a', 'b', 'c', 'list', 'o.p.q', 'text', 'yes', '', 'current', 'accumulator', 'list.3.q', 'none', '__proto__').map((path): Rule => ({ var: path })),
    fc.tuple(fc.constantFrom(...names), fc.oneof(fc.array(tie('rule'), { maxLength: 4 }), tie('rule'))).map(([name, given]): Rule => ({ [name]: given })),
    fc.array(tie('rule'), { maxLength: 3 })),
}));

function isJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (Array.isArray(value)) return value.every(isJson);
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isJson);
  return value === null || typeof value === 'string' || typeof value === 'boolean';
}

test('whatever the rule, it ends with a value of JSON or a LogicError, the same each time, and changes nothing', () => {
  const before = JSON.stringify(data);
  fc.assert(fc.property(anyRule, fc.boolean(), fc.boolean(), (rule, exact, refuse) => {
    const written = JSON.stringify(rule);
    const outcome = () => {
      try {
        const value = evaluate(rule, data, { exact, blanks: refuse ? 'refuse' : 'zero', steps: 3_000 });
        assert.ok(isJson(value), `${written} gave ${String(value)}`);
        return JSON.stringify(value);
      } catch (error) {
        assert.ok(error instanceof LogicError, `${written}: ${String(error)}`);
        return error.type;
      }
    };
    assert.equal(outcome(), outcome());
    assert.equal(JSON.stringify(rule), written);
    assert.equal(JSON.stringify(data), before);
  }), { numRuns: 5_000 });
});

test('a negation is the opposite, and an empty list or object is nothing', () => {
  fc.assert(fc.property(fc.json().map((text) => JSON.parse(text) as unknown), (value) => {
    assert.equal(evaluate({ '!': { var: 'v' } }, { v: value }), !truthy(value));
    assert.equal(evaluate({ '!!': { var: 'v' } }, { v: value }), truthy(value));
    assert.equal(truthy(value), !(value === null || value === false || value === 0 || ['""', '[]', '{}'].includes(JSON.stringify(value)) || Object.is(value, -0)));
  }));
});
