import type { ColumnMapping } from '../../../contract/import.ts';

/** What each column says, by its place; columns that are left out are not in it. */
export type Chosen = ReadonlyMap<number, string>;

export const chosenOf = (mapping: ColumnMapping): Chosen => new Map(mapping.map(({ column, target }) => [column, target]));
export const mappingOf = (chosen: Chosen): ColumnMapping => [...chosen].sort(([a], [b]) => a - b).map(([column, target]) => ({ column, target }));

/** What keeps a mapping from being used (对应问题): required targets that no column says, and targets said twice. */
export function problemsOf(chosen: Chosen, targets: readonly { key: string; required: boolean }[]): { missing: string[]; twice: string[] } {
  const said = [...chosen.values()];
  return {
    missing: targets.filter((target) => target.required && !said.includes(target.key)).map((target) => target.key),
    twice: [...new Set(said.filter((target, index) => said.indexOf(target) !== index))],
  };
}
