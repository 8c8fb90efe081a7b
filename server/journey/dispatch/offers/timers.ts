import { systemActor } from '../../../platform/context.ts';
import { build, type Transaction } from '../../../platform/db/database.ts';
import type { TimerHandler } from '../../../platform/timers/timers.ts';
import { lockOpenOffer, waitsForSomebody } from '../../../records/dispatch/offers/rows.ts';
import { modeFor, modesOf } from '../../../records/dispatch/modes.ts';
import { configurationNow } from '../../../records/organization/configuration.ts';
import { lockTicket } from '../../../records/ticket/find.ts';
import { carryOn, openOn, withdraw } from './carry-on.ts';

const lock = (transaction: Transaction, ticketId: string) => lockTicket({ tenantId: transaction.tenantId, transaction }, ticketId);

/** An offer's moment has come (派单到点): it goes on, or ends where its ticket needs nobody any more or went to another team. */
export const offerDue: TimerHandler = Object.assign(async (...[transaction, timer, now]: Parameters<TimerHandler>) => {
  const context = { tenantId: timer.tenantId, transaction, now, actor: systemActor };
  const ticket = await lock(transaction, timer.subjectId);
  const offer = ticket && await lockOpenOffer(context, ticket.id);
  if (!ticket || !offer) return;
  const because = ticket.assignee_id !== null ? 'given' : !waitsForSomebody(ticket) ? 'settled' : null;
  if (because !== null) await withdraw(context, ticket, offer, { because });
  else await carryOn(context, await configurationNow(context), ticket, offer);
}, { lock });

/**
 * A ticket has come to a team that does not wait for a dispatcher (自动派单): it is offered as the team's mode says, unless
 * somebody has it, it is offered already, or a flow has it and is not at a step on site (`task` in the timer).
 */
export const offerOpen: TimerHandler = Object.assign(async (...[transaction, timer, now]: Parameters<TimerHandler>) => {
  const { tenantId } = timer;
  const context = { tenantId, transaction, now, actor: systemActor };
  const ticket = await lock(transaction, timer.subjectId);
  if (!ticket || !waitsForSomebody(ticket)) return;
  const teamId = typeof timer.data['teamId'] === 'string' ? timer.data['teamId'] : ticket.team_id;
  if (teamId === null) return;
  const running = await lockOpenOffer(context, ticket.id);
  // It came from another team, whose people have no more to do with it.
  if (running && running.team_id === teamId) return;
  const { settings } = await modesOf(context, teamId);
  const mode = modeFor(settings, ticket.type_id);
  const inFlow = timer.data['task'] !== true && await transaction.first(build.selectFrom('flow_instance').select('id').where('tenant_id', '=', tenantId).where('ticket_id', '=', ticket.id).where('status', '=', 'running').limit(1));
  const current = running ? await withdraw(context, ticket, running, { because: 'moved' }) : ticket;
  if (mode === 'direct' || inFlow) return;
  const { mode: _, types: __, ...plan } = settings;
  await openOn(context, await configurationNow(context), current, { mode, plan, teamId, window: null, note: null, automatic: true });
}, { lock });
