import type { BpmnModdle, ModdleElement } from 'bpmn-moddle';
import { isActivity, type BoundaryTimer, type Due, type FlowDefinition, type FlowEdge, type FlowNode } from '../../../../rules/workflow/definition.ts';
import { toDuration } from '../../../../rules/workflow/bpmn/durations.ts';
import { boxOf, nodeSize, timerPlace } from '../../../../rules/workflow/bpmn/sizes.ts';
import { boundsOf, fallbackPlaces, isDrawnAsEvent, timerBounds, type Bounds } from './drawing.ts';
import { elementOf, extensionNamespace, openModdle, ruleLanguage, toExtension, writable } from './vocabulary.ts';

/**
 * A flow as BPMN 2.0 XML with its diagram (导出 BPMN): standard elements for what BPMN has words for, the rest in extension
 * elements of our own, so that {@link readBpmn} gives back exactly this definition.
 *
 * @param flow its name, for whoever opens the file elsewhere
 */
export async function writeBpmn(definition: FlowDefinition, flow: { id: string; name: string }): Promise<string> {
  const moddle = openModdle();
  const writer = new Writer(moddle, definition);
  const { xml } = await moddle.toXML(writer.document(flow), { format: true });
  return xml;
}

/** What is said of an edge beyond a sequence flow; null when nothing is. */
export function edgeExtension(edge: FlowEdge, defaultWritten: boolean): Record<string, unknown> | null {
  const said = {
    ...(edge.name !== undefined && (edge.name.en !== undefined || writable(edge.name.zh) !== edge.name.zh || edge.name.zh === '') ? { name: edge.name } : {}),
    ...(edge.outcome === undefined ? {} : { outcome: edge.outcome }),
    ...(edge.isDefault === undefined || (defaultWritten && edge.isDefault) ? {} : { isDefault: edge.isDefault }),
    ...(edge.points === undefined ? {} : { points: edge.points }),
  };
  return Object.keys(said).length === 0 ? null : said;
}

/** What is said of a node: all but its id, and its boundary timers, which are elements of their own. */
export function nodeExtension(node: FlowNode): Record<string, unknown> {
  const { id: _id, ...said } = node;
  if (timersOf(node).length === 0) return said;
  const { timers: _timers, ...rest } = said as typeof said & { timers: unknown };
  return rest;
}

class Writer {
  readonly #moddle: BpmnModdle;
  readonly #definition: FlowDefinition;
  readonly #taken: Set<string>;
  readonly #elements = new Map<string, ModdleElement>();
  readonly #bounds = new Map<string, Bounds>();
  readonly #roots: ModdleElement[] = [];
  readonly #messages = new Map<string, ModdleElement>();

  constructor(moddle: BpmnModdle, definition: FlowDefinition) {
    this.#moddle = moddle;
    this.#definition = definition;
    this.#taken = new Set([...definition.nodes.flatMap((node) => [node.id, ...timersOf(node).map(({ id }) => id)]), ...definition.edges.map(({ id }) => id)]);
  }

