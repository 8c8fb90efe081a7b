/** Where the time comes from; tests give their own. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** The calendar day (YYYY-MM-DD) at a moment in an IANA time zone. */
export function localDay(at: Date, timeZone: string): string {
  let zone = zones.get(timeZone);
  if (!zone) {
    zone = { format: new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }), quarter: Number.NaN, day: '' };
    zones.set(timeZone, zone);
  }
  // No zone is off by a part of a quarter of an hour nowadays, so a day begins and ends with one.
  const quarter = Math.floor(at.getTime() / quarterMilliseconds);
  if (quarter !== zone.quarter || quarter < firstWholeQuarter) {
    zone.day = zone.format.format(at);
    zone.quarter = quarter;
  }
  return zone.day;
}

const quarterMilliseconds = 15 * 60_000;
// 1972-05-01: the last odd offset, Liberia's, had ended in January.
const firstWholeQuarter = Date.UTC(1972, 4, 1) / quarterMilliseconds;
// Making a DateTimeFormat costs some 50 µs, formatting with one 5 µs.
const zones = new Map<string, { format: Intl.DateTimeFormat; quarter: number; day: string }>();
