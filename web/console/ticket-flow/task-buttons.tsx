import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Dropdown } from 'antd';
import { useState } from 'react';
import type { Task } from '../../../contract/flow.ts';
import { taskActionNames, type TaskAction } from '../../../contract/task-actions.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import { postOnce } from '../../ui/post-once.ts';
import { ProblemAlert } from '../../ui/react/index.ts';
import { ticketDetail } from '../data/tickets.ts';
import { useTexts } from '../i18n.ts';
import { useRenewTasks } from './queries.ts';
import { TaskDialog } from './task-dialog.tsx';
import { useTaskTexts } from './texts.ts';
import styles from './ticket-flow.module.css';

/** Done with one press; all others ask for something first. */
const plain: readonly TaskAction[] = ['claim', 'release', 'withdraw'];

/** What brings the ticket on; all others stand back. */
export const onward: readonly TaskAction[] = ['claim', 'complete', 'approve'];

type Props = {
  task: Task;
  /** The ticket, where it is at hand; else it is fetched once something is asked for. */
  ticket?: Ticket;
  /** Which of the actions are offered here; all of them when absent. */
  offered?: readonly TaskAction[];
  onTaken?: (action: TaskAction) => void;
};

/** What can be done with a task, as buttons (任务操作按钮): the two that matter, the rest in a menu. */
export function TaskButtons({ task, ticket, offered, onTaken }: Props) {
  const { t } = useTaskTexts();
  const { language } = useTexts();
  const renew = useRenewTasks();
  const [asked, setAsked] = useState<TaskAction | null>(null);
  const fetched = useQuery({ ...ticketDetail(task.ticket.number), enabled: asked !== null && ticket === undefined });
  const about = ticket ?? fetched.data;
  const act = useMutation({
    mutationFn: (action: TaskAction) => postOnce(`/tasks/${task.id}/actions/${action}`, {}),
    onSuccess: (_done, action) => onTaken?.(action),
    onSettled: () => renew(task.ticket.number),
  });
  const nameOf = (action: TaskAction) => taskActionNames[action][language === 'en' ? 'en' : 'zh'];
  const take = (action: TaskAction) => {
    if (plain.includes(action) || (action === 'complete' && task.fields.length === 0 && task.outcomes.length === 0)) act.mutate(action);
    else setAsked(action);
  };
  const [first, second, ...others] = offered === undefined ? task.actions : task.actions.filter((action) => offered.includes(action));
  if (first === undefined) return null;
  const waits = act.isPending || (asked !== null && about === undefined && !fetched.isError);
  return (
    <>
      {act.isError && <ProblemAlert error={act.error} />}
      {asked !== null && fetched.isError && <ProblemAlert error={fetched.error} onRetry={() => void fetched.refetch()} />}
      <div className={styles.buttons}>
        <Button className={styles.button} size="small" type={onward.includes(first) ? 'primary' : 'default'} loading={waits} onClick={() => take(first)}>{nameOf(first)}</Button>
        {second !== undefined && <Button className={styles.button} size="small" disabled={waits} onClick={() => take(second)}>{nameOf(second)}</Button>}
        {others.length > 0 && (
          <Dropdown trigger={['click']} menu={{ items: others.map((action) => ({ key: action, label: nameOf(action), onClick: () => take(action) })) }}>
            <Button className={styles.button} size="small" type="text">{t('task.more')}</Button>
          </Dropdown>
        )}
      </div>
      {asked !== null && about !== undefined && <TaskDialog task={task} ticket={about} action={asked} title={nameOf(asked)} onTaken={() => onTaken?.(asked)} onClose={() => setAsked(null)} />}
    </>
  );
}
