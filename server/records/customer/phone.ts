import { describeValidationError } from '../../../contract/validation.ts';
import type { Context } from '../../platform/context.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { normalisePhone } from '../../platform/masking.ts';

const fewestDigits = 3;

/** A phone number of a request in the form it is stored in; refused when hardly a digit is left of it. */
export function toStoredPhone(context: Pick<Context, 'language'>, text: string, path: string): string {
  const phone = normalisePhone(text);
  if (phone.replace(/\D/g, '').length >= fewestDigits) return phone;
  throw new Refusal('invalid_input', {}, { errors: [describeValidationError({ keyword: 'pattern', instancePath: path, params: {} }, context.language)] });
}
