import type { PreferenceKind, PreferenceSubject } from '../../../../contract/technician-preference.ts';
import type { Context } from '../../../platform/context.ts';
import { statement } from '../../../platform/db/database.ts';
import { wholeFamiliesOf } from '../../customer/family.ts';
import type { TicketRow } from '../../ticket/row.ts';

/** One word about a technician, and whose it is. */
export interface Wish {
  staffId: string;
  of: PreferenceSubject;
  reason: string | null;
}

/** Whom those a ticket is about want, have to have, and do not accept (派单意愿). */
export interface Wishes {
  preferred: readonly Wish[];
  /** Nobody but these; null where nobody is required. Of customer, place and asset each that requires somebody, it has to be one of theirs. */
  required: readonly Wish[] | null;
  banned: readonly Wish[];
}

export const noWishes: Wishes = { preferred: [], required: null, banned: [] };

interface Row { place: number; of: PreferenceSubject; staff_id: string; kind: PreferenceKind; reason: string | null }

// Each of the three by an index of its own.
const findWishes = statement<Row>('dispatch.wishes', `
  SELECT w.place::int AS place, 'customer' AS of, p.staff_id, p.kind, p.reason
  FROM unnest($2::int[], $3::uuid[]) AS w (place, id) JOIN technician_preference p ON p.tenant_id = $1 AND p.customer_id = w.id
  UNION ALL
  SELECT w.place::int, 'asset', p.staff_id, p.kind, p.reason
  FROM unnest($4::int[], $5::uuid[]) AS w (place, id) JOIN technician_preference p ON p.tenant_id = $1 AND p.asset_id = w.id
  UNION ALL
  SELECT w.place::int, 'site', p.staff_id, p.kind, p.reason
  FROM unnest($4::int[], $5::uuid[]) AS w (place, id) JOIN asset a ON a.tenant_id = $1 AND a.id = w.id JOIN technician_preference p ON p.tenant_id = $1 AND p.site_id = a.site_id`);

/** What is wished for each of several tickets, looked up at once; by the id of the ticket. Of a customer also what was said of those merged with them. */
export async function wishesOf(context: Pick<Context, 'tenantId' | 'transaction'>, tickets: readonly Pick<TicketRow, 'id' | 'customer_id' | 'asset_id'>[]): Promise<Map<string, Wishes>> {
  const concerned = tickets.filter(({ customer_id: customer, asset_id: asset }) => customer !== null || asset !== null);
  const wishes = new Map(tickets.map(({ id }): [string, Wishes] => [id, noWishes]));
  if (concerned.length === 0) return wishes;
  const families = await wholeFamiliesOf(context, [...new Set(concerned.flatMap((ticket) => (ticket.customer_id === null ? [] : [ticket.customer_id])))]);
  const customers = concerned.flatMap((ticket, place) => (ticket.customer_id === null ? [] : (families.get(ticket.customer_id) ?? [ticket.customer_id]).map((id) => ({ place, id }))));
  const assets = concerned.flatMap((ticket, place) => (ticket.asset_id === null ? [] : [{ place, id: ticket.asset_id }]));
  const rows = await context.transaction.query(findWishes, [context.tenantId, customers.map(({ place }) => place), customers.map(({ id }) => id), assets.map(({ place }) => place), assets.map(({ id }) => id)]);
  for (const [place, own] of Map.groupBy(rows, (row) => row.place)) wishes.set(concerned[place]!.id, together(own));
  return wishes;
}

function together(rows: readonly Omit<Row, 'place'>[]): Wishes {
  const of = (kind: PreferenceKind): Wish[] => rows.filter((row) => row.kind === kind).map((row) => ({ staffId: row.staff_id, of: row.of, reason: row.reason }));
  const required = Map.groupBy(of('required'), (wish) => wish.of);
  // Whoever all those accept that require somebody.
  const [first, ...others] = [...required.values()];
  return {
    preferred: of('preferred'), banned: of('banned'),
    required: first === undefined ? null : first.filter(({ staffId }) => others.every((list) => list.some((wish) => wish.staffId === staffId))),
  };
}
