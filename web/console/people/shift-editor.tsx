import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Checkbox, Input, Modal, Segmented, Select } from 'antd';
import { useState } from 'react';
import type { Shifts } from '../../../contract/shifts.ts';
import { weekdays, type Weekday } from '../../../rules/calendar/calendar.ts';
import { weekdayNames } from '../../../rules/calendar/describe-calendar.ts';
import { api, asProblem } from '../../ui/api.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Delayed } from '../parts/delayed.tsx';
import { Icon } from '../parts/icon.tsx';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import { useSession } from '../session/session.tsx';
import { shiftsOf } from './records.ts';
import { clockOf, endsNextDay, enteredOf, hoursOf, hoursText, minuteOf, windowsOf, type EnteredHours, type EnteredWeek } from './shift-hours.ts';
import { usePeopleTexts } from './texts.ts';
import people from './people.module.css';
import styles from './shifts.module.css';

interface EditorProps {
  kind: 'staff' | 'teams';
  id: string;
  name: string;
  onClose: () => void;
}

/** Says when somebody, or a team, works (设置班次): a week, and the days that differ. */
export function ShiftEditor({ kind, id, name, onClose }: EditorProps) {
  const { t: say } = usePeopleTexts();
  const { data, error, refetch } = useQuery({ ...shiftsOf(kind, id), staleTime: 0 });
  if (data === undefined) {
    return (
      <Modal open title={say('shifts.of', { name })} footer={null} onCancel={onClose}>
        {error === null ? <Delayed><RowSkeleton rows={5} height={40} /></Delayed> : <ProblemAlert error={error} onRetry={() => void refetch()} />}
      </Modal>
    );
  }
  return <Editor key={data.version} kind={kind} id={id} name={name} shifts={data} onClose={onClose} />;
}

interface EnteredException { day: string; hours: string; note: string }

const enteredDays = (exceptions: Shifts['exceptions']): EnteredException[] => exceptions.map(({ day, windows, note }) => ({ day, hours: hoursText(windows, '-'), note: note ?? '' }));
const isSound = (exceptions: readonly EnteredException[]): boolean => exceptions.every(({ day, hours }) => day !== '' && hoursOf(hours) !== null);
const daysOf = (exceptions: readonly EnteredException[]): Shifts['exceptions'] => exceptions.map(({ day, hours, note }) => ({ day, windows: hoursOf(hours) ?? [], note: note.trim() || null }));

