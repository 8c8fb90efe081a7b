import type { TicketStatus, WaitingFor } from './lifecycle.ts';

/** The states of an on-site visit (上门服务). */
export const visitStatuses = ['scheduled', 'accepted', 'travelling', 'on_site', 'completed', 'incomplete', 'declined', 'cancelled'] as const;
export type VisitStatus = (typeof visitStatuses)[number];

/** The states of a visit that is still to be made, or being made (进行中的上门). In all others it is over. */
export const currentVisitStatuses = ['scheduled', 'accepted', 'travelling', 'on_site'] as const satisfies readonly VisitStatus[];

/** Those of them in which nobody has set out yet. */
export const visitStatusesNotBegun = ['scheduled', 'accepted'] as const satisfies readonly VisitStatus[];

/** Whether nothing is left to do on a visit in this state. */
export function isVisitOver(status: VisitStatus): boolean {
  return !(currentVisitStatuses as readonly VisitStatus[]).includes(status);
}

/** The technician's steps (上门步骤). */
export const visitActions = ['accept', 'decline', 'start_travel', 'check_in', 'check_items', 'log_work', 'complete', 'report_obstacle'] as const;
export type VisitAction = (typeof visitActions)[number];

/** Action → where it is open and where it leads. Travel may be skipped by those who are already on the spot. */
export const visitLifecycle: Record<VisitAction, { from: readonly VisitStatus[]; to?: VisitStatus; zh: string; en: string }> = {
  accept: { from: ['scheduled'], to: 'accepted', zh: '接单', en: 'be accepted' },
  decline: { from: ['scheduled'], to: 'declined', zh: '退单', en: 'be declined' },
  start_travel: { from: ['accepted'], to: 'travelling', zh: '出发', en: 'start travelling' },
  check_in: { from: ['accepted', 'travelling'], to: 'on_site', zh: '签到', en: 'be checked in' },
  check_items: { from: ['accepted', 'travelling', 'on_site'], zh: '勾选检查项', en: 'take checklist items' },
  log_work: { from: ['on_site'], zh: '填写工作记录', en: 'take a work log' },
  complete: { from: ['on_site'], to: 'completed', zh: '完工', en: 'be completed' },
  report_obstacle: { from: ['accepted', 'travelling', 'on_site'], to: 'incomplete', zh: '上报异常', en: 'be ended by an obstacle' },
};

/** Why a visit ends without result (上门异常): nobody there or no way in, a part is missing, it takes another visit. */
export const visitObstacles = ['no_access', 'part_needed', 'return_visit'] as const;
export type VisitObstacle = (typeof visitObstacles)[number];

interface ObstacleRule {
  /** Whom the ticket waits for afterwards; absent where the dispatchers can send somebody at once. */
  waitsFor?: WaitingFor;
  /** Without a word of explanation nobody could act on it: which part, what is left to do. */
  noteNeeded: boolean;
  zh: string;
  en: string;
}

export const obstacleRules: Record<VisitObstacle, ObstacleRule> = {
  no_access: { waitsFor: 'customer', noteNeeded: false, zh: '无人或无法进入', en: 'Nobody there or no access' },
  part_needed: { waitsFor: 'part', noteNeeded: true, zh: '缺配件', en: 'A part is needed' },
  return_visit: { noteNeeded: true, zh: '需再次上门', en: 'Another visit is needed' },
};

/** How an unfinished ticket stands after a visit ended by an obstacle (工单去向). A wait that somebody ordered meanwhile stays unless the obstacle names another. */
export function ticketAfterObstacle(obstacle: VisitObstacle, ticket: { status: TicketStatus; waitingFor: WaitingFor | null }): { status: 'open' | 'waiting'; waitingFor: WaitingFor | null } {
  const { waitsFor } = obstacleRules[obstacle];
  if (waitsFor !== undefined) return { status: 'waiting', waitingFor: waitsFor };
  return ticket.status === 'waiting' ? { status: 'waiting', waitingFor: ticket.waitingFor } : { status: 'open', waitingFor: null };
}

export const visitStatusNames: Record<VisitStatus, { zh: string; en: string }> = {
  scheduled: { zh: '待接单', en: 'Offered' },
  accepted: { zh: '已接单', en: 'Accepted' },
  travelling: { zh: '在路上', en: 'On the way' },
  on_site: { zh: '已到场', en: 'On site' },
  completed: { zh: '已完工', en: 'Completed' },
  incomplete: { zh: '未完成', en: 'Not completed' },
  declined: { zh: '已退单', en: 'Declined' },
  cancelled: { zh: '已取消', en: 'Cancelled' },
};

/** The steps open in a visit's present state. */
export function openVisitActions(status: VisitStatus): VisitAction[] {
  return visitActions.filter((action) => visitLifecycle[action].from.includes(status));
}
