import type { ProblemError } from '../api-problem.ts';

/** What somebody has entered into a form so far; data only, so that it can be kept as a draft. */
export interface Filling {
  /** What the controls hold, by field key; absent: not touched. Numbers and sums as typed. */
  held: Readonly<Record<string, unknown>>;
  /** Fields that were left, so that what is wrong with them may be said. */
  left: readonly string[];
  /** Sending was tried: everything that is wrong is said. */
  tried: boolean;
  /** What the server refused, by path below the fields; forgotten when the field is changed. */
  refused: Readonly<Record<string, string>>;
}

export const nothingFilled: Filling = { held: {}, left: [], tried: false, refused: {} };

/** The key of the field a path is about. */
export const keyOf = (path: string): string => path.split('/')[0] ?? '';
/** A JSON pointer without its escapes. */
export const plainPath = (path: string): string => path.replace(/^\//, '').replaceAll('~1', '/').replaceAll('~0', '~');

/** The id of the control of a field, by its path. */
export const controlId = (path: string): string => `field-${path.replaceAll('/', '-')}`;

/** Holds another value in a field; what the server said of it is no longer true. */
export function hold(filling: Filling, key: string, value: unknown): Filling {
  const refused = Object.fromEntries(Object.entries(filling.refused).filter(([path]) => keyOf(path) !== key));
  return { ...filling, held: { ...filling.held, [key]: value }, refused };
}

/** A field was left: from now on it says what is wrong with it. */
export function leave(filling: Filling, key: string): Filling {
  return filling.left.includes(key) ? filling : { ...filling, left: [...filling.left, key] };
}

/** Takes up what the server refused below `/fields`; everything wrong is said from now on. */
export function refuse(filling: Filling, errors: readonly ProblemError[]): Filling {
  const refused = Object.fromEntries(errors.flatMap(({ path, message }) => {
    const plain = path.replace(/^\//, '');
    return plain.startsWith('fields/') ? [[plainPath(plain.slice('fields'.length)), message]] : [];
  }));
  return { ...filling, tried: true, refused };
}
