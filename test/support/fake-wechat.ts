import { createHash, randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import type { KitPlatform } from './channel-kit.ts';
import { openFakePlatform, type FakePlatform, type PlatformCall } from './fake-platform.ts';

const require = createRequire(import.meta.url);
// Another's implementation plays the platform: what ours opens, it has sealed.
const WechatCrypto = require('wechat-crypto') as new (token: string, key: string, id: string) => { encrypt(text: string): string; getSignature(timestamp: string, nonce: string, encrypted: string): string };
const wecom = require('@wecom/crypto') as { encrypt(key: string, message: string, id: string, random?: Buffer): string; getSignature(token: string, timestamp: string | number, nonce: string | number, encrypted: string): string };

export interface CallbackAccount {
  token: string;
  encodingAesKey: string;
  /** appid or corpid */
  id: string;
}

/** A callback as the platform makes it: encrypted and signed by an implementation that is not ours. */
export function sealedCallback(account: CallbackAccount, message: string, { at = new Date(), by = 'wechat-crypto', nonce = randomBytes(5).toString('hex') }: { at?: Date; by?: 'wechat-crypto' | '@wecom/crypto'; nonce?: string } = {}): { query: string; body: string } {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const foreign = new WechatCrypto(account.token, account.encodingAesKey, account.id);
  const sealed = by === 'wechat-crypto' ? foreign.encrypt(message) : wecom.encrypt(account.encodingAesKey, message, account.id);
  const signature = by === 'wechat-crypto' ? foreign.getSignature(timestamp, nonce, sealed) : wecom.getSignature(account.token, timestamp, nonce, sealed);
  const plain = createHash('sha1').update([account.token, timestamp, nonce].sort().join('')).digest('hex');
  return {
    query: new URLSearchParams({ signature: plain, timestamp, nonce, openid: 'o', encrypt_type: 'aes', msg_signature: signature }).toString(),
    body: `<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[${sealed}]]></Encrypt></xml>`,
  };
}

/** The XML of a message, as the platform writes it. */
export const messageXml = (fields: Readonly<Record<string, string | number>>): string =>
  `<xml>${Object.entries(fields).map(([name, value]) => (typeof value === 'number' ? `<${name}>${value}</${name}>` : `<${name}><![CDATA[${value}]]></${name}>`)).join('')}</xml>`;

export interface FakeWechat extends FakePlatform, KitPlatform {
  /** What went out to customers, in its order. */
  sent: Record<string, unknown>[];
  /** Pages of a service desk, each after the cursor of the one before. */
  pages: Record<string, unknown>[][];
  people: Map<string, { unionid?: string; nickname?: string; name?: string }>;
  tokens: number;
  takeBack(): void;
  /** Answers given once each, before the usual ones, to calls of a path. */
  next: { path: string; answer: (call: PlatformCall) => { status?: number; body: unknown } | null }[];
}

/**
 * WeChat's and WeCom's side of the conversation (模拟微信平台): tokens that end, messages that go out, files, pages of a service desk with a cursor, and the
 * faults it is told to make.
 */
export async function openFakeWechat(): Promise<FakeWechat> {
  const platform = await openFakePlatform();
  // One for each account, as a new one ends the one before.
  const inForce = new Map<string, string>();
  const wechat: FakeWechat = Object.assign(platform, {
    sent: [], media: new Map(), pages: [], people: new Map(), tokens: 0, next: [],
    said: (to) => wechat.sent.flatMap((sent) => (sent['touser'] === to && (sent['text'] || sent['msgmenu']) ? [sent['text'] ? (sent['text'] as { content: string }).content : (sent['msgmenu'] as { head_content: string }).head_content] : [])),
    fail: (fault) => void wechat.next.push({
      path: 'send',
      answer: (call) => (fault === 'lost' ? { status: 502, body: (void platform.answer(call), 'bad gateway') } : { body: fault === 'token' ? { errcode: 40001, errmsg: 'invalid credential' } : { errcode: -1, errmsg: 'system busy' } }),
    }),
    takeBack: () => inForce.clear(),
  } as Omit<FakeWechat, keyof FakePlatform>);
  const seen = new Set<string>();
  platform.answer = (call) => {
    const fault = wechat.next.findIndex(({ path }) => call.path.endsWith(path) || (path === 'send' && call.path.endsWith('/send_msg')));
    if (fault >= 0) return wechat.next.splice(fault, 1)[0]!.answer(call);
    if (call.path.endsWith('/stable_token') || call.path.endsWith('/gettoken')) {
      wechat.tokens += 1;
      const token = `token-${wechat.tokens}`;
      inForce.set(call.query.get('corpsecret') === null ? 'wechat' : `${call.query.get('corpid')}`, token);
      return { body: { errcode: 0, access_token: token, expires_in: 7_200 } };
    }
    if (![...inForce.values()].includes(call.query.get('access_token') ?? '')) return { body: { errcode: 40001, errmsg: 'invalid credential' } };
    switch (call.path.replace('/cgi-bin', '')) {
      case '/message/custom/send': case '/message/template/send': case '/message/subscribe/send': case '/message/send': case '/kf/send_msg': {
        // WeCom compares what is said, where it is asked to.
        const key = (call.json.msgid ?? call.json.client_msg_id ?? (call.json.enable_duplicate_check === 1 ? JSON.stringify(call.json) : undefined)) as string | undefined;
        if (key === undefined || !seen.has(key)) wechat.sent.push({ path: call.path, ...call.json });
        if (key !== undefined) seen.add(key);
        return { body: { errcode: 0, errmsg: 'ok', msgid: call.path.endsWith('/kf/send_msg') ? call.json.msgid : `sent-${wechat.sent.length}` } };
      }
      case '/media/upload': return { body: { type: call.query.get('type'), media_id: `up-${call.body.length}`, created_at: 1 } };
      case '/media/get': {
        const found = wechat.media.get(call.query.get('media_id') ?? '');
        return found ? { body: found.bytes, contentType: found.contentType } : { body: { errcode: 40007, errmsg: 'invalid media_id' } };
      }
      case '/user/info': return { body: { errcode: 0, openid: call.query.get('openid'), ...wechat.people.get(call.query.get('openid') ?? '') } };
      case '/user/get': return { body: { errcode: 0, userid: call.query.get('userid'), ...wechat.people.get(call.query.get('userid') ?? '') } };
      case '/externalcontact/get': return { body: { errcode: 0, external_contact: { external_userid: call.query.get('external_userid'), type: 1, ...wechat.people.get(call.query.get('external_userid') ?? '') }, follow_user: [] } };
      case '/externalcontact/send_welcome_msg': return { body: { errcode: 0, errmsg: 'ok' } };
      case '/kf/customer/batchget': return { body: { errcode: 0, customer_list: (call.json.external_userid_list as string[]).map((id) => ({ external_userid: id, ...wechat.people.get(id) })) } };
      case '/kf/sync_msg': {
        const at = Number(call.json.cursor ?? 0);
        return { body: { errcode: 0, next_cursor: String(Math.min(at + 1, wechat.pages.length)), has_more: at + 1 < wechat.pages.length ? 1 : 0, msg_list: wechat.pages[at] ?? [] } };
      }
      default: return { status: 404, body: { errcode: 404, errmsg: 'no such path' } };
    }
  };
  return wechat;
}
