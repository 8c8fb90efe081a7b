import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { pathToFileURL } from 'node:url';

const dist = new URL('../../web/dist/', import.meta.url);

const mediaTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
  '.wasm': 'application/wasm',
};

/** The policy the faces must live under. */
const contentSecurityPolicy =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
  "connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/** Which built file an address means: the faces as they are laid out for browsers. */
function fileFor(path: string): string {
  const plain = normalize(path);
  const isFile = extname(plain) !== '';
  if (plain.startsWith('/portal-assets/')) return `portal/${plain.slice('/portal-assets/'.length)}`;
  if (/^\/(portal|t|q)\//.test(plain)) return 'portal/index.html';
  if (plain.startsWith('/field/')) return isFile ? plain.slice(1) : 'field/index.html';
  return isFile ? `console${plain}` : 'console/index.html';
}

/** Takes every request under /api/ itself. */
export type ApiAnswer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/**
 * Serves the built faces alone, on a free loopback port, for tests of what needs no server behind it.
 *
 * @param options.answer answers what lies under /api/; 404 when absent
 * @param options.pages further folders by the prefix of their address: `{ '/fixture/': '/tmp/built' }`
 */
export async function serveFaces(
  options: { answer?: ApiAnswer; pages?: Record<string, string> } = {},
): Promise<{ url: string; close: () => Promise<void> }> {
  const fileUrl = (path: string): URL => {
    for (const [prefix, folder] of Object.entries(options.pages ?? {})) {
      if (path.startsWith(prefix)) {
        const rest = normalize(path).slice(prefix.length);
        return pathToFileURL(join(folder, rest === '' ? 'index.html' : rest));
      }
    }
    return new URL(fileFor(path), dist);
  };
  const server = createServer((request, response) => {
    void (async () => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      if (pathname.startsWith('/api/')) {
        if (options.answer !== undefined) await options.answer(request, response);
        else response.writeHead(404).end();
        return;
      }
      const file = fileUrl(pathname);
      try {
        const content = await readFile(file);
        response.writeHead(200, {
          'content-type': mediaTypes[extname(file.pathname)] ?? 'application/octet-stream',
          'content-security-policy': contentSecurityPolicy,
          'x-content-type-options': 'nosniff',
        });
        response.end(content);
      } catch {
        response.writeHead(404).end();
      }
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
