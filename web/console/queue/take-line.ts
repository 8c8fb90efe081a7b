import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useRef } from 'react';
import type { Ticket } from '../../../contract/ticket.ts';
import type { TicketLine } from '../../../contract/view.ts';
import { asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { useTexts } from '../i18n.ts';
import { useReader } from '../live/reader.ts';
import { applyTicket } from '../live/ticket-cache.ts';
import { useSession } from '../session/session.tsx';

/** Takes a ticket of the list oneself (接手), at one key; whoever has it already is asked about first. */
export function useTakeLine(): (line: TicketLine) => void {
  const { t } = useTexts();
  const { me, may } = useSession();
  const { message, modal } = App.useApp();
  const queryClient = useQueryClient();
  const reader = useReader();
  const busy = useRef(false);
  async function take({ id, assignee }: TicketLine): Promise<void> {
    if (busy.current) return;
    busy.current = true;
    try {
      applyTicket(queryClient, await postOnce<Ticket>(`/tickets/${id}/actions/assign`, { assignee: me.id, expectedAssignee: assignee?.id ?? null }), reader);
      void message.success(t('assign.taken'));
    } catch (error) {
      void message.error(asProblem(error).title);
    } finally {
      busy.current = false;
    }
  }
  return (line) => {
    if (!may('ticket.assign') || line.assignee?.id === me.id) return;
    if (line.assignee === null) void take(line);
    else void modal.confirm({ title: t('assign.takeFrom', { name: line.assignee.name }), okText: t('assign.takeShort'), onOk: () => take(line) });
  };
}
