/** Canned replies and macros of the demonstration company (演示快捷回复与宏). None says that something was done which may not have been. */
export const demoCannedReplies = [
  { name: 'Request received', shortcut: 'rc', category: 'English', body: 'Dear {{customer.name|customer}}, we have received your request {{ticket.number}} and will arrange a visit as soon as we can. You can follow it at any time: {{progress.url}}' },
  { name: 'Please check the result', shortcut: 'ok', category: 'English', body: 'Dear {{customer.name|customer}}, this is what was done about “{{ticket.subject}}”: {{ticket.resolution}}. Please open the link and tell us whether all is well: {{progress.url}} – {{organization.name}}, {{agent.name}}' },
  { name: '已受理', shortcut: 'sl', category: '受理', body: '{{customer.name|您}}好，您的报修 {{ticket.number}} 已受理，我们会尽快安排工程师上门。进度可随时查看：{{progress.url}}' },
  { name: '工程师已安排', shortcut: 'pg', category: '派工', body: '{{customer.name|您}}好，{{ticket.team|维修班组}}的{{ticket.assignee|工程师}}将为您处理「{{ticket.subject}}」，到达前会电话联系您。' },
  { name: '需要现场照片', shortcut: 'zp', category: '受理', body: '{{customer.name|您}}好，为了让工程师带对配件，请您在进度页面上传一两张现场照片：{{progress.url}}' },
  { name: '等待配件', shortcut: 'pj', category: '处理', body: '{{customer.name|您}}好，这次维修需要更换配件，到货后我们第一时间联系您上门。给您添麻烦了，请见谅。' },
  { name: '处理完毕请确认', shortcut: 'wb', category: '回访', body: '{{customer.name|您}}好，「{{ticket.subject}}」的处理结果：{{ticket.resolution}}。请您打开链接查看，确认没有问题后评价：{{progress.url}} —— {{organization.name}} {{agent.name}}' },
] as const;

export const demoMacros = [
  {
    name: '由我接手', description: '分派给自己并告知客户', condition: { all: [{ property: 'assignee', operator: 'empty' }, { property: 'status', operator: 'in', value: ['new', 'open'] }] },
    steps: [{ kind: 'act', action: 'assign', assignee: 'me' }, { kind: 'reply', body: '{{customer.name|您}}好，我是{{agent.name}}，您的报修 {{ticket.number}} 由我跟进。' }],
  },
  {
    name: '漏水应急', description: '提为紧急、打标签，并提醒先关总阀', condition: null,
    steps: [
      { kind: 'set', priority: 'urgent' }, { kind: 'tag', tags: ['漏水'] }, { kind: 'checklist', items: ['请客户关闭入户总阀', '确认楼下住户是否受影响', '拍照留存'] },
      { kind: 'reply', body: '{{customer.name|您}}好，请先关闭入户总阀。您的报修已列为紧急，我们会马上联系工程师，到达前电话联系您。' },
    ],
  },
  {
    name: '等待配件', description: '转为等待并告知客户', condition: { property: 'status', operator: 'in', value: ['new', 'open'] },
    steps: [{ kind: 'act', action: 'wait', for: 'part', reason: '等待配件到货' }, { kind: 'reply', body: '{{customer.name|您}}好，这次维修需要更换配件，到货后我们第一时间联系您上门。' }],
  },
] as const;
