/** The periods of the board (看板周期), in days up to today. */
export const boardPeriods = [7, 14, 30, 90] as const;
export type BoardPeriod = (typeof boardPeriods)[number];

export function readBoardSearch(search: Record<string, unknown>): { days?: BoardPeriod } {
  const days = Number(search.days) as BoardPeriod;
  return { days: boardPeriods.includes(days) ? days : undefined };
}
