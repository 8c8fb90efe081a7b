import type { Rule } from '../../conditions/json.ts';

/**
 * Reads a simple condition as other designers write it (外部条件表达式): `${amount > 10000}` (JUEL), `= amount > 10000` (FEEL),
 * with comparisons, `&&`/`and`, `||`/`or`, `!`/`not(…)`, brackets, numbers, texts, true, false, null. Names become variables
 * of the flow, `vars.<name>`. Null for whatever says more: nothing is guessed, and nothing is ever carried out.
 */
export function readExpression(text: string): { rule: Rule; variables: readonly string[] } | null {
  const trimmed = text.trim();
  const inner = /^[$#]\{([\s\S]*)\}$/.exec(trimmed)?.[1] ?? /^=([^=][\s\S]*)$/.exec(trimmed)?.[1] ?? trimmed;
  const tokens = tokenise(inner);
  if (tokens === null || tokens.length === 0 || tokens.length > 200) return null;
  const reader = { tokens, at: 0, variables: new Set<string>(), depth: 0 };
  const rule = either(reader);
  return rule === undefined || reader.at < tokens.length ? null : { rule, variables: [...reader.variables] };
}

type Token = { kind: 'sign' | 'name' | 'text' | 'number'; value: string };
interface Reader { tokens: readonly Token[]; at: number; variables: Set<string>; depth: number }

function tokenise(text: string): Token[] | null {
  if (text.length > 2_000) return null;
  const tokens: Token[] = [];
  const pattern = /\s+|(&&|\|\||==|!=|<=|>=|[<>=!()-])|(\d{1,15}(?:\.\d{1,9})?)(?![\w.])|([A-Za-z_][\w.]{0,80})|"([^"\\]*)"|'([^'\\]*)'/y;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) return null;
    if (match[1] !== undefined) tokens.push({ kind: 'sign', value: match[1] });
    else if (match[2] !== undefined) tokens.push({ kind: 'number', value: match[2] });
    else if (match[3] !== undefined) tokens.push(words[match[3]] ?? { kind: 'name', value: match[3] });
    else if (match[4] !== undefined || match[5] !== undefined) tokens.push({ kind: 'text', value: match[4] ?? match[5] ?? '' });
  }
  return tokens;
}

const sign = (value: string): Token => ({ kind: 'sign', value });
const words: Readonly<Record<string, Token | undefined>> = {
  __proto__: null, and: sign('&&'), or: sign('||'), not: sign('!'), eq: sign('=='), ne: sign('!='), lt: sign('<'), le: sign('<='), gt: sign('>'), ge: sign('>='),
} as unknown as Readonly<Record<string, Token | undefined>>;
const comparisons: Readonly<Record<string, string | undefined>> = { '==': '===', '=': '===', '!=': '!==', '<': '<', '<=': '<=', '>': '>', '>=': '>=' };

function take(reader: Reader, value: string): boolean {
  const token = reader.tokens[reader.at];
  if (token?.kind !== 'sign' || token.value !== value) return false;
  reader.at += 1;
  return true;
}

function either(reader: Reader): Rule | undefined {
  return joined(reader, '||', 'or', both);
}
function both(reader: Reader): Rule | undefined {
  return joined(reader, '&&', 'and', negated);
}

function joined(reader: Reader, mark: string, operator: string, part: (reader: Reader) => Rule | undefined): Rule | undefined {
  const parts = [part(reader)];
  while (take(reader, mark)) parts.push(part(reader));
  if (parts.some((one) => one === undefined)) return undefined;
  return parts.length === 1 ? parts[0] : { [operator]: parts as Rule[] };
}

function negated(reader: Reader): Rule | undefined {
  if (!take(reader, '!')) return compared(reader);
  reader.depth += 1;
  const inner = reader.depth > 30 ? undefined : negated(reader);
  reader.depth -= 1;
  return inner === undefined ? undefined : { '!': [inner] };
}

function compared(reader: Reader): Rule | undefined {
  const left = operand(reader);
  const token = reader.tokens[reader.at];
  const operator = token?.kind === 'sign' ? comparisons[token.value] : undefined;
  if (left === undefined || operator === undefined) return left;
  reader.at += 1;
  const right = operand(reader);
  return right === undefined ? undefined : { [operator]: [left, right] };
}

function operand(reader: Reader): Rule | undefined {
  if (take(reader, '(')) {
    reader.depth += 1;
    const inner = reader.depth > 30 ? undefined : either(reader);
    reader.depth -= 1;
    return inner !== undefined && take(reader, ')') ? inner : undefined;
  }
  const negative = take(reader, '-');
  const token = reader.tokens[reader.at];
  if (token === undefined || token.kind === 'sign' || (negative && token.kind !== 'number')) return undefined;
  reader.at += 1;
  if (token.kind === 'number') return Number(token.value) * (negative ? -1 : 1);
  if (token.kind === 'text') return token.value;
  if (token.value === 'true' || token.value === 'false') return token.value === 'true';
  if (token.value === 'null') return null;
  // A name, or a path whose first step is one; a call would follow as a bracket, which nothing takes.
  const [first = ''] = token.value.split('.');
  const key = first.replace(/^[A-Z_]+/, (start) => start.toLowerCase()).replace(/^_+/, '');
  if (!/^[a-z][a-zA-Z0-9_]{0,62}$/.test(key) || token.value.endsWith('.') || token.value.includes('..')) return undefined;
  reader.variables.add(key);
  return { var: `vars.${[key, ...token.value.split('.').slice(1)].join('.')}` };
}
