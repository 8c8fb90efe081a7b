import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { App, Button, Progress, Select } from 'antd';
import { useState } from 'react';
import type { PolicyDefinition, Simulation, SimulationResult } from '../../../contract/sla.ts';
import { api, asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { words } from '../../ui/words.ts';
import { Badge } from '../parts/badge.tsx';
import { policies, simulation } from './data.ts';
import { useSlaTexts } from './texts.ts';
import styles from './sla.module.css';

const periods = { 'sim.last': 7, 'sim.month': 30, 'sim.quarter': 90 } as const;
type Period = keyof typeof periods;

/** Plays the tickets of a period through the draft (模拟), in the place of the policy it belongs to. */
export function SimulatePart({ id, name, definition, sound, coveredBy }: { id: string; name: string; definition: PolicyDefinition; sound: boolean; coveredBy: string | null }) {
  const { t: say } = useSlaTexts();
  const { message } = App.useApp();
  const [period, setPeriod] = useState<Period>('sim.month');
  const [asked, setAsked] = useState<string | null>(null);
  const others = useQuery(policies);
  const found = useQuery({ ...simulation(asked ?? ''), enabled: asked !== null });
  const start = useMutation({
    mutationFn: async () => {
      const now = Date.now();
      // The other policies as they hold, this one as it is being written.
      const list = (others.data ?? []).filter((policy) => policy.id === id || (policy.enabled && policy.definition !== null)).map((policy) => ({ id: policy.id, name: policy.id === id ? name : policy.name, definition: policy.id === id ? definition : policy.definition! }));
      return postOnce<Simulation>('/sla-simulations', { from: new Date(now - periods[period] * 86_400_000).toISOString(), to: new Date(now).toISOString(), policies: list });
    },
    onSuccess: (made) => setAsked(made.id),
    onError: (error) => void message.error(asProblem(error).errors[0]?.message ?? asProblem(error).title),
  });
  const cancel = useMutation({ mutationFn: async () => (await api.post<Simulation>(`/sla-simulations/${asked}/cancel`, {})).data, onSettled: () => void found.refetch() });
  const running = found.data?.state === 'waiting' || found.data?.state === 'running' || (asked !== null && found.isPending);
  return (
    <section className={styles.stack} aria-label={say('simulator')}>
      <p className={styles.muted}>{say('sim.hint')}</p>
      <div className={styles.inline}>
        <Select<Period> aria-label={say('sim.period')} value={period} options={(Object.keys(periods) as Period[]).map((key) => ({ value: key, label: say(key) }))} onChange={setPeriod} />
        <Button type="primary" disabled={!sound || running || others.data === undefined} loading={start.isPending} onClick={() => start.mutate()}>{say('sim.run')}</Button>
        {running && <Button onClick={() => cancel.mutate()}>{say('sim.cancel')}</Button>}
      </div>
      {!sound && <p className={styles.muted}>{say('sim.mend')}</p>}
      {found.isError && <ProblemAlert error={found.error} onRetry={() => void found.refetch()} />}
      {running && (
        <div role="status">
          <Progress percent={found.data?.total ? Math.round(found.data.done / found.data.total * 100) : 0} aria-label={say('simulator')} />
          <span className={styles.muted}>{say('sim.running', { done: found.data?.done ?? 0, total: found.data?.total ?? '…' })}</span>
        </div>
      )}
      {found.data?.state === 'failed' && <p role="alert" className={styles.told}>{say('sim.failed')}</p>}
      {found.data?.result && <Result result={found.data.result} coveredBy={coveredBy} />}
    </section>
  );
}

const percent = (rate: number | null) => (rate === null ? '–' : `${Math.round(rate * 1_000) / 10}%`);

function Result({ result, coveredBy }: { result: SimulationResult; coveredBy: string | null }) {
  const { t: say } = useSlaTexts();
  const gain = Math.sign((result.all.after.rate ?? 0) - (result.all.before.rate ?? 0));
  return (
    <div className={styles.stack} data-testid="simulation-result">
      <div className={styles.figures}>
        <Figure label={`${say('sim.rate')} · ${say('sim.before')}`} value={percent(result.all.before.rate)} />
        <Figure label={`${say('sim.rate')} · ${say('sim.after')}`} value={percent(result.all.after.rate)} {...(gain < 0 ? { tone: 'danger' as const } : gain > 0 ? { tone: 'success' as const } : {})} />
      </div>
      <p className={styles.muted}>{say('sim.tickets', { count: result.tickets })} · {say('sim.affected', { count: result.affected })} · {say('sim.worse', { count: result.nowBreached })} · {say('sim.better', { count: result.noLongerBreached })} · {result.seconds} s</p>
      <Table title={say('sim.byMetric')} rows={result.byMetric.map((group) => ({ ...group, name: say(`metric.${group.key as 'step'}`) }))} />
      <Table title={say('sim.byPriority')} rows={result.byPriority.map((group) => ({ ...group, name: words(`priority.${group.key as 'low'}`) }))} />
      <table className={styles.table}>
        <caption>{say('sim.load')}</caption>
        <thead><tr><th scope="col">{say('sim.team')}</th><th scope="col">{say('sim.count')}</th><th scope="col">{say('sim.breached')} · {say('sim.before')}</th><th scope="col">{say('sim.after')}</th></tr></thead>
        <tbody>{result.load.map((line) => <tr key={line.key}><th scope="row">{line.name}</th><td>{line.tickets}</td><td>{line.before}</td><td data-worse={line.after > line.before || undefined}>{line.after}</td></tr>)}</tbody>
      </table>
      <h3 className={styles.label}>{say('sim.examples')}</h3>
      {result.examples.length === 0 ? <p className={styles.muted}>{say(coveredBy !== null ? 'sim.noneCovered' : 'sim.none', { by: coveredBy ?? '' })}</p> : (
        <ul className={styles.list}>
          {result.examples.slice(0, 50).map((ticket) => (
            <li key={ticket.id} className={styles.item}>
              <Link to="/tickets/$number" params={{ number: ticket.number }} className={styles.itemMain}>
                <span className={styles.itemName}><span className={styles.number}>{ticket.number}</span><Badge tone={ticket.effect === 'now_breached' ? 'danger' : ticket.effect === 'no_longer_breached' ? 'success' : 'neutral'}>{say(`effect.${ticket.effect}`)}</Badge></span>
                <span className={styles.muted}>{ticket.subject}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Figure({ label, value, tone }: { label: string; value: string; tone?: 'danger' | 'success' }) {
  return <div className={styles.figure} data-tone={tone}><strong>{value}</strong><span>{label}</span></div>;
}

function Table({ title, rows }: { title: string; rows: readonly SimulationResult['byMetric'][number][] }) {
  const { t: say } = useSlaTexts();
  if (rows.length === 0) return null;
  return (
    <table className={styles.table}>
      <caption>{title}</caption>
      <thead><tr><th scope="col" /><th scope="col">{say('sim.before')}</th><th scope="col">{say('sim.after')}</th><th scope="col">{say('sim.breached')}</th></tr></thead>
      <tbody>{rows.map((row) => <tr key={row.key}><th scope="row">{row.name}</th><td>{percent(row.before.rate)}</td><td data-worse={(row.after.rate ?? 1) < (row.before.rate ?? 0) || undefined}>{percent(row.after.rate)}</td><td>{row.before.breached} → {row.after.breached}</td></tr>)}</tbody>
    </table>
  );
}
