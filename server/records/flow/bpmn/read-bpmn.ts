import type { ModdleElement } from 'bpmn-moddle';
import { isObject, type Rule } from '../../../../rules/conditions/json.ts';
import { flowLimits, idPattern, keyPattern, type FlowDefinition, type FlowEdge, type FlowNode, type FlowVariable } from '../../../../rules/workflow/definition.ts';
import { readExpression } from '../../../../rules/workflow/bpmn/expressions.ts';
import { checkDocument } from './check-document.ts';
import type { Bounds } from './drawing.ts';
import { cut, extensionOf, fromJson, isElement, labelOf, listOf, nameOf, unsupported, type BpmnNotice, type Reading } from './element.ts';
import { bpmnProblem, BpmnRefused, short, type BpmnProblem } from './problem.ts';
import { readNode, readTimer } from './read-node.ts';
import { kindsOf, openModdle, passedOver, ruleLanguage, writable } from './vocabulary.ts';

/**
 * Reads BPMN 2.0 XML (导入 BPMN): of this program, exactly as it was written; of other designers, as far as BPMN says what
 * is meant. Elements that cannot be carried out are refused by name. What it gives is not checked yet: check-flow does that.
 *
 * @throws BpmnRefused with all that stands in the way
 */
export async function readBpmn(xml: string): Promise<{ name: string; definition: FlowDefinition; notices: BpmnNotice[] }> {
  checkDocument(xml);
  const process = await parse(xml);
  const problems: BpmnProblem[] = [];
  const notices: BpmnNotice[] = [];
  const elements = listOf(process['flowElements']);
  const told = new Set<string>();
  const reading = openReading(elements, boundsIn(process), problems, notices);

  const nodes: FlowNode[] = [];
  const edges: FlowEdge[] = [];
  const byElement = new Map<ModdleElement, FlowNode>();
  for (const element of [...elements, ...listOf(process['artifacts'])]) {
    if (element.$type === 'bpmn:SequenceFlow' || element.$type === 'bpmn:BoundaryEvent') continue;
    if (passedOver.has(element.$type)) {
      if (!told.has(element.$type)) reading.notice(null, `注释和数据对象（${nameOf(element)}）没有导入。`, `Annotations and data objects (${nameOf(element)}) were left out.`);
      told.add(element.$type);
    } else if (kindsOf[element.$type] === undefined) {
      problems.push(unsupported(element));
    } else {
      const node = readNode(element, reading);
      if (node !== null) {
        nodes.push(node);
        byElement.set(element, node);
      }
    }
  }
  for (const element of elements) {
    if (element.$type === 'bpmn:BoundaryEvent') {
      const timer = readTimer(element, reading);
      const owner = byElement.get(element['attachedToRef'] as ModdleElement);
      if (timer === null) continue;
      if (owner === undefined || !('performers' in owner || owner.kind === 'wait' || owner.kind === 'action' || owner.kind === 'subflow')) problems.push(missing(element, 'attachedToRef'));
      else owner.timers = [...(owner.timers ?? []), timer];
    } else if (element.$type === 'bpmn:SequenceFlow') {
      const edge = readEdge(element, reading);
      if (edge === null) problems.push(missing(element, 'sourceRef / targetRef'));
      else edges.push(edge);
    }
  }
  if (listOf(process['laneSets']).length > 0) reading.notice(null, '泳道没有导入；请为每一步指定处理人。', 'Lanes were left out. Name who acts for each step.');
  if (nodes.length > flowLimits.nodes) problems.push(bpmnProblem('too_many_elements', `流程最多 ${flowLimits.nodes} 个节点，这个文件有 ${nodes.length} 个。`, `A flow has at most ${flowLimits.nodes} nodes; this file has ${nodes.length}.`));
  if (edges.length > flowLimits.edges) problems.push(bpmnProblem('too_many_elements', `流程最多 ${flowLimits.edges} 条连线，这个文件有 ${edges.length} 条。`, `A flow has at most ${flowLimits.edges} edges; this file has ${edges.length}.`));
  if (problems.length > 0) throw new BpmnRefused(problems.slice(0, 50));

  const variables = variablesOf(process, reading.foreignVariables);
  return {
    name: typeof process.name === 'string' && process.name.trim() !== '' ? process.name.trim().slice(0, flowLimits.name) : 'BPMN',
    definition: { nodes, edges, ...(variables === undefined ? {} : { variables }) },
    notices: notices.slice(0, 100),
  };
}

