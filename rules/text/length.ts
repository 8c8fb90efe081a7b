/** Whether a text has more characters (code points) than are taken (字数是否超限). Only in between they have to be counted. */
export function isLongerThan(text: string, limit: number): boolean {
  return text.length > limit && (text.length > limit * 2 || [...text].length > limit);
}
