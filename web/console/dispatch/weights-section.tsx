import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { App, Button, Select, Slider } from 'antd';
import { useState } from 'react';
import { weighedFactors, type DispatchPreview, type DispatchWeights } from '../../../contract/dispatch.ts';
import { api, asProblem } from '../../ui/api.ts';
import { EmptyState, ProblemAlert } from '../../ui/react/index.ts';
import { teams } from '../data/records.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { useDebounced } from '../parts/debounced.ts';
import { Delayed } from '../parts/delayed.tsx';
import { localName } from '../parts/names.ts';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import { Section } from '../settings/section.tsx';
import shared from '../settings/section.module.css';
import { TeamRules } from './rules-part.tsx';
import { AppointmentsPart } from './appointments-part.tsx';
import { TeamModes } from './modes-part.tsx';
import { TravelPart } from './travel-part.tsx';
import { useDispatchTexts } from './texts.ts';
import styles from './weights.module.css';

type Weights = DispatchWeights['weights'];
const same = (one: Weights, other: Weights): boolean => weighedFactors.every((factor) => one[factor] === other[factor]);

/** How each team gives out its tickets (派单设置): its mode, and what it weighs when somebody is looked for, with what a draft would change. */
export function WeightsSection() {
  const { language } = useTexts();
  const { t: say } = useDispatchTexts();
  const list = useQuery(teams);
  const [chosen, setChosen] = useState<string | null>(null);
  const active = (list.data ?? []).filter((team) => team.active);
  const team = active.find(({ id }) => id === chosen) ?? active[0];
  return (
    <Section title={say('weights.title')} hint={say('weights.intro')}>
      {list.isError && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Delayed><RowSkeleton rows={6} height={44} /></Delayed>}
      {team !== undefined && (
        <>
          <label className={styles.team}>
            {say('weights.team')}
            <Select showSearch={{ optionFilterProp: 'label' }} value={team.id} onChange={setChosen} options={active.map((one) => ({ value: one.id, label: localName(one, language) }))} />
          </label>
          <TeamModes key={`modes-${team.id}`} teamId={team.id} />
          <TeamRules key={`rules-${team.id}`} teamId={team.id} />
          <h3 className={shared.subtitle}>{say('weights.part')}</h3>
          <p className={shared.muted}>{say('weights.hint')}</p>
          <TeamWeights key={team.id} teamId={team.id} />
        </>
      )}
      <TravelPart />
      <AppointmentsPart />
    </Section>
  );
}

