import { Type, type Static } from 'typebox';
import { Closed, Nullable, OneOf, Timestamp } from './common.ts';

export const appointmentLimits = { windows: 20, days: 30, leadMinutes: 10_080, shown: 60, waiting: 300 } as const;

/** A stretch of a day by the organization's clock that may be promised (可约时段), on one weekday or on all. */
export const AppointmentWindow = Closed({
  weekday: Type.Optional(Nullable(Type.Integer({ minimum: 1, maximum: 7, description: '1 Monday to 7 Sunday; every day when absent or null' }))),
  startsMinute: Type.Integer({ minimum: 0, maximum: 1_425 }), endsMinute: Type.Integer({ minimum: 15, maximum: 1_440 }),
}, { title: 'AppointmentWindow' });
export type AppointmentWindow = Static<typeof AppointmentWindow>;

const setting = {
  offered: Type.Boolean({ description: 'Whether customers choose by themselves, by the link of their ticket' }),
  windows: Type.Array(AppointmentWindow, { minItems: 1, maxItems: appointmentLimits.windows }),
  days: Type.Integer({ minimum: 1, maximum: appointmentLimits.days, description: 'How many days ahead, today included' }),
  leadMinutes: Type.Integer({ minimum: 0, maximum: appointmentLimits.leadMinutes, description: 'A window is offered until so long before it begins' }),
};
/** Which windows customers may choose (预约设置). */
export const AppointmentSetting = Closed({ ...setting, version: Type.Integer({ description: '0 while nothing was ever entered' }) }, { title: 'AppointmentSetting' });
export type AppointmentSetting = Static<typeof AppointmentSetting>;
export const UpdateAppointmentSetting = Closed(setting, { title: 'UpdateAppointmentSetting' });
export const usualAppointments: Omit<AppointmentSetting, 'version'> = { offered: false, windows: [{ startsMinute: 540, endsMinute: 720 }, { startsMinute: 780, endsMinute: 1_020 }], days: 7, leadMinutes: 120 };

const Span = Closed({ windowStart: Timestamp, windowEnd: Timestamp });
/** When somebody comes, as the customer was promised, and what else may be chosen (上门预约). */
export const Appointment = Closed({
  promised: Nullable(Closed({ ...Span.properties, by: OneOf(['customer', 'staff']), name: Nullable(Type.String()), at: Timestamp })),
  mayChoose: Type.Boolean({ description: 'Whether the caller may choose a window now' }),
  timeZone: Type.String({ description: 'IANA; the windows are by its clock' }),
  windows: Type.Array(Span, { description: 'What somebody who can do the work is free to serve; reckoned when `windows=true` is asked for, else empty. A day for which more was promised than can be reckoned with, and nobody sent to yet, offers none' }),
}, { title: 'Appointment' });
export type Appointment = Static<typeof Appointment>;
export const ShowAppointment = Closed({ windows: Type.Optional(Type.Boolean({ description: 'Also what may be chosen' })) });
export const ChooseAppointment = Closed({ windowStart: Timestamp, windowEnd: Timestamp }, { title: 'ChooseAppointment' });
export type ChooseAppointment = Static<typeof ChooseAppointment>;
