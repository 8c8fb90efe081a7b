import type { NoticeChannel, NoticePolicy } from '../../../contract/notice.ts';
import { permits, reachOf } from '../../../rules/access/policy.ts';
import type { Services } from '../../platform/context.ts';
import { build, everyTenant, statement, type Transaction } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { payloadsOf, signalChannel } from '../../platform/realtime/signals.ts';
import { loadActive } from '../../records/access/subjects.ts';
import { completePreferences } from '../../records/desk/preferences.ts';
import { policyOf } from '../../records/notice/policy.ts';
import { accessOf, type TicketRow } from '../../records/ticket/row.ts';
import { bundleNotices } from './bundle-notices.ts';
import { chooseChannels, reachOfPerson } from './choose-channels.ts';
import { putDown, type BundleRow } from './plan-bundles.ts';

interface Unanswered {
  id: string;
  ticket_id: string | null;
  fact_position: number;
  fact_kind: string;
  preview: string | null;
}

const findDue = statement<{ tenant_id: string; id: string }>('notice.due_escalations', 'SELECT tenant_id, id FROM notice_bundle WHERE escalate_at IS NOT NULL AND escalate_at <= $1 ORDER BY escalate_at LIMIT $2');
const takeBundle = statement<BundleRow>('notice.take_escalation', `
  SELECT id, staff_id, urgency, step FROM notice_bundle WHERE tenant_id = $1 AND id = $2 AND escalate_at IS NOT NULL AND escalate_at <= $3 FOR UPDATE SKIP LOCKED`);
// Whoever looked, or did something about the ticket, has answered, whichever of those who were told it was; what was taken
// from somebody is theirs to answer no more.
const findUnanswered = statement<Unanswered>('notice.unanswered', `
  SELECT n.id, n.ticket_id, n.fact_position, n.fact_kind, n.preview FROM notification n LEFT JOIN ticket t ON t.tenant_id = n.tenant_id AND t.id = n.ticket_id
  WHERE n.tenant_id = $1 AND n.bundle_id = $2 AND n.read_at IS NULL AND (t.id IS NULL OR t.status NOT IN ('resolved', 'closed', 'cancelled'))
    AND NOT EXISTS (SELECT 1 FROM notification o WHERE o.tenant_id = n.tenant_id AND o.fact_position = n.fact_position AND o.read_at IS NOT NULL)
    AND (n.reason <> 'assigned' OR t.assignee_id = n.staff_id)
    AND NOT EXISTS (
      SELECT 1 FROM fact f WHERE f.tenant_id = n.tenant_id AND f.ticket_id = n.ticket_id AND f.position > n.fact_position
        AND f.actor_id IN (SELECT o.staff_id FROM notification o WHERE o.tenant_id = n.tenant_id AND o.fact_position = n.fact_position))
  ORDER BY n.id`);
const moveOn = statement<never>('notice.move_on', 'UPDATE notice_bundle SET step = $3, escalate_at = $4, escalated_to = coalesce($5, escalated_to), acknowledged_at = coalesce(acknowledged_at, $6) WHERE tenant_id = $1 AND id = $2');
const findUsed = statement<{ channel: NoticeChannel }>('notice.used_by_bundle', 'SELECT channel FROM notice_delivery WHERE tenant_id = $1 AND bundle_id = $2');
const findTold = statement<{ staff_id: string; fact_position: number }>('notice.told_of', 'SELECT staff_id, fact_position FROM notification WHERE tenant_id = $1 AND fact_position = ANY($2::bigint[])');
const noteBundles = statement<never>('notice.note_bundles', `
  UPDATE notification n SET bundle_id = given.bundle_id FROM unnest($2::uuid[], $3::uuid[], $4::uuid[]) AS given (staff_id, id, bundle_id) WHERE n.tenant_id = $1 AND n.staff_id = given.staff_id AND n.id = given.id`);
const findManagers = statement<{ id: string }>('notice.managers', `SELECT id FROM staff WHERE tenant_id = $1 AND department_id = $2 AND job = 'manager' AND active ORDER BY id LIMIT 5`);
const announce = statement<never>('notices.announce', 'SELECT pg_notify($1, $2)');

/**
 * Takes the next step of the ladder for what nobody has answered (无人响应升级): first the person's other channels, one at a time, then the lead
 * of the ticket's team, then a manager of its department. Each step waits as long as the first. Somebody who was told of the same already is passed over.
 *
 * @returns how many bundles were looked at
 */
export async function escalateDue({ database, log }: Pick<Services, 'database' | 'log'>, now: Date, limit = 50): Promise<number> {
  const due = await database.transact(everyTenant, (transaction) => transaction.query(findDue, [now, limit]));
  for (const { tenant_id: tenantId, id } of due) {
    await database.transact(tenantId, async (transaction) => {
      const [bundle] = await transaction.query(takeBundle, [tenantId, id, now]);
      if (bundle) await takeStep(transaction, bundle, now);
    }).catch((error: unknown) => log.error({ error, tenantId, bundle: id }, 'an unanswered notice could not be escalated; it will be tried again'));
  }
  return due.length;
}

