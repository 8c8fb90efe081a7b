import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Segmented, Select } from 'antd';
import { useMemo, useState } from 'react';
import type { Breach } from '../../../contract/sla.ts';
import { breachReasonNames, breachReasons, type BreachReason } from '../../../rules/sla/breach-reasons.ts';
import { slaMetrics } from '../../../rules/sla/policy.ts';
import { Ago, EmptyState, PriorityMark, ProblemAlert, StatusTag } from '../../ui/react/index.ts';
import { teams } from '../data/records.ts';
import { Badge } from '../parts/badge.tsx';
import { localName } from '../parts/names.ts';
import { useTitle } from '../parts/title.ts';
import { useSession } from '../session/session.tsx';
import { PagePending } from '../shell/page-states.tsx';
import { breaches, breachSummary } from './data.ts';
import { useSlaTexts } from './texts.ts';
import styles from './sla.module.css';

type Told = 'all' | 'open' | 'given';
type Metric = Breach['metric'];
const days = { week: 7, month: 30, quarter: 90, ever: 0 } as const;
type Period = keyof typeof days;

/** The promises that were broken (超时记录), newest first, by team and by what was promised, with the reason that was given, or that none was. */
export function BreachesPage() {
  const { t: say, language } = useSlaTexts();
  const { me } = useSession();
  // Who is in no team looks after all of them.
  const [team, setTeam] = useState(me.teams.length > 0 ? 'mine' : 'all');
  const [told, setTold] = useState<Told>('all');
  const [metric, setMetric] = useState<Metric | null>(null);
  const [reason, setReason] = useState<BreachReason | null>(null);
  const [period, setPeriod] = useState<Period>('month');
  const teamList = useQuery(teams);
  const from = useMemo(() => (period === 'ever' ? {} : { from: new Date(Date.now() - days[period] * 86_400_000).toISOString() }), [period]);
  const scope = { ...from, ...(metric === null ? {} : { metric }) };
  const ofTeam = team === 'all' ? {} : { team };
  const list = useInfiniteQuery(breaches({ ...scope, ...ofTeam, ...(told === 'all' ? {} : { explained: told === 'given' }), ...(reason === null ? {} : { reason }) }));
  // Teams are compared with each other, reasons within what was chosen of them.
  const everywhere = useQuery(breachSummary(scope));
  const here = useQuery(breachSummary({ ...scope, ...ofTeam }));
  useTitle(say('breaches'));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const narrowed = team !== 'all' || told !== 'all' || metric !== null || reason !== null || period !== 'ever';
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
        <Select<Period> className={styles.filter} aria-label={say('breaches.period')} value={period} onChange={setPeriod} options={(Object.keys(days) as Period[]).map((key) => ({ value: key, label: say(`period.${key}`) }))} />
        <Select className={styles.filter} allowClear aria-label={say('metric')} placeholder={say('breaches.everyMetric')} value={metric} options={slaMetrics.map((one) => ({ value: one, label: say(`metric.${one}`) }))} onChange={(chosen: Metric | undefined) => setMetric(chosen ?? null)} />
        <Select
          className={styles.filter} allowClear aria-label={say('breaches.byReason')} placeholder={say('breaches.everyReason')} value={reason} options={breachReasons.map((one) => ({ value: one, label: breachReasonNames[one][language === 'en' ? 'en' : 'zh'] }))}
          onChange={(chosen: BreachReason | undefined) => {
            setReason(chosen ?? null);
            if (chosen !== undefined) setTold('all');
          }}
        />
      </div>
      {everywhere.data !== undefined && here.data !== undefined && everywhere.data.breached > 0 && (
        <div className={styles.summary} data-testid="breach-summary">
          <Bars
            title={say('breaches.byTeam')} note={say('breaches.count', { count: everywhere.data.breached })}
            lines={everywhere.data.teams.map((line) => ({ key: line.team?.id ?? 'none', name: line.team?.name ?? say('breaches.noTeam'), count: line.breached, note: line.unexplained === 0 || line.unexplained === line.breached ? '' : say('breaches.untold', { count: line.unexplained }), chosen: line.team?.id === team, ...(line.team === null ? {} : { choose: () => setTeam(line.team!.id === team ? 'all' : line.team!.id) }) }))}
          />
          <Bars
            title={say('breaches.byReason')} note={here.data.unexplained === 0 ? '' : say('breaches.untold', { count: here.data.unexplained })}
            lines={here.data.reasons.map((line) => ({
              key: line.reason ?? 'none', name: line.reason === null ? say('reason.missing') : breachReasonNames[line.reason][language === 'en' ? 'en' : 'zh'], count: line.breached, note: '', chosen: line.reason === null ? told === 'open' : line.reason === reason,
              choose: () => {
                setReason(line.reason === reason ? null : line.reason);
                setTold(line.reason === null && told !== 'open' ? 'open' : 'all');
              },
            }))}
          />
        </div>
      )}
      {list.isPending && <PagePending />}
      {list.isError && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && <EmptyState title={say(narrowed ? 'breaches.noneHere' : 'breaches.none')} {...(narrowed ? { action: <Button onClick={() => { setTeam('all'); setTold('all'); setMetric(null); setReason(null); setPeriod('ever'); }}>{say('breaches.showAll')}</Button> } : {})} />}
      <ul className={styles.list}>{items.map((breach) => <Row key={`${breach.ticket.id} ${breach.clock}`} breach={breach} />)}</ul>
      {list.hasNextPage && <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{say('breaches.more')}</Button>}
    </div>
  );
}

const mostBars = 6;
interface Line { key: string; name: string; count: number; note: string; chosen: boolean; choose?: () => void }

/** Counts as bars, each of which narrows the list below (超时分布). */
function Bars({ title, note, lines }: { title: string; note: string; lines: readonly Line[] }) {
  const { t: say } = useSlaTexts();
  const [whole, setWhole] = useState(false);
  const shown = whole ? lines : lines.slice(0, mostBars);
  const most = Math.max(1, ...lines.map((line) => line.count));
  return (
    <section className={styles.bars} aria-label={title}>
      <h2>{title} <span className={styles.muted}>{note}</span></h2>
      <ul>
        {shown.map((line) => (
          <li key={line.key}>
            <button type="button" aria-pressed={line.chosen} disabled={line.choose === undefined} onClick={line.choose}>
              <span className={styles.barName}>{line.name} <span className={styles.muted}>{line.note}</span></span>
              <span className={styles.barCount}>{line.count}</span>
              <span className={styles.bar} style={{ width: `${line.count / most * 100}%` }} />
            </button>
          </li>
        ))}
      </ul>
      {lines.length > mostBars && <Button type="text" size="small" aria-expanded={whole} onClick={() => setWhole(!whole)}>{whole ? say('breaches.fewer') : say('breaches.allLines', { count: lines.length })}</Button>}
    </section>
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
