import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { App, Button, Segmented } from 'antd';
import { useState } from 'react';
import type { Task } from '../../../contract/flow.ts';
import { taskActionNames, type TaskAction } from '../../../contract/task-actions.ts';
import type { Priority } from '../../../rules/ticket/lifecycle.ts';
import { Ago, EmptyState, PriorityMark, ProblemAlert } from '../../ui/react/index.ts';
import { useTexts } from '../i18n.ts';
import { Badge } from '../parts/badge.tsx';
import { Delayed } from '../parts/delayed.tsx';
import { RowSkeleton } from '../parts/row-skeleton.tsx';
import { useTitle } from '../parts/title.ts';
import { taskCounts, taskList, type TaskScope } from '../ticket-flow/queries.ts';
import { TaskButtons } from '../ticket-flow/task-buttons.tsx';
import { taskPlace } from '../ticket-flow/task-card.tsx';
import { useTaskTexts } from '../ticket-flow/texts.ts';
import styles from './tasks-page.module.css';

const scopes = ['mine', 'team', 'done'] as const satisfies readonly TaskScope[];

/** What a list of tasks offers at once; the rest stands on the ticket's page. */
const offered: readonly TaskAction[] = ['claim', 'complete', 'approve', 'reject', 'return', 'withdraw'];

/** What waits for me, or for my teams, in flows (我的任务): done, decided or claimed from here. */
export function TasksPage() {
  const { t } = useTaskTexts();
  const [scope, setScope] = useState<TaskScope>('mine');
  const tasks = useInfiniteQuery(taskList(scope));
  const counted = useQuery(taskCounts).data;
  useTitle(t('task.title'));
  const items = tasks.data?.pages.flatMap((page) => page.items) ?? [];
  const counts: Partial<Record<TaskScope, string>> = { mine: waiting(counted?.mine), team: waiting(counted?.team) };
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h1 className={styles.title}>{t('task.title')}</h1>
        <Segmented<TaskScope>
          value={scope} onChange={setScope} aria-label={t('task.title')}
          options={scopes.map((one) => ({ value: one, label: counts[one] === undefined ? t(`task.${one}`) : <span className={styles.counted}>{t(`task.${one}`)} <Badge tone={one === 'mine' ? 'accent' : 'neutral'}>{counts[one]}</Badge></span> }))}
        />
      </div>
      <div className={styles.body}>
        {tasks.isError && <ProblemAlert error={tasks.error} onRetry={() => void tasks.refetch()} />}
        {tasks.isPending && <Delayed><RowSkeleton rows={4} height={56} /></Delayed>}
        {tasks.isSuccess && items.length === 0 && <EmptyState title={t(`task.none.${scope}`)} hint={t(`task.noneHint.${scope}`)} />}
        {items.length > 0 && <ul className={styles.list}>{items.map((task) => <Row key={task.id} task={task} />)}</ul>}
        {tasks.hasNextPage && <Button block type="text" loading={tasks.isFetchingNextPage} onClick={() => void tasks.fetchNextPage()}>{t('task.loadMore')}</Button>}
      </div>
    </div>
  );
}

const waiting = (count = 0): string | undefined => (count === 0 ? undefined : count > 99 ? '99+' : String(count));

function Row({ task }: { task: Task }) {
  const { t } = useTaskTexts();
  const { language } = useTexts();
  const { message } = App.useApp();
  const outcome = task.outcome === 'approved' || task.outcome === 'rejected' ? t(`flow.outcome.${task.outcome}`) : task.outcomes.find(({ key }) => key === task.outcome)?.name;
  return (
    <li className={styles.row}>
      <Link to="/tickets/$number" params={{ number: task.ticket.number }} hash={taskPlace(task.id)} className={styles.link}>
        <PriorityMark priority={task.ticket.priority as Priority} />
        <span className={styles.words}>
          <span className={styles.name}>{task.name} <Badge>{t(`task.kind.${task.kind}`)}</Badge>{outcome !== undefined && task.state !== 'open' && <> <Badge tone={task.outcome === 'rejected' ? 'danger' : 'success'}>{outcome}</Badge></>}</span>
          <span className={styles.meta}><span className={styles.number}>{task.ticket.number}</span> {task.ticket.subject}</span>
        </span>
        <span className={styles.when} data-overdue={task.overdue}>
          {task.dueAt === null || task.state !== 'open' ? <Ago value={task.completedAt ?? task.createdAt} /> : <>{task.overdue ? t('task.overdue') : t('task.due')} <Ago value={task.dueAt} /></>}
        </span>
      </Link>
      {task.actions.some((action) => offered.includes(action)) && (
        <div className={styles.acts} role="group" aria-label={`${task.name} ${task.ticket.number}`}>
          <TaskButtons task={task} offered={offered} onTaken={(action) => void message.success(t('task.taken', { task: task.name, action: taskActionNames[action][language === 'en' ? 'en' : 'zh'] }))} />
        </div>
      )}
    </li>
  );
}
