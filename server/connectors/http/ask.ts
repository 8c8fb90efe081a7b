import { hash } from 'node:crypto';
import type { ConnectorKind } from '../../../contract/connector.ts';
import { connectorLimits } from '../../../contract/connector.ts';
import { asText } from '../../../rules/conditions/json.ts';
import { at } from '../../../rules/intake/mapping.ts';
import { fillIn, placeholdersIn } from '../../../rules/workflow/placeholders.ts';
import { callOutside, isFinal, OutsideFailure, type OutsideAnswer, type OutsideRequest } from '../../platform/egress/call-outside.ts';

/** A connector with its secrets opened. */
export interface OpenConnector {
  kind: ConnectorKind;
  /** Stays the same for as long as its settings do; null where nothing of it is to be kept. */
  identity: string | null;
  values: Readonly<Record<string, string>>;
}

/** Why another system gave no answer of use (连接失败). */
export type ConnectorProblem = 'address' | 'unreachable' | 'timeout' | 'too_large' | 'refused' | 'not_found' | 'rate_limited' | 'not_json' | 'said_no' | 'auth';

export class ConnectorFailure extends Error {
  readonly code: ConnectorProblem;
  /** Whether asking again is of no use. */
  readonly final: boolean;
  readonly retryAfterSeconds: number | null;
  constructor(code: ConnectorProblem, message: string, final: boolean, retryAfterSeconds: number | null = null) {
    super(message.slice(0, 500));
    this.name = 'ConnectorFailure';
    this.code = code;
    this.final = final;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export interface AskingTools {
  privateHosts: readonly string[];
  /** Fewer pages than it would take. */
  mostPages?: number;
  now: () => number;
}

const templates = ['url', 'body', 'company', 'number', 'phone'] as const;
const optional = new Set(['phone']);

/** What of a ticket a connector asks with (查询所需), as paths: it can be asked once each of them has a value. Those with an alternative (`{{a|b}}`) need none. */
export function needsOf({ values }: Pick<OpenConnector, 'values'>): string[] {
  const named = templates.filter((name) => !optional.has(name)).flatMap((name) => [...(values[name] ?? '').matchAll(/\{\{([^{}]*)\}\}/g)].filter((match) => !match[1]!.includes('|')).flatMap((match) => placeholdersIn(match[0])));
  return [...new Set(named)].filter((path) => path !== 'cursor');
}

/** All that it asks with, also what it can do without. */
export const asksFor = ({ values }: Pick<OpenConnector, 'values'>): string[] => [...new Set(templates.flatMap((name) => placeholdersIn(values[name] ?? '')))].filter((path) => path !== 'cursor');

/** The same question has the same name: what was answered is kept under it. */
export const questionName = (connector: OpenConnector, data: unknown): string => hash('sha256', JSON.stringify([connector.identity, asksFor(connector).map((path) => asText(at(data, path)))]));

/**
 * Asks another system (查询外部系统) and returns what it answered, all pages together.
 *
 * @param data what `{{…}}` stand for
 * @throws ConnectorFailure
 */
export async function askConnector(connector: OpenConnector, data: unknown, tools: AskingTools): Promise<unknown> {
  const within = { ...tools, until: tools.now() + longest };
  return connector.kind === 'kuaidi100' ? askKuaidi100(connector, data, within) : askHttp(connector, data, within);
}

/** A value as part of an address. What stands for a folder above would lead out of the path, however it is encoded. */
function inAddress(value: string): string {
  if (value === '.' || value === '..') throw new ConnectorFailure('address', `${value} would lead to another address`, true);
  return encodeURIComponent(value.toWellFormed());
}

/** Milliseconds for all pages together, the token included. */
const longest = 60_000;
type Asking = AskingTools & { until: number };

const timeoutOf = ({ values }: OpenConnector): number => Math.min(30, Math.max(1, Number(values['timeoutSeconds']) || 10)) * 1_000;

async function askHttp(connector: OpenConnector, data: unknown, tools: Asking): Promise<unknown> {
  const { values } = connector;
  const authorization = await authorize(connector, tools);
  const given = (more: Readonly<Record<string, unknown>>) => ({ ...(data as object), ...more });
  const requestFor = (cursor: string, url: string): OutsideRequest => {
    const isForm = values['bodyType'] === 'form';
    const body = values['method'] === 'POST' ? fillIn(values['body'] ?? '', given({ cursor }), isForm ? (text) => encodeURIComponent(text.toWellFormed()) : (text) => JSON.stringify(text).slice(1, -1)) : null;
    return { method: values['method'] === 'POST' ? 'POST' : 'GET', url, body, headers: { accept: 'application/json', 'user-agent': 'bihuan', ...(body === null ? {} : { 'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json; charset=utf-8' }), ...authorization } };
  };
  const first = fillIn(values['url'] ?? '', given({ cursor: '' }), inAddress);
  const items: unknown[] = [];
  let answer: unknown;
  let url = first;
  let cursor = '';
  for (let page = 1; ; page += 1) {
    answer = checked(connector, await call(connector, requestFor(cursor, url), tools));
    if (!values['items']) return answer;
    const list = at(answer, values['items']);
    if (Array.isArray(list)) items.push(...list as unknown[]);
    const next = values['next'] ? asText(at(answer, values['next'])) : '';
    if (next === '' || next === cursor || page >= (tools.mostPages ?? connectorLimits.pages) || items.length >= connectorLimits.items) break;
    cursor = next;
    url = following(first, next, (word) => fillIn(values['url'] ?? '', given({ cursor: word }), inAddress));
  }
  return { ...(typeof answer === 'object' && answer !== null && !Array.isArray(answer) ? answer : {}), items: items.slice(0, connectorLimits.items) };
}

/** The next page: an address of the same place, or a word that stands for {{cursor}}. */
function following(first: string, next: string, withCursor: (word: string) => string): string {
  if (!/^(https?:\/\/|\/|\?)/.test(next)) return withCursor(next);
  const url = URL.canParse(next, first) ? new URL(next, first) : null;
  // Elsewhere it has no business with what it is told here.
  if (!url || url.origin !== new URL(first).origin) throw new ConnectorFailure('address', 'the next page lies at another place', true);
  return url.href;
}

async function authorize(connector: OpenConnector, tools: Asking): Promise<Record<string, string>> {
  const { values } = connector;
  switch (values['auth']) {
    case 'header': return { [(values['headerName'] ?? 'authorization').toLowerCase()]: values['headerValue'] ?? '' };
    case 'basic': return { authorization: `Basic ${Buffer.from(`${values['user'] ?? ''}:${values['password'] ?? ''}`).toString('base64')}` };
    case 'oauth2': return { authorization: `Bearer ${await clientToken(connector, tools)}` };
    default: return {};
  }
}

const tokens = new Map<string, { token: string; until: number }>();
const mostTokens = 500;
const standardLife = 300;
const earlier = 30_000;

/** A token for a client (RFC 6749, section 4.4), kept until shortly before it ends. */
async function clientToken(connector: OpenConnector, tools: Asking): Promise<string> {
  const { values, identity } = connector;
  const known = identity === null ? undefined : tokens.get(identity);
  if (known && known.until > tools.now()) return known.token;
  const form = new URLSearchParams({ grant_type: 'client_credentials', ...(values['scope'] ? { scope: values['scope'] } : {}) });
  const who = Buffer.from(`${encodeURIComponent(values['clientId'] ?? '')}:${encodeURIComponent(values['clientSecret'] ?? '')}`).toString('base64');
  const answer = await call(connector, { method: 'POST', url: values['tokenUrl'] ?? '', body: form.toString(), headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded', authorization: `Basic ${who}` } }, tools);
  const said = answer as { access_token?: unknown; expires_in?: unknown } | null;
  if (typeof said?.access_token !== 'string' || said.access_token === '') throw new ConnectorFailure('auth', 'no token was given', true);
  if (identity === null) return said.access_token;
  if (tokens.size >= mostTokens) tokens.delete(tokens.keys().next().value!);
  tokens.set(identity, { token: said.access_token, until: tools.now() + Math.max(0, (Number(said.expires_in) || standardLife) * 1_000 - earlier) });
  return said.access_token;
}

/** 快递100 实时查询: `sign` is MD5(param + key + customer) in capital letters. */
async function askKuaidi100(connector: OpenConnector, data: unknown, tools: Asking): Promise<unknown> {
  const { values } = connector;
  const filled = (name: string): string => fillIn(values[name] ?? '', data).trim();
  const param = JSON.stringify({ com: filled('company').toLowerCase(), num: filled('number'), ...(filled('phone') === '' ? {} : { phone: filled('phone').slice(-4) }), resultv2: '4' });
  const sign = hash('md5', param + (values['key'] ?? '') + (values['customer'] ?? '')).toUpperCase();
  const body = new URLSearchParams({ customer: values['customer'] ?? '', sign, param }).toString();
  const answer = await call(connector, { method: 'POST', url: `${values['baseUrl'] ?? ''}/poll/query.do`, body, headers: { 'content-type': 'application/x-www-form-urlencoded' } }, tools) as { returnCode?: unknown; result?: unknown; message?: unknown } | null;
  if (answer?.result === false) throw new ConnectorFailure(answer.returnCode === '500' ? 'not_found' : answer.returnCode === '503' ? 'auth' : 'said_no', asText(answer.message) || asText(answer.returnCode), answer.returnCode !== '500' && answer.returnCode !== '501');
  return answer;
}

async function call(connector: OpenConnector, request: OutsideRequest, { privateHosts, until, now }: Asking): Promise<unknown> {
  const left = until - now();
  if (left <= 0) throw new ConnectorFailure('timeout', 'all its pages together took too long', false);
  let answer: OutsideAnswer;
  try {
    answer = await callOutside(request, { privateHosts, milliseconds: Math.min(timeoutOf(connector), left), bytes: connectorLimits.answer, redirects: 0 });
  } catch (error) {
    if (!(error instanceof OutsideFailure)) throw error;
    const code = error.code === 'timeout' || error.code === 'unreachable' || error.code === 'too_large' ? error.code : 'address';
    throw new ConnectorFailure(code, error.message, isFinal(error) || code === 'too_large');
  }
  const { status, body } = answer;
  if (status === 401 && connector.identity !== null) tokens.delete(connector.identity);
  if (status === 404) throw new ConnectorFailure('not_found', 'HTTP 404', true);
  if (status === 429 || status === 503) throw new ConnectorFailure('rate_limited', `HTTP ${status}`, false, answer.retryAfterSeconds);
  if (status === 401 || status === 403) throw new ConnectorFailure('auth', `HTTP ${status}`, connector.values['auth'] !== 'oauth2' || status === 403);
  if (status < 200 || status > 299) throw new ConnectorFailure('refused', `HTTP ${status}`, status >= 400 && status < 500 && status !== 408 && status !== 425);
  try {
    return JSON.parse(body) as unknown;
  } catch {
    throw new ConnectorFailure('not_json', 'it did not answer JSON', true);
  }
}

function checked({ values }: OpenConnector, answer: unknown): unknown {
  const [path = '', wanted = ''] = (values['succeeds'] ?? '').split('=', 2);
  if (path !== '' && asText(at(answer, path)) !== wanted) throw new ConnectorFailure('said_no', `${path} is ${asText(at(answer, path)) || 'missing'}: ${asText(at(answer, 'message')) || asText(at(answer, 'msg'))}`, true);
  return answer;
}
