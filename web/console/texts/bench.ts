import { phrases } from './phrases.ts';

export const benchPhrases = phrases({
  'bench.lanes': ['工作台栏目', 'Lanes of the bench'],
  'bench.incoming': ['待派单', 'Waiting for somebody'],
  'bench.incomingShort': ['待派单', 'Waiting'],
  'bench.mine': ['我的工单', 'My tickets'],
  'bench.mineShort': ['我的', 'Mine'],
  'bench.running': ['处理中', 'Under way'],
  'bench.activity': ['昨天以来的变化', 'Since yesterday'],
  'bench.activityShort': ['动态', 'Changes'],
  'bench.activityEmpty': ['昨天以来没有变化', 'Nothing has changed since yesterday'],
  'bench.reach': ['范围', 'Reach'],
  'bench.emptyMineHint': ['可以从「待派单」里接一张。', 'You could take one of those that wait for somebody.'],
  'bench.urgent': ['{{count}} 张紧急工单', '{{count}} urgent tickets', '{{count}} urgent ticket'],
});
