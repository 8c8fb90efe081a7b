import type { TicketSummary } from '../../../contract/ticket.ts';
import { Ago, PriorityMark } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import styles from './urgent-strip.module.css';

/** Urgent tickets (紧急工单), pinned above everything else. */
export function UrgentStrip({ tickets, onOpen }: { tickets: readonly TicketSummary[]; onOpen: (ticket: TicketSummary, numbers: string[]) => void }) {
  const { t } = useTexts();
  if (tickets.length === 0) return null;
  return (
    <section className={styles.strip} aria-label={t('bench.urgent', { count: tickets.length })}>
      <h2 className={styles.title}>
        <PriorityMark priority="urgent" withLabel />
        <span>{tickets.length}</span>
      </h2>
      <ul className={styles.cards}>
        {tickets.map((ticket) => (
          <li key={ticket.id} className={styles.item}>
            <a
              className={styles.card}
              href={`/tickets/${ticket.number}`}
              onClick={(event) => {
                if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                event.preventDefault();
                onOpen(ticket, tickets.map((one) => one.number));
              }}
            >
              <span className={styles.subject}>{ticket.subject}</span>
              <span className={styles.facts}>
                <span className={styles.place}>{ticket.location?.address ?? ticket.requester.name ?? ticket.number}</span>
                <span className={styles.owner} data-nobody={ticket.assignee === null || undefined}>{ticket.assignee?.name ?? t('common.nobody')}</span>
                <Ago value={ticket.createdAt} />
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
