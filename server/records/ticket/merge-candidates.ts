import { sql, type RawBuilder } from 'kysely';
import type { MergeReason } from '../../../contract/collaboration.ts';
import { reachOf } from '../../../rules/access/policy.ts';
import { bigramQuery, normaliseText, quote } from '../../../rules/text/bigrams.ts';
import { comparedWords, likeness } from '../../../rules/text/likeness.ts';
import { organizationMark } from '../../../rules/text/marks.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { reachCondition } from '../access/reach-condition.ts';
import { familyOf } from '../customer/family.ts';
import type { TicketRow } from './row.ts';

/** Another ticket that may be the same matter, and why. */
export interface Candidate {
  ticket: Near;
  score: number;
  reasons: MergeReason[];
}
type Near = Pick<TicketRow, 'id' | 'number' | 'subject' | 'status' | 'created_at' | 'customer_id' | 'contact_phone' | 'asset_id' | 'address'> & { linked: boolean };

const mostShown = 10;
const day = 86_400_000;
/** How far apart in time the same matter is reported twice. */
const lately = 30 * day;
const mostOfEach = 200;
/** So many of those made around the same time are compared by their words and their place. */
const mostAround = 500;
const leastLikeness = 0.4;
const points: Record<MergeReason, number> = { linked_duplicate: 100, same_asset: 40, same_customer: 30, same_phone: 30, same_address: 30, similar_words: 40 };

/**
 * Tickets that may be the same matter as one (疑似重复工单), the likeliest first, at most ten: unfinished or just resolved, of the
 * same customer, number, asset or place or with much the same words, and those linked as its duplicates. Only such as the
 * caller may read and change. What is compared is bounded, however many tickets there are.
 */
export async function mergeCandidates(context: Context, ticket: TicketRow): Promise<Candidate[]> {
  if (ticket.merged_into !== null) return [];
  const family = ticket.customer_id === null ? [] : await familyOf(context, ticket.customer_id);
  const own = comparedWords(ticket.subject);
  const place = placeOf(ticket.address);
  const phone = digitsOf(ticket.contact_phone);
  const candidates = (await findNear(context, ticket, family, phone)).map((near): Candidate => {
    const reasons: MergeReason[] = [];
    let score = 0;
    const count = (reason: MergeReason, share = 1): void => {
      reasons.push(reason);
      score += points[reason] * share;
    };
    if (near.linked) count('linked_duplicate');
    if (near.asset_id !== null && near.asset_id === ticket.asset_id) count('same_asset');
    if (near.customer_id !== null && family.includes(near.customer_id)) count('same_customer');
    else if (phone !== null && digitsOf(near.contact_phone) === phone) count('same_phone');
    if (place !== null && placeOf(near.address) === place) count('same_address');
    const alike = likeness(own, comparedWords(near.subject));
    if (alike >= leastLikeness) count('similar_words', alike);
    return { ticket: near, score: Math.round(score), reasons };
  });
  return candidates.filter(({ reasons }) => reasons.length > 0)
    .sort((a, b) => b.score - a.score || b.ticket.created_at.getTime() - a.ticket.created_at.getTime() || (a.ticket.id < b.ticket.id ? 1 : -1)).slice(0, mostShown);
}

/** Whoever could be meant: what shares something that an index knows, and what was made around the same time. */
async function findNear(context: Context, ticket: TicketRow, family: readonly string[], phone: string | null): Promise<Near[]> {
  const { transaction, tenantId, now } = context;
  const subject = staffOf(context);
  const newest = (condition: RawBuilder<unknown>, most = mostOfEach) => sql`(SELECT id FROM ticket WHERE tenant_id = ${tenantId} AND ${condition} ORDER BY created_at DESC, id DESC LIMIT ${most})`;
  const since = new Date(ticket.created_at.getTime() - lately);
  const until = new Date(ticket.created_at.getTime() + lately);
  const ways = [
    newest(sql`created_at <= ${ticket.created_at} AND created_at > ${since}`, mostAround),
    sql`(SELECT id FROM ticket WHERE tenant_id = ${tenantId} AND created_at > ${ticket.created_at} AND created_at < ${until} ORDER BY created_at, id LIMIT ${mostAround})`,
    ...family.length === 0 ? [] : [newest(sql`customer_id = ANY(${family}::uuid[])`)],
    ...ticket.asset_id === null ? [] : [newest(sql`asset_id = ${ticket.asset_id}`)],
    ...ticket.category_id === null ? [] : [newest(sql`category_id = ${ticket.category_id}`)],
    ...phone === null ? [] : [sql`(SELECT ticket_id FROM some_tickets_with_words(${tenantId}, ${`${bigramQuery(phone)} & ${quote(organizationMark(tenantId))}`}::tsquery, ${mostOfEach}))`],
    sql`(SELECT id FROM linked)`,
  ];
  const justNow = new Date(now.getTime() - lately);
  return await transaction.run(sql<Near>`
    WITH linked AS (SELECT other_id AS id FROM ticket_link WHERE tenant_id = ${tenantId} AND ticket_id = ${ticket.id} AND kind = 'duplicate_of'
      UNION SELECT ticket_id FROM ticket_link WHERE tenant_id = ${tenantId} AND other_id = ${ticket.id} AND kind = 'duplicate_of'),
    near (id) AS (${sql.join(ways, sql` UNION `)})
    SELECT ticket.id, ticket.number, ticket.subject, ticket.status, ticket.created_at, ticket.customer_id, ticket.contact_phone, ticket.asset_id, ticket.address, linked.id IS NOT NULL AS linked
    FROM near JOIN ticket ON ticket.tenant_id = ${tenantId} AND ticket.id = near.id LEFT JOIN linked ON linked.id = ticket.id
    WHERE ticket.id <> ${ticket.id} AND ticket.merged_into IS NULL
      AND (ticket.status IN ('new', 'open', 'waiting') OR (ticket.status = 'resolved' AND ticket.resolved_at > ${justNow}) OR (linked.id IS NOT NULL AND ticket.status <> 'cancelled'))
      AND ${reachCondition(reachOf(subject, 'ticket.read'))} AND ${reachCondition(reachOf(subject, 'ticket.update'))}`) as unknown as Near[];
}

/** A place as it is compared; what is too short names none. */
function placeOf(address: string | null): string | null {
  const plain = normaliseText(address ?? '').replaceAll(/[\s,，。.·-]/g, '');
  return plain.length < 4 ? null : plain;
}

function digitsOf(phone: string | null): string | null {
  const digits = phone?.replaceAll(/\D/g, '') ?? '';
  return digits.length < 7 ? null : digits;
}
