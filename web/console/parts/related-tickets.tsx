import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { ProblemAlert } from '../../ui/react/index.ts';
import { countOf, ticketList, ticketsOf, type TicketFilter } from '../data/tickets.ts';
import { useTexts } from '../i18n.ts';
import { Delayed } from './delayed.tsx';
import { rememberReadingList } from './reading-list.ts';
import { RowSkeleton } from './row-skeleton.tsx';
import { rowHeights, TicketRow } from './ticket-row.tsx';
import styles from './related-tickets.module.css';

/** The tickets of a customer, an asset or a colleague (相关工单), in their drawer. */
export function RelatedTickets({ title, filter }: { title: string; filter: TicketFilter }) {
  const { t } = useTexts();
  const navigate = useNavigate();
  const list = useInfiniteQuery(ticketList(filter));
  const tickets = ticketsOf(list.data);
  const numbers = tickets.map((ticket) => ticket.number);
  return (
    <section className={styles.related}>
      <h3 className={styles.title}>
        {title} <span>{countOf(list.data)}</span>
      </h3>
      {list.isPending && <Delayed><RowSkeleton rows={3} height={rowHeights.card} /></Delayed>}
      {list.isError && list.data === undefined && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
      {list.data !== undefined && tickets.length === 0 && <p className={styles.nothing}>{t('record.noTickets')}</p>}
      <ul className={styles.list}>
        {tickets.map((ticket) => (
          <li key={ticket.id} style={{ height: rowHeights.card }}>
            <TicketRow
              ticket={ticket}
              shape="card"
              time="createdAt"
              current={false}
              onOpen={() => {
                rememberReadingList(numbers);
                void navigate({ to: '/tickets/$number', params: { number: ticket.number } });
              }}
            />
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <Button block type="text" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('common.loadMore')}
        </Button>
      )}
    </section>
  );
}
