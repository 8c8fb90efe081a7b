import type { TicketStatus } from './lifecycle.ts';

/** The states of a conversation beside a ticket (旁路会话状态). */
export const sideConversationStates = ['open', 'closed'] as const;
export type SideConversationState = (typeof sideConversationStates)[number];
/** The two sides of it (会话双方): those who were asked, and those who ask. */
export const sideConversationSides = ['asked', 'asker'] as const;
export type SideConversationSide = (typeof sideConversationSides)[number];

/** How the children of a ticket stand (子工单进度). */
export interface ChildCounts {
  total: number;
  /** New, open or waiting. */
  open: number;
  /** Resolved or closed. */
  resolved: number;
  cancelled: number;
}

/** Children by how they stand. One that was merged into another ticket is counted there and not here. */
export function countChildren(children: readonly { status: TicketStatus; merged: boolean }[]): ChildCounts {
  const counts: ChildCounts = { total: 0, open: 0, resolved: 0, cancelled: 0 };
  for (const { status, merged } of children) {
    if (merged) continue;
    counts.total += 1;
    if (status === 'cancelled') counts.cancelled += 1;
    else if (status === 'resolved' || status === 'closed') counts.resolved += 1;
    else counts.open += 1;
  }
  return counts;
}
