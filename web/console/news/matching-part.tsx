import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, InputNumber, Switch } from 'antd';
import type { MatchingSettings } from '../../../contract/collaboration.ts';
import { api, asProblem } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useNewsTexts } from './texts.ts';
import styles from './news.module.css';

const matchingSettings = queryOptions({ queryKey: ['matching-settings'], queryFn: async ({ signal }) => (await api.get<MatchingSettings>('/matching-settings', { signal })).data, staleTime: 60_000 });

/** When tickets are proposed as one, or as many of one cause (查重设置); every change is kept at once. */
export function MatchingPart() {
  const { t } = useNewsTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const query = useQuery(matchingSettings);
  const change = useMutation({
    mutationFn: async (changes: Partial<Omit<MatchingSettings, 'version'>>) => (await api.patch<MatchingSettings>('/matching-settings', changes, { ifMatch: `"${query.data!.version}"` })).data,
    onSuccess: (saved) => {
      queryClient.setQueryData(matchingSettings.queryKey, saved);
      void message.success(t('saved'));
    },
    onError: (error) => {
      void message.error(asProblem(error).title);
      void query.refetch();
    },
  });
  const settings = query.data;
  if (settings === undefined) return query.isError ? <ProblemAlert error={query.error} onRetry={() => void query.refetch()} /> : null;
  const { hours, crowd, storm } = settings;
  const number = (label: string, value: number, least: number, most: number, put: (next: number) => void) => (
    <label className={styles.field}>
      <span>{label}</span>
      <InputNumber key={value} min={least} max={most} precision={0} defaultValue={value} aria-label={label} onBlur={({ target }) => {
        const next = Number(target.value);
        if (Number.isInteger(next) && next >= least && next <= most && next !== value) put(next);
      }} />
    </label>
  );
  return (
    <>
      <section className={styles.card}>
        <h3>{t('matching')}</h3>
        <p className={styles.muted}>{t('matching.hint')}</p>
        <div className={styles.form}>
          {number(t('matching.hours'), hours, 1, 720, (next) => change.mutate({ hours: next }))}
          {number(t('matching.people'), crowd.people, 2, 100, (people) => change.mutate({ crowd: { ...crowd, people } }))}
          {number(t('matching.crowdHours'), crowd.hours, 1, 168, (next) => change.mutate({ crowd: { ...crowd, hours: next } }))}
        </div>
      </section>
      <section className={styles.card}>
        <div className={styles.row}>
          <div className={styles.name}>
            <h3>{t('storm')}</h3>
            <span className={styles.muted}>{t('storm.hint')}</span>
          </div>
          <Switch aria-label={t('storm')} checked={storm !== null} onChange={(on) => change.mutate({ storm: on ? { alarms: 10, minutes: 10 } : null })} />
        </div>
        {storm !== null && (
          <div className={styles.form}>
            {number(t('storm.alarms'), storm.alarms, 2, 1_000, (alarms) => change.mutate({ storm: { ...storm, alarms } }))}
            {number(t('storm.minutes'), storm.minutes, 1, 1_440, (minutes) => change.mutate({ storm: { ...storm, minutes } }))}
          </div>
        )}
      </section>
    </>
  );
}
