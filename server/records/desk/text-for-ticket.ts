import type { Ticket } from '../../../contract/ticket.ts';
import { priorityNames } from '../../../rules/ticket/priority-names.ts';
import { statusNames } from '../../../rules/ticket/lifecycle.ts';
import { renderText } from '../../../rules/text/variables.ts';
import { localDay } from '../../platform/clock/clock.ts';
import type { Context } from '../../platform/context.ts';
import { configurationOf } from '../organization/configuration.ts';
import { viewTicket } from '../ticket/view.ts';
import type { TicketRow } from '../ticket/row.ts';

/**
 * The values of a ticket's variables as the caller may see them (变量取值): what is masked for them is masked in the text.
 */
export async function variableValues(context: Context, row: TicketRow): Promise<Record<string, string | null>> {
  const [ticket, configuration] = [await viewTicket(context, row), await configurationOf(context)];
  const word = (names: { zh: string; en: string }) => (context.language === 'en' ? names.en : names.zh);
  const { timeZone } = configuration.organization;
  return {
    ...fieldValues(ticket.fields),
    'ticket.number': ticket.number, 'ticket.subject': ticket.subject, 'ticket.status': word(statusNames[ticket.status]), 'ticket.priority': word(priorityNames[ticket.priority]),
    'ticket.type': ticket.type.name, 'ticket.category': ticket.category?.path.join(' / ') ?? null, 'ticket.team': ticket.team?.name ?? null, 'ticket.assignee': ticket.assignee?.name ?? null,
    'ticket.resolution': ticket.resolution, 'ticket.address': ticket.location?.address ?? null, 'ticket.createdOn': localDay(row.created_at, timeZone),
    'customer.name': ticket.requester.name, 'customer.phone': ticket.requester.phone, 'customer.email': ticket.requester.email,
    'asset.name': ticket.asset?.name ?? null, 'asset.code': ticket.asset?.code ?? null,
    'agent.name': context.caller.kind === 'staff' ? context.caller.name : null, 'organization.name': configuration.organization.name,
    'progress.url': ticket.progressUrl, today: localDay(context.now, timeZone),
  };
}

/** Fields that a line of text can hold; the others have no value here. */
function fieldValues(fields: Ticket['fields']): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).flatMap(([key, value]): [string, string][] => {
    if (typeof value === 'string' || typeof value === 'number') return [[`fields.${key}`, String(value)]];
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return [[`fields.${key}`, value.join('、')]];
    return [];
  }));
}

/** A text with its variables filled in for a ticket. */
export async function textForTicket(context: Context, row: TicketRow, text: string): Promise<{ text: string; missing: string[] }> {
  return renderText(text, text.includes('{{') ? await variableValues(context, row) : {});
}
