import type { StatusSetting } from '../../../../rules/workflow/definition.ts';
import { statusNames, stepBetween } from '../../../../rules/ticket/lifecycle.ts';
import type { Context } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { configurationOf } from '../../organization/configuration.ts';
import { changeTicket } from '../../ticket/change.ts';
import { findStatus } from '../../ticket/own-status.ts';
import { statusOf, type TicketRow } from '../../ticket/row.ts';
import { closeTicket, reopenTicket, resolveTicket } from '../../ticket/settle.ts';

/** Whether a ticket has the status a step of its flow names; what no longer names one, nothing has. */
export async function hasStatus(context: Context, ticket: TicketRow, { status }: StatusSetting): Promise<boolean> {
  try {
    return isAlready(ticket, findStatus(await configurationOf(context), status));
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

const isAlready = (ticket: TicketRow, { class: to, own }: ReturnType<typeof findStatus>): boolean => ticket.status === to && (own === null || ticket.status_id === own.id);

/**
 * Gives a ticket the status a step of its flow names (流程设置状态), by the same steps people take. Where it has it already,
 * nothing happens.
 *
 * @throws Refusal status_not_reachable, checklist_open, unknown_reference, reference_inactive
 */
export async function setStatus(context: Context, ticket: TicketRow, setting: StatusSetting, flow: string): Promise<TicketRow> {
  const found = findStatus(await configurationOf(context), setting.status);
  const { class: to, own } = found;
  const from = statusOf(ticket);
  if (isAlready(ticket, found)) return ticket;
  const step = stepBetween(from, to);
  if (!step) throw new Refusal('status_not_reachable', { status: statusNames[from], wanted: own ? { zh: own.name, en: own.nameEn ?? own.name } : statusNames[to] });
  const leading = own ? { ...context, ownStatus: { id: own.id, class: own.class, name: own.name } } : context;
  const data = { flow };
  const waitingFor = own?.waitingFor ?? setting.waitingFor ?? 'other';
  switch (step.action) {
    case 'keep': return changeTicket(context, ticket, { status_id: own?.id ?? null, ...(to === 'waiting' ? { waiting_for: waitingFor } : {}) }, { kind: 'ticket.status_changed', data: { ...data, ownStatus: own?.name ?? null } });
    case 'start': return changeTicket(leading, ticket, { status: 'open' }, { kind: 'ticket.status_changed', data });
    case 'resume': return changeTicket(leading, ticket, { status: 'open', waiting_for: null }, { kind: 'ticket.waiting_ended', data });
    case 'wait': return changeTicket(leading, ticket, { status: 'waiting', waiting_for: waitingFor }, { kind: 'ticket.waiting_started', data: { ...data, for: waitingFor } });
    case 'resolve': return resolveTicket(leading, ticket, setting.resolution?.zh ?? '流程已处理完成', undefined, data);
    case 'close': return closeTicket(leading, ticket, 'ticket.closed', { ...data, reason: setting.reason?.zh ?? '流程已完成' });
    case 'reopen': return reopenTicket(leading, ticket, setting.reason?.zh ?? '流程要求继续处理');
    case 'cancel': return changeTicket(leading, ticket, { status: 'cancelled', waiting_for: null, closed_at: context.now }, { kind: 'ticket.cancelled', data: { ...data, reason: setting.reason?.zh ?? '流程已取消' } });
  }
}
