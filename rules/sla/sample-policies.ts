import type { BusinessCalendar } from '../calendar/calendar.ts';
import { prepareRules, type SlaEvent, type SlaEventKind, type SlaRules } from './ledger.ts';
import type { SlaMetric, SlaPolicy, SlaTarget, SlaTicket } from './policy.ts';
import { ticketProperties } from '../conditions/filter.ts';

/** A small company's promises, for tests: weekdays 9–12 and 13:30–18 in Shanghai, National Day off, and round the clock. */

export const hour = 3_600_000;
export const shanghai = (text: string) => Date.parse(`${text.replace(' ', 'T')}${text.length === 10 ? 'T00:00' : ''}:00+08:00`);

export const calendars: Record<string, BusinessCalendar> = {
  office: {
    timeZone: 'Asia/Shanghai',
    windows: ([1, 2, 3, 4, 5] as const).flatMap((weekday) => [{ weekday, startsMinute: 540, endsMinute: 720 }, { weekday, startsMinute: 810, endsMinute: 1_080 }]),
    sources: [{ key: 'cn', knownFrom: 2007, knownUntil: 2026, days: { '2026-10-01': { kind: 'holiday', name: '国庆节' }, '2026-10-02': { kind: 'holiday', name: '国庆节' }, '2026-10-10': { kind: 'workday', name: '国庆节' } } }],
  },
  always: { timeZone: 'Asia/Shanghai', windows: ([1, 2, 3, 4, 5, 6, 7] as const).map((weekday) => ({ weekday, startsMinute: 0, endsMinute: 1_440 })) },
};

export const ticket: SlaTicket = { type: 'repair', priority: 'normal', tier: null, team: 'water', status: 'new', waitingFor: null, statusId: null };

export function target(metric: SlaMetric, minutes: number, more: Partial<SlaTarget> = {}): SlaTarget {
  return { key: metric, metric, party: 'customer', minutes, calendar: 'office', pauses: [], warnings: [], ladder: [], ...more };
}

export function policy(targets: readonly SlaTarget[], more: Partial<SlaPolicy> = {}): SlaPolicy {
  return { id: 'standard', version: 1, name: '标准', nameEn: 'Standard', active: true, targets, ...more };
}

export function rules(policies: readonly SlaPolicy[], former: readonly SlaPolicy[] = []): SlaRules {
  return prepareRules(policies, { properties: ticketProperties, timeZone: 'Asia/Shanghai' }, former);
}

/** `['2026-11-20 15:00', 'created', {…}]`, in Shanghai. */
export function event(at: string, kind: SlaEventKind, change?: Partial<SlaTicket>, step?: SlaEvent['step']): SlaEvent {
  return { at: shanghai(at), kind, ...(change ? { ticket: change } : {}), ...(step ? { step } : {}) };
}

export const created = (at: string, change: Partial<SlaTicket> = {}) => event(at, 'created', { ...ticket, ...change });
