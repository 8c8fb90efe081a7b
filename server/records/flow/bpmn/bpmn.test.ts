import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BpmnModdle } from 'bpmn-moddle';
import fc from 'fast-check';
import { actionKinds, activityKinds, nodeKinds, performerExpressions, type FlowDefinition, type FlowNode } from '../../../../rules/workflow/definition.ts';
import { checkFlow } from '../../../../rules/workflow/check.ts';
import { documentLimits } from './check-document.ts';
import { BpmnRefused, type BpmnProblem } from './problem.ts';
import { readBpmn } from './read-bpmn.ts';
import { writeBpmn } from './write-bpmn.ts';

const flow = { id: '019a0000-0000-7000-8000-000000000001', name: '退款 & 审批' };

// Words with all that XML finds hard: marks, quotes, line ends, controls, halves of characters, markup.
const text = fc.oneof(fc.string({ maxLength: 20 }), fc.string({ unit: 'binary', maxLength: 12 }), fc.constantFrom('', ' 前后有空格 ', 'a\nb\r\nc\td', '<b>&amp;"\'', ']]>', '\u0001\ufffe', '\ud83d\ude00', '<!-- -->'));
const words = fc.record({ zh: text, en: text }, { requiredKeys: ['zh'] });
const span = fc.record({ amount: fc.integer({ min: 1, max: 500 }), unit: fc.constantFrom('minutes' as const, 'hours' as const, 'days' as const), calendar: fc.constantFrom('elapsed' as const, 'working' as const) }, { requiredKeys: ['amount', 'unit'] });
const rule = fc.oneof(
  fc.constantFrom<never>(true as never, null as never, 3 as never, 'text' as never),
  fc.tuple(fc.constantFrom('>', '===', 'in', 'and'), text, fc.jsonValue({ maxDepth: 2 })).map(([operator, name, value]) => ({ [operator]: [{ var: `fields.${name}` }, value] }) as never),
);
const due = fc.oneof(span.map((after) => ({ after })), rule.map((at) => ({ at })));
const performer = fc.oneof(
  fc.uuid().map((id) => ({ kind: 'person' as const, id })),
  fc.record({ kind: fc.constant('team' as const), id: fc.uuid(), each: fc.boolean() }, { requiredKeys: ['kind', 'id'] }),
  fc.constantFrom(...performerExpressions).map((expression) => ({ kind: 'expression' as const, expression, node: 'n1' })),
  rule.map((given) => ({ kind: 'rule' as const, rule: given })),
);
const box = fc.record({ x: fc.integer({ min: -5_000, max: 5_000 }), y: fc.integer({ min: -5_000, max: 5_000 }), width: fc.integer({ min: 40, max: 400 }), height: fc.integer({ min: 40, max: 200 }) }, { requiredKeys: ['x', 'y'] });

/** A node of any kind, with all it may say. */
function nodeOf(id: string): fc.Arbitrary<FlowNode> {
  const base = { id: fc.constant(id), name: words, description: words, box };
  const status = fc.record({ status: fc.constantFrom('open', 'waiting'), waitingFor: fc.constant('customer' as const), reason: words }, { requiredKeys: ['status'] });
  const timers = fc.array(fc.record({ name: words, due, interrupting: fc.boolean(), times: fc.integer({ min: 1, max: 100 }), at: fc.record({ x: fc.integer({ min: -500, max: 500 }), y: fc.nat({ max: 500 }) }) }, { requiredKeys: ['due', 'interrupting'] }), { maxLength: 2 })
    .map((all) => all.map((timer, index) => ({ id: `${id}-timer-${index}`, ...timer })));
  const multi = fc.record({ mode: fc.constantFrom('parallel' as const, 'sequential' as const), over: fc.oneof(rule.map((count) => ({ count })), rule.map((items) => ({ items }))), until: rule }, { requiredKeys: ['mode', 'over'] });
  const activity = { ...base, status, timers, multi };
  // oxlint-disable-next-line unicorn/no-thenable -- “then” is what a time limit leads to
  const human = { ...activity, performers: fc.array(performer, { maxLength: 2 }), fields: fc.array(fc.record({ key: text, required: fc.boolean() }), { maxLength: 2 }), instructions: words, mayReturn: fc.boolean(), limit: fc.record({ span, then: fc.record({ do: fc.constant('notify' as const), to: fc.array(performer, { maxLength: 1 }) }) }) };
  const make = (kind: string, parts: Record<string, fc.Arbitrary<unknown>>, required: string[] = []) => fc.record({ kind: fc.constant(kind), ...parts }, { requiredKeys: ['kind', 'id', 'name', ...required] } as never) as fc.Arbitrary<unknown> as fc.Arbitrary<FlowNode>;
  const actions = { notify: fc.record({ do: fc.constant('notify'), to: fc.array(performer, { maxLength: 1 }), text: words }), other: fc.record({ do: fc.constantFrom(...actionKinds.filter((one) => one !== 'notify')), url: text, body: fc.dictionary(fc.string({ maxLength: 5 }), rule, { maxKeys: 2 }) }) };
  return fc.oneof(
    make('start', { ...base, status }),
    make('task', human, ['performers']), make('onsite_task', human, ['performers']),
    make('approval', { ...human, mode: fc.constantFrom('all', 'any', 'sequence', 'quorum'), quorum: fc.record({ percent: fc.integer({ min: 1, max: 100 }) }) }, ['performers', 'mode']),
    ...(['exclusive', 'inclusive', 'parallel'] as const).map((kind) => make(kind, base)),
    make('wait', { ...activity, for: fc.oneof(due.map((given) => ({ kind: 'timer', due: given })), fc.record({ kind: fc.constant('fact'), fact: fc.oneof(text, fc.constant('ticket.confirmed')), of: fc.constantFrom('ticket', 'children'), condition: rule }, { requiredKeys: ['kind', 'fact'] })) }, ['for']),
    make('action', { ...activity, action: fc.oneof(actions.notify, actions.other), whenFailed: fc.constantFrom('park', 'continue') }, ['action']),
    make('subflow', { ...activity, flow: fc.oneof(fc.uuid(), text) }, ['flow']),
    make('end', { ...base, status }), make('terminate', base),
  );
}

