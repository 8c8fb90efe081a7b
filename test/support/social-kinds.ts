import { createHash, createHmac, hash } from 'node:crypto';
import { createRequire } from 'node:module';
import type { KitCall, KitChannel, KitKind, KitMessage, KitPlatform } from './channel-kit.ts';
import { openFakePlatform, type FakePlatform, type PlatformCall } from './fake-platform.ts';

const { validateSignature } = createRequire(import.meta.url)('@line/bot-sdk') as { validateSignature: (body: string | Buffer, secret: string, signature: string) => boolean };

type Answered = { status?: number; body: unknown; contentType?: string };
// oxlint-disable-next-line typescript/no-explicit-any -- bodies of every shape
type Any = any;

/** What each vendor's interface is, as far as conversations need it (模拟社交平台). */
interface Vendor {
  /** Whom a text goes to, where the call is one that sends; null of other calls. */
  sent(call: PlatformCall): { to: string; text: string; key?: string } | null;
  /** What it answers once it took one. */
  taken(id: string): Answered;
  busy: Answered;
  /** What it says of everything else: names, files, tokens. */
  rest(call: PlatformCall, fake: FakeSocial): Answered | null;
}

export interface FakeSocial extends KitPlatform, Pick<FakePlatform, 'calls' | 'close' | 'closeConnections'> {
  /** The names of what was sent, in their order. */
  names: string[];
}

const json = (call: PlatformCall): Any => call.json ?? {};
const missing: Answered = { status: 404, body: { error: { message: 'Unsupported get request', code: 100 }, message: 'Not found', ok: false, error_code: 404, description: 'Not Found' } };
const bytesOf = (name: string | undefined, fake: FakeSocial): Answered => {
  const found = fake.media.get(name ?? '');
  return found ? { body: found.bytes, contentType: found.contentType } : missing;
};
const graph = (fake: FakeSocial, call: PlatformCall): Answered | null => (call.path.startsWith('/media/') ? bytesOf(call.path.split('/').at(-1), fake) : null);

const vendors = {
  telegram: {
    sent: (call) => (call.path === '/bot123:abcdef/sendMessage' ? { to: String(json(call).chat_id), text: json(call).text } : null),
    taken: (id) => ({ body: { ok: true, result: { message_id: id } } }),
    busy: { status: 503, body: { ok: false, error_code: 503, description: 'Service Unavailable' } },
    rest(call, fake) {
      if (call.path.endsWith('/getFile')) return fake.media.has(json(call).file_id) ? { body: { ok: true, result: { file_id: 'x', file_path: `photos/${json(call).file_id}` } } } : { status: 400, body: { ok: false, error_code: 400, description: 'Bad Request: invalid file_id' } };
      return call.path.startsWith('/file/bot123:abcdef/photos/') ? bytesOf(call.path.split('/').at(-1), fake) : null;
    },
  },
  whatsapp: {
    sent: (call) => (call.path === '/4401/messages' ? { to: json(call).to, text: json(call).text?.body ?? '' } : null),
    taken: (id) => ({ body: { messaging_product: 'whatsapp', messages: [{ id }] } }),
    busy: { status: 500, body: { error: { message: 'Service temporarily unavailable', code: 131016 } } },
    rest: (call, fake) => (fake.media.has(call.path.slice(1)) ? { body: { url: `${fake.url}/media${call.path}`, mime_type: 'image/png' } } : graph(fake, call)),
  },
  messenger: {
    sent: (call) => (call.path === '/5501/messages' ? { to: json(call).recipient.id, text: json(call).message.text } : null),
    taken: (id) => ({ body: { recipient_id: 'x', message_id: id } }),
    busy: { status: 400, body: { error: { message: 'Temporary send message failure', code: 1200 } } },
    rest: (call, fake) => (call.query.get('fields') === 'name' ? { body: { name: '小王' } } : graph(fake, call)),
  },
  line: {
    sent: (call) => (call.path === '/v2/bot/message/push' ? { to: json(call).to, text: json(call).messages[0].text, key: String(call.headers['x-line-retry-key']) } : null),
    taken: (id) => ({ body: { sentMessages: [{ id }] } }),
    busy: { status: 503, body: { message: 'Service unavailable' } },
    rest(call, fake) {
      if (call.path.startsWith('/v2/bot/profile/')) return { body: { displayName: '小林' } };
      return call.path.startsWith('/v2/bot/message/') ? bytesOf(call.path.split('/').at(-2), fake) : null;
    },
  },
  douyin: {
    sent: (call) => (call.path === '/im/send/msg/' ? { to: json(call).to_user_id, text: json(call).content.text.text } : null),
    taken: (id) => ({ body: { data: { error_code: 0, msg_id: id }, extra: { error_code: 0 } } }),
    busy: { body: { data: { error_code: 2100004, description: '系统繁忙' }, extra: {} } },
    rest: (call, fake) => graph(fake, call),
  },
  weibo: {
    sent(call) {
      const form = new URLSearchParams(call.body.toString());
      return call.path === '/2/messages/reply.json' ? { to: form.get('receiver_id')!, text: JSON.parse(decodeURIComponent(form.get('data')!)).text } : null;
    },
    taken: () => ({ body: { result: true } }),
    busy: { body: { error: 'system error', error_code: 10001 } },
    rest: (call, fake) => (call.path === '/2/mss/msget' ? bytesOf(call.query.get('fid') ?? '', fake) : null),
  },
} satisfies Record<string, Vendor>;

