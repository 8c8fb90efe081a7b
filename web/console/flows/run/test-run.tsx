import { useQuery } from '@tanstack/react-query';
import { Button, InputNumber, Select, Space } from 'antd';
import { useMemo, useState } from 'react';
import type { FlowDefinition } from '../../../../rules/workflow/definition.ts';
import { explanationSentence, holdSentence } from '../../../../rules/workflow/explain.ts';
import { isTurn } from '../../../../rules/workflow/votes.ts';
import type { Token } from '../../../../rules/workflow/state.ts';
import { priorities } from '../../../../rules/ticket/lifecycle.ts';
import { answersToSend, formState, nothingFilled, type Filling } from '../../../ui/form/filling.ts';
import { words as shared } from '../../../ui/words.ts';
import { ticketTypes } from '../../data/records.ts';
import { actorVariables } from '../../form/actor.ts';
import { ticketType } from '../../form/form-queries.ts';
import { FormView } from '../../form/form-view.tsx';
import { Badge } from '../../parts/badge.tsx';
import { Icon } from '../../parts/icon.tsx';
import { localName } from '../../parts/names.ts';
import { useSession } from '../../session/session.tsx';
import { FlowCanvas } from '../canvas/flow-canvas.tsx';
import type { NodeMark } from '../canvas/flow-node.tsx';
import { flow } from '../flow-queries.ts';
import { useFlowTexts } from '../flow-texts.ts';
import { useFlowWords } from '../flow-words.ts';
import { outcomeName } from '../outcome-name.ts';
import { choicesAt, play, type PlayEvent } from './play.ts';
import styles from './run.module.css';

type Props = { flowId: string; definition: FlowDefinition; broken: boolean };

