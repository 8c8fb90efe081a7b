import type { FactKind } from '../../../contract/facts.ts';
import { statement } from '../../platform/db/database.ts';
import type { Reader } from '../../platform/facts/readers.ts';
import { deltasOf } from './deltas.ts';

// Every kind that moves a ticket between the cells of a roll-up or counts as an occurrence.
const kinds: ReadonlySet<FactKind> = new Set([
  'ticket.created', 'ticket.changed', 'ticket.status_changed', 'ticket.assigned', 'ticket.transferred', 'ticket.accepted', 'ticket.declined', 'ticket.returned', 'ticket.waiting_started',
  'ticket.waiting_ended', 'ticket.resolved', 'ticket.confirmed', 'ticket.reopened', 'ticket.closed', 'ticket.cancelled', 'ticket.rated', 'ticket.merged', 'ticket.unmerged',
]);

const findTimeZone = statement<{ time_zone: string }>('insight.time_zone', 'SELECT time_zone FROM organization WHERE tenant_id = $1');

const addToStanding = statement<never>('insight.add_to_standing', `
  INSERT INTO insight_standing AS present (tenant_id, status, department_id, team_id, category_id, priority, channel, count)
  SELECT $1::uuid, * FROM unnest($2::text[], $3::uuid[], $4::uuid[], $5::uuid[], $6::smallint[], $7::text[], $8::bigint[])
  ON CONFLICT (tenant_id, status, department_id, team_id, category_id, priority, channel)
  DO UPDATE SET count = present.count + excluded.count`);

const addToDaily = statement<never>('insight.add_to_daily', `
  INSERT INTO insight_daily AS present (tenant_id, measure, day, department_id, team_id, category_id, priority, channel, count, total)
  SELECT $1::uuid, * FROM unnest($2::text[], $3::date[], $4::uuid[], $5::uuid[], $6::uuid[], $7::smallint[], $8::text[], $9::bigint[], $10::double precision[])
  ON CONFLICT (tenant_id, measure, day, department_id, team_id, category_id, priority, channel)
  DO UPDATE SET count = present.count + excluded.count, total = present.total + excluded.total`);

/** Keeps the roll-ups that the boards read (指标汇总): standing counts, and what happened on each local day. */
export const rollUp: Reader = {
  name: 'insight',
  kinds,
  async react(transaction, facts) {
    const byTenant = [...Map.groupBy(facts, (fact) => fact.tenantId)].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [tenantId, ofTenant] of byTenant) {
      const [organization] = await transaction.query(findTimeZone, [tenantId]);
      if (!organization) throw new Error(`no organization ${tenantId}`);
      const { standing, daily } = deltasOf(ofTenant, organization.time_zone);
      await Promise.all([
        standing.length > 0 && transaction.query(addToStanding, [
          tenantId, standing.map((delta) => delta.status), standing.map((delta) => delta.departmentId), standing.map((delta) => delta.teamId),
          standing.map((delta) => delta.categoryId), standing.map((delta) => delta.priority), standing.map((delta) => delta.channel),
          standing.map((delta) => delta.count),
        ]),
        daily.length > 0 && transaction.query(addToDaily, [
          tenantId, daily.map((delta) => delta.measure), daily.map((delta) => delta.day), daily.map((delta) => delta.departmentId),
          daily.map((delta) => delta.teamId), daily.map((delta) => delta.categoryId), daily.map((delta) => delta.priority),
          daily.map((delta) => delta.channel), daily.map((delta) => delta.count), daily.map((delta) => delta.total),
        ]),
      ]);
    }
  },
};