/** The other end of one vendor's interface. */
export async function openFakeSocial(kind: keyof typeof vendors): Promise<FakeSocial> {
  const vendor: Vendor = vendors[kind];
  const platform = await openFakePlatform();
  const sent: { to: string; text: string }[] = [];
  const seen = new Set<string>();
  const faults: ('token' | 'busy' | 'lost')[] = [];
  let tokens = 0;
  let inForce = '';
  const fake: FakeSocial = Object.assign(platform, {
    media: new Map(), names: [], said: (to: string) => sent.filter((one) => one.to === to && one.text !== '').map((one) => one.text), fail: (fault: 'token' | 'busy' | 'lost') => void faults.push(fault),
    ...(kind === 'douyin' ? { takeBack: () => (inForce = '') } : {}),
  });
  const take = (given: { to: string; text: string; key?: string }): Answered => {
    // What bears a key it has seen is taken already.
    if (given.key !== undefined && seen.has(given.key)) return { status: 409, body: { message: 'The retry key is already accepted' } };
    if (given.key !== undefined) seen.add(given.key);
    sent.push(given);
    fake.names.push(`m${fake.names.length + 1}.${kind}`);
    return vendor.taken(fake.names.at(-1)!);
  };
  platform.answer = (call) => {
    if (call.path === '/oauth/client_token/') {
      tokens += 1;
      inForce = `token-${tokens}`;
      return { body: { data: { access_token: inForce, expires_in: 7_200, error_code: 0 } } };
    }
    const given = vendor.sent(call);
    if (!given) return vendor.rest(call, fake) ?? missing;
    if (kind === 'douyin' && call.headers['access-token'] !== inForce) return { body: { data: { error_code: 2190008, description: 'access_token过期' }, extra: {} } };
    const fault = faults.shift();
    if (fault === 'token') return { body: { data: { error_code: 2190002, description: 'access_token无效' }, extra: {} } };
    if (fault === 'busy') return vendor.busy;
    const answer = take(given);
    return fault === 'lost' ? { status: 502, body: 'bad gateway' } : answer;
  };
  return fake;
}

const asJson = { 'content-type': 'application/json' };
const seconds = (at: Date) => Math.floor(at.getTime() / 1_000);
type Social = KitKind<FakeSocial>;
/** Changed by a byte on its way. */
const changed = (call: KitCall): KitCall => ({ ...call, body: String(call.body).replace(/.\}$/, ' }') });

