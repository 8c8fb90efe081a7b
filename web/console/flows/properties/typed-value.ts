import type { Rule } from '../../../../rules/conditions/json.ts';

/** What was typed as a value (固定值): a number where it is written as one, yes and no as `true` and `false`, else text. `0571` stays text. */
export function typedValue(text: string): Rule {
  if (/^-?(0|[1-9]\d{0,14})(\.\d{1,9})?$/.test(text)) return Number(text);
  return text === 'true' ? true : text === 'false' ? false : text;
}
