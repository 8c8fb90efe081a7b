import { createServer, type Socket } from 'node:net';

/** A mailbox that speaks as much of IMAP4rev1 (RFC 3501, with IDLE of RFC 2177) as reading it takes. */
export interface FakeImap {
  port: number;
  /** The mails that are there, with their numbers. */
  mails: { uid: number; raw: Buffer }[];
  validity: number;
  password: string;
  /** Puts a mail there, and tells whoever idles. */
  deliver(raw: Buffer | string): void;
  /** Hangs up on everybody. */
  drop(): void;
  signIns(): number;
  close(): Promise<void>;
}

export async function openFakeImap(): Promise<FakeImap> {
  const sockets = new Set<Socket>();
  let [nextUid, signIns] = [1, 0];
  const imap: FakeImap = {
    port: 0, mails: [], validity: 1_000, password: 'secret',
    deliver(raw) {
      imap.mails.push({ uid: nextUid, raw: Buffer.from(raw) });
      nextUid += 1;
      for (const socket of sockets) socket.write(`* ${imap.mails.length} EXISTS\r\n`);
    },
    drop: () => sockets.forEach((socket) => socket.destroy()),
    signIns: () => signIns,
    close: () => new Promise((resolve) => {
      imap.drop();
      server.close(() => resolve());
    }),
  };
  const numbers = (range: string): Set<number> => {
    const [newest = 0] = imap.mails.map((mail) => mail.uid).slice(-1);
    return new Set(imap.mails.map((mail) => mail.uid).filter((uid) => range.split(',').some((part) => {
      const [from, to = from] = part.split(':').map((end) => (end === '*' ? newest : Number(end))) as [number, number?];
      return uid >= Math.min(from, to) && uid <= Math.max(from, to);
    })));
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    let [received, idling] = ['', ''];
    const write = (...lines: string[]) => socket.write(lines.map((line) => `${line}\r\n`).join(''));
    const answer = (tag: string, command: string, rest: string): void => {
      switch (command) {
        case 'CAPABILITY': return void write('* CAPABILITY IMAP4rev1 IDLE', `${tag} OK done`);
        case 'LOGIN': {
          signIns += 1;
          return void write(rest.includes(imap.password) ? `${tag} OK signed in` : `${tag} NO [AUTHENTICATIONFAILED] wrong password`);
        }
        case 'LIST': case 'LSUB': return void write('* LIST () "/" INBOX', `${tag} OK done`);
        case 'SELECT': case 'EXAMINE': return void write(`* ${imap.mails.length} EXISTS`, '* FLAGS ()', `* OK [UIDVALIDITY ${imap.validity}]`, `* OK [UIDNEXT ${nextUid}]`, `${tag} OK [READ-ONLY] open`);
        case 'IDLE': {
          idling = tag;
          return void write('+ idling');
        }
        case 'UID': {
          const [, sub = '', range = ''] = /^(\w+) (\S+)/.exec(rest) ?? [];
          if (sub.toUpperCase() === 'SEARCH') return void write(`* SEARCH ${imap.mails.map((mail) => mail.uid).join(' ')}`, `${tag} OK done`);
          const wanted = numbers(range);
          imap.mails.forEach(({ uid, raw }, index) => {
            if (!wanted.has(uid)) return;
            if (!/BODY/.test(rest)) return void write(`* ${index + 1} FETCH (UID ${uid} RFC822.SIZE ${raw.length})`);
            socket.write(`* ${index + 1} FETCH (UID ${uid} BODY[] {${raw.length}}\r\n`);
            socket.write(raw);
            socket.write(')\r\n');
          });
          return void write(`${tag} OK done`);
        }
        case 'LOGOUT': return void write('* BYE', `${tag} OK done`);
        default: return void write(`${tag} OK done`);
      }
    };
    socket.on('data', (data) => {
      received += data.toString('latin1');
      for (let at = received.indexOf('\r\n'); at >= 0; at = received.indexOf('\r\n')) {
        const line = received.slice(0, at);
        received = received.slice(at + 2);
        if (idling !== '' && /^DONE$/i.test(line)) {
          write(`${idling} OK done`);
          idling = '';
          continue;
        }
        const [, tag = '', command = '', rest = ''] = /^(\S+) (\S+)(?: (.*))?$/.exec(line) ?? [];
        answer(tag, command.toUpperCase(), rest);
      }
    });
    write('* OK [CAPABILITY IMAP4rev1 IDLE] ready');
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  imap.port = (server.address() as { port: number }).port;
  return imap;
}