function TeamWeights({ teamId }: { teamId: string }) {
  const { t: say } = useDispatchTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const key = ['dispatch-weights', teamId];
  const kept = useQuery({ queryKey: key, queryFn: async ({ signal }) => (await api.get<DispatchWeights>(`/teams/${teamId}/dispatch-weights`, { signal })).data });
  const [draft, setDraft] = useState<Weights | null>(null);
  const weights = draft ?? kept.data?.weights;
  const save = useMutation({
    mutationFn: async (next: Weights | null) => (await api.patch<DispatchWeights>(`/teams/${teamId}/dispatch-weights`, { weights: next }, { ifMatch: `"${kept.data?.version ?? 0}"` })).data,
    onSuccess: (saved) => {
      queryClient.setQueryData(key, saved);
      setDraft(null);
      void message.success(say('weights.saved'));
      for (const outdated of ['proposals', 'dispatch-preview']) void queryClient.invalidateQueries({ queryKey: [outdated] });
    },
    onError: (error) => {
      const problem = asProblem(error);
      void message.error(problem.errors[0]?.message ?? problem.title);
      void kept.refetch();
    },
  });
  if (kept.isError) return <ProblemAlert error={kept.error} onRetry={() => void kept.refetch()} />;
  if (weights === undefined || kept.data === undefined) return <Delayed><RowSkeleton rows={6} height={44} /></Delayed>;
  const whole = weighedFactors.reduce((sum, factor) => sum + weights[factor], 0);
  const changed = draft !== null && !same(draft, kept.data.weights);
  return (
    <>
      <div className={`${shared.card} ${styles.factors}`}>
        {weighedFactors.map((factor) => (
          <div key={factor} className={styles.factor}>
            <span className={styles.name} id={`weight-${factor}`}>
              {say(`factor.${factor}`)}
              <span className={shared.muted}>{say(`factor.${factor}.what`)}</span>
            </span>
            <Slider
              className={styles.slider} min={0} max={100} value={weights[factor]} ariaLabelledByForHandle={`weight-${factor}`} tooltip={{ open: false }}
              onChange={(value) => setDraft({ ...weights, [factor]: value })}
            />
            <span className={styles.share}>{whole === 0 ? '–' : `${Math.round((weights[factor] / whole) * 100)} %`}</span>
          </div>
        ))}
      </div>
      <div className={styles.deeds}>
        <Badge tone={kept.data.own ? 'accent' : 'neutral'}>{say(kept.data.own ? 'weights.own' : 'weights.usual')}</Badge>
        {whole === 0 && <span role="alert" className={styles.problem}>{say('weights.none')}</span>}
        <span className={styles.buttons}>
          {changed && <Button onClick={() => setDraft(null)}>{say('weights.undo')}</Button>}
          {!changed && kept.data.own && <Button loading={save.isPending} onClick={() => save.mutate(null)}>{say('weights.back')}</Button>}
          <Button type="primary" disabled={!changed || whole === 0} loading={save.isPending} onClick={() => save.mutate(weights)}>{say('weights.save')}</Button>
        </span>
      </div>
      {whole > 0 && <Preview teamId={teamId} weights={weights} />}
    </>
  );
}

/** Whom the newest tickets of the team would be proposed to, before and after. */
function Preview({ teamId, weights }: { teamId: string; weights: Weights }) {
  const { t: say } = useDispatchTexts();
  const settled = useDebounced(JSON.stringify(weights), 350);
  const preview = useQuery({
    queryKey: ['dispatch-preview', teamId, settled],
    queryFn: async ({ signal }) => (await api.post<DispatchPreview>(`/teams/${teamId}/dispatch-weights/preview`, { weights: JSON.parse(settled) as Weights }, { signal })).data,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  return (
    <section className={styles.preview}>
      <h3 className={shared.subtitle}>
        {say('weights.previewTitle')}
        {preview.data !== undefined && preview.data.items.length > 0 && <Badge tone={preview.data.changed > 0 ? 'accent' : 'neutral'}>{preview.data.changed > 0 ? say('weights.changed', { count: preview.data.changed }) : say('weights.same')}</Badge>}
      </h3>
      <p className={shared.muted}>{say('weights.previewHint')}</p>
      {preview.isError && <ProblemAlert error={preview.error} onRetry={() => void preview.refetch()} />}
      {preview.isPending && <Delayed><RowSkeleton rows={5} height={40} /></Delayed>}
      {preview.data?.items.length === 0 && <EmptyState title={say('weights.noTickets')} />}
      {preview.data !== undefined && preview.data.items.length > 0 && (
        <div className={styles.scroll}>
          <table className={styles.table} aria-busy={preview.isFetching}>
            <thead><tr>{(['ticket', 'assignee', 'now', 'draft'] as const).map((column) => <th key={column} scope="col">{say(`weights.${column}`)}</th>)}</tr></thead>
            <tbody>
              {preview.data.items.map(({ ticket, assignee, now, draft }) => (
                <tr key={ticket.id} data-changed={now?.technician.id !== draft?.technician.id || undefined}>
                  <td><Link to="/tickets/$number" params={{ number: ticket.number }}>{ticket.subject}</Link></td>
                  <td className={shared.muted}>{assignee?.name ?? ''}</td>
                  {[now, draft].map((best, index) => <td key={index}>{best === null ? <span className={shared.muted}>{say('weights.nobody')}</span> : <>{best.technician.name} <span className={styles.score}>{Math.round(best.score)}</span></>}</td>)}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
