/** A failure that the person at the terminal can read without a stack trace. */
export class LaunchError extends Error {}

/**
 * A line for the person at the terminal. On stderr, so that a program's own output stays clean.
 *
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`${line}\n`);
}
