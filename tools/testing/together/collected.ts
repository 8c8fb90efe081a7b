/** What a test file asked `node:test` for while it was loaded: `['test', [name, options, work]]` and the like. */
export type Call = readonly [name: string, parameters: readonly unknown[]];

/** Shared by all copies of the stand-in for `node:test`. */
interface Collected {
  /** The address of the test file that is being loaded; undefined once its tests run. */
  loading: string | undefined;
  calls: Call[];
  /** Hooks of modules that test files share: they belong to the process as a whole, not to the file that loaded them first. */
  readonly shared: Call[];
}

export const collected: Collected = { loading: undefined, calls: [], shared: [] };
