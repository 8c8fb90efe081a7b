import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Drawer, Radio, Select, Slider } from 'antd';
import { useState } from 'react';
import { dayPlanLimits, keepModeNames, keepModes, type DayPlan, type KeepMode, type RequestDayPlan, type UnplannedTicket } from '../../../../contract/day-plan.ts';
import type { Reference } from '../../../../contract/common.ts';
import { PriorityMark, ProblemAlert } from '../../../ui/react/index.ts';
import { useWide } from '../../parts/wide.ts';
import { useBoard } from './board-context.ts';
import { dayWords } from './clock.ts';
import { dayPlan, plansOf, requestPlan } from './data.ts';
import { PlanResult } from './plan-result.tsx';
import { PlanWait } from './plan-wait.tsx';
import { usePlannerTexts } from './planner-texts.ts';
import styles from './planner.module.css';

type Props = {
  teams: readonly Reference[]; teamId: string | undefined; tickets: readonly UnplannedTicket[]; planId: string | undefined;
  onPlan: (id: string | undefined) => void; onChanged: () => void; onClose: () => void;
};

/** Has a day planned (智能排程): what is asked for, how long it takes, what came of it, and applying it. */
export function Planner({ teams, teamId, tickets, planId, onPlan, onChanged, onClose }: Props) {
  const { t } = usePlannerTexts();
  const { zone, language } = useBoard();
  const wide = useWide(700);
  const query = useQuery({ ...dayPlan(planId ?? ''), enabled: planId !== undefined });
  const plan = planId === undefined ? undefined : query.data;
  const running = plan?.state === 'waiting' || plan?.state === 'running';
  return (
    <Drawer
      open mask={false} size={wide ? 480 : '100%'} onClose={onClose} destroyOnHidden
      title={plan === undefined ? t('title') : t('of', { day: dayWords(zone, Date.parse(`${plan.date}T12:00:00Z`), language) })}
      styles={{ body: { padding: 0, display: 'flex', flexDirection: 'column' } }}
    >
      {planId === undefined ? <PlanForm teams={teams} teamId={teamId} tickets={tickets} onPlan={onPlan} />
        : query.isError ? <div className={styles.body}><ProblemAlert error={query.error} onRetry={() => void query.refetch()} /><Button onClick={() => onPlan(undefined)}>{t('again')}</Button></div>
          : plan === undefined || running ? <PlanWait plan={plan} />
            : plan.state === 'failed' ? <Failed plan={plan} onAgain={() => onPlan(undefined)} />
              : <PlanResult key={plan.id} plan={plan} onChanged={onChanged} onAgain={() => onPlan(undefined)} onClose={onClose} />}
    </Drawer>
  );
}

function Failed({ plan, onAgain }: { plan: DayPlan; onAgain: () => void }) {
  const { t } = usePlannerTexts();
  return (
    <div className={styles.body}>
      <p className={styles.failed} role="alert"><strong>{t('failed')}</strong>{plan.failure?.title}</p>
      <Button onClick={onAgain}>{t('again')}</Button>
    </div>
  );
}

const windows = [60, 120, 180, 240];

