import { distanceMetres } from './places.ts';
import { demoStaff } from './staff.ts';
import { day, hour, minute, onShift, shiftStretches, startOfDay } from './time.ts';
import type { DemoCoordinates, DemoStaff } from './types.ts';

/** One person's booked time for one trip to one place. */
export interface Booking {
  technician: DemoStaff;
  travelFrom: DemoCoordinates;
  travelAt: number;
  arriveAt: number;
  endAt: number;
  /** Came from home outside the own shift. */
  calledOut: boolean;
}

/** Who is where and when: nobody is sent to two places at once, and nobody sets out off shift unless called out in an emergency. */
export interface Roster {
  book(need: { teamKeys: string[]; skillKey: string; from: number; minutes: number; to: DemoCoordinates; urgent: boolean; hours: [number, number]; prefer: string | null; not: string | null }): Booking;
}

const metresPerMinute = 290;

/** The parts of a stretch that lie between these hours of the local day. */
function within(stretch: { start: number; end: number }, [first, last]: [number, number]): { start: number; end: number }[] {
  const parts: { start: number; end: number }[] = [];
  for (let midnight = startOfDay(stretch.start); midnight < stretch.end; midnight += day) {
    const start = Math.max(stretch.start, midnight + first * hour);
    const end = Math.min(stretch.end, midnight + last * hour);
    if (end - start > hour) parts.push({ start, end });
  }
  return parts;
}

/** Minutes on an electric bicycle through town, parking included. */
export function travelMinutes(from: DemoCoordinates, to: DemoCoordinates): number {
  return 3 + (distanceMetres(from, to) * 1.3) / metresPerMinute;
}

export function makeRoster(): Roster {
  const booked = new Map<string, { start: number; end: number; at: DemoCoordinates }[]>();

  const stretchFor = (technician: DemoStaff, from: number, minutes: number, to: DemoCoordinates, hours: [number, number]): Omit<Booking, 'calledOut'> | null => {
    const jobs = booked.get(technician.key) ?? [];
    for (const whole of shiftStretches(technician.shift, from)) {
      for (const shift of within(whole, hours)) {
        let travelAt = Math.max(from, shift.start + 5 * minute);
        for (;;) {
          const before = jobs.findLast((job) => job.end <= travelAt && travelAt - job.end < 3 * hour);
          const travelFrom = before?.at ?? technician.home;
          // with nothing before it, the trip begins at the crew room, at most a few kilometres away
          const travel = before === undefined ? Math.min(travelMinutes(travelFrom, to), 14) : travelMinutes(travelFrom, to);
          const arriveAt = travelAt + travel * minute;
          const endAt = arriveAt + minutes * minute;
          if (travelAt < from || travelAt > shift.end - 25 * minute || endAt > whole.end + 50 * minute) break;
          const clash = jobs.find((job) => job.start < endAt && travelAt < job.end);
          if (clash === undefined) return { technician, travelFrom, travelAt, arriveAt, endAt };
          travelAt = clash.end + 3 * minute;
        }
      }
    }
    return null;
  };

  return {
    book: ({ teamKeys, skillKey, from, minutes, to, urgent, hours, prefer, not }) => {
      const able = demoStaff.filter((one) => one.role === 'technician' && one.key !== not && one.teamKeys.some((team) => teamKeys.includes(team)) && one.skills.some((skill) => skill.skillKey === skillKey));
      const offers = able.map((technician) => {
        const found = stretchFor(technician, from, minutes, to, hours);
        if (found === null) return null;
        const level = technician.skills.find((skill) => skill.skillKey === skillKey)?.level ?? 1;
        const load = (booked.get(technician.key) ?? []).filter((job) => Math.abs(job.start - from) < 12 * hour).length;
        return { found, cost: found.arriveAt / minute - level * 4 + load * 9 - (technician.key === prefer ? 240 : 0) - (technician.teamKeys.includes(teamKeys[0] ?? '') ? 12 : 0) };
      }).filter((one) => one !== null).sort((one, other) => one.cost - other.cost);
      const best = offers[0];
      if (best === undefined) throw new RangeError(`nobody in ${teamKeys.join(', ')} has the skill ${skillKey}`);
      let booking: Booking = { ...best.found, calledOut: false };
      if (urgent && best.found.arriveAt > from + hour) {
        // an emergency outside everybody's shift: whoever lives nearest and is free comes in
        const [nearest] = able.filter((one) => !onShift(one.shift, from) && !(booked.get(one.key) ?? []).some((job) => job.start < from + 3 * hour && from < job.end))
          .sort((one, other) => distanceMetres(one.home, to) - distanceMetres(other.home, to));
        if (nearest !== undefined) {
          const travelAt = from + 9 * minute;
          const arriveAt = travelAt + travelMinutes(nearest.home, to) * minute;
          if (arriveAt < best.found.arriveAt) booking = { technician: nearest, travelFrom: nearest.home, travelAt, arriveAt, endAt: arriveAt + minutes * minute, calledOut: true };
        }
      }
      const jobs = booked.get(booking.technician.key) ?? [];
      jobs.push({ start: booking.travelAt, end: booking.endAt, at: to });
      booked.set(booking.technician.key, jobs.sort((one, other) => one.start - other.start));
      return booking;
    },
  };
}

/** Somebody of `candidates` who is on shift at `instant`; null when nobody is. */
export function onDuty(candidates: readonly DemoStaff[], instant: number): DemoStaff | null {
  const present = candidates.filter((one) => onShift(one.shift, instant));
  return present[Math.floor(instant / (7 * minute)) % Math.max(1, present.length)] ?? null;
}
