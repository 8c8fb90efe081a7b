import { progressSteps, type Progress } from '../../../contract/portal.ts';
import { reckonArrival } from '../../../rules/places/track.ts';
import { nameFor, wordsFor } from '../../../rules/intake/placeholders.ts';
import { isVisitOver, obstacleRules, type VisitObstacle, type VisitStatus } from '../../../rules/ticket/visit-lifecycle.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { placesOf } from '../../records/dispatch/place-of.ts';
import { wayToTell } from '../../records/conversation/channel/outbox.ts';
import { messagesForCustomer, mostMessages } from '../../records/conversation/shared.ts';
import { filesOfMessages, filesOfTicket } from '../../records/file/queries.ts';
import { viewFile } from '../../records/file/view.ts';
import { newsChoiceOf } from '../../records/news/choices.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import type { Landing } from '../../records/ticket/landing.ts';
import { statusOf, type TicketRow } from '../../records/ticket/row.ts';
import { travelKnowledge } from '../../records/travel/times.ts';
import { lastPositions } from '../../records/visit/positions.ts';
import { visitsOfTicket, type VisitRow } from '../../records/visit/queries.ts';
import { canReopen } from './can-reopen.ts';

/** A position older than this is no help to whoever waits. */
const freshMilliseconds = 10 * 60_000;

/**
 * What the holder of a ticket's link sees: no notes, no names but those of who comes and who answered them, only files meant for them. Of a merged
 * ticket they see how the one stands that it goes on as, and their own conversation with what they were answered there;
 * what the other ticket's customer said and where they live is not theirs to see.
 *
 * @param named the ticket the link was made for
 * @param ticket the one it leads to: itself, unless it was merged
 */
export async function viewProgress(context: Context, { named, ticket }: Landing, token: string): Promise<Progress> {
  const { organization } = await configurationOf(context);
  const merged = named.id !== ticket.id;
  const [visits, own, messages, surveys, news] = await Promise.all([
    visitsOfTicket(context, ticket.id),
    filesOfTicket(context, named.id),
    messagesForCustomer(context, named.id, mostMessages),
    context.transaction.run(build.selectFrom('survey').select(['rating', 'comment']).where('tenant_id', '=', context.tenantId).where('ticket_id', '=', ticket.id).where('round', '=', ticket.reopened_count)),
    newsOf(context, named),
  ]);
  const audience = { kind: 'progress', token } as const;
  const elsewhere = Map.groupBy(messages.filter((message) => message.ticket_id !== named.id), (message) => message.ticket_id);
  const others = await Promise.all([...elsewhere].map(([ticketId, said]) => filesOfMessages(context, ticketId, said.map((message) => message.id))));
  const files = [...own, ...others.flatMap((byMessage) => [...byMessage.values()].flat())];
  const shown = files.filter((file) => file.visibility === 'public');
  const status = statusOf(ticket);
  const settled = status === 'resolved' || status === 'closed';
  // Those who were called off or declined are no news for the customer; nor, once it is open again, is the visit before.
  const current = visits.findLast((candidate) => !isVisitOver(candidate.status as VisitStatus));
  const visit = settled ? visits.findLast((candidate) => candidate.status === 'completed' || candidate === current) : current;
  const obstacle = current === undefined ? obstacleOf(ticket, visits.findLast((candidate) => candidate.status === 'completed' || candidate.status === 'incomplete')) : null;
  const times: Record<(typeof progressSteps)[number], Date | null> = {
    received: named.created_at,
    assigned: visit?.created_at ?? ticket.accepted_at,
    accepted: visit?.accepted_at ?? ticket.accepted_at,
    travelling: visit?.travel_started_at ?? null,
    on_site: visit?.checked_in_at ?? null,
    resolved: ticket.resolved_at,
    closed: ticket.closed_at,
  };
  // Without a visit nobody travels; a step that was skipped is not shown as missing.
  const open = progressSteps.filter((step) => visit !== undefined || (step !== 'travelling' && step !== 'on_site'));
  const furthest = open.findLastIndex((step) => times[step] !== null && (settled || (step !== 'resolved' && step !== 'closed')));
  const steps = open.filter((step, index) => index >= furthest || times[step] !== null);
  const decides = decidesFor(named, ticket);
  const reached = steps.indexOf(open[furthest]!);
  return {
    number: named.number,
    continuesAs: merged ? ticket.number : null,
    organization: { name: organization.name, slug: organization.slug, timeZone: organization.timeZone },
    subject: wordsFor(named.subject, context.language),
    description: wordsFor(named.description, context.language),
    status,
    waitingFor: ticket.waiting_for,
    address: named.address,
    createdAt: named.created_at.toISOString(),
    steps: steps.map((step, index) => ({ step, at: index <= reached ? times[step]?.toISOString() ?? null : null, done: index <= reached, current: index === reached && status !== 'closed' && status !== 'cancelled' })),
    technician: visit ? {
      name: visit.technician_name, status: visit.status as VisitStatus, windowStart: visit.window_start?.toISOString() ?? null, windowEnd: visit.window_end?.toISOString() ?? null,
      workSummary: visit.status === 'completed' ? visit.work_summary : null, signedBy: merged ? null : visit.signed_by, coming: await comingOf(context, visit, ticket),
    } : null,
    obstacle,
    messages: messages.map((message) => ({
      id: message.id, fromCustomer: message.direction === 'inbound', author: message.author_name && nameFor(message.author_name, context.language), body: message.direction === 'inbound' ? wordsFor(message.body, context.language) : message.body, at: message.created_at.toISOString(),
      files: shown.filter((file) => file.message_id === message.id).map((file) => viewFile(file, audience)),
    })),
    files: shown.filter((file) => file.message_id === null).map((file) => viewFile(file, audience)),
    resolution: settled ? ticket.resolution : null,
    reportUrl: settled && !merged && visit?.status === 'completed' ? `/api/v1/progress/${token}/report` : null,
    rating: decides ? surveys[0] ?? null : null,
    canConfirm: decides && status === 'resolved',
    canReopen: decides && canReopen(ticket, context.now),
    canRate: decides && settled && surveys.length === 0,
    canComment: status !== 'cancelled',
    news,
    version: ticket.version,
  };
}

