import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Input, Segmented, Select } from 'antd';
import { useState } from 'react';
import type { Call } from '../../../contract/call.ts';
import { Ago, EmptyState, ProblemAlert } from '../../ui/react/index.ts';
import { useDebounced } from '../parts/debounced.ts';
import { Badge } from '../parts/badge.tsx';
import { Icon } from '../parts/icon.tsx';
import { useTitle } from '../parts/title.ts';
import { useSession } from '../session/session.tsx';
import { Forbidden, PagePending } from '../shell/page-states.tsx';
import { CallDrawer } from './call-drawer.tsx';
import { callList } from './data.ts';
import { useCallTexts } from './texts.ts';
import { iconOf, lengthOf, stateWords, whoOf } from './words.ts';
import styles from './calls.module.css';

type Shown = 'all' | 'mine' | 'missed';

/** The log of calls (通话记录), newest first. */
export function CallsPage() {
  const { t: say } = useCallTexts();
  const { may } = useSession();
  const [shown, setShown] = useState<Shown>('all');
  const [direction, setDirection] = useState<'both' | 'inbound' | 'outbound'>('both');
  const [typed, setTyped] = useState('');
  const [open, setOpen] = useState<string | null>(null);
  const number = useDebounced(typed.trim());
  useTitle(say('log'));
  const list = useInfiniteQuery({
    ...callList({ ...(shown === 'mine' ? { mine: 'all' } : {}), ...(shown === 'missed' ? { state: 'missed' } : {}), ...(direction === 'both' ? {} : { direction }), ...(number.length >= 3 ? { number } : {}) }),
    enabled: may('ticket.read'),
  });
  if (!may('ticket.read')) return <Forbidden />;
  const calls = list.data?.pages.flatMap((page) => page.items) ?? [];
  const narrowed = shown !== 'all' || direction !== 'both' || number.length >= 3;
  return (
    <div className={styles.page}>
      <div className={styles.pageHead}>
        <h1>{say('log')}</h1>
        <Segmented<Shown> aria-label={say('log')} value={shown} onChange={setShown} options={(['all', 'mine', 'missed'] as const).map((value) => ({ value, label: say(`log.${value}`) }))} />
      </div>
      <div className={styles.filters}>
        <Input className={styles.search} allowClear value={typed} maxLength={40} prefix={<Icon name="search" size={14} />} aria-label={say('log.number')} placeholder={say('log.number')} onChange={(event) => setTyped(event.target.value)} />
        <Select aria-label={say('log.direction')} value={direction} onChange={setDirection} options={(['both', 'inbound', 'outbound'] as const).map((value) => ({ value, label: say(`log.${value}`) }))} />
      </div>
      {list.isPending && <PagePending />}
      {list.isError && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && calls.length === 0 && <EmptyState title={say(narrowed ? 'log.noneHere' : 'log.none')} {...(narrowed ? {} : { hint: say('log.noneHint') })} />}
      {calls.length > 0 && <ul className={styles.list}>{calls.map((call) => <Row key={call.id} call={call} onOpen={() => setOpen(call.id)} />)}</ul>}
      {list.hasNextPage && <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{say('log.more')}</Button>}
      {open !== null && <CallDrawer id={open} onClose={() => setOpen(null)} />}
    </div>
  );
}

function Row({ call, onOpen }: { call: Call; onOpen: () => void }) {
  const { t: say } = useCallTexts();
  return (
    <li data-state={call.state}>
      <Icon name={iconOf(call)} size={16} />
      <button type="button" className={styles.who} onClick={onOpen} aria-label={say('log.open', { who: whoOf(call) })}>{whoOf(call)}</button>
      <span className={styles.cell}>{call.agent.staff?.name ?? call.agent.extension ?? say('log.noOne')}</span>
      <span className={styles.cell}>
        {call.ticket === null ? call.note : <Link to="/tickets/$number" params={{ number: call.ticket.number }}><span className={styles.number}>{call.ticket.number}</span> {call.ticket.subject}</Link>}
      </span>
      <span className={styles.cell}>{call.callsBack ? <Badge tone="warning">{say('log.callsBack')}</Badge> : call.seconds === null ? stateWords(call) : call.answeredAt === null ? stateWords(call) : lengthOf(call.seconds)}</span>
      <span className={styles.time}><Ago value={call.startedAt} /></span>
    </li>
  );
}