  document(flow: { id: string; name: string }): ModdleElement {
    const { nodes, edges, variables } = this.#definition;
    const process = this.#make('bpmn:Process', { id: this.#newId(`flow-${flow.id}`), name: writable(flow.name), isExecutable: true });
    if (variables !== undefined) this.#extend(process, 'bihuan:Flow', { variables });
    const places = fallbackPlaces(this.#definition);
    const flowElements: ModdleElement[] = [];
    for (const node of nodes) {
      const element = this.#node(node);
      const fallback = places.get(node.id) ?? { x: 0, y: 0 };
      this.#bounds.set(node.id, boundsOf(node, isDrawnAsEvent(element.$type), fallback));
      flowElements.push(element);
      for (const [index, timer] of timersOf(node).entries()) {
        flowElements.push(this.#timer(timer, element));
        const box = boxOf(node) ?? { ...nodeSize(node.kind), ...fallback };
        this.#bounds.set(timer.id, timerBounds(timer.at ?? timerPlace(box, index)));
      }
    }
    for (const edge of edges) {
      const element = this.#edge(edge);
      if (element !== null) flowElements.push(element);
    }
    process['flowElements'] = flowElements;
    for (const element of flowElements) element.$parent = process;
    const diagram = this.#diagram(process);
    const definitions = this.#make('bpmn:Definitions', {
      id: this.#newId('definitions'), targetNamespace: extensionNamespace, exporter: 'Bihuan', rootElements: [...this.#roots, process], diagrams: [diagram],
    });
    for (const root of [...this.#roots, process, diagram]) root.$parent = definitions;
    return definitions;
  }

  #node(node: FlowNode): ModdleElement {
    const element = this.#make(elementOf(node), { id: node.id, name: writable(node.name.zh) });
    this.#elements.set(node.id, element);
    this.#extend(element, 'bihuan:Node', nodeExtension(node));
    if (node.description !== undefined) {
      const documentation = this.#make('bpmn:Documentation', { text: writable(node.description.zh) });
      documentation.$parent = element;
      element['documentation'] = [documentation];
    }
    if (node.kind === 'terminate') this.#within(element, 'eventDefinitions', [this.#make('bpmn:TerminateEventDefinition', { id: this.#newId(`${node.id}-terminate`) })]);
    if (node.kind === 'subflow') element['calledElement'] = writable(node.flow);
    if (node.kind === 'wait') this.#wait(node, element);
    if (isActivity(node) && node.multi !== undefined) {
      const { mode, over, until } = node.multi;
      const loop = this.#make('bpmn:MultiInstanceLoopCharacteristics', { isSequential: mode === 'sequential' });
      if ('count' in over) this.#within(loop, 'loopCardinality', this.#expression(over.count));
      if (until !== undefined) this.#within(loop, 'completionCondition', this.#expression(until));
      this.#within(element, 'loopCharacteristics', loop);
    }
    return element;
  }

  #wait(node: Extract<FlowNode, { kind: 'wait' }>, element: ModdleElement): void {
    if (node.for.kind === 'fact') {
      const message = this.#message(node.for.fact);
      if (element.$type === 'bpmn:ReceiveTask') element['messageRef'] = message;
      else this.#within(element, 'eventDefinitions', [this.#make('bpmn:MessageEventDefinition', { id: this.#newId(`${node.id}-message`), messageRef: message })]);
    } else if (element.$type === 'bpmn:IntermediateCatchEvent') {
      this.#within(element, 'eventDefinitions', [this.#timerDefinition(node.id, node.for.due)]);
    }
  }

