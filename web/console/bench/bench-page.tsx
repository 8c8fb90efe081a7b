import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Segmented } from 'antd';
import { lazy, Suspense, useCallback, useRef, useState, type ReactNode } from 'react';
import type { TicketSummary } from '../../../contract/ticket.ts';
import { EmptyState } from '../../ui/react/index.ts';
import { countOf, isBehindStorm, ticketList, ticketsOf, type TicketFilter } from '../data/tickets.ts';
import { viewFilters } from '../data/views.ts';
import { useTexts } from '../i18n.ts';
import { useKeys } from '../parts/keys.ts';
import { rememberReadingList } from '../parts/reading-list.ts';
import { TicketList, type TicketListHandle } from '../parts/ticket-list.tsx';
import { useTitle } from '../parts/title.ts';
import { useWide } from '../parts/wide.ts';
import { useSession } from '../session/session.tsx';
import { Activity } from './activity.tsx';
import { UrgentStrip } from './urgent-strip.tsx';
import styles from './bench-page.module.css';

const LapsedStrip = lazy(async () => ({ default: (await import('./lapsed-strip.tsx')).LapsedStrip }));

const runningFilter: TicketFilter = { status: 'open,waiting', sort: 'priority' };

type Lane = 'incoming' | 'mine' | 'activity';

/** The bench (工作台): what is urgent, what is new, what is mine, and what has changed. */
export function BenchPage() {
  const { t } = useTexts();
  const { me, may } = useSession();
  useTitle(t('nav.bench'));
  const navigate = useNavigate();
  const columns = useWide(900);
  const roomForActivity = useWide(1240);
  // Who hands out work sees all that waits for somebody; others see what waits in their teams.
  const handsOut = may('ticket.assign', 'department');
  const [reach, setReach] = useState<'all' | 'teams'>(handsOut ? 'all' : 'teams');
  const [lane, setLane] = useState<Lane>(handsOut ? 'incoming' : 'mine');
  const lists = { incoming: useRef<TicketListHandle>(null), mine: useRef<TicketListHandle>(null) };
  const lastLane = useRef<'incoming' | 'mine'>(handsOut ? 'incoming' : 'mine');

  const incomingFilter: TicketFilter = { ...viewFilters.unassigned, ...(reach === 'teams' ? { team: 'mine' } : {}) };
  const incoming = useInfiniteQuery(ticketList(incomingFilter));
  const mine = useInfiniteQuery(ticketList(viewFilters.mine));
  const somethingWaits = ticketsOf(incoming.data).length > 0;
  // Who hands out work and has none of their own watches what is under way.
  const watches = handsOut && mine.data !== undefined && ticketsOf(mine.data).length === 0;
  const everyUrgent = useInfiniteQuery({ ...ticketList(viewFilters.urgent), enabled: handsOut });
  // Of many reports of one outage the one that leads them stands for all, once somebody is at it; of a storm of alarms at once.
  const urgent = (handsOut ? ticketsOf(everyUrgent.data) : [...ticketsOf(mine.data), ...ticketsOf(incoming.data)]).filter((ticket) => ticket.priority === 'urgent' && ticket.led !== true);

  const open = useCallback(
    (ticket: TicketSummary, numbers: string[]) => {
      rememberReadingList(numbers);
      void navigate({ to: '/tickets/$number', params: { number: ticket.number } });
    },
    [navigate],
  );

  const shownLane = columns ? lastLane : { current: lane === 'activity' ? 'mine' : lane };
  useKeys({
    j: () => lists[shownLane.current].current?.move(1),
    k: () => lists[shownLane.current].current?.move(-1),
    Enter: () => lists[shownLane.current].current?.openCurrent(),
  });

  const sections = {
    incoming: (
      <section key="incoming" className={styles.lane} aria-label={t('bench.incoming')} onFocus={() => (lastLane.current = 'incoming')} onPointerEnter={() => (lastLane.current = 'incoming')}>
        <LaneHead title={t('bench.incoming')} count={countOf(incoming.data, isBehindStorm)}>
          {handsOut && me.teams.length > 0 && (
            <Segmented
              size="small"
              aria-label={t('bench.reach')}
              value={reach}
              onChange={setReach}
              options={[{ value: 'all', label: t('common.all') }, { value: 'teams', label: t('filter.mineTeams') }]}
            />
          )}
        </LaneHead>
        <TicketList
          key={reach}
          ref={lists.incoming}
          filter={incomingFilter}
          shape="card"
          hides={isBehindStorm}
          label={t('bench.incoming')}
          onOpen={open}
          empty={<EmptyState title={t('queue.emptyUnassigned')} hint={t('queue.emptyHint')} />}
        />
      </section>
    ),
    mine: (
      <section key="mine" className={styles.lane} aria-label={watches ? t('bench.running') : t('bench.mine')} onFocus={() => (lastLane.current = 'mine')} onPointerEnter={() => (lastLane.current = 'mine')}>
        <LaneHead title={watches ? t('bench.running') : t('bench.mine')} count={watches ? undefined : countOf(mine.data)} />
        <TicketList
          key={watches ? 'running' : 'mine'}
          ref={lists.mine}
          filter={watches ? runningFilter : viewFilters.mine}
          shape="card"
          label={watches ? t('bench.running') : t('bench.mine')}
          onOpen={open}
          empty={<EmptyState title={t('queue.emptyMine')} hint={t('bench.emptyMineHint')} />}
        />
      </section>
    ),
    activity: <Activity key="activity" className={styles.lane} onOpen={open} />,
  };

  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1 className={styles.title}>{t('nav.bench')}</h1>
        {!columns && (
          <Segmented
            value={lane}
            onChange={setLane}
            aria-label={t('bench.lanes')}
            options={[
              { value: 'incoming', label: t('bench.incomingShort') },
              { value: 'mine', label: t('bench.mineShort') },
              { value: 'activity', label: t('bench.activityShort') },
            ]}
          />
        )}
      </header>
      <UrgentStrip tickets={urgent} onOpen={open} />
      {handsOut && <Suspense fallback={null}><LapsedStrip /></Suspense>}
      <div className={styles.lanes}>
        {columns ? [...(handsOut ? [sections.incoming, sections.mine] : somethingWaits ? [sections.mine, sections.incoming] : [sections.mine]), ...(roomForActivity ? [sections.activity] : [])] : sections[lane]}
      </div>
    </div>
  );
}

function LaneHead({ title, count, children }: { title: string; count: string | undefined; children?: ReactNode }) {
  return (
    <div className={styles.laneHead}>
      <h2 className={styles.laneTitle}>{title}</h2>
      {count !== undefined && <span className={styles.count}>{count}</span>}
      <div className={styles.laneTools}>{children}</div>
    </div>
  );
}
