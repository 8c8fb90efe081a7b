import { teamFor } from './company.ts';
import { demoStaff } from './staff.ts';
import { day, hour, iso, localTime, minute, startOfDay } from './time.ts';
import type { DemoTicket } from './types.ts';

const wanted = 4;
const firstHour = 8;
const lastHour = 18;

/**
 * Gives the technician whose account is shown at start some jobs to do (演示工程师的今日任务), whatever the hour: the newest
 * unassigned requests for plumbers and electricians, promised for the next working hours. The first is accepted.
 */
export function withEngineersDay(tickets: readonly DemoTicket[], now: number): DemoTicket[] {
  const engineer = demoStaff.find((person) => person.email.startsWith('engineer@'))!;
  const dispatcher = demoStaff.find((person) => person.email.startsWith('dispatcher@'))!;
  const own = tickets.filter((ticket) => ticket.assigneeKey === engineer.key && (ticket.status === 'open' || ticket.status === 'waiting')).length;
  const free = tickets.filter((ticket) => ticket.status === 'new' && ticket.events.length === 0 && ['water', 'power'].includes(ticket.categoryPath[0])).slice(own - wanted);
  const chosen = own >= wanted ? [] : free;
  return tickets.map((ticket) => {
    const index = chosen.indexOf(ticket);
    if (index < 0) return ticket;
    const assignedAt = Math.max(Date.parse(ticket.createdAt) + minute / 2, now - (20 - index * 3) * minute);
    const start = promised(now, own + index);
    const teamKey = teamFor(ticket.categoryPath[2], ticket.place.placeKey).key;
    return {
      ...ticket, teamKey, assigneeKey: engineer.key, status: 'open' as const,
      events: [
        { kind: 'assigned' as const, at: iso(assignedAt), actorKey: dispatcher.key, teamKey, assigneeKey: engineer.key, window: { start: iso(start), end: iso(start + 2 * hour) }, reason: null },
        ...(own + index === 0 ? [{ kind: 'accepted' as const, at: iso(Math.min(now, assignedAt + minute)), actorKey: engineer.key }] : []),
      ],
    };
  });
}

/** The beginning of the `index`th promise from now: two hours each, within the working hours of this day or the next. */
function promised(now: number, index: number): number {
  const midnight = startOfDay(now);
  const next = Math.max(localTime(now).hour + 1, firstHour);
  const slots = Math.max(0, Math.floor((lastHour - next) / 2));
  return index < slots ? midnight + (next + 2 * index) * hour : midnight + day + (firstHour + 1 + 2 * (index - slots)) * hour;
}
