import { dayMilliseconds } from '../../../rules/calendar/calendar.ts';
import type { TravelSource } from '../../../contract/travel.ts';
import type { TravelData, Way } from '../../../rules/day-plan/travel.ts';
import type { Point } from '../../../rules/places/distance.ts';
import { figureOf, type Figure, type RouterLeg } from '../../../rules/travel/figure.ts';
import { nearestWays } from '../../../rules/travel/blocks.ts';
import { nothingLearned, type Learned } from '../../../rules/travel/learn.ts';
import { bandOf, bands, cellOf, zoneOf, type Band } from '../../../rules/travel/zones.ts';
import type { Context } from '../../platform/context.ts';
import { statement, type Statement, type Transaction } from '../../platform/db/database.ts';
import { localDay } from '../../platform/clock/clock.ts';
import type { Configuration } from '../organization/configuration.ts';
import { learnedTravel } from './learned.ts';
import { hourOf, isWorkday } from './observations.ts';
import { want } from './wanted.ts';

type Asking = Pick<Context, 'tenantId' | 'transaction' | 'now'>;
type Known = Pick<Configuration, 'organization' | 'travel'>;

/** A way by the numbers of its two places. */
export type Pair = readonly [from: number, to: number];

// The traffic that is asked for, else that of the day, else whatever there is.
const findLegs = statement<{ place: number; seconds: number | null; metres: number | null; asked_at: Date }>('travel_time.find', `
  SELECT q.place::int AS place, t.seconds, t.metres, t.asked_at
  FROM unnest($3::bigint[], $4::bigint[]) WITH ORDINALITY AS q (from_cell, to_cell, place)
    CROSS JOIN LATERAL (
      SELECT seconds, metres, asked_at FROM travel_time WHERE tenant_id = $1 AND generation = $2 AND from_cell = q.from_cell AND to_cell = q.to_cell AND expires_at > $6
      ORDER BY band = $5 DESC, band DESC LIMIT 1) t`);
const write = statement<never>('travel_time.write', `
  INSERT INTO travel_time (tenant_id, generation, from_cell, to_cell, band, seconds, metres, asked_at, expires_at)
  SELECT $1, $2, f, t, $6, s, m, $7, $8 FROM unnest($3::bigint[], $4::bigint[], $5::int[], $9::int[]) AS q (f, t, s, m)
  ON CONFLICT (tenant_id, generation, from_cell, to_cell, band) DO UPDATE SET seconds = excluded.seconds, metres = excluded.metres, asked_at = excluded.asked_at, expires_at = excluded.expires_at`);

/** For how many days an answer holds: roads change seldom, the traffic of one moment says less. */
const [roadDays, trafficDays] = [60, 14];
/** Looked up at once: all between 300 places. */
const mostWays = 90_000;
/** Kept of each organization; the oldest go first. */
const mostKept = 200_000;

/** Whose answers hold no longer, and those of providers that are asked no more (清理车程缓存). */
export const forgetExpiredTimes: Statement<never> = statement('chore.travel_times', `
  DELETE FROM travel_time t USING organization o LEFT JOIN travel_setting s ON s.tenant_id = o.tenant_id WHERE o.tenant_id = t.tenant_id AND (t.expires_at < $1 OR t.generation <> coalesce(s.generation, 0))`);
const trim = statement<never>('chore.travel_times_trim', `
  DELETE FROM travel_time WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM (SELECT ctid, row_number() OVER (PARTITION BY tenant_id ORDER BY asked_at DESC) AS place FROM travel_time) k WHERE place > ${mostKept}))`);

/** Forgets answers that are too old, or too many (清理车程缓存). */
export async function forgetTimes(transaction: Transaction, now: Date): Promise<void> {
  await transaction.query(forgetExpiredTimes, [now]);
  await transaction.query(trim, []);
}

/** What is known of an organization's ways for a day, or for this very moment (车程依据). */
export interface TravelKnowledge {
  /** Of places that were looked up. */
  figure(from: Point, to: Point): Figure;
  /** What is known of a way better than the straight line; undefined: nothing. */
  known(from: Point, to: Point): Figure | undefined;
}

const keyOf = (from: number, to: number): string => `${from} ${to}`;

interface Moment { workday: boolean; band: Band; hour: number | undefined }

async function momentOf({ transaction, now }: Asking, { organization: { timeZone } }: Known, date: string | null): Promise<Moment> {
  const workday = await isWorkday(transaction, date ?? localDay(now, timeZone));
  if (date !== null) return { workday, band: bands.day, hour: undefined };
  const hour = hourOf(now, timeZone);
  return { workday, hour, band: bandOf(hour, workday) };
}

/** Who is asked here; null: nobody. */
const routerOf = ({ travel }: Known) => (travel.provider === 'none' ? null : travel.provider);

async function legsOf({ tenantId, transaction, now }: Asking, configuration: Known, ways: readonly (readonly [Point, Point])[], band: Band): Promise<Map<string, RouterLeg>> {
  const cells = [...new Map(ways.map(([from, to]): [string, Pair] => [keyOf(cellOf(from), cellOf(to)), [cellOf(from), cellOf(to)]])).values()].filter(([from, to]) => from !== to);
  if (cells.length === 0) return new Map();
  const rows = await transaction.query(findLegs, [tenantId, configuration.travel.generation, cells.map(([from]) => from), cells.map(([, to]) => to), band, now]);
  return new Map(rows.map((row) => [keyOf(...cells[row.place - 1]!), { seconds: row.seconds, metres: row.metres, askedAt: row.asked_at.getTime() }]));
}

