import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button } from 'antd';
import { useCallback, useRef } from 'react';
import { EmptyState, ErrorBoundary } from '../../ui/react/index.ts';
import type { TicketSummary } from '../../../contract/ticket.ts';
import type { ViewName } from '../data/views.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { useKeys } from '../parts/keys.ts';
import { rememberReadingList } from '../parts/reading-list.ts';
import { TicketList, type TicketListHandle } from '../parts/ticket-list.tsx';
import { useTitle } from '../parts/title.ts';
import { useWide } from '../parts/wide.ts';
import { useSession } from '../session/session.tsx';
import { useOverlays } from '../shell/overlay-context.ts';
import { TicketView } from '../ticket/ticket-view.tsx';
import { FilterBar } from './filter-bar.tsx';
import { filterOf, isNarrowed, type QueueSearch } from './queue-search.ts';
import { ViewTabs } from './view-tabs.tsx';
import styles from './queue-page.module.css';

const emptyTitles = { mine: 'queue.emptyMine', urgent: 'queue.emptyUrgent', unassigned: 'queue.emptyUnassigned' } as const;

/** The queue (工单队列): a standing view, narrowed by filters, with the ticket beside the list where there is room. */
export function QueuePage() {
  const { t } = useTexts();
  const session = useSession();
  useTitle(t('queue.title'));
  const overlays = useOverlays();
  const navigate = useNavigate();
  const search = useSearch({ from: '/queue' });
  const roomForPane = useWide(1100);
  const phone = !useWide(768);
  const list = useRef<TicketListHandle>(null);

  const fallback: ViewName = session.may('ticket.read', 'department') ? 'unfinished' : 'mine';
  const filter = filterOf(search, fallback);
  const openNumber = roomForPane ? search.ticket : undefined;

  const change = useCallback(
    (next: Partial<QueueSearch>) => void navigate({ to: '/queue', search: (before) => ({ ...before, ...next }), replace: true }),
    [navigate],
  );
  const open = useCallback(
    (ticket: TicketSummary, numbers: string[]) => {
      if (roomForPane) {
        change({ ticket: ticket.number });
        return;
      }
      rememberReadingList(numbers);
      void navigate({ to: '/tickets/$number', params: { number: ticket.number } });
    },
    [change, navigate, roomForPane],
  );
  const closePane = useCallback(() => change({ ticket: undefined }), [change]);

  useKeys({
    j: () => list.current?.move(1),
    k: () => list.current?.move(-1),
    Enter: () => list.current?.openCurrent(),
    '/': () => document.getElementById('queue-words')?.focus(),
    Escape: closePane,
  });

  const view = search.view ?? fallback;
  const narrowed = isNarrowed(search);
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1 className={styles.title}>{t('queue.title')}</h1>
        <ViewTabs view={view} onChange={(next) => void navigate({ to: '/queue', search: { view: next }, replace: true })} />
        {session.may('ticket.create') && !phone && (
          <Button type="primary" icon={<Icon name="plus" />} onClick={() => overlays.open({ kind: 'newTicket' })}>
            {t('nav.newTicket')}
          </Button>
        )}
      </header>
      <FilterBar search={search} sort={filter.sort} onChange={change} />
      <div className={styles.split}>
        <section className={styles.list} aria-label={t('queue.list')} data-pane={openNumber !== undefined || undefined}>
          <TicketList
            key={JSON.stringify(filter)}
            ref={list}
            filter={filter}
            shape={openNumber !== undefined || phone ? 'card' : 'line'}
            label={t('queue.list')}
            openNumber={openNumber}
            onOpen={open}
            empty={
              narrowed ? (
                <EmptyState
                  title={t('queue.noMatch')}
                  action={<Button onClick={() => void navigate({ to: '/queue', search: { view: search.view }, replace: true })}>{t('filter.clear')}</Button>}
                />
              ) : (
                <EmptyState title={t(emptyTitles[view as keyof typeof emptyTitles] ?? 'queue.empty')} hint={t('queue.emptyHint')} />
              )
            }
          />
        </section>
        {openNumber !== undefined && (
          <section className={styles.pane}>
            <ErrorBoundary resetKey={openNumber}>
              <TicketView key={openNumber} number={openNumber} onClose={closePane} />
            </ErrorBoundary>
          </section>
        )}
      </div>
    </div>
  );
}
