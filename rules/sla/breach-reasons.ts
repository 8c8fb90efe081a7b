/** Why a promise was broken, as people say (超时原因). */
export const breachReasons = ['customer', 'parts', 'supplier', 'workload', 'skills', 'misrouted', 'travel', 'system', 'other'] as const;
export type BreachReason = (typeof breachReasons)[number];

export const breachReasonNames: Readonly<Record<BreachReason, { zh: string; en: string }>> = {
  customer: { zh: '客户原因（改期、联系不上）', en: 'The customer (put off, could not be reached)' },
  parts: { zh: '等待备件', en: 'Waiting for parts' },
  supplier: { zh: '供应商或第三方', en: 'A supplier or another company' },
  workload: { zh: '人手不足、工单过多', en: 'Too few people, too many tickets' },
  skills: { zh: '问题复杂，需要专家支援', en: 'A hard case that needed an expert' },
  misrouted: { zh: '派错班组或分类有误', en: 'Sent to the wrong team, or misfiled' },
  travel: { zh: '路途或天气', en: 'The way there, or the weather' },
  system: { zh: '系统或网络故障', en: 'A fault of a system or the network' },
  other: { zh: '其他', en: 'Something else' },
};
