import { isSealedHeader } from '../../../rules/workflow/definition.ts';

/** Stands for a value that is kept sealed: left as it is, it stays. */
export const sealedSign = '••••••';

/** Headers as lines to be edited (请求头), `name: value`. */
export const writeHeaderLines = (headers: Readonly<Record<string, string>>): string =>
  Object.entries(headers).map(([name, value]) => `${name}: ${isSealedHeader(value) ? sealedSign : value}`).join('\n');

/** Headers out of lines; lines that name none are left out. */
export function readHeaderLines(text: string, kept: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(text.split('\n').flatMap((line) => {
    const [, name, value] = /^\s*([A-Za-z0-9-]{1,64})\s*:\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return [];
    const before = kept[name];
    return [[name, value === sealedSign && before !== undefined && isSealedHeader(before) ? before : value]];
  }));
}
