import { progressSteps, type Progress } from '../../../contract/portal.ts';
import type { VisitStatus } from '../../../rules/ticket/visit-lifecycle.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import type { MessageRow } from '../../records/conversation/add-message.ts';
import { filesOfTicket } from '../../records/file/queries.ts';
import { viewFile } from '../../records/file/view.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import { statusOf, type TicketRow } from '../../records/ticket/row.ts';
import { visitsOfTicket } from '../../records/visit/queries.ts';
import { canReopen } from './can-reopen.ts';

/** What the holder of a ticket's link sees: no notes, no names but those who come, only files meant for them. */
export async function viewProgress(context: Context, ticket: TicketRow, token: string): Promise<Progress> {
  const { organization } = await configurationOf(context);
  const [visits, files, messages, surveys] = await Promise.all([
    visitsOfTicket(context, ticket.id),
    filesOfTicket(context, ticket.id),
    context.transaction.run(build.selectFrom('message').selectAll().where('tenant_id', '=', context.tenantId).where('ticket_id', '=', ticket.id).where('visibility', '=', 'public').orderBy('id').limit(500)),
    context.transaction.run(build.selectFrom('survey').select(['rating', 'comment']).where('tenant_id', '=', context.tenantId).where('ticket_id', '=', ticket.id).where('round', '=', ticket.reopened_count)),
  ]);
  const audience = { kind: 'progress', token } as const;
  const shown = files.filter((file) => file.visibility === 'public');
  const status = statusOf(ticket);
  const settled = status === 'resolved' || status === 'closed';
  // Those who were called off or declined are no news for the customer; nor, once it is open again, is the visit before.
  const visit = visits.filter((candidate) => candidate.status !== 'cancelled' && candidate.status !== 'declined' && (settled || candidate.status !== 'completed')).at(-1);
  const times: Record<(typeof progressSteps)[number], Date | null> = {
    received: ticket.created_at,
    assigned: visit?.created_at ?? ticket.accepted_at,
    accepted: visit?.accepted_at ?? ticket.accepted_at,
    travelling: visit?.travel_started_at ?? null,
    on_site: visit?.checked_in_at ?? null,
    resolved: ticket.resolved_at,
    closed: ticket.closed_at,
  };
  // Without a visit nobody travels; a step that was skipped is not shown as missing.
  const steps = progressSteps.filter((step) => visit !== undefined || (step !== 'travelling' && step !== 'on_site'));
  const reached = steps.findLastIndex((step) => times[step] !== null && (settled || (step !== 'resolved' && step !== 'closed')));
  return {
    number: ticket.number,
    organization: { name: organization.name, slug: organization.slug },
    subject: ticket.subject,
    description: ticket.description,
    status,
    waitingFor: ticket.waiting_for,
    address: ticket.address,
    createdAt: ticket.created_at.toISOString(),
    steps: steps.map((step, index) => ({ step, at: index <= reached ? times[step]?.toISOString() ?? null : null, done: index <= reached, current: index === reached && status !== 'closed' && status !== 'cancelled' })),
    technician: visit ? {
      name: visit.technician_name, status: visit.status as VisitStatus, windowStart: visit.window_start?.toISOString() ?? null, windowEnd: visit.window_end?.toISOString() ?? null,
      workSummary: visit.status === 'completed' ? visit.work_summary : null, signedBy: visit.signed_by,
    } : null,
    messages: (messages as MessageRow[]).map((message) => ({
      id: message.id, fromCustomer: message.direction === 'inbound', author: message.author_name, body: message.body, at: message.created_at.toISOString(),
      files: shown.filter((file) => file.message_id === message.id).map((file) => viewFile(file, audience)),
    })),
    files: shown.filter((file) => file.message_id === null).map((file) => viewFile(file, audience)),
    resolution: settled ? ticket.resolution : null,
    rating: surveys[0] ?? null,
    canConfirm: status === 'resolved',
    canReopen: canReopen(ticket, context.now),
    canRate: settled && surveys.length === 0,
    canComment: status !== 'cancelled',
    version: ticket.version,
  };
}
