import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Dropdown } from 'antd';
import { useCallback, useMemo, type KeyboardEvent } from 'react';
import type { UnplannedTicket } from '../../../../contract/day-plan.ts';
import { priorities, type Priority } from '../../../../rules/ticket/lifecycle.ts';
import { EmptyState, PriorityMark, ProblemAlert, useNow } from '../../../ui/react/index.ts';
import { Delayed } from '../../parts/delayed.tsx';
import { Icon } from '../../parts/icon.tsx';
import { RowSkeleton } from '../../parts/row-skeleton.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { VirtualList } from '../../parts/virtual-list.tsx';
import { useBoard } from './board-context.ts';
import { stopOfTicket, type Move } from './board-model.ts';
import { carry, useCarryPart } from './carry.ts';
import { dayWords } from './clock.ts';
import { unplannedTickets, type UnplannedFilter } from './data.ts';
import { dayIn } from './scale.ts';
import { useBoardTexts } from './texts.ts';
import styles from './lane.module.css';

type Props = { filter: UnplannedFilter; onFilter: (filter: UnplannedFilter) => void; moves: readonly Move[] };

const keyOf = (ticket: UnplannedTicket): string => ticket.ticketId;

/** The tickets of the lane, but for those that are being tried out elsewhere. */
export function useUnplanned(filter: UnplannedFilter, moves: readonly Move[]) {
  const query = useInfiniteQuery(unplannedTickets(filter));
  const { data } = query;
  const tickets = useMemo(() => {
    const placed = new Set(moves.flatMap(({ stop, to }) => (to === null ? [] : [stop.ticketId])));
    return (data?.pages ?? []).flatMap(({ items }) => items).filter(({ ticketId }) => !placed.has(ticketId));
  }, [data, moves]);
  return { query, tickets };
}

/** What waits to be planned (待排工单): searched, filtered, and dragged onto the board. */
export function Lane({ filter, onFilter, moves }: Props) {
  const { t } = useBoardTexts();
  const { query, tickets } = useUnplanned(filter, moves);
  const { mayMove } = useBoard();
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const over = useCarryPart((carrying) => carrying !== null && carrying.target === 'lane');
  const mayDrop = useCarryPart((carrying) => carrying !== null && carrying.carried.from !== null);
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const filtered = filter.q !== undefined || filter.priority !== undefined;
  const renderRow = useCallback((ticket: UnplannedTicket) => <LaneTicket ticket={ticket} />, []);
  return (
    <section className={styles.lane} aria-label={t('lane')} data-lane data-over={over || undefined}>
      <div className={styles.filters}>
        <SearchField className={styles.search} value={filter.q} onChange={(q) => onFilter({ ...filter, q })} placeholder={t('lane.find')} />
        <Dropdown
          trigger={['click']}
          menu={{ selectable: true, selectedKeys: [filter.priority ?? ''], items: [{ key: '', label: t('lane.anyPriority') }, ...priorities.map((priority) => ({ key: priority, label: <PriorityMark priority={priority} withLabel /> }))], onClick: ({ key }) => onFilter({ ...filter, priority: key === '' ? undefined : key as Priority }) }}
        >
          <Button type="text" className={styles.priority} aria-label={t('lane.priority')} data-on={filter.priority !== undefined || undefined} icon={filter.priority === undefined ? <Icon name="filter" /> : <PriorityMark priority={filter.priority} />} />
        </Dropdown>
      </div>
      {query.isError && tickets.length === 0 ? <div className={styles.note}><ProblemAlert error={query.error} onRetry={() => void query.refetch()} /></div>
        : query.isPending ? <Delayed><RowSkeleton rows={8} height={72} /></Delayed>
          : tickets.length === 0 ? (
            <div className={styles.note}>
              {filtered ? <EmptyState title={t('lane.none')} hint={t('lane.noneHint')} action={<Button onClick={() => onFilter({ teamId: filter.teamId })}>{t('lane.clear')}</Button>} /> : <EmptyState icon={<Icon name="checkCircle" size={28} />} title={t('lane.empty')} hint={t('lane.emptyHint')} />}
            </div>
          ) : (
            <>
              {mayMove && <p id="lane-hint" className="visually-hidden">{t('lane.hint')}</p>}
              <VirtualList items={tickets} rowHeight={84} keyOf={keyOf} renderRow={renderRow} label={t('lane')} onEndReached={more} footer={isFetchingNextPage ? <RowSkeleton rows={2} height={84} /> : null} />
            </>
          )}
      {mayDrop && <div className={styles.drop} data-over={over || undefined}><Icon name="undo" size={18} />{t('lane.drop')}</div>}
    </section>
  );
}

function LaneTicket({ ticket }: { ticket: UnplannedTicket }) {
  const { t } = useBoardTexts();
  const { choose, pickUp, press, mayMove, chosen, time, zone, language, date } = useBoard();
  const now = useNow();
  const carried = useCarryPart((carrying) => carrying?.carried.stop.key === ticket.ticketId);
  const stop = stopOfTicket(ticket);
  const lies = { stop, from: null };
  const due = ticket.dueAt === null ? null : Date.parse(ticket.dueAt);
  const on = (at: number): string => (dayIn(zone, at) === date ? time(at) : `${dayWords(zone, at, language)} ${time(at)}`);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || !mayMove) return;
    event.preventDefault();
    event.stopPropagation();
    pickUp(lies);
  }

  return (
    <button
      type="button"
      className={styles.ticket}
      data-ticket={ticket.number}
      data-chosen={(chosen?.kind === 'stop' && chosen.stop.ticketId === ticket.ticketId) || undefined}
      data-carried={carried || undefined}
      aria-describedby={mayMove ? 'lane-hint' : undefined}
      onClick={() => choose({ kind: 'stop', stop, technicianId: null })}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (mayMove && event.button === 0 && event.pointerType !== 'touch') press(event.nativeEvent, lies, 8);
      }}
    >
      <span className={styles.first}>
        <PriorityMark priority={ticket.priority} />
        <span className={styles.subject}>{ticket.subject}</span>
        {carry.now() === null && mayMove && <Icon name="grip" size={14} className={styles.grip} />}
      </span>
      <span className={styles.place}>{ticket.place?.text ?? t('lane.noPlace')}</span>
      <span className={styles.facts}>
        <span>{t('lane.minutes', { count: ticket.serviceMinutes })}</span>
        {ticket.windowStart !== null && <span className={styles.promised}>{t('lane.promised', { time: `${on(Date.parse(ticket.windowStart))}${ticket.windowEnd === null ? '' : `–${time(Date.parse(ticket.windowEnd))}`}` })}</span>}
        {ticket.windowStart === null && due !== null && <span className={due < now ? styles.overdue : undefined}>{due < now ? t('lane.overdue') : t('lane.due', { time: on(due) })}</span>}
        {ticket.skills.length > 0 && <span className={styles.skills} title={t('lane.skills', { names: ticket.skills.map(({ skill, level }) => `${skill.name} ${level}`).join(language === 'en' ? ', ' : '、') })}>{ticket.skills.map(({ skill }) => skill.name).join(language === 'en' ? ', ' : '、')}</span>}
      </span>
    </button>
  );
}
