// oxlint-disable unicorn/no-thenable -- `then` says what happens when a limit passes; nobody awaits a definition
import type { Form } from '../../../rules/forms/form.ts';
import { nodeSize } from '../../../rules/workflow/bpmn/sizes.ts';
import type { FlowDefinition, FlowNode, Performer } from '../../../rules/workflow/definition.ts';

/** A flow of the demonstration company (演示流程), with the ticket type that goes through it. */
export interface DemoFlow {
  key: string;
  name: string;
  nameEn: string;
  description: string;
  type: { key: string; name: string; nameEn: string; description: string; form: Form };
  /** Ids of people by their keys. */
  definition: (staffId: (key: string) => string) => FlowDefinition;
}

/** A ticket under way in a flow: who has done their step, in order. */
export interface DemoFlowTicket { flow: string; subject: string; description: string; fields: Record<string, unknown>; hoursAgo: number; doneBy: readonly string[] }

const words = (zh: string, en: string) => ({ zh, en });
const middle = 420;
/** Nodes below each other, the named ones beside the line; as large as they are drawn. */
function placed(nodes: FlowNode[], beside: readonly string[] = []): FlowNode[] {
  return nodes.map((node, row) => {
    const { width, height } = nodeSize(node.kind);
    return { ...node, box: { x: (beside.includes(node.id) ? middle - 260 : middle) - width / 2, y: 80 + row * 130 - height / 2 } };
  });
}
const edge = (from: string, to: string, more: object = {}) => ({ id: `${from}_${to}`, from, to, ...more });

export const demoFlows: readonly DemoFlow[] = [
  {
    key: 'refund', name: '费用退减', nameEn: 'Refunds', description: '客服核实金额，超过一万元由经理审批，再由财务办理，最后回访业主',
    type: {
      key: 'fee_refund', name: '费用退减', nameEn: 'Refund', description: '退还或减免已收的费用',
      form: { fields: [{ key: 'refundAmount', kind: 'money', label: words('退减金额', 'Amount'), currencies: ['CNY'], required: true }, { key: 'refundReason', kind: 'long_text', label: words('退减原因', 'Reason') }] },
    },
    definition: (staffId) => {
      const person = (key: string): Performer[] => [{ kind: 'person', id: staffId(key) }];
      return {
        nodes: placed([
          { id: 'start', kind: 'start', name: words('开始', 'Start') },
          { id: 'verify', kind: 'task', name: words('客服核实', 'Service verifies'), performers: person('lin-xiaoyu'), fields: [{ key: 'refundAmount', required: true }], status: { status: 'open' }, instructions: words('核对收费记录，与业主确认金额。', 'Check what was paid, and agree on the amount.') },
          { id: 'large', kind: 'exclusive', name: words('超过一万元？', 'Over 10,000?') },
          { id: 'approve', kind: 'approval', name: words('经理审批', 'Manager approves'), performers: person('xu-wanqing'), mode: 'any', fields: [{ key: 'refundAmount', readOnly: true }] },
          { id: 'pay', kind: 'task', name: words('财务办理', 'Finance pays'), performers: person('tang-shuyi'), fields: [{ key: 'refundAmount', readOnly: true }] },
          { id: 'callBack', kind: 'task', name: words('回访业主', 'Call the owner back'), performers: [{ kind: 'expression', expression: 'performer_of', node: 'verify' }] },
          { id: 'end', kind: 'end', name: words('结束', 'End'), status: { status: 'closed' } },
        ], ['approve']),
        edges: [
          edge('start', 'verify'), edge('verify', 'large'), edge('large', 'approve', { condition: { '>': [{ var: 'fields.refundAmount.amount' }, 1_000_000] } }), edge('large', 'pay', { isDefault: true }),
          edge('approve', 'pay', { outcome: 'approved' }), edge('approve', 'verify', { outcome: 'rejected' }), edge('pay', 'callBack'), edge('callBack', 'end'),
        ],
      };
    },
  },
  {
    key: 'fault', name: '设备故障处理', nameEn: 'Equipment faults', description: '调度派工，现场维修，品质验收，不通过退回返修，通过后归档',
    type: {
      key: 'equipment_fault', name: '设备故障', nameEn: 'Equipment fault', description: '电梯、水泵、配电等公共设备的故障',
      form: { fields: [{ key: 'faultPart', kind: 'text', label: words('故障部件', 'Part at fault') }] },
    },
    definition: (staffId) => {
      const person = (key: string): Performer[] => [{ kind: 'person', id: staffId(key) }];
      return {
        nodes: placed([
          { id: 'start', kind: 'start', name: words('开始', 'Start') },
          { id: 'dispatch', kind: 'task', name: words('派工', 'Dispatch'), performers: person('zhou-min'), status: { status: 'open' }, limit: { span: { amount: 2, unit: 'hours', calendar: 'working' }, then: { do: 'notify', to: person('zhang-wenjing') } } },
          { id: 'repair', kind: 'onsite_task', name: words('现场维修', 'Repair on site'), performers: person('chen-jianguo'), fields: [{ key: 'faultPart' }] },
          { id: 'accept', kind: 'task', name: words('品质验收', 'Acceptance'), performers: person('tang-shuyi'), outcomes: [{ key: 'accepted', name: words('验收通过', 'Accepted') }, { key: 'rework', name: words('需要返修', 'To be mended') }] },
          { id: 'archive', kind: 'task', name: words('资料归档', 'Archive'), performers: person('zhou-min') },
          { id: 'end', kind: 'end', name: words('结束', 'End'), status: { status: 'closed' } },
        ]),
        edges: [edge('start', 'dispatch'), edge('dispatch', 'repair'), edge('repair', 'accept'), edge('accept', 'archive', { outcome: 'accepted' }), edge('accept', 'repair', { outcome: 'rework' }), edge('archive', 'end')],
      };
    },
  },
];

export const demoFlowTickets: readonly DemoFlowTicket[] = [
  { flow: 'refund', subject: '地下车位费重复扣款', description: '业主反映十月车位费扣了两次。', fields: { refundAmount: { amount: 60_000, currency: 'CNY' } }, hoursAgo: 3, doneBy: [] },
  { flow: 'refund', subject: '装修押金退还', description: '装修验收已通过，申请退还押金。', fields: { refundAmount: { amount: 2_000_000, currency: 'CNY' } }, hoursAgo: 20, doneBy: ['lin-xiaoyu'] },
  { flow: 'refund', subject: '停水期间物业费减免', description: '主管维修停水三天，业主申请减免。', fields: { refundAmount: { amount: 18_000, currency: 'CNY' } }, hoursAgo: 30, doneBy: ['lin-xiaoyu', 'tang-shuyi'] },
  { flow: 'fault', subject: '二号生活水泵异响', description: '运行时有金属摩擦声，压力波动。', fields: {}, hoursAgo: 1, doneBy: [] },
  { flow: 'fault', subject: '三单元货梯平层不准', description: '停层差约五厘米，推车进出困难。', fields: {}, hoursAgo: 8, doneBy: ['zhou-min'] },
  { flow: 'fault', subject: '配电间温度报警', description: '夏季以来第二次报警，散热风机不转。', fields: {}, hoursAgo: 26, doneBy: ['zhou-min', 'chen-jianguo'] },
];
