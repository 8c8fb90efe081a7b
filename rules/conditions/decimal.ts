/**
 * Decimal arithmetic on ordinary numbers (十进制运算): each operand is taken as the shortest decimal that names it (what
 * JSON writes), the result is exact and then the nearest number to it. So 0.1 + 0.2 is 0.3, and every result of up to 15
 * significant digits is exactly the decimal one would reckon on paper. Operands must be finite.
 */

interface Decimal { digits: bigint; scale: number }

// Beyond this a result is rounded anyway; it keeps the exact middle of an operation from growing to hundreds of digits.
const mostScale = 120;
const divisionDigits = 30;

function decimal(value: number): Decimal {
  if (Number.isSafeInteger(value)) return { digits: BigInt(value), scale: 0 };
  const [mantissa = '0', exponent = '0'] = String(value).split('e');
  const point = mantissa.indexOf('.');
  const scale = (point < 0 ? 0 : mantissa.length - point - 1) - Number(exponent);
  const digits = BigInt(point < 0 ? mantissa : mantissa.slice(0, point) + mantissa.slice(point + 1));
  return scale < 0 ? { digits: digits * BigInt(10) ** BigInt(-scale), scale: 0 } : { digits, scale };
}

function number({ digits, scale }: Decimal): number {
  return Number(scale === 0 ? digits : `${digits}e-${scale}`) + 0;
}

/** Digits of both at the same scale. */
function aligned(a: number, b: number): { a: bigint; b: bigint; scale: number } {
  const first = decimal(a);
  const second = decimal(b);
  const scale = Math.max(first.scale, second.scale);
  return { a: first.digits * BigInt(10) ** BigInt(scale - first.scale), b: second.digits * BigInt(10) ** BigInt(scale - second.scale), scale };
}

const whole = (a: number, b: number) => Number.isSafeInteger(a) && Number.isSafeInteger(b);
// What is so far apart or so small cannot matter to a sum; plain numbers are near enough and cheap.
const extreme = (value: number) => value !== 0 && (Math.abs(value) < 1e-30 || Math.abs(value) > 1e30);

/** a + b. */
export function add(a: number, b: number): number {
  if (whole(a, b) || extreme(a) || extreme(b)) return a + b;
  const both = aligned(a, b);
  return number({ digits: both.a + both.b, scale: both.scale });
}

/** a − b. */
export function subtract(a: number, b: number): number {
  return add(a, -b);
}

/** a × b. */
export function multiply(a: number, b: number): number {
  if (extreme(a) || extreme(b)) return a * b;
  const product = a * b;
  if (whole(a, b) && Number.isSafeInteger(product)) return product + 0;
  const first = decimal(a);
  const second = decimal(b);
  return number({ digits: first.digits * second.digits, scale: first.scale + second.scale });
}

/** a ÷ b to 30 significant digits before it is rounded to a number; b is not 0. */
export function divide(a: number, b: number): number {
  if (extreme(a) || extreme(b)) return a / b;
  const both = aligned(a, b);
  const shift = Math.min(mostScale, divisionDigits + Math.max(0, String(both.b).length - String(both.a).length));
  return number({ digits: (both.a * BigInt(10) ** BigInt(shift)) / both.b, scale: shift });
}

/** The rest of a ÷ b with the sign of a; b is not 0. */
export function remainder(a: number, b: number): number {
  if (extreme(a) || extreme(b)) return (a % b) + 0;
  const both = aligned(a, b);
  return number({ digits: both.a % both.b, scale: both.scale });
}

/** Rounded to so many places (0–15), halves away from zero (四舍五入). */
export function round(value: number, places: number): number {
  if (extreme(value)) return Math.abs(value) < 1 ? 0 : value;
  const { digits, scale } = decimal(value);
  if (scale <= places) return value + 0;
  const unit = BigInt(10) ** BigInt(scale - places);
  const half = unit / BigInt(2);
  return number({ digits: (digits + (digits < BigInt(0) ? -half : half)) / unit, scale: places });
}

/** How many places a number has behind the point. */
export function places(value: number): number {
  return decimal(value).scale;
}
