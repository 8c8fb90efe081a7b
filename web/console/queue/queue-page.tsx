import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Drawer } from 'antd';
import { lazy, Suspense, useCallback, useState } from 'react';
import type { View } from '../../../contract/view.ts';
import { EmptyState, ProblemAlert } from '../../ui/react/index.ts';
import type { ViewShape } from '../data/columns.ts';
import { views } from '../data/lines.ts';
import { useTexts } from '../i18n.ts';
import { Delayed } from '../parts/delayed.tsx';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import { useTitle } from '../parts/title.ts';
import { useWide } from '../parts/wide.ts';
import { useSession } from '../session/session.tsx';
import { QueueView } from './queue-view.tsx';
import { ViewList } from './view-list.tsx';
import styles from './queue-page.module.css';

const ViewEditor = lazy(async () => ({ default: (await import('./view-editor.tsx')).ViewEditor }));

/** What the editor was opened for. */
export type Editing = { view?: View; shape: ViewShape; name: string; onSaved?: () => void };

const hiddenKey = 'bihuan.queue.viewsHidden';
const newShape: ViewShape = { filter: { all: [] }, columns: ['number', 'subject', 'status', 'priority', 'requester', 'category', 'team', 'assignee', 'updatedAt'], sort: '-createdAt', grouping: null };

function readHidden(): boolean {
  try {
    return localStorage.getItem(hiddenKey) === '1';
  } catch {
    return false;
  }
}

/** The queue (工单队列): the views at the side, the list of the one that is open, the ticket beside it where there is room. */
export function QueuePage() {
  const { t } = useTexts();
  const session = useSession();
  useTitle(t('queue.title'));
  const navigate = useNavigate();
  const search = useSearch({ from: '/queue' });
  const known = useQuery(views);
  const roomForViews = useWide(1200);
  const [hidden, setHidden] = useState(readHidden);
  const [drawer, setDrawer] = useState(false);
  const [editing, setEditing] = useState<Editing | null>(null);

  const show = useCallback((next: boolean) => {
    if (!roomForViews) {
      setDrawer(next);
      return;
    }
    setHidden(!next);
    try {
      localStorage.setItem(hiddenKey, next ? '0' : '1');
    } catch {
      // It then lasts as long as the page.
    }
  }, [roomForViews]);

  if (known.isPending) return <Delayed><RowSkeleton rows={14} height={40} /></Delayed>;
  if (known.data === undefined) return <div className={styles.problem}><ProblemAlert error={known.error} onRetry={() => void known.refetch()} /></div>;

  const id = search.view ?? (session.may('ticket.read', 'department') ? 'open' : 'my_open');
  const view = known.data.find((one) => one.id === id);
  const list = (
    <ViewList
      views={known.data} current={id}
      onNew={() => setEditing({ shape: newShape, name: '' })}
      onHide={() => show(false)}
      onOpened={() => setDrawer(false)}
    />
  );
  const shown = roomForViews && !hidden;
  return (
    <div className={styles.page}>
      {shown && list}
      {!roomForViews && <Drawer open={drawer} placement="left" size={260} title={null} closable={false} styles={{ body: { padding: 0, display: 'flex' } }} onClose={() => setDrawer(false)}>{list}</Drawer>}
      {view === undefined ? (
        <div className={styles.missing}>
          <EmptyState title={t('view.missing')} hint={t('view.missingHint')} action={<Button onClick={() => void navigate({ to: '/queue', search: { view: 'all' }, replace: true })}>{t('view.toAll')}</Button>} />
        </div>
      ) : (
        <QueueView key={view.id} view={view} search={search} onShowViews={shown ? undefined : () => show(true)} onEdit={setEditing} />
      )}
      <Suspense>
        {editing !== null && (
          <ViewEditor
            view={editing.view} shape={editing.shape} name={editing.name}
            onClose={() => setEditing(null)}
            onSaved={(saved) => {
              editing.onSaved?.();
              setEditing(null);
              void navigate({ to: '/queue', search: { view: saved.id } });
            }}
          />
        )}
      </Suspense>
    </div>
  );
}