/** Tries a flow with a sample ticket (试运行): step by step, clock included, by the rule that runs real tickets. */
export function TestRun({ flowId, definition, broken }: Props) {
  const { t: say, language } = useFlowTexts();
  const { me } = useSession();
  const words = useFlowWords(definition);
  const record = useQuery(flow(flowId));
  const typeList = useQuery(ticketTypes);
  const [chosenType, setChosenType] = useState<string | null>(null);
  const typeId = chosenType ?? record.data?.types[0]?.id ?? typeList.data?.find(({ isDefault }) => isDefault)?.id;
  const type = useQuery({ ...ticketType(typeId ?? ''), enabled: typeId !== undefined });
  const [filling, setFilling] = useState<Filling>(nothingFilled);
  const [priority, setPriority] = useState('normal');
  const [startAt] = useState(() => new Date().toISOString());
  const [events, setEvents] = useState<readonly PlayEvent[] | null>(null);
  const [minutes, setMinutes] = useState<number>(60);

  const form = type.data?.form;
  const timeZone = me.organization.timeZone;
  const options = useMemo(() => ({ mode: 'create' as const, actor: actorVariables(me), ticket: { status: 'open', priority, channel: 'console', tags: [] }, timeZone }), [me, priority, timeZone]);
  const state = useMemo(() => (form === undefined ? null : formState(form, filling, options, language)), [form, filling, options, language]);
  const answers = useMemo(() => (form === undefined || state === null ? {} : answersToSend(form, filling, state)), [form, filling, state]);
  const sample = useMemo(() => ({ fields: answers as Record<string, unknown>, ticket: { number: '20261122-00001', subject: say('run.sampleSubject'), status: 'open', priority, type: typeId ?? null, channel: 'console', tags: [], team: null, assignee: null, category: null } }), [answers, priority, typeId, say]);
  const run = useMemo(() => (events === null || broken ? null : play(definition, sample, startAt, events, (instant) => dayIn(instant, timeZone))), [broken, definition, sample, startAt, events, timeZone]);
  const happen = (event: PlayEvent): void => setEvents((before) => [...(run?.refused == null ? (before ?? []) : (before ?? []).slice(0, run.refused.event)), event]);

  const marks = useMemo(() => {
    const all = new Map<string, NodeMark>();
    for (const id of run?.visited ?? []) all.set(id, { visited: true });
    for (const token of run?.state.tokens ?? []) {
      const before = all.get(token.node);
      all.set(token.node, { ...before, visited: false, tokens: (before?.tokens ?? 0) + 1, held: token.hold !== undefined || before?.held === true });
    }
    return all;
  }, [run]);

  const clock = new Intl.DateTimeFormat(language, { timeZone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hour12: false });
  const nameOf = (id: string | null): string => {
    const node = definition.nodes.find((one) => one.id === id);
    return node === undefined ? '' : words.name(node) || words.kind(node);
  };
  const edgeName = (id: unknown): string => {
    const edge = definition.edges.find((one) => one.id === id);
    return edge === undefined ? String(id) : `${words.edge(edge)} → ${nameOf(edge.to)}`;
  };
  const timeOf = (instant: string): string => clock.format(new Date(instant));

  return (
    <div className={styles.run}>
      <div className={styles.canvas}>
        <FlowCanvas definition={definition} label={say('canvas.label')} marks={marks} taken={run?.taken} fitKey={`run ${flowId}`} />
      </div>
      <aside className={styles.side} aria-label={say('tab.run')}>
        <section className={styles.sample}>
          <header><h2>{say('run.sample')}</h2>{events !== null && <Button size="small" onClick={() => setEvents(null)}>{say('run.again')}</Button>}</header>
          <div className={styles.two}>
            <label><span>{say('action.type')}</span><Select size="small" value={typeId} options={(typeList.data ?? []).map((one) => ({ value: one.id, label: localName(one, language) }))} onChange={(id: string) => { setChosenType(id); setFilling(nothingFilled); }} /></label>
            <label><span>{say('set.priority')}</span><Select size="small" value={priority} options={priorities.map((value) => ({ value: value as string, label: shared(`priority.${value}`) }))} onChange={setPriority} /></label>
          </div>
          {form !== undefined && state !== null && (
            <details open={events === null}>
              <summary>{say('run.fields')}</summary>
              <FormView form={form} filling={filling} state={state} onChange={setFilling} narrow />
            </details>
          )}
          {events === null && <Button type="primary" block icon={<Icon name="play" />} disabled={broken} onClick={() => setEvents([])}>{say('run.start')}</Button>}
          {broken && <p className={styles.hint} role="status">{say('run.broken')}</p>}
        </section>
        {run !== null && (
          <>
            <section className={styles.clock} aria-label={say('run.clock')}>
              <strong><Icon name="clock" size={15} /> {timeOf(run.now)}</strong>
              <Space.Compact>
                <InputNumber size="small" aria-label={say('run.minutes')} min={1} max={525_600} precision={0} value={minutes} onChange={(value) => setMinutes(value ?? 60)} />
                <Button size="small" disabled={run.state.status !== 'running'} onClick={() => happen({ do: 'advance', minutes })}>{say('run.advance')}</Button>
              </Space.Compact>
              <Button size="small" disabled={run.timers.length === 0} onClick={() => happen({ do: 'next_timer' })}>{run.timers[0] === undefined ? say('run.noTimer') : say('run.nextTimer', { time: timeOf(run.timers[0].dueAt) })}</Button>
            </section>
            <section className={styles.stands} aria-label={say('run.stands')}>
              <header>
                <h2>{say('run.stands')}</h2>
                <Badge tone={run.state.status === 'running' ? 'accent' : run.state.status === 'completed' ? 'success' : 'neutral'}>{say(`run.${run.state.status}`)}</Badge>
                <Badge>{shared(`status.${run.ticket['status'] as 'open'}`)}</Badge>
                <span className={styles.grow} />
                <Button size="small" type="text" icon={<Icon name="reply" size={14} />} disabled={(events ?? []).length === 0} onClick={() => setEvents((before) => (before ?? []).slice(0, -1))}>{say('run.back')}</Button>
              </header>
              {run.refused !== null && <p className={styles.refused} role="alert">{say('run.refused')}</p>}
              <ul>
                {run.state.tokens.filter(({ phase }) => phase !== 'instances').map((token) => (
                  <li key={token.id} data-held={token.hold !== undefined || undefined}>
                    <strong>{nameOf(token.node)}</strong>
                    {token.hold !== undefined && <p className={styles.refused}>{holdSentence(token.hold, language)}</p>}
                    {token.overdue === true && <Badge tone="warning">{say('run.overdue')}</Badge>}
                    <Stand token={token} run={run} definition={definition} seatName={(id) => { const performer = run.seats.get(id); return performer === undefined ? id : words.performer(performer); }} onHappen={happen} nameOf={nameOf} factName={words.fact} />
                  </li>
                ))}
                {run.state.tokens.length === 0 && <li className={styles.hint}>{say('run.over')}</li>}
              </ul>
            </section>
            <section className={styles.log} aria-label={say('run.log')}>
              <h2>{say('run.log')}</h2>
              <ol>
                {run.log.filter(({ code, params }) => code !== 'condition_held' || decides(definition, params?.['edge'])).toReversed().slice(0, 200).map((line, index) => (
                  <li key={run.log.length - index}>
                    <time>{timeOf(line.at)}</time>
                    <span><strong>{nameOf(line.node)}</strong> {explanationSentence({ code: line.code, ...(line.params === undefined ? {} : { params: { ...line.params, ...(line.params['edge'] === undefined ? {} : { edge: `“${edgeName(line.params['edge'])}”` }), ...(typeof line.params['outcome'] === 'string' ? { outcome: outcomeName(definition, line.node, line.params['outcome'], language, say) } : {}), ...(typeof line.params['vote'] === 'string' ? { vote: outcomeName(definition, line.node, line.params['vote'], language, say) } : {}), ...(typeof line.params['decision'] === 'string' ? { decision: outcomeName(definition, line.node, line.params['decision'], language, say) } : {}) } }) }, language)}</span>
                  </li>
                ))}
              </ol>
            </section>
          </>
        )}
      </aside>
    </div>
  );
}

