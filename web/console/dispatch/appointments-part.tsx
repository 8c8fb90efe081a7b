import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, InputNumber, Select, Switch, TimePicker } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { appointmentLimits, type AppointmentSetting } from '../../../contract/appointment.ts';
import { api, asProblem } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Delayed } from '../parts/delayed.tsx';
import { Icon } from '../parts/icon.tsx';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import shared from '../settings/section.module.css';
import { useAppointmentTexts } from './appointment-texts.ts';
import styles from './appointments.module.css';

type Setting = Omit<AppointmentSetting, 'version'>;
const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;
const clock = (minute: number) => dayjs().startOf('day').add(minute, 'minute');

/** How the day is cut into windows that may be promised (预约设置), and whether customers choose by themselves. */
export function AppointmentsPart() {
  const { t } = useTexts();
  const { t: say } = useAppointmentTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const kept = useQuery({ queryKey: ['appointment-setting'], queryFn: async ({ signal }) => (await api.get<AppointmentSetting>('/appointment-setting', { signal })).data });
  const [draft, setDraft] = useState<Setting | null>(null);
  const save = useMutation({
    mutationFn: async (setting: Setting) => (await api.patch<AppointmentSetting>('/appointment-setting', setting, { ifMatch: `"${kept.data?.version ?? 0}"` })).data,
    onSuccess: (saved) => {
      queryClient.setQueryData(['appointment-setting'], saved);
      setDraft(null);
      void message.success(say('setting.saved'));
    },
    onError: (error) => {
      const problem = asProblem(error);
      void message.error(problem.errors[0]?.message ?? problem.title);
      void kept.refetch();
    },
  });
  if (kept.isError) return <ProblemAlert error={kept.error} onRetry={() => void kept.refetch()} />;
  if (kept.data === undefined) return <Delayed><RowSkeleton rows={4} height={44} /></Delayed>;
  const { version: _, ...stored } = kept.data;
  const setting = draft ?? stored;
  const change = (part: Partial<Setting>) => setDraft({ ...setting, ...part });
  const wrong = setting.windows.some(({ startsMinute, endsMinute }) => endsMinute <= startsMinute);
  const changed = draft !== null && JSON.stringify(draft) !== JSON.stringify(stored);
  return (
    <section className={styles.section} aria-label={say('setting.title')}>
      <h3 className={shared.subtitle}>{say('setting.title')}</h3>
      <p className={shared.muted}>{say('setting.hint')}</p>
      <div className={shared.card}>
        <label className={shared.row}><span className={shared.main}>{say('setting.offered')}</span><Switch checked={setting.offered} aria-label={say('setting.offered')} onChange={(offered) => change({ offered })} /></label>
        <label className={shared.row}><span className={shared.main}>{say('setting.days')}</span><InputNumber min={1} max={appointmentLimits.days} precision={0} suffix={say('setting.daysUnit')} value={setting.days} aria-label={say('setting.days')} onChange={(days) => change({ days: days ?? 1 })} /></label>
        <label className={shared.row}><span className={shared.main}>{say('setting.lead')}</span><InputNumber min={0} max={168} step={0.5} suffix={say('setting.leadUnit')} value={setting.leadMinutes / 60} aria-label={say('setting.lead')} onChange={(hours) => change({ leadMinutes: Math.round((hours ?? 0) * 60) })} /></label>
        <div className={shared.row}>
          <span className={styles.label}>{say('setting.windows')}</span>
          <div className={styles.windows}>
            {setting.windows.map((window, index) => (
              <div key={index} className={styles.window}>
                <Select
                  value={window.weekday ?? 0} aria-label={say('setting.weekday')} style={{ width: 116 }} options={[{ value: 0, label: say('setting.everyDay') }, ...weekdays.map((day) => ({ value: day as number, label: say(`setting.day${day}`) }))]}
                  onChange={(day) => change({ windows: setting.windows.with(index, { ...window, weekday: day === 0 ? null : day }) })}
                />
                {(['startsMinute', 'endsMinute'] as const).map((end) => (
                  <TimePicker
                    key={end} allowClear={false} needConfirm={false} format="HH:mm" minuteStep={15} style={{ width: 92 }} aria-label={say(end === 'startsMinute' ? 'setting.from' : 'setting.to')} value={clock(window[end] % 1_440)} status={window.endsMinute <= window.startsMinute ? 'error' : ''}
                    onChange={(time) => {
                      const minute = time === null ? window[end] : time.hour() * 60 + time.minute();
                      // Midnight ends a day rather than begins it.
                      change({ windows: setting.windows.with(index, { ...window, [end]: end === 'endsMinute' && minute === 0 ? 1_440 : minute }) });
                    }}
                  />
                ))}
                <Button type="text" icon={<Icon name="close" />} aria-label={t('common.remove')} disabled={setting.windows.length === 1} onClick={() => change({ windows: setting.windows.toSpliced(index, 1) })} />
              </div>
            ))}
            {wrong && <span role="alert" className={styles.problem}>{say('setting.order')}</span>}
            <Button type="dashed" size="small" icon={<Icon name="plus" size={14} />} disabled={setting.windows.length >= appointmentLimits.windows} onClick={() => change({ windows: [...setting.windows, { weekday: null, startsMinute: 1_080, endsMinute: 1_200 }] })}>{say('setting.add')}</Button>
          </div>
        </div>
      </div>
      {changed && (
        <span className={styles.deeds}>
          <Button onClick={() => setDraft(null)}>{t('common.cancel')}</Button>
          <Button type="primary" disabled={wrong} loading={save.isPending} onClick={() => save.mutate(setting)}>{say('setting.save')}</Button>
        </span>
      )}
    </section>
  );
}
