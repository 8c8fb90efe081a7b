import { useQuery } from '@tanstack/react-query';
import type { TicketPage } from '../../../contract/ticket.ts';
import { api } from '../../ui/api.ts';
import { Ago, StatusTag } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { unfinished } from '../parts/names.ts';
import { useSession } from '../session/session.tsx';
import styles from './new-ticket-drawer.module.css';

const shown = 3;

/** That a customer has tickets which are not done yet (未办结工单): it may be the same matter. They open beside what is being written. */
export function OpenTicketsNote({ customer }: { customer: string }) {
  const { t } = useTexts();
  const { may } = useSession();
  const found = useQuery({
    queryKey: ['tickets', 'unfinished', customer],
    queryFn: async ({ signal }) => (await api.get<TicketPage>('/tickets', { query: { customer, status: unfinished, limit: shown + 1 }, signal })).data.items,
    enabled: may('ticket.read'), staleTime: 20_000,
  }).data ?? [];
  if (found.length === 0) return null;
  return (
    <div className={styles.open} role="status">
      <p>{found.length > shown ? t('newTicket.openMany', { count: shown }) : t('newTicket.openTickets', { count: found.length })}</p>
      <ul>
        {found.slice(0, shown).map((ticket) => (
          <li key={ticket.id}>
            <a href={`/tickets/${ticket.number}`} target="_blank" rel="noreferrer"><span>{ticket.subject}</span></a>
            <StatusTag status={ticket.status} label={ticket.ownStatus?.name} />
            <Ago value={ticket.createdAt} />
          </li>
        ))}
      </ul>
    </div>
  );
}