/** @param sign headers by the secret of an account, of a body */
function signed(form: Omit<Social, 'call' | 'forgeries' | 'pictures' | 'places'> & { places?: Social['places']; pictures?: boolean }, write: (message: KitMessage, platform: FakeSocial) => unknown, sign: (body: string, channel: KitChannel, forged?: string) => Record<string, string>): Social {
  const call = (channel: KitChannel, platform: FakeSocial, message: KitMessage): KitCall => {
    const body = JSON.stringify(write(message, platform));
    return { body, headers: { ...asJson, ...sign(body, channel) } };
  };
  return {
    pictures: true, places: 'WGS84', ...form, call,
    forgeries(channel, platform, message) {
      const good = call(channel, platform, message);
      const forged = { ...good, headers: { ...asJson, ...sign(String(good.body), channel, 'somebodyelse') } };
      // A token says who calls and nothing of what; the rest is signed over its bytes.
      return [[forged, 401], [{ ...good, headers: asJson }, 401], ...(form.kind === 'telegram' ? [] : [[changed(good), 401] as const])];
    },
  };
}

export const telegram: Social = signed({ kind: 'telegram', settings: { botToken: '123:abcdef' }, window: null, deduplicates: false }, ({ from, id, at, text, image, place }) => ({
  update_id: `${from}-${id}`,
  message: {
    message_id: 7, date: seconds(at), chat: { id: from, type: 'private' }, from: { id: from, is_bot: false, first_name: 'Lin', last_name: 'Wang' },
    ...(text === undefined ? {} : { text }), ...(image === undefined ? {} : { photo: [{ file_id: 'small', width: 90 }, { file_id: image, width: 800 }] }),
    ...(place === undefined ? {} : { location: { latitude: place.lat, longitude: place.lng }, venue: { title: '', address: place.label } }),
  },
}), (_body, channel, forged) => ({ 'x-telegram-bot-api-secret-token': forged ?? channel.made['token']! }));

const hub = (secret: string) => (body: string, _channel: KitChannel, forged?: string) => ({ 'x-hub-signature-256': `sha256=${createHmac('sha256', forged ?? secret).update(body).digest('hex')}` });

export const whatsapp: Social = signed({ kind: 'whatsapp', settings: { phoneNumberId: '4401', accessToken: 'EAAG', appSecret: 'app-secret' }, window: { messages: null, hours: 24 }, deduplicates: false, template: { templateName: 'ticket_answered', templateLanguage: 'zh_CN' } }, ({ from, id, at, text, image, place }) => ({
  object: 'whatsapp_business_account',
  entry: [{ id: '1', changes: [{ field: 'messages', value: {
    messaging_product: 'whatsapp', metadata: { display_phone_number: '1555', phone_number_id: '4401' }, contacts: [{ profile: { name: '王芳' }, wa_id: from }],
    messages: [{
      from, id: `wamid.${from}-${id}`, timestamp: String(seconds(at)),
      ...(text === undefined ? {} : { type: 'text', text: { body: text } }), ...(image === undefined ? {} : { type: 'image', image: { id: image, mime_type: 'image/png' } }),
      ...(place === undefined ? {} : { type: 'location', location: { latitude: place.lat, longitude: place.lng, address: place.label } }),
    }],
  } }] }],
}), hub('app-secret'));

export const messenger: Social = signed({ kind: 'messenger', settings: { pageId: '5501', accessToken: 'EAAG', appSecret: 'app-secret' }, window: { messages: null, hours: 24 }, deduplicates: false }, ({ from, id, at, text, image, place }, platform) => ({
  object: 'page',
  entry: [{ id: '5501', time: at.getTime(), messaging: [{
    sender: { id: from }, recipient: { id: '5501' }, timestamp: at.getTime(),
    message: {
      mid: `m_${from}-${id}`, ...(text === undefined ? {} : { text }), ...(image === undefined ? {} : { attachments: [{ type: 'image', payload: { url: `${platform.url}/media/${image}` } }] }),
      ...(place === undefined ? {} : { attachments: [{ type: 'location', title: place.label, payload: { coordinates: { lat: place.lat, long: place.lng } } }] }),
    },
  }] }],
}), hub('app-secret'));

