/**
 * A telephone number as an exchange says it, in the form customers' numbers are kept in (号码归一): digits, with + for other countries. A
 * zero to reach the long-distance line before a mobile number, and China's own prefix, say nothing. Null for what is no number: hidden,
 * anonymous, an extension's name.
 */
export function numberOf(said: unknown): string | null {
  if (typeof said !== 'string' && typeof said !== 'number') return null;
  // sip:1001@pbx.example, tel:+8613800001111;phone-context=…
  const bare = String(said).trim().replace(/^(?:sips?|tel):/i, '').split(/[@;]/, 1)[0]!;
  if (!/^[\d+][\d ()./-]{0,39}$/.test(bare)) return null;
  const digits = bare.replace(/[^\d+]/g, '').replace(/(?!^)\+/g, '');
  const plain = digits.replace(/^(?:\+86|0086|0)(?=1[3-9]\d{9}$)/, '');
  return plain.length >= 1 && plain.length <= 20 ? plain : null;
}

/** Whether a number may be somebody's outside the house, rather than an extension. */
export const isOutside = (number: string | null): number is string => number !== null && number.replace(/\D/g, '').length >= 7;
