import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { App, Button } from 'antd';
import type { Calendar } from '../../../contract/calendar.ts';
import { asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { Badge } from '../parts/badge.tsx';
import { Icon } from '../parts/icon.tsx';
import { localName } from '../parts/names.ts';
import { useSession } from '../session/session.tsx';
import { Rows, Section } from '../settings/section.tsx';
import { calendars } from './data.ts';
import { useSlaTexts } from './texts.ts';
import styles from './sla.module.css';

/** The business calendars (工作日历). */
export function CalendarsSection() {
  const { t: say, language } = useSlaTexts();
  const { message } = App.useApp();
  const { may } = useSession();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const list = useQuery(calendars);
  const create = useMutation({
    mutationFn: async () => {
      const keys = new Set((list.data ?? []).map((calendar) => calendar.key));
      let number = (list.data ?? []).length + 1;
      while (keys.has(`calendar_${number}`)) number += 1;
      const standard = list.data?.find((calendar) => calendar.default)?.definition;
      return postOnce<Calendar>('/calendars', { key: `calendar_${number}`, name: say('calendars.new'), definition: standard ?? { timeZone: 'Asia/Shanghai', windows: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, startsMinute: 540, endsMinute: 1_080 })), sources: ['cn'], exceptions: {} } });
    },
    onSuccess: (calendar) => {
      void queryClient.invalidateQueries({ queryKey: calendars.queryKey });
      void navigate({ to: '/settings/calendars/$calendarId', params: { calendarId: calendar.id } });
    },
    onError: (error) => void message.error(asProblem(error).title),
  });
  return (
    <Section title={say('calendars')} hint={say('calendars.hint')} action={may('settings.write') ? <Button type="primary" icon={<Icon name="plus" />} loading={create.isPending} disabled={list.data === undefined} onClick={() => create.mutate()}>{say('calendars.new')}</Button> : undefined}>
      <Rows query={list} empty={say('calendars.none')}>{(items) => (
        <ul className={styles.list}>
          {items.map((calendar) => {
            const words = (
              <>
                <span className={styles.itemName}>
                  {localName(calendar, language)}
                  {calendar.default && <Badge tone="accent">{say('default')}</Badge>}
                  {calendar.publishedVersion === null ? <Badge>{say('draft')}</Badge> : calendar.draft !== null && <Badge tone="accent">{say('draftBadge')}</Badge>}
                </span>
                <span className={styles.muted}>{calendar.week}{calendar.definition === null ? '' : ` · ${calendar.definition.timeZone}`}</span>
                {calendar.unpublishedYears.map((year) => <span key={year} className={styles.muted}>{say('year.unpublished', { year })}</span>)}
              </>
            );
            return <li key={calendar.id} className={styles.item}>{may('settings.write') ? <Link to="/settings/calendars/$calendarId" params={{ calendarId: calendar.id }} className={styles.itemMain}>{words}</Link> : <span className={styles.itemMain}>{words}</span>}</li>;
          })}
        </ul>
      )}</Rows>
    </Section>
  );
}
