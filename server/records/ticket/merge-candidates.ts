import { sql, type RawBuilder } from 'kysely';
import type { MergeReason } from '../../../contract/collaboration.ts';
import { reachOf } from '../../../rules/access/policy.ts';
import { bigramQuery, quote } from '../../../rules/text/bigrams.ts';
import { organizationMark } from '../../../rules/text/marks.ts';
import { crowdAround } from '../../../rules/ticket/crowd.ts';
import { compareMatters, prepareMatter, type CrowdReason, type Prepared } from '../../../rules/ticket/same-matter.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { reachCondition } from '../access/reach-condition.ts';
import { wholeFamilyOf } from '../customer/family.ts';
import { keptApart } from './kept-apart.ts';
import { matchingSettingsOf } from './matching-settings.ts';
import type { TicketRow } from './row.ts';

/** Another ticket that may be the same matter, and why. */
export interface Candidate {
  ticket: Near;
  score: number;
  reasons: MergeReason[];
  offered: boolean;
}

/** Many people on one matter (群体事件). */
export interface Crowd {
  people: number;
  reason: CrowdReason;
  /** Those that are not below the parent so far, the newest first. */
  tickets: (Near & { sure: boolean })[];
  parent: TicketRow | null;
}

/** What is compared: a ticket, or a request that is being written. */
export type Compared = Pick<TicketRow, 'customer_id' | 'contact_phone' | 'asset_id' | 'category_id' | 'address' | 'lat' | 'lng' | 'subject' | 'description' | 'created_at' | 'merged_into' | 'parent_id'> & { id: string | null };
type Near = Pick<TicketRow, 'id' | 'number' | 'subject' | 'status' | 'created_at' | 'customer_id' | 'contact_phone' | 'asset_id' | 'category_id' | 'address' | 'lat' | 'lng' | 'parent_id' | 'status_id'> & { description: string; linked: boolean; leads: boolean };

const mostShown = 10;
const mostGathered = 100;
const day = 86_400_000;
/** How far apart in time the same matter is reported twice. */
const lately = 30 * day;
const mostOfEach = 200;
/** So many of those made around the same time are compared by their words and their place. */
const mostAround = 500;
const unfinished: ReadonlySet<string> = new Set(['new', 'open', 'waiting']);

/**
 * Tickets that may be the same matter as one (疑似重复工单), the likeliest first, at most ten: unfinished or just resolved, of the
 * same customer, number, asset or place or with much the same words, and those linked as its duplicates; and whether many people are on
 * about it. Only such as the caller may read and change, and of which nobody said that they are another matter. What is compared is bounded,
 * however many tickets there are.
 */
export async function mergeCandidates(context: Context, ticket: Compared): Promise<{ candidates: Candidate[]; crowd: Crowd | null }> {
  if (ticket.merged_into !== null) return { candidates: [], crowd: null };
  const [settings, family, apart] = await Promise.all([matchingSettingsOf(context.transaction), ticket.customer_id === null ? [] : wholeFamilyOf(context, ticket.customer_id), ticket.id === null ? new Set<string>() : keptApart(context, 'ticket', ticket.id)]);
  const own = prepared(ticket, family);
  const near = (await findNear(context, ticket, family, own.phone)).filter((one) => !apart.has(one.id)).map((one) => ({ ticket: one, prepared: prepared(one, family) }));
  const candidates = near.map((one): Candidate => ({ ticket: one.ticket, ...compareMatters(own, one.prepared, { linked: one.ticket.linked, hours: settings.hours }) }))
    .filter(({ reasons }) => reasons.length > 0)
    .sort((a, b) => b.score - a.score || b.ticket.created_at.getTime() - a.ticket.created_at.getTime() || (a.ticket.id < b.ticket.id ? 1 : -1)).slice(0, mostShown);
  return { candidates: candidates.map((one) => ({ ...one, offered: one.offered && unfinished.has(one.ticket.status) && one.ticket.parent_id === null && !one.ticket.leads })), crowd: await crowdOf(context, ticket, own, near, family, settings.crowd) };
}

/** Whoever is linked to the ticket's customer counts as that one person. */
const prepared = (ticket: Pick<Near, 'customer_id' | 'contact_phone' | 'asset_id' | 'category_id' | 'address' | 'lat' | 'lng' | 'subject' | 'description' | 'created_at'>, family: readonly string[]): Prepared => prepareMatter({
  person: ticket.customer_id === null ? null : family.includes(ticket.customer_id) ? family[0]! : ticket.customer_id, phone: ticket.contact_phone, assetId: ticket.asset_id, categoryId: ticket.category_id,
  address: ticket.address, lat: ticket.lat, lng: ticket.lng, subject: ticket.subject, description: ticket.description, at: ticket.created_at.getTime(),
});

/** By what one person is told from another. */
const whoOf = ({ matter, phone }: Prepared, id: string | null): string => matter.person ?? phone ?? id ?? 'this one';

const findBelow = statement<Pick<TicketRow, 'id' | 'customer_id' | 'contact_phone'>>('ticket.reports_below', 'SELECT id, customer_id, contact_phone FROM ticket WHERE tenant_id = $1 AND parent_id = $2 AND merged_into IS NULL LIMIT 1000');

