import type { Notification as Told } from '../../../contract/desk.ts';

/** A notification as the feed brings it: with what its reader's settings say now (quiet hours included). */
export type FeedNotification = Told & { popup: boolean; desktop: boolean; sound: boolean };

/** How the page stands when something is told. */
export interface Looking {
  visible: boolean;
  /** The path of the page that is open. */
  path: string;
  permission: NotificationPermission | 'unsupported';
  /** Whether no other tab has called to it yet. */
  first: boolean;
}

/** How somebody is called (提醒方式). In sight of the page by the page itself, in every window that is looked at; otherwise by the system, once. */
export interface Calls {
  popup: boolean;
  desktop: boolean;
  sound: boolean;
}

/** How to call somebody to a notification: as their settings want it, and not to what they are looking at. */
export function howToTell(told: FeedNotification, { visible, path, permission, first }: Looking): Calls {
  const looksAtIt = visible && told.ticket !== null && told.sideConversation === null && path === `/tickets/${told.ticket.number}`;
  return {
    popup: told.popup && visible && !looksAtIt,
    desktop: told.desktop && !visible && permission === 'granted' && first,
    sound: told.sound && first && !looksAtIt,
  };
}

/** Where a notification leads (通知去处). */
export function pathOf(told: Pick<Told, 'ticket' | 'sideConversation'>): string {
  if (told.sideConversation !== null) return `/notifications/side-${told.sideConversation.id}`;
  return told.ticket === null ? '/notifications' : `/tickets/${told.ticket.number}`;
}

/** Which part of the ticket it is about: who is told of a task finds it first (web/console/ticket). */
export const partOf = (told: Pick<Told, 'factKind' | 'sideConversation'>): string | undefined => (told.sideConversation === null && /^(task|approval)\./.test(told.factKind) ? 'task-' : undefined);

/** Whether it is time to ask whether the system may call (何时询问桌面通知): something has just called, and nobody has said anything yet. */
export function isTimeToOffer({ permission, chosen, answered }: { permission: Looking['permission']; chosen: boolean | undefined; answered: boolean }): boolean {
  return permission === 'default' && chosen === false && !answered;
}
