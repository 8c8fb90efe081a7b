import { Type } from 'typebox';
import { GatheredTickets, GatherTickets } from '../../../contract/collaboration.ts';
import { Closed } from '../../../contract/common.ts';
import { holds, permits, reachOf } from '../../../rules/access/policy.ts';
import { reckonPriority } from '../../../rules/priority/priority.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { Refusal, refuseInput } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import { endOfWay, lockTickets, oneAtATime } from '../../records/ticket/alias.ts';
import { findReadableTicket } from '../../records/ticket/find.ts';
import { linkTickets } from '../../records/ticket/link.ts';
import { viewLinked } from '../../records/ticket/relations.ts';
import { accessOf, priorityName, type TicketRow } from '../../records/ticket/row.ts';
import { openTicket } from './open-ticket.ts';

const unfinished: ReadonlySet<string> = new Set(['new', 'open', 'waiting']);

/**
 * Puts this ticket and others below one that leads them (归并群体事件): below the one that is named, or a new one that says what they have in common. What is told
 * on that one then reaches each customer. Those that are done, below another, or not the caller's to change stay where they are.
 */
export const gatherTickets = useCase({
  summary: 'Gather tickets of one cause below a parent',
  params: Closed({ id: Type.String({ maxLength: 64 }) }),
  body: GatherTickets,
  answer: GatheredTickets,
  async run(context, { params, body }) {
    await oneAtATime(context);
    const named = await findReadableTicket(context, params.id);
    const given = body.parent === undefined ? null : await findReadableTicket(context, body.parent).catch(() => null);
    if (body.parent !== undefined && !given) throw refuseInput('/parent', 'unknown_reference', { field: 'parent' });
    const subject = staffOf(context);
    if (!given && !holds(subject, 'ticket.create')) throw new Refusal('forbidden');
    const parentId = given && await endOfWay(context, given.id);
    const wanted = [...new Set([named.id, ...body.tickets])].filter((id) => id !== parentId);
    const locked = await lockTickets(context, [...wanted, ...(parentId === null ? [] : [parentId])]);
    const may = (ticket: TicketRow) => permits(reachOf(subject, 'ticket.read'), accessOf(ticket)) && permits(reachOf(subject, 'ticket.update'), accessOf(ticket));
    const members = wanted.flatMap((id) => locked.get(id) ?? []).filter((ticket) => may(ticket) && ticket.merged_into === null && ticket.parent_id === null && unfinished.has(ticket.status));
    if (members.length === 0) throw new Refusal('nothing_to_gather');
    const found = parentId === null ? undefined : locked.get(parentId)!;
    if (found && !may(found)) throw new Refusal('forbidden');
    let parent = found ?? await openParent(context, locked.get(named.id)!, members, body.subject?.trim());
    for (const member of members) ({ other: parent } = await linkTickets(context, 'parent', member, parent));
    return { parent: viewLinked(context, parent), gathered: members.length, left: wanted.filter((id) => locked.get(id)?.parent_id !== parent.id).length - members.length };
  },
});

/** As the first of them where nothing else was said, as urgent as the most urgent. */
async function openParent(context: Context, like: TicketRow, members: readonly TicketRow[], subject: string | undefined): Promise<TicketRow> {
  const english = context.language === 'en';
  const type = (await configurationOf(context)).types.get(like.type_id);
  // What a form demands is answered by the one it begins with; files are each ticket's own.
  const fields = Object.fromEntries(Object.entries(like.fields as Record<string, unknown>).filter(([key]) => type?.form.fields.some((field) => field.key === key && field.kind !== 'file' && field.kind !== 'signature')));
  const { ticket } = await openTicket(context, {
    subject: subject || `${like.subject.slice(0, 180)}${english ? ' (several reports)' : '（多人反映）'}`, description: like.description, channel: 'console', trusted: true, type: like.type_id, fields,
    ...(like.category_id === null ? {} : { category: like.category_id }), ...(like.team_id === null ? {} : { team: like.team_id }), ...(like.asset_id === null ? {} : { assetId: like.asset_id }),
    ...(like.address === null ? {} : { location: { address: like.address } }), priority: priorityName(Math.min(...members.map((member) => member.priority))),
  }, reckonPriority);
  return ticket;
}
