/**
 * Lets a few do a piece of work at once, one after another in the order they came (轮流): whoever has a thousand pieces
 * goes to the end of the line after each, so that a small import does not wait for a large one.
 */
export function openTurns(atOnce: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let free = atOnce;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
