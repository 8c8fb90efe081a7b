import { hash } from 'node:crypto';
import type { Mapped } from '../../../rules/intake/mapping.ts';
import { splitMailText } from '../../../rules/text/mail-text.ts';
import { CallRefused, json, MediaLost, type InboundAdapter, type InboundMessage, type InboundPart, type OpenInboundAccount } from '../inbound.ts';
import { nameOf } from '../inbound-calls.ts';
import { findMark, readMessageId, threadOf } from './message-ids.ts';
import { mailKey, readMail, type MailAddress, type ReadMail } from './read-mail.ts';

const longText = 9_000;
const mostReferences = 20;
// Whoever writes says who gets copies of our answers, so it is only some.
const mostCopies = 10;

/**
 * E-mail (邮件): fetched from a mailbox or handed over by SMTP, one message for each mail. A mail that answers one of ours belongs to its
 * thread; who may take part in it is looked at where it is taken in.
 */
export const email: InboundAdapter = {
  verify() {
    throw new CallRefused('method', 'mail does not come by calls');
  },
  decode() {
    throw new CallRefused('malformed', 'mail is read by itself');
  },
  acknowledge: () => json({}),
  async read(account, raw, now, known) {
    return [messageOf(account, await readOrRefuse(raw), now, known ?? {})];
  },
  async fetchMedia(_account, call, media) {
    if (media.media === 'raw') return { bytes: call.body, name: media.name ?? 'mail.eml', contentType: 'message/rfc822' };
    const mail = await readOrRefuse(call.body).catch((error: unknown) => {
      throw error instanceof CallRefused ? new MediaLost(error.message) : error;
    });
    if (media.media === 'text') return { bytes: Buffer.from(mail.text), name: media.name ?? 'mail.txt', contentType: 'text/plain' };
    const file = mail.files.find(({ place }) => media.media === `file/${place}`);
    if (!file) throw new MediaLost('the mail has no such part');
    return { bytes: file.content, name: file.name, contentType: file.contentType };
  },
};

async function readOrRefuse(raw: Buffer): Promise<ReadMail> {
  try {
    return await readMail(raw);
  } catch (error) {
    throw new CallRefused('malformed', error instanceof Error ? error.message : String(error));
  }
}

/** What a mail is kept as (邮件归一化). */
export function messageOf(account: OpenInboundAccount, mail: ReadMail, now: Date, known: Mapped): InboundMessage {
  const { address: own = '', replyKey: secret = '', automated } = account.values;
  const ours = threadOfOurs(secret, mail);
  const key = mailKey(mail);
  const others = [...mail.to, ...mail.cc].filter(({ address }) => plainAddress(address) !== own.toLowerCase());
  const answered = mail.replyTo ?? mail.from;
  const base = {
    externalId: nameOf(key) ?? hash('sha256', key), thread: ours ?? threadOf(mail.root ?? mail.messageId ?? key), occurredAt: mail.date && mail.date.getTime() <= now.getTime() + 86_400_000 ? mail.date : now,
    values: {
      ...known, subject: subjectOf(mail.subject), description: mail.text, ...(mail.from ? { 'requester.email': mail.from.address, ...(mail.from.name ? { 'requester.name': mail.from.name } : {}), 'mail.from': shown(mail.from) } : {}),
      'mail.to': mail.to.map(shown).join(', ').slice(0, 1_000), ...(mail.cc.length > 0 ? { 'mail.cc': mail.cc.map(shown).join(', ').slice(0, 1_000) } : {}), ...(mail.left > 0 ? { 'mail.left': mail.left } : {}),
    },
  };
  if (mail.report) {
    const about = mail.report.about.find((id) => readMessageId(secret, id) !== null);
    if (!about || !mail.report.failed) return { ...base, parts: [], passOver: 'bounce' };
    return { ...base, parts: [], kind: 'receipt', receipt: { providerId: about, state: 'failed', said: mail.report.said } };
  }
  const passOver = mail.from?.address === own.toLowerCase() || (mail.messageId !== null && readMessageId(secret, mail.messageId) !== null) ? 'loop' as const
    : mail.automatic === 'reply' ? 'auto_reply' as const : mail.automatic === 'sent' && automated !== 'ticket' ? 'automatic' as const : null;
  return {
    ...base, parts: partsOf(mail, ours !== null), ...(passOver ? { passOver } : {}),
    sender: { ids: mail.from ? [{ kind: 'email', value: mail.from.address, ...(known['mail.dmarc'] === 'pass' ? { verified: true as const } : {}) }] : [], ...(mail.from?.name ? { name: mail.from.name } : {}) },
    replyContext: {
      subject: mail.subject.slice(0, 300), ...(mail.messageId ? { messageId: mail.messageId } : {}), references: [...mail.answers.toReversed(), ...(mail.messageId ? [mail.messageId] : [])].slice(-mostReferences).join(' ').slice(-4_000),
      ...(answered ? { to: answered.address } : {}), cc: others.map(({ address }) => address).filter((address) => address !== answered?.address).slice(0, mostCopies).join(' '),
      participants: [...new Set([mail.from, mail.replyTo, ...others].flatMap((one) => one?.address ?? []))].slice(0, 50).join(' '),
    },
  };
}

