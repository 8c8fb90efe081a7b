import type { Point } from '../../../rules/places/distance.ts';
import { cellOf } from '../../../rules/travel/zones.ts';

/** A way from a place to another. */
export type WantedWay = readonly [from: Point, to: Point];

// The organization that has waited longest stands first.
const wanted = new Map<string, Map<string, WantedWay>>();
const [mostOrganizations, mostWays] = [100, 2_000];

/**
 * Remembers ways that somebody has just looked at and nobody was asked for yet (待查车程). In memory only, and so many: whoever looks again wants
 * them again.
 */
export function want(tenantId: string, ways: readonly WantedWay[]): void {
  if (ways.length === 0) return;
  const own = wanted.get(tenantId) ?? new Map<string, WantedWay>();
  for (const way of ways) {
    if (own.size >= mostWays) break;
    own.set(`${cellOf(way[0])} ${cellOf(way[1])}`, way);
  }
  wanted.set(tenantId, own);
  if (wanted.size > mostOrganizations) wanted.delete(wanted.keys().next().value!);
}

/** Takes what an organization wants, the one that has waited longest; undefined: nobody wants anything. */
export function takeWanted(): { tenantId: string; ways: readonly WantedWay[] } | undefined {
  const [first] = wanted;
  if (!first) return undefined;
  wanted.delete(first[0]);
  return { tenantId: first[0], ways: [...first[1].values()] };
}