/** The one process of a document. */
async function parse(xml: string): Promise<ModdleElement> {
  const read = await openModdle().fromXML(xml).catch(() => {
    throw new BpmnRefused([bpmnProblem('not_bpmn', '这不是 BPMN 2.0 文件。', 'This is no BPMN 2.0 file.')]);
  });
  const problems: BpmnProblem[] = [];
  for (const { message } of read.warnings) {
    const unknown = /unparsable content <([^>\s]{1,80})/.exec(message)?.[1];
    const twice = /duplicate ID <([^>]{1,80})>/i.exec(message)?.[1];
    if (unknown !== undefined && twice === undefined) problems.push(bpmnProblem('unsupported', `不支持元素 ${unknown}。`, `The element ${unknown} is not supported.`, unknown));
    if (twice !== undefined) problems.push(bpmnProblem('duplicate_id', `编号“${short(twice)}”用了两次。`, `The id “${short(twice)}” is used twice.`, null, twice));
  }
  if (problems.length > 0) throw new BpmnRefused(problems.slice(0, 50));
  const roots = listOf(read.rootElement['rootElements']);
  const collaboration = roots.find((root) => root.$type === 'bpmn:Collaboration');
  const flow = listOf(collaboration?.['messageFlows'])[0];
  if (flow !== undefined) throw new BpmnRefused([unsupported(flow)]);
  const processes = roots.filter((root) => root.$type === 'bpmn:Process' && listOf(root['flowElements']).length > 0);
  if (processes.length > 1) throw new BpmnRefused([bpmnProblem('several_processes', '文件里有多个流程（池），一次只能导入一个。', 'The file holds several processes (pools). One at a time can be imported.', 'bpmn:process')]);
  const [process] = processes;
  if (process === undefined) throw new BpmnRefused([bpmnProblem('no_process', '文件里没有流程（bpmn:process）。', 'The file holds no process (bpmn:process).', 'bpmn:process')]);
  return process;
}

/** Where each element is drawn, by the first diagram that shows it. */
function boundsIn(process: ModdleElement): ReadonlyMap<ModdleElement, Bounds> {
  const bounds = new Map<ModdleElement, Bounds>();
  for (const diagram of listOf(process.$parent?.['diagrams'])) {
    for (const shape of listOf((diagram['plane'] as ModdleElement | undefined)?.['planeElement'])) {
      const [element, box] = [shape['bpmnElement'], shape['bounds']];
      if (!isElement(element) || !isElement(box) || bounds.has(element)) continue;
      const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => Number(box[name])) as [number, number, number, number];
      if ([x, y, width, height].every((value) => Number.isFinite(value) && Math.abs(value) <= flowLimits.coordinate)) bounds.set(element, { x, y, width, height });
    }
  }
  return bounds;
}