const definitions: fc.Arbitrary<FlowDefinition> = fc.integer({ min: 1, max: 8 }).chain((size) => {
  const ids = Array.from({ length: size }, (_, index) => `n${index}`);
  return fc.tuple(...ids.map(nodeOf)).chain((nodes) => {
    const sources = nodes.flatMap((node) => [node.id, ...('timers' in node ? (node.timers ?? []) : []).map(({ id }) => id)]);
    const edge = fc.record({ from: fc.constantFrom(...sources), to: fc.constantFrom(...ids), name: words, condition: rule, outcome: text, isDefault: fc.boolean(), points: fc.array(fc.record({ x: fc.integer(), y: fc.integer() }), { maxLength: 2 }) }, { requiredKeys: ['from', 'to'] });
    return fc.record({
      nodes: fc.constant(nodes),
      edges: fc.array(edge, { maxLength: 10 }).map((all) => all.map((one, index) => ({ id: `e${index}`, ...one }))),
      variables: fc.array(fc.record({ key: fc.constantFrom('a', 'b'), name: words, kind: fc.constantFrom('text' as const, 'any' as const) }), { maxLength: 2 }),
    }, { requiredKeys: ['nodes', 'edges'] }) as fc.Arbitrary<FlowDefinition>;
  });
});

test('what goes out comes back equal, and bpmn-moddle finds nothing to complain of', { timeout: 120_000 }, async () => {
  await fc.assert(fc.asyncProperty(definitions, async (given) => {
    const definition = JSON.parse(JSON.stringify(given)) as FlowDefinition;
    const xml = await writeBpmn(definition, flow);
    const read = await readBpmn(xml);
    assert.deepEqual(read.definition, definition);
    assert.equal(read.name, flow.name);
    assert.deepEqual(read.notices, []);
    // Somebody else's reader, which has never heard of our extension.
    assert.deepEqual((await new BpmnModdle().fromXML(xml)).warnings, []);
    assert.equal(await writeBpmn(read.definition, flow), xml, 'and goes out the same again');
  }), { numRuns: 80 });
});

test('every kind has an element, and every activity may be repeated and interrupted', async () => {
  const seen = new Set<string>();
  for (const node of fc.sample(nodeOf('n1'), 400)) seen.add(node.kind);
  assert.deepEqual([...seen].toSorted(), [...nodeKinds].toSorted(), 'the generator knows all kinds');
  assert.ok(activityKinds.every((kind) => seen.has(kind)));
});

const document = (process: string, more = ''): string => `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="Definitions_1" targetNamespace="http://bpmn.io/schema/bpmn" exporter="Camunda Modeler" exporterVersion="5.20.0">
${process}
${more}
</bpmn:definitions>`;

