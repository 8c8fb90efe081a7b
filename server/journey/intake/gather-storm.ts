import { reckonPriority } from '../../../rules/priority/priority.ts';
import type { Services } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { findChannels } from '../../records/channel/accounts.ts';
import { lockTickets, oneAtATime } from '../../records/ticket/alias.ts';
import { changeTicket } from '../../records/ticket/change.ts';
import { linkTickets } from '../../records/ticket/link.ts';
import { matchingSettingsOf } from '../../records/ticket/matching-settings.ts';
import { priorityName, type TicketRow } from '../../records/ticket/row.ts';
import { openTicket } from './open-ticket.ts';
import { ownContext } from './own-context.ts';

const findAccount = statement<{ account_id: string }>('alarm_standing.account_of', 'SELECT account_id FROM alarm_standing WHERE tenant_id = $1 AND ticket_id = $2 LIMIT 1');
const findStorm = statement<{ ticket_id: string; last_at: Date }>('alarm_storm.find', 'SELECT ticket_id, last_at FROM alarm_storm WHERE tenant_id = $1 AND account_id = $2 FOR UPDATE');
const putStorm = statement<never>('alarm_storm.put', `
  INSERT INTO alarm_storm (tenant_id, account_id, ticket_id, last_at) VALUES ($1, $2, $3, $4) ON CONFLICT (tenant_id, account_id) DO UPDATE SET ticket_id = excluded.ticket_id, last_at = excluded.last_at`);
// The oldest first, and how many there are in all; whatever is left over is gathered with the next one that comes.
const findLately = statement<{ id: string; total: number }>('alarm_storm.lately', `
  SELECT t.id, count(*) OVER ()::integer AS total FROM ticket t
  WHERE t.tenant_id = $1 AND t.created_at > $3 AND t.merged_into IS NULL AND t.parent_id IS NULL AND t.status IN ('new', 'open', 'waiting')
    AND EXISTS (SELECT 1 FROM alarm_standing s WHERE s.tenant_id = $1 AND s.account_id = $2 AND s.ticket_id = t.id)
  ORDER BY t.created_at, t.id LIMIT 400`);

/**
 * Gathers alarms of a channel that come thick and fast below one ticket (告警风暴), as the organization has set: once so many were raised within so many minutes,
 * and those that follow while it goes on. What was gathered before stays where it is, whatever is run twice.
 */
export async function gatherStorm(services: Services, { tenantId, ticketId }: { tenantId: string; ticketId: string }): Promise<void> {
  await services.database.transact(tenantId, async (transaction) => {
    const now = services.clock.now();
    const { storm } = await matchingSettingsOf(transaction);
    const [standing] = storm === null ? [] : await transaction.query(findAccount, [tenantId, ticketId]);
    if (!storm || !standing) return;
    const context = await ownContext(services, transaction, now);
    await oneAtATime(context);
    const since = new Date(now.getTime() - storm.minutes * 60_000);
    const [known] = await transaction.query(findStorm, [tenantId, standing.account_id]);
    const found = await transaction.query(findLately, [tenantId, standing.account_id, since]);
    const lately = found.map((row) => row.id);
    if (lately.length === 0) return;
    const total = found[0]!.total;
    const locked = await lockTickets(context, [...lately, ...(known ? [known.ticket_id] : [])]);
    const before = known && known.last_at > since ? locked.get(known.ticket_id) : undefined;
    const goesOn = before !== undefined && before.merged_into === null && ['new', 'open', 'waiting'].includes(before.status);
    if (!goesOn && total < storm.alarms) return;
    const members = lately.map((id) => locked.get(id)!).filter((ticket) => ticket.parent_id === null && ticket.id !== before?.id);
    let parent: TicketRow;
    if (goesOn) parent = before;
    else {
      const [channel] = await findChannels(transaction, [standing.account_id]);
      const english = context.language === 'en';
      const [first] = members;
      ({ ticket: parent } = await openTicket(context, {
        subject: english ? `Alarm storm: ${channel?.name ?? ''}` : `告警风暴：${channel?.name ?? ''}`, description: english ? `${total} alarms within ${storm.minutes} minutes.` : `${storm.minutes} 分钟内 ${total} 条告警。`,
        channel: 'alarm', trusted: true, priority: priorityName(Math.min(...members.map((member) => member.priority))),
        ...(first?.category_id ? { category: first.category_id } : {}), ...(first?.team_id ? { team: first.team_id } : {}),
      }, reckonPriority));
    }
    // It stands for them all: it is as pressing as what joins it.
    const rank = Math.min(parent.priority, ...members.map((member) => member.priority));
    if (rank < parent.priority) parent = await changeTicket(context, parent, { priority: rank }, { kind: 'ticket.changed' });
    for (const member of members) ({ other: parent } = await linkTickets(context, 'parent', member, parent));
    await transaction.query(putStorm, [tenantId, standing.account_id, parent.id, now]);
  });
}
