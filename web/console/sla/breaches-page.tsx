import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Segmented } from 'antd';
import { useState } from 'react';
import type { Breach } from '../../../contract/sla.ts';
import { breachReasonNames } from '../../../rules/sla/breach-reasons.ts';
import { Ago, EmptyState, PriorityMark, ProblemAlert, StatusTag } from '../../ui/react/index.ts';
import { Badge } from '../parts/badge.tsx';
import { useTitle } from '../parts/title.ts';
import { PagePending } from '../shell/page-states.tsx';
import { breaches } from './data.ts';
import { useSlaTexts } from './texts.ts';
import styles from './sla.module.css';

type Scope = 'mine' | 'all' | 'open';
const queries = { mine: { team: 'mine' }, all: {}, open: { explained: false } } as const;

/** The promises that were broken (超时记录), newest first, with the reason that was given, or that none was. */
export function BreachesPage() {
  const { t: say } = useSlaTexts();
  const [scope, setScope] = useState<Scope>('mine');
  const list = useInfiniteQuery(breaches(queries[scope]));
  useTitle(say('breaches'));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className={styles.listPage}>
      <div className={styles.pageHead}>
        <h1>{say('breaches')}</h1>
        <Segmented<Scope> aria-label={say('breaches')} value={scope} onChange={setScope} options={[{ value: 'mine', label: say('breaches.mine') }, { value: 'all', label: say('breaches.all') }, { value: 'open', label: say('breaches.open') }]} />
      </div>
      {list.isPending && <PagePending />}
      {list.isError && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && <EmptyState title={say('breaches.none')} />}
      <ul className={styles.list}>{items.map((breach) => <Row key={`${breach.ticket.id} ${breach.clock}`} breach={breach} />)}</ul>
      {list.hasNextPage && <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{say('breaches.more')}</Button>}
    </div>
  );
}

function Row({ breach }: { breach: Breach }) {
  const { t: say, language } = useSlaTexts();
  const { ticket, reason } = breach;
  return (
    <li className={styles.item}>
      <Link to="/tickets/$number" params={{ number: ticket.number }} className={styles.itemMain}>
        <span className={styles.itemName}><PriorityMark priority={ticket.priority} />{ticket.subject} <StatusTag status={ticket.status} /></span>
        <span className={styles.muted}><span className={styles.number}>{ticket.number}</span> · {breach.name}{breach.internal ? ` · ${say('clocks.internal')}` : ''} · {breach.team?.name ?? '–'} · {breach.assignee?.name ?? '–'} · <Ago value={breach.breachedAt} /></span>
      </Link>
      <span className={styles.reasonCell}>{reason === null ? <Badge tone="warning">{say('reason.missing')}</Badge> : <><span>{breachReasonNames[reason.reason][language === 'en' ? 'en' : 'zh']}</span><span className={styles.muted}>{reason.note ?? ''} {reason.by?.name}</span></>}</span>
    </li>
  );
}