test('a document of Camunda Modeler comes in', async () => {
  const { name, definition, notices } = await readBpmn(document(`
  <bpmn:message id="Message_1" name="ticket.confirmed" />
  <bpmn:process id="Process_1" name="Refund" isExecutable="true" camunda:historyTimeToLive="30">
    <bpmn:startEvent id="Start" camunda:initiator="starter"><bpmn:outgoing>F1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="Check" name="Check goods" camunda:candidateGroups="service">
      <bpmn:documentation>Look at the photos</bpmn:documentation>
      <bpmn:extensionElements><camunda:formData><camunda:formField id="amount" type="long" /></camunda:formData></bpmn:extensionElements>
      <bpmn:multiInstanceLoopCharacteristics isSequential="true"><bpmn:loopCardinality xsi:type="bpmn:tFormalExpression">3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>
    </bpmn:userTask>
    <bpmn:boundaryEvent id="Late" cancelActivity="false" attachedToRef="Check"><bpmn:timerEventDefinition id="T1"><bpmn:timeCycle xsi:type="bpmn:tFormalExpression">R3/PT4H</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:boundaryEvent>
    <bpmn:exclusiveGateway id="Much" name="Over 10,000?" default="F4" />
    <bpmn:serviceTask id="Pay" name="Pay" camunda:type="external" camunda:topic="pay" />
    <bpmn:intermediateCatchEvent id="Confirmed"><bpmn:messageEventDefinition id="M1" messageRef="Message_1" /></bpmn:intermediateCatchEvent>
    <bpmn:endEvent id="End" /><bpmn:endEvent id="Stop"><bpmn:terminateEventDefinition id="X1" /></bpmn:endEvent>
    <bpmn:sequenceFlow id="F1" sourceRef="Start" targetRef="Check" /><bpmn:sequenceFlow id="F2" sourceRef="Check" targetRef="Much" />
    <bpmn:sequenceFlow id="F3" name="yes" sourceRef="Much" targetRef="Stop"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">\${amount &gt; 10000}</bpmn:conditionExpression></bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="F4" sourceRef="Much" targetRef="Pay" /><bpmn:sequenceFlow id="F5" sourceRef="Pay" targetRef="Confirmed" />
    <bpmn:sequenceFlow id="F6" sourceRef="Confirmed" targetRef="End"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">\${bean.check(execution)}</bpmn:conditionExpression></bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="F7" sourceRef="Late" targetRef="End" />
    <bpmn:textAnnotation id="Note"><bpmn:text>A note</bpmn:text></bpmn:textAnnotation>
  </bpmn:process>`, `
  <bpmndi:BPMNDiagram id="D"><bpmndi:BPMNPlane id="P" bpmnElement="Process_1">
    <bpmndi:BPMNShape id="S1" bpmnElement="Start"><dc:Bounds x="179" y="99" width="36" height="36" /></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="S2" bpmnElement="Check"><dc:Bounds x="270" y="77" width="100" height="80" /></bpmndi:BPMNShape>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>`));
  assert.equal(name, 'Refund');
  const node = (id: string) => definition.nodes.find((one) => one.id === id);
  assert.deepEqual(node('Start'), { id: 'Start', kind: 'start', name: { zh: '' }, box: { x: 141, y: 97 } });
  assert.deepEqual(node('Check'), {
    id: 'Check', kind: 'task', name: { zh: 'Check goods' }, description: { zh: 'Look at the photos' }, performers: [], multi: { mode: 'sequential', over: { count: 3 } }, box: { x: 200, y: 79 },
    timers: [{ id: 'Late', due: { after: { amount: 4, unit: 'hours' } }, interrupting: false, times: 3 }],
  });
  assert.deepEqual(node('Pay'), { id: 'Pay', kind: 'action', name: { zh: 'Pay' }, action: { do: 'http_call', method: 'POST', url: 'https://' } });
  assert.deepEqual(node('Confirmed'), { id: 'Confirmed', kind: 'wait', name: { zh: '' }, for: { kind: 'fact', fact: 'ticket.confirmed' } });
  assert.equal(node('Stop')?.kind, 'terminate');
  assert.deepEqual(definition.edges.find(({ id }) => id === 'F3'), { id: 'F3', from: 'Much', to: 'Stop', name: { zh: 'yes' }, condition: { '>': [{ var: 'vars.amount' }, 10_000] } });
  assert.deepEqual(definition.edges.find(({ id }) => id === 'F4'), { id: 'F4', from: 'Much', to: 'Pay', isDefault: true });
  assert.deepEqual(definition.variables, [{ key: 'amount', name: { zh: 'amount' }, kind: 'any' }]);
  assert.deepEqual(checkFlow(definition).filter(({ code }) => code === 'shape'), [], 'what is missing is left to be filled in, but it is a flow');
  assert.deepEqual(notices.map(({ id }) => id), ['Pay', null, 'F6']);
});

