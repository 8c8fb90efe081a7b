import { useQueries } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Segmented } from 'antd';
import { useMemo } from 'react';
import { ProblemAlert, useNow } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { useTitle } from '../parts/title.ts';
import { useSession } from '../session/session.tsx';
import { Forbidden } from '../shell/page-states.tsx';
import { boardPeriods, type BoardPeriod } from './board-search.ts';
import { Breakdown } from './breakdown.tsx';
import { DayChart } from './day-chart.tsx';
import { insight, periodOf } from './insight.ts';
import { KpiTile } from './kpi-tile.tsx';
import { StatusChart } from './status-chart.tsx';
import styles from './board-page.module.css';

/** The board (看板): what came in, what was done, what is left, how it was received; every number leads to its tickets. */
export function BoardPage() {
  const { t } = useTexts();
  const { may } = useSession();
  useTitle(t('nav.board'));
  return may('insight.read') ? <Board /> : <Forbidden />;
}

function Board() {
  const { t } = useTexts();
  const { me } = useSession();
  const { days = 14 } = useSearch({ from: '/board' });
  const navigate = useNavigate();
  const now = useNow();
  const minute = Math.floor(now / 60_000);
  const { from, to } = periodOf(days, me.organization.timeZone, new Date(minute * 60_000));
  const period = useMemo(() => ({ from, to }), [from, to]);

  const [created, resolved, createdByDay, resolvedByDay] = useQueries({
    queries: [insight('created', period), insight('resolved', period), insight('created', period, 'day'), insight('resolved', period, 'day')],
  });
  const failed = [created, resolved, createdByDay, resolvedByDay].find((query) => query.isError && query.data === undefined);

  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1 className={styles.title}>{t('nav.board')}</h1>
        <Segmented<BoardPeriod>
          aria-label={t('board.period')}
          value={days}
          onChange={(next) => void navigate({ to: '/board', search: { days: next }, replace: true })}
          options={boardPeriods.map((count) => ({ value: count, label: t('board.days', { count }) }))}
        />
      </header>
      <div className={styles.body}>
        {failed !== undefined && <ProblemAlert error={failed.error} onRetry={() => void failed.refetch()} />}
        <div className={styles.tiles}>
          <KpiTile measure="created" period={period} good="neither" to={{ view: 'all' }} />
          <KpiTile measure="resolved" period={period} good="up" to={{ view: 'all', status: 'resolved,closed' }} />
          <KpiTile measure="closed" period={period} good="up" to={{ view: 'all', status: 'closed' }} />
          <KpiTile measure="backlog" period={period} good="down" to={{ view: 'open' }} />
          <KpiTile measure="resolution_time" period={period} good="down" to={{ view: 'all', status: 'resolved,closed' }} />
          <KpiTile measure="rating" period={period} good="up" to={{ view: 'all', status: 'resolved,closed' }} />
        </div>
        <div className={styles.grid}>
          <section className={`${styles.card} ${styles.wide}`} aria-labelledby="board-flow">
            <h2 id="board-flow" className={styles.cardTitle}>{t('board.flow')}</h2>
            <DayChart created={createdByDay.data?.rows} resolved={resolvedByDay.data?.rows} />
          </section>
          <div className={styles.stack}>
            <section className={styles.card} aria-labelledby="board-status">
              <h2 id="board-status" className={styles.cardTitle}>{t('board.byStatus')}</h2>
              <StatusChart period={period} />
            </section>
            <Breakdown title={t('board.byPriority')} measure="created" by="priority" period={period} />
          </div>
          <Breakdown title={t('board.byTeam')} measure="created" by="team" period={period} />
          <Breakdown title={t('board.backlogByTeam')} measure="backlog" by="team" period={period} />
          <Breakdown title={t('board.byCategory')} measure="created" by="category" period={period} />
          <Breakdown title={t('board.byChannel')} measure="created" by="channel" period={period} />
        </div>
      </div>
    </div>
  );
}
