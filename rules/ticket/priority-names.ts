import type { Priority } from './lifecycle.ts';

/** Priority names people read. */
export const priorityNames: Record<Priority, { zh: string; en: string }> = {
  urgent: { zh: '紧急', en: 'Urgent' },
  high: { zh: '高', en: 'High' },
  normal: { zh: '中', en: 'Normal' },
  low: { zh: '低', en: 'Low' },
};
