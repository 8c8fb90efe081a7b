import type { ChannelTools, OpenAccount } from './notice-channel.ts';

/** An account that answers go out by, with its secrets opened. */
export interface OpenOutboundAccount extends OpenAccount {
  id: string;
}

/** Whom an answer goes to (会话对方), as the conversation knows them. */
export interface Contact {
  thread: string;
  /** The names the other side bears on this account, by kind: openid, external_userid, userid, email … */
  ids: Readonly<Record<string, string>>;
  name: string | null;
  /** When they last wrote; null when they never did. */
  lastInboundAt: Date | null;
  /** How many messages went to them since. */
  sentSince: number;
  /** What the last message that came gave to answer it with (`InboundMessage.replyContext`). */
  replyContext: Readonly<Record<string, string>>;
  /** How many messages of each template they agreed to and that are left, where the platform counts them. */
  grants?: Readonly<Record<string, number>>;
}

export type OutgoingKind = 'text' | 'image' | 'voice' | 'video' | 'file';

/** What may be sent to somebody at a moment (发送能力). */
export interface Capabilities {
  /** What a message may be made of; what else there is becomes text with a link. */
  parts: readonly OutgoingKind[];
  /** Bytes of UTF-8 that one text may have. */
  textBytes: number;
  /** Bytes of one file, by kind; kinds that are not named take none. */
  fileBytes: Readonly<Partial<Record<OutgoingKind, number>>>;
  /** As the account is set up nothing can be sent by it at all. */
  mute?: true;
  /** Whether a free message may be sent, and until when; null where it never ends. */
  open: boolean;
  closesAt: Date | null;
  /** How many free messages are left in this window, of how many; null where nobody counts. */
  quota: { left: number; of: number } | null;
  /** Whether a message of a template of the account may be sent when free ones may not. */
  template: boolean;
  /** Messages of its template go out only to who agreed to them, one for each time. */
  needsGrant?: true;
  /** How many messages a minute the account takes; null where nothing is said. */
  perMinute: number | null;
  /** Whether the platform drops what it is sent twice under the same key: only then is a call without an answer made again. */
  deduplicates: boolean;
}

/** A file of an answer. */
export interface OutgoingFile {
  id: string;
  name: string;
  mediaType: string;
  bytes: number;
}

/** An answer of the organization, in words that no channel has escaped yet (回复). */
export interface OutgoingReply {
  /** The same at every attempt. */
  reference: string;
  text: string;
  author: string | null;
  files: readonly OutgoingFile[];
  /** Where the customer follows the ticket. */
  link: string;
  ticket: { number: string; subject: string };
  organization: string;
  language: 'zh-CN' | 'en';
  /** What can be answered with one touch, where the channel has such a form; the text says it as well. */
  choices?: readonly { id: string; label: string }[];
}

/** One message on the wire, as its channel has rendered it. */
export interface OutgoingPiece {
  /** In the channel's own form. */
  content: Readonly<Record<string, unknown>>;
  /** Files that have to be handed over for it. */
  files: readonly OutgoingFile[];
}

export interface Handed {
  /** What the other side calls it: receipts name it. */
  providerId: string | null;
}

/** What an outward channel works with. A call that may have been heard although no answer came is `unknown` here. */
export interface OutboundTools extends ChannelTools {
  unsure: 'unknown';
  readFile(file: OutgoingFile): Promise<Buffer>;
  /** Lays an answer where a page of this program fetches it, once for each key; gives back what it is called there. */
  lay?(answer: { accountId: string; thread: string; key: string; text: string; author: string | null; files: readonly OutgoingFile[] }): Promise<string>;
}

/** A channel's outward side (渠道发送端口). */
export interface OutboundChannel {
  /** Pure. */
  capabilities(account: OpenOutboundAccount, contact: Contact, now: Date): Capabilities;
  /**
   * Pure: what an answer becomes. What the channel cannot carry becomes text and a link; `template`: one message of the
   * account's template instead, which says that there is an answer and leads to it.
   */
  render(account: OpenOutboundAccount, reply: OutgoingReply, contact: Contact, capabilities: Capabilities, as: 'free' | 'template'): readonly OutgoingPiece[];
  /**
   * Hands one piece over.
   *
   * @param key the same at every attempt of this piece: at most 32 letters and digits
   * @throws SendFailure `unknown` where nobody can tell whether it was taken
   */
  send(account: OpenOutboundAccount, contact: Contact, piece: OutgoingPiece, key: string, tools: OutboundTools): Promise<Handed>;
}

/** What became of what was sent, as the platform says later (回执). It only ever moves forward. */
export type ReceiptState = 'sent' | 'delivered' | 'read' | 'failed';

/** States in their order; a failure that is told of after it arrived is no news. */
export const receiptOrder: Readonly<Record<'queued' | 'sending' | 'held' | ReceiptState, number>> = { queued: 0, sending: 0, held: 0, sent: 1, failed: 2, delivered: 3, read: 4 };
