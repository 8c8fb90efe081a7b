import { App } from 'antd';
import type { Ticket } from '../../../contract/ticket.ts';
import { useTexts } from '../i18n.ts';
import { useSession } from '../session/session.tsx';
import type { useTakeAction } from './ticket-changes.ts';

/** Takes a ticket oneself (接手), at one key; null where that is not open. Whoever has it already is asked about first. */
export function useTakeIt(ticket: Ticket, takeAction: ReturnType<typeof useTakeAction>): (() => void) | null {
  const { t } = useTexts();
  const { me } = useSession();
  const { modal } = App.useApp();
  const { assignee } = ticket;
  if (!ticket.actions.includes('assign') || assignee?.id === me.id) return null;
  const take = (): void => takeAction.mutate({ action: 'assign', body: { assignee: me.id, expectedAssignee: assignee?.id ?? null } });
  if (assignee === null) return take;
  return () => void modal.confirm({ title: t('assign.takeFrom', { name: assignee.name }), content: ticket.visits.some(({ status }) => !['completed', 'cancelled', 'declined'].includes(status)) ? t('assign.takeVisit') : undefined, okText: t('assign.take'), onOk: take });
}
