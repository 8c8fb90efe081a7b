import { Button, Progress, Select } from 'antd';
import type { ReactNode } from 'react';
import type { SimulationResult } from '../../../contract/sla.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { periods, type Period, type SimulationInHand } from './use-simulation.ts';
import { useSlaTexts } from './texts.ts';
import styles from './sla.module.css';

/** Chooses the period, starts, shows how far it is, and then what came of it (运行模拟). */
export function SimulationRun({ game, ready, children }: { game: SimulationInHand; ready: boolean; children: (result: SimulationResult) => ReactNode }) {
  const { t: say } = useSlaTexts();
  const { period, setPeriod, found, start, cancel, running } = game;
  return (
    <>
      <div className={styles.inline}>
        <Select<Period> aria-label={say('sim.period')} value={period} options={(Object.keys(periods) as Period[]).map((key) => ({ value: key, label: say(key) }))} onChange={setPeriod} />
        <Button type="primary" disabled={!ready || running} loading={start.isPending} onClick={() => start.mutate()}>{say('sim.run')}</Button>
        {running && <Button onClick={() => cancel.mutate()}>{say('sim.cancel')}</Button>}
      </div>
      {found.isError && <ProblemAlert error={found.error} onRetry={() => void found.refetch()} />}
      {running && (
        <div role="status">
          <Progress percent={found.data?.total ? Math.round(found.data.done / found.data.total * 100) : 0} aria-label={say('simulator')} />
          <span className={styles.muted}>{say('sim.running', { done: found.data?.done ?? 0, total: found.data?.total ?? '…' })}</span>
        </div>
      )}
      {found.data?.state === 'failed' && <p role="alert" className={styles.told}>{say('sim.failed')}</p>}
      {found.data?.result && children(found.data.result)}
    </>
  );
}
