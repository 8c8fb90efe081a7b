import { importTargets, openTargets, targetOf, type ImportKind, type Target } from './targets.ts';

export interface Proposal {
  column: number;
  target: string;
  /** remembered: so it was mapped last time; name: the heading says so. */
  by: 'remembered' | 'name';
}

/** A heading as it is compared: without case, width, blanks, marks and what stands in brackets at its end. */
export function plainHeading(heading: string): string {
  return heading.normalize('NFKC').toLowerCase().replace(/[（(【[].*[）)】\]]\s*$/u, '').replace(/[\s_\-:：*.·’'/]+/gu, '');
}

/** How a heading is remembered: as it was written, but for case and blanks at its ends. */
export function rememberedHeading(heading: string): string {
  return heading.normalize('NFKC').trim().toLowerCase().slice(0, 200);
}

/**
 * What each column seems to say (列映射建议): as it was mapped last time, else by its heading in either language, each
 * target once. What nobody can tell is left out.
 *
 * @param remembered by `rememberedHeading`; null for a column that was left out on purpose
 * @param named targets by the names an organization gives them itself (the labels of its fields)
 */
export function proposeMapping(kind: ImportKind, headings: readonly string[], remembered: ReadonlyMap<string, string | null> = new Map(), named: readonly { target: string; names: readonly string[] }[] = []): Proposal[] {
  const taken = new Set<string>();
  const found = new Map<number, Proposal>();
  const leftOut = new Set<number>();
  for (const [column, heading] of headings.entries()) {
    const target = remembered.get(rememberedHeading(heading));
    if (target === null) leftOut.add(column);
    if (target === undefined || target === null || taken.has(target) || !targetOf(kind, target)) continue;
    taken.add(target);
    found.set(column, { column, target, by: 'remembered' });
  }
  // What is exactly a target's own name goes before what may mean several.
  const byName = (candidates: readonly Target[], isFree: (column: number) => boolean) => {
    for (const names of [({ key, zh, en }: Target) => [key, zh, en], ({ aliases }: Target) => aliases]) {
      for (const [column, heading] of headings.entries()) {
        const plain = plainHeading(heading);
        if (plain === '' || found.has(column) || !isFree(column)) continue;
        const target = candidates.find((candidate) => !taken.has(candidate.key) && names(candidate).some((name) => plainHeading(name) === plain));
        if (!target) continue;
        taken.add(target.key);
        found.set(column, { column, target: target.key, by: 'name' });
      }
    }
  };
  byName(importTargets[kind], (column) => !leftOut.has(column));
  // Left out of a file in which another column said it; what is needed and nobody else says is not left out of this one.
  byName(importTargets[kind].filter((target) => target.required), () => true);
  const open = openTargets[kind];
  for (const [column, heading] of headings.entries()) {
    if (!open || found.has(column) || leftOut.has(column)) continue;
    const own = named.find(({ target, names }) => !taken.has(target) && names.some((name) => plainHeading(name) === plainHeading(heading)))?.target
      ?? (heading.startsWith(open.prefix) && !taken.has(heading) && targetOf(kind, heading) ? heading : undefined);
    if (own === undefined) continue;
    taken.add(own);
    found.set(column, { column, target: own, by: 'name' });
  }
  return [...found.values()].sort((a, b) => a.column - b.column);
}

/** The required targets that no column says (缺少的必填列). */
export function missingTargets(kind: ImportKind, mapping: readonly { target: string }[]): string[] {
  const said = new Set(mapping.map(({ target }) => target));
  return importTargets[kind].filter((target) => target.required && !said.has(target.key)).map((target) => target.key);
}
