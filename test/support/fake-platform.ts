import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** A call as it came in. */
export interface PlatformCall {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into bodies of every shape
  json: any;
}

export interface FakePlatform {
  url: string;
  host: string;
  calls: PlatformCall[];
  /** What it answers: a status and a body; null never answers. */
  answer: (call: PlatformCall) => { status?: number; body: unknown; contentType?: string } | null;
  /** Hangs up on whoever waits for an answer. */
  closeConnections(): void;
  /** For how many milliseconds it thinks before it answers, having done what it was asked to. */
  pause: number;
  close(): Promise<void>;
}

/** A server of this machine that takes calls as a platform does, keeps them, and answers as it is told. */
export async function openFakePlatform(answer: FakePlatform['answer'] = () => ({ body: { errcode: 0, errmsg: 'ok' } })): Promise<FakePlatform> {
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const url = new URL(request.url ?? '/', 'http://platform');
    const body = Buffer.concat(parts);
    let json: unknown = null;
    try {
      json = JSON.parse(body.toString());
    } catch {
      // Not all bodies are JSON.
    }
    const call: PlatformCall = { method: request.method ?? '', path: url.pathname, query: url.searchParams, headers: request.headers, body, json };
    platform.calls.push(call);
    const said = platform.answer(call);
    if (said === null) return;
    if (platform.pause > 0) await wait(platform.pause);
    response.writeHead(said.status ?? 200, { 'content-type': said.contentType ?? 'application/json' });
    response.end(typeof said.body === 'string' || Buffer.isBuffer(said.body) ? said.body : JSON.stringify(said.body));
  };
  const server = createServer((request, response) => void take(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const platform: FakePlatform = {
    url: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, calls: [], answer, pause: 0,
    closeConnections: () => server.closeAllConnections(),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return platform;
}
