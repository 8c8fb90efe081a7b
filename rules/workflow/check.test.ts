import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkFlow, type FlowSurroundings } from './check.ts';
import type { FlowDefinition, FlowNode } from './definition.ts';
import { findingSentence, findingWords } from './finding.ts';
import { flow, node } from './sample-flows.ts';

const s = node('s', 'start');
const e = node('e', 'end');
const told = (definition: unknown, around?: FlowSurroundings) => checkFlow(definition, around).map((finding) => `${finding.node ?? ''} ${finding.code}`);
/** A single step between start and end. */
const with_ = (one: FlowNode): FlowDefinition => flow([s, one, e], `s > ${one.id}`, `${one.id} > e`);

describe('checking a flow', () => {
  test('finds nothing wrong with a sound one', () => {
    assert.deepEqual(told(flow([s, node('a', 'task'), node('f', 'parallel'), node('b', 'task'), node('c', 'task'), node('j', 'parallel'), e], 's > a', 'a > f', 'f > b', 'f > c', 'b > j', 'c > j', 'j > e')), []);
  });

  test('ways: unreachable, dead end, no way out, joins that can never fire', () => {
    assert.deepEqual(told(flow([s, e, node('a', 'task')], 's > e', 'a > e')), ['a unreachable']);
    assert.deepEqual(told(flow([s, node('x', 'parallel'), node('a', 'task'), e], 's > x', 'x > a', 'x > e')), ['a dead_end']);
    assert.deepEqual(told(flow([s, node('x', 'exclusive'), node('a', 'task'), node('b', 'task'), e], 's > x', 'x > e if go', 'x > a else', 'a > b', 'b > a')), ['a never_ends', 'b never_ends']);
    const branch = (fork: 'exclusive' | 'parallel' | 'inclusive') => flow([s, node('x', fork), node('a', 'task'), node('b', 'task'), node('j', 'parallel'), e], 's > x', ...(fork === 'parallel' ? ['x > a', 'x > b'] : ['x > a if go', 'x > b else']), 'a > j', 'b > j', 'j > e');
    assert.deepEqual(told(branch('exclusive')), ['j join_never_fires']);
    assert.deepEqual(told(branch('parallel')), []);
    // Forked before, one of the ways branches and comes together again: sound.
    assert.deepEqual(told(flow([s, node('f', 'parallel'), node('x', 'exclusive'), node('a', 'task'), node('b', 'task'), node('m', 'exclusive'), node('c', 'task'), node('j', 'parallel'), e],
      's > f', 'f > x', 'f > c', 'x > a if go', 'x > b else', 'a > m', 'b > m', 'm > j', 'c > j', 'j > e')), []);
    assert.deepEqual(told(flow([s, node('x', 'exclusive'), node('y', 'exclusive'), e], 's > x', 'x > y', 'y > x if back', 'y > e else')), ['x endless_loop']);
    assert.deepEqual(told({ nodes: [s], edges: [] }), [' no_end', 's dead_end']);
    assert.deepEqual(told({ nodes: [e], edges: [] }), [' no_start']);
    assert.deepEqual(told(flow([s, node('s2', 'start'), e], 's > e', 's2 > e')), ['s2 several_starts']);
  });

  test('branches: conditions, defaults, outcomes', () => {
    const to = (...lines: string[]) => told(flow([s, node('x', 'exclusive'), node('a', 'task'), e], 's > x', ...lines, 'a > e'));
    assert.deepEqual(to('x > a', 'x > e else'), ['x condition_missing']);
    assert.deepEqual(to('x > a if one', 'x > e if two'), ['x no_default']);
    assert.deepEqual(to('x > a else', 'x > e else'), ['x several_defaults']);
    const approval = (...lines: string[]) => told(flow([s, node('a', 'approval'), node('b', 'task'), e], 's > a', ...lines, 'b > e'));
    assert.deepEqual(approval('a > b'), ['a rejection_unhandled']);
    assert.deepEqual(approval('a > b on approved'), ['a rejection_unhandled']);
    assert.deepEqual(approval('a > b on approved', 'a > e on rejected'), []);
    assert.deepEqual(approval('a > b on approved', 'a > e on maybe', 'a > e else'), ['a unknown_outcome']);
    const outcomes = [{ key: 'yes', name: { zh: '是' } }, { key: 'no', name: { zh: '否' } }];
    assert.deepEqual(told(flow([s, node('a', 'task', { outcomes }), e], 's > a', 'a > e on yes')), ['a outcome_unhandled']);
  });

  test('who acts and what is named', () => {
    const around: FlowSurroundings = {
      fields: [{ key: 'sum', kind: 'number', label: { zh: '金额' } }, { key: 'boss', kind: 'person', label: { zh: '主管' } }, { key: 'twice', kind: 'formula', label: { zh: '两倍' }, formula: 1, result: 'number' }],
      isPerson: (id) => id === 'p', isTeam: () => false, isStatus: () => false, isTicketType: () => false, subflow: (id) => (id === 'self' ? 'circular' : null), isFact: (kind) => kind === 'comment.added',
    };
    const one = (kind: FlowNode['kind'], more: Record<string, unknown>) => told(with_(node('a', kind, more)), around);
    assert.deepEqual(one('task', { performers: [] }), ['a missing_assignee']);
    assert.deepEqual(one('task', { performers: [{ kind: 'person', id: 'gone' }, { kind: 'team', id: 't' }, { kind: 'expression', expression: 'performer_of', node: 'zz' }, { kind: 'expression', expression: 'item' }] }), ['a unknown_person', 'a unknown_team', 'a unknown_step', 'a item_outside']);
    assert.deepEqual(one('task', { performers: [{ kind: 'expression', expression: 'field', field: 'sum' }, { kind: 'expression', expression: 'field', field: 'boss' }, { kind: 'expression', expression: 'field', field: 'x' }] }), ['a not_a_person_field', 'a unknown_field']);
    assert.deepEqual(one('task', { fields: [{ key: 'nothing' }, { key: 'twice' }, { key: 'sum' }], status: { status: 'elsewhere' } }), ['a unknown_status', 'a unknown_field', 'a field_not_settable']);
    assert.deepEqual(one('subflow', { flow: 'self' }), ['a circular_subflow']);
    assert.deepEqual(one('subflow', { flow: 'other' }), ['a unknown_flow']);
    assert.deepEqual(one('wait', { for: { kind: 'fact', fact: 'dog.barked', condition: { '==': [{ var: 'fact.data.x' }, 1] } } }), ['a unknown_fact']);
    assert.deepEqual(one('action', { action: { do: 'http_call', method: 'GET', url: 'https://{{fields.sum}}.example/' } }), ['a bad_url']);
    assert.deepEqual(one('action', { action: { do: 'http_call', method: 'GET', url: 'https://a.example/{{fields.gone}}', into: { x: 'id' } } }), ['a unknown_placeholder', 'a unknown_variable']);
    const condition = flow([s, node('x', 'exclusive'), node('a', 'task'), e], 's > x', 'x > a if gone', 'x > e else', 'a > e');
    assert.deepEqual(told(condition, around), ['x unknown_variable']);
    condition.edges[1]!.condition = { dance: [] };
    assert.deepEqual(told(condition, around), ['x bad_condition']);
  });

  test('anything at all may be checked, and what is too large is refused', () => {
    for (const nonsense of [null, 1, 'x', [], {}, { nodes: 1, edges: [] }, { nodes: [null], edges: [null] }, { nodes: [{ id: '1', kind: 'task' }], edges: [] }, { nodes: [{ id: 'a', kind: 'constructor', name: { zh: '' } }], edges: [] }, { nodes: [], edges: [], more: 1 }]) {
      assert.ok(checkFlow(nonsense).some((finding) => finding.code === 'shape'), JSON.stringify(nonsense));
    }
    assert.deepEqual(told({ nodes: Array.from({ length: 201 }, () => s), edges: [] }), [' too_large']);
    assert.deepEqual(told(flow([s, s, e], 's > e')), ['s duplicate_id']);
    assert.deepEqual(told(flow([s, e], 's > e', 's > nowhere')), ['s unknown_node']);
  });

  test('every finding has its sentence in both languages', () => {
    for (const code of Object.keys(findingWords) as (keyof typeof findingWords)[]) {
      for (const language of ['zh-CN', 'en'] as const) assert.doesNotMatch(findingSentence({ code, params: { detail: 'd', what: 'w', limit: 1, id: 'i', edges: 'e', variable: 'v', field: 'f', fact: 'f', outcome: 'o' } }, language), /[{}]|^$/);
    }
  });
});
