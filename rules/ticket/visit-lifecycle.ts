/** The states of an on-site visit (上门服务). */
export const visitStatuses = ['scheduled', 'accepted', 'travelling', 'on_site', 'completed', 'declined', 'cancelled'] as const;
export type VisitStatus = (typeof visitStatuses)[number];

/** The technician's steps (上门步骤). */
export const visitActions = ['accept', 'decline', 'start_travel', 'check_in', 'log_work', 'complete'] as const;
export type VisitAction = (typeof visitActions)[number];

/** Action → where it is open and where it leads. Travel may be skipped by those who are already on the spot. */
export const visitLifecycle: Record<VisitAction, { from: readonly VisitStatus[]; to?: VisitStatus; zh: string; en: string }> = {
  accept: { from: ['scheduled'], to: 'accepted', zh: '接单', en: 'be accepted' },
  decline: { from: ['scheduled'], to: 'declined', zh: '退单', en: 'be declined' },
  start_travel: { from: ['accepted'], to: 'travelling', zh: '出发', en: 'start travelling' },
  check_in: { from: ['accepted', 'travelling'], to: 'on_site', zh: '签到', en: 'be checked in' },
  log_work: { from: ['on_site'], zh: '填写工作记录', en: 'take a work log' },
  complete: { from: ['on_site'], to: 'completed', zh: '完工', en: 'be completed' },
};

export const visitStatusNames: Record<VisitStatus, { zh: string; en: string }> = {
  scheduled: { zh: '待接单', en: 'Offered' },
  accepted: { zh: '已接单', en: 'Accepted' },
  travelling: { zh: '在路上', en: 'On the way' },
  on_site: { zh: '已到场', en: 'On site' },
  completed: { zh: '已完工', en: 'Completed' },
  declined: { zh: '已退单', en: 'Declined' },
  cancelled: { zh: '已取消', en: 'Cancelled' },
};

/** The steps open in a visit's present state. */
export function openVisitActions(status: VisitStatus): VisitAction[] {
  return visitActions.filter((action) => visitLifecycle[action].from.includes(status));
}