function PlanForm({ teams, teamId, tickets, onPlan }: Pick<Props, 'teams' | 'teamId' | 'tickets' | 'onPlan'>) {
  const { t } = usePlannerTexts();
  const { date, language, time, zone } = useBoard();
  const [teamIds, setTeamIds] = useState<string[]>(teamId === undefined ? teams.slice(0, dayPlanLimits.teams).map(({ id }) => id) : [teamId]);
  const [some, setSome] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [seconds, setSeconds] = useState<number>(dayPlanLimits.usualSeconds);
  const [keep, setKeep] = useState<KeepMode>('promises');
  const [promiseMinutes, setPromiseMinutes] = useState<number | null>(null);
  const earlier = useQuery(plansOf(date));
  const request = useMutation({
    mutationFn: () => requestPlan({ date, teamIds, seconds, keep, promiseMinutes, ...(some ? { ticketIds: [...chosen] } : {}) } satisfies RequestDayPlan),
    onSuccess: ({ id }) => onPlan(id),
  });
  const ofTeams = tickets.filter(({ team }) => team === null || teamIds.includes(team.id));
  return (
    <>
      <div className={styles.body}>
        <p className={styles.muted}>{t('intro')}</p>
        <label className={styles.field}>
          <span>{t('teams')}</span>
          <Select mode="multiple" maxTagCount="responsive" value={teamIds} onChange={setTeamIds} showSearch={{ optionFilterProp: 'label' }} options={teams.map(({ id, name }) => ({ value: id, label: name }))} status={teamIds.length === 0 ? 'error' : ''} />
          {teamIds.length === 0 && <span className={styles.wrong} role="alert">{t('teams.none')}</span>}
        </label>
        <div className={styles.field}>
          <span id="plan-tickets">{t('tickets')}</span>
          <Radio.Group aria-labelledby="plan-tickets" value={some} onChange={(event) => setSome(event.target.value as boolean)} options={[{ value: false, label: t('tickets.all') }, { value: true, label: t('tickets.some') }]} />
          {some && (
            <ul className={styles.tickets} aria-label={t('tickets.choose')}>
              {ofTeams.map((ticket) => (
                <li key={ticket.ticketId}>
                  <Checkbox
                    checked={chosen.has(ticket.ticketId)}
                    onChange={({ target: { checked } }) => setChosen((before) => {
                      const after = new Set(before);
                      if (checked) after.add(ticket.ticketId);
                      else after.delete(ticket.ticketId);
                      return after;
                    })}
                  >
                    <span className={styles.ticket}><PriorityMark priority={ticket.priority} /><span>{ticket.subject}</span></span>
                  </Checkbox>
                </li>
              ))}
            </ul>
          )}
          {some && <span className={styles.muted}>{t('tickets.count', { count: chosen.size })}</span>}
        </div>
        <div className={styles.field}>
          <span id="plan-keep">{t('keep')}</span>
          <Radio.Group vertical aria-labelledby="plan-keep" value={keep} onChange={(event) => setKeep(event.target.value as KeepMode)} options={keepModes.map((mode) => ({ value: mode, label: language === 'en' ? keepModeNames[mode].en : keepModeNames[mode].zh }))} />
        </div>
        <div className={styles.field}>
          <span id="plan-seconds">{t('seconds')}<strong>{t('seconds.value', { count: seconds })}</strong></span>
          <Slider ariaLabelledByForHandle="plan-seconds" min={dayPlanLimits.seconds.minimum} max={dayPlanLimits.seconds.maximum} value={seconds} onChange={setSeconds} tooltip={{ open: false }} />
        </div>
        <label className={styles.field}>
          <span>{t('promise')}</span>
          <Select<number> value={promiseMinutes ?? 0} onChange={(value) => setPromiseMinutes(value === 0 ? null : value)} options={[{ value: 0, label: t('promise.none') }, ...windows.map((count) => ({ value: count, label: t('promise.minutes', { count }) }))]} />
        </label>
        {request.isError && <ProblemAlert error={request.error} />}
        {(earlier.data ?? []).length > 0 && (
          <div className={styles.field}>
            <span>{t('earlier')}</span>
            <ul className={styles.earlier}>
              {(earlier.data ?? []).slice(0, 5).map((plan) => (
                <li key={plan.id}><button type="button" onClick={() => onPlan(plan.id)}><span>{dayWords(zone, Date.parse(plan.requestedAt), language)} {time(Date.parse(plan.requestedAt))}{plan.requestedBy === null ? '' : ` · ${plan.requestedBy.name}`}</span><span className={styles.muted}>{plan.title}</span></button></li>
              ))}
            </ul>
          </div>
        )}
      </div>
      <footer className={styles.foot}>
        <Button type="primary" size="large" block loading={request.isPending} disabled={teamIds.length === 0 || (some && chosen.size === 0)} onClick={() => request.mutate()}>{t('start')}</Button>
      </footer>
    </>
  );
}
