import { maskEmailAddress, maskPhoneNumber } from '../../rules/privacy/masks.ts';

/** A phone number with its middle hidden (脱敏): 138****5678; short ones keep only their end. */
export function maskPhone(phone: string | null): string | null {
  return phone === null ? null : maskPhoneNumber(phone);
}

/** An e-mail address with its name hidden: z***@example.com. */
export function maskEmail(email: string | null): string | null {
  return email === null ? null : maskEmailAddress(email);
}

/** A phone number in the form it is stored and compared in: digits, with + kept for other countries. */
export function normalisePhone(text: string): string {
  const digits = text.replace(/[^\d+]/g, '').replace(/(?!^)\+/g, '');
  // China's own prefix says nothing here.
  return digits.replace(/^(\+86|0086)(?=1\d{10}$)/, '');
}