async function crowdOf(context: Context, ticket: Compared, own: Prepared, near: readonly { ticket: Near; prepared: Prepared }[], family: readonly string[], { people, hours }: { people: number; hours: number }): Promise<Crowd | null> {
  const alike = crowdAround(own, near.filter(({ ticket: one }) => unfinished.has(one.status)).map(({ ticket: one, prepared: other }) => ({ ...other, ticket: one })), { hours }).map(({ of, reason, sure }) => ({ ticket: of.ticket, reason, sure, who: whoOf(of, of.ticket.id) }));
  if (alike.length === 0) return null;
  // What leads others is no report of its own.
  const leadsItself = ticket.id !== null && near.some(({ ticket: one }) => one.parent_id === ticket.id);
  const members = alike.filter((one) => !one.ticket.leads);
  const certain = members.filter((one) => one.sure);
  const parents = Map.groupBy(certain.flatMap((one) => one.ticket.parent_id ?? []), (id) => id);
  const parentId = leadsItself ? ticket.id : ticket.parent_id ?? [...parents].sort(([one, a], [other, b]) => b.length - a.length || (one < other ? -1 : 1))[0]?.[0] ?? alike.find((one) => one.sure && one.ticket.leads)?.ticket.id ?? null;
  // Where its place could be one of several, whoever looks at it says which.
  const counted = certain.length > 0 || parentId !== null ? certain : members;
  const who = new Set([...leadsItself ? [] : [whoOf(own, ticket.id)], ...counted.map((one) => one.who)]);
  // Of a few people there is something to join only where others were gathered before.
  if (who.size < people && parentId === null) return null;
  const parent = parentId === null ? undefined : await context.transaction.first(build.selectFrom('ticket').selectAll().where('tenant_id', '=', context.tenantId).where('id', '=', parentId).where(sql<boolean>`${reachCondition(reachOf(staffOf(context), 'ticket.read'))}`));
  const open = parent !== undefined && unfinished.has(parent.status) && parent.merged_into === null ? parent as TicketRow : null;
  if (open === null && who.size < people) return null;
  const left = members.filter((one) => one.ticket.parent_id === null);
  if ((ticket.parent_id !== null || leadsItself || (open === null && ticket.id !== null)) && left.length === 0) return null;
  // Whoever is still writing has not reported it so far.
  if (ticket.id === null && !counted.some((one) => one.who === whoOf(own, null))) who.delete(whoOf(own, null));
  for (const below of open === null ? [] : await context.transaction.query(findBelow, [context.tenantId, open.id])) {
    if (below.id !== ticket.id) who.add(below.customer_id === null ? prepareMatter({ ...own.matter, phone: below.contact_phone }).phone ?? below.id : family.includes(below.customer_id) ? family[0]! : below.customer_id);
  }
  const times = new Map<CrowdReason, number>();
  for (const { reason } of members) times.set(reason, (times.get(reason) ?? 0) + 1);
  const reason = [...times].sort(([, a], [, b]) => b - a)[0]?.[0] ?? alike[0]!.reason;
  return { people: who.size, reason, tickets: left.map((one) => ({ ...one.ticket, sure: one.sure })).sort((a, b) => b.created_at.getTime() - a.created_at.getTime()).slice(0, mostGathered), parent: open };
}

/** Whoever could be meant: what shares something that an index knows, and what was made around the same time. */
async function findNear(context: Context, ticket: Compared, family: readonly string[], phone: string | null): Promise<Near[]> {
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
    ...phone === null ? [] : [sql`(SELECT ticket_id FROM some_tickets_with_words(${tenantId}, ${quote(organizationMark(tenantId))}::tsquery, ${bigramQuery(phone)}::tsquery, ${mostOfEach}))`],
    sql`(SELECT id FROM linked)`,
  ];
  const justNow = new Date(now.getTime() - lately);
  return await transaction.run(sql<Near>`
    WITH linked AS (SELECT other_id AS id FROM ticket_link WHERE tenant_id = ${tenantId} AND ticket_id = ${ticket.id} AND kind = 'duplicate_of'
      UNION SELECT ticket_id FROM ticket_link WHERE tenant_id = ${tenantId} AND other_id = ${ticket.id} AND kind = 'duplicate_of'),
    near (id) AS (${sql.join(ways, sql` UNION `)})
    SELECT ticket.id, ticket.number, ticket.subject, left(ticket.description, 200) AS description, ticket.status, ticket.status_id, ticket.created_at, ticket.customer_id, ticket.contact_phone, ticket.asset_id, ticket.category_id, ticket.address, ticket.lat, ticket.lng, ticket.parent_id,
      linked.id IS NOT NULL AS linked, EXISTS (SELECT FROM ticket child WHERE child.tenant_id = ${tenantId} AND child.parent_id = ticket.id) AS leads
    FROM near JOIN ticket ON ticket.tenant_id = ${tenantId} AND ticket.id = near.id LEFT JOIN linked ON linked.id = ticket.id
    WHERE ticket.id IS DISTINCT FROM ${ticket.id}::uuid AND ticket.merged_into IS NULL
      AND (ticket.status IN ('new', 'open', 'waiting') OR (ticket.status = 'resolved' AND ticket.resolved_at > ${justNow}) OR (linked.id IS NOT NULL AND ticket.status <> 'cancelled'))
      AND ${reachCondition(reachOf(subject, 'ticket.read'))} AND ${reachCondition(reachOf(subject, 'ticket.update'))}`) as unknown as Near[];
}
