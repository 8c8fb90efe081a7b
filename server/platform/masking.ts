/** A phone number with its middle hidden (脱敏): 138****5678; short ones keep only their end. */
export function maskPhone(phone: string | null): string | null {
  if (phone === null) return null;
  if (phone.length >= 11) return `${phone.slice(0, phone.length - 8)}****${phone.slice(-4)}`;
  return phone.length > 4 ? `****${phone.slice(-3)}` : '****';
}

/** An e-mail address with its name hidden: z***@example.com. */
export function maskEmail(email: string | null): string | null {
  if (email === null) return null;
  const at = email.lastIndexOf('@');
  return at < 1 ? '***' : `${email[0]}***${email.slice(at)}`;
}

/** A phone number in the form it is stored and compared in: digits, with + kept for other countries. */
export function normalisePhone(text: string): string {
  const digits = text.replace(/[^\d+]/g, '').replace(/(?!^)\+/g, '');
  // China's own prefix says nothing here.
  return digits.replace(/^(\+86|0086)(?=1\d{10}$)/, '');
}
