import { useQueryClient } from '@tanstack/react-query';
import type { Ticket } from '../../../contract/ticket.ts';
import { deskKeys } from '../data/desk.ts';
import { ticketKeys } from '../data/tickets.ts';

/** Reads anew what shows how tickets belong together. */
export function useRenewTogether(ticket: Ticket): (other?: string) => void {
  const queryClient = useQueryClient();
  return (other) => {
    for (const number of [ticket.number, ...(other === undefined ? [] : [other])]) {
      void queryClient.invalidateQueries({ queryKey: ticketKeys.detail(number) });
      void queryClient.invalidateQueries({ queryKey: ticketKeys.timeline(number) });
    }
    void queryClient.invalidateQueries({ queryKey: ['links'] });
    void queryClient.invalidateQueries({ queryKey: deskKeys.checklist(ticket.id) });
  };
}
