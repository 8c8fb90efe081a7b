import { isLongerThan } from '../../../rules/text/length.ts';
import { phoneProblem } from '../../../rules/text/phone-number.ts';

/** The contract's limit, in characters. */
export const longestDescription = 20_000;

/** What is wrong with a request before it is sent, by field: the key of the phrase that says so. */
export interface ReportErrors {
  description?: 'report.descriptionMissing' | 'report.descriptionLong';
  phone?: PhoneError;
}

type PhoneError = 'report.phoneMissing' | 'report.phoneIncomplete' | 'report.phoneAreaCode' | 'report.phoneWrong';
const sentences = { incomplete: 'report.phoneIncomplete', areaCode: 'report.phoneAreaCode', wrong: 'report.phoneWrong' } as const;

/** What is wrong with a phone number, or null (手机号校验). */
export function phoneError(phone: string): PhoneError | null {
  if (phone.trim() === '') return 'report.phoneMissing';
  const problem = phoneProblem(phone);
  return problem === null ? null : sentences[problem];
}

/** Checks a request as the server will (报修校验); empty when it can be sent. */
export function checkReport(report: { description: string; phone: string }): ReportErrors {
  const errors: ReportErrors = {};
  if (report.description.trim().length < 2) errors.description = 'report.descriptionMissing';
  else if (isLongerThan(report.description.trim(), longestDescription)) errors.description = 'report.descriptionLong';
  const phone = phoneError(report.phone);
  if (phone !== null) errors.phone = phone;
  return errors;
}
