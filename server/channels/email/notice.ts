import { OutsideFailure } from '../../platform/egress/call-outside.ts';
import { SendFailure, type ChannelTools, type NoticeSender, type OpenAccount } from '../notice-channel.ts';
import { composeMail } from './message.ts';
import { sendMail, SmtpRefusal, type SmtpServer } from './smtp.ts';

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
    try {
      return { providerId: await sendMail(serverOf(account, tools), from.address, notice.address, composeMail(from, notice, tools.now())) };
    } catch (error) {
      throw failureOf(error);
    }
  },
};

const senderOf = ({ values }: Pick<OpenAccount, 'values'>) => ({ address: values['from'] ?? 'notices@example.com', name: values['fromName'] ?? '' });

function serverOf({ values }: OpenAccount, { privateHosts }: ChannelTools): SmtpServer {
  return { host: values['host']!, port: Number(values['port']), security: (values['security'] || 'tls') as SmtpServer['security'], user: values['user'] || null, password: values['password'] || null, milliseconds: 20_000, privateHosts };
}

/** What a refusal means for the next attempt: 4yz is for now, 5yz for good (RFC 5321 §4.2.1). */
function failureOf(error: unknown): SendFailure {
  if (error instanceof SmtpRefusal) {
    if (error.step === 'secure' || (error.step === 'sign_in' && (error.code === 0 || error.code >= 500))) return new SendFailure('account', error.message);
    if (error.code === 0 || error.code < 500) return new SendFailure(error.code === 421 || error.code === 450 || error.code === 452 ? 'rate_limited' : 'temporary', error.message, 60);
    return new SendFailure(error.step === 'recipient' ? 'address' : error.step === 'content' ? 'content' : 'account', error.message);
  }
  if (error instanceof OutsideFailure) return new SendFailure(error.code === 'private_address' ? 'account' : 'temporary', error.message);
  const { code = '', message } = error as NodeJS.ErrnoException;
  // A certificate that does not fit will not fit at the next attempt either.
  if (/^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS_CERT)/.test(code)) return new SendFailure('account', `the certificate of the mail server is not trusted (${code})`);
  return new SendFailure('temporary', code === '' ? message : `the mail server could not be reached (${code})`);
}
