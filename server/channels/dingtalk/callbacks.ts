import { createHmac } from 'node:crypto';
import { isSame, nameOf } from '../inbound-calls.ts';
import { CallRefused, json, readJson, type HookAnswer, type HookCall, type OpenInboundAccount } from '../inbound.ts';
import { saidIn } from '../notice-channel.ts';
import { openSealed, seal, SealedWrong, signatureOf } from '../sealed-callbacks.ts';

/** What a call, a frame or a message of DingTalk says, as names and values. */
export type Said = Readonly<Record<string, unknown>>;

// As DingTalk says of its robots; events come again for hours, and what comes twice is kept once.
const skewMilliseconds = 3_600_000;
const mostBytes = 262_144;
const questions = new Set(['check_url', 'check_create_suite_url', 'check_update_suite_url']);

const fieldsOf = (call: HookCall): Said => {
  if (call.body.length > mostBytes) throw new CallRefused('malformed', 'it is too large');
  const value = readJson(call);
  if (Array.isArray(value)) throw new CallRefused('malformed', 'it holds no message');
  return value as Said;
};

/** The event's or the message's fields: out of what is encrypted, or as they stand. @throws CallRefused */
export function openCall(account: OpenInboundAccount, call: HookCall): Said {
  const said = fieldsOf(call);
  return saidIn(said['encrypt']) === '' ? said : opened(account, saidIn(said['encrypt']));
}

function opened(account: OpenInboundAccount, sealed: string): Said {
  try {
    const { message, receiver } = openSealed(account.values['encodingAesKey'] ?? '', sealed);
    if (receiver !== (account.values['clientId'] ?? '')) throw new CallRefused('signature', `it is for ${receiver.slice(0, 64).replace(/[^\w-]/g, '')}, not for this app`, { what: 'other_app', name: receiver });
    return fieldsOf({ method: 'POST', query: {}, headers: {}, body: Buffer.from(message) });
  } catch (error) {
    if (error instanceof SealedWrong) throw new CallRefused('signature', `it cannot be decrypted (${error.message}): compare the aes_key`, { what: 'key', name: 'aes_key' });
    throw error;
  }
}

/** `timestamp` in milliseconds, as DingTalk writes it. */
function ensureFresh(timestamp: string, now: Date): void {
  if (!/^\d{10,15}$/.test(timestamp) || Math.abs(now.getTime() - Number(timestamp)) > skewMilliseconds) throw new CallRefused('stale', 'signed more than an hour ago, or in the future');
}

const signatureIn = ({ query }: HookCall): string => query['msg_signature'] ?? query['signature'] ?? '';

/**
 * Checks a call (验证回调): events are encrypted and signed over what they hold; messages of a robot are signed by the app's secret over the time alone
 * (`base64(HMAC-SHA256(secret, timestamp + "\n" + secret))`). Answers the question whether the address is ours.
 * https://open.dingtalk.com/document/orgapp/receive-message, …/orgapp/configure-event-subcription
 *
 * @throws CallRefused
 */
export function verifyCall(account: OpenInboundAccount, call: HookCall, now: Date): HookAnswer | null {
  if (call.method !== 'POST') throw new CallRefused('method', 'calls are made by POST');
  const sealed = saidIn(fieldsOf(call)['encrypt']);
  if (sealed !== '' && signatureIn(call) !== '') {
    const { timestamp = '', nonce = '' } = call.query;
    if (!isSame(signatureIn(call), signatureOf(account.values['token'] ?? '', timestamp, nonce, sealed))) throw new CallRefused('signature', 'the signature is wrong: compare the token', { what: 'compare', name: 'token' });
    ensureFresh(timestamp, now);
    const event = saidIn(opened(account, sealed)['EventType']);
    return questions.has(event) ? sealedSuccess(account, call) : null;
  }
  const { timestamp = '', sign = '' } = call.headers;
  const secret = account.values['clientSecret'] ?? '';
  if (!isSame(sign, createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64'))) throw new CallRefused('signature', 'the sign is missing or wrong: compare the Client Secret', { what: 'compare', name: 'Client Secret' });
  ensureFresh(timestamp, now);
  const robot = nameOf(openCall(account, call)['robotCode']);
  if (robot !== null && (account.values['robotCode'] ?? '') !== '' && robot !== account.values['robotCode']) throw new CallRefused('signature', 'it is for another robot', { what: 'other_app', name: robot });
  return null;
}

/** What a call is answered once it is kept: events want an encrypted “success”, robots nothing. */
export const acknowledgeCall = (account: OpenInboundAccount, call: HookCall): HookAnswer => (signatureIn(call) === '' ? json({}) : sealedSuccess(account, call));

function sealedSuccess(account: OpenInboundAccount, { query }: HookCall): HookAnswer {
  const { timestamp = '', nonce = '' } = query;
  const encrypt = seal(account.values['encodingAesKey'] ?? '', 'success', account.values['clientId'] ?? '');
  return json({ msg_signature: signatureOf(account.values['token'] ?? '', timestamp, nonce, encrypt), timeStamp: timestamp, nonce, encrypt });
}
