import type { Preferences } from '../../../contract/desk.ts';
import { isQuietAt } from '../../../rules/notices/timing.ts';
import type { Services } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import type { NotifiedPerson } from '../../platform/realtime/signals.ts';
import { findNotifications, viewNotification } from '../../records/desk/notification/view.ts';
import { completePreferences } from '../../records/desk/preferences.ts';
import { noticesOf } from '../../records/notice/settings.ts';

/**
 * Tells people who listen to this process of their new notifications (通知推送), each with whether their preferences want it
 * to pop up, also on the desktop, and to be heard now.
 */
export async function tellNotified({ database, hub, clock }: Pick<Services, 'database' | 'hub' | 'clock'>, people: readonly NotifiedPerson[]): Promise<void> {
  for (const [tenantId, ofTenant] of Map.groupBy(people, (person) => person.tenantId)) {
    const here = new Set(hub.listening(tenantId, ofTenant.map((person) => person.staffId)));
    const listening = ofTenant.filter((person) => here.has(person.staffId));
    if (listening.length === 0) continue;
    const staffIds = listening.map((person) => person.staffId);
    const [lines, chosen, organization, notices] = await database.transact(tenantId, (transaction) => Promise.all([
      transaction.query(findNotifications, [tenantId, staffIds, listening.flatMap((person) => person.ids)]),
      transaction.run(build.selectFrom('staff_preference').select(['staff_id', 'preferences']).where('tenant_id', '=', tenantId).where('staff_id', 'in', staffIds)),
      transaction.first(build.selectFrom('organization').select('time_zone').where('tenant_id', '=', tenantId)),
      noticesOf(transaction, staffIds),
    ]));
    const preferences = new Map(chosen.map((row) => [row.staff_id, completePreferences(row.preferences)]));
    for (const line of lines) {
      const own = preferences.get(line.staff_id) ?? completePreferences(undefined);
      const by = own.notify[line.reason];
      // What is urgent passes.
      const quiet = line.urgency !== 'urgent' && isQuiet(own.quietHours, clock.now(), notices.get(line.staff_id)?.timeZone ?? organization!.time_zone);
      hub.tell(tenantId, new Set([line.staff_id]), 'notification', { ...viewNotification(line), popup: by.desktop && !quiet, desktop: own.desktopNotifications && by.desktop && !quiet, sound: by.sound && !quiet });
    }
  }
}

/** Whether a moment lies in somebody's quiet hours (免打扰时段), by a clock; they may go over midnight. */
export const isQuiet = (hours: Preferences['quietHours'], at: Date, timeZone: string): boolean => isQuietAt(hours, at.getTime(), timeZone);
