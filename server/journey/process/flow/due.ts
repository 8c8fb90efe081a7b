import type { FlowEvent } from '../../../../rules/workflow/state.ts';
import type { Services } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/db/database.ts';
import { setTimer, type TimerHandler } from '../../../platform/timers/timers.ts';
import { loadFlow } from '../../../records/flow/instance/bundle.ts';
import { flowContext, ownWork } from '../../../records/flow/instance/context.ts';
import { drive, type Driven } from '../../../records/flow/instance/drive.ts';
import { duesOf, lockInstance, ticketOfInstance, type InstanceRow } from '../../../records/flow/instance/rows.ts';
import { lockTicket } from '../../../records/ticket/find.ts';
import type { TicketRow } from '../../../records/ticket/row.ts';

/** A run and its ticket, the ticket locked first. */
export async function lockRun(transaction: Transaction, instanceId: string): Promise<{ ticket: TicketRow; instance: InstanceRow } | null> {
  const ticketId = await ticketOfInstance(transaction, instanceId);
  const ticket = ticketId === undefined ? undefined : await lockTicket({ tenantId: transaction.tenantId, transaction }, ticketId);
  const instance = ticket && await lockInstance(transaction, instanceId);
  return ticket && instance ? { ticket, instance } : null;
}

/** Tells a run what happened, as the program's own work. */
export async function tellRun(transaction: Transaction, now: Date, instanceId: string, eventsOf: (instance: InstanceRow) => readonly FlowEvent[], services?: Services): Promise<Driven | null> {
  const run = await lockRun(transaction, instanceId);
  const events = run?.instance.status === 'running' ? eventsOf(run.instance) : [];
  if (!run || events.length === 0) return null;
  const loaded = await loadFlow(transaction, run.instance.flow_id, run.instance.number);
  return drive(flowContext(await ownWork(transaction, now, instanceId, services), loaded.name), loaded, run.ticket, run.instance, events);
}

/** What is due in a run happens (流程到点): time limits, border timers, waits. */
export const flowDue: TimerHandler = Object.assign(async (...[transaction, timer, now]: Parameters<TimerHandler>) => {
  const driven = await tellRun(transaction, now, timer.subjectId, (instance) => duesOf(instance.state).filter((due) => due.dueAt <= now.toISOString()).map((due) => ({
    id: `due ${due.activation} ${due.timer} ${due.dueAt}`, kind: 'timer', activation: due.activation, timer: due.timer, dueAt: due.dueAt,
  })));
  const instance = driven?.instance ?? await lockInstance(transaction, timer.subjectId);
  // This timer is spent, whatever became of it: the next moment has to be set.
  const [next] = instance?.status === 'running' ? duesOf(instance.state) : [];
  if (next) await setTimer(transaction, { kind: 'flow.due', subjectId: timer.subjectId, dueAt: new Date(next.dueAt) });
}, { lock: (transaction: Transaction, instanceId: string) => lockRun(transaction, instanceId) });

/** A fact that a run waits for reaches it (送达事件). */
export const flowDeliver: TimerHandler = async (transaction, timer, now) => {
  const { instanceId, event } = timer.data as { instanceId: string; event: FlowEvent };
  await tellRun(transaction, now, instanceId, () => [event]);
};
