import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Button, ConfigProvider, Input, Popconfirm, Segmented, Select } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Calendar, CalendarDefinition, HolidaySources } from '../../../contract/calendar.ts';
import { weekdays, type BusinessCalendar, type DayException, type DayWindow, type Weekday } from '../../../rules/calendar/calendar.ts';
import { checkCalendar, describeCalendarProblem } from '../../../rules/calendar/check-calendar.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { bracketed } from '../../ui/punctuation.ts';
import { Icon } from '../parts/icon.tsx';
import { useTitle } from '../parts/title.ts';
import { useSession } from '../session/session.tsx';
import { PagePending } from '../shell/page-states.tsx';
import { calendar, calendars, calendarVersions, holidaySources } from './data.ts';
import { EditorHead } from './editor-head.tsx';
import { Field } from './target-card.tsx';
import { IcalImport } from './ical-import.tsx';
import { useDefinition } from './use-definition.ts';
import { useSlaTexts } from './texts.ts';
import { Versions } from './versions.tsx';
import { TimeInput, WeekEditor } from './week-editor.tsx';
import { YearView } from './year-view.tsx';
import styles from './sla.module.css';

/** The editor of a business calendar (日历编辑): the week, public holidays, own exceptions, and the whole year to look at. */
export function CalendarPage() {
  const { calendarId } = useParams({ from: '/settings/calendars/$calendarId' });
  const query = useQuery(calendar(calendarId));
  const sources = useQuery(holidaySources);
  if (query.data !== undefined && query.isFetchedAfterMount && sources.data !== undefined) return <Editor key={calendarId} initial={query.data} sources={sources.data} />;
  const failed = query.isError ? query : sources;
  return failed.isError ? <div className={styles.failed}><ProblemAlert error={failed.error} onRetry={() => void failed.refetch()} /></div> : <PagePending />;
}

