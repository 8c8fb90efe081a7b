/**
 * What binds a row of a file to others (行间牵连). `own` is what it would make or change: of two rows with the same one,
 * the earlier goes first. `shared` is what it finds, or makes when nobody has: once a row has found or made it, any
 * number may use it at the same moment.
 */
export interface Ties {
  own: readonly string[];
  shared: readonly string[];
}

/**
 * Which of the rows that are left may be taken at the same moment (并行批次): those that depend on none that stands before
 * them. The first one always may.
 *
 * @param settled what is shared and was found or made by an earlier row
 * @returns places in `rows`, in order
 */
export function nextWave(rows: readonly Ties[], settled: ReadonlySet<string>): number[] {
  const wave: number[] = [];
  const claimed = new Set<string>();
  for (const [place, { own, shared }] of rows.entries()) {
    const waits = own.some((tie) => claimed.has(tie)) || shared.some((tie) => claimed.has(tie) && !settled.has(tie));
    if (!waits) wave.push(place);
    // Whoever waits keeps their place in the line: a later row with the same ties does not overtake.
    for (const tie of own) claimed.add(tie);
    for (const tie of shared) if (!settled.has(tie)) claimed.add(tie);
  }
  return wave;
}
