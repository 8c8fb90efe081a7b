import type { Context } from '../../../platform/context.ts';
import { build, sharedStatement, statement } from '../../../platform/db/database.ts';
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

// Looked at for each visit that is arranged: those of a plan that is applied go together.
const findPromise = sharedStatement<{ ticket_id: string }, Pick<PromiseRow, 'window_start' | 'window_end'>>('appointment.of_ticket', `
  WITH given AS MATERIALIZED (SELECT * FROM json_to_recordset($2) AS given (place integer, ticket_id uuid))
  SELECT given.place, a.window_start, a.window_end FROM given JOIN appointment a ON a.tenant_id = $1 AND a.ticket_id = given.ticket_id AND a.ticket_id = ANY (ARRAY(SELECT ticket_id FROM given))`);

/** Writes a promise, instead of the one there was. */
export async function writePromise({ tenantId, transaction, now }: Pick<Context, 'tenantId' | 'transaction' | 'now'>, ticketId: string, window: { from: Date; to: Date }, by: { kind: 'customer' | 'staff'; name: string | null }): Promise<void> {
  const values = { window_start: window.from, window_end: window.to, chosen_by: by.kind, chosen_by_name: by.name, chosen_at: now };
  await transaction.run(build.insertInto('appointment').values({ tenant_id: tenantId, ticket_id: ticketId, ...values }).onConflict((conflict) => conflict.columns(['tenant_id', 'ticket_id']).doUpdateSet(values)));
}

/** When somebody is to come, as a request says it. */
export interface GivenWindow {
  windowStart?: string | undefined;
  windowEnd?: string | undefined;
}

/** A window as it is given, beside what was promised (承诺时段): a start alone means the promised length from then on. */
export function beside({ windowStart, windowEnd }: GivenWindow, promised: { from: Date; to: Date }): { from: Date; to: Date } | null {
  if (windowStart === undefined) return null;
  const from = new Date(windowStart);
  const isSame = from.getTime() === promised.from.getTime();
  const to = windowEnd !== undefined ? new Date(windowEnd) : isSame ? promised.to : new Date(from.getTime() + promised.to.getTime() - promised.from.getTime());
  return { from, to };
}

/** Whether a window is another than the one that was promised and is not over yet (不同于承诺): only a person gives it, and says why. */
export function departsFrom(given: GivenWindow, promised: { from: Date; to: Date } | null, now: Date): boolean {
  const window = promised !== null && promised.to > now ? beside(given, promised) : null;
  return window !== null && (window.from.getTime() !== promised!.from.getTime() || window.to.getTime() !== promised!.to.getTime());
}

/**
 * The window of a visit that is being arranged (上门时段): the one given, which then is what was promised; else the one that was promised, unless it is over.
 * `moved`: the promise that it takes the place of, which the caller tells of.
 */
export async function windowForVisit(context: Pick<Context, 'tenantId' | 'transaction' | 'now' | 'actor'>, ticketId: string, given: GivenWindow): Promise<GivenWindow & { moved: { from: Date; to: Date } | null }> {
  const [row] = await context.transaction.queryTogether(findPromise, { ticket_id: ticketId });
  if (!row) return { ...given, moved: null };
  const promised = { from: row.window_start, to: row.window_end };
  const words = ({ from, to }: { from: Date; to: Date }) => ({ windowStart: from.toISOString(), windowEnd: to.toISOString() });
  const window = beside(given, promised);
  if (window === null) return { ...(given.windowEnd === undefined && promised.to > context.now ? words(promised) : given), moved: null };
  // What makes no sense is refused where the visit is written.
  if (window.to <= window.from) return { ...given, moved: null };
  if (window.from.getTime() === promised.from.getTime() && window.to.getTime() === promised.to.getTime()) return { ...words(window), moved: null };
  await writePromise(context, ticketId, window, { kind: 'staff', name: context.actor.name });
  return { ...words(window), moved: promised };
}

const findWaiting = statement<{ place: number; ticket_id: string; window_start: Date; window_end: Date; ticket: TicketRow }>('appointment.waiting', `
  SELECT d.place::int AS place, w.* FROM unnest($2::timestamptz[], $3::timestamptz[]) WITH ORDINALITY AS d (begins, ends, place) CROSS JOIN LATERAL (
    SELECT a.ticket_id, a.window_start, a.window_end, jsonb_build_object('id', t.id, 'category_id', t.category_id, 'team_id', t.team_id, 'priority', t.priority, 'lat', t.lat, 'lng', t.lng, 'asset_id', t.asset_id, 'customer_id', t.customer_id) AS ticket
    FROM appointment a JOIN ticket t ON t.tenant_id = a.tenant_id AND t.id = a.ticket_id
    WHERE a.tenant_id = $1 AND a.window_start >= d.begins AND a.window_start < d.ends AND a.window_end > $4 AND a.ticket_id <> $5 AND t.status IN ('new', 'open', 'waiting') AND t.merged_into IS NULL
      AND NOT EXISTS (SELECT FROM visit v WHERE v.tenant_id = t.tenant_id AND v.ticket_id = t.id AND v.status IN ('scheduled', 'accepted', 'travelling', 'on_site'))
    ORDER BY a.chosen_at, a.ticket_id LIMIT $6) w`);

/**
 * What was promised for some days, is not over, and nobody was sent to yet (待派的承诺), in the order it was promised; but for one ticket. By the place of the day.
 *
 * @param most of one day; whoever gets one more than that knows that there are more
 */
export async function waitingPromises({ tenantId, transaction, now }: Pick<Context, 'tenantId' | 'transaction' | 'now'>, days: readonly { from: number; to: number }[], except: string, most: number): Promise<Map<number, { ticket_id: string; window_start: Date; window_end: Date; ticket: TicketRow }[]>> {
  const rows = await transaction.query(findWaiting, [tenantId, days.map(({ from }) => new Date(from)), days.map(({ to }) => new Date(to)), now, except, most + 1]);
  return Map.groupBy(rows, ({ place }) => place - 1);
}
