import { useQuery } from '@tanstack/react-query';
import { InputNumber, Select, Switch, TimePicker } from 'antd';
import dayjs from 'dayjs';
import { newsEvents } from '../../../rules/news/events.ts';
import type { NewsSettings } from '../../../contract/news.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { channels } from '../channels/data.ts';
import { Section } from '../settings/section.tsx';
import { newsSettings, useNewsChange } from './data.ts';
import { EventLine } from './event-line.tsx';
import { MatchingPart } from './matching-part.tsx';
import { useNewsTexts } from './texts.ts';
import styles from './news.module.css';

/** What customers are told by themselves (客户通报): which steps, when, in which words, how far. Every change is kept at once. */
export function NewsSection() {
  const { t } = useNewsTexts();
  const query = useQuery(newsSettings);
  const settings = query.data;
  return (
    <Section title={t('title')} hint={t('hint')}>
      {settings === undefined ? query.isError && <ProblemAlert error={query.error} onRetry={() => void query.refetch()} /> : (
        <>
          <section className={styles.card}>
            <h3>{t('events')}</h3>
            <p className={styles.muted}>{t('choice')}</p>
            <ul className={styles.events}>{newsEvents.map((event) => <EventLine key={event} event={event} settings={settings} />)}</ul>
          </section>
          <When settings={settings} />
          <MatchingPart />
        </>
      )}
    </Section>
  );
}

function When({ settings }: { settings: NewsSettings }) {
  const { t } = useNewsTexts();
  const change = useNewsChange(settings.version);
  const list = useQuery(channels);
  const { quietHours, surveyAt, surveyHours, textsADay, offAccounts } = settings;
  const number = (label: string, value: number, most: number, least: number, put: (next: number) => void) => (
    <label className={styles.field}>
      <span>{label}</span>
      <InputNumber key={value} min={least} max={most} precision={0} defaultValue={value} aria-label={label} onBlur={({ target }) => {
        const next = Number(target.value);
        if (Number.isInteger(next) && next >= least && next <= most && next !== value) put(next);
      }} />
    </label>
  );
  const time = (part: 'from' | 'to') => (
    <TimePicker aria-label={t(`quiet.${part}`)} format="HH:mm" allowClear={false} needConfirm={false} value={dayjs(`2026-01-01T${quietHours![part]}`)} onChange={(at) => {
      const next = at?.format('HH:mm');
      if (next !== undefined && next !== quietHours![part]) change.mutate({ quietHours: { ...quietHours!, [part]: next } });
    }} />
  );
  return (
    <>
      <section className={styles.card}>
        <div className={styles.row}>
          <div className={styles.name}>
            <h3>{t('quiet')}</h3>
            <span className={styles.muted}>{t('quiet.hint')}</span>
          </div>
          {quietHours !== null && <span className={styles.times}>{time('from')}–{time('to')}</span>}
          <Switch aria-label={t('quiet')} checked={quietHours !== null} onChange={(on) => change.mutate({ quietHours: on ? { from: '21:30', to: '08:00' } : null })} />
        </div>
      </section>
      <section className={styles.card}>
        <h3>{t('event.survey')}</h3>
        <div className={styles.form}>
          <label className={styles.field}>
            <span>{t('survey.at')}</span>
            <Select value={surveyAt} aria-label={t('survey.at')} options={(['resolved', 'closed'] as const).map((value) => ({ value, label: t(`survey.${value}`) }))} onChange={(value) => change.mutate({ surveyAt: value })} />
          </label>
          {number(t('survey.hours'), surveyHours, 720, 1, (next) => change.mutate({ surveyHours: next }))}
        </div>
      </section>
      <section className={styles.card}>
        <h3>{t('texts')}</h3>
        <p className={styles.muted}>{t('texts.hint')}</p>
        <div className={styles.form}>
          {number(t('texts.customer'), textsADay.customer, 100, 0, (customer) => change.mutate({ textsADay: { ...textsADay, customer } }))}
          {number(t('texts.organization'), textsADay.organization, 100_000, 0, (organization) => change.mutate({ textsADay: { ...textsADay, organization } }))}
        </div>
      </section>
      <section className={styles.card}>
        <h3>{t('off')}</h3>
        <Select mode="multiple" style={{ width: '100%' }} placeholder={t('off.none')} aria-label={t('off')} value={offAccounts} showSearch={{ optionFilterProp: 'label' }}
          options={(list.data ?? []).filter(({ id }) => id.length === 36).map(({ id, name }) => ({ value: id, label: name }))} onChange={(next: string[]) => change.mutate({ offAccounts: next })} />
      </section>
    </>
  );
}