function openReading(elements: readonly ModdleElement[], bounds: ReadonlyMap<ModdleElement, Bounds>, problems: BpmnProblem[], notices: BpmnNotice[]): Reading & { foreignVariables: ReadonlySet<string> } {
  const ids = new Map<ModdleElement, string>();
  const taken = new Set(elements.flatMap(({ id }) => (id !== undefined && idPattern.test(id) ? [id] : [])));
  const counts = new Map<string, number>();
  for (const element of elements) {
    let id = element.id ?? '';
    // Counted on, not from the beginning: a document may hold thousands without an id.
    for (let number = (counts.get(element.$type) ?? 0) + 1; !idPattern.test(id); number += 1) {
      const wanted = `${element.$type.slice(5).replace(/^./, (letter) => letter.toLowerCase())}_${number}`;
      if (!taken.has(wanted)) id = wanted;
      counts.set(element.$type, number);
    }
    taken.add(id);
    ids.set(element, id);
  }
  const foreignVariables = new Set<string>();
  const reading = {
    foreignVariables,
    idOf: (element: ModdleElement) => ids.get(element) ?? '',
    boundsOf: (element: ModdleElement) => bounds.get(element),
    notice: (owner: ModdleElement | null, zh: string, en: string) => void notices.push({ id: owner === null ? null : (ids.get(owner) ?? null), message: { zh, en } }),
    refuse: (problem: BpmnProblem) => void problems.push(problem),
    ruleOf(expression: unknown, owner: ModdleElement): Rule | undefined {
      if (!isElement(expression) || typeof expression['body'] !== 'string') return undefined;
      const body = expression['body'];
      if (expression['language'] === ruleLanguage) {
        const rule = fromJson(body);
        if (rule === undefined) problems.push(bpmnProblem('extension', `“${labelOf(owner)}”的条件不是有效的 JsonLogic。`, `The condition of “${labelOf(owner)}” is not valid JsonLogic.`, nameOf(owner), owner.id ?? null));
        return rule as Rule | undefined;
      }
      const read = readExpression(body);
      if (read === null) {
        reading.notice(owner, `“${labelOf(owner)}”的条件“${short(body)}”无法识别，请重新设置。`, `The condition “${short(body)}” of “${labelOf(owner)}” could not be read. Set it anew.`);
        return undefined;
      }
      for (const variable of read.variables) foreignVariables.add(variable);
      return read.rule;
    },
  };
  return reading;
}

function readEdge(element: ModdleElement, reading: Reading): FlowEdge | null {
  const [from, to] = [element['sourceRef'], element['targetRef']];
  if (!isElement(from) || !isElement(to) || reading.idOf(from) === '' || reading.idOf(to) === '') return null;
  const said = extensionOf(element, 'bihuan:Edge', reading) ?? {};
  const written = typeof element.name === 'string' ? element.name : undefined;
  const name = isObject(said['name']) && typeof said['name']['zh'] === 'string' && writable(said['name']['zh']) === (written ?? '') ? said['name'] : written === undefined || written === '' ? undefined : { ...(isObject(said['name']) ? said['name'] : {}), zh: cut(written) };
  const condition = reading.ruleOf(element['conditionExpression'], element);
  const isDefault = from['default'] === element ? true : said['isDefault'];
  return {
    id: reading.idOf(element), from: reading.idOf(from), to: reading.idOf(to),
    ...(name === undefined ? {} : { name: name as unknown as FlowEdge['name'] }),
    ...(condition === undefined ? {} : { condition }),
    ...(said['outcome'] === undefined ? {} : { outcome: said['outcome'] as string }),
    ...(isDefault === undefined ? {} : { isDefault: isDefault as boolean }),
    ...(said['points'] === undefined ? {} : { points: said['points'] as FlowEdge['points'] }),
  };
}

function variablesOf(process: ModdleElement, foreign: ReadonlySet<string>): FlowVariable[] | undefined {
  const said = extensionOf(process, 'bihuan:Flow')?.['variables'];
  const known = Array.isArray(said) ? (said as FlowVariable[]) : undefined;
  const more = [...foreign].filter((key) => keyPattern.test(key) && !known?.some((one) => isObject(one) && one.key === key)).slice(0, flowLimits.variables).map((key): FlowVariable => ({ key, name: { zh: key }, kind: 'any' }));
  return known === undefined && more.length === 0 ? undefined : [...(known ?? []), ...more];
}

function missing(element: ModdleElement, reference: string): BpmnProblem {
  return bpmnProblem('missing_reference', `“${labelOf(element)}”的 ${reference} 指向不存在的元素。`, `${reference} of “${labelOf(element)}” leads to an element that is not there.`, nameOf(element), element.id ?? null);
}
