import { hostname } from 'node:os';
import { openLine, type Line } from '../../platform/egress/line.ts';

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

/** What the server said no to, with its code (RFC 5321 §4.2); 0 when it said nothing that can be read. */
export class SmtpRefusal extends Error {
  readonly code: number;
  readonly step: 'greeting' | 'secure' | 'sign_in' | 'sender' | 'recipient' | 'content';
  constructor(code: number, step: SmtpRefusal['step'], said: string) {
    super(`${code} ${said}`.trim().slice(0, 300));
    this.name = 'SmtpRefusal';
    this.code = code;
    this.step = step;
  }
}

interface Reply {
  code: number;
  lines: string[];
}

/**
 * Hands one mail over to a server (SMTP, RFC 5321; STARTTLS, RFC 3207; AUTH PLAIN and LOGIN, RFC 4954) and returns what it called it.
 * A password never travels in clear: without TLS there is no sign-in.
 *
 * @throws SmtpRefusal, OutsideFailure, or the error of the connection
 */
export async function sendMail(server: SmtpServer, from: string, to: string, mail: string): Promise<string> {
  const line = await openLine({ host: server.host, port: server.port, secure: server.security === 'tls', milliseconds: server.milliseconds, privateHosts: server.privateHosts });
  try {
    expect(await read(line), 220, 'greeting');
    let offers = await greet(line);
    if (server.security === 'starttls') {
      if (!offers.some((offer) => offer.toUpperCase() === 'STARTTLS')) throw new SmtpRefusal(0, 'secure', 'the server offers no STARTTLS');
      expect(await say(line, 'STARTTLS'), 220, 'secure');
      await line.secure();
      offers = await greet(line);
    }
    if (server.user !== null) await signIn(line, server, offers);
    expect(await say(line, `MAIL FROM:<${from}>`), 250, 'sender');
    expect(await say(line, `RCPT TO:<${to}>`), 250, 'recipient');
    expect(await say(line, 'DATA'), 354, 'content');
    // A line of one dot ends the mail, so each that begins with one gets another (§4.5.2).
    const taken = await say(line, `${mail.replace(/\r?\n/g, '\r\n').replace(/(^|\r\n)\./g, '$1..').replace(/\r\n$/, '')}\r\n.`);
    expect(taken, 250, 'content');
    line.write('QUIT\r\n');
    return taken.lines[0]?.slice(0, 200) ?? '';
  } finally {
    line.end();
  }
}

async function greet(line: Line): Promise<string[]> {
  const name = /^[A-Za-z0-9.-]+$/.test(hostname()) ? hostname() : 'localhost';
  const reply = await say(line, `EHLO ${name}`);
  if (reply.code === 250) return reply.lines.slice(1);
  expect(await say(line, `HELO ${name}`), 250, 'greeting');
  return [];
}

async function signIn(line: Line, { user, password }: SmtpServer, offers: readonly string[]): Promise<void> {
  if (!line.isSecure()) throw new SmtpRefusal(0, 'sign_in', 'a password is not sent without encryption');
  const ways = offers.find((offer) => /^AUTH[ =]/i.test(offer))?.toUpperCase().split(/[ =]/).slice(1) ?? [];
  const encoded = (text: string) => Buffer.from(text).toString('base64');
  if (ways.includes('LOGIN') && !ways.includes('PLAIN')) {
    expect(await say(line, 'AUTH LOGIN'), 334, 'sign_in');
    expect(await say(line, encoded(user!)), 334, 'sign_in');
    expect(await say(line, encoded(password ?? '')), 235, 'sign_in');
    return;
  }
  expect(await say(line, `AUTH PLAIN ${encoded(`\0${user!}\0${password ?? ''}`)}`), 235, 'sign_in');
}

function expect(reply: Reply, code: number, step: SmtpRefusal['step']): void {
  // 251: it will be forwarded, which is taken, too.
  if (reply.code !== code && !(step === 'recipient' && reply.code === 251)) throw new SmtpRefusal(reply.code, step, reply.lines.join(' '));
}

/** One answer, of several lines perhaps. */
async function read(line: Line): Promise<Reply> {
  const lines: string[] = [];
  for (;;) {
    const parts = /^(\d{3})([ -]?)(.*)$/.exec(await line.readLine());
    if (!parts) throw new SmtpRefusal(0, 'greeting', 'what answers is no mail server');
    lines.push(parts[3]!);
    if (parts[2] !== '-') return { code: Number(parts[1]), lines };
  }
}

function say(line: Line, text: string): Promise<Reply> {
  line.write(`${text}\r\n`);
  return read(line);
}
