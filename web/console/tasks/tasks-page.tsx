import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Segmented, Tag } from 'antd';
import { useState } from 'react';
import type { Task } from '../../../contract/flow.ts';
import type { Priority } from '../../../rules/ticket/lifecycle.ts';
import { Ago, EmptyState, PriorityMark, ProblemAlert } from '../../ui/react/index.ts';
import { useTitle } from '../parts/title.ts';
import { taskList, type TaskScope } from '../ticket-flow/queries.ts';
import { useTaskTexts } from '../ticket-flow/texts.ts';
import styles from './tasks-page.module.css';

/** What waits for me, or for my teams, in flows (我的任务). */
export function TasksPage() {
  const { t } = useTaskTexts();
  const [scope, setScope] = useState<TaskScope>('mine');
  const tasks = useInfiniteQuery(taskList(scope));
  useTitle(t('task.title'));
  const items = tasks.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h1 className={styles.title}>{t('task.title')}</h1>
        <Segmented<TaskScope> value={scope} onChange={setScope} aria-label={t('task.title')} options={[{ value: 'mine', label: t('task.mine') }, { value: 'team', label: t('task.team') }, { value: 'done', label: t('task.done') }]} />
      </div>
      <div className={styles.body}>
        {tasks.isError && <ProblemAlert error={tasks.error} onRetry={() => void tasks.refetch()} />}
        {tasks.isSuccess && items.length === 0 && <EmptyState title={t('task.none')} hint={t('task.noneHint')} />}
        <ul className={styles.list}>{items.map((task) => <Row key={task.id} task={task} />)}</ul>
        {tasks.hasNextPage && <Button loading={tasks.isFetchingNextPage} onClick={() => void tasks.fetchNextPage()}>{t('task.more')}</Button>}
      </div>
    </div>
  );
}

function Row({ task }: { task: Task }) {
  const { t } = useTaskTexts();
  return (
    <li>
      <Link to="/tickets/$number" params={{ number: task.ticket.number }} className={styles.row}>
        <PriorityMark priority={task.ticket.priority as Priority} />
        <span className={styles.words}>
          <span className={styles.name}>{task.name} <Tag>{t(`task.kind.${task.kind}`)}</Tag></span>
          <span className={styles.meta}><span className={styles.number}>{task.ticket.number}</span> {task.ticket.subject}</span>
        </span>
        <span className={styles.meta} data-overdue={task.overdue}>
          {task.dueAt === null ? <Ago value={task.completedAt ?? task.createdAt} /> : <>{task.overdue ? t('task.overdue') : t('task.due')} <Ago value={task.dueAt} /></>}
        </span>
      </Link>
    </li>
  );
}
