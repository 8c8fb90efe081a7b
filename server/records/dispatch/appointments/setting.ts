import { AppointmentSetting, UpdateAppointmentSetting, usualAppointments, type AppointmentWindow } from '../../../../contract/appointment.ts';
import type { Context } from '../../../platform/context.ts';
import { build, type Transaction } from '../../../platform/db/database.ts';
import { invalidInput } from '../../../platform/errors/refusal.ts';
import { recordFact } from '../../../platform/facts/fact.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { differencesOf } from '../../organization/changes.ts';
import { ensureVersion } from '../../ticket/find.ts';

/** Which windows customers may choose (预约设置): what was entered, else the usual. */
export async function appointmentSettingOf(transaction: Transaction): Promise<AppointmentSetting> {
  const row = await transaction.first(build.selectFrom('appointment_setting').select(['offered', 'windows', 'days', 'lead_minutes', 'version']).where('tenant_id', '=', transaction.tenantId));
  return row ? { offered: row.offered, windows: row.windows as AppointmentWindow[], days: row.days, leadMinutes: row.lead_minutes, version: row.version } : { ...usualAppointments, version: 0 };
}

export const showAppointmentSetting = useCase({ summary: 'Show which windows customers may choose', answer: AppointmentSetting, run: (context: Context) => appointmentSettingOf(context.transaction) });

/** Changes which windows customers may choose (修改预约设置); what was promised stays. */
export const updateAppointmentSetting = useCase({
  summary: 'Change which windows customers may choose',
  body: UpdateAppointmentSetting,
  answer: AppointmentSetting,
  versioned: true,
  async run(context, { body, ifMatch }) {
    const { tenantId, transaction, now, actor } = context;
    await transaction.run(build.selectFrom('organization').select('tenant_id').where('tenant_id', '=', tenantId).forNoKeyUpdate());
    const { version, ...before } = await appointmentSettingOf(transaction);
    ensureVersion({ version }, ifMatch);
    body.windows.forEach((window, index) => {
      if (window.endsMinute <= window.startsMinute) throw invalidInput(`/windows/${index}/endsMinute`, 'order', { zh: '结束时间应晚于开始时间', en: 'must be after the start' });
    });
    const difference = differencesOf(before, body);
    if (!difference) return { ...before, version };
    const values = { offered: body.offered, windows: JSON.stringify(body.windows), days: body.days, lead_minutes: body.leadMinutes, version: version + 1, updated_at: now };
    await transaction.run(build.insertInto('appointment_setting').values({ tenant_id: tenantId, ...values }).onConflict((conflict) => conflict.column('tenant_id').doUpdateSet(values)));
    await recordFact(transaction, { kind: 'appointment.setting_changed', actor, data: { ...difference }, occurredAt: now, recordedAt: now });
    return appointmentSettingOf(transaction);
  },
});
