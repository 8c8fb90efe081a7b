import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, DatePicker, Select, TimePicker } from 'antd';
import dayjs from 'dayjs';
import { useMemo, useState } from 'react';
import type { TechnicianProposal } from '../../../../contract/dispatch.ts';
import { lockNames } from '../../../../contract/day-plan.ts';
import { spanOfDays } from '../../../../rules/shifts/shifts.ts';
import { visitStatusNames } from '../../../../rules/ticket/visit-lifecycle.ts';
import { PriorityMark, ProblemAlert } from '../../../ui/react/index.ts';
import { technicianProposals } from '../../data/proposals.ts';
import { Badge } from '../../parts/badge.tsx';
import { Delayed } from '../../parts/delayed.tsx';
import { Icon } from '../../parts/icon.tsx';
import { RowSkeleton } from '../../parts/row-skeleton.tsx';
import { ProposalBasis, ProposalWords, RuledOut, ScoreSheet } from '../../ticket/proposal-list.tsx';
import { useBoard } from './board-context.ts';
import { isOver, type BoardRow, type BoardStop } from './board-model.ts';
import { dayWords, shortly } from './clock.ts';
import { LockSelect } from './lock-select.tsx';
import { dayAfter, dayIn, wallMoment } from './scale.ts';
import { useBoardTexts } from './texts.ts';
import styles from './side-panel.module.css';

type Props = {
  rows: readonly BoardRow[];
  /** Plans the day anew after something has happened. */
  onReplan: (event: { event: 'visit_late'; visitId: string; minutes: number } | { event: 'urgent_ticket'; ticketId: string } | { event: 'technician_absent'; technicianId: string }) => void;
};

/** What is chosen on the board (侧栏): a ticket or visit with whom to send, or somebody’s day in order. */
export function SidePanel({ rows, onReplan }: Props) {
  const { chosen, choose } = useBoard();
  const { t } = useBoardTexts();
  if (chosen === null) return null;
  const row = rows.find(({ id }) => id === (chosen.kind === 'technician' ? chosen.id : chosen.technicianId));
  return (
    <aside className={styles.panel} aria-label={chosen.kind === 'stop' ? chosen.stop.subject : row?.name}>
      <button type="button" className={styles.close} aria-label={t('panel.close')} onClick={() => choose(null)}><Icon name="close" /></button>
      {chosen.kind === 'stop'
        ? <StopPart key={chosen.stop.key} stop={rows.flatMap(({ stops }) => stops).find(({ key }) => key === chosen.stop.key) ?? chosen.stop} row={row ?? null} rows={rows} onReplan={onReplan} />
        : row !== undefined && <TechnicianPart row={row} onReplan={onReplan} />}
    </aside>
  );
}

function StopPart({ stop, row, rows, onReplan }: { stop: BoardStop; row: BoardRow | null } & Props) {
  const { t } = useBoardTexts();
  const { time, zone, date, language, mayMove, drop, pickUp } = useBoard();
  const on = (at: number): string => (dayIn(zone, at) === date ? time(at) : `${dayWords(zone, at, language)} ${time(at)}`);
  const join = (names: readonly string[]): string => names.join(language === 'en' ? ', ' : '、');
  const word = (names: { zh: string; en: string }): string => (language === 'en' ? names.en : names.zh);
  const from = row === null ? null : { technicianId: row.id, start: stop.start };
  const movable = mayMove && !stop.fixed && stop.ticketId !== null;
  const facts: [string, string, 'danger' | undefined][] = [
    ...(row === null ? [] : [[t('panel.planned'), `${row.name} ${time(stop.start)}–${time(stop.end)}`, undefined] as [string, string, undefined]]),
    [t('panel.place'), stop.place ?? t('lane.noPlace'), undefined],
    ...(stop.travel > 0 ? [[t('figure.travel'), [shortly(stop.travel, language), ...(stop.travelFrom === null ? [] : [stop.travelFrom])].join(' · '), undefined] as [string, string, undefined]] : []),
    [t('panel.work'), t('lane.minutes', { count: stop.minutes }), undefined],
    ...(stop.window.from === null && stop.window.to === null ? [] : [[t('panel.window'), [stop.window.from, stop.window.to].map((at) => (at === null ? '…' : on(at))).join('–'), stop.late > 0 ? 'danger' : undefined] as [string, string, 'danger' | undefined]]),
    ...(stop.due === null ? [] : [[t('panel.due'), on(stop.due), stop.late > 0 && stop.window.to === null ? 'danger' : undefined] as [string, string, 'danger' | undefined]]),
    ...(stop.members.length === 0 ? [] : [[t('panel.members'), join(stop.members), undefined] as [string, string, undefined]]),
    ...(stop.skills.length === 0 ? [] : [[t('panel.skills'), join(stop.skills), stop.missingSkills.length > 0 ? 'danger' : undefined] as [string, string, 'danger' | undefined]]),
  ];
  return (
    <>
      <header className={styles.head}>
        <PriorityMark priority={stop.priority} />
        {stop.number !== '' && <Link to="/tickets/$number" params={{ number: stop.number }} className={styles.number} title={t('stop.open')}>{stop.number}</Link>}
        {stop.status !== null && <Badge tone={isOver(stop) ? 'neutral' : stop.status === 'scheduled' ? 'neutral' : 'accent'}>{word(visitStatusNames[stop.status])}</Badge>}
        {stop.late > 0 && <Badge tone="danger">{t('stop.late', { time: shortly(stop.late, language) })}</Badge>}
        {stop.lock !== null && <Badge>{word(lockNames[stop.lock])}</Badge>}
      </header>
      <h2 className={styles.title}>{stop.subject}</h2>
      <dl className={styles.facts}>
        {facts.map(([name, value, tone]) => <div key={name}><dt>{name}</dt><dd data-tone={tone}>{value}</dd></div>)}
      </dl>
      {movable && (
        <>
          <PlanByHand key={`${row?.id} ${stop.start} ${date}`} stop={stop} row={row} rows={rows} />
          <div className={styles.deeds}>
            {from !== null && <Button size="small" icon={<Icon name="transfer" size={14} />} onClick={() => pickUp({ stop, from })}>{t('stop.move')}</Button>}
            {row !== null && stop.visitId !== null && !stop.draft && <LockSelect stop={{ ...stop, visitId: stop.visitId }} technicianId={row.id} />}
            {from !== null && <Button size="small" icon={<Icon name="undo" size={14} />} onClick={() => drop({ stop, from }, 'lane')}>{t('stop.release')}</Button>}
            {from !== null && stop.visitId !== null && stop.late > 0 && <Button size="small" icon={<Icon name="reopen" size={14} />} onClick={() => onReplan({ event: 'visit_late', visitId: stop.visitId!, minutes: Math.max(1, Math.round(stop.late / 60_000)) })}>{t('stop.runsLate')}</Button>}
            {from === null && stop.priority === 'urgent' && <Button size="small" icon={<Icon name="reopen" size={14} />} onClick={() => onReplan({ event: 'urgent_ticket', ticketId: stop.ticketId! })}>{t('panel.urgent')}</Button>}
          </div>
          <Proposals stop={stop} from={from} />
        </>
      )}
    </>
  );
}

