import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { EmptyState, PriorityMark, ProblemAlert, useNow } from '../../../ui/react/index.ts';
import { formatDuration } from '../../../ui/time.ts';
import { Badge } from '../../parts/badge.tsx';
import { Delayed } from '../../parts/delayed.tsx';
import { Icon } from '../../parts/icon.tsx';
import { RowSkeleton } from '../../parts/row-skeleton.tsx';
import { useOfferTexts } from '../offer-texts.ts';
import { useBoard } from './board-context.ts';
import { openOffers } from './data.ts';
import { useBoardTexts } from './texts.ts';
import styles from './pool.module.css';

/** What is on offer at this moment (抢单池), as whoever gives it out sees it: how far it is open, and what comes next. */
export function Pool({ teamId }: { teamId: string | undefined }) {
  const { t } = useBoardTexts();
  const { t: say } = useOfferTexts();
  const { language } = useBoard();
  const now = useNow();
  const query = useInfiniteQuery(openOffers);
  if (query.isError) return <div className={styles.note}><ProblemAlert error={query.error} onRetry={() => void query.refetch()} /></div>;
  if (query.isPending) return <Delayed><RowSkeleton rows={4} height={72} /></Delayed>;
  const offers = query.data.pages.flatMap(({ items }) => items).filter(({ ticket }) => teamId === undefined || ticket.team?.id === teamId);
  if (offers.length === 0) return <div className={styles.note}><EmptyState icon={<Icon name="people" size={28} />} title={t('offers.empty')} hint={t('offers.emptyHint')} /></div>;
  return (
    <ul className={styles.list} aria-label={t('pool')}>
      {offers.map(({ offer, ticket }) => {
        const left = offer.nextAt === null ? null : Math.max(0, Date.parse(offer.nextAt) - now);
        return (
          <li key={offer.id}>
            <Link to="/tickets/$number" params={{ number: ticket.number }} className={styles.offer}>
              <span className={styles.first}><PriorityMark priority={ticket.priority} /><span className={styles.subject}>{ticket.subject}</span></span>
              <span className={styles.second}><Badge tone="accent">{offer.title}</Badge>{offer.mode === 'grab' && <span>{offer.ring >= offer.rings ? say('part.team') : say('part.ring', { ring: offer.ring + 1, count: offer.rings })}</span>}<span>{t('offers.asked', { count: offer.candidateCount })}</span></span>
              {left !== null && offer.next !== null && <span className={styles.third}>{say(`part.left.${offer.next}`, { time: formatDuration(left, language) })}</span>}
            </Link>
          </li>
        );
      })}
      {query.hasNextPage && <li className={styles.more}><Button size="small" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>…</Button></li>}
    </ul>
  );
}
