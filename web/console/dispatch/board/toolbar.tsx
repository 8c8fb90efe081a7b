import { Button, DatePicker, Segmented, Select, Tooltip } from 'antd';
import dayjs from 'dayjs';
import type { Reference } from '../../../../contract/common.ts';
import type { DayFigures } from '../../../../contract/day-plan.ts';
import { Icon } from '../../parts/icon.tsx';
import { useBoard } from './board-context.ts';
import { useCarryPart } from './carry.ts';
import { dayWords, shortly } from './clock.ts';
import { usePlannerTexts } from './planner-texts.ts';
import { dayAfter, dayIn } from './scale.ts';
import { zooms, type Zoom } from './search.ts';
import { useBoardTexts } from './texts.ts';
import styles from './toolbar.module.css';

type Props = {
  date: string; team: string | undefined; zoom: Zoom; teams: readonly Reference[]; figures: DayFigures | undefined; phone: boolean; trying: boolean; mapShown: boolean;
  onDate: (date: string | undefined) => void; onTeam: (team: string | undefined) => void; onZoom: (zoom: Zoom) => void; onTry: (on: boolean) => void; onMap: ((shown: boolean) => void) | undefined; onPlanner: () => void;
};

/** The head of the board (调度台工具栏): which day, whose, how wide, what it comes to, and the planner. */
export function Toolbar({ date, team, zoom, teams, figures, phone, trying, mapShown, onDate, onTeam, onZoom, onTry, onMap, onPlanner }: Props) {
  const { t } = useBoardTexts();
  const { t: say } = usePlannerTexts();
  const { zone, language } = useBoard();
  const today = dayIn(zone, Date.now());
  // A visit that is carried may be dropped on the days beside this one.
  const carrying = useCarryPart((now) => now?.by === 'pointer' && now.carried.from !== null) && !trying;
  const aimed = useCarryPart((now) => (now?.target == null || now.target === 'lane' ? null : dayIn(zone, now.target.start)));
  const to = (day: string): void => onDate(day === today ? undefined : day);
  const step = (label: string, icon: 'chevronLeft' | 'chevronRight', days: number) => (
    <Tooltip title={label}><Button type="text" aria-label={label} data-to-day={dayAfter(date, days)} data-aimed={aimed === dayAfter(date, days) || undefined} className={carrying ? styles.toDay : undefined} icon={<Icon name={icon} />} onClick={() => to(dayAfter(date, days))} /></Tooltip>
  );
  return (
    <header className={styles.bar}>
      {!phone && <h1 className={styles.title}>{t('title')}</h1>}
      {phone && <h1 className="visually-hidden">{t('title')}</h1>}
      <div className={styles.day}>
        {step(t('day.before'), 'chevronLeft', -1)}
        <DatePicker
          variant="borderless" className={styles.date} aria-label={t('day.choose')} allowClear={false} inputReadOnly value={dayjs(`${date}T12:00:00`)} suffixIcon={null}
          format={(value) => dayWords('UTC', Date.parse(`${value.format('YYYY-MM-DD')}T12:00:00Z`), language)} onChange={(value) => value !== null && to(value.format('YYYY-MM-DD'))}
        />
        {step(t('day.after'), 'chevronRight', 1)}
        {date !== today && <Button size="small" onClick={() => onDate(undefined)}>{t('day.today')}</Button>}
      </div>
      <Select<string> className={styles.team} aria-label={t('team')} value={team ?? ''} popupMatchSelectWidth={false} showSearch={{ optionFilterProp: 'label' }} onChange={(next) => onTeam(next === '' ? undefined : next)} options={[{ value: '', label: t('team.all') }, ...teams.map(({ id, name }) => ({ value: id, label: name }))]} />
      {!phone && (
        <Segmented<Zoom> aria-label={t('zoom')} value={zoom} onChange={onZoom} options={zooms.map((value) => ({ value, label: t(`zoom.${value}`) }))} />
      )}
      {!phone && figures !== undefined && (
        <dl className={styles.figures}>
          <div><dt>{t('figure.visits')}</dt><dd>{figures.visits}</dd></div>
          <div><dt>{t('figure.travel')}</dt><dd>{shortly(figures.travelSeconds * 1_000, language)}</dd></div>
          {figures.late > 0 && <div data-tone="danger"><dt>{t('figure.late')}</dt><dd>{figures.late}</dd></div>}
        </dl>
      )}
      <div className={styles.deeds}>
        {onMap !== undefined && <Tooltip title={t(mapShown ? 'map.hide' : 'map.show')}><Button type="text" aria-pressed={mapShown} aria-label={t(mapShown ? 'map.hide' : 'map.show')} icon={<Icon name="place" />} onClick={() => onMap(!mapShown)} /></Tooltip>}
        {!phone && <Tooltip title={t('whatIf.hint')}><Button aria-pressed={trying} type={trying ? 'primary' : 'default'} ghost={trying} onClick={() => onTry(!trying)}>{t('whatIf')}</Button></Tooltip>}
        <Button type="primary" icon={<Icon name="spark" />} aria-label={say('open')} onClick={onPlanner}>{phone ? null : say('open')}</Button>
      </div>
    </header>
  );
}