function Editor({ initial, sources }: { initial: Calendar; sources: HolidaySources['items'] }) {
  const { t: say, language } = useSlaTexts();
  const draft = useDefinition<CalendarDefinition, Calendar>('calendars', initial, { one: calendar(initial.id).queryKey, list: calendars.queryKey, versions: calendarVersions(initial.id).queryKey });
  const { server, definition } = draft;
  const [year, setYear] = useState(new Date().getFullYear());
  const [day, setDay] = useState<string | null>(null);
  const [side, setSide] = useState<'exceptions' | 'versions'>('exceptions');
  useTitle(draft.name);
  const readOnly = !useSession().may('settings.write');
  const define = (patch: Partial<CalendarDefinition>): void => draft.define({ ...definition, ...patch });
  const business = useMemo((): BusinessCalendar => {
    const { sources: keys, ...rest } = definition;
    return { ...rest, sources: sources.filter((source) => keys.includes(source.key)).map(({ key, knownFrom, knownUntil, days }) => ({ key, days, ...(knownFrom === null ? {} : { knownFrom }), ...(knownUntil === null ? {} : { knownUntil }) })) };
  }, [definition, sources]);
  const problems = useMemo(() => checkCalendar(business).map((problem) => ({ path: problem.path, message: describeCalendarProblem(problem, language === 'en' ? 'en' : 'zh') })), [business, language]);
  // A week that cannot be read is not drawn.
  const drawable = !problems.some((problem) => problem.path.startsWith('/timeZone') || /^\/(windows|exceptions)\//.test(problem.path));
  const setException = (of: string, exception: DayException | null): void => {
    const { [of]: _gone, ...others } = definition.exceptions;
    define({ exceptions: exception === null ? others : { ...others, [of]: exception } });
  };
  const zones = useMemo(() => Intl.supportedValuesOf('timeZone').map((zone) => ({ value: zone, label: zone })), []);
  return (
    <div className={styles.page}>
      <EditorHead section="calendars" draft={draft} publishedVersion={server.publishedVersion} problems={problems.filter((problem) => !problem.path.startsWith('/windows/'))} readOnly={readOnly}>
        {!server.default && server.publishedVersion !== null && <Button onClick={() => draft.change.mutate({ default: true })}>{say('makeDefault')}</Button>}
        {!server.default && <Popconfirm title={say('archiveAsk')} okText={say('archive')} onConfirm={() => draft.change.mutate({ archived: !server.archived })}><Button>{say(server.archived ? 'on' : 'archive')}</Button></Popconfirm>}
      </EditorHead>
      <div className={styles.columns}>
        <main className={styles.edit}>
          <section className={styles.part} aria-label={say('week')}>
            <h2>{say('week')}</h2>
            <WeekEditor windows={definition.windows} problems={problems} readOnly={readOnly} onChange={(windows) => define({ windows })} />
            <ConfigProvider componentDisabled={readOnly}>
              <div className={styles.fields}>
                <Field label={say('zone')}><Select showSearch={{ optionFilterProp: 'label' }} aria-label={say('zone')} value={definition.timeZone} options={zones.some((zone) => zone.value === definition.timeZone) ? zones : [{ value: definition.timeZone, label: definition.timeZone }, ...zones]} onChange={(timeZone: string) => define({ timeZone })} /></Field>
                <Field label={say('sources')}><Select mode="multiple" aria-label={say('sources')} placeholder={say('sources.none')} value={[...definition.sources]} options={sources.map((source) => ({ value: source.key, label: `${source.name}${bracketed(say('sources.known', { from: source.knownFrom ?? '', until: source.knownUntil ?? '' }))}` }))} onChange={(keys: string[]) => define({ sources: keys })} /></Field>
                <Field label={say('makeUp')}><Select aria-label={say('makeUp')} value={definition.makeUpWeekday ?? 0} options={[{ value: 0, label: say('makeUp.first') }, ...weekdays.map((weekday) => ({ value: weekday as number, label: say(`day.${weekday}`) }))]} onChange={(weekday: number) => {
                  const { makeUpWeekday: _before, ...rest } = definition;
                  draft.define(weekday === 0 ? rest : { ...rest, makeUpWeekday: weekday as Weekday });
                }} /></Field>
                <Field label={say('nameEn')}><Input aria-label={say('nameEn')} maxLength={100} value={draft.nameEn} onChange={(event) => draft.rename({ nameEn: event.target.value })} /></Field>
              </div>
            </ConfigProvider>
          </section>
          <section className={styles.part} aria-label={say('year')}>
            <h2>{say('year')}</h2>
            {drawable ? <YearView calendar={business} year={year} onYear={setYear} chosen={day} onChoose={setDay} /> : <p className={styles.note} role="note">{say('year.mend')}</p>}
          </section>
        </main>
        <aside className={styles.aside}>
          <Segmented<'exceptions' | 'versions'> block aria-label={say('calendars')} value={side} options={[{ value: 'exceptions', label: say('exceptions') }, { value: 'versions', label: say('versions') }]} onChange={setSide} />
          {side === 'versions' ? <Versions query={calendarVersions(server.id)} readOnly={readOnly} onRestore={(number) => draft.restore.mutate(number)} restoring={draft.restore.isPending} /> : (
            <>
              {day !== null && !readOnly && <ExceptionForm key={day} day={day} exception={definition.exceptions[day] ?? null} onChange={(exception) => setException(day, exception)} />}
              {!readOnly && <IcalImport timeZone={definition.timeZone} exceptions={definition.exceptions} onChange={(exceptions) => define({ exceptions })} />}
              {Object.keys(definition.exceptions).length === 0 && <p className={styles.muted}>{say(readOnly ? 'exceptions.empty' : 'exceptions.none')}</p>}
              <ul className={styles.list}>
                {Object.entries(definition.exceptions).toSorted(([a], [b]) => (a < b ? -1 : 1)).slice(0, 400).map(([of, exception]) => (
                  <li key={of} className={styles.item}>
                    <button type="button" className={styles.itemMain} onClick={() => { setYear(Number(of.slice(0, 4))); setDay(of); }}><span className={styles.itemName}><span className={styles.number}>{of}</span>{exception.name ?? ''}</span><span className={styles.muted}>{say(exception.kind === 'holiday' ? 'exception.holiday' : exception.kind === 'workday' ? 'exception.workday' : exception.kind === 'open' ? 'exception.open' : 'exception.closedPart')}</span></button>
                    {!readOnly && <Button type="text" size="small" icon={<Icon name="close" size={14} />} aria-label={say('exception.remove', { day: of })} onClick={() => setException(of, null)} />}
                  </li>
                ))}
              </ul>
            </>
          )}
        </aside>
      </div>
    </div>
  );
}

type Kind = 'normal' | DayException['kind'];

/** What one day is instead (某天的例外). */
function ExceptionForm({ day, exception, onChange }: { day: string; exception: DayException | null; onChange: (exception: DayException | null) => void }) {
  const { t: say } = useSlaTexts();
  const name = exception?.name;
  const named = name === undefined ? {} : { name };
  const windows: readonly DayWindow[] = exception && 'windows' in exception && exception.windows ? exception.windows : [{ startsMinute: 540, endsMinute: 720 }];
  const latest = Math.max(...windows.map((window) => window.endsMinute));
  const form = useRef<HTMLElement>(null);
  // On a phone the year stands above it.
  useEffect(() => form.current?.scrollIntoView({ block: 'nearest' }), []);
  const make = (kind: Kind): DayException | null => (kind === 'normal' ? null : kind === 'open' || kind === 'closed' ? { kind, ...named, windows } : { kind, ...named });
  return (
    <section ref={form} className={styles.dayForm} aria-label={say('exception.of', { day })}>
      <h3>{say('exception.of', { day })}</h3>
      <Select<Kind> aria-label={say('exception.kind')} value={exception?.kind ?? 'normal'} options={[{ value: 'normal', label: say('exception.normal') }, { value: 'holiday', label: say('exception.holiday') }, { value: 'workday', label: say('exception.workday') }, { value: 'open', label: say('exception.open') }, { value: 'closed', label: say('exception.closedPart') }]} onChange={(kind) => onChange(make(kind))} />
      {exception !== null && (exception.kind === 'open' || exception.kind === 'closed') && (
        <span className={styles.windows}>
          {windows.map((window, index) => (
            <span key={index} className={styles.window}>
              <TimeInput label={say('week.from', { day, number: index + 1 })} value={window.startsMinute} onChange={(startsMinute) => onChange({ ...exception, windows: windows.map((one, at) => (at === index ? { ...one, startsMinute } : one)) })} />–
              <TimeInput label={say('week.to', { day, number: index + 1 })} value={window.endsMinute} onChange={(endsMinute) => onChange({ ...exception, windows: windows.map((one, at) => (at === index ? { ...one, endsMinute } : one)) })} />
              {windows.length > 1 && <Button type="text" size="small" icon={<Icon name="close" size={12} />} aria-label={say('week.remove', { day, number: index + 1 })} onClick={() => onChange({ ...exception, windows: windows.filter((_, at) => at !== index) })} />}
            </span>
          ))}
          {latest < 1_440 && <Button type="text" size="small" icon={<Icon name="plus" size={12} />} aria-label={say('week.add', { day })} onClick={() => onChange({ ...exception, windows: [...windows, { startsMinute: Math.min(latest + 60, 1_380), endsMinute: 1_440 }] })} />}
        </span>
      )}
      {exception !== null && <Input aria-label={say('exception.name')} placeholder={say('exception.name')} maxLength={100} value={name ?? ''} onChange={(event) => {
        const { name: _before, ...rest } = exception;
        onChange(event.target.value === '' ? rest as DayException : { ...rest, name: event.target.value } as DayException);
      }} />}
    </section>
  );
}
