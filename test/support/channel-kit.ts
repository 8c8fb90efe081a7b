import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import type { Clock } from '../../server/platform/clock/clock.ts';
import { fetchDueMedia } from '../../server/journey/intake/fetch-media.ts';
import { pullDue } from '../../server/journey/intake/pull-channels.ts';
import { takeInDue } from '../../server/journey/intake/take-in.ts';
import { sendDueReplies } from '../../server/reactions/replies/send-replies.ts';
import { messageXml, sealedCallback, type CallbackAccount, type FakeWechat } from './fake-wechat.ts';
import type { Answer, TestClock, TestProgram } from './program.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
type Any = any;

export interface KitChannel { id: string; url: string; made: { token: string; encodingAesKey: string } }

/** A message that somebody writes, as each channel says it in its own way. */
export interface KitMessage { from: string; id: string; at: Date; text?: string; image?: string; place?: { lat: number; lng: number; label: string } }

/** What of a channel the contract needs to know. */
export interface KitKind {
  kind: string;
  settings: Record<string, string>;
  /** appid or corpid */
  id: string;
  by: 'wechat-crypto' | '@wecom/crypto';
  /** What the platform encrypts of a message, and what it keeps to be asked for. */
  write(platform: FakeWechat, message: KitMessage): string;
  /** Whether free messages are counted and timed. */
  windowed: boolean;
  deduplicates: boolean;
  template: boolean;
}

const xml = ({ from, id, at, text, image, place }: KitMessage): string => messageXml({
  ToUserName: 'gh_1', FromUserName: from, CreateTime: Math.floor(at.getTime() / 1_000), MsgId: `${from}-${id}`,
  ...(text === undefined ? {} : { MsgType: 'text', Content: text }), ...(image === undefined ? {} : { MsgType: 'image', MediaId: image, PicUrl: 'http://p' }),
  ...(place === undefined ? {} : { MsgType: 'location', Location_X: String(place.lat), Location_Y: String(place.lng), Label: place.label }),
});
/** A WeChat official account (微信公众号), as the contract is told of it. */
export const officialAccount: KitKind = { kind: 'wechat_official_account', id: 'wx5823bf96d3bd56c7', settings: { appId: 'wx5823bf96d3bd56c7', appSecret: 'secret' }, by: 'wechat-crypto', write: (_platform, message) => xml(message), windowed: true, deduplicates: false, template: true };

/** The text of what went out. */
export const textOf = (sent: Any): string => sent.text?.content ?? '';

/** One test organization with a channel of a kind, and the platform at the other end. */
export function openKit(program: TestProgram, clock: Clock, platform: FakeWechat, form: KitKind) {
  const as = 'administrator' as const;
  const kit = {
    channel: undefined as unknown as KitChannel,
    async setUp(more: Record<string, string> = {}): Promise<KitChannel> {
      const answer = await program.call('POST', '/channels', { as, body: { kind: form.kind, name: form.kind, settings: { ...form.settings, baseUrl: platform.url, ...more } } });
      assert.equal(answer.status, 201, answer.text);
      kit.channel = answer.body as KitChannel;
      return kit.channel;
    },
    account: (): CallbackAccount => ({ ...kit.channel.made, id: form.id }),
    call: (query: string, body: string | null): Promise<Answer> => program.inject({ method: body === null ? 'GET' : 'POST', url: `${new URL(kit.channel.url).pathname}?${query}`, ...(body === null ? {} : { headers: { 'content-type': 'text/xml' }, payload: body }) }),
    sealed: (message: KitMessage, options: Parameters<typeof sealedCallback>[2] = {}) => sealedCallback(kit.account(), form.write(platform, message), { at: clock.now(), by: form.by, ...options }),
    async say(from: string, more: Partial<KitMessage>): Promise<void> {
      const { query, body } = kit.sealed({ from, id: randomBytes(6).toString('hex'), at: clock.now(), ...more });
      const answer = await kit.call(query, body);
      assert.equal(answer.status, 200, answer.text);
      await kit.settle();
    },
    async settle(): Promise<void> {
      for (let left = 1; left > 0;) left = await pullDue(program.services) + await takeInDue(program.services) + await fetchDueMedia(program.services) + await sendDueReplies(program.services);
    },
    inbox: async (): Promise<Any[]> => (await program.call('GET', `/channels/${kit.channel.id}/messages`, { as })).body.items,
    /** The ticket that somebody's last message led to. */
    ticketOf: async (from: string): Promise<Any> => {
      const [row] = (await kit.inbox()).filter((one) => one.thread.endsWith(from) && one.ticket);
      return (await program.call('GET', `/tickets/${row.ticket.id}`, { as })).body;
    },
    timeline: async (ticketId: string): Promise<Any[]> => (await program.call('GET', `/tickets/${ticketId}/timeline`, { as })).body.items,
    comments: async (ticketId: string): Promise<Any[]> => (await kit.timeline(ticketId)).flatMap((entry) => entry.comment ?? []),
    async answer(ticketId: string, body: string, more: object = {}): Promise<Any> {
      const answer = await program.call('POST', `/tickets/${ticketId}/comments`, { as, body: { body, visibility: 'public', ...more } });
      assert.equal(answer.status, 201, answer.text);
      await kit.settle();
      return kit.delivery(ticketId, answer.body.id);
    },
    delivery: async (ticketId: string, commentId: string): Promise<Any> => (await kit.comments(ticketId)).find((comment) => comment.id === commentId).deliveries[0],
    route: async (ticketId: string): Promise<Any> => (await program.call('GET', `/tickets/${ticketId}/reply-route`, { as })).body,
  };
  return kit;
}

