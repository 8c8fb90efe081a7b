/** Currencies whose minor unit is not a hundredth (ISO 4217). */
const exponents: Readonly<Record<string, number>> = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, UYI: 0, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
  BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3, CLF: 4, UYW: 4,
};

/** What a currency's code looks like. */
export const currencyPattern = /^[A-Z]{3}$/;

/** How many places a currency's amounts have behind the point (小数位): 2 for CNY, 0 for JPY. */
export function minorDigits(currency: string): number {
  return Object.hasOwn(exponents, currency) ? exponents[currency]! : 2;
}

/** An amount of minor units as a decimal: 1250 of CNY is `12.50`. */
export function majorUnits(amount: number, currency: string): string {
  const digits = minorDigits(currency);
  const text = String(Math.abs(amount)).padStart(digits + 1, '0');
  return `${amount < 0 ? '-' : ''}${text.slice(0, text.length - digits)}${digits > 0 ? `.${text.slice(-digits)}` : ''}`;
}
