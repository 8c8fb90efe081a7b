import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Checkbox, Input, Modal, Popconfirm, Segmented } from 'antd';
import { useState } from 'react';
import type { InboundChannel, InboxMessage } from '../../../contract/channel.ts';
import { Ago, EmptyState, ProblemAlert } from '../../ui/react/index.ts';
import { colon } from '../../ui/punctuation.ts';
import { useTexts } from '../i18n.ts';
import { Delayed } from '../parts/delayed.tsx';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { channelMessages, type MessageFilter } from './data.ts';
import { StateBadge } from './health.tsx';
import { named } from './kinds.ts';
import { failureWords } from './refusal-words.ts';
import { MessageDrawer } from './message-drawer.tsx';
import { useChannelTexts } from './texts.ts';
import { useSettle } from './use-settle.ts';
import styles from './channels.module.css';

const states = ['all', 'quarantined', 'waiting', 'done', 'passed_over'] as const;
const most = 200;

/** What came in and what became of it (收到的消息), with what is to be done about what was put aside. */
export function MessagesPart({ record }: { record: InboundChannel }) {
  const { t: say } = useChannelTexts();
  const { t } = useTexts();
  const [state, setState] = useState<(typeof states)[number]>(record.health.quarantined > 0 ? 'quarantined' : 'all');
  const [q, setQ] = useState<string>();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState<string | null>(null);
  const [discarding, setDiscarding] = useState<readonly string[] | null>(null);
  const filter: MessageFilter = { ...(state === 'all' ? {} : { state }), ...(q === undefined ? {} : { q }) };
  const list = useInfiniteQuery({ ...channelMessages(record.id, filter), refetchInterval: 5_000 });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const chosen = items.filter((one) => selected.has(one.id));
  const settle = useSettle(record.id, () => setSelected(new Set()));
  const aside = chosen.filter((one) => one.state === 'quarantined').map((one) => one.id);
  const settled = chosen.filter((one) => one.state === 'done' || one.state === 'passed_over').map((one) => one.id);
  const choose = (next: (typeof states)[number]): void => {
    setState(next);
    setSelected(new Set());
  };
  const toggle = (id: string, on: boolean): void => {
    const next = new Set(selected);
    if (on && next.size < most) next.add(id);
    else next.delete(id);
    setSelected(next);
  };
  return (
    <section aria-label={say('part.messages')}>
      <div className={styles.toolbar}>
        <div className={styles.states}><Segmented aria-label={say('message.state')} value={state} options={states.map((value) => ({ value, label: say(`messages.${value}`) }))} onChange={choose} /></div>
        <span className={styles.grow} />
        <SearchField className={styles.search} value={q} onChange={setQ} placeholder={say('messages.search')} />
      </div>
      {list.isPending && <Delayed><RowSkeleton rows={8} height={52} /></Delayed>}
      {list.isError && list.data === undefined && <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />}
      {list.data !== undefined && items.length === 0 && <div className={styles.frame}>{state === 'quarantined' ? <EmptyState title={say('messages.noneAside')} hint={say('messages.noneAsideHint')} /> : <EmptyState title={say('messages.none')} hint={say('messages.noneHint')} />}</div>}
      {items.length > 0 && (
        <>
          <div className={styles.selection} data-some={chosen.length > 0 || undefined}>
            <Checkbox checked={chosen.length > 0 && chosen.length === Math.min(items.length, most)} indeterminate={chosen.length > 0 && chosen.length < items.length} onChange={(event) => setSelected(new Set(event.target.checked ? items.slice(0, most).map((one) => one.id) : []))}>
              {chosen.length === 0 ? say('messages.selectAll') : say('messages.selected', { count: chosen.length })}
            </Checkbox>
            {aside.length > 0 && <Button size="small" type="primary" loading={settle.isPending} onClick={() => settle.mutate({ action: 'reprocess', ids: aside })}>{say('act.reprocess')}</Button>}
            {aside.length > 0 && <Button size="small" onClick={() => setDiscarding(aside)}>{say('act.discard')}</Button>}
            {settled.length > 0 && (
              <Popconfirm title={say('act.replay')} description={say('act.replaySure')} okText={say('act.replay')} cancelText={say('settings.cancel')} onConfirm={() => settle.mutate({ action: 'replay', ids: settled })}>
                <Button size="small">{say('act.replay')}</Button>
              </Popconfirm>
            )}
          </div>
          <ul className={styles.list} aria-label={say('part.messages')}>
            {items.map((one) => <MessageRow key={one.id} message={one} selected={selected.has(one.id)} onToggle={(on) => toggle(one.id, on)} onOpen={() => setOpen(one.id)} />)}
          </ul>
        </>
      )}
      {list.hasNextPage && <Button block type="text" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('common.loadMore')}</Button>}
      {open !== null && <MessageDrawer record={record} id={open} onClose={() => setOpen(null)} onDiscard={(id) => setDiscarding([id])} />}
      {discarding !== null && <DiscardDialog ids={discarding} pending={settle.isPending} onClose={() => setDiscarding(null)} onDiscard={(reason) => settle.mutate({ action: 'discard', ids: [...discarding], reason }, { onSuccess: () => setDiscarding(null) })} />}
    </section>
  );
}

function MessageRow({ message, selected, onToggle, onOpen }: { message: InboxMessage; selected: boolean; onToggle: (on: boolean) => void; onOpen: () => void }) {
  const { t: say } = useChannelTexts();
  const name = message.preview || say('messages.untitled');
  return (
    <li className={styles.message}>
      <Checkbox checked={selected} aria-label={say('messages.select', { name })} onChange={(event) => onToggle(event.target.checked)} />
      <button type="button" className={styles.messageMain} onClick={onOpen}>
        <span className={styles.messageName}>{message.who !== null && <span className={styles.who}>{message.who} · </span>}{name}</span>
        {message.failure !== null
          ? <span className={styles.problem}>{failureWords(say, message)}</span>
          : <span className={styles.muted}>{message.outcome === null ? message.externalId : named(say, 'outcome', message.outcome)}{message.note !== null && `${colon()}${message.note}`}</span>}
      </button>
      <span className={styles.messageEnd}>
        {message.ticket !== null && <Link to="/tickets/$number" params={{ number: message.ticket.number }}>{message.ticket.number}</Link>}
        <StateBadge state={message.state} />
        <Ago className={styles.muted} value={message.receivedAt} />
      </span>
    </li>
  );
}

/** Asks why (弃置原因): it stands beside the message for good. */
function DiscardDialog({ ids, pending, onClose, onDiscard }: { ids: readonly string[]; pending: boolean; onClose: () => void; onDiscard: (reason: string) => void }) {
  const { t: say } = useChannelTexts();
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const wrong = asked && reason.trim() === '';
  return (
    <Modal
      open title={say('discard.title')} okText={say('act.discard')} cancelText={say('settings.cancel')} okButtonProps={{ danger: true, loading: pending }} onCancel={onClose}
      onOk={() => {
        setAsked(true);
        if (reason.trim() !== '') onDiscard(reason.trim());
      }}
    >
      <p className={styles.muted}>{say('messages.selected', { count: ids.length })} · {say('discard.hint')}</p>
      <label className={styles.field}>
        <span>{say('discard.why')}</span>
        <Input.TextArea autoFocus autoSize={{ minRows: 2, maxRows: 6 }} maxLength={500} showCount value={reason} placeholder={say('discard.place')} status={wrong ? 'error' : ''} onChange={(event) => setReason(event.target.value)} />
        {wrong && <span className={styles.problem} role="alert">{say('required')}</span>}
      </label>
    </Modal>
  );
}
