import type { Permission } from '../access/permissions.ts';

/** The fixed status classes of a ticket (工单状态): every status belongs to one of these. */
export const ticketStatuses = ['new', 'open', 'waiting', 'resolved', 'closed', 'cancelled'] as const;
export type TicketStatus = (typeof ticketStatuses)[number];

/** Whom a waiting ticket waits for (等待谁): customer, supplier, part or something else. */
export const waitingReasons = ['customer', 'supplier', 'part', 'other'] as const;
export type WaitingFor = (typeof waitingReasons)[number];

/** Priorities from most to least pressing (优先级). */
export const priorities = ['urgent', 'high', 'normal', 'low'] as const;
export type Priority = (typeof priorities)[number];

/** What can be done to a ticket as one deliberate step (操作). */
export const ticketActions = ['accept', 'decline', 'assign', 'transfer', 'wait', 'resume', 'resolve', 'confirm', 'reopen', 'close', 'cancel'] as const;
export type TicketAction = (typeof ticketActions)[number];

interface ActionRule {
  /** Statuses in which the action is open. */
  from: readonly TicketStatus[];
  /** The status afterwards; absent when the action leaves it as it is. */
  to?: TicketStatus;
  /** The permission the actor needs on this ticket. */
  permission: Permission;
  /** Only the person the ticket is assigned to may do it. */
  assigneeOnly?: true;
  /** Only before the assignee has accepted. */
  beforeAcceptance?: true;
  zh: string;
  en: string;
}

/**
 * The whole life of a ticket as a table: action → where it is open, where it leads, who may.
 * `new → open → waiting → resolved → closed`, and `cancelled`; reopening leads back to open.
 */
export const lifecycle: Record<TicketAction, ActionRule> = {
  accept: { from: ['new', 'open'], to: 'open', permission: 'ticket.resolve', assigneeOnly: true, beforeAcceptance: true, zh: '接单', en: 'accepted' },
  decline: { from: ['new', 'open'], permission: 'ticket.resolve', assigneeOnly: true, beforeAcceptance: true, zh: '退回派单', en: 'declined' },
  assign: { from: ['new', 'open', 'waiting'], to: 'open', permission: 'ticket.assign', zh: '派单', en: 'assigned' },
  transfer: { from: ['new', 'open', 'waiting'], permission: 'ticket.assign', zh: '转派', en: 'transferred' },
  wait: { from: ['new', 'open'], to: 'waiting', permission: 'ticket.resolve', zh: '等待', en: 'put on hold' },
  resume: { from: ['waiting'], to: 'open', permission: 'ticket.resolve', zh: '继续处理', en: 'resumed' },
  resolve: { from: ['new', 'open', 'waiting'], to: 'resolved', permission: 'ticket.resolve', zh: '解决', en: 'resolved' },
  confirm: { from: ['resolved'], to: 'closed', permission: 'ticket.close', zh: '确认', en: 'confirmed' },
  reopen: { from: ['resolved', 'closed', 'cancelled'], to: 'open', permission: 'ticket.close', zh: '重新打开', en: 'reopened' },
  close: { from: ['new', 'open', 'waiting', 'resolved'], to: 'closed', permission: 'ticket.close', zh: '关闭', en: 'closed' },
  cancel: { from: ['new', 'open', 'waiting'], to: 'cancelled', permission: 'ticket.cancel', zh: '取消', en: 'cancelled' },
};

/** Status names people read. */
export const statusNames: Record<TicketStatus, { zh: string; en: string }> = {
  new: { zh: '待受理', en: 'New' },
  open: { zh: '处理中', en: 'Open' },
  waiting: { zh: '等待中', en: 'Waiting' },
  resolved: { zh: '已解决', en: 'Resolved' },
  closed: { zh: '已关闭', en: 'Closed' },
  cancelled: { zh: '已取消', en: 'Cancelled' },
};

/** The state of a ticket that decides which actions are open. */
export interface TicketState {
  status: TicketStatus;
  assigneeId: string | null;
  acceptedAt: unknown;
}

/** Whether an action is open in a ticket's present state, apart from who asks. */
export function isOpen(action: TicketAction, state: TicketState): boolean {
  const rule = lifecycle[action];
  if (!rule.from.includes(state.status)) return false;
  if (rule.beforeAcceptance && (state.assigneeId === null || state.acceptedAt !== null)) return false;
  return true;
}

/** The step by which a ticket goes from one status class to another where a status is chosen (选择状态), and what has to be said with it. */
export interface StatusStep {
  /** The action it amounts to; `start`: work on a new ticket begins; `keep`: another status of the same class. */
  action: 'resume' | 'wait' | 'resolve' | 'close' | 'reopen' | 'cancel' | 'start' | 'keep';
  permission: Permission;
  needs: 'reason' | 'resolution' | null;
}

const stepInto = { waiting: 'wait', resolved: 'resolve', closed: 'close', cancelled: 'cancel' } as const;

/** How a ticket gets from one status class to another in one step; null when it does not. Nothing becomes new again. */
export function stepBetween(from: TicketStatus, to: TicketStatus): StatusStep | null {
  if (from === to) return { action: 'keep', permission: from === 'cancelled' ? 'ticket.cancel' : from === 'resolved' || from === 'closed' ? 'ticket.close' : 'ticket.resolve', needs: null };
  if (to === 'new') return null;
  if (to === 'open' && from === 'new') return { action: 'start', permission: 'ticket.resolve', needs: null };
  const action = to === 'open' ? (from === 'waiting' ? 'resume' : 'reopen') : stepInto[to];
  const rule = lifecycle[action];
  if (!rule.from.includes(from)) return null;
  return { action, permission: rule.permission, needs: action === 'resolve' ? 'resolution' : action === 'reopen' || action === 'cancel' ? 'reason' : null };
}

/** The actions a person may take now (可执行的操作), in the order they are offered. */
export function openActions(state: TicketState, isTheirs: (assigneeId: string | null) => boolean, may: (permission: Permission) => boolean): TicketAction[] {
  return ticketActions.filter((action) => {
    const rule = lifecycle[action];
    return isOpen(action, state) && may(rule.permission) && !(rule.assigneeOnly && !isTheirs(state.assigneeId));
  });
}
