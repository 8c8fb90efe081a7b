import { hash } from 'node:crypto';
import type { HotlineEvent } from '../../rules/hotline/case.ts';
import type { FieldMapping, Mapped } from '../../rules/intake/mapping.ts';
import type { CallEvent } from '../../rules/telephony/call.ts';
import type { ChannelTools, OpenAccount } from './notice-channel.ts';
import type { ReceiptState } from './outbound.ts';

/** One call of a platform, as its bytes came (平台回调). */
export interface HookCall {
  method: 'GET' | 'POST';
  query: Readonly<Record<string, string>>;
  /** Names in lower case; the first value of each. */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

/** What a platform is answered once its messages are kept. */
export interface HookAnswer {
  status: number;
  contentType: string;
  body: string;
}

/** A piece of a message (消息片段). Media are named as the platform names them, and fetched after it was answered. */
export type InboundPart =
  | { kind: 'text'; text: string }
  | { kind: 'image' | 'voice' | 'video' | 'file'; media: string; name?: string; contentType?: string; /** It lies here already: `media` is the id of the file. */ kept?: true; /** It came along, and nobody meant to send it: a picture within a letter. */ adorns?: true }
  | { kind: 'location'; lat: number; lng: number; crs: 'WGS84' | 'GCJ02' | 'BD09'; address?: string }
  | { kind: 'link'; url: string; title: string };

/** Something a device or a monitor says is wrong, or is right again (告警). */
export interface InboundAlarm {
  /** What is concerned; the same at each repetition, and when it is over. */
  key: string;
  /** One time that it is wrong: from when it began to when it is over. */
  episode: string;
  state: 'raised' | 'cleared';
}

/** A name that whoever wrote bears on the account (发送者身份). */
export interface SenderId {
  /** openid, unionid, external_userid, userid, email … At most 40 characters. */
  kind: string;
  /** At most 320 characters. */
  value: string;
  /** The platform vouches for it, and it means the same person wherever it appears: what else bears it is theirs. */
  verified?: true;
}

/** Who wrote a message (发送者). */
export interface Sender {
  /** The one to answer to first. */
  ids: readonly SenderId[];
  name?: string;
}

/** What became of something that was sent (回执). */
export interface InboundReceipt {
  /** What the platform called it when it took it. */
  providerId: string;
  state: ReceiptState;
  /** What it says about a failure. */
  said?: string;
}

/** One message, whatever the platform (归一化消息): what the intake goes on with. */
export interface InboundMessage {
  /** Nothing is to be done about it, and why: it is kept, and that is all (只留存). */
  passOver?: 'auto_reply' | 'automatic' | 'bounce' | 'loop';
  /** The platform's name for it, unique within the account: what comes twice is kept once. At most 200 characters. */
  externalId: string;
  /** Messages of one thread are taken in one after another, in the order they came. At most 200 characters. */
  thread: string;
  /** When it was written, as the platform says. */
  occurredAt: Date;
  parts: readonly InboundPart[];
  /** What an account's mapping, or the adapter itself, makes of it: targets and values (rules/intake). */
  values: Mapped;
  alarm?: InboundAlarm;
  /** It came from who it claims to be, and cannot be read: it is kept, and put aside. */
  unreadable?: true;
  /** `event`: something happened and nobody wrote (followed, scanned); `receipt`: of what was sent. A message when absent. */
  kind?: 'message' | 'event' | 'receipt';
  /** Who wrote: what has a sender belongs to a conversation, which goes on on the ticket its thread is about. */
  sender?: Sender;
  receipt?: InboundReceipt;
  /** It tells of a telephone call, and perhaps where its recording is to be had. */
  call?: { event: CallEvent; recording?: { url: string } };
  /** A hotline hands a case over, or tells of one. */
  hotline?: HotlineEvent;
  /** Of an event: the sender was added to the contacts of somebody of the organization; what they may be welcomed with, and for how long. */
  joined?: { greetWith?: Readonly<Record<string, string>>; seconds: number };
  /** They agreed to one more message of a template, or to none any more (订阅消息授权). */
  grants?: readonly { identity: { kind: string; value: string }; templateId: string; given: boolean }[];
  /** What the channel needs to answer this message; handed back to it as it is. */
  replyContext?: Readonly<Record<string, string>>;
}

/** What whoever was just added is welcomed with (欢迎语). */
export interface Greeting {
  text: string;
  /** The organization's portal. */
  link: string;
  organization: string;
  language: 'zh-CN' | 'en';
}

/** An account with its secrets opened. */
export interface OpenInboundAccount extends OpenAccount {
  id: string;
  mapping: readonly FieldMapping[];
}

/** A piece that has bytes of its own. */
export type MediaPart = Extract<InboundPart, { media: string }>;

/** What was fetched of it; its name and kind are only what the platform says. */
export interface FetchedMedia {
  bytes: Buffer;
  name: string;
  contentType: string | null;
}

/** The platform does not have it any more, or will never give it; or it is more than is taken; or our account cannot fetch it. */
export class MediaLost extends Error {
  readonly reason: 'gone' | 'too_large' | 'account';

