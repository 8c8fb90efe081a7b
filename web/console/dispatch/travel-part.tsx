import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { travelLimits, travelProviders, type TravelProvider, type TravelSetting, type TriedTravel, type TryTravel } from '../../../contract/travel.ts';
import { api, asProblem } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { formatTime } from '../../ui/time.ts';
import { useTexts } from '../i18n.ts';
import { Delayed } from '../parts/delayed.tsx';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import shared from '../settings/section.module.css';
import styles from './travel.module.css';
import { useTravelTexts } from './travel-texts.ts';

interface Draft {
  provider: TravelProvider;
  baseUrl: string;
  profile: string;
  /** Empty: the one that is kept. */
  key: string;
  dailyRequests: number;
  roadFactor: number;
  kilometresPerHour: number;
}

const draftOf = ({ provider, baseUrl, profile, dailyRequests, roadFactor, kilometresPerHour }: TravelSetting): Draft => ({ provider, baseUrl: baseUrl ?? '', profile, key: '', dailyRequests, roadFactor, kilometresPerHour });
const addressOf = ({ baseUrl }: Draft): string | null => baseUrl.trim().replace(/\/+$/, '') || null;
const isAddress = (text: string): boolean => text.trim() === '' || /^https?:\/\/[^\s?#@]+$/.test(text.trim());

/** How travel times are found (车程设置): who is asked, what is reckoned with otherwise, and how that goes. */
export function TravelPart() {
  const { t: say } = useTravelTexts();
  const setting = useQuery({ queryKey: ['travel-setting'], queryFn: async ({ signal }) => (await api.get<TravelSetting>('/travel-setting', { signal })).data });
  return (
    <section className={styles.section} aria-label={say('title')}>
      <h3 className={shared.subtitle}>{say('title')}</h3>
      <p className={shared.muted}>{say('hint')}</p>
      {setting.isError && <ProblemAlert error={setting.error} onRetry={() => void setting.refetch()} />}
      {setting.isPending && <Delayed><RowSkeleton rows={5} height={44} /></Delayed>}
      {setting.data !== undefined && <SettingForm key={setting.data.version} setting={setting.data} onStale={() => void setting.refetch()} />}
    </section>
  );
}

function SettingForm({ setting, onStale }: { setting: TravelSetting; onStale: () => void }) {
  const { t } = useTexts();
  const { t: say } = useTravelTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const stored = draftOf(setting);
  const [draft, setDraft] = useState(stored);
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const save = useMutation({
    mutationFn: async () => (await api.patch<TravelSetting>('/travel-setting', {
      provider: draft.provider, baseUrl: draft.provider === 'none' ? null : addressOf(draft), profile: draft.profile.trim() || 'driving', dailyRequests: draft.dailyRequests, roadFactor: draft.roadFactor, kilometresPerHour: draft.kilometresPerHour,
      ...(draft.key.trim() === '' ? {} : { key: draft.key.trim() }),
    }, { ifMatch: `"${setting.version}"` })).data,
    onSuccess: (saved) => {
      queryClient.setQueryData(['travel-setting'], saved);
      void message.success(say('saved'));
    },
    onError: (error) => {
      const problem = asProblem(error);
      void message.error(problem.errors[0]?.message ?? problem.title);
      if (problem.code === 'stale_version') onStale();
    },
  });
  const isElsewhere = draft.provider !== setting.provider || addressOf(draft) !== setting.baseUrl;
  const hasKey = draft.key.trim() !== '' || (setting.hasKey && !isElsewhere);
  const wrong = !isAddress(draft.baseUrl);
  const incomplete = (draft.provider === 'osrm' && addressOf(draft) === null) || (draft.provider === 'amap' && !hasKey);
  const changed = JSON.stringify(draft) !== JSON.stringify(stored);
  const number = (name: 'roadFactor' | 'kilometresPerHour' | 'dailyRequests', limits: { minimum: number; maximum: number }, label: string, step: number, suffix?: string) => (
    <InputNumber className={styles.number} min={limits.minimum} max={limits.maximum} step={step} {...(name === 'dailyRequests' ? { precision: 0 } : {})} suffix={suffix} value={draft[name]} aria-label={label} onChange={(value) => change({ [name]: value ?? stored[name] })} />
  );
  return (
    <>
      <div className={shared.card}>
        <div className={shared.row}>
          <span className={shared.main}>{say('provider')}</span>
          <Select className={styles.wide} value={draft.provider} aria-label={say('provider')} options={travelProviders.map((value) => ({ value, label: say(`provider.${value}`) }))} onChange={(provider) => change({ provider, baseUrl: provider === setting.provider ? stored.baseUrl : '', key: '' })} />
        </div>
        {draft.provider !== 'none' && (
          <label className={shared.row}>
            <span className={shared.main}>{say('baseUrl')}<span className={styles.hint}>{wrong ? <span role="alert" className={styles.problem}>{say('baseUrl.wrong')}</span> : say(`baseUrl.${draft.provider}`)}</span></span>
            <Input className={styles.wide} value={draft.baseUrl} maxLength={travelLimits.url} status={wrong ? 'error' : ''} aria-label={say('baseUrl')} placeholder={draft.provider === 'amap' ? 'https://restapi.amap.com' : 'https://'} onChange={({ target: { value } }) => change({ baseUrl: value })} />
          </label>
        )}
        {draft.provider === 'osrm' && (
          <label className={shared.row}>
            <span className={shared.main}>{say('profile')}<span className={styles.hint}>{say('profile.hint')}</span></span>
            <Input className={styles.number} value={draft.profile} maxLength={travelLimits.profile} aria-label={say('profile')} onChange={({ target: { value } }) => change({ profile: value })} />
          </label>
        )}
        {draft.provider === 'amap' && (
          <label className={shared.row}>
            <span className={shared.main}>{say('key')}<span className={styles.hint}>{say(setting.hasKey && !isElsewhere ? 'key.kept' : 'key.hint')}</span></span>
            <Input.Password className={styles.wide} value={draft.key} maxLength={travelLimits.key} autoComplete="off" aria-label={say('key')} placeholder={setting.hasKey && !isElsewhere ? '••••••••' : ''} onChange={({ target: { value } }) => change({ key: value })} />
          </label>
        )}
        {draft.provider !== 'none' && <label className={shared.row}><span className={shared.main}>{say('daily')}</span>{number('dailyRequests', travelLimits.dailyRequests, say('daily'), 500, say('daily.unit'))}</label>}
        {draft.provider !== 'none' && <TryRow draft={draft} disabled={wrong || incomplete} />}
        <label className={shared.row}><span className={shared.main}>{say('factor')}<span className={styles.hint}>{say('factor.hint')}</span></span>{number('roadFactor', travelLimits.roadFactor, say('factor'), 0.05)}</label>
        <label className={shared.row}><span className={shared.main}>{say('speed')}</span>{number('kilometresPerHour', travelLimits.kilometresPerHour, say('speed'), 1, say('speed.unit'))}</label>
        <Standing setting={setting} />
      </div>
      {changed && (
        <span className={styles.deeds}>
          <Button onClick={() => setDraft(stored)}>{t('common.cancel')}</Button>
          <Button type="primary" disabled={wrong || incomplete} loading={save.isPending} onClick={() => save.mutate()}>{say('save')}</Button>
        </span>
      )}
    </>
  );
}

/** Asks for one way as it stands on the screen (试问一段). */
function TryRow({ draft, disabled }: { draft: Draft; disabled: boolean }) {
  const { t: say } = useTravelTexts();
  const attempt = useMutation({
    mutationFn: async () => (await api.post<TriedTravel>('/travel-setting/try', {
      provider: draft.provider as TryTravel['provider'], baseUrl: addressOf(draft), ...(draft.provider === 'osrm' ? { profile: draft.profile.trim() || 'driving' } : {}), ...(draft.key.trim() === '' ? {} : { key: draft.key.trim() }),
    })).data,
  });
  const minutes = (seconds: number) => say('minutes', { count: Math.max(1, Math.round(seconds / 60)) });
  const tried = attempt.data;
  const words = (): string => {
    if (tried === undefined) return '';
    if (tried.outcome === 'failed') return [tried.title ?? '', tried.said ?? ''].filter((part) => part !== '').join(' · ');
    if (tried.outcome !== 'answered' || tried.answered === null) return say(tried.outcome === 'no_places' ? 'try.no_places' : 'try.no_road');
    return say('try.answered', { time: minutes(tried.answered.seconds), kilometres: (tried.answered.metres / 1_000).toFixed(1), milliseconds: tried.milliseconds, origin: tried.estimated?.origin.title ?? '', estimated: minutes(tried.estimated?.seconds ?? 0) });
  };
  return (
    <div className={shared.row}>
      <span className={shared.main}>
        {say('try')}
        <span className={styles.hint} role="status" data-outcome={tried?.outcome}>
          {attempt.isError ? asProblem(attempt.error).title : tried === undefined ? say('try.hint') : <span className={tried.outcome === 'answered' ? styles.good : styles.problem}>{words()}</span>}
        </span>
      </span>
      <Button disabled={disabled} loading={attempt.isPending} onClick={() => attempt.mutate()}>{say('try')}</Button>
    </div>
  );
}

/** How it goes (车程概况): what was asked today, what is known, and what was learned. */
function Standing({ setting: { provider, today, kept, learned } }: { setting: TravelSetting }) {
  const { t: say } = useTravelTexts();
  return (
    <>
      {provider !== 'none' && (
        <div className={shared.row}>
          <span className={shared.main}>
            {say('today')}
            {today.failure !== null && <span className={styles.hint}><span className={styles.problem}>{[say('failure', { title: today.failure.title }), ...(today.failure.resumesAt === null ? [] : [say('failure.resumes', { time: formatTime(today.failure.resumesAt) })])].join(' · ')}</span></span>}
          </span>
          <span className={shared.muted}>{say('today.words', { requests: today.requests, pairs: today.pairs, failures: today.failures })}</span>
        </div>
      )}
      {provider !== 'none' && <div className={shared.row}><span className={shared.main}>{say('kept')}</span><span className={shared.muted}>{say('kept.words', { count: kept })}</span></div>}
      <div className={shared.row}><span className={shared.main}>{say('learned')}</span><span className={shared.muted}>{learned.journeys === 0 ? say('learned.none') : say('learned.words', { journeys: learned.journeys, ways: learned.ways, ratio: learned.ratio.toFixed(2) })}</span></div>
    </>
  );
}
