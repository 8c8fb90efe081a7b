/** WeChat's side of an official account: calls with sealed messages as fast as they are answered, and says who somebody is when asked. */
import { createCipheriv, hash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { percentile } from '../figures.ts';
import { openConnection, type Connection } from '../http-client.ts';
import { pick, places, problems } from '../texts.ts';
import type { Account, InboundAnswer, InboundResult, InboundRound } from './load.ts';

let next = 0;

// The answers its interface gives: a token, and a name for everybody.
const server = createServer((request, response) => {
  request.resume();
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://platform.example');
  const said = pathname === '/cgi-bin/stable_token' ? { access_token: 'token', expires_in: 7_200 } : { openid: searchParams.get('openid'), nickname: '', remark: '' };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said));
});
server.listen(0, '127.0.0.1', () => answer({ address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }));

process.on('message', (round: InboundRound) => {
  run(round).then((result) => answer({ result }), (error: unknown) => answer({ error: error instanceof Error ? error.message : String(error) }));
});
process.on('disconnect', () => process.exit(0));

function answer(message: InboundAnswer): void {
  process.send!(message);
}

interface Callback { name: string; bytes: Buffer }

async function run(round: InboundRound): Promise<InboundResult> {
  const calls = Array.from({ length: round.messages }, () => sealed(round.account, round.people));
  const { hostname, port } = new URL(round.account.url);
  const connections = await Promise.all(Array.from({ length: round.connections }, () => openConnection(hostname, Number(port))));
  const latencies: number[] = [];
  const answered: Record<string, number> = {};
  let at = 0;
  const cpu = process.cpuUsage();
  const started = performance.now();
  const end = started + round.seconds * 1_000;
  const send = async (connection: Connection, { name, bytes }: Callback): Promise<void> => {
    const sent = performance.now();
    const { status, body } = await connection.exchange(bytes);
    latencies.push(performance.now() - sent);
    answered[name] = performance.timeOrigin + performance.now();
    // A figure of messages that were not taken would be worth nothing.
    if (status !== 200) throw new Error(`a callback was answered ${status}: ${body.toString().slice(0, 500)}`);
  };
  await Promise.all(connections.map(async (connection) => {
    for (let place = at++; place < calls.length; place = at++) {
      const early = round.perSecond === undefined ? 0 : started + (place * 1_000) / round.perSecond - performance.now();
      if (early > 0) await wait(early);
      if (performance.now() >= end) break;
      await send(connection, calls[place]!);
    }
    connection.close();
  }));
  const milliseconds = performance.now() - started;
  if (round.perSecond === undefined && at >= calls.length) throw new Error('more messages were wanted than had been sealed');
  const { user, system } = process.cpuUsage(cpu);
  return { accepted: latencies.length, milliseconds, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99), most: Math.max(...latencies), processorMilliseconds: (user + system) / 1_000, answered };
}

/** A callback as bytes: https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/Technical_Plan.html */
function sealed({ url, appId, token, encodingAesKey }: Account, people: number): Callback {
  next += 1;
  const [seconds, nonce, name] = [String(Math.floor(Date.now() / 1_000)), randomBytes(5).toString('hex'), `${process.pid}${String(next).padStart(12, '0')}`];
  const [problem] = pick(problems, next);
  const message = `<xml><ToUserName><![CDATA[gh_bench]]></ToUserName><FromUserName><![CDATA[openid_${next % people}]]></FromUserName><CreateTime>${seconds}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${pick(places, next)}${problem}，${next}]]></Content><MsgId>${name}</MsgId></xml>`;
  const bytes = Buffer.from(message);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  const plain = Buffer.concat([randomBytes(16), length, bytes, Buffer.from(appId)]);
  const padding = 32 - (plain.length % 32);
  const key = Buffer.from(`${encodingAesKey}=`, 'base64');
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const encrypted = Buffer.concat([cipher.update(Buffer.concat([plain, Buffer.alloc(padding, padding)])), cipher.final()]).toString('base64');
  const signature = hash('sha1', [token, seconds, nonce, encrypted].sort().join(''));
  const body = `<xml><ToUserName><![CDATA[gh_bench]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`;
  const { host, pathname } = new URL(url);
  return { name, bytes: Buffer.from(`POST ${pathname}?signature=x&timestamp=${seconds}&nonce=${nonce}&encrypt_type=aes&msg_signature=${signature} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: text/xml\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`) };
}
