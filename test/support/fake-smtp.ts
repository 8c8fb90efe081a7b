import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A mail as it came in. */
export interface ReceivedMail {
  from: string;
  to: string;
  raw: string;
  subject: string;
  /** The parts, decoded: plain text and HTML. */
  parts: string[];
}

/** A mail server of this machine that speaks SMTP as RFC 5321 has it, without TLS, and does as it is told. */
export interface FakeSmtp {
  port: number;
  mails: ReceivedMail[];
  /** What it says to a recipient; null takes it. */
  refuse: ((to: string) => string | null) | null;
  /** Takes the mail and never says so. */
  silent: boolean;
  close(): Promise<void>;
}

export async function openFakeSmtp(): Promise<FakeSmtp> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    let from = '';
    let to = '';
    let data: string | null = null;
    let buffered = '';
    const say = (line: string) => socket.write(`${line}\r\n`);
    say('220 fake ready');
    const onLine = (line: string): void => {
      if (data !== null) {
        if (line !== '.') {
          data += `${line.startsWith('.') ? line.slice(1) : line}\r\n`;
          return;
        }
        smtp.mails.push(readMail(from, to, data));
        data = null;
        if (!smtp.silent) say(`250 queued as ${smtp.mails.length}`);
        return;
      }
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'EHLO') socket.write('250-fake\r\n250-8BITMIME\r\n250 SIZE 10000000\r\n');
      else if (verb === 'MAIL') {
        from = /<([^>]*)>/.exec(line)?.[1] ?? '';
        say('250 ok');
      } else if (verb === 'RCPT') {
        to = /<([^>]*)>/.exec(line)?.[1] ?? '';
        say(smtp.refuse?.(to) ?? '250 ok');
      } else if (verb === 'DATA') {
        data = '';
        say('354 go on');
      } else if (verb === 'QUIT') {
        say('221 bye');
        socket.end();
      } else say('502 not known here');
    };
    socket.on('data', (chunk: Buffer) => {
      buffered += chunk.toString('latin1');
      for (let at = buffered.indexOf('\r\n'); at >= 0; at = buffered.indexOf('\r\n')) {
        const line = buffered.slice(0, at);
        buffered = buffered.slice(at + 2);
        onLine(line);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const smtp: FakeSmtp = {
    port: (server.address() as AddressInfo).port, mails: [], refuse: null, silent: false,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return smtp;
}

function readMail(from: string, to: string, raw: string): ReceivedMail {
  const head = raw.slice(0, raw.indexOf('\r\n\r\n')).replaceAll('\r\n ', '');
  const written = /^Subject: (.*)$/m.exec(head)?.[1]?.trim() ?? '';
  const subject = written.replace(/=\?UTF-8\?B\?([^?]*)\?=/g, (_, word: string) => Buffer.from(word, 'base64').toString());
  const boundary = /boundary="([^"]+)"/.exec(head)?.[1] ?? '';
  const parts = raw.split(`--${boundary}`).slice(1, -1).map((part) => Buffer.from(part.slice(part.indexOf('\r\n\r\n')).replace(/\s/g, ''), 'base64').toString());
  return { from, to, raw, subject, parts };
}
