/** How many characters a text has, as the server counts them: code points (字数). */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

/** From here on one is told how much room is left: the last tenth, at most 500 characters. */
export function nearEnd(length: number, limit: number): boolean {
  return limit - length <= Math.min(500, limit / 10);
}

/** Limits of texts on tickets, as the contract has them. */
export const textLimits = { comment: 20_000, description: 20_000, reason: 1_000 } as const;
