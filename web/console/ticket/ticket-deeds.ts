import type { Ticket } from '../../../contract/ticket.ts';
import { priorities, type TicketAction } from '../../../rules/ticket/lifecycle.ts';
import { words } from '../../ui/words.ts';
import { mayReadRuns } from '../automation/may-read-runs.ts';
import { useTexts } from '../i18n.ts';
import type { IconName } from '../parts/icon.tsx';
import { actionTexts } from '../parts/names.ts';
import { useSession } from '../session/session.tsx';
import { useOffersDeeds, type Deed } from '../shell/open-ticket.ts';
import type { ComposerHandle } from './composer.tsx';
import type { Correction } from './correct/correct-dialog.tsx';
import type { StatusChoice } from './status-control.tsx';
import { useQuickUpdate } from './ticket-changes.ts';
import type { Together } from './together-dialogs.tsx';

export const actionIcons: Record<TicketAction, IconName> = {
  accept: 'check', decline: 'cancel', assign: 'assign', transfer: 'transfer', wait: 'pause', resume: 'play', resolve: 'checkCircle', confirm: 'checkCircle', reopen: 'reopen', close: 'close', cancel: 'trash',
};
/** The keys of actions, everywhere they are offered. */
export const actionKeys: Partial<Record<TicketAction, string>> = { assign: 'A', resolve: 'E' };

/** What ends a ticket does not stand where the eye falls first. */
const final: readonly TicketAction[] = ['close', 'cancel'];

type Ways = {
  onAct: (action: TicketAction) => void;
  onStatus: (choice: StatusChoice) => void;
  onTakeIt: (() => void) | null;
  onTogether: (kind: Together) => void;
  onCorrect: (what: Correction) => void;
  composer: { current: ComposerHandle | null };
};

/** Offers the command bar what may be done to the ticket on the screen (工单命令): the same as its buttons, no more. */
export function useTicketDeeds(ticket: Ticket, { onAct, onStatus, onTakeIt, onTogether, onCorrect, composer }: Ways): void {
  const { t } = useTexts();
  const session = useSession();
  const { may } = session;
  const update = useQuickUpdate(ticket);
  const live = ticket.mergedInto === null;
  const writes = live && (may('ticket.reply') || may('ticket.note'));
  const editable = live && may('ticket.update');
  const deedOf = (action: TicketAction): Deed => ({ key: action, icon: actionIcons[action], text: t(actionTexts[action]), ...(actionKeys[action] === undefined ? {} : { keys: actionKeys[action] }), run: () => onAct(action) });
  // What changes nothing by itself comes first: an Enter too many does no harm.
  const deeds: Deed[] = [
    ...(live && may('ticket.reply') ? [{ key: 'reply', icon: 'reply' as const, text: t('keys.reply'), keys: 'R', run: () => composer.current?.write('public') }] : []),
    ...(live && may('ticket.note') ? [{ key: 'note', icon: 'lock' as const, text: t('keys.note'), keys: 'M', run: () => composer.current?.write('internal') }] : []),
    ...(onTakeIt === null ? [] : [{ key: 'take', icon: 'customers' as const, text: t('assign.take'), keys: 'I', run: onTakeIt }]),
    ...ticket.actions.filter((action) => !final.includes(action)).map(deedOf),
    ...(writes ? [{ key: 'quick', icon: 'play' as const, text: t('quick.open'), keys: '/', run: () => composer.current?.quick() }] : []),
    ...ticket.actions.filter((action) => final.includes(action)).map(deedOf),
    ...ticket.statusChoices.map((choice): Deed => ({ key: `status ${choice.status}`, icon: 'checkCircle', text: t('status.set', { name: choice.name }), run: () => onStatus(choice) })),
    ...(editable ? priorities.filter((priority) => priority !== ticket.priority).map((priority): Deed => ({ key: `priority ${priority}`, icon: 'activity', text: t('command.priority', { priority: words(`priority.${priority}`) }), run: () => update({ priority }) })) : []),
    ...(editable ? [
      { key: 'merge', icon: 'transfer' as const, text: t('merge.title'), run: () => onTogether('merge') },
      { key: 'link', icon: 'link' as const, text: t('related.add'), run: () => onTogether('link') },
    ] : []),
    ...(live && may('ticket.create') ? [{ key: 'split', icon: 'copy' as const, text: t('split.title'), run: () => onTogether('split') }] : []),
    ...(mayReadRuns(session) ? [{ key: 'rules', icon: 'activity' as const, text: t('rules.ofTicket'), run: () => onTogether('rules') }] : []),
    ...(editable ? (['requester', 'place', 'description', 'type'] as const).map((what): Deed => ({ key: `correct ${what}`, icon: 'edit', text: t(`correct.${what}`), run: () => onCorrect(what) })) : []),
  ];
  useOffersDeeds({ id: ticket.id, number: ticket.number, subject: ticket.subject, deeds, macro: writes ? (macro) => composer.current?.macro(macro) : null });
}
