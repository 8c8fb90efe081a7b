import { useInfiniteQuery } from '@tanstack/react-query';
import type { TicketSummary } from '../../../contract/ticket.ts';
import { factKinds, type FactKind } from '../../../contract/facts.ts';
import { Ago, StatusTag } from '../../ui/react/index.ts';
import { isBehindStorm, ticketList, ticketsOf, type TicketFilter } from '../data/tickets.ts';
import { useTexts } from '../i18n.ts';
import { useFacts, type FeedFact } from '../live/activity.ts';
import { useSession } from '../session/session.tsx';
import styles from './activity.module.css';

const shown = 40;

/** Midnight at the beginning of yesterday, in the viewer's zone. */
function startOfYesterday(): number {
  const day = new Date();
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() - 1).getTime();
}

/** What has changed since yesterday (动态): the tickets that moved, and who moved them where the page saw it happen. */
export function Activity({ className, onOpen }: { className: string | undefined; onOpen: (ticket: TicketSummary, numbers: string[]) => void }) {
  const { t, language } = useTexts();
  const { me, may } = useSession();
  const facts = useFacts();
  // Who reaches no further than the own tickets gets those anyway.
  const filter: TicketFilter = may('ticket.read', 'department') && me.teams.length > 0 ? { team: 'mine', sort: '-updatedAt' } : { sort: '-updatedAt' };
  const list = useInfiniteQuery(ticketList(filter));
  const since = startOfYesterday();
  const tickets = ticketsOf(list.data)
    .filter((ticket) => !isBehindStorm(ticket) && new Date(ticket.updatedAt).getTime() >= since)
    .sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1))
    .slice(0, shown);
  const latest = new Map<string, FeedFact>();
  for (const fact of facts) if (fact.ticketId !== null && !latest.has(fact.ticketId)) latest.set(fact.ticketId, fact);
  const numbers = tickets.map((ticket) => ticket.number);

  return (
    <section className={className} aria-label={t('bench.activity')} data-narrow>
      <div className={styles.head}>
        <h2 className={styles.title}>{t('bench.activity')}</h2>
      </div>
      {tickets.length === 0 && !list.isPending ? (
        <p className={styles.nothing}>{t('bench.activityEmpty')}</p>
      ) : (
        <ul className={styles.list} tabIndex={0} aria-label={t('bench.activity')}>
          {tickets.map((ticket) => {
            const fact = latest.get(ticket.id);
            return (
              <li key={ticket.id}>
                <a
                  className={styles.item}
                  href={`/tickets/${ticket.number}`}
                  onClick={(event) => {
                    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                    event.preventDefault();
                    onOpen(ticket, numbers);
                  }}
                >
                  <span className={styles.subject}>{ticket.subject}</span>
                  <span className={styles.facts}>
                    {fact === undefined ? (
                      <StatusTag status={ticket.status} />
                    ) : (
                      <span className={styles.fact}>
                        {fact.actor.name !== null && `${fact.actor.name} · `}
                        {fact.kind in factKinds ? factKinds[fact.kind as FactKind][language === 'en' ? 'en' : 'zh'] : fact.kind}
                      </span>
                    )}
                    <Ago className={styles.time} value={ticket.updatedAt} />
                  </span>
                </a>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
