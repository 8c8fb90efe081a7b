import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Segmented } from 'antd';
import { lazy, Suspense, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { HeldReply } from '../../../contract/desk.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import { Ago, ProblemAlert } from '../../ui/react/index.ts';
import { deskKeys, heldReplies } from '../data/desk.ts';
import type { KeptMessage } from '../data/outgoing.ts';
import { ticketTimeline } from '../data/tickets.ts';
import { useTexts } from '../i18n.ts';
import { useOutgoing } from '../live/outgoing.ts';
import { Delayed } from '../parts/delayed.tsx';
import { Icon } from '../parts/icon.tsx';
import { LongText } from '../parts/long-text.tsx';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import { useSession } from '../session/session.tsx';
import { Attachments } from './attachments.tsx';
import { foldTimeline, showsUnder, type TimelineFilter } from './fold-timeline.ts';
import { HeldReplies } from './held-replies.tsx';
import { OutgoingMessages } from './outgoing-messages.tsx';
import { filesInFields } from './field-files.ts';
import { TimelineItem } from './timeline-item.tsx';
import styles from './timeline.module.css';

const CorrectDialog = lazy(async () => ({ default: (await import('./correct/correct-dialog.tsx')).CorrectDialog }));

/** So close to the end counts as reading the end. */
const nearEnd = 80;
const none: readonly HeldReply[] = [];

/** The timeline (时间线): what was asked, then everything said and done since. */
export function Timeline({ ticket, onTakenBack }: { ticket: Ticket; onTakenBack: (message: KeptMessage) => void }) {
  const { t } = useTexts();
  const { may } = useSession();
  const timeline = useInfiniteQuery(ticketTimeline(ticket.number));
  const [filter, setFilter] = useState<TimelineFilter>('all');
  const scroller = useRef<HTMLDivElement>(null);
  const seen = useRef<{ count: number; atEnd: boolean } | null>(null);
  const [unseen, setUnseen] = useState(0);
  const [correcting, setCorrecting] = useState(false);

  const entries = useMemo(() => foldTimeline(timeline.data?.pages.flatMap((page) => page.items) ?? []), [timeline.data]);
  // What has arrived and stands on the timeline by now is not shown twice.
  const arrived = new Set(entries.flatMap((entry) => entry.comment?.id ?? []));
  const heldList = useQuery({ ...heldReplies(ticket.id), enabled: may('ticket.reply') || may('ticket.note') }).data ?? none;
  const known = new Set(heldList.map(({ id }) => id));
  const held = heldList.filter((one) => !entries.some(({ comment }) => comment?.body === one.comment.body && comment.createdAt >= one.createdAt));
  const pending = useOutgoing().filter((message) => message.ticketId === ticket.id && (message.commentId === null || !(arrived.has(message.commentId) || known.has(message.commentId))));
  const queryClient = useQueryClient();
  const holds = heldList.length > 0;
  useEffect(() => {
    // What was held has left, perhaps.
    if (holds) void queryClient.invalidateQueries({ queryKey: deskKeys.held(ticket.id) });
  }, [queryClient, ticket.id, entries.length, holds]);
  const shown = entries.filter((entry) => (entry.kind !== 'ticket.created' || entry.ticketNumber !== null) && showsUnder(entry, filter));
  const own = filesInFields(ticket.fields, ticket.files);
  const asked = ticket.files.filter((file) => !own.includes(file) && entries.some((entry) => entry.kind === 'file.attached' && entry.files.some((one) => one.id === file.id) && entry.at === ticket.createdAt));

  useLayoutEffect(() => {
    const element = scroller.current;
    const before = seen.current;
    seen.current = { count: entries.length, atEnd: before?.atEnd ?? false };
    if (element === null || before === null || before.count === 0 || entries.length <= before.count) return;
    if (before.atEnd) element.scrollTo({ top: element.scrollHeight });
    else if (element.scrollHeight > element.clientHeight + nearEnd) setUnseen((count) => count + entries.length - before.count);
  }, [entries]);

  const pendingCount = useRef(pending.length + held.length);
  useLayoutEffect(() => {
    // What one has just sent is looked at, wherever one was reading.
    if (pending.length + held.length > pendingCount.current) scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
    pendingCount.current = pending.length + held.length;
  }, [pending.length, held.length]);

  function onScroll(): void {
    const element = scroller.current;
    if (element === null || seen.current === null) return;
    seen.current.atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < nearEnd;
    if (seen.current.atEnd) setUnseen(0);
  }

  return (
    <div className={styles.frame}>
      <div className={styles.scroller} ref={scroller} onScroll={onScroll} tabIndex={0} role="region" aria-label={t('timeline.label')}>
        <section className={styles.request} aria-label={t('timeline.request')}>
          <div className={styles.requestHead}>
            <strong>{ticket.createdBy.name ?? ticket.requester.name ?? t(ticket.channel === 'alarm' ? 'timeline.system' : 'timeline.customer')}</strong>
            <span>{t(ticket.channel === 'alarm' && ticket.requester.name === null ? 'timeline.alarmed' : 'timeline.asked')}</span>
            <Ago value={ticket.createdAt} />
            {may('ticket.update') && ticket.mergedInto === null && (
              <button type="button" className={styles.edit} aria-label={t('correct.description')} title={t('correct.description')} onClick={() => setCorrecting(true)}>
                <Icon name="edit" size={14} />
              </button>
            )}
          </div>
          {ticket.description.trim() === '' ? <p className={styles.nothing}>{t('timeline.noDescription')}</p> : <LongText text={ticket.description} />}
          <Attachments files={asked} />
        </section>
        <div className={styles.bar}>
          <Segmented
            size="small"
            value={filter}
            onChange={setFilter}
            aria-label={t('timeline.filter')}
            options={[
              { value: 'all', label: t('timeline.all') },
              { value: 'talk', label: t('timeline.talk') },
              { value: 'changes', label: t('timeline.changes') },
            ]}
          />
        </div>
        {timeline.isPending && <Delayed><RowSkeleton rows={4} height={48} /></Delayed>}
        {timeline.isError && timeline.data === undefined && <div className={styles.problem}><ProblemAlert error={timeline.error} onRetry={() => void timeline.refetch()} /></div>}
        <ol className={styles.entries}>
          {shown.map((entry) => (
            <TimelineItem key={entry.id} entry={entry} number={ticket.number} shownFiles={[...asked, ...own]} />
          ))}
          {filter !== 'changes' && <HeldReplies number={ticket.number} held={held} onTakenBack={onTakenBack} />}
          {filter !== 'changes' && <OutgoingMessages messages={pending} onTakenBack={onTakenBack} />}
        </ol>
        {timeline.data !== undefined && shown.length === 0 && pending.length + held.length === 0 && <p className={styles.nothing}>{t('timeline.empty')}</p>}
        {timeline.hasNextPage && (
          <Button block type="text" loading={timeline.isFetchingNextPage} onClick={() => void timeline.fetchNextPage()}>
            {t('common.loadMore')}
          </Button>
        )}
      </div>
      {correcting && <Suspense><CorrectDialog what="description" ticket={ticket} onClose={() => setCorrecting(false)} /></Suspense>}
      {unseen > 0 && (
        <button type="button" className={styles.pill} onClick={() => scroller.current?.scrollTo({ top: scroller.current.scrollHeight })}>
          <Icon name="chevronDown" size={14} />
          {t('timeline.unseen', { count: unseen })}
        </button>
      )}
    </div>
  );
}
