import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Segmented, Select } from 'antd';
import { useState } from 'react';
import type { Breach } from '../../../contract/sla.ts';
import { breachReasonNames } from '../../../rules/sla/breach-reasons.ts';
import { slaMetrics } from '../../../rules/sla/policy.ts';
import { Ago, EmptyState, PriorityMark, ProblemAlert, StatusTag } from '../../ui/react/index.ts';
import { teams } from '../data/records.ts';
import { Badge } from '../parts/badge.tsx';
import { localName } from '../parts/names.ts';
import { useTitle } from '../parts/title.ts';
import { useSession } from '../session/session.tsx';
import { PagePending } from '../shell/page-states.tsx';
import { breaches } from './data.ts';
import { useSlaTexts } from './texts.ts';
import styles from './sla.module.css';

type Told = 'all' | 'open' | 'given';
type Metric = Breach['metric'];

/** The promises that were broken (超时记录), newest first, by team and by what was promised, with the reason that was given, or that none was. */
export function BreachesPage() {
  const { t: say, language } = useSlaTexts();
  const { me } = useSession();
  // Who is in no team looks after all of them.
  const [team, setTeam] = useState(me.teams.length > 0 ? 'mine' : 'all');
  const [told, setTold] = useState<Told>('all');
  const [metric, setMetric] = useState<Metric | null>(null);
  const teamList = useQuery(teams);
  const list = useInfiniteQuery(breaches({ ...(team === 'all' ? {} : { team }), ...(told === 'all' ? {} : { explained: told === 'given' }), ...(metric === null ? {} : { metric }) }));
  useTitle(say('breaches'));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const narrowed = team !== 'all' || told !== 'all' || metric !== null;
  return (
    <div className={styles.listPage}>
      <div className={styles.pageHead}>
        <h1>{say('breaches')}</h1>
        <Segmented<Told> aria-label={say('reason')} value={told} onChange={setTold} options={[{ value: 'all', label: say('breaches.all') }, { value: 'open', label: say('breaches.open') }, { value: 'given', label: say('breaches.given') }]} />
      </div>
      <div className={styles.inline}>
        <Select
          className={styles.filter} showSearch={{ optionFilterProp: 'label' }} aria-label={say('sim.team')} value={team} onChange={setTeam}
          options={[{ value: 'all', label: say('breaches.everyTeam') }, ...(me.teams.length > 0 ? [{ value: 'mine', label: say('breaches.mine') }] : []), ...(teamList.data ?? []).map((one) => ({ value: one.id, label: localName(one, language) }))]}
        />
        <Select className={styles.filter} allowClear aria-label={say('metric')} placeholder={say('breaches.everyMetric')} value={metric} options={slaMetrics.map((one) => ({ value: one, label: say(`metric.${one}`) }))} onChange={(chosen: Metric | undefined) => setMetric(chosen ?? null)} />
      </div>
      {list.isPending && <PagePending />}
      {list.isError && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && <EmptyState title={say(narrowed ? 'breaches.noneHere' : 'breaches.none')} {...(narrowed ? { action: <Button onClick={() => { setTeam('all'); setTold('all'); setMetric(null); }}>{say('breaches.showAll')}</Button> } : {})} />}
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
        <span className={styles.muted}><span className={styles.number}>{ticket.number}</span> · {breach.name}{breach.internal ? ` · ${say('clocks.internal')}` : ''} · {breach.team?.name ?? say('breaches.noTeam')} · {breach.assignee?.name ?? say('breaches.nobody')} · <Ago value={breach.breachedAt} /></span>
      </Link>
      <span className={styles.reasonCell}>{reason === null ? <Badge tone="warning">{say('reason.missing')}</Badge> : <><span>{breachReasonNames[reason.reason][language === 'en' ? 'en' : 'zh']}</span><span className={styles.muted}>{reason.note ?? ''} {reason.by?.name}</span></>}</span>
    </li>
  );
}
