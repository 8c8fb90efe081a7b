import { sql } from 'kysely';
import { CallCard, CallPage, ListCalls } from '../../../contract/call.ts';
import { Closed, Id, limits } from '../../../contract/common.ts';
import { numberOf } from '../../../rules/telephony/numbers.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { familyOf } from '../customer/family.ts';
import { rowsOf } from '../customer/search/branches.ts';
import type { CallRow } from './rows.ts';
import { newestVisible, seesAll, visibleCall, visibleCalls } from './sight.ts';
import { viewCalls } from './view-calls.ts';
import { ticketsAtNumber, whoCalls } from './who-calls.ts';

/** A call that nobody has told the end of is not going on for ever, and rings even less long. */
const longestCallHours = 12;
const longestRingingMinutes = 10;
const searched = 20_000;
// Whoever sees much finds a page among so many; it is looked for everywhere else by whoever sees little.
const nearest = 500;
// Behind every id there is. With a bound the planner reads the newest off their index also where it knows nothing of the table yet, as after many calls came at
// once; without one it reads and sorts all of the organization's.
const newest = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Calls, newest first (通话记录). */
export const listCalls = useCase({
  summary: 'List calls',
  query: ListCalls,
  answer: CallPage,
  async run(context, { query }) {
    const { tenantId, transaction, now } = context;
    const limit = query.limit ?? limits.defaultPage;
    const before = query.cursor === undefined ? newest : readCursor(query.cursor, 'calls')[1];
    const own = staffOf(context).staffId;
    const [since, ringingSince] = [new Date(now.getTime() - longestCallHours * 3_600_000), new Date(now.getTime() - longestRingingMinutes * 60_000)];
    const customers = query.customer === undefined ? null : await familyOf(context, query.customer);
    const conditions = sql`c.id < ${before}::uuid AND ${query.state === undefined ? sql`TRUE` : sql`c.state = ${query.state}`} AND ${query.direction === undefined ? sql`TRUE` : sql`c.direction = ${query.direction}`}
      AND ${query.mine === undefined ? sql`TRUE` : sql`c.staff_id = ${own}`} AND ${query.mine === 'current' ? sql`c.state IN ('ringing', 'answered') AND c.started_at > ${since} AND (c.state = 'answered' OR c.started_at > ${ringingSince})` : sql`TRUE`}
      AND ${query.ticket === undefined ? sql`TRUE` : sql`c.ticket_id = ${query.ticket}`} AND ${customers === null ? sql`TRUE` : sql`c.customer_id = ANY(${customers}::uuid[])`} AND ${withNumber(context, query.number)}`;
    const short = query.mine !== undefined || query.ticket !== undefined || customers !== null || query.number !== undefined;
    const near = short || seesAll(context) ? [] : await rowsOf<CallRow>(transaction, sql`select c.* FROM (select * FROM call WHERE tenant_id = ${tenantId} AND id < ${before}::uuid ORDER BY id DESC LIMIT ${nearest}) c
      WHERE ${visibleCalls(context)} AND ${conditions} ORDER BY c.id DESC LIMIT ${limit + 1}`);
    const rows = near.length > limit ? near : await rowsOf<CallRow>(transaction, short
      ? sql`select c.* FROM call c WHERE c.tenant_id = ${tenantId} AND ${query.mine === undefined ? visibleCalls(context) : sql`TRUE`} AND ${conditions} ORDER BY c.id DESC LIMIT ${limit + 1}`
      : sql`select c.* FROM (${newestVisible(context, conditions, limit + 1)}) page JOIN call c ON c.tenant_id = ${tenantId} AND c.id = page.id ORDER BY c.id DESC`);
    return { items: await viewCalls(context, rows.slice(0, limit)), nextCursor: rows.length > limit ? writeCursor('calls', ['', rows[limit - 1]!.id]) : null };
  },
});

/** By the whole number, or by its last four digits, which masks show anyway; those are looked for among the newest calls. */
function withNumber({ tenantId }: Context, said: string | undefined) {
  if (said === undefined) return sql`TRUE`;
  if (/^\d{4}$/.test(said.trim())) return sql`c.id IN (SELECT id FROM (SELECT id, number FROM call WHERE tenant_id = ${tenantId} AND id < ${newest}::uuid ORDER BY id DESC LIMIT ${searched}) AS newest WHERE right(number, 4) = ${said.trim()})`;
  return sql`c.number = ${numberOf(said) ?? ''}`;
}

/** A call as it pops up (来电弹屏): who may be calling, what is open, what passed before. */
export async function cardOf(context: Context, row: CallRow): Promise<CallCard> {
  const [[call], { people, contacts }, atNumber] = await Promise.all([viewCalls(context, [row]), whoCalls(context, row), ticketsAtNumber(context, row.number)]);
  const theirs = new Set(people.flatMap((one) => one.tickets.map((ticket) => ticket.id)));
  return { ...call!, segments: row.transcript ?? [], transcriptFailure: row.transcript_failure, people, tickets: atNumber.filter((ticket) => !theirs.has(ticket.id)), contacts };
}

export const showCall = useCase({
  summary: 'Show a call: who may be calling, what they have open, what passed before',
  params: Closed({ id: Id }),
  answer: CallCard,
  run: async (context, { params: { id } }) => cardOf(context, await visibleCall(context, id)),
});
