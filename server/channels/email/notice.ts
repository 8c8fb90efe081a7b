import { SendFailure, type ChannelTools, type NoticeSender, type OpenAccount } from '../notice-channel.ts';
import { composeMail } from './message.ts';
import { submitMail, type SmtpServer } from './submit.ts';

// An address that goes between angle brackets into a command; anything else in it could be a command of its own.
const addressPattern = /^[^\s@<>,;:"\\()[\]]{1,64}@[A-Za-z0-9.-]{1,190}$/;

/**
 * E-mail by the organization's own mail server (SMTP 邮件). A mail that was under way when a node died may be sent twice; both have
 * the same Message-ID, by which mailboxes show one.
 */
export const email: NoticeSender = {
  channel: 'email',
  preview: (account, notice) => composeMail(senderOf(account), notice, new Date(0)),
  async send(account, notice, tools) {
    if (!addressPattern.test(notice.address) || /[^\x21-\x7e]/.test(notice.address)) throw new SendFailure('address', 'the address is not one that mail can be sent to');
    const from = senderOf(account);
    return { providerId: await submitMail(serverOf(account, tools), { envelope: { from: from.address, to: notice.address }, raw: composeMail(from, notice, tools.now()) }, tools.unsure ?? 'temporary') };
  },
};

const senderOf = ({ values }: Pick<OpenAccount, 'values'>) => ({ address: values['from'] ?? 'notices@example.com', name: values['fromName'] ?? '' });

function serverOf({ values }: OpenAccount, { privateHosts }: ChannelTools): SmtpServer {
  return { host: values['host']!, port: Number(values['port']), security: (values['security'] || 'tls') as SmtpServer['security'], user: values['user'] || null, password: values['password'] || null, milliseconds: 20_000, privateHosts };
}
