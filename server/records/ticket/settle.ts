import type { FactKind } from '../../../contract/facts.ts';
import { build, statement } from '../../platform/db/database.ts';
import { clearTimer, setTimer } from '../../platform/timers/timers.ts';
import { cancelCurrentVisits } from '../visit/schedule.ts';
import { changeTicket, tellOnTicket, type Writing } from './change.ts';
import { ensureChecklistDone } from './checklist/ensure-done.ts';
import type { TicketRow } from './row.ts';

/** Days of silence after which a resolved ticket counts as accepted, where the organization has set nothing else (默认验收). */
export const silenceDays = 7;
const findSilenceDays = statement<{ days: number }>('organization.acceptance_days', `
  SELECT coalesce((settings ->> 'acceptanceDays')::int, ${silenceDays}) AS days FROM organization WHERE tenant_id = $1`);

const findStanding = statement<{ active: boolean; cover_id: string | null }>('ticket.assignee_standing', `
  SELECT s.active, (SELECT a.cover_id FROM absence a JOIN staff c ON c.tenant_id = a.tenant_id AND c.id = a.cover_id AND c.active
    WHERE a.tenant_id = $1 AND a.staff_id = s.id AND a.cancelled_at IS NULL AND a.starts_at <= $3 AND a.ends_at > $3 ORDER BY a.starts_at DESC LIMIT 1) AS cover_id
  FROM staff s WHERE s.tenant_id = $1 AND s.id = $2`);

/**
 * The work is done and the customer is asked (解决). Silence will close the ticket.
 *
 * @throws Refusal checklist_open while something that the type demands is not done
 */
export async function resolveTicket(context: Writing, ticket: TicketRow, resolution: string, occurredAt?: Date, more: Record<string, unknown> = {}): Promise<TicketRow> {
  await ensureChecklistDone(context, ticket);
  const [setting] = await context.transaction.query(findSilenceDays, [context.tenantId]);
  await setTimer(context.transaction, { kind: 'ticket.close_after_silence', subjectId: ticket.id, dueAt: new Date(context.now.getTime() + (setting?.days ?? silenceDays) * 86_400_000) });
  return changeTicket(context, ticket, { status: 'resolved', resolution, resolved_at: occurredAt ?? context.now, waiting_for: null },
    { kind: 'ticket.resolved', data: { resolution, ...more }, ...(occurredAt ? { occurredAt } : {}) });
}

/** The loop is closed (关闭): confirmed by the customer, closed by a colleague, or by silence. Nobody sets out for it any more. */
export async function closeTicket(context: Writing, ticket: TicketRow, kind: Extract<FactKind, 'ticket.confirmed' | 'ticket.closed'>, data: Record<string, unknown>): Promise<TicketRow> {
  await clearTimer(context.transaction, 'ticket.close_after_silence', ticket.id);
  let current = await changeTicket(context, ticket, { status: 'closed', closed_at: context.now, waiting_for: null, ...(ticket.resolved_at ? {} : { resolved_at: context.now }) }, { kind, data });
  // Whoever holds the row takes a ticket through its life by themselves, visits included.
  const left = context.holdRow ? [] : await cancelCurrentVisits(context, ticket.id);
  for (const visit of left) current = await tellOnTicket(context, current, { kind: 'visit.cancelled', subjectId: visit.id, data: { technicianId: visit.technician_id, reason: 'closed' } });
  return current;
}

/** It was not solved after all (重新打开). A new round of acceptance and survey begins. */
export async function reopenTicket(context: Writing, ticket: TicketRow, reason: string): Promise<TicketRow> {
  await clearTimer(context.transaction, 'ticket.close_after_silence', ticket.id);
  return changeTicket(context, ticket, {
    status: 'open', resolved_at: null, closed_at: null, rating: null, accepted_at: null, reopened_count: ticket.reopened_count + 1,
    ...await assigneeAfterReopening(context, ticket),
  },
    { kind: 'ticket.reopened', data: { reason } });
}

/** Whose it is when it is open again (重新打开后的处理人): whoever had it, if they can take it up. */
async function assigneeAfterReopening(context: Writing, ticket: TicketRow): Promise<{ assignee_id?: string | null }> {
  if (ticket.assignee_id === null) return {};
  // A technician's visit is over: somebody has to send one again, so it lies with the dispatchers.
  if (await hadVisits(context, ticket.id)) return { assignee_id: null };
  const [standing] = await context.transaction.query(findStanding, [context.tenantId, ticket.assignee_id, context.now]);
  if (standing?.active) return {};
  // Who has left does not come back to it: it goes to whoever was to stand in for them, or to nobody.
  return { assignee_id: standing?.cover_id ?? null };
}

async function hadVisits(context: Writing, ticketId: string): Promise<boolean> {
  return await context.transaction.first(build.selectFrom('visit').select('id').where('tenant_id', '=', context.tenantId).where('ticket_id', '=', ticketId).limit(1)) !== undefined;
}

const appendWords = statement<never>('survey.append', `
  UPDATE survey SET comment = left(concat_ws(E'\\n', comment, $4::text), 2000) WHERE tenant_id = $1 AND ticket_id = $2 AND round = $3`);

/** The customer's answer to the survey of this round (评价); false when it was answered before: the first answer stands. */
export async function recordRating(context: Writing, ticket: TicketRow, rating: number, comment: string | null, more: Record<string, unknown> = {}): Promise<TicketRow | null> {
  const inserted = await context.transaction.run(build.insertInto('survey')
    .values({ tenant_id: context.tenantId, ticket_id: ticket.id, round: ticket.reopened_count, rating, comment, answered_at: context.now })
    .onConflict((conflict) => conflict.doNothing()).returning('round'));
  if (inserted.length === 0) return null;
  return changeTicket(context, ticket, { rating }, { kind: 'ticket.rated', data: { rating, comment, ...more } });
}

/** What a customer says after they rated belongs to it as well (评价补充); as far as there is room. */
export async function addToSurvey(context: Writing, ticket: TicketRow, words: string): Promise<void> {
  await context.transaction.query(appendWords, [context.tenantId, ticket.id, ticket.reopened_count, words]);
}
