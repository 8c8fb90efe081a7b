import { BpmnModdle } from 'bpmn-moddle';
import type { FlowNode, NodeKind } from '../../../../rules/workflow/definition.ts';

/** Namespace of what BPMN has no word for (扩展命名空间). */
export const extensionNamespace = 'https://bihuan.dev/schema/bpmn/1';
/** The language of conditions, as `language` of an expression names it. */
export const ruleLanguage = 'https://jsonlogic.com';

const said = { superClass: ['Element'], properties: [{ name: 'data', isBody: true, type: 'String' }] };
/** Each extension element holds JSON: what the flow says of its element beyond BPMN. */
const descriptor = {
  name: 'Bihuan', uri: extensionNamespace, prefix: 'bihuan', xml: { tagAlias: 'lowerCase' }, associations: [],
  types: [{ name: 'Flow', ...said }, { name: 'Node', ...said }, { name: 'Timer', ...said }, { name: 'Edge', ...said }],
};

/** Reads and writes BPMN with our extension; each document gets its own. */
export function openModdle(): BpmnModdle {
  return new BpmnModdle({ bihuan: structuredClone(descriptor) });
}

/** The BPMN element a node is written as. */
export function elementOf(node: FlowNode): string {
  switch (node.kind) {
    case 'start': return 'bpmn:StartEvent';
    case 'task': case 'onsite_task': case 'approval': return 'bpmn:UserTask';
    case 'exclusive': return 'bpmn:ExclusiveGateway';
    case 'inclusive': return 'bpmn:InclusiveGateway';
    case 'parallel': return 'bpmn:ParallelGateway';
    case 'wait':
      // An event carries neither boundary timers nor instances: what has them is written as an activity.
      if (node.for.kind === 'fact') return hasActivityParts(node) ? 'bpmn:ReceiveTask' : 'bpmn:IntermediateCatchEvent';
      return hasActivityParts(node) ? 'bpmn:Task' : 'bpmn:IntermediateCatchEvent';
    case 'action': return node.action.do === 'notify' ? 'bpmn:SendTask' : 'bpmn:ServiceTask';
    case 'subflow': return 'bpmn:CallActivity';
    case 'end': case 'terminate': return 'bpmn:EndEvent';
  }
}

function hasActivityParts(node: { timers?: readonly unknown[]; multi?: unknown }): boolean {
  return node.multi !== undefined || (node.timers?.length ?? 0) > 0;
}

/** The kinds an element may stand for; the first when our extension does not say. Elements that are not named here are refused. */
export const kindsOf: Readonly<Record<string, readonly NodeKind[] | undefined>> = {
  'bpmn:StartEvent': ['start'],
  'bpmn:UserTask': ['task', 'onsite_task', 'approval'],
  'bpmn:ManualTask': ['onsite_task'],
  'bpmn:Task': ['task', 'wait'],
  'bpmn:ExclusiveGateway': ['exclusive'],
  'bpmn:InclusiveGateway': ['inclusive'],
  'bpmn:ParallelGateway': ['parallel'],
  'bpmn:ReceiveTask': ['wait'],
  'bpmn:IntermediateCatchEvent': ['wait'],
  'bpmn:ServiceTask': ['action'],
  'bpmn:SendTask': ['action'],
  'bpmn:CallActivity': ['subflow'],
  'bpmn:EndEvent': ['end', 'terminate'],
};

/** What says nothing about how a flow runs, and is left out with a word about it. */
export const passedOver: ReadonlySet<string> = new Set([
  'bpmn:TextAnnotation', 'bpmn:Association', 'bpmn:Group', 'bpmn:DataObject', 'bpmn:DataObjectReference', 'bpmn:DataStoreReference',
]);

/** Characters XML 1.0 has no place for. */
// oxlint-disable-next-line no-control-regex -- these are what is looked for
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/** A text as XML can hold it: what it has no place for is left out. */
export function writable(text: string): string {
  return text.replaceAll(unwritable, '').replaceAll('\r\n', '\n').replaceAll('\r', '\n');
}

/** A value as JSON that XML can hold: what it has no place for stands as an escape. */
export function toExtension(value: unknown): string {
  return JSON.stringify(value).replaceAll(unwritable, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
