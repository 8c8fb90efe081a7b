import type { TextFormat } from './form.ts';

/**
 * Named formats and masks of texts (文本格式与掩码). There are no free patterns: a regular expression that somebody types can
 * take for ever on the wrong text, on the server and in the browser. What is here looks at each character a fixed number
 * of times.
 */

const provinces = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼';
// Mobile and international numbers are kept as digits; in numbers of the fixed network hyphens part what belongs together.
const mobiles = [/^(?:\+?86)?1[3-9]\d{9}$/, /^\+[1-9]\d{6,14}$/];
const landlines = [/^0\d{2,3}-?\d{3,4}-?\d{4}(?:-\d{1,6})?$/, /^[2-9]\d{6,7}$/, /^[48]00-?\d{3}-?\d{4}$/, /^(?:1\d{4}|9\d{4,7})$/];
const emailLocal = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}$/;
const domainLabel = /^[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u;
const plates = [new RegExp(`^[${provinces}][A-HJ-NP-Z][A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳领]$`), new RegExp(`^[${provinces}][A-HJ-NP-Z](?:[A-HJK][0-9A-HJ-NP-Z]\\d{4}|\\d{5}[A-HJK])$`), /^使\d{6}$/];

/** As it is stored when it has the format, or null when it has not. */
const formats: Record<TextFormat, (text: string) => string | null> = {
  phone: (text) => {
    const compact = text.normalize('NFKC').replace(/[ ()]/g, '');
    const digits = compact.replaceAll('-', '');
    if (mobiles.some((pattern) => pattern.test(digits))) return digits;
    return landlines.some((pattern) => pattern.test(compact)) ? compact : null;
  },
  email: (text) => {
    const at = text.lastIndexOf('@');
    const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
    const labels = domain.split('.');
    const isOne = at > 0 && text.length <= 254 && emailLocal.test(local) && !local.startsWith('.') && !local.endsWith('.') && !local.includes('..') && labels.length > 1 && labels.every((label) => domainLabel.test(label));
    return isOne ? `${local}@${domain.toLowerCase()}` : null;
  },
  url: (text) => {
    if (!/^https?:\/\/[^\s]+$/i.test(text)) return null;
    try {
      const { username, password } = new URL(text);
      return username === '' && password === '' ? text : null;
    } catch {
      return null;
    }
  },
  cn_id: (text) => {
    const number = text.normalize('NFKC').toUpperCase();
    return isCitizenNumber(number) ? number : null;
  },
  cn_uscc: (text) => {
    const code = text.normalize('NFKC').toUpperCase();
    return isCreditCode(code) ? code : null;
  },
  cn_plate: (text) => {
    const plate = text.normalize('NFKC').toUpperCase().replace(/[ ·•.-]/g, '');
    return plates.some((pattern) => pattern.test(plate)) ? plate : null;
  },
  cn_postcode: (text) => (/^\d{6}$/.test(text.normalize('NFKC')) ? text.normalize('NFKC') : null),
  digits: (text) => (/^\d+$/.test(text.normalize('NFKC')) ? text.normalize('NFKC') : null),
};

/** The text as it is stored when it has the format, or null (格式校验): full-width digits become plain ones, letters capitals where they are. */
export function withFormat(format: TextFormat, text: string): string | null {
  return formats[format](text);
}

const regions = new Set('11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83'.split(' '));
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Citizen identification number (居民身份证号): region, a day of the calendar, ISO 7064 MOD 11-2 check character; GB 11643-1999. */
function isCitizenNumber(number: string): boolean {
  const match = /^(\d{2})\d{4}(\d{4})(\d{2})(\d{2})\d{3}[\dX]$/.exec(number);
  if (!match || !regions.has(match[1]!)) return false;
  const [year, month, day] = [Number(match[2]), Number(match[3]), Number(match[4])];
  const born = new Date(Date.UTC(year, month - 1, day));
  if (year < 1800 || born.getUTCMonth() !== month - 1 || born.getUTCDate() !== day) return false;
  const sum = weights.reduce((total, weight, index) => total + weight * Number(number[index]), 0);
  return '10X98765432'[sum % 11] === number[17];
}

const creditAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** Unified social credit code (统一社会信用代码): MOD 31 check character with weights 3ⁿ; GB 32100-2015. */
function isCreditCode(code: string): boolean {
  if (!/^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/.test(code)) return false;
  let [sum, weight] = [0, 1];
  for (const character of code.slice(0, 17)) {
    sum += creditAlphabet.indexOf(character) * weight;
    weight = (weight * 3) % 31;
  }
  return creditAlphabet[(31 - (sum % 31)) % 31] === code[17];
}

interface Place { kind: 'digit' | 'capital' | 'letter' | 'either' | 'literal'; literal: string }
const places: Readonly<Record<string, Place['kind']>> = { 9: 'digit', A: 'capital', a: 'letter', '*': 'either' };

/** The places of a mask; a `\` at its very end stands for itself. */
function placesOf(mask: string): Place[] {
  const found: Place[] = [];
  const characters = [...mask];
  for (let index = 0; index < characters.length; index += 1) {
    const character = characters[index]!;
    const next = characters[index + 1];
    if (character === '\\' && next !== undefined) {
      found.push({ kind: 'literal', literal: next });
      index += 1;
    } else {
      found.push({ kind: places[character] ?? 'literal', literal: character });
    }
  }
  return found;
}

const expressions = { digit: /^\d$/, capital: /^[A-Z]$/, letter: /^[A-Za-z]$/, either: /^[A-Za-z0-9]$/ } as const;

/** Whether a mask holds a place to fill in at all. */
export function isMask(mask: string): boolean {
  return placesOf(mask).some(({ kind }) => kind !== 'literal');
}

/**
 * The text as it is stored when it fits a mask, or null (掩码校验). In a mask `9` is a digit, `A` a capital letter (a small
 * one becomes it), `a` a letter, `*` a letter or digit, `\` takes what follows as it stands, as does everything else.
 */
export function withMask(mask: string, text: string): string | null {
  const wanted = placesOf(mask);
  const typed = [...text];
  if (typed.length !== wanted.length) return null;
  let stored = '';
  for (const [index, { kind, literal }] of wanted.entries()) {
    const narrow = typed[index]!.normalize('NFKC');
    const character = kind === 'capital' ? narrow.toUpperCase() : narrow;
    if (kind === 'literal' ? typed[index] !== literal && narrow !== literal : !expressions[kind].test(character)) return null;
    stored += kind === 'literal' ? literal : character;
  }
  return stored;
}

/** A mask as a regular expression of JSON Schema (ECMA-262). */
export function maskPattern(mask: string): string {
  const classes = { digit: '[0-9]', capital: '[A-Z]', letter: '[A-Za-z]', either: '[A-Za-z0-9]' } as const;
  return `^${placesOf(mask).map(({ kind, literal }) => (kind === 'literal' ? literal.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&') : classes[kind])).join('')}$`;
}