test('what another designer changed in a file of ours holds', async () => {
  const definition: FlowDefinition = {
    nodes: [
      { id: 'start', kind: 'start', name: { zh: '开始', en: 'Start' }, box: { x: 100, y: 0 } },
      { id: 'wait', kind: 'wait', name: { zh: '等待' }, for: { kind: 'timer', due: { after: { amount: 2, unit: 'hours', calendar: 'working' } } } },
      { id: 'end', kind: 'end', name: { zh: '结束' } },
    ],
    edges: [{ id: 'a', from: 'start', to: 'wait', name: { zh: '去', en: 'go' } }, { id: 'b', from: 'wait', to: 'end' }],
  };
  const xml = (await writeBpmn(definition, flow)).replace('name="开始"', 'name="收到"').replace('name="去"', 'name="走"').replace('PT2H', 'PT3H').replace('x="138"', 'x="238"').replace('</bpmn:endEvent>', '<bpmn:terminateEventDefinition id="now" /></bpmn:endEvent>');
  const { nodes, edges } = (await readBpmn(xml)).definition;
  assert.deepEqual(nodes[0], { id: 'start', kind: 'start', name: { zh: '收到', en: 'Start' }, box: { x: 200, y: 0 } });
  assert.deepEqual(nodes[1], { id: 'wait', kind: 'wait', name: { zh: '等待' }, for: { kind: 'timer', due: { after: { amount: 3, unit: 'hours' } } } });
  assert.equal(nodes[2]?.kind, 'terminate');
  assert.deepEqual(edges[0]?.name, { zh: '走', en: 'go' });
});

async function problemsOf(xml: string): Promise<readonly BpmnProblem[]> {
  try {
    await readBpmn(xml);
  } catch (error) {
    assert.ok(error instanceof BpmnRefused, String(error));
    for (const { message } of error.problems) assert.ok(message.zh.length > 0 && message.en.length > 0 && message.en.length < 300);
    return error.problems;
  }
  return [];
}

test('what cannot be carried out is refused by its name', async () => {
  const inProcess = (content: string) => problemsOf(document(`<bpmn:process id="P"><bpmn:startEvent id="s" /><bpmn:userTask id="t" name="Do it" />${content}</bpmn:process>`));
  const cases: Record<string, string> = {
    'bpmn:scriptTask': '<bpmn:scriptTask id="x" name="Run" scriptFormat="js"><bpmn:script>1</bpmn:script></bpmn:scriptTask>',
    'bpmn:businessRuleTask': '<bpmn:businessRuleTask id="x" />',
    'bpmn:subProcess': '<bpmn:subProcess id="x"><bpmn:startEvent id="y" /></bpmn:subProcess>',
    'bpmn:transaction': '<bpmn:transaction id="x" />',
    'bpmn:adHocSubProcess': '<bpmn:adHocSubProcess id="x" />',
    'bpmn:complexGateway': '<bpmn:complexGateway id="x" />',
    'bpmn:eventBasedGateway': '<bpmn:eventBasedGateway id="x" />',
    'bpmn:intermediateThrowEvent': '<bpmn:intermediateThrowEvent id="x" />',
    'bpmn:intermediateCatchEvent': '<bpmn:intermediateCatchEvent id="x" />',
    'bpmn:timerEventDefinition': '<bpmn:startEvent id="x"><bpmn:timerEventDefinition id="d" /></bpmn:startEvent>',
    'bpmn:errorEventDefinition': '<bpmn:boundaryEvent id="x" attachedToRef="t"><bpmn:errorEventDefinition id="d" /></bpmn:boundaryEvent>',
    'bpmn:signalEventDefinition': '<bpmn:endEvent id="x"><bpmn:signalEventDefinition id="d" /></bpmn:endEvent>',
    'bpmn:standardLoopCharacteristics': '<bpmn:userTask id="x"><bpmn:standardLoopCharacteristics /></bpmn:userTask>',
    'bpmn:madeUpTask': '<bpmn:madeUpTask id="x" />',
  };
  for (const [element, content] of Object.entries(cases)) {
    const problems = await inProcess(content);
    assert.deepEqual(problems.map((problem) => [problem.code, problem.element]), [['unsupported', element]], element);
    assert.ok(problems[0]!.message.zh.includes(element) && problems[0]!.message.en.includes(element));
  }
  assert.equal((await inProcess('<bpmn:scriptTask id="x" /><bpmn:complexGateway id="y" />')).length, 2, 'all of them are named');
  assert.equal((await inProcess('<bpmn:sequenceFlow id="f" sourceRef="s" targetRef="nowhere" />'))[0]?.code, 'missing_reference');
  assert.equal((await inProcess('<bpmn:boundaryEvent id="b" attachedToRef="s"><bpmn:timerEventDefinition id="d"><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>'))[0]?.code, 'missing_reference');
  assert.equal((await inProcess('<bpmn:userTask id="t" />'))[0]?.code, 'duplicate_id');
  assert.equal((await problemsOf(document('<bpmn:process id="P"><bpmn:task id="a" /></bpmn:process><bpmn:process id="Q"><bpmn:task id="b" /></bpmn:process>')))[0]?.code, 'several_processes');
  assert.equal((await problemsOf(document('<bpmn:process id="P" />')))[0]?.code, 'no_process');
});

