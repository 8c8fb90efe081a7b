import { limits } from '../../../../contract/common.ts';
import { ListShifts, RosterPage } from '../../../../contract/shifts.ts';
import { holds } from '../../../../rules/access/policy.ts';
import { dayNumber } from '../../../../rules/calendar/calendar.ts';
import { rosterDays, shiftLimits, shiftsBetween, spanOfDays, type Interval } from '../../../../rules/shifts/shifts.ts';
import { sql } from 'kysely';
import { staffOf } from '../../../platform/context.ts';
import { build, statement } from '../../../platform/db/database.ts';
import { isId } from '../../../platform/db/uuid.ts';
import { invalidInput, Refusal } from '../../../platform/errors/refusal.ts';
import { readCursor, writeCursor } from '../../../platform/http/cursor.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { configurationOf } from '../../organization/configuration.ts';
import { schedulesOf } from './schedules.ts';

const findAway = statement<{ staff_id: string; starts_at: Date; ends_at: Date }>('shifts.away', `
  SELECT staff_id, starts_at, ends_at FROM absence
  WHERE tenant_id = $1 AND staff_id = ANY($2::uuid[]) AND cancelled_at IS NULL AND starts_at < $4 AND ends_at > $3`);

const moments = ({ from, to }: Interval) => ({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });

/** Who works when (班表): local days and hours of active members of staff, absences taken out. Whoever does not see the organization sees their own. */
export const listShifts = useCase({
  summary: 'List shifts',
  query: ListShifts,
  answer: RosterPage,
  async run(context, { query }) {
    const { tenantId, transaction } = context;
    const subject = staffOf(context);
    const length = dayNumber(query.to) - dayNumber(query.from);
    if (length < 1 || length > shiftLimits.rosterDays) throw invalidInput('/to', 'range', { zh: `应在开始日期之后 1 到 ${shiftLimits.rosterDays} 天`, en: `must be 1 to ${shiftLimits.rosterDays} days after from` });
    if (query.staff !== undefined && query.staff !== 'me' && !isId(query.staff)) throw invalidInput('/staff', 'format', { zh: '应为 me 或员工编号', en: 'must be me or the id of a member of staff' });
    const wanted = query.staff === 'me' ? subject.staffId : query.staff;
    const sees = holds(subject, 'organization.read');
    if (!sees && wanted !== undefined && wanted !== subject.staffId) throw new Refusal('forbidden');
    const limit = query.limit ?? limits.defaultPage;
    let select = build.selectFrom('staff').select(['id', 'name']).where('tenant_id', '=', tenantId).where('active', '=', true);
    if (wanted !== undefined || !sees) select = select.where('id', '=', wanted ?? subject.staffId);
    if (query.team !== undefined) select = select.where(sql<boolean>`EXISTS (SELECT 1 FROM team_member m WHERE m.tenant_id = staff.tenant_id AND m.staff_id = staff.id AND m.team_id = ${query.team}::uuid)`);
    if (query.cursor !== undefined) select = select.where('id', '>', readCursor(query.cursor, 'shifts')[1]);
    const rows = await transaction.run(select.orderBy('id').limit(limit + 1));
    const page = rows.slice(0, limit);
    const ids = page.map(({ id }) => id);
    const { organization } = await configurationOf(context);
    const schedules = await schedulesOf(context, ids, organization.timeZone);
    const spans = new Map([...schedules].map(([id, { schedule }]) => [id, spanOfDays(schedule.timeZone, query.from, query.to)]));
    const [first, last] = [Math.min(...[...spans.values()].map(({ from }) => from)), Math.max(...[...spans.values()].map(({ to }) => to))];
    const away = Map.groupBy(ids.length === 0 ? [] : await transaction.query(findAway, [tenantId, ids, new Date(first), new Date(last)]), (row) => row.staff_id);
    return {
      items: page.map((person) => {
        const { schedule, source, onCall } = schedules.get(person.id)!;
        const span = spans.get(person.id)!;
        const gone = (away.get(person.id) ?? []).map((row): Interval => ({ from: row.starts_at.getTime(), to: row.ends_at.getTime() }));
        return {
          staff: person, source, timeZone: schedule.timeZone, days: rosterDays(schedule, query.from, query.to, gone),
          intervals: shiftsBetween(schedule, span.from, span.to, gone).map(moments),
          onCall: onCall === null ? [] : shiftsBetween(onCall, span.from, span.to, gone).map(moments),
        };
      }),
      nextCursor: rows.length > limit ? writeCursor('shifts', ['', page.at(-1)!.id]) : null,
    };
  },
});
