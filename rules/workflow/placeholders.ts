import { asText } from '../conditions/json.ts';

/** Variables in texts of actions (文字中的变量): {{fields.model}}, {{ticket.number}}, {{vars.total|0}}. Put in as they are, once. */

const pattern = /\{\{([^{}]*)\}\}/g;

function parts(inside: string): { path: string[]; otherwise: string } {
  const bar = inside.indexOf('|');
  const path = (bar < 0 ? inside : inside.slice(0, bar)).trim();
  return { path: path.split('.'), otherwise: bar < 0 ? '' : inside.slice(bar + 1).trim() };
}

/** The variables a text names, as paths, each once. */
export function placeholdersIn(text: string): string[] {
  return [...new Set([...text.matchAll(pattern)].map((match) => parts(match[1]!).path.join('.')))];
}

/** A text with its variables put in; `encode` is applied to each value. What has no value is left out. */
export function fillIn(text: string, data: unknown, encode: (value: string) => string = (value) => value): string {
  return text.replace(pattern, (_whole, inside: string) => {
    const { path, otherwise } = parts(inside);
    let value: unknown = data;
    for (const step of path) value = typeof value === 'object' && value !== null && Object.hasOwn(value, step) ? (value as Record<string, unknown>)[step] : undefined;
    const said = asText(value);
    return encode(said === '' ? otherwise : said);
  });
}
