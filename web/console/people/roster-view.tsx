import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { dayNumber, dayText, type Weekday } from '../../../rules/calendar/calendar.ts';
import { weekdayNames } from '../../../rules/calendar/describe-calendar.ts';
import { dayIn } from '../../../rules/conditions/days.ts';
import { EmptyState, ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Delayed } from '../parts/delayed.tsx';
import { Icon } from '../parts/icon.tsx';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import { useSession } from '../session/session.tsx';
import { roster } from './records.ts';
import { ShiftEditor } from './shift-editor.tsx';
import { hoursText } from './shift-hours.ts';
import { usePeopleTexts } from './texts.ts';
import styles from './shifts.module.css';

// 1970-01-01, day 0, was a Thursday.
const mondayOf = (day: string): number => dayNumber(day) - ((((dayNumber(day) + 3) % 7) + 7) % 7);

/** Who works when, a week at a glance (班表): people down, days across. */
export function RosterView({ team }: { team: { id: string; name: string } | undefined }) {
  const { t, language } = useTexts();
  const { t: say } = usePeopleTexts();
  const { me, may } = useSession();
  const today = dayIn(new Date().toISOString(), me.organization.timeZone);
  const [monday, setMonday] = useState(() => mondayOf(today));
  const [editing, setEditing] = useState<{ kind: 'staff' | 'teams'; id: string; name: string } | null>(null);
  const [from, to] = [dayText(monday), dayText(monday + 7)];
  const list = useQuery({ ...roster({ from, to, ...(team === undefined ? {} : { team: team.id }) }), placeholderData: (before) => before });
  const words = weekdayNames[language === 'en' ? 'en' : 'zh'];
  const writable = may('organization.write');
  return (
    <div className={styles.roster}>
      <div className={styles.bar}>
        <Button icon={<Icon name="chevronLeft" size={14} />} aria-label={say('shifts.previous')} onClick={() => setMonday(monday - 7)} />
        <Button disabled={monday === mondayOf(today)} onClick={() => setMonday(mondayOf(today))}>{say('shifts.today')}</Button>
        <Button icon={<Icon name="chevronRight" size={14} />} aria-label={say('shifts.next')} onClick={() => setMonday(monday + 7)} />
        <span className={styles.range}>{say('shifts.week', { from, to: dayText(monday + 6) })}</span>
        {writable && team !== undefined && <Button className={styles.teamButton} icon={<Icon name="clock" />} onClick={() => setEditing({ kind: 'teams', ...team })}>{say('shifts.team', { name: team.name })}</Button>}
      </div>
      {list.data === undefined ? (
        list.error === null ? <Delayed><RowSkeleton rows={8} height={44} /></Delayed> : <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />
      ) : list.data.length === 0 ? <EmptyState title={t('record.noMatch')} /> : (
        <div className={styles.scroll} role="region" aria-label={say('shifts.show')} tabIndex={0}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t('record.person')}</th>
                {[0, 1, 2, 3, 4, 5, 6].map((offset) => (
                  <th key={offset} scope="col" data-today={dayText(monday + offset) === today || undefined}>
                    {words[(offset + 1) as Weekday]} <span className={styles.date}>{dayText(monday + offset).slice(5)}</span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {list.data.map((person) => (
                <tr key={person.staff.id}>
                  <th scope="row">
                    {writable ? <button type="button" className={styles.person} onClick={() => setEditing({ kind: 'staff', ...person.staff })}>{person.staff.name}</button> : person.staff.name}
                    {person.source === 'none' && <span className={styles.off}>{say('shifts.none')}</span>}
                    {person.source !== 'none' && person.timeZone !== me.organization.timeZone && <span className={styles.off}>{say('shifts.otherZone', { zone: person.timeZone })}</span>}
                  </th>
                  {person.days.map((day) => (
                    <td key={day.day} data-today={day.day === today || undefined} data-exception={day.exception !== null || undefined} title={day.exception || undefined}>
                      {day.windows.length === 0 ? <span className={styles.off}>{person.source === 'none' && day.exception === null ? '' : say('shifts.off')}</span> : day.windows.map((window) => <span key={window.startsMinute} className={styles.span}>{hoursText([window])}</span>)}
                      {day.absent && <span className={styles.away}>{say('shifts.away')}</span>}
                      {day.exception !== null && day.exception !== '' && <span className={styles.note}>{day.exception}</span>}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {editing !== null && <ShiftEditor {...editing} onClose={() => setEditing(null)} />}
    </div>
  );
}
