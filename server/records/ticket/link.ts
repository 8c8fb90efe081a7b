import { collaborationLimits } from '../../../contract/collaboration.ts';
import { seenAs, storedLink, type LinkKind, type StoredLinkKind } from '../../../rules/ticket/links.ts';
import type { Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { reaches } from './alias.ts';
import { changeTicket, tellOnTicket, type Writing } from './change.ts';
import type { TicketRow } from './row.ts';

type Reading = Pick<Context, 'tenantId' | 'transaction'>;

/** A link as it hangs on one of several tickets that are one. */
export interface FoundLink {
  kind: LinkKind;
  /** Of those tickets, the one it was made on. */
  viaId: string;
  otherId: string;
}

const findLinks = statement<FoundLink>('ticket_link.of', `
  SELECT kind, via_id AS "viaId", other_id AS "otherId" FROM (
    SELECT 'parent' AS kind, id AS via_id, parent_id AS other_id FROM ticket WHERE tenant_id = $1 AND id = ANY($2::uuid[]) AND parent_id IS NOT NULL
    UNION ALL SELECT 'child', parent_id, id FROM ticket WHERE tenant_id = $1 AND parent_id = ANY($2::uuid[])
    UNION ALL SELECT kind, ticket_id, other_id FROM ticket_link WHERE tenant_id = $1 AND ticket_id = ANY($2::uuid[])
    UNION ALL SELECT CASE kind WHEN 'duplicate_of' THEN 'duplicated_by' WHEN 'blocks' THEN 'blocked_by' ELSE kind END, other_id, ticket_id
      FROM ticket_link WHERE tenant_id = $1 AND other_id = ANY($2::uuid[])) AS link
  WHERE other_id <> ALL($2::uuid[]) AND ($3::text IS NULL OR kind = $3)
    AND ($4::text IS NULL OR (kind || '|' || via_id, other_id) > ($4, $5::uuid))
  ORDER BY kind || '|' || via_id, other_id LIMIT $6`);

const countLinks = statement<{ count: number }>('ticket_link.count', `
  SELECT (SELECT count(*) FROM ticket_link WHERE tenant_id = $1 AND ticket_id = $2)::int + (SELECT count(*) FROM ticket_link WHERE tenant_id = $1 AND other_id = $2)::int AS count`);
const countChildren = statement<{ count: number }>('ticket.count_children', 'SELECT count(*)::int AS count FROM ticket WHERE tenant_id = $1 AND parent_id = $2');
const findWay = statement<{ found: boolean }>('ticket_link.way', `
  WITH RECURSIVE way AS (
    SELECT $3::uuid AS id
    UNION
    SELECT l.other_id FROM way JOIN ticket_link l ON l.tenant_id = $1 AND l.ticket_id = way.id AND l.kind = $2)
  SELECT EXISTS (SELECT FROM way WHERE id = $4) AS found`);
const insertLink = statement<{ kind: string }>('ticket_link.insert', `
  INSERT INTO ticket_link (tenant_id, ticket_id, kind, other_id, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING kind`);

/**
 * The links of a ticket and of those merged into it (关联列表), by kind; not those between them.
 *
 * @param after the place behind which the page begins: what `placeOf` says of the last one before
 */
export function linksOf(context: Reading, ticketIds: readonly string[], kind: LinkKind | undefined, after: [string, string] | null, limit: number): Promise<FoundLink[]> {
  return context.transaction.query(findLinks, [context.tenantId, ticketIds, kind ?? null, after?.[0] ?? null, after?.[1] ?? null, limit]);
}

export const placeOf = (link: FoundLink): [string, string] => [`${link.kind}|${link.viaId}`, link.otherId];

/**
 * Links two tickets (关联工单), both locked and nobody else changing how tickets hang together (`oneAtATime`). Tells of it on both.
 *
 * @throws Refusal already_linked, has_parent, link_circle, too_many_links
 */
export async function linkTickets(context: Writing, kind: LinkKind, ticket: TicketRow, other: TicketRow): Promise<{ ticket: TicketRow; other: TicketRow }> {
  const stored = storedLink(kind, ticket.id, other.id);
  const [from, to] = stored.from === ticket.id ? [ticket, other] : [other, ticket];
  const told = stored.kind === 'parent' ? await setParent(context, from, to, other.number) : await addLink(context, stored.kind, from, to, other.number);
  return told.from.id === ticket.id ? { ticket: told.from, other: told.to } : { ticket: told.to, other: told.from };
}

interface Ends {
  from: TicketRow;
  to: TicketRow;
}

/** @throws Refusal too_many_links where a ticket has as many children as it may have (子工单上限) */
export async function ensureRoomForChild(context: Reading, parentId: string): Promise<void> {
  const [children] = await context.transaction.query(countChildren, [context.tenantId, parentId]);
  if (children!.count >= collaborationLimits.children) throw new Refusal('too_many_links', { limit: collaborationLimits.children });
}

async function setParent(context: Writing, child: TicketRow, parent: TicketRow, named: string): Promise<Ends> {
  if (child.parent_id === parent.id) throw new Refusal('already_linked', { number: named });
  if (child.parent_id !== null) throw new Refusal('has_parent', { number: child.number });
  if (await reaches(context, parent.id, child.id)) throw new Refusal('link_circle', { number: named });
  await ensureRoomForChild(context, parent.id);
  return {
    from: await changeTicket(context, child, { parent_id: parent.id }, { kind: 'link.added', data: linkData('parent', parent) }),
    to: await tellOnTicket(context, parent, { kind: 'link.added', data: linkData('child', child) }),
  };
}

async function addLink(context: Writing, kind: Exclude<StoredLinkKind, 'parent'>, from: TicketRow, to: TicketRow, named: string): Promise<Ends> {
  const { transaction, tenantId, now } = context;
  if (kind !== 'related') {
    const [way] = await transaction.query(findWay, [tenantId, kind, to.id, from.id]);
    if (way!.found) throw new Refusal('link_circle', { number: named });
  }
  for (const end of [from, to]) {
    const [links] = await transaction.query(countLinks, [tenantId, end.id]);
    if (links!.count >= collaborationLimits.links) throw new Refusal('too_many_links', { limit: collaborationLimits.links });
  }
  if ((await transaction.query(insertLink, [tenantId, from.id, kind, to.id, now])).length === 0) throw new Refusal('already_linked', { number: named });
  return {
    from: await tellOnTicket(context, from, { kind: 'link.added', data: linkData(seenAs(kind, 'from'), to) }),
    to: await tellOnTicket(context, to, { kind: 'link.added', data: linkData(seenAs(kind, 'to'), from) }),
  };
}

/** Takes a link away (解除关联), as `linksOf` found it; both tickets are locked. */
export async function unlinkTickets(context: Writing, kind: LinkKind, ticket: TicketRow, other: TicketRow): Promise<void> {
  const stored = storedLink(kind, ticket.id, other.id);
  const [from, to] = stored.from === ticket.id ? [ticket, other] : [other, ticket];
  if (stored.kind === 'parent') await changeTicket(context, from, { parent_id: null }, { kind: 'link.removed', data: linkData('parent', to) });
  else {
    await context.transaction.run(build.deleteFrom('ticket_link').where('tenant_id', '=', context.tenantId).where('ticket_id', '=', from.id).where('kind', '=', stored.kind).where('other_id', '=', to.id));
    await tellOnTicket(context, from, { kind: 'link.removed', data: linkData(seenAs(stored.kind, 'from'), to) });
  }
  await tellOnTicket(context, to, { kind: 'link.removed', data: linkData(seenAs(stored.kind, 'to'), from) });
}

// The number only: not everybody who reads the one ticket reads the other.
const linkData = (link: LinkKind, other: TicketRow) => ({ link, ticket: { number: other.number }, visibility: 'internal' });
