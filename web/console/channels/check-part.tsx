import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import type { InboundChannel, InboxMessage } from '../../../contract/channel.ts';
import { asProblem } from '../../ui/api.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { Icon } from '../parts/icon.tsx';
import { useSession } from '../session/session.tsx';
import { AnswerTest } from './answer-test.tsx';
import { channel, madeOf, message as messageQuery, newestMessages } from './data.ts';
import { isUnreachable } from './health.tsx';
import { answeredKinds, mappedKinds, named, sampleCall } from './kinds.ts';
import { failureWords, refusalWords } from './refusal-words.ts';
import { useChannelTexts } from './texts.ts';
import styles from './channels.module.css';

/** What was there when the check began: anything else is news. */
interface Baseline {
  newest: string | null;
  refusedAt: string | null;
}

const everyMilliseconds = 1_000;
const isSettled = ({ state }: InboxMessage): boolean => state === 'done' || state === 'quarantined';

/** Waits for a message and says what was right and wrong with it, as it happens (检查接入). */
export function CheckPart({ record }: { record: InboundChannel }) {
  const { t: say } = useChannelTexts();
  const queryClient = useQueryClient();
  const [since, setSince] = useState<Baseline | null>(null);
  const [kept, setKept] = useState<InboxMessage | null>(null);
  const listening = since !== null && record.active;
  const newest = useQuery({ ...newestMessages(record.id), refetchInterval: ({ state: { data = [] } }) => (listening && !(kept !== null && isSettled(data.find(({ id }) => id === kept.id) ?? kept)) ? everyMilliseconds : false) });
  const watched = useQuery({ ...channel(record.id), refetchInterval: listening ? everyMilliseconds : 5_000 });
  const health = (watched.data ?? record).health;
  const fresh = newest.isSuccess && !newest.isFetching ? newest.data[0]?.id ?? null : undefined;
  // A channel that never had a message is one that is being connected: it is listened to at once.
  useEffect(() => {
    if (since === null && record.health.state === 'unused' && fresh !== undefined) setSince({ newest: fresh, refusedAt: record.health.lastRefusedAt });
  }, [since, fresh, record.health]);

  // The first that came since stays until one checks again, whatever comes after it: the test answer goes to nobody else. Only what was passed over makes room.
  const came = since === null ? [] : (newest.data ?? []).filter(({ id }) => since.newest === null || id > since.newest).toReversed();
  const present = kept === null ? undefined : came.find(({ id }) => id === kept.id) ?? kept;
  const arrived = present !== undefined && present.state !== 'passed_over' ? present : came.find(({ state }) => state !== 'passed_over') ?? present ?? came[0];
  useEffect(() => {
    if (arrived !== undefined && arrived !== kept) setKept(arrived);
  }, [arrived, kept]);
  const refused = since !== null && arrived === undefined && health.lastRefusedAt !== null && health.lastRefusedAt !== since.refusedAt ? health.lastRefusal : null;
  const start = async (): Promise<void> => {
    const [list, now] = await Promise.all([queryClient.fetchQuery({ ...newestMessages(record.id), staleTime: 0 }), queryClient.fetchQuery({ ...channel(record.id), staleTime: 0 })]);
    setKept(null);
    setSince({ newest: list[0]?.id ?? null, refusedAt: now.health.lastRefusedAt });
  };
  return (
    <section className={styles.card} aria-label={say('check')}>
      <h2 className={styles.cardTitle}>{say('check')}</h2>
      <p className={styles.muted}>{say('check.hint')}</p>
      <div className={styles.check} role="status" aria-live="polite">
        {!record.active && <Step state="waiting">{say('check.off')}</Step>}
        {record.active && since === null && <Button type="primary" onClick={() => void start()}>{say('check.start')}</Button>}
        {listening && arrived === undefined && refused === null && <Step state="listening">{say('check.listening')}</Step>}
        {listening && refused !== null && (
          <>
            <Step state="wrong">{say(isUnreachable(health) ? 'check.unreachable' : 'check.refused')}<span className={styles.why}>{refusalWords(say, refused)}</span></Step>
            <Step state="listening">{say('check.listening')}</Step>
          </>
        )}
        {listening && arrived !== undefined && <Arrived record={record} arrived={arrived} onAgain={() => void start()} />}
      </div>
      {record.active && <SampleCall record={record} listening={listening} onStart={start} />}
    </section>
  );
}

