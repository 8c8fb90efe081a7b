/** What a message needs is not there so far: it is looked at again in a moment (稍后再试), as often as is said, then put aside with that reason. */
export class TooEarly extends Error {
  readonly code: string;
  /** How often it is looked at; as often as a fault of the program where nothing is said. */
  readonly attempts: number | undefined;

  constructor(message: string, { code = 'too_early', attempts }: { code?: string; attempts?: number } = {}) {
    super(message);
    this.code = code;
    this.attempts = attempts;
  }
}
