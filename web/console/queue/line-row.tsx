import { useQueryClient } from '@tanstack/react-query';
import { memo, useRef, type MouseEvent } from 'react';
import type { TicketLine } from '../../../contract/view.ts';
import { ticketDetail, ticketTimeline } from '../data/tickets.ts';
import { useTexts } from '../i18n.ts';
import { Icon } from '../parts/icon.tsx';
import { isUnfinished } from '../parts/names.ts';
import { TicketRow } from '../parts/ticket-row.tsx';
import type { ShownColumn } from './columns.tsx';
import styles from './lines.module.css';

type Props = {
  line: TicketLine;
  columns: readonly ShownColumn[];
  shape: 'line' | 'card';
  time: 'createdAt' | 'updatedAt';
  current: boolean;
  selected: boolean;
  onOpen: (line: TicketLine) => void;
  onSelect: (id: string, range: boolean) => void;
};

/** Milliseconds the pointer must rest before a ticket is fetched ahead. */
const rest = 60;

/** One ticket of the queue (队列行): a box to choose it, and its columns as a link to its page. */
export const LineRow = memo(function LineRow({ line, columns, shape, time, current, selected, onOpen, onSelect }: Props) {
  const { t } = useTexts();
  const queryClient = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  function prefetch(): void {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      void queryClient.prefetchQuery(ticketDetail(line.number));
      void queryClient.prefetchInfiniteQuery(ticketTimeline(line.number));
    }, rest);
  }
  function open(event: MouseEvent): void {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (event.shiftKey) onSelect(line.id, true);
    else onOpen(line);
  }

  return (
    <div className={styles.row} data-shape={shape} data-current={current || undefined} data-selected={selected || undefined}>
      <button type="button" role="checkbox" className={styles.box} aria-checked={selected} aria-label={t('queue.select', { number: line.number })} tabIndex={current ? 0 : -1} onClick={(event) => onSelect(line.id, event.shiftKey)}>
        <Icon name="check" size={12} />
      </button>
      {shape === 'card' ? (
        <div className={styles.card}>
          <TicketRow ticket={line} shape="card" time={time} current={current} onOpen={onOpen as (ticket: unknown) => void} />
        </div>
      ) : (
        <a
          href={`/tickets/${line.number}`}
          className={styles.line}
          data-number={line.number}
          data-done={!isUnfinished(line) || undefined}
          data-new={line.status === 'new' || undefined}
          aria-current={current || undefined}
          onClick={open}
          onPointerEnter={prefetch}
          onPointerLeave={() => clearTimeout(timer.current)}
        >
          {columns.map((column) => <span key={column.key}>{column.cell(line)}</span>)}
        </a>
      )}
    </div>
  );
});
