import { useQueryClient } from '@tanstack/react-query';
import { memo, useRef, type MouseEvent } from 'react';
import type { TicketSummary } from '../../../contract/ticket.ts';
import { Ago, Avatar, PriorityMark, StatusTag } from '../../ui/react/index.ts';
import { words } from '../../ui/words.ts';
import { ticketDetail, ticketTimeline } from '../data/tickets.ts';
import { useTexts } from '../i18n.ts';
import { ChecklistMark } from './checklist-mark.tsx';
import { isUnfinished, waitingTexts } from './names.ts';
import styles from './ticket-row.module.css';

export const rowHeights = { line: 40, card: 62 } as const;

type Props = {
  ticket: TicketSummary;
  /** One line across a wide list, or two lines in a narrow one. */
  shape: keyof typeof rowHeights;
  /** Which moment the row tells. */
  time: 'createdAt' | 'updatedAt';
  /** The keyboard or the open pane stands on it. */
  current: boolean;
  onOpen: (ticket: TicketSummary) => void;
};

/** Milliseconds the pointer must rest before a ticket is fetched ahead. */
const rest = 60;

/** One ticket in a list (工单行): a link to its page, so that a middle click opens a tab. */
export const TicketRow = memo(function TicketRow({ ticket, shape, time, current, onOpen }: Props) {
  const { t } = useTexts();
  const queryClient = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  function prefetch(): void {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      void queryClient.prefetchQuery(ticketDetail(ticket.number));
      void queryClient.prefetchInfiniteQuery(ticketTimeline(ticket.number));
    }, rest);
  }

  function open(event: MouseEvent): void {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onOpen(ticket);
  }

  const who = [ticket.requester.name, ticket.location?.address].filter((part) => part != null && part !== '').join(' · ');
  const done = !isUnfinished(ticket);
  const label = ticket.ownStatus?.name ?? (ticket.status === 'waiting' && ticket.waitingFor !== null ? t(waitingTexts[ticket.waitingFor]) : undefined);
  return (
    <a
      href={`/tickets/${ticket.number}`}
      className={`${styles.row} ${styles[shape]}`}
      data-number={ticket.number}
      data-current={current || undefined}
      data-done={done || undefined}
      data-new={ticket.status === 'new' || undefined}
      aria-current={current || undefined}
      onClick={open}
      onPointerEnter={prefetch}
      onPointerLeave={() => clearTimeout(timer.current)}
    >
      <span className={styles.priority}>
        <PriorityMark priority={ticket.priority} />
      </span>
      <span className={styles.number}>{ticket.number}</span>
      <span className={styles.subject}><span className={styles.subjectWords}>{ticket.subject}</span><ChecklistMark checklist={ticket.checklist} /></span>
      <span className={styles.who} title={who}>{who}</span>
      <span className={styles.status} title={label ?? words(`status.${ticket.status}`)}>
        <StatusTag status={ticket.status} label={label} />
      </span>
      <span className={styles.owner} title={ticket.assignee?.name ?? ticket.team?.name}>
        {ticket.assignee === null ? (
          <>
            <span className={styles.nobody} />
            <span className={styles.ownerName}>{ticket.team?.name ?? t('common.nobody')}</span>
          </>
        ) : (
          <>
            <Avatar name={ticket.assignee.name} size={20} />
            <span className={styles.ownerName}>{ticket.assignee.name}</span>
          </>
        )}
      </span>
      <Ago className={styles.time} value={ticket[time]} />
    </a>
  );
});
