import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FlowDefinition } from '../../../../rules/workflow/definition.ts';
import { compareFlows } from './compare-flows.ts';

const before: FlowDefinition = {
  nodes: [{ id: 's', kind: 'start', name: { zh: '开始' } }, { id: 'a', kind: 'task', name: { zh: '甲', en: 'A' }, performers: [] }, { id: 'e', kind: 'end', name: { zh: '结束' } }],
  edges: [{ id: '1', from: 's', to: 'a' }, { id: '2', from: 'a', to: 'e' }],
};

test('what came, went and changed is told; where it is drawn and how it is written down is not', () => {
  const after: FlowDefinition = {
    nodes: [{ id: 's', kind: 'start', name: { zh: '开始' }, box: { x: 1, y: 2 } }, { id: 'a', kind: 'task', performers: [{ kind: 'team', id: 't' }], name: { en: 'A', zh: '甲' } }, { id: 'b', kind: 'end', name: { zh: '结束' } }],
    edges: [{ id: '1', from: 's', to: 'a' }, { id: '3', from: 'a', to: 'b' }],
  };
  const { nodes, edges } = compareFlows(before, after);
  assert.deepEqual([...nodes], [['a', { change: 'changed', properties: ['performers'] }], ['b', { change: 'added', properties: [] }], ['e', { change: 'removed', properties: [] }]]);
  assert.deepEqual([...edges].map(([id, { change }]) => [id, change]), [['3', 'added'], ['2', 'removed']]);
  assert.equal(compareFlows(before, structuredClone(before)).nodes.size, 0);
});
