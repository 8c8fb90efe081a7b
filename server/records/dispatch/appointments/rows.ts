import type { Context } from '../../../platform/context.ts';
import { build, statement } from '../../../platform/db/database.ts';
import type { TicketRow } from '../../ticket/row.ts';

type Reading = Pick<Context, 'tenantId' | 'transaction'>;

/** The window a customer was promised, and by whom it was chosen. */
export interface PromiseRow {
  ticket_id: string;
  window_start: Date;
  window_end: Date;
  chosen_by: string;
  chosen_by_name: string | null;
  chosen_at: Date;
}

/** What was promised of some tickets (承诺时段), by ticket. */
export async function promisesOf({ tenantId, transaction }: Reading, ticketIds: readonly string[]): Promise<Map<string, PromiseRow>> {
  if (ticketIds.length === 0) return new Map();
  const rows = await transaction.run(build.selectFrom('appointment').select(['ticket_id', 'window_start', 'window_end', 'chosen_by', 'chosen_by_name', 'chosen_at']).where('tenant_id', '=', tenantId).where('ticket_id', 'in', [...ticketIds]));
  return new Map(rows.map((row) => [row.ticket_id, row]));
}

/** Writes a promise, instead of the one there was. */
export async function writePromise({ tenantId, transaction, now }: Pick<Context, 'tenantId' | 'transaction' | 'now'>, ticketId: string, window: { from: Date; to: Date }, by: { kind: 'customer' | 'staff'; name: string | null }): Promise<void> {
  const values = { window_start: window.from, window_end: window.to, chosen_by: by.kind, chosen_by_name: by.name, chosen_at: now };
  await transaction.run(build.insertInto('appointment').values({ tenant_id: tenantId, ticket_id: ticketId, ...values }).onConflict((conflict) => conflict.columns(['tenant_id', 'ticket_id']).doUpdateSet(values)));
}

/**
 * The window of a visit that is being arranged (上门时段): the one given, which then is what was promised; else the one that was promised, unless it is over.
 */
export async function windowForVisit(context: Pick<Context, 'tenantId' | 'transaction' | 'now' | 'actor'>, ticketId: string, given: { windowStart?: string | undefined; windowEnd?: string | undefined }): Promise<{ windowStart?: string | undefined; windowEnd?: string | undefined }> {
  const promised = (await promisesOf(context, [ticketId])).get(ticketId);
  if (!promised) return given;
  if (given.windowStart === undefined && given.windowEnd === undefined) return promised.window_end > context.now ? { windowStart: promised.window_start.toISOString(), windowEnd: promised.window_end.toISOString() } : given;
  const [from, to] = [given.windowStart === undefined ? null : new Date(given.windowStart), given.windowEnd === undefined ? null : new Date(given.windowEnd)];
  const same = from?.getTime() === promised.window_start.getTime() && to?.getTime() === promised.window_end.getTime();
  if (!same && from && to && to > from) await writePromise(context, ticketId, { from, to }, { kind: 'staff', name: context.actor.name });
  return given;
}

const findWaiting = statement<{ ticket_id: string; window_start: Date; window_end: Date; ticket: TicketRow }>('appointment.waiting', `
  SELECT a.ticket_id, a.window_start, a.window_end, jsonb_build_object('id', t.id, 'category_id', t.category_id, 'team_id', t.team_id, 'priority', t.priority, 'lat', t.lat, 'lng', t.lng, 'asset_id', t.asset_id, 'customer_id', t.customer_id) AS ticket
  FROM appointment a JOIN ticket t ON t.tenant_id = a.tenant_id AND t.id = a.ticket_id
  WHERE a.tenant_id = $1 AND a.window_start >= $2 AND a.window_start < $3 AND a.ticket_id <> $4 AND t.status IN ('new', 'open', 'waiting') AND t.merged_into IS NULL
    AND NOT EXISTS (SELECT FROM visit v WHERE v.tenant_id = t.tenant_id AND v.ticket_id = t.id AND v.status IN ('scheduled', 'accepted', 'travelling', 'on_site'))
  ORDER BY a.chosen_at, a.ticket_id LIMIT $5`);

/** What was promised between two moments and nobody was sent to yet (待派的承诺), in the order it was promised; but for one ticket. */
export const waitingPromises = ({ tenantId, transaction }: Reading, from: Date, to: Date, except: string, most: number) => transaction.query(findWaiting, [tenantId, from, to, except, most]);
