import { oneLine, plainLines } from '../escape.ts';
import type { OpenAccount } from '../notice-channel.ts';
import { signMark, signMessageId } from './message-ids.ts';
import { submitMail, type SmtpServer } from './submit.ts';

const milliseconds = 60_000;

/** The server of an account's answers. */
export function serverOf({ values }: Pick<OpenAccount, 'values'>, privateHosts: readonly string[]): SmtpServer {
  const security = (values['smtpSecurity'] || 'tls') as SmtpServer['security'];
  return {
    host: values['smtpHost'] ?? '', port: Number(values['smtpPort'] || (security === 'tls' ? 465 : security === 'starttls' ? 587 : 25)), security, user: values['smtpUser'] || null, password: values['smtpPassword'] || null,
    milliseconds, privateHosts,
  };
}

/** The thread of a conversation beside a ticket (旁路会话): its id, by which an answer finds its way back. */
export const sideThread = (conversationId: string): string => `s${conversationId.replaceAll('-', '')}`;
/** The id of the conversation that a thread is of; null of all others. */
export function sideOfThread(thread: string): string | null {
  const [, hex] = /^s([0-9a-f]{32})$/.exec(thread) ?? [];
  return hex === undefined ? null : hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** A mail to somebody outside, beside a ticket. */
export interface SideMail {
  conversationId: string;
  /** The same at every attempt. */
  key: string;
  /** The key of the first mail of the conversation; its own where it is the first. */
  firstKey: string;
  to: string;
  toName: string;
  subject: string;
  body: string;
  at: Date;
  files: readonly { name: string; mediaType: string; content: Buffer }[];
}

/** Writes to somebody outside (对外邮件), in the thread of that conversation. @throws SendFailure */
export async function writeSideMail(account: OpenAccount, mail: SideMail, privateHosts: readonly string[]): Promise<{ providerId: string }> {
  const { address = '', fromName = '', signature = '', replyKey = '' } = account.values;
  const thread = sideThread(mail.conversationId);
  const idOf = (key: string): string => signMessageId(replyKey, thread, key, address.slice(address.lastIndexOf('@') + 1));
  const messageId = idOf(mail.key);
  await submitMail(serverOf(account, privateHosts), {
    from: { address, name: fromName }, to: { address: mail.to, name: mail.toName }, subject: oneLine(mail.subject), messageId, date: mail.at,
    ...(mail.firstKey === mail.key ? {} : { inReplyTo: idOf(mail.firstKey), references: [idOf(mail.firstKey)] }),
    text: [plainLines(mail.body), signature === '' ? '' : plainLines(signature), `[${signMark(replyKey, thread)}]`].filter((part) => part !== '').join('\n\n'),
    attachments: mail.files.map(({ name, mediaType, content }) => ({ filename: name, contentType: mediaType, content })),
  }, 'unknown');
  return { providerId: messageId };
}
