import { hash } from 'node:crypto';
import { applyMapping } from '../../../rules/intake/mapping.ts';
import { takesTextMessages } from '../../../rules/text/phone-number.ts';
import { normalisePhone } from '../../platform/masking.ts';
import { isSame, momentOf, nameOf } from '../inbound-calls.ts';
import { CallRefused, eachOf, json, readJson, type HookCall, type InboundAdapter, type InboundMessage, type OpenInboundAccount } from '../inbound.ts';
import { ensureSigned } from '../standard-webhooks.ts';
import { smsReceiptForms } from './receipts.ts';

const text = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '');

/** An answer to a text message, whoever brings it. */
interface Answered {
  from: string;
  content: string;
  at: Date | null;
  /** The cloud's name for it. */
  id: string | null;
  /** What it was sent to: the code behind the number, and the signature. */
  code: string;
  sign: string;
}

/**
 * Text messages that customers send back (上行短信). Alibaba Cloud pushes them in batches (SmsUp), Tencent Cloud one by one; neither signs them, so they count only with
 * the account's token in the address. A gateway of one's own signs as Standard Webhooks do. Receipts come to the same address.
 * https://help.aliyun.com/zh/sms/developer-reference/smsup-http, https://cloud.tencent.com/document/product/382/52078
 */
export const sms: InboundAdapter = {
  verify(account, call, now) {
    if (call.method !== 'POST') throw new CallRefused('method', 'calls are made by POST');
    if (account.mode === 'gateway') ensureSigned(account, call, now);
    else if (!isSame(call.query['token'] ?? '', account.values['token'] ?? '')) throw new CallRefused('signature', 'the token in the address is missing or wrong', { what: 'compare', name: 'token' });
    return null;
  },
  decode(account, call, now) {
    const came = readJson(call);
    const receipts = receiptsIn(account, came);
    if (receipts.length > 0) return eachOf(receipts, now, (receipt) => ({ ...receipt, occurredAt: now }));
    return eachOf<unknown>(Array.isArray(came) ? came : [came], now, (line) => messageOf(account, line as Record<string, unknown>, call, now));
  },
  acknowledge: (_messages, account) => (account.mode === 'tencent' ? json({ result: 0, errmsg: 'OK' }) : json({ code: 0, msg: '接收成功' })),
};

function receiptsIn(account: OpenInboundAccount, came: unknown): Omit<InboundMessage, 'occurredAt'>[] {
  const form = smsReceiptForms[account.mode];
  const read = form ? form.read(came) : gatewayReceipts(came);
  return read.map(({ providerId, delivered, said }) => ({
    externalId: nameOf(`${providerId}:${delivered ? 'delivered' : 'failed'}`)!, thread: nameOf(`receipt ${providerId}`)!, kind: 'receipt' as const, parts: [], values: {},
    receipt: { providerId, state: delivered ? 'delivered' as const : 'failed' as const, ...(said === '' ? {} : { said }) },
  }));
}

/** `{reference, delivered, said}`: what became of what was handed over under a reference. */
function gatewayReceipts(came: unknown): { providerId: string; delivered: boolean; said: string }[] {
  return (Array.isArray(came) ? came : [came]).flatMap((line: unknown) => {
    const { reference, delivered, said } = (line ?? {}) as Record<string, unknown>;
    return typeof reference === 'string' && reference !== '' && typeof delivered === 'boolean' ? [{ providerId: reference.slice(0, 200), delivered, said: text(said).slice(0, 300) }] : [];
  });
}

function messageOf(account: OpenInboundAccount, line: Record<string, unknown>, call: HookCall, now: Date): InboundMessage {
  const { from, content, at, id, code, sign } = answeredIn(account.mode, line ?? {});
  const phone = normalisePhone(from).slice(0, 30);
  if (phone === '' || content === '') throw new CallRefused('malformed', 'the number or the text is missing');
  const base = { externalId: id ?? hash('sha256', JSON.stringify([phone, content, at?.getTime() ?? call.body.toString('utf8')])), thread: phone, occurredAt: at ?? now, values: applyMapping(account.mapping, line) };
  // A cloud has one address for all that is answered: what went to another signature or code is no matter of this account. Numbers of services are machines.
  const [ownCode = '', ownSign = ''] = [account.values['extendCode'], account.values['signName']];
  const elsewhere = (ownCode !== '' && code !== '' && !code.endsWith(ownCode)) || (ownSign !== '' && sign !== '' && bare(sign) !== bare(ownSign));
  if (elsewhere || !takesTextMessages(phone)) return { ...base, kind: 'event', parts: [] };
  return { ...base, parts: [{ kind: 'text', text: content }], sender: { ids: [{ kind: 'phone', value: phone }] } };
}

const bare = (sign: string): string => sign.replace(/[【】[\]\s]/g, '');

function answeredIn(mode: string, line: Record<string, unknown>): Answered {
  switch (mode) {
    case 'aliyun': return { from: text(line['phone_number']), content: text(line['content']), at: inChina(text(line['send_time'])), id: nameOf(line['sequence_id']), code: text(line['dest_code']), sign: text(line['sign_name']) };
    case 'tencent': return {
      from: `+${text(line['nationcode']) || '86'}${text(line['mobile']).replace(/^\+?(?=\d)/, '')}`, content: text(line['text']), at: momentOf(line['time']), id: null, code: text(line['extend']), sign: text(line['sign']),
    };
    default: return { from: text(line['from']), content: text(line['text']), at: momentOf(line['at']), id: nameOf(line['id']), code: '', sign: '' };
  }
}

/** `2017-09-01 00:00:00` or `20170901000000`, in China's time. */
function inChina(said: string): Date | null {
  const [, year, month, day, hour, minute, second] = /^(\d{4})-?(\d{2})-?(\d{2}) ?(\d{2}):?(\d{2}):?(\d{2})$/.exec(said) ?? [];
  return year === undefined ? null : momentOf(`${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`);
}