function Editor({ kind, id, name, shifts, onClose }: EditorProps & { shifts: Shifts }) {
  const { t } = useTexts();
  const { t: say } = usePeopleTexts();
  const { me } = useSession();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [follows, setFollows] = useState(kind === 'staff' && shifts.windows === null);
  const [week, setWeek] = useState<EnteredWeek>(() => enteredOf((shifts.windows ?? shifts.effective.windows) as Parameters<typeof enteredOf>[0]));
  const [zone, setZone] = useState(shifts.timeZone);
  const [exceptions, setExceptions] = useState<readonly EnteredException[]>(() => enteredDays(shifts.exceptions));
  const [callable, setCallable] = useState(shifts.onCall !== null);
  const [calls, setCalls] = useState<EnteredWeek>(() => enteredOf((shifts.onCall?.windows ?? []) as Parameters<typeof enteredOf>[0]));
  const [callDays, setCallDays] = useState<readonly EnteredException[]>(() => enteredDays(shifts.onCall?.exceptions ?? []));
  const [tried, setTried] = useState(false);
  const windows = windowsOf(week);
  const called = windowsOf(calls);
  const sound = (follows || windows !== null) && isSound(exceptions) && (!callable || (called !== null && isSound(callDays)));
  const save = useMutation({
    mutationFn: async () => (await api.patch<Shifts>(`/${kind}/${id}/shifts`, {
      timeZone: zone, windows: follows ? null : windows, exceptions: daysOf(exceptions),
      ...(kind === 'staff' ? { onCall: !callable || ((called ?? []).length === 0 && callDays.length === 0) ? null : { windows: called ?? [], exceptions: daysOf(callDays) } } : {}),
    }, { ifMatch: `"${shifts.version}"` })).data,
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['shifts'] });
      void message.success(say('shifts.saved'));
      onClose();
    },
  });
  const setDay = (weekday: Weekday, hours: readonly EnteredHours[]): void => setWeek((before) => ({ ...before, [weekday]: hours }));
  const refused = save.isError ? asProblem(save.error).errors : [];

  return (
    <Modal
      open
      width={620}
      title={kind === 'teams' ? say('shifts.team', { name }) : say('shifts.of', { name })}
      okText={t('common.save')}
      cancelText={t('common.cancel')}
      okButtonProps={{ loading: save.isPending }}
      mask={{ closable: false }}
      onOk={() => {
        setTried(true);
        if (sound) save.mutate();
      }}
      onCancel={onClose}
    >
      {save.isError && <ProblemAlert error={save.error} />}
      {refused.length > 0 && <ul className={styles.refused}>{refused.map(({ path, message: words }) => <li key={path}>{words}</li>)}</ul>}
      {kind === 'staff' && (
        <>
          <Segmented className={styles.follow} value={follows ? 'team' : 'own'} options={[{ value: 'team', label: say('shifts.follow') }, { value: 'own', label: say('shifts.own') }]} onChange={(value) => setFollows(value === 'team')} />
          <p className={people.hint}>{shifts.effective.team !== null && follows ? say('shifts.fromTeam', { name: shifts.effective.team.name }) : say('shifts.followHint')}</p>
        </>
      )}
      {!follows && (
        <>
          <WeekFields week={week} off={say('shifts.off')} tried={tried} onDay={setDay} />
          <Button type="link" size="small" disabled={week[1].length === 0} onClick={() => setWeek((before) => ({ ...before, 2: before[1], 3: before[1], 4: before[1], 5: before[1] }))}>{say('shifts.copy')}</Button>
          <label className={styles.zone}>
            <span>{say('shifts.zone')}</span>
            <Select showSearch allowClear aria-label={say('shifts.zone')} placeholder={say('shifts.zoneHint', { zone: me.organization.timeZone })} value={zone ?? undefined} options={Intl.supportedValuesOf('timeZone').map((value) => ({ value, label: value }))} onChange={(value: string | undefined) => setZone(value ?? null)} />
          </label>
        </>
      )}
      <h3 className={styles.heading}>{say('shifts.exceptions')}</h3>
      <ExceptionFields exceptions={exceptions} tried={tried} onChange={setExceptions} />
      {kind === 'staff' && (
        <section aria-label={say('shifts.onCall')}>
          <h3 className={styles.heading}>{say('shifts.onCall')}</h3>
          <Checkbox checked={callable} onChange={(event) => setCallable(event.target.checked)}>{say('shifts.onCallHint')}</Checkbox>
          {callable && (
            <>
              <WeekFields week={calls} off={say('shifts.notOnCall')} tried={tried} onDay={(weekday, hours) => setCalls((before) => ({ ...before, [weekday]: hours }))} />
              <ExceptionFields exceptions={callDays} tried={tried} onChange={setCallDays} />
            </>
          )}
        </section>
      )}
    </Modal>
  );
}

/** A time of the day, always by 24 hours, whatever the device is set to. */
function TimeInput({ label, value, tried, onChange }: { label: string; value: string; tried: boolean; onChange: (value: string) => void }) {
  const minute = minuteOf(value);
  return (
    <Input
      size="small"
      inputMode="numeric"
      placeholder="--:--"
      maxLength={5}
      aria-label={label}
      aria-invalid={minute === null && (tried || value !== '')}
      status={minute === null && (tried || value !== '') ? 'error' : undefined}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onBlur={() => {
        if (minute !== null) onChange(clockOf(minute));
      }}
    />
  );
}

