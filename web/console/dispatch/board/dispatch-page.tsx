import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { App, Drawer, Segmented } from 'antd';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { DispatchDay } from '../../../../contract/day-plan.ts';
import { feed } from '../../../ui/feed.ts';
import { asProblem } from '../../../ui/api.ts';
import { EmptyState, ProblemAlert } from '../../../ui/react/index.ts';
import { Delayed } from '../../parts/delayed.tsx';
import { Icon } from '../../parts/icon.tsx';
import { RowSkeleton } from '../../parts/row-skeleton.tsx';
import { useTitle } from '../../parts/title.ts';
import { useWide } from '../../parts/wide.ts';
import { soundsLike } from '../../../../rules/text/pinyin.ts';
import { useSession } from '../../session/session.tsx';
import { Forbidden } from '../../shell/page-states.tsx';
import { BoardProvider, type Board, type Chosen } from './board-context.ts';
import { firstFree, movesOfPlan, routeColours, rowOf, withMoves, type BoardRow, type Move } from './board-model.ts';
import { carry, dragFrom, useCarryPart, type Carried, type Target } from './carry.ts';
import { dayWords, timeIn } from './clock.ts';
import { boardKeys, dayPlan, dispatchDay, requestReplan, type UnplannedFilter } from './data.ts';
import { Lane, useUnplanned } from './lane.tsx';
import { MapPane } from './map-pane.tsx';
import { PeopleList } from './people-list.tsx';
import { Planner } from './planner.tsx';
import { Pool } from './pool.tsx';
import { ReasonDialog } from './reason-dialog.tsx';
import { dayIn, onDay, scaleOf, shownHours, stepped, wallMoment } from './scale.ts';
import { SidePanel } from './side-panel.tsx';
import { Splitter } from './splitter.tsx';
import { useBoardTexts } from './texts.ts';
import { Timeline, type TimelineHandle } from './timeline.tsx';
import { PeopleFilterField, type PeopleFilter } from './people-filter.tsx';
import { Toolbar } from './toolbar.tsx';
import { useMoves } from './use-moves.tsx';
import { WhatIfBar } from './what-if-bar.tsx';
import { useKept } from './use-kept.ts';
import styles from './dispatch-page.module.css';

/** The dispatch board (调度台): map and timeline side by side, what waits beside them, and the planner. */
export function DispatchPage() {
  const { t } = useBoardTexts();
  const { may } = useSession();
  useTitle(t('title'));
  return may('ticket.assign') ? <DispatchBoard /> : <Forbidden />;
}

/** Facts that come together are answered by one look. */
const gather = 500;
/** Minutes after midnight at which work begins where nobody has entered when. */
const usualBegin = 480;
const nothingFiltered: PeopleFilter = { words: undefined, only: 'all' };