  #timer(timer: BoundaryTimer, attachedTo: ModdleElement): ModdleElement {
    const element = this.#make('bpmn:BoundaryEvent', { id: timer.id, attachedToRef: attachedTo, cancelActivity: timer.interrupting, ...(timer.name === undefined ? {} : { name: writable(timer.name.zh) }) });
    this.#elements.set(timer.id, element);
    const { id: _id, ...said } = timer;
    this.#extend(element, 'bihuan:Timer', said);
    this.#within(element, 'eventDefinitions', [this.#timerDefinition(timer.id, timer.due, timer.interrupting ? 1 : timer.times)]);
    return element;
  }

  #timerDefinition(id: string, due: Due, times = 1): ModdleElement {
    const definition = this.#make('bpmn:TimerEventDefinition', { id: this.#newId(`${id}-timer`) });
    if ('at' in due) this.#within(definition, 'timeDate', this.#expression(due.at));
    else if (times > 1) this.#within(definition, 'timeCycle', this.#make('bpmn:FormalExpression', { body: `R${times}/${toDuration(due.after)}` }));
    else this.#within(definition, 'timeDuration', this.#make('bpmn:FormalExpression', { body: toDuration(due.after) }));
    return definition;
  }

  #edge(edge: FlowEdge): ModdleElement | null {
    const [from, to] = [this.#elements.get(edge.from), this.#elements.get(edge.to)];
    // A draft may hold an arrow into nowhere; a diagram cannot.
    if (from === undefined || to === undefined) return null;
    const element = this.#make('bpmn:SequenceFlow', { id: edge.id, sourceRef: from, targetRef: to, ...(edge.name === undefined ? {} : { name: writable(edge.name.zh) }) });
    if (edge.condition !== undefined) this.#within(element, 'conditionExpression', this.#expression(edge.condition));
    // Events have no default in BPMN, and nothing has two.
    const mayDefault = /(Gateway|Task|Activity)$/.test(from.$type) && from.$type !== 'bpmn:ParallelGateway' && from['default'] === undefined;
    if (edge.isDefault === true && mayDefault) from['default'] = element;
    const said = edgeExtension(edge, edge.isDefault === true && mayDefault);
    if (said !== null) this.#extend(element, 'bihuan:Edge', said);
    for (const [owner, name] of [[from, 'outgoing'], [to, 'incoming']] as const) owner[name] = [...((owner[name] as ModdleElement[] | undefined) ?? []), element];
    this.#elements.set(edge.id, element);
    return element;
  }

  #diagram(process: ModdleElement): ModdleElement {
    const plane = this.#make('bpmndi:BPMNPlane', { id: this.#newId('plane'), bpmnElement: process });
    const drawn: ModdleElement[] = [];
    for (const [id, bounds] of this.#bounds) {
      const shape = this.#make('bpmndi:BPMNShape', { id: this.#newId(`${id}-shape`), bpmnElement: this.#elements.get(id), ...(this.#elements.get(id)?.$type === 'bpmn:ExclusiveGateway' ? { isMarkerVisible: true } : {}) });
      this.#within(shape, 'bounds', this.#make('dc:Bounds', { ...bounds }));
      drawn.push(shape);
    }
    for (const edge of this.#definition.edges) {
      const element = this.#elements.get(edge.id);
      const [from, to] = [this.#bounds.get(edge.from), this.#bounds.get(edge.to)];
      if (element === undefined || from === undefined || to === undefined) continue;
      const way = [{ x: from.x + from.width / 2, y: from.y + from.height }, ...(edge.points ?? []), { x: to.x + to.width / 2, y: to.y }];
      const line = this.#make('bpmndi:BPMNEdge', { id: this.#newId(`${edge.id}-line`), bpmnElement: element });
      this.#within(line, 'waypoint', way.map((point) => this.#make('dc:Point', { x: point.x, y: point.y })));
      drawn.push(line);
    }
    this.#within(plane, 'planeElement', drawn);
    const diagram = this.#make('bpmndi:BPMNDiagram', { id: this.#newId('diagram') });
    this.#within(diagram, 'plane', plane);
    return diagram;
  }

  #message(fact: string): ModdleElement {
    let message = this.#messages.get(fact);
    if (message === undefined) {
      message = this.#make('bpmn:Message', { id: this.#newId('message'), name: writable(fact) });
      this.#messages.set(fact, message);
      this.#roots.push(message);
    }
    return message;
  }

  #expression(rule: unknown): ModdleElement {
    return this.#make('bpmn:FormalExpression', { language: ruleLanguage, body: toExtension(rule) });
  }

  #extend(element: ModdleElement, type: string, said: unknown): void {
    const extension = this.#make(type, { data: toExtension(said) });
    this.#within(element, 'extensionElements', this.#make('bpmn:ExtensionElements', { values: [extension] }));
    extension.$parent = element['extensionElements'] as ModdleElement;
  }

  #within(owner: ModdleElement, name: string, what: ModdleElement | ModdleElement[]): void {
    owner[name] = what;
    for (const one of [what].flat()) one.$parent = owner;
  }

  #make(type: string, properties: Record<string, unknown>): ModdleElement {
    return this.#moddle.create(type, properties);
  }

  /** An id nothing else in the document has. */
  #newId(wanted: string): string {
    let id = wanted;
    for (let more = 2; this.#taken.has(id); more += 1) id = `${wanted}-${more}`;
    this.#taken.add(id);
    return id;
  }
}

function timersOf(node: FlowNode): readonly BoundaryTimer[] {
  return isActivity(node) ? (node.timers ?? []) : [];
}