  constructor(message: string, reason: 'gone' | 'too_large' | 'account' = 'gone') {
    super(message.slice(0, 500));
    this.name = 'MediaLost';
    this.reason = reason;
  }
}

/** What is to be asked of a platform whose calls only say that there is something. */
export interface PullHint {
  /** What is read: a service desk, a mailbox. At most 200 characters. */
  place: string;
  /** What the call gave to ask with. */
  hint: string | null;
}

/** A page of what a platform had to say. */
export interface PulledPage {
  messages: readonly InboundMessage[];
  /** The page as its bytes came: kept with the messages, and `decode` reads it again. */
  raw: Buffer;
  cursor: string;
  more: boolean;
}

/**
 * Why a call is not taken (拒收回调). `signature`: it is not from who it claims to be, or was changed on its way; `stale`: it
 * was signed too long ago, or in the future; `malformed`: it can't be read; `method`: this address takes no such call.
 */
export type CallProblem = 'signature' | 'stale' | 'malformed' | 'method';

/**
 * What is to be mended (处理建议), as far as it is known: `compare`: the secret of that name differs on both sides; `key`: so does the key that opens what was signed
 * rightly; `plain`: nothing is encrypted, and that is to be set; `other_app`: it is for the app, robot or company of that name, or one that is not said.
 */
export interface RefusalHint {
  what: 'compare' | 'key' | 'plain' | 'other_app';
  name: string;
}

export class CallRefused extends Error {
  readonly code: CallProblem;
  readonly hint: RefusalHint | null;
  constructor(code: CallProblem, message: string, hint: RefusalHint | null = null) {
    super(message);
    this.name = 'CallRefused';
    this.code = code;
    this.hint = hint;
  }
  /** As it is kept with the channel: `code: words`, or `code/what/name: words`; the name is of letters, digits, _, - and spaces. */
  get kept(): string {
    return `${this.code}${this.hint ? `/${this.hint.what}/${this.hint.name.replace(/[^\w -]/g, '').slice(0, 64)}` : ''}: ${this.message}`;
  }
}

/** A channel's inward side (渠道接入端口): pure in what it is given, so that it is as fast as its arithmetic. Each may throw CallRefused. */
export interface InboundAdapter {
  /** Refuses what is not from who it claims to be; answers at once what is no message but a question of the platform, else null. */
  verify(account: OpenInboundAccount, call: HookCall, now: Date): HookAnswer | null;
  /** The messages of a call that was verified, now or long ago, in their order. */
  decode(account: OpenInboundAccount, call: HookCall, now: Date): readonly InboundMessage[];
  /** As `decode`, for what takes its time to read; `known` is what was found out about it when it came. */
  read?(account: OpenInboundAccount, raw: Buffer, now: Date, known?: Mapped): Promise<readonly InboundMessage[]>;
  /** What the platform is answered once they are kept; until then it would have to send them again. */
  acknowledge(messages: readonly InboundMessage[], account: OpenInboundAccount, call: HookCall): HookAnswer;
  /**
   * Fetches a picture, a recording, a file of a message, after the platform was answered.
   *
   * @param call the call the message came with, as it was kept: its bytes, without query and headers
   * @throws SendFailure where it may be had later; MediaLost where it never will
   */
  fetchMedia?(account: OpenInboundAccount, call: HookCall, media: MediaPart, tools: ChannelTools): Promise<FetchedMedia>;
  /** What the platform knows of whoever writes for the first time: their name, further names of theirs. @throws SendFailure */
  describe?(account: OpenInboundAccount, sender: Sender, tools: ChannelTools): Promise<Sender>;
  /** Welcomes whoever was just added (`InboundMessage.joined`), once. @throws SendFailure */
  greet?(account: OpenInboundAccount, greetWith: Readonly<Record<string, string>>, greeting: Greeting, tools: ChannelTools): Promise<void>;
  /** Where a call only says that there is something: what to ask for. */
  hints?(account: OpenInboundAccount, call: HookCall): readonly PullHint[];
  /** Asks for what comes after a cursor. @throws SendFailure */
  pull?(account: OpenInboundAccount, place: string, cursor: string | null, hint: string | null, tools: ChannelTools): Promise<PulledPage>;
}

export const json = (body: unknown, status = 200): HookAnswer => ({ status, contentType: 'application/json; charset=utf-8', body: JSON.stringify(body) });

const mostAtOnce = 1_000;

/**
 * Reads each item of a call (逐条读取): one that cannot be read takes none of the others with it, and is kept in its own place to be put aside.
 *
 * @throws CallRefused where no item can be read, or there are more than a thousand
 */
export function eachOf<Item>(items: readonly Item[], now: Date, read: (item: Item) => InboundMessage | readonly InboundMessage[]): InboundMessage[] {
  if (items.length > mostAtOnce) throw new CallRefused('malformed', `more than ${mostAtOnce} messages at once`);
  let readable = items.length === 0;
  let refused: CallRefused | undefined;
  const messages = items.flatMap((item) => {
    try {
      const said = read(item);
      readable = true;
      return said;
    } catch (error) {
      if (!(error instanceof CallRefused)) throw error;
      refused ??= error;
      const name = hash('sha256', JSON.stringify(item) ?? '');
      return { externalId: name, thread: name, occurredAt: now, parts: [], values: {}, unreadable: true as const };
    }
  });
  if (!readable) throw refused!;
  return messages;
}

/** The JSON object or list a call holds. */
export function readJson({ method, body }: HookCall): unknown {
  if (method !== 'POST') throw new CallRefused('method', 'calls are made by POST');
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new CallRefused('malformed', 'the body is no JSON in UTF-8');
  }
  if (typeof value !== 'object' || value === null) throw new CallRefused('malformed', 'the body is neither an object nor a list');
  return value;
}
