import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { SimulationResult } from '../../../contract/sla.ts';
import { words } from '../../ui/words.ts';
import { bracketed } from '../../ui/punctuation.ts';
import { useAutomationTexts } from '../automation/texts.ts';
import { Badge } from '../parts/badge.tsx';
import { lengthWords } from './time-words.ts';
import { useSlaTexts } from './texts.ts';
import styles from './sla.module.css';

const percent = (rate: number | null) => (rate === null ? '–' : `${Math.round(rate * 1_000) / 10}%`);
type Changes = NonNullable<SimulationResult['examples'][number]['changes']>;

/** What a simulation came to (模拟结果): attainment, load, tickets that come out differently, and what cannot be known. */
export function SimulationOutcome({ result, none, children }: { result: SimulationResult; none: string; children?: ReactNode }) {
  const { t: say } = useSlaTexts();
  const gain = Math.sign((result.all.after.rate ?? 0) - (result.all.before.rate ?? 0));
  // Of policies it is what one asks for, also where there is none; of rules and flows one looks at it where there is.
  const isJudged = (!result.rules && !result.flow) || result.all.before.judged + result.all.after.judged > 0;
  const moves = result.load.some((line) => (line.ticketsBefore ?? line.tickets) !== line.tickets);
  return (
    <div className={styles.stack} data-testid="simulation-result">
      {isJudged && (
        <div className={styles.figures}>
          <Figure label={`${say('sim.rate')} · ${say('sim.before')}`} value={percent(result.all.before.rate)} />
          <Figure label={`${say('sim.rate')} · ${say('sim.after')}`} value={percent(result.all.after.rate)} {...(gain < 0 ? { tone: 'danger' as const } : gain > 0 ? { tone: 'success' as const } : {})} />
        </div>
      )}
      <p className={styles.muted}>{say('sim.tickets', { count: result.tickets })} · {say('sim.affected', { count: result.affected })} · {say('sim.worse', { count: result.nowBreached })} · {say('sim.better', { count: result.noLongerBreached })} · {say('sim.seconds', { seconds: result.seconds })}</p>
      <Unknown result={result} />
      {children}
      <Attained title={say('sim.byMetric')} rows={result.byMetric.map((group) => ({ ...group, name: say(`metric.${group.key as 'step'}`) }))} />
      <Attained title={say('sim.byPriority')} rows={result.byPriority.map((group) => ({ ...group, name: words(`priority.${group.key as 'low'}`) }))} />
      {result.load.length > 0 && (
        <table className={styles.table}>
          <caption>{say('sim.load')}</caption>
          <thead><tr><th scope="col">{say('sim.team')}</th><th scope="col">{say('sim.count')}</th><th scope="col">{say('sim.breached')}</th></tr></thead>
          <tbody>{result.load.map((line) => <tr key={line.key}><th scope="row">{line.name}</th><td>{moves ? `${line.ticketsBefore ?? line.tickets} → ${line.tickets}` : line.tickets}</td><td data-worse={line.after > line.before || undefined}>{line.before} → {line.after}</td></tr>)}</tbody>
        </table>
      )}
      <h3 className={styles.label}>{say('sim.examples')}</h3>
      {result.examples.length === 0 ? <p className={styles.muted}>{none}</p> : (
        <ul className={styles.list}>
          {result.examples.slice(0, 50).map((ticket) => (
            <li key={ticket.id} className={styles.item}>
              <Link to="/tickets/$number" params={{ number: ticket.number }} className={styles.itemMain}>
                <span className={styles.itemName}><span className={styles.number}>{ticket.number}</span><Badge tone={ticket.effect === 'now_breached' ? 'danger' : ticket.effect === 'no_longer_breached' ? 'success' : 'neutral'}>{say(ticket.effect === 'other' && ticket.clocks.length === 0 ? 'effect.changed' : `effect.${ticket.effect}`)}</Badge></span>
                <span className={styles.muted}>{ticket.subject}</span>
                {ticket.changes !== undefined && ticket.changes.length > 0 && <span className={styles.muted}><ChangeWords changes={ticket.changes} /></span>}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function ChangeWords({ changes }: { changes: Changes }) {
  const { t: say } = useSlaTexts();
  const named = (property: Changes[number]['property'], side: Changes[number]['before']): string => {
    if (side === null || side.name === '') return say('sim.nothing');
    return property === 'priority' ? words(`priority.${side.key as 'low'}`) : property === 'status' ? words(`status.${side.key as 'new'}`) : side.name;
  };
  return changes.map(({ property, before, after }) => `${say(`change.${property}`)} ${named(property, before)} → ${named(property, after)}`).join(say('comma'));
}

/** Tickets that are in none of the numbers, and why (算不出来的). */
function Unknown({ result }: { result: SimulationResult }) {
  const { t: say } = useSlaTexts();
  if (!result.unknownTickets) return null;
  return (
    <div className={styles.note} role="note">
      {say('sim.unknown', { count: result.unknownTickets })}
      <ul className={styles.reasons}>{(result.unknown ?? []).map((one) => <li key={`${one.why} ${one.key}`}>{say(`unknown.${one.why}`, { name: one.name })} {say('sim.tickets', { count: one.tickets })}</li>)}</ul>
    </div>
  );
}

/** What rules would have done (规则模拟结果). */
export function RulesOutcome({ rules: { rules, effects } }: { rules: NonNullable<SimulationResult['rules']> }) {
  const { t: say } = useSlaTexts();
  const { t: name } = useAutomationTexts();
  const times = (side: (typeof rules)[number]['before']) => (side === null ? '–' : say('sim.times', { tickets: side.tickets, times: side.times }));
  return (
    <>
      <table className={styles.table}>
        <caption>{say('sim.rules')}</caption>
        <thead><tr><th scope="col">{say('sim.rule')}</th><th scope="col">{say('sim.before')}</th><th scope="col">{say('sim.after')}</th></tr></thead>
        <tbody>{rules.map((rule) => <tr key={rule.key}><th scope="row">{rule.name}{(rule.after?.refused ?? 0) > 0 && <span className={styles.told}>{say('sim.refused', { count: rule.after!.refused })}</span>}</th><td>{times(rule.before)}</td><td>{times(rule.after)}</td></tr>)}</tbody>
      </table>
      {effects.length > 0 && (
        <table className={styles.table}>
          <caption>{say('sim.effects')}</caption>
          <thead><tr><th scope="col">{say('sim.action')}</th><th scope="col">{say('sim.before')}</th><th scope="col">{say('sim.after')}</th></tr></thead>
          <tbody>{effects.map((one) => <tr key={one.kind}><th scope="row">{name(`action.${one.kind}`)}</th><td>{one.before}</td><td>{one.after}</td></tr>)}</tbody>
        </table>
      )}
    </>
  );
}

/** How runs of a flow would have gone (流程模拟结果). */
export function FlowOutcome({ flow }: { flow: NonNullable<SimulationResult['flow']> }) {
  const { t: say } = useSlaTexts();
  const length = (minutes: number | null) => (minutes === null ? '–' : lengthWords(say, minutes));
  const step = (side: (typeof flow.steps)[number]['before']) => (side === null ? '–' : `${say('sim.entered', { count: side.entered })} · ${length(side.minutes)}`);
  return (
    <>
      <div className={styles.figures}>
        <Figure label={`${say('sim.mean')} · ${say('sim.before')}${bracketed(say('sim.ended', { count: flow.before.ended }))}`} value={length(flow.before.minutes)} />
        <Figure label={`${say('sim.mean')} · ${say('sim.after')}${bracketed(say('sim.ended', { count: flow.after.ended }))}`} value={length(flow.after.minutes)} {...((flow.after.minutes ?? 0) < (flow.before.minutes ?? 0) ? { tone: 'success' as const } : {})} />
      </div>
      {flow.steps.length > 0 && (
        <table className={styles.table}>
          <caption>{say('sim.steps')}</caption>
          <thead><tr><th scope="col">{say('sim.step')}</th><th scope="col">{say('sim.before')}</th><th scope="col">{say('sim.after')}</th></tr></thead>
          <tbody>{flow.steps.map((one) => <tr key={one.key}><th scope="row">{one.name}</th><td>{step(one.before)}</td><td>{step(one.after)}</td></tr>)}</tbody>
        </table>
      )}
      {flow.teams.length > 0 && (
        <table className={styles.table}>
          <caption>{say('sim.stepLoad')}</caption>
          <thead><tr><th scope="col">{say('sim.team')}</th><th scope="col">{say('sim.before')}</th><th scope="col">{say('sim.after')}</th></tr></thead>
          <tbody>{flow.teams.map((one) => <tr key={one.key}><th scope="row">{one.name}</th><td>{one.before}</td><td>{one.after}</td></tr>)}</tbody>
        </table>
      )}
    </>
  );
}

function Figure({ label, value, tone }: { label: string; value: string; tone?: 'danger' | 'success' }) {
  return <div className={styles.figure} data-tone={tone}><strong>{value}</strong><span>{label}</span></div>;
}

function Attained({ title, rows }: { title: string; rows: readonly SimulationResult['byMetric'][number][] }) {
  const { t: say } = useSlaTexts();
  if (rows.length === 0) return null;
  return (
    <table className={styles.table}>
      <caption>{title}</caption>
      <thead><tr><th scope="col" /><th scope="col">{say('sim.before')}</th><th scope="col">{say('sim.after')}</th><th scope="col">{say('sim.breached')}</th></tr></thead>
      <tbody>{rows.map((row) => <tr key={row.key}><th scope="row">{row.name}</th><td>{percent(row.before.rate)}</td><td data-worse={(row.after.rate ?? 1) < (row.before.rate ?? 0) || undefined}>{percent(row.after.rate)}</td><td>{row.before.breached} → {row.after.breached}</td></tr>)}</tbody>
    </table>
  );
}
