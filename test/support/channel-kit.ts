import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import type { Clock } from '../../server/platform/clock/clock.ts';
import { fetchDueMedia } from '../../server/journey/intake/fetch-media.ts';
import { pullDue } from '../../server/journey/intake/pull-channels.ts';
import { takeInDue } from '../../server/journey/intake/take-in.ts';
import { sendDueReplies } from '../../server/reactions/replies/send-replies.ts';
import type { Answer, TestClock, TestProgram } from './program.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
type Any = any;

export interface KitChannel { id: string; url: string; made: Readonly<Record<string, string>> }

/** A message that somebody writes, as each channel says it in its own way. */
export interface KitMessage { from: string; id: string; at: Date; text?: string; image?: string; place?: { lat: number; lng: number; label: string } }

/** A call of a platform, to the address of the channel. */
export interface KitCall { method?: 'GET' | 'POST'; query?: string; headers?: Readonly<Record<string, string>>; body: string | Buffer }

/** The other end, as every channel's contract needs it. */
export interface KitPlatform {
  url: string;
  /** Files that can be fetched, by the name that messages give them. */
  media: Map<string, { contentType: string; bytes: Buffer }>;
  /** The texts that went out to somebody, in their order. */
  said(to: string): string[];
  /**
   * What the next call meets that an answer goes out by, once: `token` the token is not in force; `busy` it is to be tried later;
   * `lost` it is taken, and the answer to the call is lost on its way back.
   */
  fail(fault: 'token' | 'busy' | 'lost'): void;
  /** All tokens given out are taken back before their time; absent where there are none. */
  takeBack?(): void;
}

/** What of a kind of channel the contract needs to know (渠道的契约描述). */
export interface KitKind<Platform extends KitPlatform> {
  kind: string;
  mode?: string;
  /** Where the platform lies is added, as `baseUrl` unless the kind calls it otherwise. */
  settings: Readonly<Record<string, string>>;
  addressIn?: string;
  /** Somebody new, where not any name will do. */
  who?: () => string;
  /** How the platform brings a message: a call, signed now unless another time is given. */
  call(channel: KitChannel, platform: Platform, message: KitMessage, at: Date): KitCall;
  /** In place of `call`, where nobody calls: returns once it was taken. */
  deliver?(channel: KitChannel, platform: Platform, message: KitMessage, at: Date): Promise<void>;
  /** Calls that are to be refused, and with which status: forged, changed, meant for another, too old, unreadable. */
  forgeries(channel: KitChannel, platform: Platform, message: KitMessage, now: Date): readonly (readonly [KitCall, number])[];
  /** How many free messages may follow one that came, within how many hours; null where nobody counts them, and for hours where it never ends. */
  window: { messages: number | null; hours: number } | null;
  /** Whether the platform drops what it is sent twice under one key. */
  deduplicates: boolean;
  /** Settings that let a template go out when free messages may not. */
  template?: Readonly<Record<string, string>>;
  pictures: boolean;
  places: 'GCJ02' | 'WGS84' | null;
}

