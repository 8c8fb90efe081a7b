import { describeRefusal, refusals, type RefusalCode, type RefusalParameter } from '../../../contract/refusals.ts';

/**
 * One input that is wrong: where it stands in the request (JSON pointer) and a stable code. The sentence is written
 * when it is answered, in the reader's language, unless one is given.
 */
export interface InputError {
  path: string;
  code: string;
  message?: string | { zh: string; en: string };
}

/**
 * An expected failure (拒绝): the caller gets its documented answer, nothing is written, nobody is alarmed.
 * Everything else that is thrown is a bug and answers 500.
 */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly parameters: Record<string, RefusalParameter>;
  readonly errors: InputError[] | undefined;
  /** Extra members of the problem answer, for instance the organizations to choose from. */
  readonly details: Record<string, unknown> | undefined;
  /** Whether a use-case's transaction is committed all the same: a guess that was wrong has to be counted. */
  readonly keepsWrites: boolean;

  constructor(code: RefusalCode, parameters: Record<string, RefusalParameter> = {}, more: { errors?: InputError[]; details?: Record<string, unknown>; keepsWrites?: true } = {}) {
    super(describeRefusal(code, parameters, 'en'));
    this.name = 'Refusal';
    this.code = code;
    this.parameters = parameters;
    this.errors = more.errors;
    this.details = more.details;
    this.keepsWrites = more.keepsWrites ?? false;
  }

  get status(): number {
    return refusals[this.code].status;
  }
}

/** Refuses one named input; `path` is a JSON pointer into the body such as `/category`. */
export function refuseInput(path: string, code: RefusalCode, parameters: Record<string, RefusalParameter> = {}): Refusal {
  return new Refusal(code, parameters, { errors: [{ path, code }] });
}

/** Refuses an input that a rule, not its schema, finds wrong: `invalid_input` with a code and a sentence of its own. */
export function invalidInput(path: string, code: string, message?: { zh: string; en: string }): Refusal {
  return new Refusal('invalid_input', {}, { errors: [{ path, code, ...(message ? { message } : {}) }] });
}

/** Refuses a request that lacks what this step needs. */
export function missingInput(path: string): Refusal {
  return invalidInput(path, 'required');
}
