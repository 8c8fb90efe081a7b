import { Type, type Static } from 'typebox';
import { shiftLimits } from '../rules/shifts/shifts.ts';
import { Closed, Id, Nullable, OneOf, Page, Reference, Timestamp, pageQuery } from './common.ts';

const day = Type.String({ format: 'date', description: 'YYYY-MM-DD' });
const window = {
  startsMinute: Type.Integer({ minimum: 0, maximum: 1439, description: 'Minutes after midnight on the wall, included' }),
  endsMinute: Type.Integer({ minimum: 1, maximum: 1440, description: 'Not included; 1440 is 24:00. A night shift is two windows on two days' }),
};
const DayWindow = Closed(window);
const WeeklyWindow = Closed({ weekday: Type.Integer({ minimum: 1, maximum: 7, description: 'Monday is 1' }), ...window });
const ShiftException = Closed({
  day,
  windows: Type.Array(DayWindow, { maxItems: shiftLimits.windowsADay, description: 'What is worked instead of the week; nothing when empty' }),
  note: Nullable(Type.String({ maxLength: shiftLimits.note })),
});

/** When somebody can be called out beside their shifts (待命): a week and the days that differ, in the zone of their shifts. */
const OnCall = Closed({
  windows: Type.Array(WeeklyWindow, { maxItems: shiftLimits.windows }),
  exceptions: Type.Array(ShiftException, { maxItems: shiftLimits.exceptions, description: 'In the order of the days; on call instead of what the week says' }),
}, { description: 'When they can be called out for what is urgent; of people only. Null: never' });

/** Who works when (班次): the week of a person or a team, and the days that differ. */
export const Shifts = Closed({
  owner: Closed({ kind: OneOf(['staff', 'team']), ...Reference.properties }),
  timeZone: Nullable(Type.String({ description: 'IANA; the organization’s when null' })),
  windows: Nullable(Type.Array(WeeklyWindow, { description: 'Null: a person works as their team does' })),
  exceptions: Type.Array(ShiftException, { description: 'In the order of the days' }),
  effective: Closed({
    source: OneOf(['own', 'team', 'none'], { description: 'Whose week holds' }),
    team: Nullable(Reference),
    timeZone: Type.String(),
    windows: Type.Array(WeeklyWindow),
  }, { description: 'What holds, with the team’s taken into account' }),
  onCall: Nullable(OnCall),
  version: Type.Integer({ description: '0 while nothing was ever entered' }),
}, { title: 'Shifts' });
export type Shifts = Static<typeof Shifts>;

export const UpdateShifts = Closed({
  timeZone: Type.Optional(Nullable(Type.String({ minLength: 1, maxLength: 60 }))),
  windows: Type.Optional(Nullable(Type.Array(WeeklyWindow, { maxItems: shiftLimits.windows }))),
  exceptions: Type.Optional(Type.Array(ShiftException, { maxItems: shiftLimits.exceptions, description: 'All of them' })),
  onCall: Type.Optional(Nullable(OnCall)),
}, { title: 'UpdateShifts', minProperties: 1 });
export type UpdateShifts = Static<typeof UpdateShifts>;

export const ListShifts = Closed({
  ...pageQuery,
  from: day,
  to: Type.String({ format: 'date', description: `Not included; at most ${shiftLimits.rosterDays} days after from` }),
  staff: Type.Optional(Type.String({ maxLength: 64, description: 'Staff id or `me`' })),
  team: Type.Optional(Id),
}, { title: 'ListShifts' });
export type ListShifts = Static<typeof ListShifts>;

/** The days and hours of one person (班表). */
export const Roster = Closed({
  staff: Reference,
  source: OneOf(['own', 'team', 'none']),
  timeZone: Type.String({ description: 'IANA; the days are those of this zone' }),
  days: Type.Array(Closed({
    day, windows: Type.Array(DayWindow),
    exception: Nullable(Type.String({ description: 'The note of a day that differs from the week; empty without one' })),
    absent: Type.Boolean({ description: 'Away for some or all of it' }),
  })),
  intervals: Type.Array(Closed({ from: Timestamp, to: Timestamp }), { description: 'At work, half-open, absences taken out' }),
  onCall: Type.Array(Closed({ from: Timestamp, to: Timestamp }), { description: 'Can be called out, half-open, absences taken out' }),
}, { title: 'Roster' });
export type Roster = Static<typeof Roster>;
export const RosterPage = Page(Roster);
