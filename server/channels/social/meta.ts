import { createHmac } from 'node:crypto';
import { isSame } from '../inbound-calls.ts';
import { CallRefused, type HookAnswer, type HookCall, type OpenInboundAccount } from '../inbound.ts';
import { baseOf, SendFailure, type ChannelTools, type OpenAccount } from '../notice-channel.ts';
import type { Capabilities, Contact } from '../outbound.ts';
import { callSocial, partOf, problemIn, textIn } from './transfer.ts';

const standardBase = 'https://graph.facebook.com/v23.0';
const windowMilliseconds = 86_400_000;

/**
 * Checks a webhook of Meta (Meta 平台回调): the question whether the address is ours is answered with its challenge; calls are signed over their
 * bytes with the app's secret. https://developers.facebook.com/docs/graph-api/webhooks/getting-started
 */
export function verifyMeta(account: OpenInboundAccount, { method, query, headers, body }: HookCall): HookAnswer | null {
  if (method === 'GET') {
    if (query['hub.mode'] !== 'subscribe') throw new CallRefused('method', 'calls are made by POST');
    if (!isSame(query['hub.verify_token'] ?? '', account.values['token'] ?? '')) throw new CallRefused('signature', 'the verify token is wrong', { what: 'compare', name: 'Verify Token' });
    return { status: 200, contentType: 'text/plain; charset=utf-8', body: (query['hub.challenge'] ?? '').slice(0, 200).replace(/[^\w-]/g, '') };
  }
  const expected = `sha256=${createHmac('sha256', account.values['appSecret'] ?? '').update(body).digest('hex')}`;
  if ((account.values['appSecret'] ?? '') === '' || !isSame(headers['x-hub-signature-256'] ?? '', expected)) throw new CallRefused('signature', 'the signature is missing or wrong: compare the app secret', { what: 'compare', name: 'app secret' });
  return null;
}

/** Free messages may go out for 24 hours after somebody wrote. */
export function windowOf({ lastInboundAt }: Contact, now: Date): Pick<Capabilities, 'open' | 'closesAt' | 'quota'> {
  const closesAt = lastInboundAt && new Date(lastInboundAt.getTime() + windowMilliseconds);
  return { open: closesAt !== null && closesAt > now, closesAt, quota: null };
}

export const graphBase = (account: OpenAccount): string => baseOf(account, standardBase);
export const graphKey = (account: OpenAccount): Record<string, string> => ({ authorization: `Bearer ${account.values['accessToken'] ?? ''}` });

/**
 * Calls the Graph API.
 *
 * @param problemOf what a code, or a code with its subcode (`code/subcode`), means; undefined of the rest
 * @throws SendFailure
 */
export async function callGraph(account: OpenAccount, tools: ChannelTools, path: string, body: unknown, problemOf: (code: string) => SendFailure['code'] | undefined, headers: Record<string, string> = {}): Promise<Record<string, unknown>> {
  const { status, json } = await callSocial(tools, `${graphBase(account)}${path}`, body, { ...graphKey(account), ...headers });
  const error = partOf(json['error']);
  if (status < 400 && json['error'] === undefined) return json;
  const code = textIn(error['code']);
  const said = `Meta ${status} ${code}: ${textIn(partOf(error['error_data'])['details']) || textIn(error['message'])}`;
  const problem = problemIn(tools, status, problemOf(`${code}/${textIn(error['error_subcode'])}`) ?? problemOf(code) ?? commonProblems[code], status === 401 || status === 403 ? 'account' : 'content');
  throw new SendFailure(problem, said, problem === 'rate_limited' ? 60 : null);
}

// https://developers.facebook.com/docs/graph-api/guides/error-handling
const commonProblems: Readonly<Record<string, SendFailure['code']>> = { 4: 'rate_limited', 10: 'account', 17: 'rate_limited', 32: 'rate_limited', 102: 'account', 190: 'account', 200: 'account', 341: 'rate_limited', 368: 'account', 613: 'rate_limited' };
