import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Select } from 'antd';
import { useState } from 'react';
import type { ExplainedClock, TicketClocks } from '../../../contract/sla.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import { breachReasonNames, breachReasons, type BreachReason } from '../../../rules/sla/breach-reasons.ts';
import { asProblem } from '../../ui/api.ts';
import { postOnce } from '../../ui/post-once.ts';
import { Ago, ProblemAlert, RemainingTime } from '../../ui/react/index.ts';
import { formatExact } from '../../ui/time.ts';
import { Badge } from '../parts/badge.tsx';
import { useSession } from '../session/session.tsx';
import { ClockBar, ClockLegend } from './clock-bar.tsx';
import { ticketClocks } from './data.ts';
import { useSlaTexts } from './texts.ts';
import styles from './clocks.module.css';

/** The deadlines of a ticket (工单时限): how each stands, as a bar and in a sentence, and why it is due when it is. */
export function ClocksPart({ ticket }: { ticket: Ticket }) {
  const { t: say } = useSlaTexts();
  const [shownEnded, setShownEnded] = useState(false);
  // When the ticket changes, its clocks may.
  const query = useQuery({ ...ticketClocks(ticket.id, `${ticket.version} ${ticket.sla?.dueAt ?? ''} ${ticket.sla?.breachedAt ?? ''}`), placeholderData: (before) => before });
  if (query.isError && query.data === undefined) return <Part><ProblemAlert error={query.error} onRetry={() => void query.refetch()} /></Part>;
  const clocks = query.data?.clocks ?? [];
  // A ticket that nothing is promised on has nothing to show.
  if (clocks.length === 0) return null;
  const ended = clocks.filter((clock) => clock.endedAt !== null && !clock.asksReason);
  const open = clocks.filter((clock) => !ended.includes(clock));
  return (
    <Part>
      <ul className={styles.clocks}>
        {open.map((clock) => <Clock key={clock.key} clock={clock} ticket={ticket} />)}
        {shownEnded && ended.map((clock) => <Clock key={clock.key} clock={clock} ticket={ticket} />)}
      </ul>
      {ended.length > 0 && <Button type="link" size="small" className={styles.toggle} aria-expanded={shownEnded} onClick={() => setShownEnded(!shownEnded)}>{shownEnded ? say('clocks.hide') : say('clocks.ended', { count: ended.length })}</Button>}
      {query.data?.policy && <p className={styles.muted} title={query.data.choice.join('\n')}>{say('clocks.policy', { name: query.data.policy.name, version: query.data.policy.version })}</p>}
    </Part>
  );
}

function Part({ children }: { children: React.ReactNode }) {
  const { t: say } = useSlaTexts();
  return <section className={styles.part} aria-label={say('clocks')}><h2 className={styles.title}>{say('clocks')}</h2>{children}</section>;
}

function Clock({ clock, ticket }: { clock: ExplainedClock; ticket: Ticket }) {
  const { t: say, language } = useSlaTexts();
  const { may } = useSession();
  const [open, setOpen] = useState(false);
  return (
    <li className={styles.clock} data-late={clock.breachedAt !== null || undefined}>
      <div className={styles.head}>
        <span className={styles.name}>{clock.name}{clock.team !== null && <Badge>{say('clocks.internal')}</Badge>}</span>
        <Standing clock={clock} />
      </div>
      <ClockBar clock={clock} />
      <p className={styles.summary}>{clock.summary}</p>
      <Button type="link" size="small" className={styles.toggle} aria-expanded={open} onClick={() => setOpen(!open)}>{say(open ? 'clocks.hide' : 'clocks.why')}</Button>
      {open && <ClockLegend clock={clock} />}
      {open && <ol className={styles.lines}>{clock.lines.map((line, index) => <li key={index} data-kind={line.kind} data-overdue={line.overdue || undefined} data-ahead={line.ahead || undefined}>{line.text}</li>)}</ol>}
      {clock.reason !== null && <p className={styles.reason}>{say('reason')}: {breachReasonNames[clock.reason.reason][language === 'en' ? 'en' : 'zh']}{clock.reason.note === null ? '' : ` · ${clock.reason.note}`} <span className={styles.muted}>{clock.reason.by?.name} <Ago value={clock.reason.at} /></span></p>}
      {(clock.asksReason || clock.reason !== null) && may('ticket.resolve') && <ReasonForm clock={clock} ticket={ticket} />}
      {clock.dueAt !== null && <span className={styles.hidden}>{formatExact(clock.dueAt, language)}</span>}
    </li>
  );
}

/** How a clock stands, in a word or by the time that is left. */
function Standing({ clock }: { clock: ExplainedClock }) {
  const { t: say } = useSlaTexts();
  if (clock.status === 'cancelled') return <span className={styles.muted}>{say('clocks.void')}</span>;
  if (clock.status === 'met') return <Badge tone={clock.breachedAt === null ? 'success' : 'danger'}>{say(clock.breachedAt === null ? 'clocks.met' : 'clocks.metLate')}</Badge>;
  if (clock.status === 'paused') return <Badge>{say('clocks.paused')}</Badge>;
  return clock.dueAt === null ? null : <RemainingTime deadline={clock.dueAt} warnAt={Date.parse(clock.dueAt) - clock.minutes * 15_000} />;
}

/** Asks why a promise was broken (填写超时原因). */
function ReasonForm({ clock, ticket }: { clock: ExplainedClock; ticket: Ticket }) {
  const { t: say, language } = useSlaTexts();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState<BreachReason | undefined>(clock.reason?.reason);
  const [note, setNote] = useState(clock.reason?.note ?? '');
  const send = useMutation({
    mutationFn: () => postOnce<TicketClocks>(`/tickets/${ticket.id}/sla/reasons`, { clock: clock.key, reason, ...(note.trim() === '' ? {} : { note: note.trim() }) }),
    onSuccess: () => {
      setOpen(false);
      void message.success(say('reason.saved'));
      void queryClient.invalidateQueries({ queryKey: ['ticket-clocks', ticket.id] });
      void queryClient.invalidateQueries({ queryKey: ['sla-breaches'] });
    },
    onError: (error) => void message.error(asProblem(error).title),
  });
  if (!open) return <Button size="small" className={clock.reason === null ? styles.ask : styles.toggle} type={clock.reason === null ? 'default' : 'link'} danger={clock.reason === null} onClick={() => setOpen(true)}>{say(clock.reason === null ? 'reason.ask' : 'reason.change')}</Button>;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (reason !== undefined) send.mutate();
      }}
    >
      <Select<BreachReason> aria-label={say('reason')} placeholder={say('reason')} value={reason} options={breachReasons.map((one) => ({ value: one, label: breachReasonNames[one][language === 'en' ? 'en' : 'zh'] }))} onChange={setReason} />
      <Input aria-label={say('reason.note')} placeholder={say('reason.note')} maxLength={1_000} value={note} onChange={(event) => setNote(event.target.value)} />
      <Button size="small" type="primary" htmlType="submit" disabled={reason === undefined} loading={send.isPending}>{say('reason.save')}</Button>
    </form>
  );
}
