import { OwnFigures } from '../../../contract/field.ts';
import { staffOf } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { configurationOf } from '../../records/organization/configuration.ts';

interface Row {
  period: 'today' | 'week';
  completed: number;
  promised: number;
  kept: number;
  tickets: number;
  fixed: number;
  ratings: number;
  average: number | null;
}

// Weeks begin on Monday (ISO 8601). A ticket that was opened again, or took another visit, was not fixed at the first.
const reckon = statement<Row>('visit.own_figures', `
  WITH period (period, since) AS (
    SELECT p.period, date_trunc(p.unit, $3::timestamptz AT TIME ZONE $4) AT TIME ZONE $4 FROM (VALUES ('today', 'day'), ('week', 'week')) AS p (period, unit)
  ), done AS (
    SELECT p.period, v.ticket_id, v.checked_in_at, v.window_end FROM period p JOIN visit v ON v.tenant_id = $1 AND v.technician_id = $2 AND v.status = 'completed' AND v.completed_at >= p.since
  ), ticket_of AS (
    SELECT DISTINCT d.period, d.ticket_id, t.reopened_count = 0
      AND (SELECT count(*) FROM visit o WHERE o.tenant_id = $1 AND o.ticket_id = d.ticket_id AND o.status IN ('completed', 'incomplete')) = 1 AS fixed
    FROM done d JOIN ticket t ON t.tenant_id = $1 AND t.id = d.ticket_id
  )
  SELECT p.period,
    (SELECT count(*)::int FROM done d WHERE d.period = p.period) AS completed,
    (SELECT count(*)::int FROM done d WHERE d.period = p.period AND d.window_end IS NOT NULL AND d.checked_in_at IS NOT NULL) AS promised,
    (SELECT count(*)::int FROM done d WHERE d.period = p.period AND d.checked_in_at <= d.window_end) AS kept,
    (SELECT count(*)::int FROM ticket_of t WHERE t.period = p.period) AS tickets,
    (SELECT count(*)::int FROM ticket_of t WHERE t.period = p.period AND t.fixed) AS fixed,
    (SELECT count(*)::int FROM ticket_of t JOIN survey s ON s.tenant_id = $1 AND s.ticket_id = t.ticket_id WHERE t.period = p.period) AS ratings,
    (SELECT avg(s.rating)::float8 FROM ticket_of t JOIN survey s ON s.tenant_id = $1 AND s.ticket_id = t.ticket_id WHERE t.period = p.period) AS average
  FROM period p`);

/** What a technician did today and this week (我的指标): their own figures, by the organization's calendar. */
export const showFigures = useCase({
  summary: 'Show one’s own figures of today and this week',
  answer: OwnFigures,
  async run(context) {
    const { organization } = await configurationOf(context);
    const rows = await context.transaction.query(reckon, [context.tenantId, staffOf(context).staffId, context.now, organization.timeZone]);
    const of = (period: Row['period']): OwnFigures['today'] => {
      const row = rows.find((one) => one.period === period)!;
      return {
        completed: row.completed, onTime: { of: row.promised, count: row.kept }, fixedAtOnce: { of: row.tickets, count: row.fixed },
        rating: { count: row.ratings, average: row.average === null ? null : Math.round(row.average * 10) / 10 },
      };
    };
    return { today: of('today'), week: of('week'), at: context.now.toISOString() };
  },
});