/** One test organization with a channel of a kind, and the platform at the other end. */
export function openKit<Platform extends KitPlatform>(program: TestProgram, clock: Clock, platform: Platform, form: KitKind<Platform>) {
  const as = 'administrator' as const;
  const kit = {
    channel: undefined as unknown as KitChannel,
    async setUp(more: Record<string, string> = {}): Promise<KitChannel> {
      const answer = await program.call('POST', '/channels', { as, body: { kind: form.kind, name: form.kind, ...(form.mode === undefined ? {} : { mode: form.mode }), settings: { ...form.settings, [form.addressIn ?? 'baseUrl']: platform.url, ...more } } });
      assert.equal(answer.status, 201, answer.text);
      kit.channel = answer.body as KitChannel;
      return kit.channel;
    },
    send: ({ method = 'POST', query, headers, body }: KitCall): Promise<Answer> => program.inject({
      method, url: `${new URL(kit.channel.url).pathname}${query === undefined || query === '' ? '' : `?${query}`}`, ...(headers ? { headers } : {}), ...(method === 'GET' ? {} : { payload: body }),
    }),
    /** Somebody writes, and it is taken in. */
    async say(from: string, more: Partial<KitMessage>): Promise<void> {
      const message: KitMessage = { from, id: randomBytes(6).toString('hex'), at: clock.now(), ...more };
      if (form.deliver) await form.deliver(kit.channel, platform, message, clock.now());
      else {
        const answer = await kit.send(form.call(kit.channel, platform, message, clock.now()));
        assert.equal(answer.status, 200, answer.text);
      }
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
export function channelContract<Platform extends KitPlatform>(open: () => Promise<{ program: TestProgram; clock: TestClock; platform: Platform }>, form: KitKind<Platform>): void {
  describe(`${form.kind}${form.mode === undefined ? '' : ` (${form.mode})`} keeps the contract of channels`, () => {
    let made: ReturnType<typeof start> | undefined;
    const start = async () => {
      const { program, clock, platform } = await open();
      const kit = openKit(program, clock, platform, form);
      await kit.setUp({ ...form.template });
      return { kit, program, clock, platform };
    };
    const ready = () => (made ??= start());
    const who = form.who ?? (() => `from_${randomBytes(4).toString('hex')}`);

    test('what somebody writes becomes a ticket, once, however often it comes; what follows is said on it', async () => {
      const { kit } = await ready();
      const from = who();
      const once: Partial<KitMessage> = { id: `once-${from}`, text: '你好，我家厨房漏水了！' };
      for (let time = 0; time < 3; time += 1) await kit.say(from, once);
      await kit.say(from, { text: '水流到走廊了' });
      const ticket = await kit.ticketOf(from);
      assert.equal(ticket.subject, '我家厨房漏水了');
      assert.deepEqual((await kit.comments(ticket.id)).map((comment) => [comment.direction, comment.body]), [['inbound', '水流到走廊了']]);
      assert.equal((await kit.inbox()).filter((row) => row.thread.endsWith(from)).length, 2);
    });

    test('what is forged, changed, old or meant for another account is refused, and nothing is written', async () => {
      const { kit, clock, platform } = await ready();
      const before = (await kit.inbox()).length;
      for (const [call, status] of form.forgeries(kit.channel, platform, { from: who(), id: 'forged', at: clock.now(), text: 'x' }, clock.now())) {
        const answer = await kit.send(call);
        assert.equal(answer.status, status, `${answer.text} ${String(call.body).slice(0, 80)}`);
      }
      await kit.settle();
      assert.equal((await kit.inbox()).length, before);
    });

    test('an answer goes back the way the request came, once, though the token was taken back and the platform asked for a pause', async () => {
      const { kit, clock, platform } = await ready();
      const from = who();
      await kit.say(from, { text: '灯不亮' });
      const ticket = await kit.ticketOf(from);
      if (platform.takeBack) {
        platform.takeBack();
        platform.fail('token');
      }
      platform.fail('busy');
      const waiting = await kit.answer(ticket.id, '师傅下午到');
      assert.equal(waiting.state, 'queued');
      assert.equal(waiting.reason, 'temporary');
      clock.advance({ seconds: 10 });
      await kit.settle();
      const [comment] = (await kit.comments(ticket.id)).filter((one) => one.direction === 'outbound');
      assert.equal(comment.deliveries[0].state, 'sent');
      assert.deepEqual(platform.said(from), ['师傅下午到']);
    });

    test('where nobody can tell whether it was taken, it is sent again only if the platform drops repetitions', async () => {
      const { kit, program, clock, platform } = await ready();
      const from = who();
      await kit.say(from, { text: '门锁坏了' });
      const ticket = await kit.ticketOf(from);
      platform.fail('lost');
      const delivery = await kit.answer(ticket.id, '马上派人');
      clock.advance({ seconds: 10 });
      await kit.settle();
      const after = (await kit.comments(ticket.id)).find((comment) => comment.direction === 'outbound').deliveries[0];
      if (form.deduplicates) {
        assert.equal(after.state, 'sent');
        assert.deepEqual(platform.said(from), ['马上派人']);
        return;
      }
      assert.equal(delivery.state, 'held');
      assert.equal(after.state, 'held');
      assert.deepEqual(platform.said(from), ['马上派人']);
      const arrived = await program.call('POST', `/tickets/${ticket.id}/deliveries/${after.id}/actions/mark_arrived`, { as: 'administrator', body: {} });
      assert.equal(arrived.status, 200, arrived.text);
      assert.equal(arrived.body.state, 'sent');
      const twice = await program.call('POST', `/tickets/${ticket.id}/deliveries/${after.id}/actions/send_again`, { as: 'administrator', body: {} });
      assert.equal(twice.body.code, 'delivery_not_open');
    });

    if (form.pictures) {
      test('a picture is fetched after the platform was answered; what is gone is said', async () => {
        const { kit, platform } = await ready();
        const from = who();
        // A PNG of one pixel.
        platform.media.set('pic', { contentType: 'image/png', bytes: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg==', 'base64') });
        await kit.say(from, { text: '电梯按钮坏了' });
        await kit.say(from, { image: 'pic' });
        await kit.say(from, { image: 'gone' });
        const ticket = await kit.ticketOf(from);
        const comments = await kit.comments(ticket.id);
        assert.equal(comments.find((comment) => comment.files.length > 0)?.files[0].mediaType, 'image/png');
        assert.ok(comments.some((comment) => comment.visibility === 'internal' && /could not be kept|未能保存/.test(comment.body)), JSON.stringify(comments));
        // Whoever sent it is told as well, once, by the way they came.
        assert.equal(comments.filter((comment) => comment.visibility === 'public' && comment.direction === 'outbound' && /没有收到|did not reach/.test(comment.body)).length, 1, JSON.stringify(comments));
      });
    }

    if (form.places !== null) {
      test('a place that is sent is where the ticket is', async () => {
        const { kit } = await ready();
        const from = who();
        await kit.say(from, { text: '路灯不亮' });
        await kit.say(from, { place: { lat: 30.2741, lng: 120.1551, label: '文三路 291 号' } });
        const ticket = await kit.ticketOf(from);
        assert.equal(ticket.location.address, '文三路 291 号');
        // GCJ-02 lies some hundreds of metres from WGS-84.
        const moved = Math.abs(ticket.location.lat - 30.2741);
        assert.ok(form.places === 'GCJ02' ? moved > 0.001 && moved < 0.01 : moved < 0.000_01, String(moved));
      });
    }

    const { window } = form;
    if (window) {
      test('once the window is closed, or its messages are used up, the next way is taken and says why', async () => {
        const { kit, clock, platform } = await ready();
        const from = who();
        await kit.say(from, { text: '空调不冷' });
        const ticket = await kit.ticketOf(from);
        const falls = (delivery: Any) => assert.deepEqual([delivery.state, delivery.route], form.template ? ['sent', 'template'] : ['failed', null]);
        if (window.messages !== null) {
          for (let time = 1; time <= window.messages; time += 1) assert.equal((await kit.answer(ticket.id, `第 ${time} 条`)).state, 'sent');
          assert.deepEqual((await kit.route(ticket.id)).conversation.quota, { left: 0, of: window.messages });
          const more = await kit.answer(ticket.id, '再多一条');
          assert.deepEqual(more.skips[0], { route: 'conversation', reason: 'quota_spent' });
          falls(more);
          await kit.say(from, { text: '还是不冷' });
          assert.deepEqual((await kit.route(ticket.id)).conversation.quota, { left: window.messages, of: window.messages });
        }
        clock.advance({ seconds: window.hours * 3_600 + 1 });
        const route = await kit.route(ticket.id);
        assert.deepEqual(route.skips[0], { route: 'conversation', reason: 'window_closed' });
        assert.equal(route.route, form.template ? 'template' : null);
        const before = platform.said(from).length;
        const late = await kit.answer(ticket.id, '两天以后');
        falls(late);
        if (!form.template) assert.equal(late.reason, 'no_way');
        assert.equal(platform.said(from).length, before, 'no free message went out');
      });
    }
  });
}
