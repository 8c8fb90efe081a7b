import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

/** A SIP message (RFC 3261), as far as tests look into it. */
export interface SipMessage {
  /** Of a request; empty of a response. */
  method: string;
  uri: string;
  /** Of a response; 0 of a request. */
  status: number;
  headers: ReadonlyMap<string, readonly string[]>;
  body: string;
}

/** What sound is on the other side: session descriptions go in and come out. */
export interface Media {
  offer(): Promise<string>;
  /** @param again within a call that is there already */
  answer(offer: string, again: boolean): Promise<string>;
  take(answer: string): Promise<void>;
}

export interface FakeSip {
  url: string;
  /** Everything that was said to it. */
  heard: SipMessage[];
  /** Who is registered, by user. */
  registered: ReadonlyMap<string, unknown>;
  passwords: Map<string, string>;
  /** Calls somebody who is registered; it is over when it was answered or refused. */
  ring(user: string, caller: string): { status: Promise<number>; cancel: () => void };
  close(): Promise<void>;
}

interface Dialog { id: string; socket: WebSocket; local: string; remote: string; target: string; sequence: number; answered: (status: number) => void; invite: { branch: string } | null }

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const token = (): string => randomBytes(6).toString('hex');
const first = (message: SipMessage, name: string): string => message.headers.get(name)?.[0] ?? '';
const compact: Readonly<Record<string, string>> = { v: 'via', f: 'from', t: 'to', i: 'call-id', m: 'contact', l: 'content-length', c: 'content-type' };

function parse(text: string): SipMessage {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [start = '', ...lines] = head.split('\r\n');
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const name = line.slice(0, line.indexOf(':')).trim().toLowerCase();
    const own = compact[name] ?? name;
    headers.set(own, [...headers.get(own) ?? [], line.slice(line.indexOf(':') + 1).trim()]);
  }
  const [a = '', b = ''] = start.split(' ');
  return { method: a.startsWith('SIP/') ? '' : a, uri: b, status: a.startsWith('SIP/') ? Number(b) : 0, headers, body: rest.join('\r\n\r\n') };
}

