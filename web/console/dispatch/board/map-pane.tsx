import { useQuery } from '@tanstack/react-query';
import { Tooltip } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { UnplannedTicket } from '../../../../contract/day-plan.ts';
import { ProblemAlert, useNow } from '../../../ui/react/index.ts';
import { formatAgo } from '../../../ui/time.ts';
import { useTheme } from '../../../ui/react/preferences.ts';
import type { Shape } from '../../../../rules/places/territory.ts';
import { localName } from '../../parts/names.ts';
import { useSession } from '../../session/session.tsx';
import { Icon, type IconName } from '../../parts/icon.tsx';
import { useBoard } from './board-context.ts';
import { isOver, stopOfTicket, type BoardRow, type BoardStop } from './board-model.ts';
import { mapSettings, staffPositions, territories } from './data.ts';
import type { MapModel, MapView } from './map/map-view.ts';
import { dayIn } from './scale.ts';
import { useBoardTexts } from './texts.ts';
import styles from './map-pane.module.css';

type Props = { rows: readonly BoardRow[]; tickets: readonly UnplannedTicket[] };

/** A position older than this is told apart from a fresh one. */
const fresh = 180_000;

/** The day on the map (调度地图): open work as pins that can be dragged away, each one’s way, and where they are. */
export function MapPane({ rows, tickets }: Props) {
  const { t } = useBoardTexts();
  const board = useBoard();
  const { chosen, language, time } = board;
  const settings = useQuery(mapSettings);
  // Where it is not known what to draw on, there is always the plain base.
  const tiles = settings.isPending ? undefined : settings.data?.tiles ?? null;
  const theme = useTheme();
  const now = useNow();
  const [heat, setHeat] = useState(false);
  const [lines, setLines] = useState(true);
  const [areasShown, setAreasShown] = useState(false);
  const session = useSession();
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<MapView | null>(null);
  const fitted = useRef(false);
  const [opened, setOpened] = useState(0);
  const [problem, setProblem] = useState<unknown>(null);

  const byId = useMemo(() => new Map(tickets.map((ticket) => [ticket.ticketId, ticket])), [tickets]);
  const stops = useMemo(() => new Map(rows.flatMap(({ id, stops: theirs }) => theirs.map((stop) => [stop.ticketId, { stop, technicianId: id }] as const))), [rows]);
  const acts = useRef({ board, byId, stops });
  acts.current = { board, byId, stops };

  useEffect(() => {
    const element = place.current;
    if (element === null || tiles === undefined) return undefined;
    let gone = false;
    let opening: MapView | null = null;
    const sized = new ResizeObserver(() => opening?.resize());
    import('./map/map-view.ts').then(({ openMap }) => {
      if (gone) return;
      opening = openMap(element, tiles, {
        onTicket: (ticketId) => {
          const { board: { choose }, byId: waiting, stops: planned } = acts.current;
          const ticket = waiting.get(ticketId);
          const there = planned.get(ticketId);
          if (ticket !== undefined) choose({ kind: 'stop', stop: stopOfTicket(ticket), technicianId: null });
          else if (there !== undefined) choose({ kind: 'stop', ...there });
        },
        onTechnician: (id) => {
          const { choose, chosen: before } = acts.current.board;
          if (id !== null) choose({ kind: 'technician', id });
          else if (before?.kind === 'technician') choose(null);
        },
        onPress: (ticketId, event) => {
          const ticket = acts.current.byId.get(ticketId);
          if (ticket !== undefined && acts.current.board.mayMove) acts.current.board.press(event, { stop: stopOfTicket(ticket), from: null }, 8);
        },
        words: { cluster: (count) => t('map.cluster', { count }) },
      });
      view.current = opening;
      sized.observe(element);
      fitted.current = false;
      setOpened((count) => count + 1);
    }).catch(setProblem);
    return () => {
      gone = true;
      sized.disconnect();
      opening?.close();
      view.current = null;
    };
  }, [tiles, theme, t]);

  const live = useQuery({ ...staffPositions, enabled: board.date === dayIn(board.zone, now) }).data;
  const positions = useMemo(() => new Map((live ?? []).map((one) => [one.staffId, { place: { lat: one.lat, lng: one.lng }, at: Date.parse(one.at) }])), [live]);
  const drawnAreas = useQuery({ ...territories, enabled: session.may('organization.read') }).data;
  const areas = useMemo<MapModel['areas']>(() => (areasShown ? (drawnAreas ?? []).map((area) => ({ id: area.id, name: localName(area, language), color: area.color, shape: area.shape as unknown as Shape })) : []), [areasShown, drawnAreas, language]);
  const minute = Math.floor(now / 60_000);
  const routes = useMemo<MapModel['routes']>(() => rows.map((row) => ({ ...row, position: positions.get(row.id) ?? row.position })).filter(({ stops: theirs, position }) => theirs.length > 0 || position !== null).map((row) => ({
    id: row.id, name: row.name, colour: row.colour, home: row.stops.some(({ point }) => point !== null) ? row.home : null,
    position: row.position === null ? null : { place: row.position.place, fresh: minute * 60_000 - row.position.at < fresh, label: t('map.person', { name: row.name, time: formatAgo(row.position.at, minute * 60_000, language) }) },
    stops: row.stops.flatMap((stop: BoardStop) => (stop.point === null || stop.ticketId === null ? [] : [{ key: stop.key, ticketId: stop.ticketId, place: stop.point, label: `${time(stop.start)} ${stop.subject}`, late: stop.late > 0, done: isOver(stop) }])),
  })), [rows, positions, minute, language, t, time]);
  const open = useMemo<MapModel['open']>(() => tickets.flatMap((ticket) => {
    const { point, number, subject, priority } = stopOfTicket(ticket);
    return point === null ? [] : [{ id: ticket.ticketId, place: point, priority, label: `${number} ${subject}` }];
  }), [tickets]);
  const chosenTicket = chosen?.kind === 'stop' ? chosen.stop.ticketId : null;
  const chosenRoute = chosen?.kind === 'technician' ? chosen.id : chosen?.technicianId ?? null;

  useEffect(() => {
    const there = view.current;
    if (there === null) return;
    there.update({ open, routes, areas, chosenRoute, chosenTicket, heat, lines });
    if (!fitted.current && (open.length > 0 || routes.some(({ stops: theirs }) => theirs.length > 0))) {
      fitted.current = true;
      there.fit();
    }
  }, [open, routes, areas, chosenRoute, chosenTicket, heat, lines, opened]);

  const tool = (icon: IconName, label: string, onClick: () => void, pressed?: boolean) => (
    <Tooltip title={label} placement="left">
      <button type="button" className={styles.tool} aria-label={label} aria-pressed={pressed} onClick={onClick}><Icon name={icon} /></button>
    </Tooltip>
  );
  return (
    <section className={styles.pane} aria-label={t('map.label')}>
      <div ref={place} className={styles.map} data-map />
      {problem !== null && <div className={styles.failed}><ProblemAlert error={problem} /></div>}
      <div className={styles.tools}>
        {tool('plus', t('map.in'), () => view.current?.zoom(1))}
        {tool('minus', t('map.out'), () => view.current?.zoom(-1))}
        {tool('target', t('map.fit'), () => view.current?.fit())}
        {tool('route', t('map.routes'), () => setLines((shown) => !shown), lines)}
        {(drawnAreas ?? []).length > 0 && tool('tag', t('map.areas'), () => setAreasShown((shown) => !shown), areasShown)}
        {tool('flame', t('map.heat'), () => setHeat((shown) => !shown), heat)}
      </div>
      {open.length === 0 && routes.length === 0 && <p className={styles.empty}>{t('map.empty')}</p>}
    </section>
  );
}
