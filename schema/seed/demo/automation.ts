import type { Definition } from '../../../rules/automation/definition.ts';

/** Automation rules of the demonstration company (演示自动化规则). The last one is a draft to begin from. */
export const demoRules: readonly { name: string; description: string; enabled: boolean; definition: Definition }[] = [
  {
    name: '漏水加急', description: '报修里提到漏水，提为紧急并转给分类对应的班组', enabled: true,
    definition: {
      trigger: { kind: 'facts', facts: ['ticket.created'] },
      // Not where it is denied, or only drips.
      conditions: { all: [
        { any: [{ property: 'subject', operator: 'contains', value: '漏水' }, { property: 'description', operator: 'contains', value: '漏水' }] },
        ...(['subject', 'description'] as const).flatMap((property) => ['空调', '没有漏水', '没漏水', '不漏水', '不是漏水'].map((value) => ({ property, operator: 'not_contains' as const, value }))),
      ] },
      actions: [{ kind: 'set', priority: 'urgent' }, { kind: 'tag', tags: ['漏水'] }, { kind: 'assign', to: { expression: 'category_team' } }],
    },
  },
  {
    name: '同一设备三天三次', description: '三天内同一设备报修三次，安排一次预防性检查', enabled: true,
    definition: {
      trigger: { kind: 'facts', facts: ['ticket.created'] }, counts: [{ key: 'device', same: 'asset', within: { n: 3, unit: 'day' } }],
      conditions: { all: [{ property: 'asset', operator: 'not_empty' }, { property: 'count.device', operator: 'at_least', value: 3 }] },
      actions: [{ kind: 'create', relation: 'related', subject: '预防性检查：{{asset.name}}', description: '{{ticket.number}} 是同一设备三天内的第三次报修，请做一次全面检查。', tags: ['预防'] }],
      once: { per: 'asset', within: { n: 3, unit: 'day' } },
    },
  },
  {
    name: '差评回访', description: '两星及以下，打标签并提醒班组长和处理人', enabled: true,
    definition: {
      trigger: { kind: 'facts', facts: ['ticket.rated'] }, conditions: { property: 'rating', operator: 'at_most', value: 2 },
      actions: [{ kind: 'tag', tags: ['差评'] }, { kind: 'notify', whom: [{ expression: 'team_lead' }, { expression: 'assignee' }], text: '{{ticket.number}} {{ticket.subject}} 收到差评，请尽快回访' }],
    },
  },
  {
    name: '两天没人处理', description: '未完成的工单两天没有动静，提醒班组长', enabled: false,
    definition: {
      trigger: { kind: 'untouched', for: { n: 2, unit: 'day' } }, conditions: { all: [] },
      actions: [{ kind: 'notify', whom: [{ expression: 'team_lead' }], text: '{{ticket.number}} {{ticket.subject}} 已两天没有动静' }],
    },
  },
];
