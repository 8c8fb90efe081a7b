import { createHash } from 'node:crypto';
import { Closed, Id } from '../../../contract/common.ts';
import { StaffPositions, VisitTrack } from '../../../contract/field.ts';
import { permits, reachOf } from '../../../rules/access/policy.ts';
import { staffOf } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { stream, useCase } from '../../platform/http/use-case.ts';
import { accessOf } from '../../records/ticket/row.ts';
import { trackOf } from '../../records/visit/positions.ts';
import { positionsToShow } from '../../records/visit/positions-to-show.ts';

/**
 * Where those are who are on the way to a visit or on one, of tickets that the caller may read and assign (实时位置). Boards ask time and again: with the
 * ETag of the last answer they hear 304 as long as nobody has moved.
 */
export const showPositions = stream({
  summary: 'Where technicians are during visits; takes If-None-Match',
  produces: 'application/json',
  answer: StaffPositions,
  async run(context, request, reply) {
    const items = await context.transact(async (inner) => {
      return (await positionsToShow(inner)).sort((a, b) => (a.staffId < b.staffId ? -1 : 1));
    });
    const body = JSON.stringify({ items });
    const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    reply.header('etag', tag).header('cache-control', 'private, no-cache');
    if (request.headers['if-none-match'] === tag) return reply.status(304).send();
    return reply.type('application/json; charset=utf-8').send(body);
  },
});

/** The way to and on a visit (上门轨迹), for as long as it is kept. */
export const showTrack = useCase({
  summary: 'Show the way of a visit',
  params: Closed({ id: Id }),
  answer: VisitTrack,
  async run(context, { params }) {
    const visit = await context.transaction.first(build.selectFrom('visit').select('ticket_id').where('tenant_id', '=', context.tenantId).where('id', '=', params.id));
    const ticket = visit && await context.transaction.first(build.selectFrom('ticket').selectAll().where('tenant_id', '=', context.tenantId).where('id', '=', visit.ticket_id));
    if (!ticket || !permits(reachOf(staffOf(context), 'ticket.assign'), accessOf(ticket))) throw new Refusal('not_found');
    return { items: await trackOf(context.transaction, params.id) };
  },
});
