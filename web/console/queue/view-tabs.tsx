import { useInfiniteQuery } from '@tanstack/react-query';
import { countOf, ticketList } from '../data/tickets.ts';
import { countedViews, viewFilters, viewNames, type ViewName } from '../data/views.ts';
import { useTexts } from '../i18n.ts';
import { useSession } from '../session/session.tsx';
import styles from './view-tabs.module.css';

const viewTexts = {
  mine: 'view.mine', team: 'view.team', unassigned: 'view.unassigned', urgent: 'view.urgent', unfinished: 'view.unfinished', resolved: 'view.resolved', all: 'view.all',
} as const;

/** The standing views (视图) with how much is left in each; what counts them also makes switching instant. */
export function ViewTabs({ view, onChange }: { view: ViewName; onChange: (view: ViewName) => void }) {
  const { t } = useTexts();
  const { me } = useSession();
  const shown = viewNames.filter((name) => name !== 'team' || me.teams.length > 0);
  return (
    <nav className={styles.tabs} aria-label={t('queue.views')}>
      {shown.map((name) => (
        <button key={name} type="button" className={styles.tab} aria-current={name === view || undefined} onClick={() => onChange(name)}>
          {t(viewTexts[name])}
          {countedViews.includes(name) && <Count view={name} />}
        </button>
      ))}
    </nav>
  );
}

function Count({ view }: { view: ViewName }) {
  const list = useInfiniteQuery(ticketList(viewFilters[view]));
  const count = countOf(list.data);
  if (count === undefined || count === '0') return null;
  return (
    <span className={styles.count} data-alarm={view === 'urgent' || undefined}>
      {count}
    </span>
  );
}
