import { useMutation } from '@tanstack/react-query';
import { Button, Dropdown } from 'antd';
import { useState } from 'react';
import type { Task } from '../../../contract/flow.ts';
import { taskActionNames, type TaskAction } from '../../../contract/task-actions.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import { postOnce } from '../../ui/post-once.ts';
import { Ago, ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { useRenewTasks } from './queries.ts';
import { TaskDialog } from './task-dialog.tsx';
import { useTaskTexts } from './texts.ts';
import styles from './ticket-flow.module.css';

/** Done with one press; all others ask for something first. */
const plain: readonly TaskAction[] = ['claim', 'release', 'withdraw'];

/** What brings the ticket on; all others stand back. */
const onward: readonly TaskAction[] = ['claim', 'complete', 'approve'];

/** A task with what can be done with it (任务卡片). */
export function TaskCard({ task, ticket }: { task: Task; ticket: Ticket }) {
  const { t } = useTaskTexts();
  const { language } = useTexts();
  const renew = useRenewTasks();
  const [asked, setAsked] = useState<TaskAction | null>(null);
  const act = useMutation({ mutationFn: (action: TaskAction) => postOnce(`/tasks/${task.id}/actions/${action}`, {}), onSettled: () => renew(ticket.number) });
  const nameOf = (action: TaskAction) => taskActionNames[action][language === 'en' ? 'en' : 'zh'];
  const take = (action: TaskAction) => {
    if (plain.includes(action) || (action === 'complete' && task.fields.length === 0 && task.outcomes.length === 0)) act.mutate(action);
    else setAsked(action);
  };
  const [first, second, ...others] = task.actions;
  return (
    <div className={styles.card} role="group" aria-label={task.name}>
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
          {task.seats.filter((seat) => seat.vote !== null).map((seat) => <li key={seat.id}>{seat.by?.name ?? seat.who.name} · {t(`flow.outcome.${seat.vote!}`)}{seat.comment !== null && `：${seat.comment}`}</li>)}
        </ul>
      )}
      {act.isError && <ProblemAlert error={act.error} />}
      <div className={styles.buttons}>
        {first !== undefined && <Button size="small" type={onward.includes(first) ? 'primary' : 'default'} loading={act.isPending} onClick={() => take(first)}>{nameOf(first)}</Button>}
        {second !== undefined && <Button size="small" onClick={() => take(second)}>{nameOf(second)}</Button>}
        {others.length > 0 && (
          <Dropdown trigger={['click']} menu={{ items: others.map((action) => ({ key: action, label: nameOf(action), onClick: () => take(action) })) }}>
            <Button size="small" type="text">{t('task.more')}</Button>
          </Dropdown>
        )}
      </div>
      {asked !== null && <TaskDialog task={task} ticket={ticket} action={asked} title={nameOf(asked)} onClose={() => setAsked(null)} />}
    </div>
  );
}
