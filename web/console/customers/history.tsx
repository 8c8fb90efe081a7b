import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Segmented } from 'antd';
import { lazy, Suspense, useState } from 'react';
import type { Call } from '../../../contract/call.ts';
import { historyKinds, type HistoryEntry } from '../../../contract/customer.ts';
import { Ago, Avatar, EmptyState, PriorityMark, ProblemAlert, StatusTag } from '../../ui/react/index.ts';
import { formatDate } from '../../ui/time.ts';
import { useCallTexts } from '../calls/texts.ts';
import { iconOf, lengthOf, stateWords, whoOf } from '../calls/words.ts';
import { useTexts } from '../i18n.ts';
import { Delayed } from '../parts/delayed.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { channelTexts } from '../parts/names.ts';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import { Attachments } from '../ticket/attachments.tsx';
import { useChangeWords } from './change-words.ts';
import { historyOf } from './data.ts';
import { Note } from './notes.tsx';
import { useCustomerTexts } from './texts.ts';
import styles from './history.module.css';

const CallDrawer = lazy(async () => ({ default: (await import('../calls/call-drawer.tsx')).CallDrawer }));

type Kind = (typeof historyKinds)[number];
type Props = { of: 'customers' | 'accounts' | 'assets'; id: string; kinds?: readonly Kind[]; writable?: boolean };

const changeIcons: Record<string, IconName> = {
  'personal_data.revealed': 'eye', 'customer.merged': 'transfer', 'customer.unmerged': 'reopen', 'customer.archived': 'trash', 'customer.restored': 'reopen', 'customer.created': 'plus', 'account.created': 'plus', 'asset.created': 'plus',
  'contact_point.verified': 'checkCircle', 'contact_point.added': 'phone', 'contact_point.removed': 'trash', 'site.created': 'place',
};

/** What passed between a customer, an account or around an asset and us, over all channels (往来记录), newest first. */
export function History({ of, id, kinds = historyKinds, writable = false }: Props) {
  const { t } = useTexts();
  const { t: say } = useCustomerTexts();
  const [shown, setShown] = useState<Kind | 'all'>('all');
  const list = useInfiniteQuery(historyOf(of, id, shown !== 'all' ? shown : kinds.length === historyKinds.length ? undefined : kinds.join(',')));
  const entries = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className={styles.history}>
      {kinds.length > 1 && (
        <Segmented<Kind | 'all'>
          className={styles.kinds}
          value={shown}
          aria-label={say('history.kinds')}
          options={(['all', ...kinds] as const).map((kind) => ({ value: kind, label: say(`history.${kind}`) }))}
          onChange={setShown}
        />
      )}
      {list.isPending && <Delayed><RowSkeleton rows={6} height={62} /></Delayed>}
      {list.isError && list.data === undefined && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
      {list.data !== undefined && entries.length === 0 && !list.hasNextPage && <EmptyState title={say('history.none')} />}
      <ol className={styles.list}>
        {entries.map((entry) => (
          <Entry key={`${entry.kind} ${entry.id}`} entry={entry} writable={writable} />
        ))}
      </ol>
      {list.isFetchNextPageError && <ProblemAlert error={list.error} onRetry={() => void list.fetchNextPage()} />}
      {list.hasNextPage && !list.isFetchNextPageError && <Button block type="text" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('common.loadMore')}</Button>}
    </div>
  );
}

function Entry({ entry, writable }: { entry: HistoryEntry; writable: boolean }) {
  if (entry.kind === 'note' && entry.note !== null) return <Note note={entry.note} mayWrite={writable} />;
  if (entry.kind === 'message' && entry.message !== null) return <Message entry={entry} message={entry.message} />;
  if (entry.kind === 'call' && entry.call !== null) return <CallOf call={entry.call} at={entry.at} />;
  if (entry.kind === 'visit' && entry.visit !== null && entry.ticket !== null) return <VisitOf visit={entry.visit} ticket={entry.ticket} at={entry.at} />;
  if (entry.kind === 'ticket' && entry.ticket !== null) return <TicketOf ticket={entry.ticket} at={entry.at} />;
  return entry.change === null ? null : <Change change={entry.change} at={entry.at} />;
}

function TicketOf({ ticket, at }: { ticket: NonNullable<HistoryEntry['ticket']>; at: string }) {
  const { t } = useTexts();
  const { t: say } = useCustomerTexts();
  const channel = channelTexts[ticket.channel as keyof typeof channelTexts];
  return (
    <li className={styles.entry}>
      <span className={styles.mark}><Icon name="queue" size={14} /></span>
      <div className={styles.body}>
        <Link to="/tickets/$number" params={{ number: ticket.number }} className={styles.ticket}>
          <PriorityMark priority={ticket.priority} />
          <span className={styles.subject} dir="auto">{ticket.subject}</span>
        </Link>
        <p className={styles.about}>
          <StatusTag status={ticket.status} />
          <span>{ticket.number}</span>
          {channel !== undefined && <span>{say('history.via', { channel: t(channel) })}</span>}
          <span>{ticket.assignee?.name ?? say('history.unassigned')}</span>
        </p>
      </div>
      <Ago value={at} className={styles.time} />
    </li>
  );
}

