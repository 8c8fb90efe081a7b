import { unknownVariables } from '../../../rules/text/variables.ts';
import { invalidInput } from '../../platform/errors/refusal.ts';

/** Refuses a text with variables that stand for nothing, naming them. */
export function ensureVariablesKnown(text: string | undefined, path: string): void {
  const unknown = text === undefined ? [] : unknownVariables(text);
  if (unknown.length > 0) throw invalidInput(path, 'unknown_variable', { zh: `没有这个变量：${unknown.slice(0, 5).join('、')}`, en: `holds unknown variables: ${unknown.slice(0, 5).join(', ')}` });
}