function threadOfOurs(secret: string, mail: ReadMail): string | null {
  for (const id of mail.answers) {
    const thread = readMessageId(secret, id);
    if (thread) return thread;
  }
  return findMark(secret, [...mail.to, ...mail.cc].map(({ address }) => address).join(' ')) ?? findMark(secret, `${mail.subject}\n${mail.text}`);
}

// Says who wrote it and shows nothing (RFC 8551, RFC 3156).
const signatures: ReadonlySet<string> = new Set(['application/pkcs7-signature', 'application/x-pkcs7-signature', 'application/pgp-signature']);

/** What is new of an answer to a mail of ours: the rest stands on the ticket already. All of any other. */
function partsOf(mail: ReadMail, isAnswer: boolean): InboundPart[] {
  const text = isAnswer ? splitMailText(mail.text).fresh : mail.text;
  return [
    ...(text === '' ? [] : [{ kind: 'text' as const, text: text.slice(0, longText) }]),
    ...(text.length > longText ? [{ kind: 'file' as const, media: 'text', name: 'mail.txt', contentType: 'text/plain' }] : []),
    ...mail.files.filter((file) => !signatures.has(file.contentType)).map((file) => ({ kind: file.contentType.startsWith('image/') ? 'image' as const : file.contentType.startsWith('audio/') ? 'voice' as const : file.contentType.startsWith('video/') ? 'video' as const : 'file' as const, media: `file/${file.place}`, name: file.name, contentType: file.contentType, ...(file.inline ? { adorns: true as const } : {}) })),
  ];
}

/** A mail that cannot be read, kept all the same: its head as far as it goes, and the whole of it as a file. */
export function unreadableMessage(raw: Buffer, now: Date): InboundMessage {
  const name = hash('sha256', raw);
  const head = raw.subarray(0, 65_536).toString('utf8').replaceAll('\u0000', '').toWellFormed();
  const subject = /^subject:\s*(.{1,300})$/im.exec(head)?.[1]?.trim() ?? '';
  return { externalId: name, thread: name, occurredAt: now, values: { subject }, parts: [{ kind: 'file', media: 'raw', name: 'mail.eml', contentType: 'message/rfc822' }], sender: { ids: [] } };
}

export const subjectOf = (subject: string): string => subject.replace(/^(?:\s*(?:re|fwd?|aw|sv|回复|答复|回覆|转发|轉寄)\s*(?:\[\d+\])?\s*[:：]\s*)+/i, '').trim();
const shown = ({ name, address }: MailAddress): string => (name === '' ? address : `${name} <${address}>`);
/** Without what stands after the +. */
export const plainAddress = (address: string): string => address.toLowerCase().replace(/\+[^@]*(?=@)/, '');
