import type { ModdleElement } from 'bpmn-moddle';
import { isObject, type Rule } from '../../../../rules/conditions/json.ts';
import type { BoundaryTimer, Box, Due, FlowNode, MultiInstance, NodeKind } from '../../../../rules/workflow/definition.ts';
import { fromCycle, fromDuration, toDuration } from '../../../../rules/workflow/bpmn/durations.ts';
import { boundsOf, boxFrom, isDrawnAsEvent, timerBounds } from './drawing.ts';
import { cut, extensionOf, isElement, labelOf, listOf, nameOf, unsupported, type Reading } from './element.ts';
import { bpmnProblem } from './problem.ts';
import { kindsOf, writable } from './vocabulary.ts';

type Said = Record<string, unknown>;

/** One node from its element (节点): what our extension says of it, unless the document says something else by now. */
export function readNode(element: ModdleElement, reading: Reading): FlowNode | null {
  const kinds = kindsOf[element.$type]!;
  const definitions = listOf(element['eventDefinitions']);
  for (const wrong of [...definitions.filter((one) => !mayHave(element, one)), ...definitions.slice(1), ...loopOf(element).filter((one) => one.$type !== 'bpmn:MultiInstanceLoopCharacteristics')]) {
    reading.refuse(unsupported(wrong, element));
    return null;
  }
  if (element['isForCompensation'] === true) {
    reading.refuse(bpmnProblem('unsupported', `不支持补偿活动（“${labelOf(element)}”）。`, `Compensation (“${labelOf(element)}”) is not supported.`, nameOf(element), element.id ?? null));
    return null;
  }
  const given = extensionOf(element, 'bihuan:Node', reading);
  const ours = given !== undefined && kinds.includes(given['kind'] as NodeKind) ? given : undefined;
  const said: Said = ours === undefined ? foreign(element, kinds[0]!, reading) : { ...ours };
  // Those there are stand in the document as elements of their own.
  if (!Array.isArray(said['timers']) || said['timers'].length > 0) delete said['timers'];
  said['id'] = reading.idOf(element);
  said['name'] = namedAs(element, said['name']);
  if (said['kind'] === 'end' || said['kind'] === 'terminate') said['kind'] = definitions.some((one) => one.$type === 'bpmn:TerminateEventDefinition') ? 'terminate' : 'end';
  readDescription(element, said);
  if (ours !== undefined) changedSince(element, said, reading);
  readLoop(element, said, reading);
  readBox(element, said, reading);
  return said as unknown as FlowNode;
}

function mayHave(element: ModdleElement, definition: ModdleElement): boolean {
  if (element.$type === 'bpmn:EndEvent') return definition.$type === 'bpmn:TerminateEventDefinition';
  return element.$type === 'bpmn:IntermediateCatchEvent' && (definition.$type === 'bpmn:TimerEventDefinition' || definition.$type === 'bpmn:MessageEventDefinition');
}

const loopOf = (element: ModdleElement): ModdleElement[] => (isElement(element['loopCharacteristics']) ? [element['loopCharacteristics']] : []);
const nameOfMessage = (reference: unknown): string => (isElement(reference) && typeof reference.name === 'string' ? reference.name : '');
/** What a wait without a named message waits for; the check says that there is no such thing. */
const nothingNamed = 'unknown';

function namedAs(element: ModdleElement, said: unknown): unknown {
  const written = typeof element.name === 'string' ? element.name : '';
  if (isObject(said) && typeof said['zh'] === 'string' && writable(said['zh']) === written) return said;
  return { ...(isObject(said) && said['en'] !== undefined ? { en: said['en'] } : {}), zh: cut(written) };
}

function readDescription(element: ModdleElement, said: Said): void {
  const text = listOf(element['documentation']).map((one) => (typeof one['text'] === 'string' ? one['text'] : '')).join('\n');
  const known = isObject(said['description']) && typeof said['description']['zh'] === 'string' ? said['description'] : undefined;
  if (text.trim() === writable((known?.['zh'] as string | undefined) ?? '').trim()) return;
  said['description'] = { ...known, zh: text.trim().slice(0, 1_000) };
}

