// Overrides and isolates of direction turn around what stands behind them, far beyond the name that holds them (UAX #9; CVE-2021-42574).
const turning = /[\u202A-\u202E\u2066-\u2069]/gu;
// Nothing is seen of these, and nothing needs them: two names that look the same would be two.
const unseen = /\u034F|[\u00AD\u115F\u1160\u180E\u200B\u2060-\u2064\u206A-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB]/gu;
const marks = /[\u061C\u200E\u200F]/gu;
const rightToLeft = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
// Between pictures a joiner makes one of two; within these scripts it says how letters are written.
const joined = '\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Mongolian}\\p{Script=Devanagari}\\p{Script=Bengali}\\p{Script=Gurmukhi}\\p{Script=Gujarati}\\p{Script=Oriya}\\p{Script=Tamil}\\p{Script=Telugu}\\p{Script=Kannada}\\p{Script=Malayalam}\\p{Script=Sinhala}\\p{Script=Khmer}\\p{M}';
const joiners = new RegExp(`(?<![${joined}\\u{1F3FB}-\\u{1F3FF}\\uFE0F\\p{Extended_Pictographic}])\\u200D|\\u200D(?![${joined}\\p{Extended_Pictographic}])|(?<![${joined}])\\u200C|\\u200C(?![${joined}])`, 'gu');
// Letters of a flag stand behind a black one, up to their end.
const flagLetters = /(\u{1F3F4}[\u{E0020}-\u{E007E}]{1,6}\u{E007F})|[\u{E0000}-\u{E007F}]/gu;

/**
 * A text of any lines without what nobody sees and what turns the direction of what stands behind it (可读文本); halves of characters are left out. Line breaks, pictures
 * made of several and what a script needs stay.
 */
export function readableText(text: string): string {
  let line = text.isWellFormed() ? text : text.replace(/[\uD800-\uDFFF]/gu, '');
  if (!/[^\x20-\x7e\u4e00-\u9fff]/u.test(line)) return line;
  line = line.replace(turning, '').replace(unseen, '').replace(flagLetters, '$1').replace(/(?![\t\n\r])[\p{Cc}]/gu, '');
  if (!rightToLeft.test(line)) line = line.replace(marks, '');
  // One that was left out may leave another with nothing to join.
  for (let before = ''; before !== line;) [before, line] = [line, line.replace(joiners, '')];
  return line;
}

/**
 * A name or subject as it may stand in a list (单行文本): what breaks lines, and spaces in a row, become one space, none at its ends, and nothing stays that
 * `readableText` leaves out.
 */
export const oneLine = (text: string): string => readableText(text.replace(/\p{Cc}+/gu, ' ')).replace(/\s+/gu, ' ').trim();