/** A telephone system that speaks SIP over a WebSocket (RFC 7118): REGISTER with digest, INVITE both ways, CANCEL, BYE, REFER. The sound is somebody else's. */
export async function openFakeSip(domain: string, media: Media): Promise<FakeSip> {
  const heard: SipMessage[] = [];
  const passwords = new Map<string, string>();
  const registered = new Map<string, { socket: WebSocket; contact: string }>();
  const dialogs = new Map<string, Dialog>();
  const tags = new Map<string, string>();
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: (protocols) => (protocols.has('sip') ? 'sip' : false) });
  await once(server, 'listening');

  const write = (socket: WebSocket, lines: readonly string[], body = ''): void => socket.send(`${[...lines, ...(body === '' ? [] : ['Content-Type: application/sdp']), `Content-Length: ${Buffer.byteLength(body)}`].join('\r\n')}\r\n\r\n${body}`);
  function respond(socket: WebSocket, request: SipMessage, status: string, more: readonly string[] = [], body = ''): void {
    const id = first(request, 'call-id');
    const to = first(request, 'to');
    if (!tags.has(id)) tags.set(id, token());
    write(socket, [`SIP/2.0 ${status}`, ...request.headers.get('via')!.map((via) => `Via: ${via}`), `From: ${first(request, 'from')}`, `To: ${/;tag=/.test(to) || status.startsWith('100') ? to : `${to};tag=${tags.get(id)}`}`, `Call-ID: ${id}`, `CSeq: ${first(request, 'cseq')}`, ...more], body);
  }
  const ask = (dialog: Dialog, method: string, more: readonly string[] = [], body = '', branch = `z9hG4bK${token()}`, sequence = (dialog.sequence += 1)): void => write(dialog.socket, [
    `${method} ${dialog.target} SIP/2.0`, `Via: SIP/2.0/WS fake.invalid;branch=${branch}`, 'Max-Forwards: 70', `From: ${dialog.local}`, `To: ${dialog.remote}`, `Call-ID: ${dialog.id}`, `CSeq: ${sequence} ${method}`, `Contact: <sip:exchange@${domain};transport=ws>`, ...more,
  ], body);
  const contact = [`Contact: <sip:exchange@${domain};transport=ws>`];

  function register(socket: WebSocket, request: SipMessage): void {
    const given = Object.fromEntries([...first(request, 'authorization').matchAll(/(\w+)="?([^",]+)"?/g)].map(([, name, value]) => [name, value])) as Record<string, string>;
    const user = /sip:([^@>]+)@/.exec(first(request, 'to'))?.[1] ?? '';
    const own = md5(`${user}:${domain}:${passwords.get(user)}`);
    const expected = md5([own, given['nonce'], given['nc'], given['cnonce'], given['qop'], md5(`REGISTER:${given['uri']}`)].join(':'));
    if (!passwords.has(user) || given['response'] !== expected) return respond(socket, request, '401 Unauthorized', [`WWW-Authenticate: Digest realm="${domain}", nonce="${token()}", qop="auth", algorithm=MD5`]);
    const said = first(request, 'contact');
    const expires = Number(/expires=(\d+)/.exec(said)?.[1] ?? 0);
    if (expires === 0) registered.delete(user);
    else registered.set(user, { socket, contact: /<([^>]+)>/.exec(said)![1]! });
    respond(socket, request, '200 OK', expires === 0 ? [] : [`Contact: ${said}`]);
  }

  async function invite(socket: WebSocket, request: SipMessage): Promise<void> {
    const id = first(request, 'call-id');
    const known = dialogs.has(id);
    if (!known) {
      respond(socket, request, '100 Trying');
      respond(socket, request, '180 Ringing', contact);
      dialogs.set(id, { id, socket, local: `${first(request, 'to')};tag=${tags.get(id)}`, remote: first(request, 'from'), target: /<([^>]+)>/.exec(first(request, 'contact'))![1]!, sequence: 100, answered: () => {}, invite: null });
    }
    respond(socket, request, '200 OK', contact, await media.answer(request.body, known));
  }

  function refer(socket: WebSocket, request: SipMessage): void {
    respond(socket, request, '202 Accepted', contact);
    const dialog = dialogs.get(first(request, 'call-id'))!;
    const event = [`Event: refer;id=${first(request, 'cseq').split(' ')[0]}`, 'Subscription-State: terminated;reason=noresource', 'Content-Type: message/sipfrag;version=2.0'];
    const body = 'SIP/2.0 200 OK\r\n';
    const branch = `z9hG4bK${token()}`;
    socket.send(`${[`NOTIFY ${dialog.target} SIP/2.0`, `Via: SIP/2.0/WS fake.invalid;branch=${branch}`, 'Max-Forwards: 70', `From: ${dialog.local}`, `To: ${dialog.remote}`, `Call-ID: ${dialog.id}`, `CSeq: ${(dialog.sequence += 1)} NOTIFY`, ...contact, ...event, `Content-Length: ${body.length}`].join('\r\n')}\r\n\r\n${body}`);
  }

  async function answered(response: SipMessage): Promise<void> {
    const dialog = dialogs.get(first(response, 'call-id'));
    if (!dialog?.invite || !first(response, 'cseq').endsWith('INVITE') || response.status < 200) return;
    const { branch } = dialog.invite;
    dialog.invite = null;
    dialog.remote = first(response, 'to');
    if (response.status < 300) dialog.target = /<([^>]+)>/.exec(first(response, 'contact'))![1]!;
    ask(dialog, 'ACK', [], '', response.status < 300 ? undefined : branch, dialog.sequence);
    if (response.status < 300) await media.take(response.body);
    dialog.answered(response.status);
  }

  server.on('connection', (socket) => socket.on('message', (data: Buffer) => {
    const text = data.toString();
    if (text.trim() === '') return;
    const message = parse(text);
    heard.push(message);
    switch (message.method) {
      case '': return void answered(message);
      case 'REGISTER': return register(socket, message);
      case 'INVITE': return void invite(socket, message);
      case 'REFER': return refer(socket, message);
      case 'ACK': return undefined;
      default: return respond(socket, message, '200 OK');
    }
  }));

  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`, heard, registered, passwords,
    ring(user, caller) {
      const { socket, contact: target } = registered.get(user)!;
      const [id, branch] = [token(), `z9hG4bK${token()}`];
      const { promise: status, resolve } = Promise.withResolvers<number>();
      const dialog: Dialog = { id, socket, local: `<sip:${caller}@${domain}>;tag=${token()}`, remote: `<sip:${user}@${domain}>`, target, sequence: 0, answered: resolve, invite: { branch } };
      dialogs.set(id, dialog);
      void media.offer().then((offer) => ask(dialog, 'INVITE', ['Allow: INVITE, ACK, BYE, CANCEL, REFER, NOTIFY'], offer, branch));
      return { status, cancel: () => ask(dialog, 'CANCEL', [], '', branch, dialog.sequence) };
    },
    async close() {
      server.clients.forEach((client) => client.terminate());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
