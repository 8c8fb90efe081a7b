import { applyEvent } from '../../../rules/sla/ledger.ts';
import type { Services } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { activeSla } from '../../records/sla/active-policies.ts';
import { readLedgers, writeLedgers, type MovedLedger } from '../../records/sla/clock-rows.ts';
import { lookUp } from '../../records/sla/look-up.ts';

// By the key, from the last one on. What has no running clock any more needs none of this.
const nextTickets = statement<{ ticket_id: string; now: Date }>('sla_ticket.running_after', `
  SELECT s.ticket_id, clock_timestamp() AS now FROM sla_ticket s
  WHERE s.tenant_id = $1 AND s.ticket_id > $2 AND EXISTS (SELECT 1 FROM sla_clock c WHERE c.tenant_id = $1 AND c.ticket_id = s.ticket_id AND c.stopped_at IS NULL) ORDER BY s.ticket_id LIMIT 200`);
const noTicket = '00000000-0000-0000-0000-000000000000';

/**
 * Reckons the running clocks of an organization anew (重算计时): a calendar says something else now, or (`anew`) policies of a newer
 * version are to count for what runs. Doing it twice does no harm.
 */
export async function refreshClocks(services: Pick<Services, 'database'>, { tenantId, anew }: { tenantId: string; anew: boolean }): Promise<void> {
  for (let after: string | undefined = noTicket; after !== undefined;) {
    after = await services.database.transact(tenantId, async (transaction) => {
      const tickets = await transaction.query(nextTickets, [tenantId, after]);
      const sla = (await activeSla(transaction, [tenantId])).get(tenantId);
      const last = tickets.at(-1);
      if (!last || !sla) return undefined;
      const ids = tickets.map((row) => row.ticket_id);
      const kept = await readLedgers(transaction, tenantId, ids, sla.rules, { change: true });
      const looked = anew ? await lookUp(transaction, tenantId, sla.needs, ids, []) : undefined;
      const moved = [...kept].map(([ticketId, { position, ledger, done }]): MovedLedger => {
        const at = last.now.getTime();
        const found = looked?.(ticketId);
        const ticket = found ? { ...(sla.needs.tier ? { tier: found.tier ?? null } : {}), ...(found.record ? { record: found.record } : {}) } : {};
        const next = anew ? applyEvent(ledger, { at, kind: 'policy_changed', ticket }, sla.rules)! : ledger;
        // All of its clocks are written, whether or not they are different: when they are due may be.
        return { ticketId, position, before: null, after: next, done, recordedAt: at };
      });
      await writeLedgers(transaction, tenantId, moved, sla.calendars);
      return last.ticket_id;
    });
  }
}
