import type { Form } from '../../../rules/forms/form.ts';
import type { Priority, TicketStatus, WaitingFor } from '../../../rules/ticket/lifecycle.ts';

/** What the demonstration company asks on its tickets (演示表单). Everything is optional on requests, so that one phone call is enough; customers say where by the place itself. */
export const demoRequestForm: Form = {
  sections: [{ key: 'place', label: { zh: '报修位置', en: 'Where' } }, { key: 'visit', label: { zh: '上门安排', en: 'Visit' } }, { key: 'cost', label: { zh: '费用', en: 'Cost' } }],
  fields: [
    { key: 'building', kind: 'text', label: { zh: '楼栋', en: 'Building' }, section: 'place', maxLength: 20, width: 'half' },
    { key: 'room', kind: 'text', label: { zh: '房号', en: 'Room' }, section: 'place', maxLength: 20, width: 'half' },
    { key: 'callFirst', kind: 'boolean', label: { zh: '上门前先联系', en: 'Call before coming' }, section: 'visit', audience: 'everyone', default: true },
    {
      key: 'presence', kind: 'choice', label: { zh: '何时有人在家', en: 'Somebody at home' }, section: 'visit', audience: 'everyone',
      options: [{ key: 'always', label: { zh: '全天', en: 'All day' } }, { key: 'evening', label: { zh: '18 点以后', en: 'After 18:00' } }, { key: 'weekend', label: { zh: '周末', en: 'At weekends' } }],
    },
    { key: 'chargeable', kind: 'boolean', label: { zh: '有偿服务', en: 'Charged' }, section: 'cost' },
    { key: 'labour', kind: 'money', label: { zh: '人工费', en: 'Labour' }, section: 'cost', currencies: ['CNY'], min: 0, visible: { var: 'fields.chargeable' }, width: 'half' },
    { key: 'material', kind: 'money', label: { zh: '材料费', en: 'Material' }, section: 'cost', currencies: ['CNY'], min: 0, visible: { var: 'fields.chargeable' }, width: 'half' },
    {
      key: 'total', kind: 'formula', label: { zh: '合计', en: 'Total' }, section: 'cost', result: 'money', currency: 'CNY', visible: { var: 'fields.chargeable' },
      formula: { '+': [{ if: [{ var: 'fields.labour.amount' }, { var: 'fields.labour.amount' }, 0] }, { if: [{ var: 'fields.material.amount' }, { var: 'fields.material.amount' }, 0] }] },
    },
  ],
};

/** A second type, whose form changes with its answers. */
export const demoComplaintType: { key: string; name: string; nameEn: string; description: string; form: Form } = {
  key: 'complaint', name: '投诉', nameEn: 'Complaint', description: '对服务、人员或收费的意见，由客服部当面或电话回复',
  form: {
    fields: [
      {
        key: 'about', kind: 'choice', label: { zh: '投诉对象', en: 'About' }, audience: 'everyone', required: true,
        options: [{ key: 'staff', label: { zh: '工作人员', en: 'Somebody at work' } }, { key: 'quality', label: { zh: '维修质量', en: 'Quality of the work' } }, { key: 'fee', label: { zh: '收费', en: 'What was charged' } }, { key: 'other', label: { zh: '其他', en: 'Something else' } }],
      },
      { key: 'person', kind: 'person', label: { zh: '涉及员工', en: 'Who' }, visible: { '==': [{ var: 'fields.about' }, 'staff'] } },
      { key: 'disputed', kind: 'money', label: { zh: '争议金额', en: 'Sum in dispute' }, audience: 'everyone', currencies: ['CNY'], min: 1, visible: { '==': [{ var: 'fields.about' }, 'fee'] }, required: { '==': [{ var: 'fields.about' }, 'fee'] } },
      { key: 'happenedOn', kind: 'date', label: { zh: '发生日期', en: 'Day' }, audience: 'everyone', max: 'today' },
      { key: 'evidence', kind: 'file', label: { zh: '照片或录音', en: 'Photos or recordings' }, audience: 'everyone', maxItems: 5 },
      { key: 'answer', kind: 'long_text', label: { zh: '答复口径', en: 'What was answered' }, required: { '==': [{ var: 'ticket.status' }, 'resolved'] } },
    ],
  },
};

export const demoStatuses: readonly { class: TicketStatus; name: string; nameEn: string; color: string; waitingFor?: WaitingFor }[] = [
  { class: 'open', name: '已联系客户', nameEn: 'Customer contacted', color: 'accent' },
  { class: 'waiting', name: '等备件到货', nameEn: 'Part on order', color: 'warning', waitingFor: 'part' },
  { class: 'waiting', name: '等厂家上门', nameEn: 'Manufacturer to come', color: 'violet', waitingFor: 'supplier' },
  { class: 'resolved', name: '待回访', nameEn: 'To be called back', color: 'teal' },
];

export const demoTemplates: readonly { name: string; nameEn: string; subject: string; description: string; categoryKey: string; priority: Priority; tags: string[]; checklist: string[] }[] = [
  { name: '电梯困人', nameEn: 'Trapped in the lift', subject: '电梯困人', description: '几号楼几单元：\n被困人数：\n是否有老人、儿童或身体不适：', categoryKey: 'lift.stop', priority: 'urgent', tags: ['困人'], checklist: ['安抚被困人员，保持通话', '通知维保单位', '到场解救', '张贴停用告示'] },
  { name: '水管爆裂', nameEn: 'Burst pipe', subject: '水管爆裂', description: '爆裂位置：\n是否已关总阀：', categoryKey: 'water.leak', priority: 'urgent', tags: ['抢修'], checklist: ['指导关闭总阀', '检查楼下是否渗水'] },
  { name: '办理门禁卡', nameEn: 'Door card', subject: '办理门禁卡', description: '业主姓名、房号、数量：', categoryKey: 'service.account', priority: 'low', tags: [], checklist: [] },
];

/** Building and room, as they stand in an address of the demonstration. */
export function roomIn(address: string): { building?: string; room?: string } {
  const building = /(\d+幢(?:\d+单元)?)/.exec(address)?.[1];
  const room = /(\d{3,4})室/.exec(address)?.[1];
  return { ...(building ? { building } : {}), ...(room ? { room } : {}) };
}
