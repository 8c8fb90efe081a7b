import { escapeHtml, oneLine, plainLines } from '../escape.ts';
import { SendFailure } from '../notice-channel.ts';
import type { Capabilities, OutboundChannel, OutgoingReply } from '../outbound.ts';
import { subjectOf } from './inbound.ts';
import { signMark, signMessageId } from './message-ids.ts';
import { submitMail } from './submit.ts';
import { serverOf } from './write-mail.ts';

// What most mailboxes take, with what base64 adds.
const filesTogether = 18_000_000;

/** What a piece of an answer is made of. */
interface MailContent {
  text: string;
  html: string;
  subject: string;
  [name: string]: unknown;
}

/** Answers by e-mail (邮件回复), in the thread of the mail they answer. */
export const emailReplies: OutboundChannel = {
  capabilities({ values }): Capabilities {
    return {
      parts: ['text', 'image', 'voice', 'video', 'file'], textBytes: 1_000_000, fileBytes: { image: filesTogether, voice: filesTogether, video: filesTogether, file: filesTogether },
      // Without a server of its own nothing goes out by this account.
      ...((values['smtpHost'] ?? '') === '' ? { mute: true as const } : {}), open: true, closesAt: null, quota: null, template: false, perMinute: null,
      // Both have the same Message-ID, by which mailboxes show one.
      deduplicates: true,
    };
  },
  render({ values }, reply, contact) {
    let room = filesTogether;
    const files = reply.files.filter(({ bytes }) => {
      if (bytes > room) return false;
      room -= bytes;
      return true;
    });
    const left = reply.files.filter((file) => !files.includes(file));
    const known = contact.replyContext['subject'] ?? '';
    const content: MailContent = { ...wordsOf(reply, left.map(({ name }) => name), values['signature'] ?? ''), subject: `Re: ${oneLine(subjectOf(known) || reply.ticket.subject)}` };
    return [{ content, files }];
  },
  async send(account, contact, piece, key, tools) {
    const { values } = account;
    const from = values['address'] ?? '';
    const to = contact.replyContext['to'] || contact.ids['email'] || '';
    if (to === '' || /[^\x21-\x7e]/.test(to)) throw new SendFailure('address', 'there is no address to answer to');
    const { text, html, subject } = piece.content as MailContent;
    const secret = values['replyKey'] ?? '';
    const messageId = signMessageId(secret, contact.thread, key, from.slice(from.lastIndexOf('@') + 1));
    const references = (contact.replyContext['references'] ?? '').split(' ').filter((id) => id !== '');
    const mark = signMark(secret, contact.thread);
    await submitMail(serverOf(account, tools.privateHosts), {
      from: { address: from, name: values['fromName'] ?? '' }, to, cc: (contact.replyContext['cc'] ?? '').split(' ').filter((one) => one !== '' && one !== to), subject, messageId, date: tools.now(),
      ...(contact.replyContext['messageId'] ? { inReplyTo: contact.replyContext['messageId'] } : {}), ...(references.length > 0 ? { references } : {}),
      // For programs that keep no references: whatever quotes this mail brings it back.
      text: `${text}\n\n[${mark}]`, html: html.replace('<!--mark-->', `<p style="margin:24px 0 0;color:#8a919f;font-size:11px">[${mark}]</p>`),
      attachments: await Promise.all(piece.files.map(async (file) => ({ filename: file.name, contentType: file.mediaType, content: await tools.readFile(file) }))),
    }, 'unknown');
    return { providerId: messageId };
  },
};

/** The words of an answer, plain and as HTML: everything in it is escaped, and nothing is fetched from elsewhere. */
function wordsOf(reply: OutgoingReply, left: readonly string[], signature: string): { text: string; html: string } {
  const english = reply.language === 'en';
  const body = plainLines(reply.text);
  const signed = [reply.author ?? '', signature === '' ? reply.organization : plainLines(signature)].filter((line) => line !== '');
  const files = left.length === 0 ? '' : english ? `Too large for a mail, to be had by the link: ${left.join(', ')}` : `文件太大，请从链接查看：${left.join('、')}`;
  const follow = english ? `Follow ${reply.ticket.number}` : `查看工单 ${reply.ticket.number}`;
  const text = [body, files, signed.join('\n'), `${follow}\n${reply.link}`].filter((part) => part !== '').join('\n\n');
  const lines = (said: string) => said.split('\n').map((line) => (line === '' ? '<br>' : `<p style="margin:0 0 8px">${escapeHtml(line)}</p>`)).join('');
  const html = `<!doctype html><html><body style="margin:0;padding:16px;color:#1f2329;font:14px/1.7 -apple-system,'PingFang SC','Microsoft YaHei',sans-serif"><div style="max-width:640px">${lines(body)}${files === '' ? '' : `<p style="color:#8a919f">${escapeHtml(files)}</p>`}<div style="margin-top:20px;color:#5d6778">${signed.map((line) => lines(line)).join('')}</div><p style="margin:16px 0 0"><a href="${escapeHtml(reply.link)}" style="color:#1a56db">${escapeHtml(follow)}</a></p><!--mark--></div></body></html>`;
  return { text, html };
}
