import { useEffect, useRef } from 'react';
import type { Task } from '../../../contract/flow.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import { Ago } from '../../ui/react/index.ts';
import { colon } from '../../ui/punctuation.ts';
import { TaskButtons } from './task-buttons.tsx';
import { useTaskTexts } from './texts.ts';
import styles from './ticket-flow.module.css';

/** Where a task stands on the page of its ticket (任务锚点): an address that ends with it brings the task into sight. */
export const taskPlace = (id: string): string => `task-${id}`;

/** A task with what can be done with it (任务卡片). */
export function TaskCard({ task, ticket }: { task: Task; ticket: Ticket }) {
  const { t } = useTaskTexts();
  const card = useRef<HTMLDivElement>(null);
  const isCalled = location.hash === `#${taskPlace(task.id)}`;
  // It is there only once the flow was fetched: the address alone would have scrolled to nothing.
  useEffect(() => {
    if (isCalled) card.current?.scrollIntoView({ block: 'nearest' });
  }, [isCalled]);
  return (
    <div ref={card} id={taskPlace(task.id)} className={styles.card} role="group" aria-label={task.name} data-called={isCalled || undefined}>
      <div className={styles.cardHead}>
        <span className={styles.name}>{task.name}</span>
        <span className={styles.meta}>
          {task.mode === null ? t(`task.kind.${task.kind}`) : task.mode === 'quorum' ? t('task.mode.quorum', { count: task.quorum ?? 1 }) : t(`task.mode.${task.mode}`)}
          {task.dueAt !== null && <> · {task.overdue ? t('task.overdue') : t('task.due')} <Ago value={task.dueAt} /></>}
          {task.claimedBy !== null && <> · {t('task.claimedBy', { who: task.claimedBy.name })}</>}
        </span>
      </div>
      {task.instructions !== null && <p className={styles.instructions}>{task.instructions}</p>}
      {task.seats.some((seat) => seat.vote !== null) && (
        <ul className={styles.votes}>
          {task.seats.filter((seat) => seat.vote !== null).map((seat) => <li key={seat.id}>{seat.by?.name ?? seat.who.name} · {t(`flow.outcome.${seat.vote!}`)}{seat.comment !== null && `${colon()}${seat.comment}`}</li>)}
        </ul>
      )}
      <TaskButtons task={task} ticket={ticket} />
    </div>
  );
}
