import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkFlow } from '../../../../rules/workflow/check.ts';
import type { FlowDefinition } from '../../../../rules/workflow/definition.ts';
import { appendNode, arrange, changeEdge, changeNode, connect, fragmentOf, insertNode, mayConnect, moveEdge, moveNodes, paste, placed, placeNode, readFragment, readingOrder, reconnect, remove, timersOf } from './edit-flow.ts';
import { paletteItems, type PaletteItem } from './node-kinds.ts';

const empty: FlowDefinition = { nodes: [], edges: [] };

/** Start → task → approval → end, laid out. */
function line(): FlowDefinition {
  let flow = placeNode(empty, 'start', { x: 200, y: 40 })!.definition;
  for (const [item, after] of [['task', 'start_1'], ['approval', 'task_1'], ['end', 'approval_1']] as const) flow = appendNode(flow, item, after)!.definition;
  return flow;
}
const ways = (flow: FlowDefinition): string[] => flow.edges.map(({ from, to, outcome }) => `${from}>${to}${outcome === undefined ? '' : `:${outcome}`}`);

test('steps are put behind one another, and arrows are drawn once, where they may be', () => {
  const flow = line();
  assert.deepEqual(ways(flow), ['start_1>task_1', 'task_1>approval_1', 'approval_1>end_1:approved']);
  const back = connect(flow, 'approval_1', 'task_1');
  assert.equal(ways(back).at(-1), 'approval_1>task_1:rejected', 'the second way out of an approval is that of a refusal');
  assert.equal(connect(back, 'approval_1', 'task_1'), back, 'not twice');
  assert.ok(!mayConnect(flow, 'task_1', 'start_1') && !mayConnect(flow, 'end_1', 'task_1') && !mayConnect(flow, 'gone', 'task_1'));
  assert.deepEqual(ways(reconnect(back, back.edges.at(-1)!.id, 'approval_1', 'approval_1')).at(-1), 'approval_1>approval_1:rejected');
  assert.equal(reconnect(back, back.edges[0]!.id, 'task_1', 'start_1'), back);
});

test('a step put into an arrow takes its place in between, keeps what the arrow says, and those below make room', () => {
  const flow = line();
  const edge = flow.edges.find(({ from }) => from === 'approval_1')!;
  const { definition, id } = insertNode(flow, 'notify', edge.id)!;
  assert.deepEqual(ways(definition).slice(2), ['approval_1>notify_1:approved', 'notify_1>end_1']);
  const at = (name: string) => definition.nodes.find((node) => node.id === name)!.box!;
  assert.ok(at('approval_1').y + 76 < at(id).y && at(id).y + 76 < at('end_1').y);
  assert.equal(insertNode(flow, 'start', edge.id), null);
  assert.equal(insertNode(flow, 'task', 'gone'), null);
  const ended = insertNode(flow, 'terminate', edge.id)!.definition;
  assert.deepEqual(ways(ended).slice(2), ['approval_1>terminate_1:approved'], 'nothing follows an end');
});

test('a step added behind another becomes the next one; a second way comes of a gateway, an approval or outcomes only', () => {
  const flow = line();
  const next = appendNode(flow, 'notify', 'task_1')!;
  assert.deepEqual(ways(next.definition), ['start_1>task_1', 'task_1>notify_1', 'approval_1>end_1:approved', 'notify_1>approval_1']);
  assert.deepEqual(ways(appendNode(flow, 'task', 'approval_1')!.definition).at(-1), 'approval_1>task_2:rejected');
  assert.deepEqual(ways(appendNode(flow, 'end', 'task_1')!.definition).at(-1), 'task_1>end_2', 'an end does not cut off what follows');
  const told = changeNode(flow, 'task_1', { outcomes: [{ key: 'good', name: { zh: '好' } }, { key: 'bad', name: { zh: '坏' } }] });
  assert.deepEqual(ways(appendNode(told, 'task', 'task_1')!.definition).at(-1), 'task_1>task_2:good');
  const branch = placeNode(flow, 'exclusive', { x: 600, y: 40 })!.definition;
  const twice = appendNode(appendNode(branch, 'task', 'exclusive_1')!.definition, 'task', 'exclusive_1')!.definition;
  assert.deepEqual(ways(twice).slice(-2), ['exclusive_1>task_2', 'exclusive_1>task_3']);
});