/** A person and a time chosen from lists, for those who neither drag nor carry: on a phone, say. */
function PlanByHand({ stop, row, rows }: { stop: BoardStop; row: BoardRow | null; rows: readonly BoardRow[] }) {
  const { t } = useBoardTexts();
  const { date, zone, drop, time, trying, language } = useBoard();
  const [day, setDay] = useState(date);
  const [technicianId, setTechnicianId] = useState<string | undefined>(row?.id);
  const [at, setAt] = useState<string | null>(row === null ? null : time(stop.start));
  const [hours = 0, minutes = 0] = (at ?? '').split(':').map(Number);
  const start = wallMoment(zone, day, hours * 60 + minutes);
  const ready = technicianId !== undefined && at !== null;
  return (
    <div className={styles.hand}>
      <Select
        className={styles.who} showSearch={{ optionFilterProp: 'label' }} aria-label={t('people')} placeholder={t('find.person')} value={technicianId} onChange={setTechnicianId}
        options={rows.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <DatePicker
        className={styles.on} aria-label={t('panel.day')} allowClear={false} inputReadOnly disabled={trying} title={trying ? t('panel.dayTrying') : undefined} value={dayjs(`${day}T12:00:00`)}
        format={(value) => dayWords('UTC', Date.parse(`${value.format('YYYY-MM-DD')}T12:00:00Z`), language)} onChange={(value) => value !== null && setDay(value.format('YYYY-MM-DD'))}
      />
      <TimePicker
        className={styles.when} aria-label={t('panel.when')} placeholder={t('panel.when')} format="HH:mm" minuteStep={5} needConfirm={false} allowClear={false} showNow={false} inputReadOnly={false} value={at === null ? null : dayjs(`2026-01-01T${at}`)}
        onChange={(value) => setAt(value === null ? null : value.format('HH:mm'))}
      />
      <Button type="primary" disabled={!ready || (technicianId === row?.id && Math.abs(start - stop.start) < 60_000)} onClick={() => drop({ stop, from: row === null ? null : { technicianId: row.id, start: stop.start } }, { technicianId: technicianId!, start })}>
        {day === date ? t('panel.planBlank') : t('panel.moveDay')}
      </Button>
    </div>
  );
}

function Proposals({ stop, from }: { stop: BoardStop; from: { technicianId: string; start: number } | null }) {
  const { t } = useBoardTexts();
  const { date, zone, drop, time, language } = useBoard();
  const [opened, setOpened] = useState<string | null>(null);
  // What is left of the day that the board shows, so far as the customer was told nothing narrower.
  const window = useMemo(() => {
    const span = spanOfDays(zone, date, dayAfter(date));
    const start = Math.max(span.from, Math.ceil(Date.now() / 300_000) * 300_000, stop.window.from ?? 0);
    const end = stop.window.to !== null && stop.window.to > start ? Math.min(stop.window.to, span.to) : span.to;
    return start < end ? { start: new Date(start), end: new Date(end) } : null;
  }, [date, zone, stop.window.from, stop.window.to]);
  const query = useQuery(technicianProposals(stop.ticketId!, window));
  const proposals = query.data;
  const put = (proposal: TechnicianProposal): void => drop({ stop, from }, { technicianId: proposal.technician.id, start: Date.parse(proposal.begins) });
  return (
    <section className={styles.proposals} aria-label={t('panel.proposals')}>
      <h3 className={styles.subtitle}>{t('panel.proposals')}</h3>
      {query.isError && <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Delayed><RowSkeleton rows={3} height={48} /></Delayed>}
      {proposals !== undefined && (
        <>
          {proposals.items.length === 0 && <p className={styles.muted}>{t('panel.nobody')}</p>}
          {window === null && proposals.items[0] !== undefined && dayIn(zone, Date.parse(proposals.items[0].begins)) !== date && <p className={styles.muted}>{t('panel.otherDay', { day: dayWords(zone, Date.parse(proposals.items[0].begins), language) })}</p>}
          <ul>
            {proposals.items.slice(0, 6).map((proposal, index) => {
              const { id } = proposal.technician;
              const shown = opened === id;
              const there = dayIn(zone, Date.parse(proposal.begins)) === date;
              return (
                <li key={id} className={styles.proposal}>
                  <button type="button" className={styles.choose} aria-expanded={shown} onClick={() => setOpened(shown ? null : id)}>
                    <ProposalWords proposal={proposal} best={index === 0} current={id === from?.technicianId} />
                  </button>
                  {shown && (
                    <div className={styles.sheet}>
                      <ScoreSheet proposal={proposal} />
                      <Button type="primary" block disabled={!there} onClick={() => put(proposal)}>{t('panel.plan', { time: time(Date.parse(proposal.begins)) })}</Button>
                    </div>
                  )}
                </li>
              );
            })}
          </ul>
          <ProposalBasis proposals={proposals} />
          <RuledOut proposals={proposals} />
        </>
      )}
    </section>
  );
}

function TechnicianPart({ row, onReplan }: { row: BoardRow; onReplan: Props['onReplan'] }) {
  const { t } = useBoardTexts();
  const { time, language, choose, mayMove } = useBoard();
  const { figures } = row;
  const shift = row.absences.length > 0 && !row.onDuty ? t('row.absent') : !row.shiftsKnown ? t('row.allDay') : row.shifts.length === 0 ? t('row.off') : row.shifts.map(({ from, to }) => `${time(from)}–${time(to)}`).join(' ');
  return (
    <>
      <header className={styles.head}><span className={styles.dot} style={{ background: `var(--route-${row.colour + 1})` }} aria-hidden="true" /><h2 className={styles.title}>{row.name}</h2></header>
      <p className={styles.muted}>{shift}</p>
      {row.onCall.length > 0 && <p className={styles.muted}>{t('technician.onCall', { hours: row.onCall.map(({ from, to }) => `${time(from)}–${time(to)}`).join(' ') })}</p>}
      <dl className={styles.tiles}>
        {([['figure.visits', String(figures.visits)], ['figure.travel', shortly(figures.travelSeconds * 1_000, language)], ['figure.work', shortly(figures.workSeconds * 1_000, language)], ['figure.idle', shortly(figures.idleSeconds * 1_000, language)]] as const).map(([name, value]) => (
          <div key={name}><dt>{t(name)}</dt><dd>{value}</dd></div>
        ))}
      </dl>
      <h3 className={styles.subtitle}>{t('technician.route')}</h3>
      {row.stops.length === 0 ? <p className={styles.muted}>{t('technician.none')}</p> : (
        <ol className={styles.route}>
          {row.stops.map((stop, index) => (
            <li key={stop.key}>
              <button type="button" disabled={stop.ticketId === null} onClick={() => choose({ kind: 'stop', stop, technicianId: row.id })}>
                <span className={styles.order} data-done={isOver(stop) || undefined}>{index + 1}</span>
                <span className={styles.words}>
                  <span className={styles.first}><span className={styles.hour}>{time(stop.start)}</span><span className={styles.what}>{stop.ticketId === null ? t('stop.withheld') : stop.subject}</span></span>
                  <span className={styles.second}>{[...(stop.late > 0 ? [t('stop.late', { time: shortly(stop.late, language) })] : []), ...(stop.travel > 0 ? [t('stop.travel', { time: shortly(stop.travel, language) }), stop.travelFrom ?? ''] : []), stop.place ?? ''].filter((part) => part !== '').join(' · ')}</span>
                </span>
              </button>
            </li>
          ))}
        </ol>
      )}
      {mayMove && row.stops.some(({ fixed }) => !fixed) && <div className={styles.deeds}><Button size="small" icon={<Icon name="reopen" size={14} />} onClick={() => onReplan({ event: 'technician_absent', technicianId: row.id })}>{t('row.absentReplan')}</Button></div>}
    </>
  );
}
