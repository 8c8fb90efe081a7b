import { Type } from 'typebox';
import { Appointment, ChooseAppointment, ShowAppointment } from '../../../../contract/appointment.ts';
import { Closed } from '../../../../contract/common.ts';
import type { Interval } from '../../../../rules/shifts/shifts.ts';
import { statusNames } from '../../../../rules/ticket/lifecycle.ts';
import { permits, reachOf } from '../../../../rules/access/policy.ts';
import { localDay } from '../../../platform/clock/clock.ts';
import { staffOf, type Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { promisesOf, writePromise } from '../../../records/dispatch/appointments/rows.ts';
import { appointmentSettingOf } from '../../../records/dispatch/appointments/setting.ts';
import { lockWholeDays } from '../../../records/dispatch/lock-days.ts';
import { minutesOf } from '../../../records/dispatch/visit-needs.ts';
import { configurationOf, type Configuration } from '../../../records/organization/configuration.ts';
import { tellOnTicket, type Writing } from '../../../records/ticket/change.ts';
import { findReadableTicket, lockTicketFor } from '../../../records/ticket/find.ts';
import { asCustomer, ownTicket } from '../../../records/ticket/link-caller.ts';
import { accessOf, statusOf, type TicketRow } from '../../../records/ticket/row.ts';
import { currentVisitOf, windowsFor } from './windows.ts';

const params = Closed({ id: Type.String({ maxLength: 64 }) });
const byLink = Closed({ token: Type.String({ maxLength: 400 }) });

/** When somebody comes, as the customer was promised (上门预约), and with `windows` what may be chosen instead. */
export const showAppointment = useCase({
  summary: 'Show the appointment of a ticket, and the windows that can be promised',
  params,
  query: ShowAppointment,
  answer: Appointment,
  async run(context, { params: { id }, query }) {
    const ticket = await findReadableTicket(context, id);
    return view(context, ticket, query.windows === true, permits(reachOf(staffOf(context), 'ticket.update'), accessOf(ticket)));
  },
});

/** Promises the customer a window (确认预约): one that somebody can serve still. */
export const chooseAppointment = useCase({
  summary: 'Promise the customer a window for the visit',
  params,
  body: ChooseAppointment,
  answer: Appointment,
  async run(context, { params: { id }, body }) {
    const ticket = await lockTicketFor(context, id, 'ticket.update');
    await choose(context, ticket, body, 'staff');
    return view(context, ticket, false, true);
  },
});

/** Takes a promise back (取消预约); a visit that is arranged keeps its time. */
export const withdrawAppointment = useCase({
  summary: 'Take back the window that the customer was promised',
  params,
  answer: null,
  async run(context, { params: { id } }) {
    const ticket = await lockTicketFor(context, id, 'ticket.update');
    const promised = (await promisesOf(context, [ticket.id])).get(ticket.id);
    if (!promised) return;
    await context.transaction.run(build.deleteFrom('appointment').where('tenant_id', '=', context.tenantId).where('ticket_id', '=', ticket.id));
    await tellOnTicket(context, ticket, { kind: 'appointment.withdrawn', data: { before: spanOf({ from: promised.window_start.getTime(), to: promised.window_end.getTime() }) } });
  },
});

/** The same for the customer, by the link of their ticket (客户预约). */
export const showProgressAppointment = useCase({
  summary: 'Show the appointment of one’s own ticket, and the windows that may be chosen',
  params: byLink,
  query: ShowAppointment,
  answer: Appointment,
  async run(context, { query }) {
    const { named, ticket } = await ownTicket(context);
    return view(context, ticket, query.windows === true, await offersTo(context, named, ticket));
  },
});

/** The customer chooses when somebody comes (客户选择时段). */
export const chooseProgressAppointment = useCase({
  summary: 'Choose the window in which somebody comes',
  params: byLink,
  body: ChooseAppointment,
  answer: Appointment,
  async run(context, { body }) {
    const { named, ticket } = await ownTicket(context);
    if (!await offersTo(context, named, ticket)) throw new Refusal('appointment_not_offered');
    await choose(await asCustomer(context, named), ticket, body, 'customer');
    return view(context, ticket, false, true);
  },
});

/** Whether the customer may choose by themselves: where the organization offers it, of work that is done on site, and of their own matter. */
async function offersTo(context: Context, named: TicketRow, ticket: TicketRow): Promise<boolean> {
  if (named.id !== ticket.id || !(await appointmentSettingOf(context.transaction)).offered) return false;
  return ticket.lat !== null || ticket.asset_id !== null || minutesOf(await configurationOf(context), ticket.category_id) !== null;
}

const unfinished = (ticket: TicketRow): boolean => ['new', 'open', 'waiting'].includes(ticket.status) && ticket.merged_into === null;
const spanOf = ({ from, to }: Interval) => ({ windowStart: new Date(from).toISOString(), windowEnd: new Date(to).toISOString() });

async function view(context: Context, ticket: TicketRow, withWindows: boolean, may: boolean): Promise<Appointment> {
  const configuration = await configurationOf(context);
  const promised = (await promisesOf(context, [ticket.id])).get(ticket.id);
  const mayChoose = may && unfinished(ticket) && (await currentVisitOf(context, ticket.id))?.held !== true;
  return {
    promised: promised ? { ...spanOf({ from: promised.window_start.getTime(), to: promised.window_end.getTime() }), by: promised.chosen_by as 'customer' | 'staff', name: promised.chosen_by_name, at: promised.chosen_at.toISOString() } : null,
    mayChoose, timeZone: configuration.organization.timeZone, windows: mayChoose && withWindows ? (await windowsFor(context, configuration, ticket)).map(spanOf) : [],
  };
}

/**
 * Promises a window, looked at again behind the lock of its day, so that no two are promised the same hour of the same person and nobody is sent elsewhere at that
 * hour: what was taken meanwhile is refused, with what is left.
 */
async function choose(context: Context & Pick<Writing, 'handedOn'>, ticket: TicketRow, body: ChooseAppointment, by: 'customer' | 'staff'): Promise<void> {
  const { tenantId, transaction } = context;
  if (!unfinished(ticket)) throw new Refusal('action_not_open', { status: statusNames[statusOf(ticket)], action: { zh: '预约', en: 'given an appointment' } });
  const configuration: Configuration = await configurationOf(context);
  const wanted = { from: Date.parse(body.windowStart), to: Date.parse(body.windowEnd) };
  await lockWholeDays(context, [localDay(new Date(wanted.from), configuration.organization.timeZone)]);
  const visit = await currentVisitOf(context, ticket.id);
  if (visit?.held) throw new Refusal('appointment_held');
  const before = (await promisesOf(context, [ticket.id])).get(ticket.id);
  // Chosen already, by the same click.
  if (before && before.window_start.getTime() === wanted.from && before.window_end.getTime() === wanted.to) return;
  if ((await windowsFor(context, configuration, ticket, wanted)).length === 0) throw new Refusal('appointment_taken', {}, { details: { windows: (await windowsFor(context, configuration, ticket)).map(spanOf) } });
  await writePromise(context, ticket.id, { from: new Date(wanted.from), to: new Date(wanted.to) }, { kind: by, name: context.actor.name });
  if (visit) {
    await transaction.run(build.updateTable('visit').set({ window_start: new Date(wanted.from), window_end: new Date(wanted.to), planned_start: null, planned_end: null, version: visit.version + 1 }).where('tenant_id', '=', tenantId).where('id', '=', visit.id));
  }
  await tellOnTicket(context, ticket, {
    kind: 'appointment.promised', subjectId: visit?.id ?? ticket.id,
    data: { ...spanOf(wanted), by, technicianId: visit?.technicianId ?? null, ...(before ? { before: spanOf({ from: before.window_start.getTime(), to: before.window_end.getTime() }) } : {}) },
  });
}