/** The hours of each day of a week (一周录入). */
function WeekFields({ week, off, tried, onDay }: { week: EnteredWeek; off: string; tried: boolean; onDay: (weekday: Weekday, hours: readonly EnteredHours[]) => void }) {
  const { language } = useTexts();
  const { t: say } = usePeopleTexts();
  const words = weekdayNames[language === 'en' ? 'en' : 'zh'];
  return (
    <div className={styles.week}>
      {weekdays.map((weekday) => (
        <div key={weekday} className={styles.day} role="group" aria-label={words[weekday]}>
          <span className={styles.dayName}>{words[weekday]}</span>
          <span className={styles.hours}>
            {week[weekday].length === 0 && <span className={styles.off}>{off}</span>}
            {week[weekday].map((hours, index) => {
              const naming = { day: words[weekday], number: index + 1 };
              const set = (part: Partial<EnteredHours>): void => onDay(weekday, week[weekday].map((one, at) => (at === index ? { ...one, ...part } : one)));
              return (
                <span key={index} className={styles.window}>
                  <TimeInput label={say('shifts.start', naming)} tried={tried} value={hours.start} onChange={(start) => set({ start })} />
                  –
                  <TimeInput label={say('shifts.end', naming)} tried={tried} value={hours.end} onChange={(end) => set({ end })} />
                  {endsNextDay(hours) && <span className={styles.off}>{say('shifts.nextDay')}</span>}
                  <Button type="text" size="small" icon={<Icon name="close" size={14} />} aria-label={say('shifts.removeWindow', naming)} onClick={() => onDay(weekday, week[weekday].filter((_one, at) => at !== index))} />
                </span>
              );
            })}
          </span>
          <Button type="text" size="small" icon={<Icon name="plus" size={14} />} aria-label={say('shifts.addWindow', { day: words[weekday] })} disabled={week[weekday].length >= 5} onClick={() => onDay(weekday, [...week[weekday], week[weekday].length === 0 ? { start: '09:00', end: '18:00' } : { start: '', end: '' }])} />
        </div>
      ))}
    </div>
  );
}

/** Days that differ from the week (例外日期). */
function ExceptionFields({ exceptions, tried, onChange }: { exceptions: readonly EnteredException[]; tried: boolean; onChange: (exceptions: readonly EnteredException[]) => void }) {
  const { t: say } = usePeopleTexts();
  const change = (index: number, part: Partial<EnteredException>): void => onChange(exceptions.map((one, at) => (at === index ? { ...one, ...part } : one)));
  return (
    <>
      {exceptions.map((exception, index) => (
        <div key={index} className={styles.exception}>
          <Input type="date" aria-label={say('shifts.day')} status={tried && exception.day === '' ? 'error' : undefined} value={exception.day} onChange={(event) => change(index, { day: event.target.value })} />
          <Input aria-label={say('shifts.hours')} placeholder={say('shifts.hours')} maxLength={100} status={hoursOf(exception.hours) === null ? 'error' : undefined} value={exception.hours} onChange={(event) => change(index, { hours: event.target.value })} />
          <Input aria-label={say('shifts.note')} placeholder={say('shifts.note')} maxLength={100} value={exception.note} onChange={(event) => change(index, { note: event.target.value })} />
          <Button type="text" icon={<Icon name="close" size={14} />} aria-label={say('shifts.removeException', { number: index + 1 })} onClick={() => onChange(exceptions.filter((_one, at) => at !== index))} />
          {tried && (exception.day === '' || hoursOf(exception.hours) === null) && <p className={styles.problem} role="alert">{say(exception.day === '' ? 'shifts.dayMissing' : 'shifts.hoursWrong')}</p>}
        </div>
      ))}
      <Button type="dashed" block icon={<Icon name="plus" />} disabled={exceptions.length >= 400} onClick={() => onChange([...exceptions, { day: '', hours: '', note: '' }])}>{say('shifts.addException')}</Button>
    </>
  );
}
