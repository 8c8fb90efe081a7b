import { createHmac, randomInt } from 'node:crypto';
import type { KitCall, KitChannel, KitKind, KitMessage } from './channel-kit.ts';
import { openFakePlatform, type PlatformCall } from './fake-platform.ts';
import type { FakeSocial } from './social-kinds.ts';

/** How one cloud, or a gateway of one's own, takes a text message. */
interface Carrier {
  sent(call: PlatformCall): { to: string; text: string; key?: string };
  taken(id: string): unknown;
  busy: { status?: number; body: unknown };
}

const carriers = {
  aliyun: {
    sent: (call) => ({ to: call.query.get('PhoneNumbers')!, text: JSON.parse(call.query.get('TemplateParam')!).title }),
    taken: (id) => ({ Code: 'OK', Message: 'OK', BizId: id }), busy: { body: { Code: 'isp.SYSTEM_ERROR', Message: 'SYSTEM_ERROR' } },
  },
  tencent: {
    sent: (call) => ({ to: call.json.PhoneNumberSet[0].replace('+86', ''), text: call.json.TemplateParamSet[0] }),
    taken: (id) => ({ Response: { SendStatusSet: [{ SerialNo: id, Code: 'Ok', Message: 'send success' }] } }), busy: { body: { Response: { Error: { Code: 'InternalError', Message: 'internal' } } } },
  },
  gateway: {
    sent: (call) => ({ to: call.json.phone, text: call.json.text, key: String(call.headers['idempotency-key']) }),
    taken: () => ({ ok: true }), busy: { status: 503, body: 'later' },
  },
} satisfies Record<string, Carrier>;

/** A carrier of text messages (模拟短信平台). */
export async function openFakeCarrier(mode: keyof typeof carriers): Promise<FakeSocial> {
  const carrier: Carrier = carriers[mode];
  const platform = await openFakePlatform();
  const sent: { to: string; text: string }[] = [];
  const seen = new Set<string>();
  const faults: string[] = [];
  const fake: FakeSocial = Object.assign(platform, { media: new Map(), names: [] as string[], said: (to: string) => sent.filter((one) => one.to === to).map((one) => one.text), fail: (fault: string) => void faults.push(fault) });
  platform.answer = (call) => {
    const given = carrier.sent(call);
    const fault = faults.shift();
    if (fault === 'busy') return carrier.busy;
    if (given.key === undefined || !seen.has(given.key)) {
      sent.push(given);
      fake.names.push(given.key ?? `serial-${sent.length}`);
    }
    if (given.key !== undefined) seen.add(given.key);
    return fault === 'lost' ? { status: 502, body: 'bad gateway' } : { body: carrier.taken(fake.names.at(-1)!) };
  };
  return fake;
}

type Sms = KitKind<FakeSocial>;
const headers = { 'content-type': 'application/json' };
const common = { kind: 'sms', window: null, pictures: false, places: null, who: () => `138${String(randomInt(1e8)).padStart(8, '0')}` } as const;
const inChina = (at: Date): string => new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
const secretAddress = (channel: KitChannel): string => new URLSearchParams({ token: channel.made['token']! }).toString();

function byCloud(mode: 'aliyun' | 'tencent', settings: Record<string, string>, write: (message: KitMessage) => unknown): Sms {
  const kind: Sms = {
    ...common, mode, settings, deduplicates: false,
    call: (channel, _platform, message) => ({ query: secretAddress(channel), headers, body: JSON.stringify(write(message)) }),
    forgeries(channel, platform, message, now) {
      const good = kind.call(channel, platform, message, now);
      return [[{ ...good, query: '' }, 401], [{ ...good, query: 'token=somebodyelses-token-0000' }, 401], [{ ...good, method: 'GET' }, 405]];
    },
  };
  return kind;
}

const ids = new Map<string, number>();
const numberOf = (id: string): number => ids.get(id) ?? ids.set(id, ids.size + 1).get(id)!;
export const aliyunTexts = byCloud('aliyun', { accessKeyId: 'LTAI0000000001', accessKeySecret: 'secret', signName: '安居里', templateCode: 'SMS_1' }, ({ from, id, at, text }) => [{ phone_number: from, send_time: inChina(at), content: text, sign_name: '安居里', dest_code: '1234', sequence_id: numberOf(`${from} ${id}`) }]);
export const tencentTexts = byCloud('tencent', { secretId: 'AKID0000000001', secretKey: 'secret', sdkAppId: '1400000001', templateId: '1', signName: '安居里' }, ({ from, at, text }) => ({ extend: '', mobile: from, nationcode: '86', sign: '安居里', text, time: Math.floor(at.getTime() / 1_000) }));

const signature = (secret: string, id: string, at: Date, body: string): Record<string, string> => {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${createHmac('sha256', Buffer.from(secret.slice(6), 'base64')).update(`${id}.${timestamp}.${body}`).digest('base64')}` };
};
/** What a gateway sends, signed by the account's secret. */
export const gatewayCall = (channel: KitChannel, at: Date, body: unknown): KitCall => {
  const text = JSON.stringify(body);
  return { body: text, headers: { ...headers, ...signature(channel.made['secret']!, 'msg_1', at, text) } };
};
export const gatewayTexts: Sms = {
  ...common, mode: 'gateway', settings: {}, addressIn: 'url', deduplicates: true,
  call: (channel, _platform, { from, id, at: written, text }, at) => gatewayCall(channel, at, { id: `${from}-${id}`, from, text, at: written.toISOString() }),
  forgeries(channel, platform, message, now) {
    const good = gatewayTexts.call(channel, platform, message, now);
    return [[{ ...good, headers }, 401], [{ ...good, body: String(good.body).replace('"x"', '"y"') }, 401], [gatewayTexts.call(channel, platform, message, new Date(now.getTime() - 700_000)), 401], [gatewayTexts.call({ ...channel, made: { secret: `whsec_${'A'.repeat(44)}` } }, platform, message, now), 401]];
  },
};
