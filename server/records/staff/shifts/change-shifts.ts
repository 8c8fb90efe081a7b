import { Closed, Id } from '../../../../contract/common.ts';
import { Shifts, UpdateShifts } from '../../../../contract/shifts.ts';
import { holds } from '../../../../rules/access/policy.ts';
import { describeCalendarProblem } from '../../../../rules/calendar/check-calendar.ts';
import type { WeeklyWindow } from '../../../../rules/calendar/calendar.ts';
import { checkSchedule, type OnCallHours, type ShiftException, type StoredSchedule } from '../../../../rules/shifts/shifts.ts';
import { staffOf, type Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { invalidInput, Refusal } from '../../../platform/errors/refusal.ts';
import { canonicalJson, recordFact } from '../../../platform/facts/fact.ts';
import { useCase, type UseCase } from '../../../platform/http/use-case.ts';
import { configurationOf, nameIn } from '../../organization/configuration.ts';
import { ensureVersion } from '../../ticket/find.ts';
import { onCallOf, schedulesOf, storedOf, type ScheduleRow } from './schedules.ts';

type Kind = 'staff' | 'team';
const params = Closed({ id: Id });
const nothing: StoredSchedule = { timeZone: null, windows: null, exceptions: {} };

/** When a member of staff works (员工班次): one's own is for everybody to see. */
export const showStaffShifts = show('staff', 'Show the shifts of a member of staff');
/** When the members of a team work who have no week of their own (班组班次). */
export const showTeamShifts = show('team', 'Show the shifts of a team');
/** Says when a member of staff works (修改员工班次): a week of their own, or their team's, and days that differ. */
export const updateStaffShifts = update('staff', 'Change the shifts of a member of staff');
/** Says when a team works (修改班组班次). */
export const updateTeamShifts = update('team', 'Change the shifts of a team');

function show(kind: Kind, summary: string): UseCase {
  return useCase({
    summary,
    params,
    answer: Shifts,
    async run(context, { params }) {
      const subject = staffOf(context);
      if (!(kind === 'staff' && params.id === subject.staffId) && !holds(subject, 'organization.read')) throw new Refusal('forbidden');
      const owner = await findOwner(context, kind, params.id);
      return view(context, kind, owner, await readRow(context, params.id));
    },
  });
}

function update(kind: Kind, summary: string): UseCase {
  return useCase({
    summary,
    params,
    body: UpdateShifts,
    answer: Shifts,
    versioned: true,
    async run(context, { params, body, ifMatch }) {
      const { transaction, tenantId } = context;
      // Locked, so that two who enter the first shifts wait for each other.
      const owner = await findOwner(context, kind, params.id, true);
      const row = await readRow(context, params.id);
      ensureVersion({ version: row?.version ?? 0 }, ifMatch);
      const before = storedOf(row) ?? (kind === 'team' ? { ...nothing, windows: [] } : nothing);
      const after: StoredSchedule = {
        timeZone: body.timeZone === undefined ? before.timeZone : body.timeZone,
        windows: body.windows === undefined ? before.windows : inOrder(body.windows as WeeklyWindow[] | null),
        exceptions: body.exceptions === undefined ? before.exceptions : byDay(body.exceptions),
      };
      if (kind === 'team' && after.windows === null) throw new Refusal('invalid_input', {}, { errors: [{ path: '/windows', code: 'required' }] });
      const calledBefore = onCallOf(row);
      const called: OnCallHours | null = body.onCall === undefined ? calledBefore : body.onCall === null ? null : { windows: inOrder(body.onCall.windows as WeeklyWindow[])!, exceptions: byDay(body.onCall.exceptions, '/onCall') };
      if (kind === 'team' && called !== null) throw invalidInput('/onCall', 'too_much', { zh: '待命按人员设置，班组不设', en: 'is entered for people, not for teams' });
      const { organization } = await configurationOf(context);
      ensureSound(after, organization.timeZone, body.exceptions ?? []);
      if (called) ensureSound({ ...called, timeZone: after.timeZone }, organization.timeZone, body.onCall?.exceptions ?? [], '/onCall');
      if (row !== undefined && canonicalJson([after, called]) === canonicalJson([before, calledBefore])) return view(context, kind, owner, row);
      const stored = {
        time_zone: after.timeZone, windows: after.windows === null ? null : JSON.stringify(after.windows) as never, exceptions: JSON.stringify(after.exceptions) as never, on_call: called === null ? null : JSON.stringify(called) as never, updated_at: context.now,
      };
      const next = await transaction.first(row === undefined
        ? build.insertInto('work_schedule').values({ tenant_id: tenantId, owner_id: owner.id, owner_kind: kind, ...stored, version: 1 }).returningAll()
        : build.updateTable('work_schedule').set({ ...stored, version: row.version + 1 }).where('tenant_id', '=', tenantId).where('owner_id', '=', owner.id).returningAll());
      await recordFact(transaction, {
        kind: 'shifts.changed', actor: context.actor, occurredAt: context.now, recordedAt: context.now, subjectId: owner.id,
        data: { owner: kind, name: owner.name, before: { ...before, ...(calledBefore ? { onCall: calledBefore } : {}) }, after: { ...after, ...(called ? { onCall: called } : {}) } },
      });
      return view(context, kind, owner, next as ScheduleRow);
    },
  });
}

interface Owner { id: string; name: string; name_en: string | null }

async function findOwner({ transaction, tenantId }: Context, kind: Kind, id: string, lock = false): Promise<Owner> {
  const select = kind === 'staff'
    ? build.selectFrom('staff').select(['id', 'name']).where('tenant_id', '=', tenantId).where('id', '=', id)
    : build.selectFrom('team').select(['id', 'name', 'name_en']).where('tenant_id', '=', tenantId).where('id', '=', id);
  const owner = await transaction.first(lock ? select.forNoKeyUpdate() : select) as Owner | undefined;
  if (!owner) throw new Refusal('not_found');
  return { ...owner, name_en: owner.name_en ?? null };
}

async function readRow({ transaction, tenantId }: Context, ownerId: string): Promise<ScheduleRow | undefined> {
  return await transaction.first(build.selectFrom('work_schedule').selectAll().where('tenant_id', '=', tenantId).where('owner_id', '=', ownerId));
}

const inOrder = (windows: WeeklyWindow[] | null): WeeklyWindow[] | null => windows?.toSorted((a, b) => a.weekday - b.weekday || a.startsMinute - b.startsMinute) ?? null;

function byDay(exceptions: readonly ({ day: string } & ShiftException)[], within = ''): Record<string, ShiftException> {
  const repeated = exceptions.findIndex(({ day }, index) => exceptions.findIndex((other) => other.day === day) < index);
  if (repeated >= 0) throw new Refusal('invalid_input', {}, { errors: [{ path: `${within}/exceptions/${repeated}/day`, code: 'uniqueItems', message: { zh: '同一天只能有一个例外', en: 'is there twice' } }] });
  return Object.fromEntries(exceptions.toSorted((a, b) => (a.day < b.day ? -1 : 1)).map(({ day, windows, note }) => [day, { windows: [...windows], note: note?.trim() || null }]));
}

/** Refuses a schedule that cannot be meant: zones unknown, windows that overlap or end before they begin. */
function ensureSound(stored: StoredSchedule, timeZone: string, given: readonly { day: string }[], within = ''): void {
  const problems = checkSchedule({ timeZone: stored.timeZone ?? timeZone, windows: stored.windows ?? [], exceptions: stored.exceptions });
  if (problems.length === 0) return;
  throw new Refusal('invalid_input', {}, {
    errors: problems.slice(0, 20).map((problem) => ({
      // They were sent as a list, and are kept by day.
      path: within + problem.path.replace(/^\/exceptions\/([^/]+)/, (_, day: string) => `/exceptions/${Math.max(0, given.findIndex((one) => one.day === day))}`),
      code: problem.code, message: { zh: describeCalendarProblem(problem, 'zh'), en: describeCalendarProblem(problem, 'en') },
    })),
  });
}

async function view(context: Context, kind: Kind, owner: Owner, row: ScheduleRow | undefined): Promise<Shifts> {
  const configuration = await configurationOf(context);
  const zone = configuration.organization.timeZone;
  const stored = storedOf(row) ?? nothing;
  const calledOut = onCallOf(row);
  const held = kind === 'staff' ? (await schedulesOf(context, [owner.id], zone)).get(owner.id)! : null;
  const team = held?.teamId ? configuration.teams.get(held.teamId) : undefined;
  return {
    owner: { kind, id: owner.id, name: nameIn(context.language, { name: owner.name, nameEn: owner.name_en }) },
    timeZone: stored.timeZone, windows: stored.windows === null ? null : stored.windows.map((window) => ({ ...window })),
    exceptions: listed(stored.exceptions),
    effective: {
      source: held?.source ?? (row === undefined ? 'none' : 'own'), team: team ? { id: team.id, name: nameIn(context.language, team) } : null,
      timeZone: held?.schedule.timeZone ?? stored.timeZone ?? zone, windows: (held?.schedule.windows ?? stored.windows ?? []).map((window) => ({ ...window })),
    },
    onCall: calledOut && { windows: calledOut.windows.map((window) => ({ ...window })), exceptions: listed(calledOut.exceptions) },
    version: row?.version ?? 0,
  };
}

const listed = (exceptions: StoredSchedule['exceptions']) => Object.entries(exceptions).sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, { windows, note }]) => ({ day, windows: windows.map((window) => ({ ...window })), note }));
