import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useContext, useRef } from 'react';
import type { VersionChange } from '../../../contract/collaboration.ts';
import type { TakeAction, Ticket, UpdateTicket } from '../../../contract/ticket.ts';
import { lifecycle, type TicketAction } from '../../../rules/ticket/lifecycle.ts';
import { api, asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { ticketKeys } from '../data/tickets.ts';
import { useReader } from '../live/reader.ts';
import { applyTicket } from '../live/ticket-cache.ts';
import { useTexts } from '../i18n.ts';
import { actionTexts } from '../parts/names.ts';
import { ConflictContext, contested } from './conflict.ts';

type Step = {
  action: TicketAction | 'set_status';
  body?: TakeAction;
  /** set_status: what was chosen. */
  choice?: Ticket['statusChoices'][number] | null;
  /** A dialog asked for it and shows its refusals. */
  asked?: boolean;
};

/** How a ticket will most likely look after a step, shown until the server has said so. */
function expected(ticket: Ticket, { action, choice }: Step): Ticket {
  if (action === 'set_status') {
    if (choice == null) return ticket;
    return { ...ticket, status: choice.class, ownStatus: choice.status === choice.class ? null : { id: choice.status, name: choice.name, color: choice.color }, actions: [], statusChoices: [] };
  }
  const status = lifecycle[action].to ?? ticket.status;
  return { ...ticket, status, ownStatus: status === ticket.status ? ticket.ownStatus : null, waitingFor: status === 'waiting' ? ticket.waitingFor : null, acceptedAt: action === 'accept' ? new Date().toISOString() : ticket.acceptedAt, actions: [] };
}

/**
 * Takes a step in a ticket's life (工单操作): shown at once, taken back with a reason when it is refused. While one is on
 * its way, a further press takes none.
 */
export function useTakeAction(ticket: Ticket) {
  const queryClient = useQueryClient();
  const reader = useReader();
  const { t } = useTexts();
  const { message } = App.useApp();
  // Not `isPending`, which the second press of a double click would still find unset.
  const busy = useRef(false);
  const mutation = useMutation({
    mutationFn: ({ action, body }: Step) => postOnce<Ticket>(`/tickets/${ticket.id}/actions/${action}`, body ?? {}),
    onMutate: (step) => {
      if (step.asked !== true) applyTicket(queryClient, expected(ticket, step), reader);
    },
    onSuccess: (changed, { action, choice }) => {
      applyTicket(queryClient, changed, reader);
      void queryClient.invalidateQueries({ queryKey: ticketKeys.timeline(ticket.number) });
      void message.success(action === 'set_status' ? t('status.changed', { name: choice?.name ?? '' }) : t('ticket.done', { action: t(actionTexts[action]) }));
    },
    onError: (error, { asked }) => {
      if (asked !== true) applyTicket(queryClient, ticket, reader);
      const problem = asProblem(error);
      // A dialog shows its own refusals beside what was typed; one that is about to ask for fields, too.
      if (asked !== true && !asksForFields(error)) void message.error(problem.title);
      if (problem.status === 409) void queryClient.invalidateQueries({ queryKey: ticketKeys.detail(ticket.number) });
    },
    onSettled: () => {
      busy.current = false;
    },
  });
  const mutate: typeof mutation.mutate = (step, options) => {
    if (busy.current) return;
    busy.current = true;
    mutation.mutate(step, options);
  };
  return { ...mutation, mutate };
}

/** Whether a step was refused for want of fields, which can be asked for (缺少字段). */
export const asksForFields = (error: unknown): boolean => asProblem(error).errors.some(({ path }) => path.startsWith('/fields/'));

type Stale = { current: Ticket; changes: VersionChange[] };
const staleDetails = (error: unknown): Stale | undefined => (asProblem(error).status === 412 ? (asProblem(error).extensions.details as Stale | undefined) : undefined);
/** So often an edit goes over others that do not touch it, before it gives up. */
const rounds = 3;

/**
 * Edits what a ticket says, from the version that is on the screen. Where somebody else changed other things meanwhile,
 * both are kept; where they changed the same, the person chooses, and nobody's words are lost.
 */
export function useUpdateTicket(ticket: Ticket) {
  const queryClient = useQueryClient();
  const reader = useReader();
  const showConflict = useContext(ConflictContext);
  return useMutation({
    mutationFn: async ({ version: from = ticket.version, ...changes }: UpdateTicket & { version?: number }) => {
      let version = from;
      for (let round = 1; ; round += 1) {
        try {
          return (await api.patch<Ticket>(`/tickets/${ticket.id}`, changes, { ifMatch: `"${version}"` })).data;
        } catch (error) {
          const stale = staleDetails(error);
          if (stale === undefined || round === rounds || contested(changes, stale.changes).length > 0) throw error;
          version = stale.current.version;
        }
      }
    },
    onSuccess: (changed) => {
      applyTicket(queryClient, changed, reader);
      void queryClient.invalidateQueries({ queryKey: ticketKeys.timeline(ticket.number) });
    },
    onError: (error, { version: _version, ...mine }) => {
      const stale = staleDetails(error);
      if (stale !== undefined && showConflict !== null && contested(mine, stale.changes).length > 0) {
        applyTicket(queryClient, stale.current, reader);
        showConflict({ mine, ...stale });
      } else if (asProblem(error).status === 412) void queryClient.invalidateQueries({ queryKey: ticketKeys.detail(ticket.number) });
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
        // What two changed at once is shown side by side.
        if (problem.status !== 412) void message.error(problem.errors[0]?.message ?? problem.title);
        else if (staleDetails(error) === undefined) void message.error(t('ticket.changedMeanwhile'));
      },
    });
}