test('hostile and enormous files are refused before they cost anything', { timeout: 30_000 }, async () => {
  const code = async (xml: string) => (await problemsOf(xml))[0]?.code;
  assert.equal(await code(`<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]>${document('<bpmn:process id="P"><bpmn:task id="a" name="&d;" /></bpmn:process>')}`), 'doctype');
  assert.equal(await code(`<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a>&x;</a>`), 'doctype');
  assert.equal(await code('x'.repeat(documentLimits.characters + 1)), 'too_large');
  assert.equal(await code(document(`${'<bpmn:subProcess>'.repeat(60)}${'</bpmn:subProcess>'.repeat(60)}`)), 'too_deep');
  assert.equal(await code(document(`<bpmn:process id="P">${'<bpmn:task/>'.repeat(documentLimits.elements)}</bpmn:process>`)), 'too_many_elements');
  assert.equal(await code(document(`<bpmn:process id="P">${Array.from({ length: 300 }, (_, index) => `<bpmn:task id="t${index}"/>`).join('')}</bpmn:process>`)), 'too_many_elements');
  assert.equal(await code(document(`<bpmn:process id="P"><bpmn:task ${Array.from({ length: 200 }, (_, index) => `a${index}="1"`).join(' ')} /></bpmn:process>`)), 'too_many_elements');
  // Whatever a document leaves to us to name is named in one go: 19,900 nameless ones once took minutes.
  assert.equal(await code(document(`<bpmn:process id="P">${'<bpmn:task/>'.repeat(documentLimits.elements - 100)}</bpmn:process>`)), 'too_many_elements');
  for (const broken of ['', 'no xml at all', '<a>', '<a></b></a></a>', '<a', '<a b="', '<!-- never ends', '<![CDATA[', `<?xml version="1.0" encoding="UTF-16"?><a/>`, '{"json":true}', '<html><body>hello</body></html>', '<bpmn:definitions/>', `${'<a '.repeat(5_000)}`, `<a>${'<'.repeat(1_000)}</a>`]) {
    assert.ok(['malformed', 'not_bpmn', 'encoding', 'no_process'].includes((await code(broken)) ?? ''), `${broken.slice(0, 40)}: ${await code(broken)}`);
  }
});

test('an extension that lies breaks nothing', async () => {
  const definition: FlowDefinition = { nodes: [{ id: 'a', kind: 'task', name: { zh: '做' }, performers: [], timers: [{ id: 't', due: { after: { amount: 1, unit: 'days' } }, interrupting: true }] }, { id: 'w', kind: 'wait', name: { zh: '等' }, for: { kind: 'timer', due: { after: { amount: 1, unit: 'days' } } } }], edges: [{ id: 'e', from: 'a', to: 'w' }] };
  const xml = await writeBpmn(definition, flow);
  await fc.assert(fc.asyncProperty(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom('node', 'timer'), async (value, which) => {
    const escaped = JSON.stringify(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll(/\p{Surrogate}/gu, '');
    const lied = xml.replace(new RegExp(`(<bihuan:${which}>)[^<]*`), (_whole, tag: string) => `${tag}${escaped}`);
    await problemsOf(lied);
  }), { numRuns: 100 });
  assert.equal((await problemsOf(xml.replace(/(<bihuan:node>)[^<]*/, '$1not json')))[0]?.code, 'extension');
  // A start that says it is an action is a start.
  const posing = xml.replace(/(<bihuan:node>)[^<]*/, '$1{"kind":"action","action":{"do":"http_call","method":"GET","url":"http://x"}}');
  assert.equal((await readBpmn(posing)).definition.nodes[0]?.kind, 'task');
});
