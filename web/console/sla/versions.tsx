import { useQuery, type UseQueryOptions } from '@tanstack/react-query';
import { Button, Popconfirm } from 'antd';
import { Ago, ProblemAlert } from '../../ui/react/index.ts';
import { Badge } from '../parts/badge.tsx';
import { useSlaTexts } from './texts.ts';
import styles from './sla.module.css';

interface Version { number: number; note: string | null; publishedBy: { name: string } | null; publishedAt: string; current: boolean }

/** Everything that was published (历史版本), to roll back to. */
export function Versions<Item extends Version>({ query, onRestore, restoring, readOnly = false }: { query: Pick<UseQueryOptions<Item[]>, never> & object; onRestore: (number: number) => void; restoring: boolean; readOnly?: boolean }) {
  const { t: say } = useSlaTexts();
  const list = useQuery(query as UseQueryOptions<Item[]>);
  return (
    <section className={styles.stack} aria-label={say('versions')}>
      {list.isError && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.length === 0 && <p className={styles.muted}>{say('versions.none')}</p>}
      <ul className={styles.list}>
        {(list.data ?? []).map((version) => (
          <li key={version.number} className={styles.item}>
            <span className={styles.itemMain}>
              <span className={styles.itemName}>{say('versions.number', { number: version.number })}{version.current && <Badge tone="success">{say('versions.current')}</Badge>}</span>
              <span className={styles.muted}>{version.publishedBy?.name} <Ago value={version.publishedAt} />{version.note === null ? '' : ` · ${version.note}`}</span>
            </span>
            {!version.current && !readOnly && <Popconfirm title={say('versions.restore')} onConfirm={() => onRestore(version.number)}><Button size="small" loading={restoring}>{say('versions.restore')}</Button></Popconfirm>}
          </li>
        ))}
      </ul>
    </section>
  );
}
