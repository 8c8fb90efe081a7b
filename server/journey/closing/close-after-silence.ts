import { systemActor } from '../../platform/context.ts';
import type { Transaction } from '../../platform/db/database.ts';
import type { TimerHandler } from '../../platform/timers/timers.ts';
import { lockTicket } from '../../records/ticket/find.ts';
import { closeTicket } from '../../records/ticket/settle.ts';

const lock = (transaction: Transaction, ticketId: string) => lockTicket({ tenantId: transaction.tenantId, transaction }, ticketId);

/** Nobody objected for a week after the work was done: it counts as accepted (默认验收). */
export const closeAfterSilence: TimerHandler = Object.assign(async (...[transaction, timer, now]: Parameters<TimerHandler>) => {
  const context = { tenantId: timer.tenantId, transaction, now, actor: systemActor };
  const ticket = await lock(transaction, timer.subjectId);
  if (ticket?.status !== 'resolved') return;
  await closeTicket(context, ticket, 'ticket.closed', { reason: 'silence' });
}, { lock });
