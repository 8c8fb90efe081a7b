import { sql } from 'kysely';
import type { NoticeChannel, NoticeDelivery } from '../../../contract/notice.ts';
import { reachOf } from '../../../rules/access/policy.ts';
import { maskEmailAddress, maskPhoneNumber } from '../../../rules/privacy/masks.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { reachCondition } from '../access/reach-condition.ts';

/** A delivery with whom and what it is about. */
export interface DeliveryLine {
  id: string;
  staff_id: string;
  staff_name: string;
  purpose: 'notice' | 'test' | 'code';
  channel: NoticeChannel;
  state: NoticeDelivery['state'];
  reason: NoticeDelivery['reason'];
  problem: string | null;
  problem_code: NoticeDelivery['problemCode'];
  urgency: NoticeDelivery['urgency'];
  step: number;
  address: string | null;
  count: number;
  attempts: number;
  due_at: Date;
  created_at: Date;
  sent_at: Date | null;
  settled_at: Date | null;
  instead_channel: NoticeChannel | null;
  from_id: string | null;
  from_name: string | null;
  acknowledged_at: Date | null;
  ticket_id: string | null;
  number: string | null;
  subject: string | null;
}

/** An address with its middle hidden (脱敏地址). */
export function maskAddress(channel: NoticeChannel, address: string): string | null {
  if (address === '') return null;
  if (channel === 'email' || address.includes('@')) return maskEmailAddress(address);
  if (/^\+?[0-9]{6,}$/.test(address)) return maskPhoneNumber(address);
  return address.length <= 4 ? address : `${address.slice(0, 3)}****${address.slice(-2)}`;
}

// The ticket only as far as the reader may see it: who looks after deliveries need not read tickets.
export const selectDeliveries = (context: Context) => sql`
  SELECT d.id, d.staff_id, s.name AS staff_name, d.purpose, d.channel, d.state, d.reason, d.problem, d.problem_code, d.urgency, d.step, d.address, d.count, d.attempts, d.due_at, d.created_at, d.sent_at, d.settled_at,
    i.channel AS instead_channel, fs.id AS from_id, fs.name AS from_name, b.acknowledged_at, ticket.id AS ticket_id, ticket.number, ticket.subject
  FROM notice_delivery d
    JOIN staff s ON s.tenant_id = d.tenant_id AND s.id = d.staff_id
    LEFT JOIN notice_delivery i ON i.tenant_id = d.tenant_id AND i.id = d.instead_of
    LEFT JOIN notice_bundle b ON b.tenant_id = d.tenant_id AND b.id = d.bundle_id
    LEFT JOIN notice_bundle f ON f.tenant_id = b.tenant_id AND f.id = b.escalated_from
    LEFT JOIN staff fs ON fs.tenant_id = f.tenant_id AND fs.id = f.staff_id
    LEFT JOIN LATERAL (SELECT n.ticket_id FROM notification n WHERE n.tenant_id = d.tenant_id AND n.bundle_id = d.bundle_id ORDER BY n.id LIMIT 1) AS n ON true
    LEFT JOIN ticket ON ticket.tenant_id = d.tenant_id AND ticket.id = n.ticket_id AND ${reachCondition(reachOf(staffOf(context), 'ticket.read'))}
  WHERE d.tenant_id = ${context.tenantId}`;

export const viewLine = (line: DeliveryLine): NoticeDelivery => ({
  id: line.id, staff: { id: line.staff_id, name: line.staff_name }, purpose: line.purpose, channel: line.channel, state: line.state, urgency: line.urgency, reason: line.reason, problemCode: line.problem_code, problem: line.problem,
  address: line.address, count: line.count, attempts: line.attempts, step: line.step, insteadOf: line.instead_channel, escalatedFrom: line.from_id === null ? null : { id: line.from_id, name: line.from_name ?? '' },
  acknowledgedAt: line.acknowledged_at?.toISOString() ?? null, ticket: line.ticket_id === null ? null : { id: line.ticket_id, number: line.number ?? '', subject: line.subject ?? '' },
  createdAt: line.created_at.toISOString(), dueAt: line.due_at.toISOString(), sentAt: line.sent_at?.toISOString() ?? null, settledAt: line.settled_at?.toISOString() ?? null,
});

export async function viewDelivery(context: Context, id: string): Promise<NoticeDelivery> {
  const line = await context.transaction.first(sql<DeliveryLine>`${selectDeliveries(context)} AND d.id = ${id}`);
  if (!line) throw new Refusal('not_found');
  return viewLine(line);
}
