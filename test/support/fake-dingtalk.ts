import { createHmac, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { openFakePlatform, type FakePlatform, type PlatformCall } from './fake-platform.ts';

const require = createRequire(import.meta.url);
// Events are sealed as WeCom seals: another's implementation of that plays the platform.
const wecom = require('@wecom/crypto') as { encrypt(key: string, message: string, id: string): string; decrypt(key: string, sealed: string): { message: string; id: string }; getSignature(token: string, timestamp: string, nonce: string, encrypted: string): string };

/** An encrypted event (加密事件), signed in milliseconds. */
export function sealedEvent(account: { token: string; encodingAesKey: string; clientId: string }, event: object, at: Date): { query: string; body: string } {
  const [timestamp, nonce] = [String(at.getTime()), randomUUID().slice(0, 8)];
  const encrypt = wecom.encrypt(account.encodingAesKey, JSON.stringify(event), account.clientId);
  return { query: new URLSearchParams({ msg_signature: wecom.getSignature(account.token, timestamp, nonce, encrypt), timestamp, nonce }).toString(), body: JSON.stringify({ encrypt }) };
}

/** What an answer to an event says, once it was checked as DingTalk checks it. */
export function openedAnswer(account: { token: string; encodingAesKey: string }, answer: { msg_signature: string; timeStamp: string; nonce: string; encrypt: string }): { message: string; id: string } {
  if (wecom.getSignature(account.token, answer.timeStamp, answer.nonce, answer.encrypt) !== answer.msg_signature) throw new Error('the signature of the answer is wrong');
  return wecom.decrypt(account.encodingAesKey, answer.encrypt);
}

/** The headers of a robot's call, signed by the app's secret. */
export const robotHeaders = (secret: string, at: Date): Record<string, string> => ({ timestamp: String(at.getTime()), sign: createHmac('sha256', secret).update(`${at.getTime()}\n${secret}`).digest('base64'), 'content-type': 'application/json; charset=utf-8' });

export interface FrameAnswer { code: number; headers: { messageId: string }; message: string; data: string }

/** DingTalk's gateway of the stream (Stream 网关): hands frames over until they are answered. */
export interface FakeGateway {
  /** Connections that are open, of an app. */
  of(clientId: string): WebSocket[];
  /** How many were opened so far. */
  opened: number;
  /** So many answers are not heard: the connection breaks in their place. */
  deaf: number;
  /** Hands something said to the robot over to one connection, to whichever comes next where it is not answered; resolves with the answer. */
  push(clientId: string, data: object, to?: WebSocket): Promise<FrameAnswer>;
  /** Asks a connection whether it is there; resolves with the answer. */
  ask(socket: WebSocket, topic: 'ping' | 'disconnect', data: object): Promise<FrameAnswer> | void;
  /** Breaks all connections. */
  drop(): void;
}

export interface FakeDingtalk extends FakePlatform {
  sent: { path: string; to: string; type: string; text: string; body: Record<string, unknown> }[];
  /** Files that can be fetched, by download code. */
  media: Map<string, { contentType: string; bytes: Buffer }>;
  people: Map<string, { name: string; unionid?: string }>;
  said(to: string): string[];
  fail(fault: 'token' | 'busy' | 'lost'): void;
  takeBack(): void;
  /** Answers given once each, before the usual ones, to calls of a path. */
  next: { path: string; answer: (call: PlatformCall) => { status?: number; body: unknown } }[];
  gateway: FakeGateway;
}

interface Frame { specVersion: '1.0'; type: string; headers: Record<string, string>; data: string }

function openGateway(): Promise<FakeGateway & { url: string; tickets: Map<string, string>; close(): Promise<void> }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const tickets = new Map<string, string>();
  const open = new Map<WebSocket, string>();
  const waiting = new Map<string, { frame: Frame; clientId: string; resolve: (answer: FrameAnswer) => void }>();
  const asked = new Map<string, (answer: FrameAnswer) => void>();
  let turn = 0;
  const frameOf = (type: string, topic: string, data: object): Frame => ({ specVersion: '1.0', type, headers: { topic, messageId: randomUUID(), contentType: 'application/json', time: '1790000000000', appId: 'app' }, data: JSON.stringify(data) });
  const gateway: FakeGateway = {
    opened: 0, deaf: 0,
    of: (clientId) => [...open].filter(([, of]) => of === clientId).map(([socket]) => socket),
    push(clientId, data, to) {
      const frame = frameOf('CALLBACK', '/v1.0/im/bot/messages/get', data);
      return new Promise((resolve) => {
        waiting.set(frame.headers['messageId']!, { frame, clientId, resolve });
        const sockets = gateway.of(clientId);
        (to ?? sockets[turn++ % Math.max(1, sockets.length)])?.send(JSON.stringify(frame));
      });
    },
    ask(socket, topic, data) {
      const frame = frameOf('SYSTEM', topic, data);
      socket.send(JSON.stringify(frame));
      return topic === 'ping' ? new Promise((resolve) => asked.set(frame.headers['messageId']!, resolve)) : undefined;
    },
    drop() {
      for (const socket of open.keys()) socket.terminate();
    },
  };
  server.on('connection', (socket, request) => {
    const ticket = new URL(request.url ?? '/', 'ws://gateway').searchParams.get('ticket') ?? '';
    const clientId = tickets.get(ticket);
    // It is good for one connection.
    if (clientId === undefined || !tickets.delete(ticket)) return socket.close(4401);
    open.set(socket, clientId);
    gateway.opened += 1;
    socket.on('close', () => open.delete(socket));
    socket.on('message', (data: Buffer) => {
      const answer = JSON.parse(data.toString()) as FrameAnswer;
      const id = answer.headers.messageId;
      asked.get(id)?.(answer);
      const pushed = waiting.get(id);
      if (!pushed) return;
      if (gateway.deaf > 0) {
        gateway.deaf -= 1;
        socket.terminate();
        return;
      }
      if (answer.code !== 200) return;
      waiting.delete(id);
      pushed.resolve(answer);
    });
    for (const { frame, clientId: of } of waiting.values()) if (of === clientId) socket.send(JSON.stringify(frame));
  });
  return new Promise((resolve) => server.on('listening', () => resolve(Object.assign(gateway, {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/connect`, tickets,
    close: async () => {
      gateway.drop();
      await new Promise((done) => server.close(done));
    },
  }))));
}

/** DingTalk's side of the conversation (模拟钉钉平台): its two interfaces, sessions that end, files behind codes, and the gateway of the stream. */
export async function openFakeDingtalk(secret = 'client-secret'): Promise<FakeDingtalk> {
  const platform = await openFakePlatform();
  const gateway = await openGateway();
  const tokens = new Set<string>();
  const faults: ('token' | 'busy' | 'lost')[] = [];
  let given = 0;
  const close = platform.close.bind(platform);
  const fake: FakeDingtalk = Object.assign(platform, {
    sent: [], media: new Map(), people: new Map(), next: [], gateway, takeBack: () => tokens.clear(), fail: (fault: 'token' | 'busy' | 'lost') => void faults.push(fault),
    said: (to: string) => fake.sent.filter((one) => one.to === to && one.type === 'text').map((one) => one.text),
    close: async () => void await Promise.all([close(), gateway.close()]),
  } as Omit<FakeDingtalk, keyof FakePlatform> & { close(): Promise<void> });
  const sentBy = (call: PlatformCall): { body: unknown } => {
    if (call.path === '/robot/sendBySession') {
      fake.sent.push({ path: call.path, to: call.query.get('session') ?? '', type: call.json.msgtype, text: call.json.text?.content ?? '', body: call.json });
      return { body: { errcode: 0, errmsg: 'ok' } };
    }
    const type = { sampleText: 'text', sampleImageMsg: 'image', sampleFile: 'file' }[call.json.msgKey as string] ?? String(call.json.msgKey);
    fake.sent.push({ path: call.path, to: call.json.userIds?.[0] ?? call.json.openConversationId, type, text: type === 'text' ? JSON.parse(call.json.msgParam).content : '', body: call.json });
    return { body: { processQueryKey: `key-${fake.sent.length}`, invalidStaffIdList: [], flowControlledStaffIdList: [] } };
  };
  platform.answer = (call) => {
    const told = fake.next.findIndex(({ path }) => call.path === path);
    if (told >= 0) return fake.next.splice(told, 1)[0]!.answer(call);
    if (call.path.startsWith('/files/')) {
      const found = fake.media.get(decodeURIComponent(call.path.slice(7)));
      return found ? { body: found.bytes, contentType: found.contentType } : { status: 404, body: 'gone' };
    }
    const isSend = call.path === '/robot/sendBySession' || call.path.endsWith('/batchSend') || call.path.endsWith('/groupMessages/send');
    const fault = isSend ? faults.shift() : undefined;
    if (fault === 'token') return { status: 400, body: { code: 'InvalidAuthentication', message: '不合法的access_token', requestid: 'r' } };
    if (fault === 'busy') return call.path === '/robot/sendBySession' ? { body: { errcode: -1, errmsg: '系统繁忙' } } : { status: 503, body: { code: 'ServiceUnavailable', message: 'busy' } };
    if (call.path === '/robot/sendBySession') return fault === 'lost' ? (sentBy(call), { status: 502, body: 'bad gateway' }) : sentBy(call);
    if (call.path === '/v1.0/oauth2/accessToken' || call.path === '/v1.0/gateway/connections/open') {
      const gate = call.path.endsWith('open');
      if ((call.json.clientSecret ?? call.json.appSecret) !== secret) return { status: 400, body: { code: 'invalidClientIdOrSecret', message: '无效的clientId或者clientSecret' } };
      const name = `${gate ? 'ticket' : 'token'}-${given += 1}`;
      if (gate) gateway.tickets.set(name, call.json.clientId);
      else tokens.add(name);
      return { body: gate ? { endpoint: gateway.url, ticket: name } : { accessToken: name, expireIn: 7_200 } };
    }
    const newer = call.path.startsWith('/v1.0/');
    if (!tokens.has(newer ? String(call.headers['x-acs-dingtalk-access-token']) : call.query.get('access_token') ?? '')) return newer ? { status: 400, body: { code: 'InvalidAuthentication', message: '不合法的access_token' } } : { body: { errcode: 40014, errmsg: '不合法的access_token' } };
    if (isSend) return fault === 'lost' ? (sentBy(call), { status: 502, body: 'bad gateway' }) : sentBy(call);
    switch (call.path) {
      case '/v1.0/robot/messageFiles/download':
        return fake.media.has(call.json.downloadCode) ? { body: { downloadUrl: `${fake.url}/files/${encodeURIComponent(call.json.downloadCode)}` } } : { status: 400, body: { code: 'invalidParameter.downloadCode', message: 'the code is not known' } };
      case '/media/upload': return { body: { errcode: 0, errmsg: 'ok', type: call.query.get('type'), media_id: `@up-${call.body.length}`, created_at: 1 } };
      case '/topapi/v2/user/get': {
        const found = fake.people.get(call.json.userid);
        return found ? { body: { errcode: 0, errmsg: 'ok', result: { userid: call.json.userid, ...found } } } : { body: { errcode: 60121, errmsg: '找不到该用户' } };
      }
      default: return { status: 404, body: { code: 'NotFound', message: 'no such path' } };
    }
  };
  return fake;
}
