/**
 * Marks by which words are looked for within one organization and a stretch of time (检索分段): every indexed ticket
 * bears that of its organization and that of its period of 32 days. They stand among its words, and as they begin with a
 * sign that no word has, nobody can type them. With them an index of words gives the newest first: a word is looked for
 * in one period after the other, not in all that was ever written.
 *
 * Periods are those of UTC, counted from 1970-01-01. schema/migrations/0007_views.sql writes the same marks.
 */

const periodMilliseconds = 32 * 86_400_000;

/** The period a moment (milliseconds since 1970) lies in. */
export function periodOf(moment: number): number {
  return Math.floor(moment / periodMilliseconds);
}

/** When a period begins, in milliseconds since 1970. */
export function beginningOfPeriod(period: number): number {
  return period * periodMilliseconds;
}

/** The mark that all tickets of an organization bear. */
export function organizationMark(organizationId: string): string {
  return `~${organizationId.replaceAll('-', '')}`;
}

/** The mark of a period. */
export function periodMark(organizationId: string, period: number): string {
  return `${organizationMark(organizationId)}/${period}`;
}

/** The marks of a ticket. */
export function marksOf(organizationId: string, createdAt: number): string[] {
  return [organizationMark(organizationId), periodMark(organizationId, periodOf(createdAt))];
}
