import type { KitChannel, KitKind, KitMessage } from './channel-kit.ts';
import { robotHeaders, sealedEvent, type FakeDingtalk } from './fake-dingtalk.ts';
import { sealedFeishu, type FakeFeishu } from './fake-feishu.ts';

const secret = 'client-secret';

/** What somebody says to the robot, as DingTalk writes it (钉钉机器人消息). */
export function robotMessage({ from, id, at, text, image }: KitMessage, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    conversationId: 'cid001==', chatbotCorpId: 'ding01', chatbotUserId: '$:LWCP_v1:$robot', msgId: `msg-${from}-${id}`, senderNick: from, isAdmin: false, senderStaffId: from, createAt: at.getTime(), senderCorpId: 'ding01',
    conversationType: '1', senderId: `$:LWCP_v1:$${from}`, robotCode: 'dingrobot01',
    ...(image === undefined ? { text: { content: text ?? '' }, msgtype: 'text' } : { content: { downloadCode: image, pictureDownloadCode: `${image}-2` }, msgtype: 'picture' }), ...more,
  };
}

/** The session of a message: open for more than an hour, and answered under the name of who wrote. */
export const session = (platform: FakeDingtalk, { from, at }: Pick<KitMessage, 'from' | 'at'>): Record<string, unknown> => ({ sessionWebhook: `${platform.url}/robot/sendBySession?session=${from}`, sessionWebhookExpiredTime: at.getTime() + 5_400_000 });

const dingtalkApp = { kind: 'dingtalk', window: null, deduplicates: false, pictures: true, places: null } as const;
export const dingtalkHttp: KitKind<FakeDingtalk> = {
  ...dingtalkApp, mode: 'http', settings: { clientId: 'dingapp01', clientSecret: secret, robotCode: 'dingrobot01' },
  call: (_channel, _platform, message, at) => ({ body: JSON.stringify(robotMessage(message)), headers: robotHeaders(secret, at) }),
  forgeries(channel, _platform, message, now) {
    const body = JSON.stringify(robotMessage(message));
    const account = { token: channel.made['token']!, encodingAesKey: channel.made['encodingAesKey']!, clientId: 'dingapp01' };
    const event = { EventType: 'user_add_org', TimeStamp: String(now.getTime()), CorpId: 'ding01' };
    const good = sealedEvent(account, event, now);
    const twoHoursAgo = new Date(now.getTime() - 7_200_000);
    return [
      [{ body, headers: robotHeaders('another', now) }, 401], [{ body }, 401], [{ body, headers: robotHeaders(secret, twoHoursAgo) }, 401], [{ body: '<xml>', headers: robotHeaders(secret, now) }, 400], [{ method: 'GET', body: '' }, 405],
      [{ body: JSON.stringify(robotMessage(message, { robotCode: 'another' })), headers: robotHeaders(secret, now) }, 401],
      [sealedEvent({ ...account, token: 'somebodyelse' }, event, now), 401], [sealedEvent({ ...account, clientId: 'dingapp02' }, event, now), 401], [sealedEvent(account, event, twoHoursAgo), 401],
      [{ ...good, body: good.body.replace(/.{4}"}$/, 'AAAA"}') }, 401], [{ body: good.body }, 401],
    ];
  },
};

/** @param listening sees to it that somebody listens before something is said */
export const dingtalkStream = (listening: (clientId: string) => Promise<void>): KitKind<FakeDingtalk> => ({
  ...dingtalkApp, mode: 'stream', settings: { clientId: 'dingapp03', clientSecret: secret },
  call: (...given) => dingtalkHttp.call(...given),
  async deliver(_channel, platform, message) {
    await listening('dingapp03');
    await platform.gateway.push('dingapp03', robotMessage(message, session(platform, message)));
  },
  // Nobody is to call there, and be it with a good signature.
  forgeries: (_channel, _platform, message, now) => [[{ body: JSON.stringify(robotMessage(message)), headers: robotHeaders(secret, now) }, 405]],
});

const feishuKey = (channel: KitChannel): string => channel.made['encryptKey']!;
/** What somebody writes to the app, as Feishu writes it (飞书消息事件). */
export function feishuEvent({ from, id, at, text, image, place }: KitMessage, more: { message?: Readonly<Record<string, unknown>>; header?: Readonly<Record<string, unknown>> } = {}): object {
  const [type, content] = image !== undefined ? ['image', { image_key: image }] : place !== undefined ? ['location', { name: place.label, longitude: String(place.lng), latitude: String(place.lat) }] : ['text', { text }];
  return {
    schema: '2.0', header: { event_id: `event-${from}-${id}-${Math.random()}`, token: 'verification', create_time: String(at.getTime()), event_type: 'im.message.receive_v1', tenant_key: 't1', app_id: 'cli_a0001', ...more.header },
    event: {
      sender: { sender_id: { union_id: `on_${from}`, user_id: null, open_id: from }, sender_type: 'user', tenant_key: 't1' },
      message: { message_id: `om_${from}_${id}`, create_time: String(at.getTime()), chat_id: 'oc_1', chat_type: 'p2p', message_type: type, content: JSON.stringify(content), ...more.message },
    },
  };
}

export const feishu: KitKind<FakeFeishu> = {
  kind: 'feishu', settings: { appId: 'cli_a0001', appSecret: 'secret', verificationToken: 'verification' }, window: null, deduplicates: true, pictures: true, places: 'GCJ02',
  call: (channel, _platform, message, at) => sealedFeishu(feishuKey(channel), feishuEvent(message), at),
  forgeries(channel, _platform, message, now) {
    const key = feishuKey(channel);
    const event = feishuEvent(message);
    const good = sealedFeishu(key, event, now);
    const signedPlain = sealedFeishu(key, event, now);
    return [
      [sealedFeishu('another-key-of-32-letters-000000', event, now), 401], [sealedFeishu(key, event, now, { signed: false }), 401], [{ ...good, body: good.body.replace(/.{4}"}$/, 'AAAA"}') }, 401],
      [sealedFeishu(key, event, new Date(now.getTime() - 9 * 3_600_000)), 401], [sealedFeishu(key, feishuEvent(message, { header: { app_id: 'cli_a0002' } }), now), 401], [sealedFeishu(key, feishuEvent(message, { header: { token: 'another' } }), now), 401],
      [{ body: JSON.stringify(event), headers: signedPlain.headers }, 401], [{ body: JSON.stringify(event) }, 400], [{ body: '<xml>' }, 400], [{ method: 'GET', body: '' }, 405],
    ];
  },
};
