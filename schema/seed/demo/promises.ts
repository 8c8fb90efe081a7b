import type { CalendarDefinition } from '../../../contract/calendar.ts';
import type { PolicyDefinition } from '../../../contract/sla.ts';
import { weekdays } from '../../../rules/calendar/calendar.ts';

/** Open every day, with the public holidays. */
export const demoCounter: CalendarDefinition = {
  timeZone: 'Asia/Shanghai', sources: ['cn'], windows: weekdays.map((weekday) => ({ weekday, startsMinute: 510, endsMinute: 1_200 })), exceptions: { '2026-12-31': { kind: 'closed', name: '年终盘点', windows: [{ startsMinute: 900, endsMinute: 1_200 }] } },
};

/** Two policies: what is urgent by the clock, all else by working hours. `idOf` gives a calendar's id by its key. */
export function demoPolicies(idOf: (key: string) => string): { name: string; nameEn: string; definition: PolicyDefinition }[] {
  const [always, office, counter] = [idOf('always'), idOf('working_hours'), idOf('service_counter')];
  const waiting = [{ status: 'waiting' as const, waitingFor: ['customer' as const, 'part' as const] }];
  return [
    {
      name: '紧急报修', nameEn: 'Urgent repairs', definition: {
        priorities: ['urgent'],
        targets: [
          { key: 'acceptance', metric: 'acceptance', party: 'customer', minutes: 15, calendar: always, pauses: [], warnings: [60], ladder: [{ afterMinutes: 0, whom: [{ kind: 'team_lead' }, { kind: 'manager' }], channels: ['in_app', 'sms'] }] },
          { key: 'arrival', metric: 'arrival', party: 'customer', minutes: 120, calendar: always, pauses: [], warnings: [75], ladder: [] },
          { key: 'resolution', metric: 'resolution', party: 'customer', minutes: 480, calendar: always, pauses: waiting, warnings: [50, 80], ladder: [{ percent: 90, whom: [{ kind: 'manager' }] }, { afterMinutes: 60, whom: [{ kind: 'department_head' }], channels: ['in_app', 'email'] }] },
          { key: 'team_acceptance', metric: 'acceptance', party: 'team', minutes: 10, calendar: always, pauses: [], warnings: [], ladder: [] },
        ],
      },
    },
    {
      name: '标准服务', nameEn: 'Standard service', definition: {
        targets: [
          { key: 'acceptance', metric: 'acceptance', party: 'customer', minutes: 120, calendar: counter, pauses: [], warnings: [75], ladder: [{ afterMinutes: 30, whom: [{ kind: 'team_lead' }] }] },
          { key: 'response_important', metric: 'first_response', party: 'customer', tiers: ['VIP'], minutes: 60, calendar: counter, pauses: [], warnings: [75], ladder: [] },
          { key: 'response', metric: 'first_response', party: 'customer', minutes: 240, calendar: office, pauses: [], warnings: [75], ladder: [] },
          { key: 'resolution', metric: 'resolution', party: 'customer', minutes: 1_440, calendar: office, pauses: waiting, warnings: [75], ladder: [{ afterMinutes: 0, whom: [{ kind: 'assignee' }, { kind: 'team_lead' }] }] },
        ],
      },
    },
  ];
}
