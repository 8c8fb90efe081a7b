/** A text as one line (单行): what breaks lines, and spaces in a row, become one space; none at its ends. */
export const oneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
