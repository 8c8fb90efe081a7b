import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useImperativeHandle, useMemo, useRef, useState, type ReactNode, type Ref } from 'react';
import type { TicketSummary } from '../../../contract/ticket.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { ticketList, ticketsOf, type TicketFilter } from '../data/tickets.ts';
import { useTexts } from '../i18n.ts';
import { Delayed } from './delayed.tsx';
import { RowSkeleton } from './row-skeleton.tsx';
import { rowHeights, TicketRow } from './ticket-row.tsx';
import { VirtualList } from './virtual-list.tsx';
import styles from './ticket-list.module.css';

/** What keys may ask of a list. */
export type TicketListHandle = { move: (by: 1 | -1) => void; openCurrent: () => void };

type Props = {
  filter: TicketFilter;
  shape: keyof typeof rowHeights;
  label: string;
  /** The number of the ticket that stands open beside the list. */
  openNumber?: string;
  /** Called with the ticket and the numbers around it, for going on to the next one. */
  onOpen: (ticket: TicketSummary, numbers: string[]) => void;
  empty: ReactNode;
  /** What is not shown of what the list has; the same function each time. */
  hides?: (ticket: TicketSummary) => boolean;
  ref?: Ref<TicketListHandle>;
};

const keyOf = (ticket: TicketSummary): string => ticket.id;

/** A live list of tickets (工单列表) with one row under the keyboard. */
export function TicketList({ filter, shape, label, openNumber, onOpen, empty, hides, ref }: Props) {
  const { t } = useTexts();
  const list = useInfiniteQuery(ticketList(filter));
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = list;
  const tickets = useMemo(() => ticketsOf(list.data).filter((ticket) => hides?.(ticket) !== true), [list.data, hides]);
  const frame = useRef<HTMLDivElement>(null);
  const [keyboardNumber, setKeyboardNumber] = useState<string>();
  const [lastIndex, setLastIndex] = useState(-1);
  const cursorNumber = openNumber ?? keyboardNumber;
  const found = cursorNumber === undefined ? -1 : tickets.findIndex((ticket) => ticket.number === cursorNumber);
  if (found >= 0 && found !== lastIndex) setLastIndex(found);

  const open = useCallback(
    (ticket: TicketSummary) => {
      setKeyboardNumber(ticket.number);
      onOpen(ticket, tickets.map((one) => one.number));
    },
    [onOpen, tickets],
  );

  useImperativeHandle(ref, () => ({
    move(by) {
      // The ticket under the cursor may have left the list: its successor stands in its place.
      const from = found >= 0 ? found : by === 1 ? lastIndex - 1 : lastIndex;
      const next = tickets[Math.max(0, Math.min(tickets.length - 1, from + by))];
      if (next === undefined) return;
      setKeyboardNumber(next.number);
      if (openNumber !== undefined) open(next);
      else requestAnimationFrame(() => frame.current?.querySelector<HTMLElement>(`[data-number="${next.number}"]`)?.focus({ preventScroll: true }));
    },
    openCurrent() {
      const ticket = tickets[found];
      if (ticket !== undefined) open(ticket);
    },
  }));

  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);

  if (list.isPending) return <Delayed><RowSkeleton rows={12} height={rowHeights[shape]} /></Delayed>;
  if (list.data === undefined) return <div className={styles.problem}><ProblemAlert error={list.error} onRetry={() => void list.refetch()} /></div>;
  if (tickets.length === 0) return <div className={styles.empty}>{empty}</div>;
  const time = filter.sort?.endsWith('updatedAt') === true ? 'updatedAt' : 'createdAt';
  return (
    <div className={styles.frame} ref={frame}>
      <VirtualList
        items={tickets}
        rowHeight={rowHeights[shape]}
        keyOf={keyOf}
        label={label}
        cursor={found}
        onEndReached={more}
        renderRow={(ticket) => <TicketRow ticket={ticket} shape={shape} time={time} current={ticket.number === cursorNumber} onOpen={open} />}
        footer={
          list.isFetchNextPageError ? (
            <div className={styles.problem}><ProblemAlert error={list.error} onRetry={() => void fetchNextPage()} /></div>
          ) : isFetchingNextPage ? (
            <p className={styles.more}>{t('common.loading')}…</p>
          ) : null
        }
      />
    </div>
  );
}
