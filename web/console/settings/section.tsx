import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { EmptyState, ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Delayed } from '../parts/delayed.tsx';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import styles from './section.module.css';

/** One section of the settings: what it is about, what can be added, and what is there. */
export function Section({ title, hint, action, children }: { title: string; hint: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.section}>
      <header className={styles.head}>
        <div>
          <h2 className={styles.title}>{title}</h2>
          <p className={styles.hint}>{hint}</p>
        </div>
        {action !== undefined && <div className={styles.action}>{action}</div>}
      </header>
      {children}
    </section>
  );
}

/** The rows of a section, with its states. */
export function Rows<Item>({ query, empty, children }: { query: UseQueryResult<Item[]>; empty?: string; children: (items: Item[]) => ReactNode }) {
  const { t } = useTexts();
  if (query.isPending) return <Delayed><RowSkeleton rows={5} height={44} /></Delayed>;
  if (query.data === undefined) return <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data.length === 0) return <EmptyState title={empty ?? t('settings.empty')} />;
  return children(query.data);
}