function CallOf({ call, at }: { call: Call; at: string }) {
  const { t: say } = useCallTexts();
  const { t: sayCustomer } = useCustomerTexts();
  const [open, setOpen] = useState(false);
  const agent = call.agent.staff?.name ?? call.agent.extension;
  return (
    <li className={styles.entry}>
      <span className={styles.mark}><Icon name={iconOf(call)} size={14} /></span>
      <div className={styles.body}>
        <p className={styles.about}>
          <button type="button" className={styles.open} aria-haspopup="dialog" aria-label={say('log.open', { who: whoOf(call) })} onClick={() => setOpen(true)}>{sayCustomer(`history.${call.direction}`)}</button>
          <span>{stateWords(call)}</span>
          {agent !== null && <span>{agent}</span>}
          {call.seconds !== null && <span>{call.answeredAt === null ? say('log.noAnswer', { time: lengthOf(call.seconds) }) : lengthOf(call.seconds)}</span>}
          {call.recording.state === 'kept' && <span>{say('recording')}</span>}
          {call.ticket !== null && <Link to="/tickets/$number" params={{ number: call.ticket.number }} title={call.ticket.subject}>{call.ticket.number}</Link>}
        </p>
        {call.note !== '' && <p className={`prose ${styles.said}`} dir="auto">{call.note}</p>}
      </div>
      <Ago value={at} className={styles.time} />
      {open && <Suspense><CallDrawer id={call.id} onClose={() => setOpen(false)} /></Suspense>}
    </li>
  );
}

function VisitOf({ visit, ticket, at }: { visit: NonNullable<HistoryEntry['visit']>; ticket: NonNullable<HistoryEntry['ticket']>; at: string }) {
  const { language } = useTexts();
  const { t: say } = useCustomerTexts();
  const when = visit.completedAt ?? visit.windowStart;
  return (
    <li className={styles.entry}>
      <span className={styles.mark}><Icon name="tool" size={14} /></span>
      <div className={styles.body}>
        <p className={styles.about}>
          <span className={styles.title}>{say('history.visitBy', { name: visit.technician.name })}</span>
          <span>{say(`visit.${visit.status}`)}</span>
          {when !== null && <span>{formatDate(when, Date.now(), language)}</span>}
          <Link to="/tickets/$number" params={{ number: ticket.number }} title={ticket.subject}>{ticket.number}</Link>
        </p>
        {visit.workSummary !== null && <p className={`prose ${styles.said}`} dir="auto">{visit.workSummary}</p>}
      </div>
      <Ago value={at} className={styles.time} />
    </li>
  );
}

function Message({ entry, message }: { entry: HistoryEntry; message: NonNullable<HistoryEntry['message']> }) {
  const { t } = useTexts();
  const name = message.author.name ?? t('timeline.customer');
  const kind = message.visibility === 'internal' ? 'note' : message.direction;
  return (
    <li className={styles.entry} data-kind={kind}>
      <span className={styles.mark}><Avatar name={name} size={24} /></span>
      <div className={styles.body}>
        <p className={styles.about}>
          <strong>{name}</strong>
          <span>{kind === 'note' ? t('timeline.note') : kind === 'inbound' ? t('timeline.fromCustomer') : t('timeline.toCustomer')}</span>
          {entry.ticket !== null && <Link to="/tickets/$number" params={{ number: entry.ticket.number }} title={entry.ticket.subject}>{entry.ticket.number}</Link>}
        </p>
        <p className={`prose ${styles.said}`} dir="auto">{message.body}</p>
        <Attachments files={message.files} />
      </div>
      <Ago value={entry.at} className={styles.time} />
    </li>
  );
}

function Change({ change, at }: { change: NonNullable<HistoryEntry['change']>; at: string }) {
  const { t } = useTexts();
  const { t: say } = useCustomerTexts();
  const wordsOf = useChangeWords();
  const { reason, source, target } = change.data as { reason?: unknown; source?: { name?: string }; target?: { name?: string } };
  const changes = wordsOf(change.data);
  return (
    <li className={styles.entry} data-kind="change">
      <span className={styles.mark}><Icon name={changeIcons[change.kind] ?? 'edit'} size={14} /></span>
      <div className={styles.body}>
        <p className={styles.about}>
          <span className={styles.title}>{change.title}</span>
          <span>{change.actor.name ?? say('history.system')}</span>
          {source?.name !== undefined && target?.name !== undefined && <bdi>{source.name} → {target.name}</bdi>}
        </p>
        {typeof reason === 'string' && <p className={styles.detail}>{say('history.reason', { reason })}</p>}
        {changes.map(({ property, before, after }) => (
          <p key={property} className={styles.detail}>
            {property}
            {before !== null && after !== null && (
              <>
                {t('common.colon')}
                <del><bdi>{before}</bdi></del> <span aria-hidden="true">→</span><span className="visually-hidden">{say('history.to')}</span> <ins><bdi>{after}</bdi></ins>
              </>
            )}
          </p>
        ))}
      </div>
      <Ago value={at} className={styles.time} />
    </li>
  );
}
