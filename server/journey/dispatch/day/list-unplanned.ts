import { sql } from 'kysely';
import { dayPlanLimits, ListUnplanned, UnplannedTicketPage } from '../../../../contract/day-plan.ts';
import { limits } from '../../../../contract/common.ts';
import { priorities } from '../../../../rules/ticket/lifecycle.ts';
import { refuseInput } from '../../../platform/errors/refusal.ts';
import { readCursor, writeCursor } from '../../../platform/http/cursor.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { dueOf, unplannedTickets, type DayTicketRow } from '../../../records/dispatch/day/rows.ts';
import { visitNeedsOf } from '../../../records/dispatch/visit-needs.ts';
import { configurationOf, nameIn } from '../../../records/organization/configuration.ts';
import { priorityName, priorityRank } from '../../../records/ticket/row.ts';
import { categoryPath, placeOf } from './view-day.ts';

/**
 * Open tickets that nobody has and nobody comes for (待排工单): the most pressing first, of one priority the oldest first. Each with what
 * its work needs, and where that comes from.
 */
export const listUnplanned = useCase({
  summary: 'List open tickets without a visit',
  query: ListUnplanned,
  answer: UnplannedTicketPage,
  async run(context, { query }) {
    const configuration = await configurationOf(context);
    const limit = query.limit ?? limits.defaultPage;
    if (query.teamId !== undefined && !configuration.teams.has(query.teamId)) throw refuseInput('/teamId', 'unknown_reference', { field: 'team' });
    let wanted = unplannedTickets(context);
    if (query.teamId !== undefined) wanted = wanted.where('team_id', '=', query.teamId);
    if (query.q?.trim()) {
      const part = `%${query.q.trim().slice(0, dayPlanLimits.query).replaceAll(/[\\%_]/g, '\\$&')}%`;
      wanted = wanted.where((where) => where.or([where('number', 'ilike', part), where('subject', 'ilike', part), where('address', 'ilike', part)]));
    }
    const place = query.cursor === undefined ? null : placeIn(query.cursor);
    // Priority after priority: each is a range of an index, in its order.
    const ranks = query.priority === undefined ? priorities.map(priorityRank) : [priorityRank(query.priority)];
    const rows: DayTicketRow[] = [];
    for (const rank of ranks) {
      if ((place && rank < place.rank) || rows.length > limit) continue;
      let ofRank = wanted.where('priority', '=', rank);
      if (place?.rank === rank) ofRank = ofRank.where(sql<boolean>`(created_at, id) > (${place.at}::timestamptz, ${place.id}::uuid)`);
      rows.push(...await context.transaction.run(ofRank.orderBy('created_at').orderBy('id').limit(limit + 1 - rows.length)) as DayTicketRow[]);
    }
    const page = rows.slice(0, limit);
    const [needs, dues] = await Promise.all([visitNeedsOf(context, configuration, page), dueOf(context, page.map(({ id }) => id))]);
    const last = page.at(-1);
    return {
      items: page.map((ticket) => {
        const need = needs.get(ticket.id)!;
        const due = dues.get(ticket.id);
        const team = ticket.team_id === null ? undefined : configuration.teams.get(ticket.team_id);
        return {
          ticketId: ticket.id, number: ticket.number, subject: ticket.subject, priority: priorityName(ticket.priority), category: categoryPath({ configuration, context }, ticket.category_id),
          team: team ? { id: team.id, name: nameIn(context.language, team) } : null, place: placeOf(ticket, need), windowStart: need.promised?.from.toISOString() ?? null, windowEnd: need.promised?.to.toISOString() ?? null,
          dueAt: (due?.arrival ?? due?.resolution)?.toISOString() ?? null, createdAt: ticket.created_at.toISOString(),
          skills: need.skills.map(({ skillId, level }) => ({ skill: { id: skillId, name: nameIn(context.language, need.names.get(skillId) ?? { name: '', nameEn: null }) }, level })),
          serviceMinutes: need.minutes, serviceFrom: need.minutesFrom, version: ticket.version,
        };
      }),
      nextCursor: rows.length > limit && last ? writeCursor('priority', [`${last.priority}|${last.created_at.toISOString()}`, last.id]) : null,
    };
  },
});

function placeIn(cursor: string): { rank: number; at: string; id: string } {
  const [where, id] = readCursor(cursor, 'priority');
  const [rank, at] = where.split('|');
  return { rank: Number(rank), at: at!, id };
}