/** Whether an edge is taken on a condition or for an outcome: of the others it goes without saying. */
function decides(definition: FlowDefinition, id: unknown): boolean {
  const edge = definition.edges.find((one) => one.id === id);
  return edge === undefined || edge.condition !== undefined || edge.outcome !== undefined;
}

/** The day of an instant in a time zone, YYYY-MM-DD. */
function dayIn(instant: string, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date(instant));
}

type StandProps = { token: Token; run: ReturnType<typeof play>; definition: FlowDefinition; seatName: (id: string) => string; onHappen: (event: PlayEvent) => void; nameOf: (id: string) => string; factName: (kind: string) => string };

/** What one may let happen where a token stands. */
function Stand({ token, run, definition, seatName, onHappen, nameOf, factName }: StandProps) {
  const { t: say, language } = useFlowTexts();
  const node = definition.nodes.find(({ id }) => id === token.node);
  if (node === undefined) return null;
  if (token.hold !== undefined) return <Button size="small" onClick={() => onHappen({ do: 'retry', activation: token.id })}>{say('run.retry')}</Button>;
  const call = run.calls.find(({ activation }) => activation === token.id);
  if (call !== undefined) {
    return (
      <span className={styles.choices}>
        <Button size="small" onClick={() => onHappen({ do: 'answer', activation: token.id, ok: true })}>{say('run.answerOk')}</Button>
        <Button size="small" danger onClick={() => onHappen({ do: 'answer', activation: token.id, ok: false })}>{say('run.answerFailed')}</Button>
      </span>
    );
  }
  if (token.phase === 'joining') return <span className={styles.hint}>{say('run.joining')}</span>;
  if (token.phase === 'waiting' && node.kind === 'wait') {
    return node.for.kind === 'fact' ? <Button size="small" onClick={() => onHappen({ do: 'fact', activation: token.id })}>{say('run.happens', { fact: factName(node.for.fact) })}</Button> : <span className={styles.hint}>{say('run.waiting')}</span>;
  }
  if (token.phase !== 'open') return null;
  const seats = token.seats ?? [];
  const returns = [...new Set(token.trail.map((entry) => entry.node))];
  const back = returns.length === 0 || ('mayReturn' in node && node.mayReturn === false) ? null : (
    <Select size="small" className={styles.return} aria-label={say('run.return')} placeholder={say('run.return')} value={null as string | null} options={returns.map((value) => ({ value, label: nameOf(value) }))} onChange={(to) => { if (to !== null) onHappen({ do: 'return', activation: token.id, to }); }} />
  );
  if (node.kind === 'approval') {
    return (
      <>
        {seats.map((seat) => (
          <span key={seat.id} className={styles.seat}>
            <span>{seatName(seat.who.id)}</span>
            {seat.vote !== undefined ? <Badge tone={seat.vote === 'approved' ? 'success' : 'danger'}>{say(`outcome.${seat.vote}`)}</Badge> : isTurn(seat, seats) ? (
              <span className={styles.choices}>
                <Button size="small" onClick={() => onHappen({ do: 'vote', activation: token.id, seat: seat.id, vote: 'approved' })}>{say('outcome.approved')}</Button>
                <Button size="small" danger onClick={() => onHappen({ do: 'vote', activation: token.id, seat: seat.id, vote: 'rejected' })}>{say('outcome.rejected')}</Button>
              </span>
            ) : <span className={styles.hint}>{say('run.notYet')}</span>}
          </span>
        ))}
        {back}
      </>
    );
  }
  const outcomes = choicesAt(definition, node.id);
  return (
    <>
      <span className={styles.hint}>{seats.map((seat) => seatName(seat.who.id)).join(say('list.join'))}</span>
      <span className={styles.choices}>
        {outcomes.length === 0
          ? <Button size="small" type="primary" onClick={() => onHappen({ do: 'complete', activation: token.id })}>{say('run.complete')}</Button>
          : outcomes.map((outcome) => <Button key={outcome} size="small" type="primary" onClick={() => onHappen({ do: 'complete', activation: token.id, outcome })}>{outcomeName(definition, node.id, outcome, language, say)}</Button>)}
        {back}
      </span>
    </>
  );
}
