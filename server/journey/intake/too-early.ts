/**
 * What a message needs is not there so far: it is looked at again in a moment (稍后再试), then put aside with that reason.
 */
export class TooEarly extends Error {
  readonly code: string;
  /** How long it may wait for it from when it came, in seconds, however often it is looked at; where nothing is said each look counts as an attempt that failed. */
  readonly patienceSeconds: number | undefined;

  constructor(message: string, { code = 'too_early', patienceSeconds }: { code?: string; patienceSeconds?: number } = {}) {
    super(message);
    this.code = code;
    this.patienceSeconds = patienceSeconds;
  }
}
