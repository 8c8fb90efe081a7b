import type { Ticket, TicketSummary } from '../../../contract/ticket.ts';
import type { Permission } from '../../../rules/access/permissions.ts';
import { statusNames, stepBetween, ticketStatuses, type StatusStep, type TicketStatus } from '../../../rules/ticket/lifecycle.ts';
import type { Context } from '../../platform/context.ts';
import { Refusal, invalidInput, missingInput, refuseInput } from '../../platform/errors/refusal.ts';
import { nameIn, type Configuration, type ConfiguredStatus } from '../organization/configuration.ts';
import { statusOf, type TicketRow } from './row.ts';

/** The organization's own status of a ticket (自定义状态) as lists show it; null when it has none beside its class. */
export function viewOwnStatus(ticket: TicketRow, configuration: Configuration, language: Context['language']): TicketSummary['ownStatus'] {
  const status = ticket.status_id === null ? undefined : configuration.statuses.get(ticket.status_id);
  return status ? { id: status.id, name: nameIn(language, status), color: status.color } : null;
}

/**
 * The statuses a person may give a ticket now (可选状态): those of the organization's own that one step leads to, and the
 * plain one of its class where it has another. Empty where the organization has none.
 */
export function statusChoices(ticket: TicketRow, configuration: Configuration, language: Context['language'], may: (permission: Permission) => boolean): Ticket['statusChoices'] {
  const from = statusOf(ticket);
  const choices: Ticket['statusChoices'] = [];
  for (const status of configuration.statuses.values()) {
    if (!status.active || status.id === ticket.status_id) continue;
    const step = stepBetween(from, status.class);
    if (step && may(step.permission)) choices.push({ status: status.id, class: status.class, name: nameIn(language, status), color: status.color, needs: step.needs });
  }
  const plain = stepBetween(from, from);
  if (ticket.status_id !== null && plain && may(plain.permission)) {
    choices.push({ status: from, class: from, name: language === 'en' ? statusNames[from].en : statusNames[from].zh, color: 'neutral', needs: null });
  }
  return choices.sort((a, b) => ticketStatuses.indexOf(a.class) - ticketStatuses.indexOf(b.class));
}

/** What a caller named as status: one of the organization's own by id, or a class by name. */
export function findStatus(configuration: Configuration, named: string | undefined): { class: TicketStatus; own: ConfiguredStatus | null } {
  if (named === undefined) throw missingInput('/status');
  const plain = ticketStatuses.find((status) => status === named);
  if (plain) return { class: plain, own: null };
  const own = configuration.statuses.get(named);
  if (!own) throw refuseInput('/status', 'unknown_reference', { field: 'status' });
  if (!own.active) throw refuseInput('/status', 'reference_inactive', { field: 'status' });
  return { class: own.class, own };
}

/**
 * What giving a ticket this status amounts to (选择状态): the step that leads there, which the caller may take.
 *
 * @throws Refusal forbidden, status_not_reachable, unknown_reference, reference_inactive, invalid_input
 */
export function chooseStatus(ticket: TicketRow, configuration: Configuration, named: string | undefined, may: (permission: Permission) => boolean): { step: StatusStep; own: ConfiguredStatus | null } {
  const from = statusOf(ticket);
  const steps = ticketStatuses.map((to) => stepBetween(from, to)).filter((step) => step !== null);
  if (!steps.some((step) => may(step.permission))) throw new Refusal('forbidden');
  const wanted = findStatus(configuration, named);
  const step = stepBetween(from, wanted.class);
  if (!step) throw notReachable(ticket, wanted);
  if (!may(step.permission)) throw new Refusal('forbidden');
  return { step, own: wanted.own };
}

/** Refuses a status of another class than the ticket's where only the one of its class may be chosen. */
export function ensureSameClass(ticket: TicketRow, wanted: { class: TicketStatus; own: ConfiguredStatus | null }): void {
  if (wanted.class !== statusOf(ticket)) throw notReachable(ticket, wanted);
}

function notReachable(ticket: TicketRow, wanted: { class: TicketStatus; own: ConfiguredStatus | null }): Refusal {
  return new Refusal('status_not_reachable', { status: statusNames[statusOf(ticket)], wanted: wanted.own ? { zh: wanted.own.name, en: wanted.own.nameEn ?? wanted.own.name } : statusNames[wanted.class] });
}

/** Refuses a status that the action taken does not lead to. */
export function ensureLeadsTo(to: TicketStatus | undefined, wanted: { class: TicketStatus }): void {
  if (wanted.class !== to) throw invalidInput('/status', 'class', { zh: '这一步不会到达这个状态', en: 'is not where this step leads' });
}