function Step({ state, children }: { state: 'listening' | 'waiting' | 'right' | 'wrong'; children: ReactNode }) {
  return (
    <p className={styles.step} data-state={state}>
      {state === 'right' ? <Icon name="checkCircle" size={18} /> : state === 'wrong' ? <Icon name="cancel" size={18} /> : state === 'listening' ? <span className={styles.pulse} aria-hidden="true" /> : <Icon name="pause" size={18} />}
      <span>{children}</span>
    </p>
  );
}

/** The message that came, step by step to what it became. */
function Arrived({ record, arrived, onAgain }: { record: InboundChannel; arrived: InboxMessage; onAgain: () => void }) {
  const { t: say } = useChannelTexts();
  const { may } = useSession();
  const detail = useQuery({ ...messageQuery(arrived.id), enabled: arrived.state !== 'waiting' });
  const to = (part: string) => ({ to: '/settings/channels/$channelId/{-$part}', params: { channelId: record.id, part } }) as const;
  const mapped = mappedKinds.includes(record.kind);
  const subjectless = record.kind === 'webhook' && arrived.state === 'done' && detail.data !== undefined && detail.data.alarm === null && !detail.data.values['subject'] && (record.mapping.length === 0 || !detail.data.values['description']);
  return (
    <>
      <Step state="right">{arrived.who === null ? say('check.arrived') : say('check.arrivedFrom', { who: arrived.who })}{arrived.preview !== '' && <span className={styles.why}>“{arrived.preview}”</span>}</Step>
      {arrived.state === 'waiting' && <Step state="listening">{say('check.working')}</Step>}
      {arrived.state === 'done' && <Step state="right">{arrived.ticket === null ? say('check.doneUnseen') : say('check.done', { number: arrived.ticket.number })}{subjectless && <span className={styles.why}>{say('check.noSubject')}</span>}</Step>}
      {arrived.state === 'passed_over' && <Step state="right">{say('check.passed', { outcome: named(say, 'outcome', arrived.outcome ?? '') })}</Step>}
      {arrived.state === 'quarantined' && <Step state="wrong">{say('check.aside')}<span className={styles.why}>{failureWords(say, arrived)}</span></Step>}
      <p className={styles.actions}>
        {arrived.ticket !== null && <Link to="/tickets/$number" params={{ number: arrived.ticket.number }}><Button>{say('check.open')}</Button></Link>}
        {mapped && (arrived.state === 'quarantined' || subjectless || record.mapping.length === 0) && arrived.state !== 'waiting' && <Link {...to('mapping')}><Button type={subjectless || arrived.state === 'quarantined' ? 'primary' : 'default'}>{say('check.map')}</Button></Link>}
        {arrived.state === 'quarantined' && <Link {...to('messages')}><Button>{say('check.message')}</Button></Link>}
        <Button type="text" onClick={onAgain}>{say('check.again')}</Button>
      </p>
      {answeredKinds.includes(record.kind) && arrived.state === 'done' && arrived.ticket !== null && may('ticket.reply') && <AnswerTest key={arrived.id} ticket={arrived.ticket} who={arrived.who} />}
    </>
  );
}

/** A command that calls the channel as another program would, and a button that does it from here. */
function SampleCall({ record, listening, onStart }: { record: InboundChannel; listening: boolean; onStart: () => Promise<void> }) {
  const { t: say } = useChannelTexts();
  const token = madeOf(record.id)['token'];
  const sample = record.mode === 'token' ? sampleCall(say, record.kind) : null;
  const send = useMutation({
    mutationFn: async () => {
      if (!listening) await onStart();
      const answer = await fetch(new URL(record.url).pathname, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify(sampleCall(say, record.kind)), credentials: 'omit' });
      if (!answer.ok && answer.status >= 500) throw new Error(String(answer.status));
    },
  });
  if (sample === null) return null;
  const command = `curl '${record.url}' -H 'Authorization: Bearer ${token ?? `<${say('check.token')}>`}' -H 'Content-Type: application/json' -d '${JSON.stringify(sample).replaceAll("'", "'\\''")}'`;
  return (
    <div className={styles.sampleCall}>
      <p className={styles.line}>
        <span className={`${styles.muted} ${styles.grow}`}>{say('check.command')}</span>
        <CopyButton text={command} label={say('copy.command')} />
        {token !== undefined && <Button size="small" loading={send.isPending} onClick={() => send.mutate()}>{say('check.send')}</Button>}
      </p>
      <pre className={styles.command}>{command}</pre>
      {send.isError && <p className={styles.problem} role="alert">{asProblem(send.error).title}</p>}
    </div>
  );
}
