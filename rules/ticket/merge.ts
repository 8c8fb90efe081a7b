/** What has to be known of two tickets before one is merged into the other. */
export interface Merging {
  sourceId: string;
  /** Where the source leads already; null while it stands for itself. */
  sourceMergedInto: string | null;
  /** The ticket at the end of the target's way: one that was merged itself leads on to it. */
  targetId: string;
  /** Whether the source lies above the target: reached from it by parents and merges. */
  targetReachesSource: boolean;
}

export type MergeRefusal = 'already_merged' | 'merge_into_itself' | 'merge_into_descendant';

/**
 * Why a ticket cannot be merged into another (合并检查); null when it can. Parents and merges together never form a circle:
 * were a ticket merged into one below it, its children would lie below themselves.
 */
export function refuseMerge({ sourceId, sourceMergedInto, targetId, targetReachesSource }: Merging): MergeRefusal | null {
  if (sourceId === targetId) return 'merge_into_itself';
  if (sourceMergedInto !== null) return 'already_merged';
  return targetReachesSource ? 'merge_into_descendant' : null;
}