/** A node another designer drew: its kind is clear, what it needs beyond BPMN is left to be filled in. */
function foreign(element: ModdleElement, kind: NodeKind, reading: Reading): Said {
  const definition = listOf(element['eventDefinitions'])[0];
  switch (element.$type) {
    case 'bpmn:UserTask': case 'bpmn:ManualTask': case 'bpmn:Task': return { kind, performers: [] };
    case 'bpmn:SendTask': return { kind, action: { do: 'notify', to: [], text: { zh: cut(labelOf(element)) } } };
    case 'bpmn:ServiceTask':
      reading.notice(element, `服务任务“${labelOf(element)}”导入为接口调用，请填写网址。`, `The service task “${labelOf(element)}” became an HTTP call. Fill in its address.`);
      return { kind, action: { do: 'http_call', method: 'POST', url: 'https://' } };
    case 'bpmn:CallActivity': return { kind, flow: typeof element['calledElement'] === 'string' && element['calledElement'] !== '' ? element['calledElement'].slice(0, 63) : 'unknown' };
    case 'bpmn:ReceiveTask': return { kind, for: { kind: 'fact', fact: nameOfMessage(element['messageRef']).slice(0, 63) || nothingNamed } };
    case 'bpmn:IntermediateCatchEvent':
      if (definition === undefined) reading.refuse(unsupported(element));
      return { kind, for: definition?.$type === 'bpmn:TimerEventDefinition' ? { kind: 'timer', due: dueOf(definition, element, reading).due } : { kind: 'fact', fact: nameOfMessage(definition?.['messageRef']).slice(0, 63) || nothingNamed } };
    default: return { kind };
  }
}

/** Where the document says something else than our extension, it was changed elsewhere, and holds. */
function changedSince(element: ModdleElement, said: Said, reading: Reading): void {
  if (said['kind'] === 'subflow' && typeof element['calledElement'] === 'string' && element['calledElement'] !== writable(typeof said['flow'] === 'string' ? said['flow'] : '')) said['flow'] = element['calledElement'].slice(0, 63) || 'unknown';
  const waited = said['for'];
  if (said['kind'] !== 'wait' || !isObject(waited)) return;
  const definition = listOf(element['eventDefinitions'])[0];
  if (waited['kind'] === 'fact') {
    const name = nameOfMessage(definition?.['messageRef'] ?? element['messageRef']);
    if (name !== '' && name !== writable(String(waited['fact']))) said['for'] = { ...waited, fact: name.slice(0, 63) };
  } else if (definition?.$type === 'bpmn:TimerEventDefinition') {
    said['for'] = { ...waited, due: dueSince(definition, waited['due'], element, reading).due };
  }
}

/** A timer's due: as our extension says while the document still says the same, else as the document says. */
function dueSince(definition: ModdleElement, said: unknown, element: ModdleElement, reading: Reading): { due: unknown; times?: number } {
  const after = isObject(said) ? said['after'] : undefined;
  const text = textOf(definition['timeDuration']);
  if (isObject(after) && text !== null && toDuration(after as unknown as Parameters<typeof toDuration>[0]) === text) return { due: said };
  const cycle = textOf(definition['timeCycle']);
  if (isObject(after) && cycle !== null && cycle.endsWith(`/${toDuration(after as unknown as Parameters<typeof toDuration>[0])}`)) return { due: said, ...(fromCycle(cycle) === null ? {} : { times: fromCycle(cycle)!.times }) };
  return dueOf(definition, element, reading);
}

function dueOf(definition: ModdleElement, element: ModdleElement, reading: Reading): { due: Due; times?: number } {
  const duration = textOf(definition['timeDuration']);
  const span = duration === null ? null : fromDuration(duration);
  if (span !== null) return { due: { after: span } };
  const cycle = textOf(definition['timeCycle']);
  const repeated = cycle === null ? null : fromCycle(cycle);
  if (repeated !== null) return { due: { after: repeated.span }, times: repeated.times };
  const moment = definition['timeDate'];
  const date = textOf(moment);
  if (date !== null && /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(date)) return { due: { at: date } };
  const rule = date === null ? undefined : reading.ruleOf(moment, element);
  if (rule !== undefined) return { due: { at: rule } };
  reading.notice(element, `“${labelOf(element)}”的时间无法识别，先按 1 天导入，请核对。`, `The time of “${labelOf(element)}” could not be read; it was taken as one day. Please check it.`);
  return { due: { after: { amount: 1, unit: 'days' } } };
}

