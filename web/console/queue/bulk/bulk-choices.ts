import type { Permission } from '../../../../rules/access/permissions.ts';
import type { TextKey } from '../../i18n.ts';
import type { IconName } from '../../parts/icon.tsx';
import { useSession } from '../../session/session.tsx';

export type ChoiceKind = 'assign' | 'transfer' | 'reply' | 'note' | 'tag' | 'untag' | 'set_priority' | 'set_category' | 'resolve' | 'close' | 'wait' | 'reopen' | 'cancel' | 'macro' | 'set_status';
/** Something that can be done to many tickets (批量操作项). */
export type BulkChoice = { kind: ChoiceKind; text: TextKey; icon: IconName; permission: Permission; keys?: string; danger?: true };

const all: readonly BulkChoice[] = [
  { kind: 'assign', text: 'bulk.assign', icon: 'assign', permission: 'ticket.assign', keys: 'A' },
  { kind: 'transfer', text: 'bulk.transfer', icon: 'transfer', permission: 'ticket.assign', keys: 'T' },
  { kind: 'reply', text: 'bulk.reply', icon: 'reply', permission: 'ticket.reply', keys: 'R' },
  { kind: 'note', text: 'bulk.note', icon: 'edit', permission: 'ticket.note', keys: 'M' },
  { kind: 'tag', text: 'bulk.tag', icon: 'tag', permission: 'ticket.update', keys: '#' },
  { kind: 'set_priority', text: 'bulk.priority', icon: 'board', permission: 'ticket.update', keys: 'P' },
  { kind: 'resolve', text: 'bulk.resolve', icon: 'checkCircle', permission: 'ticket.resolve', keys: 'E' },
  { kind: 'macro', text: 'bulk.macro', icon: 'play', permission: 'ticket.read' },
  { kind: 'close', text: 'bulk.close', icon: 'lock', permission: 'ticket.close', keys: 'Shift E' },
  { kind: 'set_status', text: 'bulk.status', icon: 'checkCircle', permission: 'ticket.resolve' },
  { kind: 'set_category', text: 'bulk.category', icon: 'team', permission: 'ticket.update', keys: 'G' },
  { kind: 'untag', text: 'bulk.untag', icon: 'tag', permission: 'ticket.update' },
  { kind: 'wait', text: 'bulk.wait', icon: 'pause', permission: 'ticket.resolve' },
  { kind: 'reopen', text: 'bulk.reopen', icon: 'reopen', permission: 'ticket.close' },
  { kind: 'cancel', text: 'bulk.cancelTickets', icon: 'cancel', permission: 'ticket.cancel', danger: true },
];

/** What the reader's permissions let them do to many; the server decides again for each ticket. */
export function useBulkChoices(): BulkChoice[] {
  const { may } = useSession();
  return all.filter((choice) => may(choice.permission));
}
