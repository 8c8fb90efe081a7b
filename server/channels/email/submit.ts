import { createTransport, type SendMailOptions } from 'nodemailer';
import { addressOutside, OutsideFailure } from '../../platform/egress/call-outside.ts';
import { SendFailure, type SendProblem } from '../notice-channel.ts';

/** The server that mail goes out by (发信服务器). */
export interface SmtpServer {
  host: string;
  port: number;
  security: 'tls' | 'starttls' | 'none';
  user: string | null;
  password: string | null;
  milliseconds: number;
  /** Hosts within the own network that may be reached all the same. */
  privateHosts: readonly string[];
}

/**
 * Hands one mail over to a server (SMTP, RFC 5321), by the address that was checked, and returns what it said. A password never travels in clear:
 * without TLS there is no sign-in.
 *
 * @param unsure what it is called when the server took the mail and said nothing
 * @throws SendFailure
 */
export async function submitMail(server: SmtpServer, mail: SendMailOptions, unsure: SendProblem): Promise<string> {
  const { host, port, security, user, password, milliseconds, privateHosts } = server;
  if (user !== null && security === 'none') throw new SendFailure('account', 'a password is not sent without encryption', null, 'insecure');
  let address: string;
  try {
    address = (await addressOutside(host, String(port), privateHosts)).address;
  } catch (error) {
    if (!(error instanceof OutsideFailure)) throw error;
    throw new SendFailure(error.code === 'private_address' ? 'account' : 'temporary', error.message, null, error.code === 'private_address' ? 'private_address' : 'unreachable');
  }
  const transport = createTransport({
    host: address, port, secure: security === 'tls', requireTLS: security === 'starttls', ignoreTLS: security === 'none', ...(user === null ? {} : { auth: { user, pass: password ?? '' } }),
    // The name the certificate is checked against; an address of numbers has none for SNI.
    tls: { servername: /^[\d.]+$|:/.test(host) ? '' : host }, connectionTimeout: milliseconds, greetingTimeout: milliseconds, socketTimeout: milliseconds, dnsTimeout: milliseconds,
    disableFileAccess: true, disableUrlAccess: true, logger: false,
  });
  try {
    const { response } = await transport.sendMail(mail);
    return response.slice(0, 200);
  } catch (error) {
    throw failureOf(error as MailError, unsure);
  } finally {
    transport.close();
  }
}

type MailError = Error & { code?: string; command?: string; responseCode?: number; response?: string };

/** What a refusal means for the next attempt: 4yz is for now, 5yz for good (RFC 5321 §4.2.1). */
function failureOf(error: MailError, unsure: SendProblem): SendFailure {
  const { responseCode = 0, command = '' } = error;
  const said = (error.response ?? error.message).slice(0, 300);
  if (error.code === 'EAUTH' || error.code === 'ENOAUTH') return new SendFailure(responseCode >= 400 && responseCode < 500 ? 'temporary' : 'account', said, 60);
  if (error.code === 'ETLS') return new SendFailure('account', `the mail server offers no STARTTLS, or its certificate is not trusted (${said})`, null, 'insecure');
  if (responseCode >= 500) return new SendFailure(command.startsWith('RCPT') ? 'address' : command === 'DATA' || command === 'BDAT' ? 'content' : 'account', said);
  if (responseCode >= 400) return new SendFailure(responseCode === 421 || responseCode === 450 || responseCode === 452 ? 'rate_limited' : 'temporary', said, 60);
  // A certificate that does not fit will not fit at the next attempt either.
  if (/certificate|self.signed|altname/i.test(error.message)) return new SendFailure('account', `the certificate of the mail server is not trusted (${said})`, null, 'insecure');
  // It had all of it, and nobody knows whether it took it.
  return new SendFailure(command === 'DATA' ? unsure : 'temporary', said, null, error.code === 'ETIMEDOUT' ? 'timeout' : error.code === 'ECONNECTION' || error.code === 'ESOCKET' || error.code === 'EDNS' ? 'unreachable' : 'service');
}