const textOf = (expression: unknown): string | null => (isElement(expression) && typeof expression['body'] === 'string' ? expression['body'].trim() : null);

function readLoop(element: ModdleElement, said: Said, reading: Reading): void {
  const [loop] = loopOf(element);
  if (loop === undefined) {
    delete said['multi'];
    return;
  }
  const mode: MultiInstance['mode'] = loop['isSequential'] === true ? 'sequential' : 'parallel';
  if (isObject(said['multi'])) {
    said['multi'] = { ...said['multi'], mode };
    return;
  }
  const until = reading.ruleOf(loop['completionCondition'], element);
  const cardinality = textOf(loop['loopCardinality']);
  const count: Rule | undefined = cardinality !== null && /^\d{1,3}$/.test(cardinality) ? Number(cardinality) : reading.ruleOf(loop['loopCardinality'], element);
  if (count === undefined) reading.notice(element, `“${labelOf(element)}”按什么执行多次没有写明，请设置。`, `What “${labelOf(element)}” is repeated for is not said. Set it.`);
  said['multi'] = { mode, over: { count: count ?? 1 }, ...(until === undefined ? {} : { until }) };
}

function readBox(element: ModdleElement, said: Said, reading: Reading): void {
  const bounds = reading.boundsOf(element);
  if (bounds === undefined) return;
  const node = said as unknown as FlowNode;
  const box = said['box'];
  const isPlaced = isObject(box) && typeof box['x'] === 'number' && typeof box['y'] === 'number';
  const { x, y } = boxFrom(node.kind, bounds);
  if (!isPlaced) {
    // A node of ours without a place was drawn somewhere only so that others can show it.
    if (extensionOf(element, 'bihuan:Node') === undefined) said['box'] = { x, y };
    return;
  }
  const written = boundsOf(node, isDrawnAsEvent(element.$type), { x: 0, y: 0 });
  if (Math.abs(written.x - bounds.x) > 1 || Math.abs(written.y - bounds.y) > 1) said['box'] = { ...(box as unknown as Box), x, y };
}

/** A timer at the border of a node; anything else attached there is refused. */
export function readTimer(element: ModdleElement, reading: Reading): BoundaryTimer | null {
  const definitions = listOf(element['eventDefinitions']);
  const wrong = definitions.find((one) => one.$type !== 'bpmn:TimerEventDefinition') ?? definitions[1];
  if (wrong !== undefined || definitions[0] === undefined) {
    reading.refuse(unsupported(wrong ?? element, element));
    return null;
  }
  const said = extensionOf(element, 'bihuan:Timer', reading);
  const interrupting = element['cancelActivity'] !== false;
  const { due, times } = said === undefined ? dueOf(definitions[0], element, reading) : dueSince(definitions[0], said['due'], element, reading);
  const name = typeof element.name === 'string' && element.name !== '' ? namedAs(element, said?.['name']) : said?.['name'];
  const timer: Said = { ...said, id: reading.idOf(element), due, interrupting, ...(name === undefined ? {} : { name }), ...(times === undefined ? {} : { times }) };
  const bounds = reading.boundsOf(element);
  const at = timer['at'];
  if (bounds !== undefined && isObject(at)) {
    const written = timerBounds(at as unknown as { x: number; y: number });
    if (Math.abs(written.x - bounds.x) > 1 || Math.abs(written.y - bounds.y) > 1) timer['at'] = { x: Math.round(bounds.x + bounds.width / 2), y: Math.round(bounds.y + bounds.height / 2) };
  }
  return timer as unknown as BoundaryTimer;
}
