import type { BulkAction } from '../../../../contract/view.ts';
import type { Priority, TicketStatus, WaitingFor } from '../../../../rules/ticket/lifecycle.ts';
import type { ChoiceKind } from './bulk-choices.ts';

/** What somebody entered for an action on many tickets (批量操作的内容). */
export type BulkInput = { person?: string; team?: string; text: string; tags: string[]; priority: Priority; category?: string; waitFor: WaitingFor; macro?: string; status?: { id: string; class: TicketStatus } };

export const noInput: BulkInput = { text: '', tags: [], priority: 'high', waitFor: 'customer' };

/** Whether there is a text to write, and whether it may be left out. */
export const textOf: Partial<Record<ChoiceKind, 'required' | 'optional'>> = { reply: 'required', note: 'required', resolve: 'required', reopen: 'required', cancel: 'required', close: 'optional', wait: 'optional', transfer: 'optional', assign: 'optional' };

/** What a status asks to be told, by its class: as the step that leads there does. */
export const textOfStatus: Partial<Record<TicketStatus, 'required' | 'optional'>> = { resolved: 'required', cancelled: 'required', open: 'optional', waiting: 'optional', closed: 'optional' };

/** The action as the API takes it; null while something it needs is missing. */
export function actionOf(kind: ChoiceKind, { person, team, text, tags, priority, category, waitFor, macro, status }: BulkInput): BulkAction | null {
  const written = text.trim();
  if (textOf[kind] === 'required' && written === '') return null;
  const reason = written === '' ? {} : { reason: written };
  switch (kind) {
    case 'assign': return person === undefined ? null : { kind, assignee: person, ...(written === '' ? {} : { note: written }) };
    case 'transfer': return team === undefined ? null : { kind, team, ...reason };
    case 'reply': case 'note': return { kind, body: written };
    case 'tag': case 'untag': return tags.length === 0 ? null : { kind, tags };
    case 'set_priority': return { kind: 'set', set: { priority } };
    case 'set_category': return category === undefined ? null : { kind: 'set', set: { category } };
    case 'resolve': return { kind, resolution: written };
    case 'wait': return { kind, for: waitFor, ...reason };
    case 'macro': return macro === undefined ? null : { kind, macroId: macro };
    case 'set_status': {
      if (status === undefined || (textOfStatus[status.class] === 'required' && written === '')) return null;
      return { kind, status: status.id, ...(status.class === 'resolved' ? { resolution: written } : reason) };
    }
    case 'close': case 'reopen': case 'cancel': return { kind, ...reason };
  }
}
