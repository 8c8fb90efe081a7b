import { actionKinds, type ActionKind, type FlowAction, type FlowNode, type NodeKind } from '../../../../rules/workflow/definition.ts';
import type { Words } from '../../../../rules/forms/form.ts';

/** What the palette offers (节点面板): a kind of node, or a kind of action. */
export type PaletteItem = Exclude<NodeKind, 'action'> | ActionKind;

export const paletteGroups = [
  { key: 'people', items: ['task', 'approval', 'onsite_task'] },
  { key: 'branches', items: ['exclusive', 'parallel', 'inclusive'] },
  { key: 'actions', items: ['notify', 'set_fields', 'http_call', 'create_child', 'request_parts', 'ask_llm'] },
  { key: 'course', items: ['wait', 'subflow', 'start', 'end', 'terminate'] },
] as const satisfies readonly { key: string; items: readonly PaletteItem[] }[];

export const paletteItems: readonly PaletteItem[] = paletteGroups.flatMap(({ items }) => [...items]);

/** How each is called when it is new, and until it has a name of its own. */
export const itemNames: Readonly<Record<PaletteItem, { zh: string; en: string }>> = {
  start: { zh: '开始', en: 'Start' },
  task: { zh: '处理任务', en: 'Task' },
  onsite_task: { zh: '上门任务', en: 'On-site task' },
  approval: { zh: '审批', en: 'Approval' },
  exclusive: { zh: '条件分支', en: 'Branch' },
  inclusive: { zh: '包容分支', en: 'Inclusive' },
  parallel: { zh: '并行分支', en: 'Parallel' },
  wait: { zh: '等待', en: 'Wait' },
  subflow: { zh: '子流程', en: 'Sub-flow' },
  end: { zh: '结束', en: 'End' },
  terminate: { zh: '全部终止', en: 'Terminate' },
  notify: { zh: '发送通知', en: 'Notify' },
  set_fields: { zh: '更新字段', en: 'Set fields' },
  http_call: { zh: '调用接口', en: 'HTTP call' },
  create_child: { zh: '创建子工单', en: 'Child ticket' },
  request_parts: { zh: '申请备件', en: 'Parts' },
  ask_llm: { zh: '询问大模型', en: 'Ask LLM' },
};

/** What one learns of it in a line before one takes it. */
export const itemHints: Readonly<Record<PaletteItem, { zh: string; en: string }>> = {
  start: { zh: '工单从这里进入流程', en: 'Where a ticket enters the flow' },
  task: { zh: '交给一个人或班组处理', en: 'A step for a person or a team' },
  onsite_task: { zh: '派工程师上门处理', en: 'A technician goes there' },
  approval: { zh: '会签、或签、依次或按票数', en: 'All, any, in turn, or a quorum' },
  exclusive: { zh: '按条件走其中一条', en: 'One way, by conditions' },
  inclusive: { zh: '满足的都走，可汇合', en: 'Every way whose condition holds' },
  parallel: { zh: '同时走所有分支，或等齐再走', en: 'All ways at once, or wait for all' },
  wait: { zh: '等一段时间，或等某件事发生', en: 'For a time, or until something happens' },
  subflow: { zh: '把另一个流程当作一步', en: 'Another flow as one step' },
  end: { zh: '这条路到此结束', en: 'This way ends here' },
  terminate: { zh: '立即结束整个流程', en: 'Ends the whole flow at once' },
  notify: { zh: '通知人员或班组', en: 'Tells people or teams' },
  set_fields: { zh: '自动填写字段、优先级、标签', en: 'Fills in fields, priority, tags' },
  http_call: { zh: '把工单发给其他系统', en: 'Sends the ticket to another system' },
  create_child: { zh: '自动新建下级工单', en: 'Makes a ticket below this one' },
  request_parts: { zh: '向仓库申请备件', en: 'Asks the warehouse for parts' },
  ask_llm: { zh: '让大模型给出一个值', en: 'Lets the model give a value' },
};

/** The palette item a node is one of. */
export function itemOf(node: FlowNode): PaletteItem {
  return node.kind === 'action' ? node.action.do : node.kind;
}

/** What colours a node by: who or what makes it go on. */
export type Tone = 'people' | 'gateway' | 'action' | 'wait' | 'start' | 'end';
export function toneOf(kind: NodeKind): Tone {
  switch (kind) {
    case 'task': case 'onsite_task': case 'approval': return 'people';
    case 'exclusive': case 'inclusive': case 'parallel': return 'gateway';
    case 'action': return 'action';
    case 'wait': case 'subflow': return 'wait';
    case 'start': return 'start';
    case 'end': case 'terminate': return 'end';
  }
}

export const isGateway = (kind: NodeKind): boolean => toneOf(kind) === 'gateway';
export const isRound = (kind: NodeKind): boolean => toneOf(kind) === 'start' || toneOf(kind) === 'end';

/** A new action, with as little said as its kind needs. */
export function newAction(kind: ActionKind): FlowAction {
  switch (kind) {
    case 'notify': return { do: 'notify', to: [{ kind: 'expression', expression: 'ticket_assignee' }], text: { zh: '工单 {{ticket.number}} 需要您关注：{{ticket.subject}}' } };
    case 'set_fields': return { do: 'set_fields', fields: {} };
    case 'http_call': return { do: 'http_call', method: 'POST', url: 'https://' };
    case 'create_child': return { do: 'create_child', subject: '{{ticket.subject}}' };
    case 'request_parts': return { do: 'request_parts', lines: [] };
    case 'ask_llm': return { do: 'ask_llm', prompt: '', into: 'answer' };
  }
}

const isAction = (item: PaletteItem): item is ActionKind => (actionKinds as readonly string[]).includes(item);

/** A new node (新节点): named after its kind; who acts is the ticket's team until somebody else is named. */
export function newNode(item: PaletteItem, id: string): FlowNode {
  const name: Words = { ...itemNames[item] };
  if (isAction(item)) return { id, kind: 'action', name, action: newAction(item) };
  switch (item) {
    case 'task': case 'onsite_task': return { id, kind: item, name, performers: [{ kind: 'expression', expression: item === 'task' ? 'ticket_team' : 'ticket_assignee' }] };
    case 'approval': return { id, kind: 'approval', name, performers: [], mode: 'any' };
    case 'wait': return { id, kind: 'wait', name, for: { kind: 'timer', due: { after: { amount: 1, unit: 'days' } } } };
    case 'subflow': return { id, kind: 'subflow', name, flow: '' };
    default: return { id, kind: item, name };
  }
}
