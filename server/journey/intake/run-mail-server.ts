import { SMTPServer, type SMTPServerAddress, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Resolver } from '../../channels/email/authenticate.ts';
import { plainAddress } from '../../channels/email/inbound.ts';
import { mailLimits } from '../../channels/email/read-mail.ts';
import type { Services } from '../../platform/context.ts';
import { accountsOfAddresses } from '../../records/channel/mailboxes.ts';
import { receiveMail } from './receive-mail.ts';

const mostRecipients = 50;
const mostClients = 50;

/** A refusal in the words of SMTP (RFC 5321 §4.2). */
const refusal = (code: number, said: string): Error => Object.assign(new Error(said), { responseCode: code });

/**
 * Takes mail from mail servers (收信服务器, RFC 5321): only for the addresses of accounts, answered when it is kept. It delivers nothing further, and
 * nobody signs in.
 *
 * @returns the port it listens on, and how to stop it
 */
export async function runMailServer(services: Services, { host, port, resolver }: { host: string; port: number; resolver?: Resolver }): Promise<{ port: number; stop: () => Promise<void> }> {
  const { database, log } = services;
  const server = new SMTPServer({
    size: mailLimits.bytes, authOptional: true, disabledCommands: ['AUTH', 'STARTTLS'], banner: 'Bihuan', maxClients: mostClients, socketTimeout: 60_000, closeTimeout: 5_000, disableReverseLookup: true, logger: false,
    onRcptTo({ address }: SMTPServerAddress, session: SMTPServerSession, done) {
      if (session.envelope.rcptTo.length >= mostRecipients) return done(refusal(452, 'Too many recipients'));
      accountsOfAddresses(database, [plainAddress(address)]).then(
        (found) => done(found.length === 0 ? refusal(550, 'No such address here') : found.some(({ row }) => row.active) ? null : refusal(451, 'Paused: try again later')),
        (error: unknown) => {
          log.error({ error }, 'the recipient of a mail could not be looked up');
          done(refusal(451, 'Try again later'));
        },
      );
    },
    onData(stream: SMTPServerDataStream, session: SMTPServerSession, done) {
      const chunks: Buffer[] = [];
      let size = 0;
      stream.on('data', (chunk: Buffer) => {
        size += chunk.length;
        // What is too large is heard to its end, as the protocol wants, and forgotten.
        if (size <= mailLimits.bytes) chunks.push(chunk);
        else chunks.length = 0;
      });
      stream.once('end', () => {
        if (stream.sizeExceeded || size > mailLimits.bytes) return done(refusal(552, 'Larger than is taken'));
        keep(Buffer.concat(chunks), session).then(() => done(null, 'Kept'), (error: unknown) => {
          log.error({ error }, 'a mail could not be kept; whoever sent it will try again');
          done(refusal(451, 'Try again later'));
        });
      });
    },
  });
  async function keep(raw: Buffer, session: SMTPServerSession): Promise<void> {
    const { mailFrom, rcptTo } = session.envelope;
    const sender = mailFrom ? mailFrom.address : '';
    const accounts = (await accountsOfAddresses(database, rcptTo.map(({ address }) => plainAddress(address)))).filter(({ row }) => row.active);
    if (accounts.length === 0) throw new Error('its account was switched off meanwhile');
    for (const { tenantId, row } of accounts) await receiveMail(services, row, tenantId, raw, { origin: { ip: session.remoteAddress, helo: session.hostNameAppearsAs || '', sender }, ...(resolver ? { resolver } : {}) });
  }
  server.on('error', (error) => log.warn({ error }, 'the mail server had an error'));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const bound = server.server.address();
  return { port: typeof bound === 'object' && bound ? bound.port : port, stop: () => new Promise((resolve) => {
    server.close(() => resolve());
  }) };
}