export const line: Social = signed({ kind: 'line', settings: { channelSecret: 'line-secret', accessToken: 'line-token' }, window: null, deduplicates: true }, ({ from, id, at, text, image, place }) => ({
  destination: 'U0',
  events: [{
    type: 'message', mode: 'active', timestamp: at.getTime(), webhookEventId: `${from}-${id}`, deliveryContext: { isRedelivery: false }, replyToken: 'r', source: { type: 'user', userId: from },
    message: {
      id: image ?? 'm1', ...(text === undefined ? {} : { type: 'text', text }), ...(image === undefined ? {} : { type: 'image', contentProvider: { type: 'line' } }),
      ...(place === undefined ? {} : { type: 'location', title: '', address: place.label, latitude: place.lat, longitude: place.lng }),
    },
  }],
}), (body, _channel, forged) => {
  const signature = createHmac('sha256', forged ?? 'line-secret').update(body).digest('base64');
  // LINE's own implementation says that the test signs as LINE does.
  if (!validateSignature(body, forged ?? 'line-secret', signature)) throw new Error('LINE would not have signed it so');
  return { 'x-line-signature': signature };
});

export const douyin: Social = signed({ kind: 'douyin', settings: { clientKey: 'tt0123456789', clientSecret: 'douyin-secret' }, window: null, deduplicates: false, places: null }, ({ from, id, at, text, image }, platform) => ({
  event: 'im_receive_msg', client_key: 'tt0123456789', from_user_id: from, to_user_id: 'own', log_id: 'l',
  content: JSON.stringify({
    conversation_short_id: '@c', server_message_id: `@${from}-${id}`, conversation_type: 1, create_time: at.getTime(), user_infos: [{ open_id: from, nick_name: '抖音用户' }],
    ...(image === undefined ? { message_type: 'text', text } : { message_type: 'image', resource_url: `${platform.url}/media/${image}` }),
  }),
}), (body, _channel, forged) => ({ 'x-douyin-signature': hash('sha1', `${forged ?? 'douyin-secret'}${body}`), 'msg-id': hash('sha1', body) }));

const weiboQuery = (secret: string, at: Date) => {
  const [timestamp, nonce] = [String(seconds(at)), '12345'];
  return new URLSearchParams({ signature: createHash('sha1').update([secret, timestamp, nonce].sort().join('')).digest('hex'), timestamp, nonce }).toString();
};
/** Weibo's way of writing a time. */
const weiboTime = (at: Date): string => at.toUTCString().replace(/^(\w+), (\d+) (\w+) (\d+) ([\d:]+) GMT$/, '$1 $3 $2 $5 +0000 $4');

export const weibo: Social = {
  kind: 'weibo', settings: { appSecret: 'weibo-secret', accessToken: '2.00' }, window: { messages: null, hours: 48 }, deduplicates: false, pictures: true, places: 'GCJ02',
  call: (_channel, _platform, { from, id, at: written, text, image, place }, at) => ({
    query: weiboQuery('weibo-secret', at), headers: asJson,
    body: JSON.stringify({
      receiver_id: 'own', sender_id: from, created_at: weiboTime(written), ...(text === undefined ? {} : { type: 'text', text, data: { id } }), ...(image === undefined ? {} : { type: 'image', text: '', data: { vfid: 1, tovfid: image, id } }),
      ...(place === undefined ? {} : { type: 'position', text: `我在这里: ${place.label}`, data: { latitude: place.lat, longitude: place.lng, id } }),
    }),
  }),
  forgeries(channel, platform, message, now) {
    const good = weibo.call(channel, platform, message, now);
    return [[{ ...good, query: weiboQuery('somebodyelse', now) }, 401], [{ ...good, query: '' }, 401], [{ ...good, query: weiboQuery('weibo-secret', new Date(now.getTime() - 700_000)) }, 401]];
  },
};
