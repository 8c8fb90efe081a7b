/** What a merge laid over one column of the customer that stays (合并取值): the value before, and after; values as plain data. */
export interface MergeLayer {
  before: unknown;
  after: unknown;
  /** Of tags: those the merged customer brought, whether or not the other had them already. */
  brought?: readonly string[];
}

/** By column. */
export type MergeLayers = Readonly<Record<string, MergeLayer>>;

export const mostTags = 20;

/** The tags of both, as many as a customer may have. */
export const joinTags = (one: readonly string[], other: readonly string[]): string[] => [...new Set([...one, ...other])].slice(0, mostTags);

/**
 * Takes one merge back from under those that came after it (撤销取值), in whatever order merges are undone: what the customer has
 * then is what it would have had without this one. Where somebody has changed a value since, it stays.
 *
 * @param present what the customer that stays has now
 * @param own what the merge that is undone laid down
 * @param later what those merges laid down that came after it and still hold, oldest first
 * @returns the values to put back, and the later layers as they are now
 */
export function liftLayers(present: Readonly<Record<string, unknown>>, own: MergeLayers, later: readonly MergeLayers[]): { patch: Record<string, unknown>; later: MergeLayers[] } {
  const patch: Record<string, unknown> = {};
  const after: Record<string, MergeLayer>[] = later.map((layers) => ({ ...layers }));
  for (const [column, layer] of Object.entries(own)) {
    const above = after.flatMap((layers) => (layers[column] ? [{ layers, layer: layers[column] }] : []));
    if (column === 'tags') {
      const lifted = liftTags(present[column] as readonly string[], layer, above);
      if (!same(lifted, present[column])) patch[column] = lifted;
      continue;
    }
    const next = above[0];
    // What was laid upon it stands; it only has something else under it now.
    if (next) {
      if (same(next.layer.before, layer.after)) next.layers[column] = { ...next.layer, before: layer.before };
    } else if (same(present[column], layer.after) && !same(layer.before, layer.after)) patch[column] = layer.before;
  }
  return { patch, later: after };
}

type Tags = readonly string[];

function liftTags(present: Tags, layer: MergeLayer, above: readonly { layers: Record<string, MergeLayer>; layer: MergeLayer }[]): string[] {
  let removed = (layer.after as Tags).filter((tag) => !(layer.before as Tags).includes(tag));
  let base = layer.before as Tags;
  for (const { layers, layer: next } of above) {
    // What somebody did between the two merges stays done.
    const byHand = (next.before as Tags).filter((tag) => !removed.includes(tag));
    const before = [...base.filter((tag) => byHand.includes(tag)), ...byHand.filter((tag) => !base.includes(tag))];
    const brought = next.brought ?? (next.after as Tags).filter((tag) => !(next.before as Tags).includes(tag));
    const joined = joinTags(before, brought);
    layers['tags'] = { ...next, before, after: joined };
    removed = [...removed.filter((tag) => !joined.includes(tag)), ...(next.after as Tags).filter((tag) => !joined.includes(tag) && !removed.includes(tag))];
    base = joined;
  }
  const kept = present.filter((tag) => !removed.includes(tag));
  return kept;
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
