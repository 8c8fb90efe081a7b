import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import type { TakeAction, Ticket, UpdateTicket } from '../../../contract/ticket.ts';
import { lifecycle, type TicketAction } from '../../../rules/ticket/lifecycle.ts';
import { api, asProblem } from '../../ui/api.ts';
import { ticketKeys } from '../data/tickets.ts';
import { useReader } from '../live/reader.ts';
import { applyTicket } from '../live/ticket-cache.ts';
import { useTexts } from '../i18n.ts';
import { actionTexts } from '../parts/names.ts';

type Step = { action: TicketAction; body?: TakeAction };

/** How a ticket will most likely look after a step, shown until the server has said so. */
function expected(ticket: Ticket, { action }: Step): Ticket {
  const status = lifecycle[action].to ?? ticket.status;
  return { ...ticket, status, waitingFor: status === 'waiting' ? ticket.waitingFor : null, acceptedAt: action === 'accept' ? new Date().toISOString() : ticket.acceptedAt, actions: [] };
}

/** Takes a step in a ticket's life (工单操作): shown at once, taken back with a reason when it is refused. */
export function useTakeAction(ticket: Ticket) {
  const queryClient = useQueryClient();
  const reader = useReader();
  const { t } = useTexts();
  const { message } = App.useApp();
  return useMutation({
    mutationFn: async ({ action, body }: Step) => (await api.post<Ticket>(`/tickets/${ticket.id}/actions/${action}`, body ?? {})).data,
    onMutate: (step) => {
      if (step.body === undefined) applyTicket(queryClient, expected(ticket, step), reader);
    },
    onSuccess: (changed, { action }) => {
      applyTicket(queryClient, changed, reader);
      void queryClient.invalidateQueries({ queryKey: ticketKeys.timeline(ticket.number) });
      void message.success(t('ticket.done', { action: t(actionTexts[action]) }));
    },
    onError: (error, { body }) => {
      if (body === undefined) applyTicket(queryClient, ticket, reader);
      const problem = asProblem(error);
      // A dialog shows its own refusals beside what was typed.
      if (body === undefined) void message.error(problem.title);
      if (problem.status === 409) void queryClient.invalidateQueries({ queryKey: ticketKeys.detail(ticket.number) });
    },
  });
}

/** Edits what a ticket says, from the version that is on the screen; a stale one is refused with 412. */
export function useUpdateTicket(ticket: Ticket) {
  const queryClient = useQueryClient();
  const reader = useReader();
  return useMutation({
    mutationFn: async ({ version = ticket.version, ...changes }: UpdateTicket & { version?: number }) =>
      (await api.patch<Ticket>(`/tickets/${ticket.id}`, changes, { ifMatch: `"${version}"` })).data,
    onSuccess: (changed) => {
      applyTicket(queryClient, changed, reader);
      void queryClient.invalidateQueries({ queryKey: ticketKeys.timeline(ticket.number) });
    },
    onError: (error) => {
      if (asProblem(error).status === 412) void queryClient.invalidateQueries({ queryKey: ticketKeys.detail(ticket.number) });
    },
  });
}

/** As above, for small edits that are simply made again: says what happened instead of asking. */
export function useQuickUpdate(ticket: Ticket) {
  const update = useUpdateTicket(ticket);
  const { t } = useTexts();
  const { message } = App.useApp();
  return (changes: UpdateTicket): void =>
    update.mutate(changes, {
      onSuccess: () => void message.success(t('common.saved')),
      onError: (error) => {
        const problem = asProblem(error);
        void message.error(problem.status === 412 ? t('ticket.changedMeanwhile') : (problem.errors[0]?.message ?? problem.title));
      },
    });
}
