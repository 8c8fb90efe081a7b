import { setTimeout } from 'node:timers/promises';

/** So long a slow machine may take; a fast one waits for no more than it must. */
export const patience = 30_000;

/**
 * Waits until something holds that no element of the page tells: what the server has, what the phone keeps.
 *
 * @param look gives what is to hold, and may throw as long as it cannot
 * @param what is to hold; as a function it may also say what there is instead
 * @throws what `look` threw last, or that it never held
 */
export async function eventually(look: () => Promise<boolean>, what: string | (() => Promise<string>)): Promise<void> {
  let problem: unknown;
  for (let waited = 0; waited < patience; waited += 50) {
    try {
      if (await look()) return;
      problem = undefined;
    } catch (error) {
      problem = error;
    }
    await setTimeout(50);
  }
  throw problem instanceof Error ? problem : new Error(`Never came about: ${typeof what === 'string' ? what : await what()}`);
}
