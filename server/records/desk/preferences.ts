import { Preferences, UpdatePreferences, notificationReasons, type NotificationReason } from '../../../contract/desk.ts';
import { pointerStep } from '../../../contract/validation.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { invalidInput } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';

type NotifyBy = Preferences['notify'][NotificationReason];

const loud: NotifyBy = { inApp: true, desktop: true, sound: true };
const quiet: NotifyBy = { inApp: true, desktop: false, sound: false };

/** How everybody works who said nothing else. */
export const standardPreferences: Preferences = {
  language: null, theme: 'system', density: 'comfortable', undoSeconds: 15, desktopNotifications: false, quietHours: null, signature: '', shortcuts: {},
  notify: Object.fromEntries(notificationReasons.map((reason) => [reason, reason === 'watching' || reason === 'team_mentioned' ? quiet : loud])) as Preferences['notify'],
};

/** What somebody chose, over what everybody has. What is no longer known is left out. */
export function completePreferences(chosen: Partial<Preferences> | undefined): Preferences {
  const known = Object.fromEntries(Object.entries(chosen ?? {}).filter(([key]) => Object.hasOwn(standardPreferences, key))) as Partial<Preferences>;
  const notify = Object.fromEntries(notificationReasons.map((reason) => [reason, known.notify?.[reason] ?? standardPreferences.notify[reason]])) as Preferences['notify'];
  return { ...standardPreferences, ...known, notify };
}

/** The preferences of a member of staff (个人设置). */
export async function preferencesOf(context: Pick<Context, 'tenantId' | 'transaction'>, staffId: string): Promise<Preferences> {
  const row = await context.transaction.first(build.selectFrom('staff_preference').select('preferences').where('tenant_id', '=', context.tenantId).where('staff_id', '=', staffId));
  return completePreferences(row?.preferences as Partial<Preferences> | undefined);
}

/** How the caller wants to work (查看个人设置). */
export const showPreferences = useCase({
  summary: 'Show one’s own preferences',
  answer: Preferences,
  run: (context) => preferencesOf(context, staffOf(context).staffId),
});

/** Changes what is named (修改个人设置); of two devices at once the later one counts, property by property. */
export const updatePreferences = useCase({
  summary: 'Change one’s own preferences',
  body: UpdatePreferences,
  answer: Preferences,
  async run(context, { body }) {
    const stray = Object.keys(body.shortcuts ?? {}).find((command) => !/^[a-z][a-zA-Z0-9.-]{0,59}$/.test(command));
    if (stray !== undefined) throw invalidInput(`/shortcuts${pointerStep(stray)}`, 'pattern', { zh: '格式不对', en: 'has the wrong form' });
    const { tenantId: tenant_id, transaction, now } = context;
    const { staffId: staff_id } = staffOf(context);
    await transaction.run(build.insertInto('staff_preference').values({ tenant_id, staff_id, preferences: '{}', updated_at: now }).onConflict((conflict) => conflict.doNothing()));
    const row = await transaction.first(build.selectFrom('staff_preference').select('preferences').where('tenant_id', '=', tenant_id).where('staff_id', '=', staff_id).forUpdate());
    const present = completePreferences(row?.preferences as Partial<Preferences> | undefined);
    const next: Preferences = { ...present, ...body as Partial<Preferences>, notify: { ...present.notify, ...body.notify as Partial<Preferences['notify']> } };
    await transaction.run(build.updateTable('staff_preference').set({ preferences: JSON.stringify(next), updated_at: now }).where('tenant_id', '=', tenant_id).where('staff_id', '=', staff_id));
    return next;
  },
});
