import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useRouter } from '@tanstack/react-router';
import { ticketDetail } from '../data/tickets.ts';
import { useKeys } from '../parts/keys.ts';
import { placeInReadingList } from '../parts/reading-list.ts';
import { useTitle } from '../parts/title.ts';
import { TicketView } from './ticket-view.tsx';
import styles from './ticket-page.module.css';

/** A ticket on a page of its own (工单页); J and K go on along the list it was opened from. */
export function TicketPage() {
  const { number } = useParams({ from: '/tickets/$number' });
  const navigate = useNavigate();
  const router = useRouter();
  const place = placeInReadingList(number);
  const { data: ticket } = useQuery(ticketDetail(number));
  useTitle(ticket === undefined ? number : `${number} ${ticket.subject}`);

  function go(to: string | null | undefined): void {
    if (to != null) void navigate({ to: '/tickets/$number', params: { number: to }, replace: true });
  }
  function back(): void {
    if (place !== null && router.history.canGoBack()) router.history.back();
    else void navigate({ to: '/queue' });
  }

  useKeys({ j: () => go(place?.next), k: () => go(place?.previous), Escape: back });
  return (
    <div className={styles.page}>
      <TicketView key={number} number={number} onBack={back} place={place} onGo={go} />
    </div>
  );
}