async function takeStep(transaction: Transaction, bundle: BundleRow, now: Date): Promise<void> {
  const { tenantId } = transaction;
  const [open, policy, reach] = await Promise.all([transaction.query(findUnanswered, [tenantId, bundle.id]), policyOf(transaction), reachOfPerson(transaction, bundle.staff_id)]);
  if (open.length === 0 || policy.escalateAfterMinutes === null || !reach) {
    await transaction.query(moveOn, [tenantId, bundle.id, bundle.step, null, null, open.length > 0 ? null : now]);
    return;
  }
  const next = { ...bundle, step: bundle.step + 1 };
  const again = new Date(now.getTime() + policy.escalateAfterMinutes * 60_000);
  const used = (await transaction.query(findUsed, [tenantId, bundle.id])).map((row) => row.channel);
  const [channel] = used.length === 0 || !reach.staff.active ? [] : chooseChannels(reach, 'urgent', [], used, now);
  if (channel !== undefined) {
    await putDown(transaction, next, channel, { reach, count: open.length, now });
    await transaction.query(moveOn, [tenantId, bundle.id, next.step, again, null, null]);
    return;
  }
  const told = await tellNext(transaction, bundle, open, policy, now);
  await transaction.query(moveOn, [tenantId, bundle.id, next.step, null, told[0] ?? null, null]);
}

/**
 * Tells whoever comes next of each thing that nobody has answered; of several they are told together. Their own message climbs on by itself.
 *
 * @returns who was told; nobody where the ladder ends
 */
async function tellNext(transaction: Transaction, bundle: BundleRow, open: readonly Unanswered[], policy: NoticePolicy, now: Date): Promise<string[]> {
  const { tenantId } = transaction;
  const ticketIds = [...new Set(open.flatMap((item) => item.ticket_id ?? []))];
  if (ticketIds.length === 0) return [];
  const [tickets, told] = await Promise.all([
    transaction.run(build.selectFrom('ticket').selectAll().where('tenant_id', '=', tenantId).where((where) => where('id', '=', where.fn.any(where.val(ticketIds))))),
    transaction.query(findTold, [tenantId, open.map((item) => item.fact_position)]),
  ]);
  const known = Map.groupBy(told, (row) => row.fact_position);
  const candidates = new Map<string, string[]>();
  for (const ticket of tickets as TicketRow[]) candidates.set(ticket.id, (await Promise.all(policy.ladder.map((step) => peopleAt(transaction, step, ticket)))).flat());
  const active = await loadActive(transaction, [...new Set([...candidates.values()].flat())], now);
  const maySee = new Map((tickets as TicketRow[]).map((ticket) => [ticket.id, candidates.get(ticket.id)!.filter((id) => active.has(id) && permits(reachOf(active.get(id)!.subject, 'ticket.read'), accessOf(ticket)))]));
  const values = open.flatMap((item) => {
    const staffId = maySee.get(item.ticket_id ?? '')?.find((id) => !known.get(item.fact_position)?.some((row) => row.staff_id === id));
    return staffId === undefined ? [] : [{
      tenant_id: tenantId, staff_id: staffId, id: newId(now.getTime()), reason: 'unanswered' as const, ticket_id: item.ticket_id, fact_position: item.fact_position, fact_kind: item.fact_kind, preview: item.preview, for_id: bundle.staff_id, urgency: 'urgent' as const, created_at: now,
    }];
  });
  const rows: { staff_id: string; id: string }[] = [];
  for (let at = 0; at < values.length; at += 500) rows.push(...await transaction.run(build.insertInto('notification').values(values.slice(at, at + 500)).onConflict((conflict) => conflict.doNothing()).returning(['staff_id', 'id'])));
  const people = [...new Set(rows.map((row) => row.staff_id))];
  if (people.length === 0) return [];
  const chosen = await transaction.run(build.selectFrom('staff_preference').select(['staff_id', 'preferences']).where('tenant_id', '=', tenantId).where('staff_id', 'in', people));
  const preferences = new Map(people.map((id) => [id, completePreferences(chosen.find((row) => row.staff_id === id)?.preferences)]));
  const bundleOf = await bundleNotices(transaction, rows.map((row) => ({ id: row.id, staffId: row.staff_id, reason: 'unanswered', urgency: 'urgent', channels: [] })), preferences, now, bundle.id);
  const bundled = rows.filter((row) => bundleOf.has(row.id));
  await transaction.query(noteBundles, [tenantId, bundled.map((row) => row.staff_id), bundled.map((row) => row.id), bundled.map((row) => bundleOf.get(row.id)!)]);
  for (const payload of payloadsOf(people.map((staffId) => ({ tenantId, staffId, ids: rows.filter((row) => row.staff_id === staffId).slice(0, 50).map((row) => row.id) })), (some) => ({ notified: some }))) await transaction.query(announce, [signalChannel, payload]);
  return people;
}

async function peopleAt(transaction: Transaction, step: NoticePolicy['ladder'][number], ticket: TicketRow): Promise<string[]> {
  if (step === 'lead') {
    const team = ticket.team_id === null ? undefined : await transaction.first(build.selectFrom('team').select('lead_id').where('tenant_id', '=', transaction.tenantId).where('id', '=', ticket.team_id));
    return team?.lead_id ? [team.lead_id] : [];
  }
  return ticket.department_id === null ? [] : (await transaction.query(findManagers, [transaction.tenantId, ticket.department_id])).map((row) => row.id);
}
