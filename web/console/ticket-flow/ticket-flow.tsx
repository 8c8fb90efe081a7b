import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Tag } from 'antd';
import type { FlowLineStep } from '../../../contract/flow.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import { postOnce } from '../../ui/post-once.ts';
import { Ago, ProblemAlert } from '../../ui/react/index.ts';
import { useSession } from '../session/session.tsx';
import { ticketFlow, useRenewTasks } from './queries.ts';
import { onward } from './task-buttons.tsx';
import { TaskCard } from './task-card.tsx';
import { useTaskTexts } from './texts.ts';
import styles from './ticket-flow.module.css';

/** How the flow of a ticket stands (工单流程): what one can do now, then a line of what was done, where it is and what may come. */
export function TicketFlow({ ticket }: { ticket: Ticket }) {
  const { t } = useTaskTexts();
  const flow = useQuery(ticketFlow(ticket.id, ticket.version));
  const data = flow.data;
  if (flow.isError) return <section className={styles.part}><ProblemAlert error={flow.error} onRetry={() => void flow.refetch()} /></section>;
  // Most tickets have none: nothing is said then.
  if (!data?.instance) return null;
  const { instance } = data;
  const mine = data.tasks.filter((task) => task.actions.some((action) => onward.includes(action)));
  const others = data.tasks.filter((task) => task.actions.length > 0 && !mine.includes(task));
  return (
    <section className={styles.part} aria-label={t('flow.title')}>
      <h2 className={styles.title}>{t('flow.title')} · {instance.flow.name}</h2>
      {mine.map((task) => <TaskCard key={task.id} task={task} ticket={ticket} />)}
      <ol className={styles.line}>
        {data.line.filter((step) => step.state !== 'next').map((step) => <Step key={`${step.node} ${step.activation ?? step.at ?? ''}`} step={step} ticket={ticket} instanceId={instance.id} />)}
        {data.line.filter((step) => step.state === 'next').slice(0, 4).map((step) => <Step key={step.node} step={step} ticket={ticket} instanceId={instance.id} />)}
      </ol>
      {instance.status !== 'running' && <p className={styles.ended}>{t(`flow.status.${instance.status}`)}{instance.endedAt !== null && <> · <Ago value={instance.endedAt} /></>}</p>}
      {others.map((task) => <TaskCard key={task.id} task={task} ticket={ticket} />)}
    </section>
  );
}

function Step({ step, ticket, instanceId }: { step: FlowLineStep; ticket: Ticket; instanceId: string }) {
  const { t } = useTaskTexts();
  const { may } = useSession();
  const renew = useRenewTasks();
  const retry = useMutation({ mutationFn: () => postOnce(`/flow-instances/${instanceId}/retry`, { activation: step.activation }), onSettled: () => renew(ticket.number) });
  const outcome = step.outcome === 'approved' || step.outcome === 'rejected' ? t(`flow.outcome.${step.outcome}`) : (step.outcomeName ?? step.outcome);
  return (
    <li className={styles.step} data-state={step.state} aria-current={step.state === 'current' || step.state === 'held' ? 'step' : undefined}>
      <span className={styles.dot} aria-hidden />
      <span className={styles.words}>
        <span className={styles.name}>{step.name}{step.state === 'done' && outcome !== null && <Tag className={styles.tag}>{outcome}</Tag>}</span>
        {step.state === 'done' && <span className={styles.meta}>{step.by}{step.by !== null && step.at !== null && ' · '}{step.at !== null && <Ago value={step.at} />}</span>}
        {step.state === 'current' && step.waitsFor.length > 0 && <span className={styles.meta}>{t('flow.waitsFor', { who: step.waitsFor.join('、') })}</span>}
        {step.hold !== null && (
          <span className={styles.held} role="alert">
            {step.hold.message}
            {may('ticket.assign') && <Button size="small" type="link" loading={retry.isPending} onClick={() => retry.mutate()}>{t('flow.retry')}</Button>}
          </span>
        )}
      </span>
    </li>
  );
}
