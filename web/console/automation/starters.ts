import type { Definition } from '../../../rules/automation/definition.ts';

export const starterKeys = ['blank', 'leak', 'repeat', 'untouched', 'badRating'] as const;
export type StarterKey = (typeof starterKeys)[number];

const created: Definition['trigger'] = { kind: 'facts', facts: ['ticket.created'] };

/** What a new rule begins with (规则起点). */
export const starters: Record<StarterKey, Definition> = {
  blank: { trigger: { kind: 'facts', facts: [] }, conditions: { all: [] }, actions: [] },
  leak: {
    trigger: created,
    conditions: { any: [{ property: 'subject', operator: 'contains', value: '漏水' }, { property: 'description', operator: 'contains', value: '漏水' }] },
    actions: [{ kind: 'set', priority: 'urgent' }, { kind: 'assign', to: { expression: 'category_team' } }],
  },
  repeat: {
    trigger: created, counts: [{ key: 'count1', same: 'asset', within: { n: 3, unit: 'day' } }],
    conditions: { all: [{ property: 'asset', operator: 'not_empty' }, { property: 'count.count1', operator: 'at_least', value: 3 }] },
    actions: [{ kind: 'create', relation: 'related', subject: '预防性检查：{{asset.name}}', description: '{{ticket.number}} 起，同一设备三天内报修三次。', tags: ['预防'] }],
    once: { per: 'asset', within: { n: 3, unit: 'day' } },
  },
  untouched: {
    trigger: { kind: 'untouched', for: { n: 2, unit: 'day' } }, conditions: { all: [] },
    actions: [{ kind: 'notify', whom: [{ expression: 'team_lead' }], text: '{{ticket.number}} {{ticket.subject}} 已两天没有动静' }],
  },
  badRating: {
    trigger: { kind: 'facts', facts: ['ticket.rated'] }, conditions: { property: 'rating', operator: 'at_most', value: 2 },
    actions: [{ kind: 'tag', tags: ['差评'] }, { kind: 'notify', whom: [{ expression: 'team_lead' }, { expression: 'assignee' }], text: '{{ticket.number}} 收到差评，请回访' }],
  },
};
