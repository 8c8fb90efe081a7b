import { phonePattern } from '../../../contract/common.ts';
import { describeValidationError } from '../../../contract/validation.ts';
import { phoneProblem } from '../../../rules/text/phone-number.ts';
import type { Context } from '../../platform/context.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { normalisePhone } from '../../platform/masking.ts';

/** A phone number of a request in the form it is stored in; refused by the rule by which the faces check it as one types. */
export function toStoredPhone(context: Pick<Context, 'language'>, text: string, path: string): string {
  if (phoneProblem(text) === null) return normalisePhone(text);
  throw new Refusal('invalid_input', {}, { errors: [describeValidationError({ keyword: 'pattern', instancePath: path, params: { pattern: phonePattern } }, context.language)] });
}
