import { XMLParser } from 'fast-xml-parser';
import { isSame } from '../inbound-calls.ts';
import { CallRefused, type HookAnswer, type HookCall, type OpenInboundAccount } from '../inbound.ts';
import { openSealed, SealedWrong, signatureOf } from '../sealed-callbacks.ts';

const mostBytes = 131_072;
// Platforms send again within seconds: what is older is played back.
const skewMilliseconds = 600_000;
const parser = new XMLParser({ ignoreAttributes: true, processEntities: false, parseTagValue: false, trimValues: true });

/** What a callback or a page of one says, as names and values. */
export type Said = Readonly<Record<string, unknown>>;

/** The fields of a message in XML, or in JSON where the account was set so. Entities are none: what declares some is refused. */
export function readFields(text: string): Said {
  let value: unknown;
  try {
    if (text.trimStart().startsWith('{')) value = JSON.parse(text);
    else if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new CallRefused('malformed', 'it declares entities');
    else value = (parser.parse(text) as { xml?: unknown }).xml;
  } catch (error) {
    if (error instanceof CallRefused) throw error;
    throw new CallRefused('malformed', 'it is neither XML nor JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new CallRefused('malformed', 'it holds no message');
  return value as Said;
}

const plain = (body: string): HookAnswer => ({ status: 200, contentType: 'text/plain; charset=utf-8', body });

/** An empty answer stops the platform from sending again, and says nothing to the customer. */
export const acknowledged: HookAnswer = plain('');

/** The text of one field; empty where there is none. */
export const fieldIn = (said: Said, name: string): string => {
  const value = said[name];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
};

// A call is verified and then read: taken apart once.
const read = new WeakMap<HookCall, string>();
const sealedIn = (call: HookCall): string => {
  const known = read.get(call);
  if (known !== undefined) return known;
  const { body } = call;
  if (body.length > mostBytes) throw new CallRefused('malformed', 'it is too large');
  const sealed = fieldIn(readFields(body.toString('utf8')), 'Encrypt');
  if (sealed === '') throw new CallRefused('malformed', 'it is not encrypted: choose the mode that encrypts everything (安全模式)', { what: 'plain', name: '' });
  read.set(call, sealed);
  return sealed;
};

function ensureFresh(timestamp: string, now: Date): void {
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now.getTime() - Number(timestamp) * 1_000) > skewMilliseconds) throw new CallRefused('stale', 'signed more than ten minutes ago, or in the future');
}

function ensureSigned(account: OpenInboundAccount, { query }: HookCall, given: string, sealed: readonly string[], now: Date): void {
  const { timestamp = '', nonce = '' } = query;
  if (!isSame(given, signatureOf(account.values['token'] ?? '', timestamp, nonce, ...sealed))) throw new CallRefused('signature', 'the signature is missing or wrong: compare the Token', { what: 'compare', name: 'Token' });
  ensureFresh(timestamp, now);
}

/** How the platform asks whether the address is ours (接入验证): WeChat echoes a plain word, WeCom an encrypted one. */
export type EchoStyle = 'plain' | 'sealed';

/** Checks a callback; answers the question whether the address is ours. @throws CallRefused */
export function verifyCallback(account: OpenInboundAccount, call: HookCall, now: Date, receiver: string, echo: EchoStyle): HookAnswer | null {
  if (call.method === 'GET') {
    const { signature = '', msg_signature: sealedSignature = '', echostr = '' } = call.query;
    if (echostr === '') throw new CallRefused('method', 'calls are made by POST');
    if (echo === 'plain') {
      ensureSigned(account, call, signature, [], now);
      return plain(echostr.slice(0, 200).replace(/[^\w-]/g, ''));
    }
    ensureSigned(account, call, sealedSignature, [echostr], now);
    return plain(opened(account, echostr, receiver));
  }
  ensureSigned(account, call, call.query['msg_signature'] ?? '', [sealedIn(call)], now);
  return null;
}

/** What a callback says, whenever it came. @throws CallRefused */
export const openCallback = (account: OpenInboundAccount, call: HookCall, receiver: string): Said => readFields(opened(account, sealedIn(call), receiver));

function opened(account: OpenInboundAccount, sealed: string, receiver: string): string {
  try {
    const { message, receiver: named } = openSealed(account.values['encodingAesKey'] ?? '', sealed);
    if (named !== receiver) throw new CallRefused('signature', `it is for ${named.slice(0, 64).replace(/[^\w-]/g, '')}, not for this account`, { what: 'other_app', name: named });
    return message;
  } catch (error) {
    if (error instanceof SealedWrong) throw new CallRefused('signature', `it cannot be decrypted (${error.message}): compare the EncodingAESKey`, { what: 'key', name: 'EncodingAESKey' });
    throw error;
  }
}
