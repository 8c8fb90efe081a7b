import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, InputNumber, Switch } from 'antd';
import { useState } from 'react';
import type { DispatchRules } from '../../../contract/territory.ts';
import { api, asProblem } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { Delayed } from '../parts/delayed.tsx';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import shared from '../settings/section.module.css';
import styles from './modes.module.css';
import { useTerritoryTexts } from './territories/texts.ts';

/** What a team keeps to when its work is given out (班组派单规则): the reserve for emergencies, and whether areas bind. Saved as it is changed. */
export function TeamRules({ teamId }: { teamId: string }) {
  const { t: say } = useTerritoryTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const key = ['dispatch-rules', teamId];
  const kept = useQuery({ queryKey: key, queryFn: async ({ signal }) => (await api.get<DispatchRules>(`/teams/${teamId}/dispatch-rules`, { signal })).data });
  const [reserve, setReserve] = useState<number | null>(null);
  const save = useMutation({
    mutationFn: async (rules: DispatchRules['rules']) => (await api.patch<DispatchRules>(`/teams/${teamId}/dispatch-rules`, { rules }, { ifMatch: `"${kept.data?.version ?? 0}"` })).data,
    onSuccess: (saved) => {
      queryClient.setQueryData(key, saved);
      void message.success(say('rules.saved'));
      void queryClient.invalidateQueries({ queryKey: ['proposals'] });
    },
    onError: (error) => {
      void message.error(asProblem(error).title);
      void kept.refetch();
    },
    onSettled: () => setReserve(null),
  });
  if (kept.isError) return <ProblemAlert error={kept.error} onRetry={() => void kept.refetch()} />;
  if (kept.data === undefined) return <Delayed><RowSkeleton rows={2} height={44} /></Delayed>;
  const { rules } = kept.data;
  const settle = (): void => {
    if (reserve !== null && reserve !== rules.reservePercent) save.mutate({ ...rules, reservePercent: reserve });
    else setReserve(null);
  };
  return (
    <section className={styles.section} aria-label={say('rules.title')}>
      <h3 className={shared.subtitle}>{say('rules.title')}</h3>
      <p className={shared.muted}>{say('rules.hint')}</p>
      <div className={shared.card}>
        <label className={shared.row}>
          <span className={shared.main}>{say('rules.reserve')}<span className={shared.muted} style={{ display: 'block' }}>{say('rules.reserveHint')}</span></span>
          <InputNumber min={0} max={80} step={5} precision={0} suffix="%" disabled={save.isPending} aria-label={say('rules.reserve')} value={reserve ?? rules.reservePercent} onChange={(value) => setReserve(value ?? 0)} onBlur={settle} onPressEnter={settle} />
        </label>
        <label className={shared.row}>
          <span className={shared.main}>{say('rules.within')}<span className={shared.muted} style={{ display: 'block' }}>{say('rules.withinHint')}</span></span>
          <Switch loading={save.isPending} checked={rules.withinTerritory} aria-label={say('rules.within')} onChange={(withinTerritory) => save.mutate({ ...rules, withinTerritory })} />
        </label>
      </div>
    </section>
  );
}