function DispatchBoard() {
  const { t, language } = useBoardTexts();
  const { date, team, zoom = 60, plan } = useSearch({ from: '/dispatch' });
  const navigate = useNavigate({ from: '/dispatch' });
  const { me } = useSession();
  const queryClient = useQueryClient();
  const { message } = App.useApp();
  const wide = useWide(1024);
  const phone = !useWide(700);
  const shownDate = date ?? dayIn(me.organization.timeZone, Date.now());
  const query = useQuery(dispatchDay(date, team));
  const day: DispatchDay | undefined = query.data;
  const zone = day?.zone ?? me.organization.timeZone;
  const [filter, setFilter] = useState<UnplannedFilter>({});
  const [people, setPeople] = useState<PeopleFilter>(nothingFiltered);
  const [tab, setTab] = useState<'lane' | 'pool'>('lane');
  const [part, setPart] = useState<'lane' | 'pool' | 'people' | 'map'>('lane');
  const [chosen, choose] = useState<Chosen>(null);
  const [planning, setPlanning] = useState(plan !== undefined);
  const [mapWidth, setMapWidth] = useKept<number>('dispatch.map', 380);
  const [mapShown, setMapShown] = useKept<boolean>('dispatch.mapShown', true);
  const [said, say] = useState('');
  const timeline = useRef<TimelineHandle | null>(null);

  // What others change is read anew by itself: nobody looks at yesterday's board.
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const unsubscribe = feed.subscribe((event) => {
      if (event.type !== 'fact') return;
      const { kind, ticketId } = event.data as { kind: string; ticketId: string | null };
      if (ticketId === null && !/^(dispatch|visit|offer|shifts|absence|staff|position)\./.test(kind)) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        for (const queryKey of [boardKeys.day, boardKeys.unplanned, boardKeys.plans]) void queryClient.invalidateQueries({ queryKey });
      }, gather);
    });
    return () => {
      unsubscribe();
      clearTimeout(timer);
    };
  }, [queryClient]);

  const all = useMemo<readonly BoardRow[]>(() => {
    const rows = (day?.technicians ?? []).map(rowOf);
    let colour = 0;
    // Neighbours on the map get colours that differ: only those who go out take one.
    return rows.map((row) => ({ ...row, colour: row.stops.length > 0 ? colour++ % routeColours : routeColours - 1 }));
  }, [day]);
  const time = useCallback((at: number) => timeIn(zone, at, language), [zone, language]);
  const names = useMemo(() => new Map(all.map(({ id, name }) => [id, name])), [all]);
  const dayOf = useCallback((at: number) => dayIn(zone, at), [zone]);
  /** The time; with its day where that is another one than is shown. */
  const moment = useCallback((at: number) => (dayOf(at) === shownDate ? time(at) : `${dayWords(zone, at, language)} ${time(at)}`), [dayOf, shownDate, time, zone, language]);
  const words = useCallback(({ stop, to }: Move): string => (to === null ? t('saved.released', { number: stop.number }) : t('saved', { number: stop.number, name: names.get(to.technicianId) ?? '', time: moment(to.start) })), [names, t, moment]);
  const moves = useMoves(shownDate, all, words, dayOf);
  const laneFilter = useMemo(() => ({ ...filter, teamId: team }), [filter, team]);
  const { tickets } = useUnplanned(laneFilter, moves.moves);

  // A plan that is looked at lies over the board, dashed, until it is applied or given up.
  const open = useQuery({ ...dayPlan(plan ?? ''), enabled: plan !== undefined && planning });
  const planned = useMemo(() => {
    if (!planning || open.data?.state !== 'ready' || open.data.date !== shownDate) return moves.rows;
    return withMoves(all, movesOfPlan(open.data.items, all), null);
  }, [planning, open.data, shownDate, moves.rows, all]);
  const thoughtOf = useMemo(() => (planned === moves.rows || open.data === undefined ? tickets : tickets.filter(({ ticketId }) => !open.data.items.some((item) => item.ticketId === ticketId))), [planned, moves.rows, open.data, tickets]);

  const rows = useMemo(() => planned.filter(({ name, onDuty, onCall, stops }) => {
    if (people.only === 'duty' && !onDuty && stops.length === 0) return false;
    if (people.only === 'call' && onCall.length === 0) return false;
    if (people.only === 'busy' && stops.length === 0) return false;
    return people.words === undefined || name.toLowerCase().includes(people.words.toLowerCase()) || soundsLike(name, people.words);
  }).sort((one, other) => Number(other.onDuty || other.onCall.length > 0 || other.stops.length > 0) - Number(one.onDuty || one.onCall.length > 0 || one.stops.length > 0)), [planned, people]);
  const hours = useMemo(() => shownHours(shownDate, zone, all.flatMap(({ shifts, stops }) => [...shifts.flatMap(({ from, to }) => [from, to]), ...stops.flatMap(({ start, end }) => [start, end])])), [all, shownDate, zone]);
  const scale = useMemo(() => scaleOf(hours.from, hours.to, zoom), [hours, zoom]);

  const { put, draftWith } = moves;
  const drop = useCallback(({ stop, from }: Carried, target: Target) => {
    const to = target === 'lane' ? null : target;
    if (to === null && from === null) return;
    put({ stop, from, to });
    // What goes to another day is not here any more.
    if (to !== null && dayOf(to.start) !== shownDate) choose(null);
    if (to !== null) say(t('carry.dropped', { number: stop.number, name: names.get(to.technicianId) ?? '', time: moment(to.start) }));
  }, [dayOf, moment, names, put, shownDate, t]);
  const firstFreeOf = useCallback((row: BoardRow, { stop }: Carried): number => {
    const begin = Math.max(wallMoment(zone, shownDate, usualBegin), Date.now());
    return stepped(scale, firstFree(row, stop.minutes, begin) + scale.snap * 30_000, 0);
  }, [zone, shownDate, scale]);
  const board = useMemo<Board>(() => ({
    date: shownDate, zone, language, scale, time, chosen, choose, drop, draftWith, mayMove: query.data !== undefined, trying: moves.trying,
    pickUp(carried) {
      const technicianId = carried.from?.technicianId ?? (rows.find(({ onDuty }) => onDuty) ?? rows[0])?.id;
      const row = rows.find(({ id }) => id === technicianId);
      if (row === undefined) return;
      carry.begin(carried, 'keys', { technicianId: row.id, start: carried.from?.start ?? firstFreeOf(row, carried) });
      say(t('carry.picked', { number: carried.stop.number }));
    },
    press(event, carried, grabbed) {
      dragFrom(event, carried, (x, y) => {
        const lane = document.querySelector('[data-lane]')?.getBoundingClientRect();
        if (carried.from !== null && lane !== undefined && x >= lane.left && x <= lane.right && y >= lane.top && y <= lane.bottom) return 'lane';
        // On the way to another day it stays with its person, at its time.
        const day = carried.from === null || moves.trying ? undefined : document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-to-day]')?.dataset.toDay;
        if (carried.from !== null && day !== undefined) return { technicianId: carried.from.technicianId, start: onDay(zone, day, carried.from.start) };
        // On the map a person is aimed at, at the first moment they are free.
        const person = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-person]')?.dataset.person;
        const theirs = rows.find(({ id }) => id === person);
        if (theirs !== undefined) return { technicianId: theirs.id, start: firstFreeOf(theirs, carried) };
        return timeline.current?.targetAt(x, y, grabbed) ?? null;
      }, drop);
    },
  }), [shownDate, zone, language, scale, time, chosen, drop, draftWith, query.data, moves.trying, rows, firstFreeOf, t]);

  const replan = useMutation({
    mutationFn: requestReplan,
    onSuccess: ({ id }) => {
      setPlanning(true);
      void navigate({ search: (before) => ({ ...before, plan: id }), replace: true });
    },
    onError: (error) => {
      const problem = asProblem(error);
      void message.error(problem.errors[0]?.message ?? problem.title);
    },
  });
  const renew = useCallback(() => {
    for (const queryKey of [boardKeys.day, boardKeys.unplanned]) void queryClient.invalidateQueries({ queryKey });
  }, [queryClient]);

  const teamIds = team === undefined ? (day?.teams ?? []).map(({ id }) => id) : [team];
  const lane = (
    <>
      <Segmented<'lane' | 'pool'> block className={styles.tabs} aria-label={t('lane')} value={tab} onChange={setTab} options={[{ value: 'lane', label: t('lane') }, { value: 'pool', label: t('pool') }]} />
      {tab === 'lane' ? <Lane filter={laneFilter} onFilter={setFilter} moves={moves.moves} /> : <Pool teamId={team} />}
    </>
  );
  const side = <SidePanel rows={planned} onReplan={(event) => replan.mutate({ date: shownDate, teamIds, ...event })} />;
  const map = <MapPane rows={rows} tickets={thoughtOf} />;
  const refused = query.isError && day === undefined;
  return (
    <BoardProvider value={board}>
      <div className={styles.page} data-busy={moves.busy || undefined}>
        <Toolbar
          date={shownDate} team={team} zoom={zoom} teams={day?.teams ?? []} figures={day?.figures} phone={phone} trying={moves.trying} mapShown={mapShown}
          onDate={(next) => void navigate({ search: (before) => ({ ...before, date: next, plan: undefined }), replace: true })}
          onTeam={(next) => void navigate({ search: (before) => ({ ...before, team: next }), replace: true })}
          onZoom={(next) => void navigate({ search: (before) => ({ ...before, zoom: next }), replace: true })}
          onTry={moves.tryOut} onMap={wide ? setMapShown : undefined} onPlanner={() => setPlanning(true)}
        />
        {refused && <div className={styles.note}><ProblemAlert error={query.error} onRetry={() => void query.refetch()} /></div>}
        {!refused && phone && (
          <>
            <Segmented<typeof part> block className={styles.tabs} value={part} onChange={setPart} options={(['lane', 'pool', 'people', 'map'] as const).map((value) => ({ value, label: t(value) }))} />
            <div className={styles.one}>
              {part === 'lane' ? <Lane filter={laneFilter} onFilter={setFilter} moves={moves.moves} /> : part === 'pool' ? <Pool teamId={team} /> : part === 'people' ? <PeopleList rows={rows} /> : map}
            </div>
            <Drawer open={chosen !== null} placement="bottom" size="82%" onClose={() => choose(null)} closable={false} styles={{ body: { padding: 0, display: 'flex', flexDirection: 'column' } }}>{side}</Drawer>
          </>
        )}
        {!refused && !phone && (
          <div className={styles.body}>
            <div className={styles.lane}>{lane}</div>
            <div className={styles.middle}>
              {moves.trying && <WhatIfBar moves={moves.moves} reckoned={moves.reckoned} reckoning={moves.reckoning} busy={moves.busy} onApply={() => void moves.apply()} onDiscard={() => moves.tryOut(false)} />}
              {day === undefined ? <Delayed><RowSkeleton rows={10} height={60} /></Delayed>
                : day.technicians.length === 0 ? <div className={styles.note}><EmptyState icon={<Icon name="people" size={28} />} title={t('timeline.nobody')} hint={t('timeline.nobodyHint')} /></div>
                  : <Timeline rows={rows} handle={timeline} corner={<PeopleFilterField people={people} count={rows.length} onPeople={setPeople} />} />}
              {day !== undefined && day.technicianCount > day.technicians.length && <p className={styles.more}>{t('timeline.more', { total: day.technicianCount, count: day.technicians.length })}</p>}
            </div>
            {((wide && mapShown) || chosen !== null) && (
              <>
                <Splitter label={t('split')} size={mapWidth} minimum={300} maximum={900} onResize={setMapWidth} />
                <div className={styles.right} style={{ width: mapWidth }}>
                  {wide && mapShown && map}
                  {chosen !== null && <div className={styles.side} data-alone={!(wide && mapShown) || undefined}>{side}</div>}
                </div>
              </>
            )}
          </div>
        )}
        <CarryVoice names={names} time={time} />
        <p className="visually-hidden" role="status" aria-live="polite">{said}</p>
        {moves.asking !== null && <ReasonDialog broken={moves.asking.broken} numbers={new Map(moves.asking.moves.map(({ stop }) => [stop.key, stop.number]))} onAnswer={(reason) => void moves.answer(reason)} nameOf={(id) => names.get(id) ?? ''} />}
        {planning && day !== undefined && (
          <Planner
            teams={day.teams} teamId={team} tickets={tickets} planId={plan} onChanged={renew}
            onPlan={(id) => void navigate({ search: (before) => ({ ...before, plan: id }), replace: true })}
            onClose={() => {
              setPlanning(false);
              void navigate({ search: (before) => ({ ...before, plan: undefined }), replace: true });
            }}
          />
        )}
      </div>
    </BoardProvider>
  );
}

/** Says where what is carried by keys would go. */
function CarryVoice({ names, time }: { names: ReadonlyMap<string, string>; time: (at: number) => string }) {
  const { t } = useBoardTexts();
  const words = useCarryPart((carrying) => (carrying?.by === 'keys' && carrying.target !== null && carrying.target !== 'lane' ? t('carry.at', { name: names.get(carrying.target.technicianId) ?? '', time: time(carrying.target.start) }) : ''));
  return <p className="visually-hidden" aria-live="assertive">{words}</p>;
}
