import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import type { CallCard, UpdateCall } from '../../../contract/call.ts';
import type { Static } from 'typebox';
import type { Ticket } from '../../../contract/ticket.ts';
import { api, asProblem } from '../../ui/api.ts';
import { callOf } from './data.ts';

type Change = Static<typeof UpdateCall>;

/** What is done with a call (登记通话): noted, linked, made a ticket of; one that was changed meanwhile is read anew and changed then. */
export function useCall(id: string) {
  const queryClient = useQueryClient();
  const { message } = App.useApp();
  const key = callOf(id).queryKey;
  const renew = (): void => {
    void queryClient.invalidateQueries({ queryKey: ['calls'] });
  };
  const patch = async (change: Change): Promise<CallCard> => {
    for (let turn = 0; ; turn += 1) {
      const known = turn === 0 ? queryClient.getQueryData(key) : undefined;
      const { version } = known ?? await queryClient.fetchQuery({ ...callOf(id), staleTime: 0 });
      try {
        return (await api.patch<CallCard>(`/calls/${id}`, change, { ifMatch: `"${version}"` })).data;
      } catch (error) {
        // The telephone system goes on telling while somebody writes: their words win nothing of its.
        if (asProblem(error).code !== 'stale_version' || turn >= 3) throw error;
      }
    }
  };
  const change = useMutation({
    mutationFn: patch,
    onSuccess: (saved) => {
      queryClient.setQueryData(key, saved);
      renew();
    },
    onError: (error) => void message.error(asProblem(error).title),
  });
  const open = useMutation({
    mutationFn: async (body: object) => (await api.post<Ticket>(`/calls/${id}/ticket`, body)).data,
    onSuccess: renew,
  });
  return { change, open };
}
