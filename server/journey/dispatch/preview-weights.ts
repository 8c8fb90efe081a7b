import { sql } from 'kysely';
import { Closed, Id } from '../../../contract/common.ts';
import { dispatchLimits, DispatchPreview, PreviewDispatchWeights } from '../../../contract/dispatch.ts';
import { reachOf } from '../../../rules/access/policy.ts';
import type { ScoreWeights } from '../../../rules/routing/propose.ts';
import { staffOf } from '../../platform/context.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { findTeam } from '../../records/dispatch/change-weights.ts';
import { familiarWith } from '../../records/dispatch/familiarity.ts';
import { liveRoster } from '../../records/dispatch/live-roster.ts';
import { visitNeeds } from '../../records/dispatch/visit-needs.ts';
import { completed, ensureSomethingCounts, weighable, weightsOf } from '../../records/dispatch/weights.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import { namesOfStaff } from '../../records/staff/names.ts';
import { reachCondition } from '../../records/access/reach-condition.ts';
import type { TicketRow } from '../../records/ticket/row.ts';
import { reckon, weighedFor } from './reckon.ts';

/** What other weights would change (权重试算): whom the newest tickets of a team would be proposed to, by its weights and by those of a draft. */
export const previewDispatchWeights = useCase({
  summary: 'Compare proposals by a draft of weights with those by the present ones',
  params: Closed({ id: Id }),
  body: PreviewDispatchWeights,
  answer: DispatchPreview,
  async run(context, { params, body }) {
    ensureSomethingCounts(weighable(completed(body.weights)));
    const team = await findTeam(context, params.id);
    const configuration = await configurationOf(context);
    const [live, { weights }, tickets] = await Promise.all([
      liveRoster(context, context.now, configuration.organization.timeZone), weightsOf(context, team.id),
      context.transaction.run(sql<TicketRow>`SELECT ticket.* FROM ticket WHERE ticket.tenant_id = ${context.tenantId} AND ticket.team_id = ${team.id} AND ticket.status <> 'cancelled' AND ticket.merged_into IS NULL
        AND ${reachCondition(reachOf(staffOf(context), 'ticket.read'))} ORDER BY ticket.created_at DESC, ticket.id DESC LIMIT ${dispatchLimits.previewed}`) as Promise<unknown> as Promise<TicketRow[]>,
    ]);
    const items: DispatchPreview['items'] = [];
    const names = await namesOfStaff(context, tickets.flatMap(({ assignee_id: id }) => (id === null ? [] : [id])));
    const people = new Map(live.technicians.map(({ id, name }) => [id, name]));
    for (const ticket of tickets) {
      const needs = await visitNeeds(context, configuration, ticket);
      const familiar = await familiarWith(context, ticket);
      const best = (by: ScoreWeights) => {
        const [first] = reckon({ live, configuration, now: context.now, ticketId: ticket.id, needs, minutes: needs.minutes, familiar, window: null, weights: weighedFor(by, needs), count: 1 }).proposal.best;
        return first ? { technician: { id: first.id, name: people.get(first.id) ?? '' }, score: Math.round(first.score * 10) / 10 } : null;
      };
      items.push({
        ticket: { id: ticket.id, number: ticket.number, subject: ticket.subject }, assignee: ticket.assignee_id === null ? null : { id: ticket.assignee_id, name: names.get(ticket.assignee_id) ?? '' },
        now: best(weights), draft: best(completed(body.weights)),
      });
    }
    return { items, changed: items.filter(({ now, draft }) => now?.technician.id !== draft?.technician.id).length };
  },
});