test('a new step stands in one line with its neighbours, also off the grid', () => {
  const flow = moveNodes(line(), new Map([['task_1', { x: 203, y: 133 }], ['approval_1', { x: 203, y: 301 }]]));
  const boxOf = (definition: FlowDefinition, id: string) => definition.nodes.find((node) => node.id === id)!.box!;
  assert.equal(boxOf(appendNode(flow, 'task', 'task_1')!.definition, 'task_2').x, 203);
  assert.equal(boxOf(appendNode(remove(flow, new Set(['approval_1', 'end_1'])), 'task', 'task_1')!.definition, 'task_2').x, 203);
});

test('of two ways out of a branch, the one left over becomes the default with the first condition', () => {
  let flow = placeNode(empty, 'exclusive', { x: 0, y: 0 })!.definition;
  for (const item of ['task', 'end'] as const) flow = appendNode(flow, item, 'exclusive_1')!.definition;
  const [first] = flow.edges.map(({ id }) => id);
  const said = changeEdge(flow, first!, { condition: { '>': [{ var: 'fields.amount' }, 1] } });
  assert.deepEqual(said.edges.map(({ isDefault }) => isDefault === true), [false, true]);
  assert.deepEqual(changeEdge(said, first!, { condition: undefined }).edges.map(({ isDefault }) => isDefault === true), [false, true]);
  const third = appendNode(flow, 'approval', 'exclusive_1')!.definition;
  assert.ok(changeEdge(third, first!, { condition: true }).edges.every(({ isDefault }) => isDefault === undefined), 'of three nobody can tell');
});

test('a step in a row that goes is closed up; a timer goes with its step, and its arrows with it', () => {
  const flow = line();
  assert.deepEqual(ways(remove(flow, new Set(['task_1']))), ['start_1>approval_1']. concat('approval_1>end_1:approved'));
  const joined = connect(connect(flow, 'approval_1', 'task_1'), 'start_1', 'approval_1');
  assert.deepEqual(ways(remove(joined, new Set(['task_1']))), ['approval_1>end_1:approved', 'approval_1>approval_1:rejected', 'start_1>approval_1'], 'all that led to it goes on, each way once');
  const timed = connect(changeNode(flow, 'task_1', { timers: [{ id: 'timer_1', due: { after: { amount: 1, unit: 'days' } }, interrupting: true }] }), 'timer_1', 'end_1');
  assert.equal(timersOf(timed.nodes[1]!).length, 1);
  assert.ok(!ways(remove(timed, new Set(['timer_1']))).some((way) => way.startsWith('timer_1')));
  assert.ok(!ways(remove(timed, new Set(['task_1', 'end_1']))).some((way) => way.includes('timer_1') || way.includes('end_1')));
  assert.deepEqual(remove(flow, new Set(flow.nodes.map(({ id }) => id))), empty);
});

test('of several defaults there is one, and branches are put in order', () => {
  let flow = placeNode(empty, 'exclusive', { x: 0, y: 0 })!.definition;
  for (const item of ['task', 'approval', 'end'] as const) flow = appendNode(flow, item, 'exclusive_1')!.definition;
  const [first, second, third] = flow.edges.map(({ id }) => id);
  const both = changeEdge(changeEdge(flow, first!, { isDefault: true }), third!, { isDefault: true });
  assert.deepEqual(both.edges.map(({ isDefault }) => isDefault === true), [false, false, true]);
  assert.deepEqual(moveEdge(flow, third!, -1).edges.map(({ id }) => id), [first, third, second]);
  assert.equal(moveEdge(flow, first!, -1), flow);
});

