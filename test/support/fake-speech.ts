import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { WebSocketServer, type WebSocket } from 'ws';

/** A second of silence as a telephone system records it: WAV, 8 kHz, 16 bits, one channel. */
export function silentWav(seconds = 1): Buffer {
  const rate = 8_000;
  const data = Buffer.alloc(rate * 2 * seconds);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

/**
 * The other end of the telephone (假的录音、转写与热线服务): gives out recordings, writes them down as a Whisper server over HTTP and as FunASR over
 * WebSocket, and takes the reports of hotline cases.
 */
export async function openFakeExchange() {
  const recordings = new Map<string, { type: string; bytes: Buffer }>();
  const asked: { path: string; headers: IncomingMessage['headers']; body: Buffer }[] = [];
  const heard: { first: Record<string, unknown>; bytes: number; last: Record<string, unknown> }[] = [];
  /** What the next calls of a path are answered instead. */
  const next: { path: string; status: number; body: string }[] = [];
  /** What happens while a path is asked, before it is answered; once. */
  const meanwhile = new Map<string, () => Promise<void>>();
  /** Asterisk: the channels there are, and the recordings it keeps. */
  const asterisk = { channels: [] as { id: string }[], recordings: [] as { name: string; format: string }[] };
  /** Asterisk as it listens: connections on which it tells of events. */
  const listeners = new Set<WebSocket>();
  const server = createServer((request, response) => void (async () => {
    const path = request.url ?? '';
    const body = await buffer(request);
    asked.push({ path, headers: request.headers, body });
    const happens = meanwhile.get(path);
    meanwhile.delete(path);
    await happens?.();
    const fault = next.findIndex((one) => path.startsWith(one.path));
    if (fault >= 0) {
      const [{ status, body: said }] = next.splice(fault, 1) as [typeof next[number]];
      return response.writeHead(status, { 'content-type': 'application/json' }).end(said);
    }
    const recording = recordings.get(path);
    if (recording) return response.writeHead(200, { 'content-type': recording.type }).end(recording.bytes);
    if (path === '/v1/audio/transcriptions') {
      return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({
        text: '您好，我家厨房漏水。好的，马上安排。',
        segments: [{ start: 0, end: 1.5, text: ' 您好，我家厨房漏水。', avg_logprob: -0.1 }, { start: 1.5, end: 3, text: '好的，马上安排。', avg_logprob: -0.2 }],
      }));
    }
    const list = request.method === 'GET' && (path === '/ari/channels' ? asterisk.channels : path === '/ari/recordings/stored' ? asterisk.recordings : null);
    if (list) return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(list));
    if (path.startsWith('/ari/channels')) return response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    if (path === '/report') return response.writeHead(200, { 'content-type': 'application/json' }).end('{"code":0}');
    return response.writeHead(404).end();
  })());
  const sockets = new WebSocketServer({ server, handleProtocols: (protocols) => (protocols.has('binary') ? 'binary' : false) });
  sockets.on('connection', (socket, request) => {
    if (request.url?.startsWith('/ari/events')) {
      asked.push({ path: request.url, headers: request.headers, body: Buffer.alloc(0) });
      listeners.add(socket);
      socket.on('close', () => listeners.delete(socket));
      return;
    }
    let first: Record<string, unknown> | undefined;
    let bytes = 0;
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) bytes += data.length;
      else if (!first) first = JSON.parse(data.toString()) as Record<string, unknown>;
      else {
        heard.push({ first, bytes, last: JSON.parse(data.toString()) as Record<string, unknown> });
        socket.send(JSON.stringify({ mode: 'offline', wav_name: first['wav_name'], text: '电 梯 停 在 三 楼', is_final: true, stamp_sents: [{ text_seg: '电 梯 停 在 三 楼', punc: '。', start: 430, end: 1_850, ts_list: [[430, 670]] }] }));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`, socketUrl: `ws://127.0.0.1:${port}`, recordings, asked, heard, next, meanwhile, asterisk, listeners,
    /** Asterisk tells everybody who listens. */
    tell: (event: object): void => listeners.forEach((socket) => socket.send(JSON.stringify(event))),
    async close(): Promise<void> {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
