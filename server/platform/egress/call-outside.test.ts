import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, test } from 'node:test';
import { isPrivate } from './addresses.ts';
import { callOutside, OutsideFailure } from './call-outside.ts';

const closing: (() => void)[] = [];
async function listen(handler: RequestListener): Promise<{ host: string; url: string }> {
  const server = createServer(handler);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host, url: `http://${host}` };
}
const ask = (url: string, options: Parameters<typeof callOutside>[1] = {}, headers: Record<string, string> = {}) => callOutside({ method: 'POST', url, headers, body: '{"a":1}' }, options);
const failsWith = (code: string) => (error: unknown) => error instanceof OutsideFailure && error.code === code;

describe('calls to addresses that people wrote down', { timeout: 60_000 }, () => {
  after(() => closing.forEach((close) => close()));

  test('know internal addresses in every dress', () => {
    for (const address of ['127.0.0.1', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1', '255.255.255.255', '::1', '::', '::ffff:10.0.0.1', '::ffff:7f00:1', '64:ff9b::a00:1', '2002:a00:1::', 'fc00::1', 'fd12::1', 'fe80::1', 'ff02::1', '2001:db8::1', 'localhost', '']) assert.equal(isPrivate(address), true, address);
    for (const address of ['8.8.8.8', '172.32.0.1', '172.15.0.1', '100.128.0.1', '1.1.1.1', '223.5.5.5', '2400:3200::1', '2606:4700:4700::1111', '::ffff:8.8.8.8']) assert.equal(isPrivate(address), false, address);
  });

  test('do not reach internal networks, by whatever name or spelling', async () => {
    const { host, url } = await listen((_request, response) => response.end('secret'));
    const port = host.split(':')[1]!;
    for (const bad of [url, `http://localhost:${port}`, `http://2130706433:${port}`, `http://0x7f.1:${port}`, `http://[::ffff:127.0.0.1]:${port}`, `http://[::1]:${port}`, `http://127.1:${port}`]) {
      await assert.rejects(ask(bad), failsWith('private_address'), bad);
    }
    for (const bad of ['ftp://example.com', 'file:///etc/passwd', 'http://user:pass@example.com', 'nonsense', 'http://']) await assert.rejects(ask(bad), failsWith('address'), bad);
    assert.deepEqual(await ask(url, { privateHosts: [host] }), { status: 200, contentType: null, retryAfterSeconds: null, body: 'secret' });
  });

  test('say of what HTTP has no place for that it cannot be asked like that', async () => {
    const { host, url } = await listen((_request, response) => response.end('ok'));
    for (const value of ['漏水', 'a\r\nx-forged: 1', '\0']) await assert.rejects(ask(url, { privateHosts: [host] }, { 'x-subject': value }), failsWith('request'), value);
  });

  test('check every redirect anew, and take no secrets to another host', async () => {
    const seen: Record<string, unknown>[] = [];
    const inside = await listen((request, response) => {
      seen.push(request.headers);
      response.end('inside');
    });
    const outside = await listen((request, response) => {
      if (request.url === '/loop') response.writeHead(302, { location: '/loop' }).end();
      else if (request.url === '/inside') response.writeHead(307, { location: inside.url }).end();
      else response.writeHead(303, { location: '/loop2' }).end(request.method);
    });
    await assert.rejects(ask(`${outside.url}/inside`, { privateHosts: [outside.host] }), failsWith('private_address'));
    assert.deepEqual(seen, []);
    await assert.rejects(ask(`${outside.url}/loop`, { privateHosts: [outside.host] }), failsWith('too_many_redirects'));
    await ask(`${outside.url}/inside`, { privateHosts: [outside.host, inside.host] }, { authorization: 'Bearer x', 'x-shop': 'a' });
    assert.equal(seen[0]!['authorization'], undefined);
    assert.equal(seen[0]!['x-shop'], 'a');
  });

  test('end with one that hangs, trickles, floods or answers garbage', async () => {
    const hangs = await listen(() => {});
    await assert.rejects(ask(hangs.url, { privateHosts: [hangs.host], milliseconds: 100 }), failsWith('timeout'));
    const trickles = await listen((_request, response) => {
      const drip = setInterval(() => response.write('.'), 10);
      response.on('close', () => clearInterval(drip));
    });
    await assert.rejects(ask(trickles.url, { privateHosts: [trickles.host], milliseconds: 100 }), failsWith('timeout'));
    const floods = await listen((_request, response) => void response.end('x'.repeat(100_000)));
    await assert.rejects(ask(floods.url, { privateHosts: [floods.host] }), failsWith('too_large'));
    const garbage = await listen((request) => void request.socket.end('\0\0 not http\r\n\r\n'));
    await assert.rejects(ask(garbage.url, { privateHosts: [garbage.host] }), failsWith('unreachable'));
    const upgrades = await listen((request) => void request.socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\nhello'));
    await assert.rejects(ask(upgrades.url, { privateHosts: [upgrades.host] }), failsWith('unreachable'));
    const odd = await listen((_request, response) => void response.end(Buffer.from([0xff, 0xfe, 0, 65])));
    assert.equal((await ask(odd.url, { privateHosts: [odd.host] })).body.includes('\0'), false);
  });
});
