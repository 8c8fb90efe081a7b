import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Tabs } from 'antd';
import { useState } from 'react';
import { planChangeNames, replanEventNames, type DayFigures, type DayPlan, type PlanItem, type PlanLeftOut } from '../../../../contract/day-plan.ts';
import { PriorityMark, ProblemAlert } from '../../../ui/react/index.ts';
import { Badge } from '../../parts/badge.tsx';
import { Icon } from '../../parts/icon.tsx';
import { useBoard } from './board-context.ts';
import { shortly, signed } from './clock.ts';
import { applyPlan, boardKeys, withdrawPlan } from './data.ts';
import { ReasonDialog } from './reason-dialog.tsx';
import { usePlannerTexts } from './planner-texts.ts';
import styles from './planner.module.css';

type Props = { plan: DayPlan; onChanged: () => void; onAgain: () => void; onClose: () => void };

const rows = ['visits', 'travelSeconds', 'travelMetres', 'workSeconds', 'idleSeconds', 'overtimeSeconds', 'late'] as const;
/** Of these less is better, of visits more; work and idle time are neither. */
const less = new Set<string>(['travelSeconds', 'travelMetres', 'overtimeSeconds', 'late']);
const done = new Set<string>(['applied', 'unchanged', 'left']);
/** Who it is with, or was. */
const whoOf = ({ before, after }: PlanItem) => (after ?? before)?.technician;

/** What came of a plan (排程结果): before and after, each ticket with what changes, what is left out and why; then it is applied. */
export function PlanResult({ plan, onChanged, onAgain, onClose }: Props) {
  const { t } = usePlannerTexts();
  const { language } = useBoard();
  const queryClient = useQueryClient();
  const planned = plan.items.filter(({ change }) => change === 'new');
  const moved = plan.items.filter(({ change }) => change === 'person' || change === 'time' || change === 'removed');
  const kept = plan.items.filter(({ change }) => change === 'kept');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set([...planned, ...moved].map(({ ticketId }) => ticketId)));
  const settled = (next: DayPlan): void => {
    queryClient.setQueryData([...boardKeys.plans, 'one', plan.id], next);
    void queryClient.invalidateQueries({ queryKey: [...boardKeys.plans, 'of'] });
    onChanged();
  };
  const whole = chosen.size === planned.length + moved.length;
  const apply = useMutation({ mutationFn: (reason: string | null) => applyPlan(plan.id, { ...(whole ? {} : { ticketIds: [...chosen] }), ...(reason === null ? {} : { reason }) }), onSuccess: settled });
  const [asking, setAsking] = useState(false);
  const breaking = plan.items.filter(({ ticketId, change, breaks }) => breaks.length > 0 && (chosen.has(ticketId) || (whole && change === 'kept')));
  const withdraw = useMutation({
    mutationFn: () => withdrawPlan(plan.id),
    onSuccess: (next) => {
      settled(next);
      onAgain();
    },
  });
  const choose = (ticketIds: readonly string[], on: boolean): void => setChosen((before) => {
    const after = new Set(before);
    for (const id of ticketIds) if (on) after.add(id);
    else after.delete(id);
    return after;
  });
  const ready = plan.state === 'ready';
  const applied = plan.items.filter(({ outcome }) => outcome?.code === 'applied').length;
  const returned = plan.items.filter(({ outcome }) => outcome?.code === 'given_back').length;
  const skipped = plan.items.filter(({ outcome }) => outcome !== null && outcome.code !== 'given_back' && !done.has(outcome.code)).length;
  const aside = (['beyond', 'gone', 'later'] as const).filter((why) => (plan.aside?.[why] ?? 0) > 0);
  const list = (items: readonly PlanItem[]) => <Items items={items} chosen={ready ? chosen : null} onChoose={choose} />;
  return (
    <>
      <div className={styles.body}>
        {plan.event !== null && <p className={styles.muted}>{t('event')}{language === 'en' ? ': ' : '：'}{language === 'en' ? replanEventNames[plan.event].en : replanEventNames[plan.event].zh}</p>}
        {plan.event === 'technician_absent' && <p className={styles.muted}>{t('event.absent')}</p>}
        {plan.state === 'applied' && <p className={styles.applied} role="status"><Icon name="checkCircle" size={18} /><span>{t('applied', { count: applied })}{returned > 0 && <em>{t('applied.returned', { count: returned })}</em>}{skipped > 0 && <em>{t('applied.skipped', { count: skipped })}</em>}</span></p>}
        {plan.state === 'withdrawn' && <p className={styles.muted}>{plan.title}</p>}
        {plan.before !== null && plan.after !== null && <Figures before={plan.before} after={plan.after} />}
        {plan.bookings > 0 && <p className={styles.muted}>{t('movedOf', { count: plan.bookings, moved: plan.moved })}</p>}
        {aside.map((why) => <p key={why} className={styles.muted}>{t(`aside.${why}`, { count: plan.aside![why] })}</p>)}
        {ready && <p className={styles.muted}>{t('preview')}</p>}
        <Tabs
          size="small"
          defaultActiveKey={planned.length > 0 ? 'new' : moved.length > 0 ? 'moved' : plan.leftOut.length > 0 ? 'left' : 'kept'}
          items={[
            { key: 'new', label: t('planned', { count: planned.length }), children: list(planned) },
            { key: 'moved', label: t('moved', { count: moved.length }), children: list(moved) },
            { key: 'left', label: t('left', { count: plan.leftOut.length }), children: <LeftOut items={plan.leftOut} /> },
            { key: 'kept', label: t('keptCount', { count: kept.length }), children: <Items items={kept} chosen={null} onChoose={choose} /> },
          ]}
        />
        {apply.isError && <ProblemAlert error={apply.error} />}
        {withdraw.isError && <ProblemAlert error={withdraw.error} />}
      </div>
      <footer className={styles.foot}>
        {ready ? (
          <>
            <Button size="large" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>{t('withdraw')}</Button>
            <Button type="primary" size="large" className={styles.main} loading={apply.isPending} disabled={chosen.size === 0} onClick={() => (breaking.length > 0 ? setAsking(true) : apply.mutate(null))}>{whole ? t('apply') : t('apply.some', { count: chosen.size })}</Button>
          </>
        ) : (
          <>
            <Button size="large" onClick={onAgain}>{t('again')}</Button>
            <Button type="primary" size="large" className={styles.main} onClick={onClose}>{t('close')}</Button>
          </>
        )}
      </footer>
      {asking && (
        <ReasonDialog
          broken={breaking.flatMap((item) => item.breaks.map(({ code, title }) => ({ code, title, detail: null, technicianId: whoOf(item)?.id ?? '', visitId: item.visitId, ticketId: item.ticketId })))}
          numbers={new Map(breaking.map(({ visitId, ticketId, number }) => [visitId ?? ticketId, number]))} nameOf={(id) => plan.items.map(whoOf).find((person) => person?.id === id)?.name ?? ''}
          onAnswer={(reason) => {
            setAsking(false);
            if (reason !== null) apply.mutate(reason);
          }}
        />
      )}
    </>
  );
}

