import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Popconfirm } from 'antd';
import { useState } from 'react';
import type { CalendarFeed, CalendarFeedMade } from '../../../contract/calendar-feed.ts';
import { api, asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { Ago, ProblemAlert } from '../../ui/react/index.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { ownTexts } from '../texts/own-texts.ts';
import { phrases } from '../texts/phrases.ts';
import styles from './account-drawer.module.css';

const { useTexts: useCalendarTexts } = ownTexts(phrases({
  'calendar.title': ['日历订阅', 'Calendar'],
  'calendar.hint': ['用手机或电脑的日历订阅自己的上门安排。地址等同密码，不要转发；文件里没有客户姓名和电话。', 'Read your visits in the calendar of your phone or computer. The address is as good as a password: do not pass it on. It tells no names and numbers of customers.'],
  'calendar.make': ['生成订阅地址', 'Make an address'],
  'calendar.renew': ['换一个地址', 'A new address'],
  'calendar.renewAsk': ['换新地址后，已订阅的日历不再更新。', 'Calendars that read the present address get no more news.'],
  'calendar.revoke': ['停用', 'Take it back'],
  'calendar.once': ['地址只显示这一次：', 'The address is shown this once:'],
  'calendar.copy': ['复制地址', 'Copy the address'],
  'calendar.active': ['已启用', 'In use'],
  'calendar.read': ['最近读取', 'last read'],
  'calendar.never': ['还没有日历读取过', 'no calendar has read it yet'],
}));

/** The secret address under which a calendar reads one's own visits (日历订阅): made, replaced, taken back. */
export function CalendarPart() {
  const { t: say } = useCalendarTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const feed = useQuery({ queryKey: ['calendar-feed'], queryFn: async ({ signal }) => (await api.get<CalendarFeed>('/calendar-feed', { signal })).data });
  const [url, setUrl] = useState<string | null>(null);
  const renew = (): void => void queryClient.invalidateQueries({ queryKey: ['calendar-feed'] });
  const make = useMutation({ mutationFn: () => postOnce<CalendarFeedMade>('/calendar-feed', {}), onSuccess: (made) => setUrl(made.url), onError: (error) => void message.error(asProblem(error).title), onSettled: renew });
  const revoke = useMutation({ mutationFn: () => api.delete('/calendar-feed'), onSuccess: () => setUrl(null), onError: (error) => void message.error(asProblem(error).title), onSettled: renew });
  return (
    <section>
      <h3 className={styles.title}>{say('calendar.title')}</h3>
      <p className={styles.hint}>{say('calendar.hint')}</p>
      {feed.isError && <ProblemAlert error={feed.error} onRetry={() => void feed.refetch()} />}
      {url !== null && (
        <div role="status">
          <p>{say('calendar.once')}</p>
          <div style={{ display: 'flex', gap: 8 }}><Input readOnly value={url} aria-label={say('calendar.title')} onFocus={(event) => event.target.select()} /><CopyButton text={url} label={say('calendar.copy')} /></div>
        </div>
      )}
      {feed.data?.active === true && url === null && <p>{say('calendar.active')} · {feed.data.lastReadAt === null ? say('calendar.never') : <>{say('calendar.read')} <Ago value={feed.data.lastReadAt} /></>}</p>}
      {feed.data !== undefined && (
        <p style={{ display: 'flex', gap: 8, marginTop: 8 }}>
          {feed.data.active ? (
            <>
              <Popconfirm title={say('calendar.renewAsk')} okText={say('calendar.renew')} onConfirm={() => make.mutate()}><Button loading={make.isPending}>{say('calendar.renew')}</Button></Popconfirm>
              <Button danger type="text" loading={revoke.isPending} onClick={() => revoke.mutate()}>{say('calendar.revoke')}</Button>
            </>
          ) : <Button loading={make.isPending} onClick={() => make.mutate()}>{say('calendar.make')}</Button>}
        </p>
      )}
    </section>
  );
}
