/** A time in which somebody may come (上门时间窗), half-open. */
export type VisitWindow = { start: Date; end: Date };

type WindowChoice = { key: string; day: 'today' | 'tomorrow'; part: 'morning' | 'afternoon' | 'evening'; window: VisitWindow };

const parts = { morning: [9, 12], afternoon: [14, 17], evening: [18, 20] } as const;

/** The usual windows of today and tomorrow that have not passed, in the viewer's zone. */
export function usualWindows(now: Date): WindowChoice[] {
  return (['today', 'tomorrow'] as const).flatMap((day, offset) =>
    (Object.keys(parts) as (keyof typeof parts)[]).flatMap((part) => {
      const [from, until] = parts[part];
      const at = (hour: number): Date => new Date(now.getFullYear(), now.getMonth(), now.getDate() + offset, hour);
      const window = { start: at(from), end: at(until) };
      return window.end.getTime() <= now.getTime() ? [] : [{ key: `${day} ${part}`, day, part, window }];
    }),
  );
}