/** What holds of every channel on which one can be written to and answer (渠道契约). */
export function channelContract(open: () => Promise<{ program: TestProgram; clock: TestClock; platform: FakeWechat }>, form: KitKind): void {
  describe(`${form.kind} keeps the contract of channels`, () => {
    let made: ReturnType<typeof start> | undefined;
    const start = async () => {
      const { program, clock, platform } = await open();
      const kit = openKit(program, clock, platform, form);
      await kit.setUp(form.template ? { templateId: 'template_0001' } : {});
      return { kit, program, clock, platform };
    };
    const ready = () => (made ??= start());
    const who = () => `from_${randomBytes(4).toString('hex')}`;

    test('what somebody writes becomes a ticket, once, however often it comes; what follows is said on it', async () => {
      const { kit, clock } = await ready();
      const from = who();
      const { query, body } = kit.sealed({ from, id: 'once', at: clock.now(), text: '你好，我家厨房漏水了！' });
      for (let time = 0; time < 3; time += 1) assert.equal((await kit.call(query, body)).status, 200);
      await kit.settle();
      await kit.say(from, { text: '水流到走廊了' });
      const ticket = await kit.ticketOf(from);
      assert.equal(ticket.subject, '我家厨房漏水了');
      assert.deepEqual((await kit.comments(ticket.id)).map((comment) => [comment.direction, comment.body]), [['inbound', '水流到走廊了']]);
      assert.equal((await kit.inbox()).filter((row) => row.thread.endsWith(from)).length, 2);
    });

    test('what is forged, changed, old or meant for another account is refused, and nothing is written', async () => {
      const { kit, clock } = await ready();
      const before = (await kit.inbox()).length;
      const message: KitMessage = { from: who(), id: 'x', at: clock.now(), text: 'x' };
      const good = kit.sealed(message);
      const forged = sealedCallback({ ...kit.account(), token: 'somebodyelse' }, 'x', { at: clock.now() });
      const elsewhere = sealedCallback({ ...kit.account(), id: `${form.id.slice(0, -1)}z` }, form.write(await ready().then(({ platform }) => platform), message), { at: clock.now(), by: form.by });
      const old = kit.sealed(message, { at: new Date(clock.now().getTime() - 700_000) });
      for (const [{ query, body }, status] of [[forged, 401], [{ ...good, body: good.body.replace(/.{4}\]\]><\/Encrypt>/, 'AAAA]]></Encrypt>') }, 401], [elsewhere, 401], [old, 401], [{ ...good, body: '<xml>' }, 400], [{ ...good, body: '<!DOCTYPE x [<!ENTITY a "b">]><xml><Encrypt>&a;</Encrypt></xml>' }, 400], [{ ...good, query: '' }, 401]] as const) {
        const answer = await kit.call(query, body);
        assert.equal(answer.status, status, `${answer.text} ${body.slice(0, 80)}`);
      }
      await kit.settle();
      assert.equal((await kit.inbox()).length, before);
    });

    test('an answer goes back the way the request came, once, though the token was taken back and the platform asked for a pause', async () => {
      const { kit, clock, platform } = await ready();
      const from = who();
      await kit.say(from, { text: '灯不亮' });
      const ticket = await kit.ticketOf(from);
      platform.takeBack();
      platform.next.push({ path: '/send', answer: () => ({ body: { errcode: 40001, errmsg: 'invalid credential' } }) }, { path: '/send', answer: () => ({ body: { errcode: -1, errmsg: 'system busy' } }) });
      if (form.kind === 'wechat_kf') for (const fault of platform.next) fault.path = '/send_msg';
      const waiting = await kit.answer(ticket.id, '师傅下午到');
      assert.equal(waiting.state, 'queued');
      assert.equal(waiting.reason, 'temporary');
      clock.advance({ seconds: 10 });
      await kit.settle();
      const [comment] = (await kit.comments(ticket.id)).filter((one) => one.direction === 'outbound');
      assert.equal(comment.deliveries[0].state, 'sent');
      assert.equal(platform.sent.filter((sent) => sent['touser'] === from && textOf(sent) === '师傅下午到').length, 1);
      assert.equal(platform.sent.at(-1)!['touser'], from);
    });

    test('where nobody can tell whether it was taken, it is sent again only if the platform drops repetitions', async () => {
      const { kit, program, clock, platform } = await ready();
      const from = who();
      await kit.say(from, { text: '门锁坏了' });
      const ticket = await kit.ticketOf(from);
      // It takes the message, and the answer is lost on its way back.
      platform.next.push({ path: form.kind === 'wechat_kf' ? '/send_msg' : '/send', answer: (call) => ({ status: 502, body: (void platform.answer(call), 'bad gateway') }) });
      const delivery = await kit.answer(ticket.id, '马上派人');
      clock.advance({ seconds: 10 });
      await kit.settle();
      const after = (await kit.comments(ticket.id)).find((comment) => comment.direction === 'outbound').deliveries[0];
      if (form.deduplicates) {
        assert.equal(after.state, 'sent');
        if (form.kind === 'wechat_kf') assert.equal(platform.sent.filter((sent) => sent['touser'] === from && textOf(sent) === '马上派人').length, 1);
        return;
      }
      assert.equal(delivery.state, 'held');
      assert.equal(after.state, 'held');
      assert.equal(platform.sent.filter((sent) => sent['touser'] === from && textOf(sent) === '马上派人').length, 1);
      const arrived = await program.call('POST', `/tickets/${ticket.id}/deliveries/${after.id}/actions/mark_arrived`, { as: 'administrator', body: {} });
      assert.equal(arrived.status, 200, arrived.text);
      assert.equal(arrived.body.state, 'sent');
      const twice = await program.call('POST', `/tickets/${ticket.id}/deliveries/${after.id}/actions/send_again`, { as: 'administrator', body: {} });
      assert.equal(twice.body.code, 'delivery_not_open');
    });

    test('a picture is fetched after the platform was answered, and a place is where it says', async () => {
      const { kit, platform } = await ready();
      const from = who();
      // A PNG of one pixel.
      platform.media.set('pic', { contentType: 'image/png', bytes: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg==', 'base64') });
      await kit.say(from, { text: '电梯按钮坏了' });
      await kit.say(from, { image: 'pic' });
      await kit.say(from, { image: 'gone' });
      await kit.say(from, { place: { lat: 30.2741, lng: 120.1551, label: '文三路 291 号' } });
      const ticket = await kit.ticketOf(from);
      const comments = await kit.comments(ticket.id);
      assert.equal(comments.find((comment) => comment.files.length > 0)?.files[0].mediaType, 'image/png');
      assert.ok(comments.some((comment) => comment.visibility === 'internal' && /could not be kept|未能保存/.test(comment.body)), JSON.stringify(comments));
      assert.equal(ticket.location.address, '文三路 291 号');
      // Converted out of GCJ-02, some hundreds of metres away.
      assert.ok(Math.abs(ticket.location.lat - 30.2741) > 0.001 && Math.abs(ticket.location.lat - 30.2741) < 0.01);
    });

    if (form.windowed) {
      test('after 48 hours, or five messages, the next way is taken and says why', async () => {
        const { kit, clock, platform } = await ready();
        const from = who();
        await kit.say(from, { text: '空调不冷' });
        const ticket = await kit.ticketOf(from);
        for (let time = 1; time <= 5; time += 1) assert.equal((await kit.answer(ticket.id, `第 ${time} 条`)).state, 'sent');
        assert.deepEqual((await kit.route(ticket.id)).conversation.quota, { left: 0, of: 5 });
        const sixth = await kit.answer(ticket.id, '第 6 条');
        assert.deepEqual(sixth.skips[0], { route: 'conversation', reason: 'quota_spent' });
        assert.equal(sixth.state, form.template ? 'sent' : 'failed');
        assert.equal(sixth.route, form.template ? 'template' : null);
        await kit.say(from, { text: '还是不冷' });
        assert.deepEqual((await kit.route(ticket.id)).conversation.quota, { left: 5, of: 5 });
        clock.advance({ days: 2, seconds: 1 });
        const route = await kit.route(ticket.id);
        assert.deepEqual(route.skips[0], { route: 'conversation', reason: 'window_closed' });
        assert.equal(route.route, form.template ? 'template' : null);
        const late = await kit.answer(ticket.id, '两天以后');
        assert.equal(late.state, form.template ? 'sent' : 'failed');
        if (!form.template) assert.equal(late.reason, 'no_way');
        else assert.equal(platform.sent.at(-1)!['path'], '/cgi-bin/message/template/send');
      });
    }
  });
}