/** Whether anything is known of an organization's ways, or can be asked (是否有车程依据): most estimate all of them. */
export async function knowsTravel({ transaction, now }: Asking, configuration: Known): Promise<boolean> {
  return routerOf(configuration) !== null || (await learnedTravel(transaction, now)).learned !== nothingLearned;
}

/**
 * Looks up what is known of some ways (车程查询), without asking anybody: what a provider said lately, and what was learned. What it was not asked yet is
 * remembered to be asked, in the background; but of a single moment, whose places nobody may be at again.
 *
 * @param date the local day it is for; null: as the traffic is at this moment
 */
export async function travelKnowledge(context: Asking, configuration: Known, ways: readonly (readonly [Point, Point])[], date: string | null): Promise<TravelKnowledge> {
  const router = routerOf(configuration);
  const { learned } = await learnedTravel(context.transaction, context.now);
  // Most have neither, and pay for neither.
  if (router === null && learned === nothingLearned) return knowledgeOf(configuration, new Map(), nothingLearned, { workday: true, band: bands.day, hour: undefined });
  const moment = await momentOf(context, configuration, date);
  const legs = router === null ? new Map<string, RouterLeg>() : await legsOf(context, configuration, ways, moment.band);
  if (router !== null && date !== null) want(context.tenantId, ways.filter(([from, to]) => cellOf(from) !== cellOf(to) && !legs.has(keyOf(cellOf(from), cellOf(to)))));
  return knowledgeOf(configuration, legs, learned, moment);
}

function knowledgeOf(configuration: Known, legs: ReadonlyMap<string, RouterLeg>, learned: Learned, { workday, hour }: Moment): TravelKnowledge {
  const router = routerOf(configuration);
  const figure = (from: Point, to: Point): Figure => figureOf(from, to, configuration.travel, {
    ...(router === null ? {} : { router, leg: legs.size === 0 ? undefined : legs.get(keyOf(cellOf(from), cellOf(to))) }), way: learned === nothingLearned ? undefined : learned.way(zoneOf(from), zoneOf(to), workday, hour),
  });
  return {
    figure,
    known(from, to) {
      if (legs.size === 0 && learned === nothingLearned) return undefined;
      const found = figure(from, to);
      return found.origin.source === 'straight_line' ? undefined : found;
    },
  };
}

/**
 * Travel between the places of a day, as data (当天路程): of some of the ways what is known of them, of all others the straight line; and where that comes from, taken together.
 *
 * @param pairs which ways anybody may go; all when absent
 */
export async function travelDataOf(context: Asking, configuration: Known, points: readonly Point[], date: string, pairs?: readonly Pair[]): Promise<{ data: TravelData; source: TravelSource }> {
  const { roadFactor, metresPerSecond } = configuration.travel;
  const data = { points, estimate: { roadFactor, metresPerSecond } };
  if (!await knowsTravel(context, configuration)) return { data, source: 'straight_line' };
  const all = pairs ?? waysOfDay(points);
  const knowledge = await travelKnowledge(context, configuration, all.map(([from, to]) => [points[from]!, points[to]!] as const), date);
  const known = new Map<number, Way>();
  for (const [from, to] of all) {
    const found = from === to ? undefined : knowledge.known(points[from]!, points[to]!);
    if (found) known.set(from * points.length + to, found);
  }
  const sources = new Set<TravelSource>([...known.values()].map(({ origin }) => origin.source));
  if (all.some(([from, to]) => from !== to && !known.has(from * points.length + to))) sources.add('straight_line');
  const [source] = sources;
  return { data: known.size === 0 ? data : { ...data, known }, source: sources.size === 1 ? source! : sources.size === 0 ? 'straight_line' : 'mixed' };
}

/** The ways between the places of a day that may matter (当天候选路段). Place 0 is nowhere in particular: nobody asks for it. */
export const waysOfDay = (points: readonly Point[]): Pair[] => nearestWays(points.slice(1), mostWays).map(([from, to]): Pair => [from + 1, to + 1]);

/** Of which of these ways nothing was asked yet, or long ago (缺失车程). */
export async function missingTimes(context: Asking, configuration: Known, points: readonly Point[], pairs: readonly Pair[], date: string | null): Promise<Pair[]> {
  const { band } = await momentOf(context, configuration, date);
  const cells = points.map(cellOf);
  const legs = await legsOf(context, configuration, pairs.map(([from, to]) => [points[from]!, points[to]!] as const), band);
  return pairs.filter(([from, to]) => cells[from] !== cells[to] && !legs.has(keyOf(cells[from]!, cells[to]!)));
}

/** Keeps what a provider said (保存车程). */
export async function keepTimes(context: Asking, configuration: Known, generation: number, legs: readonly { from: Point; to: Point; seconds: number | null; metres: number | null }[], knowsTraffic: boolean): Promise<void> {
  const byCells = new Map(legs.map((leg) => [keyOf(cellOf(leg.from), cellOf(leg.to)), leg]));
  const all = [...byCells.values()].filter((leg) => cellOf(leg.from) !== cellOf(leg.to));
  if (all.length === 0) return;
  const { band } = knowsTraffic ? await momentOf(context, configuration, null) : { band: bands.day };
  const whole = (value: number | null) => (value === null ? null : Math.min(2_000_000_000, Math.round(value)));
  const expires = new Date(context.now.getTime() + (knowsTraffic ? trafficDays : roadDays) * dayMilliseconds);
  await context.transaction.query(write, [
    context.tenantId, generation, all.map(({ from }) => cellOf(from)), all.map(({ to }) => cellOf(to)), all.map(({ seconds }) => whole(seconds)), band, context.now, expires, all.map(({ metres }) => whole(metres)),
  ]);
}