/** How far off somebody is who is on the way (师傅在路上): about, and never where. */
async function comingOf(context: Context, visit: VisitRow, ticket: TicketRow): Promise<NonNullable<Progress['technician']>['coming']> {
  if (visit.status !== 'travelling') return null;
  const work = (await placesOf(context, [ticket])).get(ticket.id);
  if (!work) return null;
  const [position] = await lastPositions(context, [visit.technician_id]);
  if (!position || position.visitId !== visit.id || Date.parse(position.at) < context.now.getTime() - freshMilliseconds) return null;
  const place = work.point;
  const configuration = await configurationOf(context);
  const reckoned = reckonArrival(position, place, configuration.travel);
  // Of one who is around the corner nothing better is known than how far it is.
  const known = reckoned.minutes <= 2 ? undefined : (await travelKnowledge(context, configuration, [[position, place]], null)).known(position, place);
  return { ...reckoned, ...(known ? { minutes: Math.max(1, Math.round(known.seconds / 60)), metres: Math.max(100, Math.round(known.metres / 100) * 100) } : {}), at: position.at };
}

/** What somebody chose to hear, where there is a way to tell them anything. */
async function newsOf(context: Context, named: TicketRow): Promise<Progress['news']> {
  return await wayToTell(context.transaction, named.id, named.customer_id) === null ? null : newsChoiceOf(context, { customerId: named.customer_id, ticketId: named.id });
}

/** Whether the customer of a ticket may say of the one it was merged into that it is solved (代表客户): when it is theirs as well. */
export function decidesFor(named: TicketRow, ticket: TicketRow): boolean {
  return named.id === ticket.id || (named.customer_id !== null && named.customer_id === ticket.customer_id);
}

/** What the last visit failed by, for as long as the ticket still stands as it left it. What was noted with it is for colleagues. */
function obstacleOf(ticket: TicketRow, last: VisitRow | undefined): Progress['obstacle'] {
  if (last?.status !== 'incomplete') return null;
  const kind = last.obstacle as VisitObstacle;
  const { waitsFor } = obstacleRules[kind];
  // Of an earlier round it says nothing any more.
  const stands = waitsFor === undefined ? ticket.status === 'open' && ticket.reopened_count === 0 : ticket.status === 'waiting' && ticket.waiting_for === waitsFor;
  return stands ? { kind, at: last.obstacle_at!.toISOString() } : null;
}
