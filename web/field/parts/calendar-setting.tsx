import { Toast } from 'antd-mobile';
import { useEffect, useState } from 'react';
import type { CalendarFeed, CalendarFeedMade } from '../../../contract/calendar-feed.ts';
import { api, asProblem } from '../../ui/api.ts';
import { useTexts } from '../i18n.ts';

/** The address by which the phone's calendar reads one's visits (日历订阅). Where there is no network, it is not there. */
export function CalendarSetting() {
  const { t } = useTexts();
  const [feed, setFeed] = useState<CalendarFeed | null>(null);
  const [url, setUrl] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    let gone = false;
    api.get<CalendarFeed>('/calendar-feed').then(({ data }) => { if (!gone) setFeed(data); }, () => undefined);
    return () => { gone = true; };
  }, []);
  if (feed === null) return null;

  async function act(work: () => Promise<void>): Promise<void> {
    setBusy(true);
    await work().catch((error: unknown) => Toast.show({ content: asProblem(error).title, duration: 4000 }));
    setBusy(false);
  }
  const make = () => act(async () => {
    const { data } = await api.post<CalendarFeedMade>('/calendar-feed', {});
    setUrl(data.url);
    setFeed({ active: true, createdAt: null, lastReadAt: null });
  });
  const revoke = () => act(async () => {
    await api.delete('/calendar-feed');
    setUrl(null);
    setFeed({ active: false, createdAt: null, lastReadAt: null });
  });
  return (
    <div className="setting">
      <span>
        {t('me.calendar')}
        <span className="setting-hint">{url === null ? t(feed.active ? 'me.calendarOn' : 'me.calendarHint') : <a href={url.replace(/^https?:/, 'webcal:')}>{t('me.calendarOpen')}</a>}</span>
        {url !== null && <input className="text-input" readOnly value={url} aria-label={t('me.calendar')} onFocus={(event) => event.target.select()} />}
      </span>
      <button type="button" className="small-button" disabled={busy} onClick={() => void (feed.active ? revoke() : make())}>{t(feed.active ? 'me.calendarOff' : 'me.calendarMake')}</button>
    </div>
  );
}
