import type { Selectable } from 'kysely';
import { scheduleOf, type OnCallHours, type Schedule, type ScheduleSource, type StoredSchedule } from '../../../../rules/shifts/shifts.ts';
import type { Context } from '../../../platform/context.ts';
import { build, statement } from '../../../platform/db/database.ts';
import type { WorkScheduleTable } from '../../../platform/db/tables.ts';

export type ScheduleRow = Selectable<WorkScheduleTable>;
type Reading = Pick<Context, 'tenantId' | 'transaction'>;

// Of several teams the one that was set up first.
const findTeamSchedules = statement<ScheduleRow & { staff_id: string }>('work_schedule.of_teams', `
  SELECT DISTINCT ON (m.staff_id) m.staff_id, w.* FROM team_member m
    JOIN team t ON t.tenant_id = m.tenant_id AND t.id = m.team_id AND t.active
    JOIN work_schedule w ON w.tenant_id = t.tenant_id AND w.owner_id = t.id AND w.owner_kind = 'team'
  WHERE m.tenant_id = $1 AND m.staff_id = ANY($2::uuid[]) ORDER BY m.staff_id, t.id`);

/** What is stored, as the rules take it. */
export const storedOf = (row: ScheduleRow | undefined): StoredSchedule | null => (row === undefined ? null
  : { timeZone: row.time_zone, windows: row.windows as StoredSchedule['windows'], exceptions: row.exceptions as unknown as StoredSchedule['exceptions'] });

/** When somebody can be called out, as it is stored. */
export const onCallOf = (row: ScheduleRow | undefined): OnCallHours | null => (row?.on_call ?? null) as OnCallHours | null;

/** The schedule that holds for somebody, and of which team it is. */
export interface HeldSchedule {
  schedule: Schedule;
  source: ScheduleSource;
  teamId: string | null;
  /** When they can be called out beside that; null: never. */
  onCall: Schedule | null;
}

/** The schedules that hold for some people (生效班次), by their ids; looked up once for all. */
export async function schedulesOf({ tenantId, transaction }: Reading, staffIds: readonly string[], timeZone: string): Promise<Map<string, HeldSchedule>> {
  if (staffIds.length === 0) return new Map();
  const [own, teams] = await Promise.all([
    transaction.run(build.selectFrom('work_schedule').selectAll().where('tenant_id', '=', tenantId).where('owner_kind', '=', 'staff').where('owner_id', 'in', [...staffIds])),
    transaction.query(findTeamSchedules, [tenantId, [...staffIds]]),
  ]);
  const [ownOf, teamOf] = [new Map(own.map((row) => [row.owner_id, row])), new Map(teams.map((row) => [row.staff_id, row]))];
  return new Map(staffIds.map((id) => {
    const team = teamOf.get(id);
    const held = scheduleOf(storedOf(ownOf.get(id)), storedOf(team), timeZone);
    const onCall = onCallOf(ownOf.get(id));
    return [id, { ...held, teamId: held.source === 'team' ? team!.owner_id : null, onCall: onCall && { ...onCall, timeZone: held.schedule.timeZone } }];
  }));
}
