import WebSocket from 'ws';
import { addressOutside } from '../../platform/egress/call-outside.ts';
import { CallRefused, type OpenInboundAccount } from '../inbound.ts';
import { callJson, saidIn, SendFailure, type ChannelTools } from '../notice-channel.ts';
import type { Said } from './callbacks.ts';
import { baseOf, credentials, failureOf } from './platform.ts';
import { frameOf, type Frame } from './read-message.ts';

const robotTopic = '/v1.0/im/bot/messages/get';
const openMilliseconds = 20_000;
// Asked so often; whoever has said nothing since the last time is gone.
const pingMilliseconds = 20_000;
const mostBytes = 1_048_576;
// While so many wait to be kept no more are read off the connection; those that were read before still come.
const mostUnderWay = 64;
// After it has said that it will, DingTalk closes within ten seconds.
const farewellMilliseconds = 10_000;

/** What became of a connection: DingTalk closes it in order, having said so, or it broke. */
export type StreamEnd = 'told' | 'closed';

/** An open connection of the stream (Stream 连接). */
export interface Stream {
  /** Until DingTalk has said that it will close it, or it is closed. What comes meanwhile and until it is closed is taken. */
  readonly ending: Promise<StreamEnd>;
  /** Until it is closed, and nothing comes any more. */
  readonly closed: Promise<void>;
  /** Until what was under way is answered, and nothing comes any more. */
  close(): Promise<void>;
}

/**
 * Opens a connection over which DingTalk hands over what is said to the robot (钉钉 Stream 模式): credentials are given for an address and a ticket of one use, by which a
 * WebSocket is opened. Each frame is kept, and only then answered; what is not answered comes again.
 * https://open-dingtalk.github.io/developerpedia/docs/learn/stream/protocol
 *
 * @param keep keeps a frame, as its bytes came; what it throws leaves the frame unanswered, but for a CallRefused: that frame never can be kept
 * @throws SendFailure, OutsideFailure
 */
export async function openStream(account: OpenInboundAccount, tools: ChannelTools, keep: (raw: Buffer) => Promise<void>): Promise<Stream> {
  const { status, json } = await callJson(tools, 'POST', `${baseOf(account, 'api')}/v1.0/gateway/connections/open`, { ...credentials(account), subscriptions: [{ type: 'CALLBACK', topic: robotTopic }], ua: 'bihuan' });
  const [endpoint, ticket] = [saidIn(json['endpoint']), saidIn(json['ticket'])];
  if (status >= 400 || endpoint === '' || ticket === '') throw failureOf(json, true);
  return follow(await connect(account, endpoint, ticket, tools.privateHosts), keep);
}

async function connect(account: OpenInboundAccount, endpoint: string, ticket: string, privateHosts: readonly string[]): Promise<WebSocket> {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
  // Without encryption only where the platform itself is spoken to so.
  const plain = baseOf(account, 'api').startsWith('http:');
  if (!url || !(url.protocol === 'wss:' || (plain && url.protocol === 'ws:'))) throw new SendFailure('account', 'DingTalk gave an address that is none of a stream', null, 'platform');
  url.searchParams.set('ticket', ticket);
  const { address, family } = await addressOutside(url.hostname, url.port || (url.protocol === 'wss:' ? '443' : '80'), privateHosts);
  const options: WebSocket.ClientOptions & { lookup: unknown } = {
    handshakeTimeout: openMilliseconds, maxPayload: mostBytes, perMessageDeflate: false, followRedirects: false,
    // The address that was checked; a name may lead elsewhere at the next look.
    lookup: (_host: string, asked: { all?: boolean }, answer: (...given: unknown[]) => void) => (asked.all ? answer(null, [{ address, family }]) : answer(null, address, family)),
  };
  const socket = new WebSocket(url, options);
  return new Promise((resolve, reject) => {
    // Whoever follows it hears of what breaks by the close.
    socket.on('error', (error) => reject(new SendFailure('temporary', `the stream could not be opened (${error.message})`)));
    socket.once('open', () => {
      // What comes before anybody listens would be lost.
      socket.pause();
      resolve(socket);
    });
  });
}

function follow(socket: WebSocket, keep: (raw: Buffer) => Promise<void>): Stream {
  const underWay = new Set<Promise<void>>();
  let told = (_end: StreamEnd): void => {};
  const ending = new Promise<StreamEnd>((resolve) => (told = resolve));
  let closed = (): void => {};
  const over = new Promise<void>((resolve) => (closed = resolve));
  let heard = true;
  const watch = setInterval(() => {
    // Whoever is not listened to cannot be heard.
    if (!heard && !socket.isPaused) return socket.terminate();
    heard = false;
    socket.ping();
  }, pingMilliseconds);
  const answer = (frame: Frame, code: number, message: string, data: string): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ code, headers: { contentType: 'application/json', messageId: frame.headers['messageId'] }, message, data }));
  };
  const take = async (raw: Buffer): Promise<void> => {
    const frame = readFrame(raw);
    if (!frame) return;
    const topic = saidIn(frame.headers['topic']);
    if (frame.type === 'SYSTEM') {
      if (topic === 'ping') answer(frame, 200, 'OK', frame.data);
      if (topic === 'disconnect') {
        told('told');
        setTimeout(() => socket.close(), farewellMilliseconds).unref();
      }
      return;
    }
    const event = frame.type === 'EVENT';
    try {
      await keep(raw);
      answer(frame, 200, 'OK', JSON.stringify(event ? { status: 'SUCCESS', message: 'OK' } : { response: {} }));
    } catch (error) {
      // Of what can never be kept it would come again for ever.
      const never = error instanceof CallRefused;
      if (event) answer(frame, 200, 'OK', JSON.stringify({ status: never ? 'SUCCESS' : 'LATER', message: never ? 'unreadable' : 'later' }));
      else answer(frame, never ? 400 : 500, never ? 'unreadable' : 'later', '{}');
      if (!never) throw error;
    }
  };
  socket.on('message', (data: Buffer) => {
    heard = true;
    // Whoever keeps has said why it could not be; it comes again.
    const work = take(data).catch(() => {});
    underWay.add(work);
    if (underWay.size >= mostUnderWay) socket.pause();
    void work.finally(() => {
      underWay.delete(work);
      if (socket.isPaused && underWay.size < mostUnderWay) socket.resume();
    });
  });
  socket.on('pong', () => (heard = true));
  socket.on('ping', () => (heard = true));
  socket.once('close', () => {
    clearInterval(watch);
    told('closed');
    closed();
  });
  socket.resume();
  return {
    ending,
    closed: over,
    async close() {
      await Promise.all(underWay);
      socket.close();
      const late = setTimeout(() => socket.terminate(), 1_000);
      await over;
      clearTimeout(late);
    },
  };
}

function readFrame(raw: Buffer): Frame | null {
  try {
    const value = JSON.parse(raw.toString('utf8')) as unknown;
    return typeof value === 'object' && value !== null ? frameOf(value as Said) : null;
  } catch {
    return null;
  }
}
