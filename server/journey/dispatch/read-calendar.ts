import { Type } from 'typebox';
import { Closed } from '../../../contract/common.ts';
import { dispatchLimits } from '../../../contract/dispatch.ts';
import { wordsFor } from '../../../rules/intake/placeholders.ts';
import { withoutNumbers } from '../../../rules/routing/offers.ts';
import { isVisitOver, type VisitStatus } from '../../../rules/ticket/visit-lifecycle.ts';
import { writeCalendar, type CalendarEvent } from '../../../rules/calendar/write-icalendar.ts';
import { statement } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { stream } from '../../platform/http/use-case.ts';
import { organizationOfFeed, ownerOfFeed } from '../../records/dispatch/calendar-feed.ts';
import { loadConfiguration } from '../../records/organization/configuration.ts';

interface Row {
  id: string;
  version: number;
  status: string;
  window_start: Date | null;
  window_end: Date | null;
  planned_start: Date | null;
  planned_end: Date | null;
  changed_at: Date;
  number: string;
  subject: string;
  address: string | null;
  lat: number | null;
  lng: number | null;
  category_id: string | null;
  lead: string | null;
}
// Those of a week past and three months to come, led or come along to; what is to come first, the soonest before the rest.
const findVisits = statement<Row>('calendar_feed.visits', `
  SELECT v.id, v.version, v.status, v.window_start, v.window_end, v.planned_start, v.planned_end, t.updated_at AS changed_at, t.number, t.subject, t.address, t.lat, t.lng, t.category_id,
    CASE WHEN v.technician_id <> $2 THEN (SELECT s.name FROM staff s WHERE s.tenant_id = v.tenant_id AND s.id = v.technician_id) END AS lead
  FROM (SELECT id FROM visit WHERE tenant_id = $1 AND technician_id = $2 UNION SELECT visit_id FROM visit_member WHERE tenant_id = $1 AND staff_id = $2) own
    JOIN visit v ON v.tenant_id = $1 AND v.id = own.id JOIN ticket t ON t.tenant_id = v.tenant_id AND t.id = v.ticket_id
  WHERE v.status NOT IN ('declined', 'cancelled') AND coalesce(v.planned_start, v.window_start) BETWEEN $3 AND $4
  ORDER BY coalesce(v.planned_start, v.window_start) < $5, abs(extract(epoch FROM coalesce(v.planned_start, v.window_start) - $5)), v.id LIMIT 500`);

/** Somebody's visits as a calendar reads them (日历订阅), by the secret address; without names and numbers of customers. */
export const readCalendar = stream({
  summary: 'Read one’s visits by a calendar (iCalendar)',
  params: Closed({ token: Type.String({ maxLength: 100 }) }),
  produces: 'text/calendar',
  async run({ services }, request, reply) {
    const token = (request.params as { token: string }).token.replace(/\.ics$/, '');
    const tenantId = organizationOfFeed(token);
    if (tenantId === null) throw new Refusal('link_invalid');
    const now = services.clock.now();
    const file = await services.database.transact(tenantId, async (transaction) => {
      const owner = await ownerOfFeed({ transaction, tenantId, now }, token);
      if (!owner) return null;
      const { organization, categories } = await loadConfiguration(transaction, 0);
      const rows = await transaction.query(findVisits, [tenantId, owner.id, new Date(now.getTime() - 7 * 86_400_000), new Date(now.getTime() + 90 * 86_400_000), now]);
      return writeCalendar(owner.name, organization.timeZone, rows.map((row) => eventOf(row, categories.get(row.category_id ?? '')?.serviceMinutes ?? dispatchLimits.usualServiceMinutes, { ...organization, language: owner.language }, services.publicUrl)));
    });
    if (file === null) throw new Refusal('link_invalid');
    return reply.type('text/calendar; charset=utf-8').header('content-disposition', 'inline; filename="visits.ics"').header('cache-control', 'private, no-store').send(file);
  },
});

function eventOf(row: Row, minutes: number, { name, timeZone, language }: { name: string; timeZone: string; language: string }, publicUrl: string): CalendarEvent {
  // Where somebody lives is nobody's business once the work is done.
  const over = isVisitOver(row.status as VisitStatus);
  const starts = (row.planned_start ?? row.window_start)!.getTime();
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
  // Where only a window was told, the work is thought to begin with it.
  const window = row.window_start === null ? '' : `${clock.format(row.window_start)}${row.window_end === null ? '' : `–${clock.format(row.window_end)}`}`;
  return {
    uid: `visit-${row.id}@bihuan`, sequence: row.version, changedAt: row.changed_at.getTime(), starts, ends: row.planned_end?.getTime() ?? starts + minutes * 60_000,
    summary: withoutNumbers(wordsFor(row.subject, language === 'en' ? 'en' : 'zh-CN')), description: [row.number, window, row.lead ?? '', name].filter((part) => part !== '').join('\n'), location: over ? '' : row.address ?? '',
    place: over || row.lat === null || row.lng === null ? null : { lat: row.lat, lng: row.lng }, url: `${publicUrl}/field/#/visits/${row.id}`, status: row.status === 'scheduled' ? 'TENTATIVE' : 'CONFIRMED',
  };
}
