import type { DemoShift } from './types.ts';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

// China has kept UTC+8 all year since 1991, so a fixed offset is exact for every time the demo can hold.
const shanghai = 8 * hour;

/** The wall clock in Shanghai; `weekday` is 1 for Monday. */
export interface LocalTime {
  year: number;
  month: number;
  date: number;
  hour: number;
  minute: number;
  weekday: number;
}

export function localTime(instant: number): LocalTime {
  const shifted = new Date(instant + shanghai);
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    date: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    weekday: shifted.getUTCDay() === 0 ? 7 : shifted.getUTCDay(),
  };
}

/** The last midnight in Shanghai at or before `instant`. */
export function startOfDay(instant: number): number {
  return Math.floor((instant + shanghai) / day) * day - shanghai;
}

export function iso(instant: number): string {
  return new Date(Math.round(instant / 1000) * 1000).toISOString();
}

function clock(text: string): number {
  const [hours = '0', minutes = '0'] = text.split(':');
  return Number(hours) * hour + Number(minutes) * minute;
}

/** The working stretches of a shift that end after `from`, in order, over the next ten days. */
export function shiftStretches(shift: DemoShift, from: number): { start: number; end: number }[] {
  const stretches: { start: number; end: number }[] = [];
  const length = clock(shift.end) > clock(shift.start) ? clock(shift.end) - clock(shift.start) : clock(shift.end) + day - clock(shift.start);
  for (let midnight = startOfDay(from) - day; midnight <= from + 10 * day; midnight += day) {
    const start = midnight + clock(shift.start);
    if (shift.weekdays.includes(localTime(midnight).weekday) && start + length > from) stretches.push({ start, end: start + length });
  }
  return stretches;
}

export function onShift(shift: DemoShift, instant: number): boolean {
  return shiftStretches(shift, instant).some((one) => one.start <= instant && instant < one.end);
}
