/**
 * What keeps a text from being a phone number that somebody can be called back on (电话号码校验):
 * - `incomplete`: it begins like one and stops short
 * - `areaCode`: a landline without its area code
 * - `wrong`: something else
 */
export type PhoneProblem = 'incomplete' | 'areaCode' | 'wrong';

// Mobile numbers: 工信部《电信网编号计划(2017年版)》, eleven digits from 13 to 19.
const mobile = /^1[3-9]\d{9}$/;
// Area codes are 0 and two digits in ten large cities, 0 and three digits elsewhere; numbers have seven or eight digits.
const landline = /^0?(10|2\d|[3-9]\d{2})[2-9]\d{6,7}$/;
// Numbers of companies, answered anywhere in the country.
const nationwide = /^[48]00\d{7}$/;

function chineseProblem(digits: string, abroad: boolean): PhoneProblem | null {
  if (mobile.test(digits) || (landline.test(digits) && (abroad || digits.startsWith('0'))) || nationwide.test(digits)) return null;
  if (/^1[3-9]/.test(digits)) return digits.length < 11 ? 'incomplete' : 'wrong';
  if (digits.startsWith('0')) return digits.length < 10 ? 'incomplete' : 'wrong';
  if (/^[48]00/.test(digits)) return digits.length < 10 ? 'incomplete' : 'wrong';
  if (digits.length < 7) return digits === '' ? 'wrong' : 'incomplete';
  return !abroad && digits.length <= 8 && /^[2-9]/.test(digits) ? 'areaCode' : 'wrong';
}

/** The number as it is dialled: without separators and extension, from abroad with a plus. */
function dialled(text: string): string {
  return text.replace(/[ ()]/g, '').replace(/^(0\d{2,3}-?\d{7,8})-\d{1,6}$/, '$1').replace(/-/g, '').replace(/^00/, '+');
}

/** Whether text messages reach the number: not those of landlines and companies in China (能否收短信). */
export function takesTextMessages(typed: string): boolean {
  const number = dialled(typed.trim());
  return number.startsWith('+') && !number.startsWith('+86') ? true : mobile.test(number.replace(/^\+86/, ''));
}

/**
 * Looks at a phone number as somebody typed it: a Chinese mobile number, a landline with its area code (an extension may
 * follow after a hyphen), a 400 or 800 number, or an international one that begins with + or 00 (ITU-T E.164: at most
 * fifteen digits).
 *
 * @returns null when it will do
 */
export function phoneProblem(typed: string): PhoneProblem | null {
  const text = typed.trim();
  if (text.length > 30 || !/^\+?[0-9 ()-]+$/.test(text)) return 'wrong';
  const number = dialled(text);
  if (!number.startsWith('+')) return chineseProblem(number, false);
  if (number.startsWith('+86')) return chineseProblem(number.slice(3), true);
  if (!/^\+[1-9]/.test(number)) return 'wrong';
  return number.length < 8 ? 'incomplete' : number.length > 16 ? 'wrong' : null;
}
