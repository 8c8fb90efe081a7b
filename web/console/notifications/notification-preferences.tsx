import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Checkbox, Select, Switch } from 'antd';
import { useState } from 'react';
import { notificationReasons, type Preferences, type UpdatePreferences } from '../../../contract/desk.ts';
import { noticeChannels } from '../../../contract/notice.ts';
import { api, asProblem } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { preferences } from '../data/desk.ts';
import { useTexts } from '../i18n.ts';
import own from '../notices/notices.module.css';
import { channelTexts, useNoticeTexts } from '../notices/texts.ts';
import { permissionNow } from './calling.ts';
import { ChannelsPart } from './channels-part.tsx';
import { reasonTexts } from './notification-words.ts';
import styles from './notifications-page.module.css';
import { useNoticeSettings } from './use-notice-settings.ts';

const ways = ['inApp', 'desktop', 'sound'] as const;
const wayTexts = { inApp: 'prefer.inApp', desktop: 'prefer.desktop', sound: 'prefer.sound' } as const;
const undoChoices = [0, 5, 10, 15, 30, 60];
const hours = Array.from({ length: 48 }, (_, index) => `${String(Math.floor(index / 2)).padStart(2, '0')}:${index % 2 === 0 ? '00' : '30'}`);

/** How one wants to be told (通知设置); every change is kept at once. */
export function NotificationPreferences() {
  const { t } = useTexts();
  const { t: say } = useNoticeTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const query = useQuery(preferences);
  const [permission, setPermission] = useState(permissionNow);
  const update = useMutation({
    mutationFn: async (changes: UpdatePreferences) => (await api.patch<Preferences>('/preferences', changes)).data,
    onMutate: (changes) => {
      const before = queryClient.getQueryData(preferences.queryKey);
      if (before !== undefined) queryClient.setQueryData(preferences.queryKey, { ...before, ...changes, notify: { ...before.notify, ...changes.notify } } as Preferences);
      return { before };
    },
    onSuccess: (saved) => queryClient.setQueryData(preferences.queryKey, saved),
    onError: (error, _changes, kept) => {
      if (kept?.before !== undefined) queryClient.setQueryData(preferences.queryKey, kept.before);
      void message.error(asProblem(error).title);
    },
  });
  const settings = useNoticeSettings();
  // What the organization has set up beside the inbox.
  const outside = noticeChannels.filter((channel) => settings.query.data?.available.includes(channel));
  const chosen = query.data;
  if (chosen === undefined) return query.isError ? <ProblemAlert error={query.error} onRetry={() => void query.refetch()} /> : null;
  const { quietHours } = chosen;

  return (
    <div className={styles.settings}>
      <section>
        <h2 className={styles.part}>{t('prefer.reasons')}</h2>
        {outside.length > 0 && <p className={styles.hint}>{say('own.hint')}</p>}
        <div className={own.scroll}>
          <table className={styles.table}>
            <thead>
              <tr>
                <td />
                {ways.map((way) => <th key={way} scope="col">{t(wayTexts[way])}</th>)}
                {outside.map((channel) => <th key={channel} scope="col">{say(channelTexts[channel])}</th>)}
              </tr>
            </thead>
            <tbody>
              {notificationReasons.map((reason) => (
                <tr key={reason}>
                  <th scope="row">{t(reasonTexts[reason])}</th>
                  {ways.map((way) => (
                    <td key={way}>
                      <Checkbox
                        aria-label={`${t(reasonTexts[reason])} ${t(wayTexts[way])}`}
                        checked={chosen.notify[reason][way]}
                        onChange={(event) => update.mutate({ notify: { [reason]: { ...chosen.notify[reason], [way]: event.target.checked } } })}
                      />
                    </td>
                  ))}
                  {outside.map((channel) => (
                    <td key={channel}>
                      <Checkbox
                        aria-label={`${t(reasonTexts[reason])} ${say(channelTexts[channel])}`}
                        checked={settings.query.data!.channels[reason].includes(channel)}
                        onChange={(event) => settings.update.mutate({ channels: { [reason]: noticeChannels.filter((one) => (one === channel ? event.target.checked : settings.query.data!.channels[reason].includes(one))) } })}
                      />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      <section className={styles.line}>
        <div>
          <h2 className={styles.part}>{t('prefer.desktopAll')}</h2>
          <p className={styles.hint}>{permission === 'denied' ? t('prefer.denied') : permission === 'unsupported' ? t('prefer.unsupported') : t('prefer.desktopHint')}</p>
        </div>
        {permission === 'default' && <Button onClick={() => void Notification.requestPermission().then(setPermission)}>{t('prefer.allow')}</Button>}
        <Switch aria-label={t('prefer.desktopAll')} checked={chosen.desktopNotifications} onChange={(desktopNotifications) => update.mutate({ desktopNotifications })} />
      </section>
      <section className={styles.line}>
        <div>
          <h2 className={styles.part}>{t('prefer.quiet')}</h2>
          <p className={styles.hint}>{t('prefer.quietHint')}</p>
        </div>
        {quietHours !== null && (
          <span className={styles.hours}>
            {(['from', 'to'] as const).map((end) => (
              <Select key={end} aria-label={`${t('prefer.quiet')} ${t(`prefer.${end}`)}`} value={quietHours[end]} options={hours.map((value) => ({ value, label: value }))} onChange={(value: string) => update.mutate({ quietHours: { ...quietHours, [end]: value } })} />
            ))}
          </span>
        )}
        <Switch aria-label={t('prefer.quiet')} checked={quietHours !== null} onChange={(on) => update.mutate({ quietHours: on ? { from: '22:00', to: '08:00' } : null })} />
      </section>
      <ChannelsPart />
      <section className={styles.line}>
        <div>
          <h2 className={styles.part}>{t('prefer.undo')}</h2>
          <p className={styles.hint}>{t('prefer.undoHint')}</p>
        </div>
        <Select
          className={styles.undo}
          aria-label={t('prefer.undo')}
          value={chosen.undoSeconds}
          options={[...new Set([...undoChoices, chosen.undoSeconds])].sort((a, b) => a - b).map((value) => ({ value, label: value === 0 ? t('prefer.undoOff') : t('prefer.seconds', { count: value }) }))}
          onChange={(undoSeconds: number) => update.mutate({ undoSeconds })}
        />
      </section>
    </div>
  );
}
