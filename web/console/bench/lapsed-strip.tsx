import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Ago, PriorityMark } from '../../ui/react/index.ts';
import { lapsedOffers } from '../data/offers.ts';
import { useOfferTexts } from '../dispatch/offer-texts.ts';
import styles from './urgent-strip.module.css';
import own from './lapsed-strip.module.css';

/** Tickets that were offered and that nobody took (派单无人接): they wait for somebody who gives them out. */
export function LapsedStrip() {
  const { t: say } = useOfferTexts();
  const items = useQuery(lapsedOffers).data ?? [];
  if (items.length === 0) return null;
  return (
    <section className={`${styles.strip} ${own.strip}`} aria-label={say('strip.label', { count: items.length })}>
      <h2 className={`${styles.title} ${own.title}`}>
        <span className={own.words}>{say('strip.title')}</span>
        <span>{items.length}</span>
      </h2>
      <ul className={styles.cards}>
        {items.map(({ offer, ticket }) => (
          <li key={offer.id} className={styles.item}>
            <Link className={styles.card} to="/tickets/$number" params={{ number: ticket.number }}>
              <span className={styles.subject}>{(ticket.priority === 'urgent' || ticket.priority === 'high') && <PriorityMark priority={ticket.priority} />} {ticket.subject}</span>
              <span className={styles.facts}>
                <span className={styles.place}>{[ticket.team?.name, offer.title].filter(Boolean).join(' · ')}</span>
                <span>{say('strip.asked', { count: offer.candidateCount })}</span>
                {offer.endedAt !== null && <Ago value={offer.endedAt} />}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
