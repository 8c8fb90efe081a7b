import { isObject, type Rule } from '../../../../rules/conditions/json.ts';

/**
 * Formulas as people write them (公式文本): `round(quantity * price.amount, 0)`, read into the JsonLogic that is kept, and
 * written out again. A bare name is a field; `row.`, `ticket.`, `actor.`, `fields.`, `today` and `now` are what they say.
 */

export type Parsed = { rule: Rule; problem?: undefined } | { rule?: undefined; problem: 'end' | 'unexpected' | 'unknown_function'; at: number; found: string };

const roots = new Set(['fields', 'row', 'ticket', 'actor']);
const functions: Readonly<Record<string, string>> = {
  if: 'if', round: 'round', min: 'min', max: 'max', abs: 'abs', ceil: 'ceil', floor: 'floor', length: 'length', days_between: 'days_between', add_days: 'add_days', concat: 'cat', upper: 'upper', lower: 'lower', not: '!',
};
export const functionNames: readonly string[] = Object.keys(functions);
const functionOf = Object.fromEntries(Object.entries(functions).map(([name, operator]) => [operator, name]));
/** Operators from loosely to tightly binding. */
const levels: readonly (readonly string[])[] = [['or'], ['and'], ['=', '!=', '<', '<=', '>', '>='], ['+', '-'], ['*', '/', '%']];
const operatorOf: Readonly<Record<string, string>> = { '=': '==' };

interface Token { kind: 'number' | 'text' | 'name' | 'sign'; text: string; at: number }
const tokenPattern = /\s*(?:(\d+(?:\.\d+)?)|"((?:[^"\\]|\\.)*)"|([A-Za-z_][A-Za-z0-9_.]*)|(!=|<=|>=|==|[-+*/%()<>=,×÷（），]))/y;
const folded: Readonly<Record<string, string>> = { '×': '*', '÷': '/', '（': '(', '）': ')', '，': ',', '==': '=' };

class Stop extends Error {
  readonly problem: 'end' | 'unexpected' | 'unknown_function';
  readonly token: Token | null;
  constructor(problem: 'end' | 'unexpected' | 'unknown_function', token: Token | null) {
    super(problem);
    this.problem = problem;
    this.token = token;
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(tokenPattern);
  while (text.slice(pattern.lastIndex).trim() !== '') {
    const from = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) throw new Stop('unexpected', { kind: 'sign', text: text.slice(from).trim().slice(0, 1), at: from });
    const [whole, number, quoted, name, sign] = match;
    const at = from + whole.length - whole.trimStart().length;
    if (number !== undefined) tokens.push({ kind: 'number', text: number, at });
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted.replace(/\\(.)/g, '$1'), at });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name, at });
    else tokens.push({ kind: 'sign', text: folded[sign!] ?? sign!, at });
  }
  return tokens;
}

/** Reads a formula. */
export function parseExpression(text: string): Parsed {
  try {
    const tokens = tokensOf(text);
    let at = 0;
    const next = (): Token => {
      const token = tokens[at];
      if (token === undefined) throw new Stop('end', null);
      at += 1;
      return token;
    };
    const isSign = (sign: string): boolean => tokens[at]?.text === sign && tokens[at]?.kind !== 'text';
    const expect = (sign: string): void => {
      const token = next();
      if (token.kind === 'text' || token.text !== sign) throw new Stop('unexpected', token);
    };
    const binary = (level: number): Rule => {
      const signs = levels[level];
      if (signs === undefined) return unary();
      let left = binary(level + 1);
      for (;;) {
        const sign = signs.find(isSign);
        if (sign === undefined) return left;
        at += 1;
        left = { [operatorOf[sign] ?? sign]: [left, binary(level + 1)] };
      }
    };
    const unary = (): Rule => {
      if (!isSign('-')) return primary();
      at += 1;
      const inner = primary();
      return typeof inner === 'number' ? -inner : { '-': [inner] };
    };
    const primary = (): Rule => {
      const token = next();
      if (token.kind === 'number') return Number(token.text);
      if (token.kind === 'text') return token.text;
      if (token.kind === 'sign') {
        if (token.text !== '(') throw new Stop('unexpected', token);
        const inner = binary(0);
        expect(')');
        return inner;
      }
      if (isSign('(')) {
        const operator = Object.hasOwn(functions, token.text) ? functions[token.text]! : null;
        if (operator === null) throw new Stop('unknown_function', token);
        at += 1;
        const list: Rule[] = [];
        while (!isSign(')')) {
          list.push(binary(0));
          if (!isSign(')')) expect(',');
        }
        at += 1;
        return { [operator]: list };
      }
      if (token.text === 'true' || token.text === 'false') return token.text === 'true';
      if (token.text === 'empty') return null;
      if (token.text === 'and' || token.text === 'or' || token.text.endsWith('.')) throw new Stop('unexpected', token);
      const root = token.text.split('.')[0]!;
      return { var: roots.has(root) || token.text === 'today' || token.text === 'now' ? token.text : `fields.${token.text}` };
    };
    const rule = binary(0);
    if (tokens[at] !== undefined) throw new Stop('unexpected', tokens[at]!);
    return { rule };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { problem: error.problem, at: error.token?.at ?? text.length, found: error.token?.text ?? '' };
  }
}

function nameOf(path: string): string | null {
  if (!/^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$/.test(path)) return null;
  const bare = path.startsWith('fields.') ? path.slice('fields.'.length) : path;
  const isBare = path.startsWith('fields.') && !roots.has(bare.split('.')[0]!) && !['today', 'now', 'true', 'false', 'empty', 'and', 'or'].includes(bare);
  if (isBare) return bare;
  return path === 'today' || path === 'now' || roots.has(path.split('.')[0]!) ? path : null;
}

/** Writes a formula out; null when the rule says more than a formula can. */
export function printExpression(rule: unknown): string | null {
  const write = (part: unknown, level: number): string | null => {
    if (typeof part === 'number') return part < 0 && level > 0 ? `(${part})` : String(part);
    if (typeof part === 'boolean') return String(part);
    if (part === null) return 'empty';
    if (typeof part === 'string') return `"${part.replace(/["\\]/g, '\\$&')}"`;
    if (!isObject(part) || Object.keys(part).length !== 1) return null;
    const [operator] = Object.keys(part) as [string];
    const given = part[operator];
    const list: unknown[] = Array.isArray(given) ? given : [given];
    if (operator === 'var') return list.length === 1 && typeof list[0] === 'string' ? nameOf(list[0]) : null;
    const sign = operator === '==' ? '=' : operator;
    const own = levels.findIndex((signs) => signs.includes(sign));
    if (own >= 0 && list.length >= 2) {
      if (own === 2 && list.length > 2) return null;
      const parts = list.map((one, index) => write(one, index === 0 ? own : own + 1));
      if (parts.some((one) => one === null)) return null;
      const text = parts.join(` ${sign} `);
      return own < level ? `(${text})` : text;
    }
    if (operator === '-' && list.length === 1) {
      const inner = write(list[0], levels.length);
      return inner === null ? null : `-${inner}`;
    }
    const name = Object.hasOwn(functionOf, operator) ? functionOf[operator]! : null;
    const parts = list.map((one) => write(one, 0));
    return name === null || parts.some((one) => one === null) ? null : `${name}(${parts.join(', ')})`;
  };
  return write(rule, 0);
}