function Figures({ before, after }: { before: DayFigures; after: DayFigures }) {
  const { t } = usePlannerTexts();
  const { language } = useBoard();
  const show = (name: (typeof rows)[number], value: number): string => (name.endsWith('Seconds') ? shortly(value * 1_000, language) : name === 'travelMetres' ? t('kilometres', { count: Math.round(value / 100) / 10 }) : String(value));
  const change = (name: (typeof rows)[number], value: number): string => (value === 0 ? '–' : name.endsWith('Seconds') ? signed(value * 1_000, language) : `${value > 0 ? '+' : '−'}${show(name, Math.abs(value))}`);
  return (
    <table className={styles.figures}>
      <thead><tr><th scope="col"><span className="visually-hidden">{t('figure')}</span></th><th scope="col">{t('before')}</th><th scope="col">{t('after')}</th><th scope="col">{t('difference')}</th></tr></thead>
      <tbody>
        {rows.map((name) => {
          const difference = after[name] - before[name];
          const good = difference === 0 ? undefined : name === 'visits' ? difference > 0 : less.has(name) ? difference < 0 : undefined;
          return (
            <tr key={name}>
              <th scope="row">{t(`total.${name}`)}</th><td>{show(name, before[name])}</td><td className={styles.after}>{show(name, after[name])}</td>
              <td data-good={good === undefined ? undefined : String(good)}>{change(name, difference)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Items({ items, chosen, onChoose }: { items: readonly PlanItem[]; chosen: ReadonlySet<string> | null; onChoose: (ticketIds: readonly string[], on: boolean) => void }) {
  const { t } = usePlannerTexts();
  const { time, language } = useBoard();
  const whom = (times: PlanItem['after']): string => (times === null ? '–' : t('item.to', { name: times.technician.name, time: time(Date.parse(times.startsAt)) }));
  if (items.length === 0) return <p className={styles.muted}>{t('item.none')}</p>;
  return (
    <ul className={styles.items}>
      {items.map((item) => (
        <li key={item.ticketId} data-plan-item={item.number}>
          {chosen !== null && <Checkbox aria-label={t('item.choose', { number: item.number })} checked={chosen.has(item.ticketId)} onChange={({ target: { checked } }) => onChoose([item.ticketId], checked)} />}
          <span className={styles.words}>
            <span className={styles.ticket}><PriorityMark priority={item.priority} /><span>{item.subject}</span></span>
            <span className={styles.change}>
              {item.before !== null && item.change !== 'kept' && <><s>{whom(item.before)}</s><Icon name="chevronRight" size={12} /></>}
              <span>{item.change === 'removed' ? (language === 'en' ? planChangeNames.removed.en : planChangeNames.removed.zh) : whom(item.after)}</span>
              {item.travelSeconds > 0 && <span className={styles.muted}><Icon name="car" size={12} /> {shortly(item.travelSeconds * 1_000, language)}{item.travelFrom !== null && ` · ${item.travelFrom.title}`}</span>}
              {item.late && <Badge tone="danger">{t('late')}</Badge>}
              {item.breaks.map(({ code, title }) => <Badge key={code} tone="danger">{title}</Badge>)}
            </span>
            {item.outcome !== null && !done.has(item.outcome.code) && <span className={styles.outcome}>{item.outcome.title}</span>}
          </span>
          {item.outcome?.code === 'applied' && <Icon name="check" size={16} className={styles.tick} />}
        </li>
      ))}
    </ul>
  );
}

function LeftOut({ items }: { items: readonly PlanLeftOut[] }) {
  const { t } = usePlannerTexts();
  if (items.length === 0) return <p className={styles.muted}>{t('item.none')}</p>;
  return (
    <ul className={styles.items}>
      {items.map((item) => (
        <li key={item.ticketId}>
          <span className={styles.words}>
            <span className={styles.ticket}><PriorityMark priority={item.priority} /><span>{item.subject}</span></span>
            <span className={styles.reason}>{item.title}</span>
            {item.relaxations.length === 0 ? <span className={styles.muted}>{t('left.none')}</span> : (
              <span className={styles.relax}><span className={styles.muted}>{t('left.relax')}</span>{item.relaxations.slice(0, 3).map(({ kind, technician, title }) => <span key={`${kind} ${technician.id}`}>{title}</span>)}</span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
