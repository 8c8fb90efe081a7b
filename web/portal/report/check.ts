/** What is wrong with a request before it is sent, by field: the key of the phrase that says so. */
export interface ReportErrors {
  description?: 'report.descriptionMissing';
  phone?: 'report.phoneMissing' | 'report.phoneWrong';
}

// The same pattern the server holds phone numbers against.
const phonePattern = /^\+?[0-9 ()-]+$/;

/** What is wrong with a phone number, or null (手机号校验). */
export function phoneError(phone: string): 'report.phoneMissing' | 'report.phoneWrong' | null {
  const trimmed = phone.trim();
  if (trimmed === '') return 'report.phoneMissing';
  const digits = trimmed.replace(/\D/g, '').length;
  return phonePattern.test(trimmed) && trimmed.length <= 30 && digits >= 3 ? null : 'report.phoneWrong';
}

/** Checks a request as the server will (报修校验); empty when it can be sent. */
export function checkReport(report: { description: string; phone: string }): ReportErrors {
  const errors: ReportErrors = {};
  if (report.description.trim().length < 2) errors.description = 'report.descriptionMissing';
  const phone = phoneError(report.phone);
  if (phone !== null) errors.phone = phone;
  return errors;
}
