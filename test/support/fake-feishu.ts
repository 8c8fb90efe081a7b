import { createCipheriv, hash, randomBytes } from 'node:crypto';
import { openFakePlatform, type FakePlatform, type PlatformCall } from './fake-platform.ts';

/** An event as Feishu makes it (飞书事件): encrypted under the Encrypt Key, and signed. That it is one, Feishu's own SDK says in the tests. */
export function sealedFeishu(encryptKey: string, event: object, at: Date, { signed = true }: { signed?: boolean } = {}): { body: string; headers: Record<string, string> } {
  const vector = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', hash('sha256', encryptKey, 'buffer'), vector);
  const body = JSON.stringify({ encrypt: Buffer.concat([vector, cipher.update(JSON.stringify(event)), cipher.final()]).toString('base64') });
  const [timestamp, nonce] = [String(Math.floor(at.getTime() / 1_000)), randomBytes(5).toString('hex')];
  return { body, headers: { 'content-type': 'application/json; charset=utf-8', ...(signed ? { 'x-lark-request-timestamp': timestamp, 'x-lark-request-nonce': nonce, 'x-lark-signature': hash('sha256', timestamp + nonce + encryptKey + body) } : {}) } };
}

export interface FakeFeishu extends FakePlatform {
  sent: { path: string; to: string; type: string; content: Record<string, string>; id: string }[];
  /** Files that can be fetched, by their key. */
  media: Map<string, { contentType: string; bytes: Buffer }>;
  people: Map<string, string>;
  /** Who wrote a message, so that an answer to it is an answer to them. */
  writers: Map<string, string>;
  said(to: string): string[];
  fail(fault: 'token' | 'busy' | 'lost'): void;
  takeBack(): void;
  next: { path: RegExp; answer: (call: PlatformCall) => { status?: number; body: unknown } }[];
}

/** Feishu's side of the conversation (模拟飞书平台): tokens that end, messages taken once for each uuid, files. */
export async function openFakeFeishu(): Promise<FakeFeishu> {
  const platform = await openFakePlatform();
  const tokens = new Set<string>();
  const taken = new Map<string, string>();
  const faults: ('token' | 'busy' | 'lost')[] = [];
  const fake: FakeFeishu = Object.assign(platform, {
    sent: [], media: new Map(), people: new Map(), writers: new Map(), next: [], takeBack: () => tokens.clear(), fail: (fault: 'token' | 'busy' | 'lost') => void faults.push(fault),
    said: (to: string) => fake.sent.filter((one) => one.to === to && one.type === 'text').map((one) => one.content['text']!),
  } as Omit<FakeFeishu, keyof FakePlatform>);
  const take = (call: PlatformCall, to: string): { body: unknown } => {
    const uuid = call.json.uuid as string;
    if (!taken.has(uuid)) {
      taken.set(uuid, `om_sent_${taken.size + 1}`);
      fake.sent.push({ path: call.path, to, type: call.json.msg_type, content: JSON.parse(call.json.content), id: taken.get(uuid)! });
    }
    return { body: { code: 0, msg: 'success', data: { message_id: taken.get(uuid), chat_id: 'oc_1' } } };
  };
  platform.answer = (call) => {
    const path = call.path.replace('/open-apis', '');
    const told = fake.next.findIndex((one) => one.path.test(path));
    if (told >= 0) return fake.next.splice(told, 1)[0]!.answer(call);
    if (path === '/auth/v3/tenant_access_token/internal') {
      if (call.json.app_secret !== 'secret') return { body: { code: 10014, msg: 'app secret invalid' } };
      const token = `t-${tokens.size + platform.calls.length}`;
      tokens.add(token);
      return { body: { code: 0, msg: 'ok', tenant_access_token: token, expire: 7_200 } };
    }
    const reply = /^\/im\/v1\/messages\/([^/]+)\/reply$/.exec(path)?.[1];
    const isSend = call.method === 'POST' && (path === '/im/v1/messages' || reply !== undefined);
    const fault = isSend ? faults.shift() : undefined;
    if (fault === 'token' || !tokens.has(String(call.headers['authorization']).replace('Bearer ', ''))) return { status: 400, body: { code: 99991663, msg: 'Invalid access token for authorization.' } };
    if (fault === 'busy') return { status: 400, body: { code: 230049, msg: 'The message is being sent.' } };
    if (isSend) {
      const to = reply === undefined ? call.json.receive_id : fake.writers.get(reply) ?? reply;
      return fault === 'lost' ? (take(call, to), { status: 502, body: 'bad gateway' }) : take(call, to);
    }
    const resource = /^\/im\/v1\/messages\/[^/]+\/resources\/([^/]+)$/.exec(path)?.[1];
    if (resource !== undefined) {
      const found = fake.media.get(resource);
      return found ? { body: found.bytes, contentType: found.contentType } : { status: 400, body: { code: 234003, msg: 'File not in msg.' } };
    }
    const person = /^\/contact\/v3\/users\/([^/]+)$/.exec(path)?.[1];
    if (person !== undefined) return fake.people.has(person) ? { body: { code: 0, msg: 'success', data: { user: { open_id: person, name: fake.people.get(person) } } } } : { status: 400, body: { code: 99992351, msg: 'not a valid open_id' } };
    if (path === '/im/v1/images') return { body: { code: 0, msg: 'success', data: { image_key: `img_${call.body.length}` } } };
    if (path === '/im/v1/files') return { body: { code: 0, msg: 'success', data: { file_key: `file_${call.body.length}` } } };
    return { status: 404, body: { code: 404, msg: 'no such path' } };
  };
  return fake;
}