test('what is copied comes along with its arrows, under names of its own, and its references follow', () => {
  const flow = changeNode(line(), 'approval_1', { performers: [{ kind: 'expression', expression: 'manager_of_performer', node: 'task_1' }] });
  const fragment = fragmentOf(flow, new Set(['start_1', 'task_1', 'approval_1']));
  const read = readFragment(JSON.stringify({ flow: fragment }))!;
  const { definition, ids } = paste(flow, read, { x: 32, y: 32 })!;
  assert.deepEqual(ids, ['task_2', 'approval_2'], 'a second start is left out');
  assert.equal(ways(definition).at(-1), 'task_2>approval_2');
  const copy = definition.nodes.find(({ id }) => id === 'approval_2');
  assert.deepEqual(copy?.kind === 'approval' && copy.performers, [{ kind: 'expression', expression: 'manager_of_performer', node: 'task_2' }]);
  for (const text of ['', '{}', 'null', '{"flow":{"nodes":[{}],"edges":[]}}', '{"flow":{"nodes":[{"id":"<x>","kind":"task","name":{"zh":""}}],"edges":[]}}']) assert.equal(readFragment(text), null, text);
});

test('steps are read along the arrows, branch by branch', () => {
  const flow = line();
  assert.deepEqual(readingOrder({ ...flow, nodes: flow.nodes.toReversed() }).map(({ id }) => id), ['start_1', 'task_1', 'approval_1', 'end_1']);
});

type Step = (flow: FlowDefinition) => FlowDefinition;
const pick = (list: readonly { id: string }[], at: number): string => list[at % Math.max(1, list.length)]?.id ?? 'none';
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(fc.constantFrom<PaletteItem>(...paletteItems), fc.integer({ min: -500, max: 500 }), fc.integer({ min: -500, max: 500 })).map(([item, x, y]): Step => (flow) => placeNode(flow, item, { x, y })?.definition ?? flow),
  fc.tuple(fc.constantFrom<PaletteItem>(...paletteItems), fc.nat()).map(([item, at]): Step => (flow) => appendNode(flow, item, pick(flow.nodes, at))?.definition ?? flow),
  fc.tuple(fc.constantFrom<PaletteItem>(...paletteItems), fc.nat()).map(([item, at]): Step => (flow) => insertNode(flow, item, pick(flow.edges, at))?.definition ?? flow),
  fc.tuple(fc.nat(), fc.nat()).map(([from, to]): Step => (flow) => connect(flow, pick(flow.nodes, from), pick(flow.nodes, to))),
  fc.tuple(fc.nat(), fc.nat()).map(([one, other]): Step => (flow) => remove(flow, new Set([pick(flow.nodes, one), pick(flow.edges, other)]))),
  fc.tuple(fc.nat(), fc.nat()).map(([one, other]): Step => (flow) => paste(flow, fragmentOf(flow, new Set([pick(flow.nodes, one), pick(flow.nodes, other)])), { x: 40, y: 40 })?.definition ?? flow),
  fc.tuple(fc.nat(), fc.integer({ min: -300, max: 300 })).map(([at, x]): Step => (flow) => moveNodes(flow, new Map([[pick(flow.nodes, at), { x, y: 0 }]]))),
  fc.constant<Step>(arrange),
);

test('whatever one does on the canvas, what comes of it is a flow: sound in shape, ids told apart, no arrow into nowhere', () => {
  fc.assert(fc.property(fc.array(steps, { maxLength: 20 }), (all) => {
    let flow = empty;
    for (const step of all) {
      const before = JSON.stringify(flow);
      const next = step(flow);
      assert.equal(JSON.stringify(flow), before, 'what is given is never changed');
      flow = next;
    }
    const ids = [...flow.nodes, ...flow.edges].map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(flow.nodes.every((node) => node.box !== undefined));
    assert.equal(placed(flow), flow);
    const codes = checkFlow(flow).filter(({ code, at }) => ['unknown_node', 'duplicate_id', 'edge_into_start', 'edge_from_end', 'duplicate_edge'].includes(code) || (code === 'shape' && !['/flow', '/action/lines'].includes(at ?? '')));
    assert.deepEqual(codes, []);
  }), { numRuns: 150 });
});
