/** So far apart the lines of the time axis stand (时间刻度), in minutes. */
export const zooms = [15, 30, 60] as const;
export type Zoom = (typeof zooms)[number];

/** What the address of the board tells (调度台地址): the day, the team, how wide the hours are, and which plan is looked at. */
export type DispatchSearch = { date?: string | undefined; team?: string | undefined; zoom?: Zoom | undefined; plan?: string | undefined };

const day = /^\d{4}-\d{2}-\d{2}$/;
const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function readDispatchSearch(search: Record<string, unknown>): DispatchSearch {
  const { date, team, plan } = search;
  const zoom = Number(search.zoom) as Zoom;
  return {
    date: typeof date === 'string' && day.test(date) && !Number.isNaN(Date.parse(date)) ? date : undefined,
    team: typeof team === 'string' && id.test(team) ? team : undefined,
    plan: typeof plan === 'string' && id.test(plan) ? plan : undefined,
    zoom: zooms.includes(zoom) ? zoom : undefined,
  };
}
