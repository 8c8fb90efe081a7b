import { systemActor } from '../../platform/context.ts';
import type { TimerHandler } from '../../platform/timers/timers.ts';
import { lockTicket } from '../../records/ticket/find.ts';
import { closeTicket } from '../../records/ticket/settle.ts';

/** Nobody objected for a week after the work was done: it counts as accepted (默认验收). */
export const closeAfterSilence: TimerHandler = async (transaction, timer, now) => {
  const context = { tenantId: timer.tenantId, transaction, now, actor: systemActor };
  const ticket = await lockTicket(context, timer.subjectId);
  if (ticket?.status !== 'resolved') return;
  await closeTicket(context, ticket, 'ticket.closed', { reason: 'silence' });
};
