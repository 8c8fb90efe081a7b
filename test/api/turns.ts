/**
 * Deals variants out over routes: each call gives the next few, round and round. What every route does by the same code
 * (reading a body, a cursor, an id) is met by every route and in every variant so, but not by each in each.
 */
export function takeTurns<Variant>(variants: readonly Variant[], atOnce: number): () => Variant[] {
  let at = 0;
  return () => Array.from({ length: Math.min(atOnce, variants.length) }, () => variants[at++ % variants.length]!);
}
