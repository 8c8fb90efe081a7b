import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BpmnModdle } from 'bpmn-moddle';
import type { FlowDefinition } from '../../rules/workflow/definition.ts';
import { edges, node } from '../../rules/workflow/sample-flows.ts';
import { openTestProgram, type TestProgram } from '../support/program.ts';
import { assertProblem, done, writesNothing } from './scene.ts';

describe('flows as BPMN files', { timeout: 120_000 }, () => {
  let program: TestProgram;
  before(async () => {
    program = await openTestProgram();
  });
  after(() => program.close());
  const as = 'administrator';
  const importFile = (xml: string, name?: string) => program.call('POST', '/flows/import-bpmn', { as, body: { xml, ...(name === undefined ? {} : { name }) } });
  const draftOf = async (id: string): Promise<FlowDefinition> => (await done(program.call('GET', `/flows/${id}/draft`, { as }))).body.definition as FlowDefinition;

  test('what goes out comes back equal, as a flow of its own', async () => {
    const definition: FlowDefinition = {
      nodes: [node('start', 'start'), node('look', 'task', { performers: [{ kind: 'team', id: program.organization.teamId }], outcomes: [{ key: 'ok', name: { zh: '可以 <&>', en: 'fine' } }] }), node('x', 'exclusive'), node('sign', 'approval', { mode: 'quorum', quorum: { percent: 60 }, performers: [{ kind: 'person', id: program.organization.staff.manager }] }), node('end', 'end', { status: { status: 'closed' } })],
      edges: edges('start > look', 'look > x on ok', 'x > sign if large', 'x > end else', 'sign > end on approved', 'sign > look on rejected'),
      variables: [{ key: 'total', name: { zh: '合计' }, kind: 'number' }],
    };
    const flow = (await done(program.call('POST', '/flows', { as, body: { name: '退款', definition } }))).body;
    const file = (await done(program.call('GET', `/flows/${flow.id}/bpmn`, { as }))).body;
    assert.equal(file.name, '退款');
    assert.deepEqual((await new BpmnModdle().fromXML(file.xml)).warnings, []);
    const imported = (await done(importFile(file.xml))).body;
    assert.deepEqual([imported.flow.name, imported.flow.published, imported.flow.hasDraft, imported.notices], ['退款 (2)', null, true, []]);
    assert.deepEqual(await draftOf(imported.flow.id), definition);
    assert.equal((await done(importFile(file.xml, '另取一名'))).body.flow.name, '另取一名');
    assertProblem(await importFile(file.xml, '退款'), 'name_taken');
    assertProblem(await program.call('GET', `/flows/${flow.id}/bpmn?version=1`, { as }), 'not_found');
    const draft = (await done(program.call('GET', `/flows/${flow.id}/draft`, { as }))).body;
    await done(program.call('POST', `/flows/${flow.id}/publish`, { as, body: {}, headers: { 'if-match': `"${draft.version}"` } }));
    for (const version of ['', '?version=1']) assert.match((await done(program.call('GET', `/flows/${flow.id}/bpmn${version}`, { as }))).body.xml, /<bpmn:userTask id="sign"/);
    assertProblem(await program.call('GET', `/flows/${flow.id}/bpmn?version=draft`, { as }), 'not_found');
  });

  test('what cannot be carried out is refused by name, and nothing is kept', async () => {
    const document = (content: string) => `<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="x"><process id="p"><startEvent id="s"/>${content}</process></definitions>`;
    await writesNothing(program, async () => {
      const refused = await importFile(document('<scriptTask id="x" name="Run"/><complexGateway id="y"/>'));
      assertProblem(refused, 'invalid_input');
      assert.deepEqual(refused.body.errors.map((error: { path: string; code: string }) => [error.path, error.code]), [['/xml', 'unsupported'], ['/xml', 'unsupported']]);
      assert.match(refused.body.errors[0].message, /bpmn:scriptTask/);
      for (const xml of ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'no xml', `${'<a>'.repeat(200)}${'</a>'.repeat(200)}`, document('<userTask id="t"><extensionElements><b:node xmlns:b="https://bihuan.dev/schema/bpmn/1">{"kind":"task","name":{"zh":"x"},"performers":"everybody"}</b:node></extensionElements></userTask>')]) {
        assertProblem(await importFile(xml), 'invalid_input', xml.slice(0, 40));
      }
      assertProblem(await importFile('x'.repeat(900_001)), 'invalid_input');
      assertProblem(await program.call('POST', '/flows/import-bpmn', { as: 'agent', body: { xml: document('') } }), 'forbidden');
    });
  });
});
