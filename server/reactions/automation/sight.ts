import type { FilterRecord } from '../../../rules/conditions/filter-to-logic.ts';
import type { Context } from '../../platform/context.ts';
import type { Fact } from '../../platform/facts/fact.ts';
import { commonSetting } from '../../records/automation/rule-setting.ts';
import { eventRecord, ticketRecord } from '../../records/automation/ticket-record.ts';
import { findTicket } from '../../records/ticket/find.ts';
import type { FilterSetting } from '../../records/ticket/filter-setting.ts';
import type { TicketRow } from '../../records/ticket/row.ts';

/** What rules see of a ticket and of what happened to it (规则所见). */
export interface Seen {
  ticket: TicketRow;
  record: FilterRecord;
  setting: FilterSetting;
}

/**
 * Looks at a ticket once for all rules that are asked about it, as most of them do nothing; after one that did something it is
 * looked at anew.
 */
export interface Sight {
  /** Null where the ticket is gone, or goes on as another one. */
  look(context: Context): Promise<Seen | null>;
  /** What was seen, as long as it stands. */
  present(): Seen | null;
  renew(): void;
}

export function openSight(ticketId: string, fact: Fact | null): Sight {
  let seen: Seen | null | undefined;
  let setting: FilterSetting | undefined;
  let event: Record<string, unknown> | null | undefined;
  return {
    async look(context) {
      if (seen !== undefined) return seen;
      const ticket = await findTicket(context, ticketId);
      if (!ticket || ticket.merged_into !== null) return (seen = null);
      setting ??= await commonSetting(context);
      event ??= fact && await eventRecord(context, fact);
      return (seen = { ticket, record: { ...await ticketRecord(context, ticket), ...(event ? { event } : {}) }, setting });
    },
    present: () => seen ?? null,
    renew: () => void (seen = undefined),
  };
}
