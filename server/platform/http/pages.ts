import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import scalar from '@scalar/fastify-api-reference';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refusals } from '../../../contract/refusals.ts';
import { Refusal } from '../errors/refusal.ts';
import { nameSchemas } from './openapi.ts';
import { policyHeldBy, policyShowing } from './security-headers.ts';

const types: Record<string, string> = {
  html: 'text/html; charset=utf-8', js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8', json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml', png: 'image/png', ico: 'image/x-icon', webmanifest: 'application/manifest+json; charset=utf-8', wasm: 'application/wasm',
  woff2: 'font/woff2', txt: 'text/plain; charset=utf-8', map: 'application/json',
};
/** The console's pages (控制台页面), as its router has them in web/console/routes.tsx; a test compares the two. */
export const consolePages = ['/', '/bench', '/queue', '/tasks', '/breaches', '/search', '/tickets/:number', '/board', '/dispatch', '/calls', '/customers', '/customers/:id', '/accounts', '/accounts/:id', '/assets', '/assets/:id', '/imports', '/imports/new', '/imports/:id', '/people', '/settings', '/settings/:section', '/settings/types/:typeId', '/settings/automation/:ruleId', '/settings/sla/simulation', '/settings/sla/:policyId', '/settings/calendars/:calendarId', '/settings/flows/:flowId', '/settings/flows/:flowId/:part', '/settings/channels/:channelId', '/settings/channels/:channelId/:part', '/notifications', '/notifications/:part'] as const;
const idPattern = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const encodings = [['br', '.br'], ['gzip', '.gz']] as const;

/** What a chat on websites may be held by, and whose it is, by the token of its address; null where there is none. */
export type ChatOf = (token: string) => Promise<{ origins: readonly string[]; slug: string } | null>;

/**
 * Serves the three faces (页面): built files with hashed names are kept by browsers for good, pages are asked for anew.
 * Any address below the field app or the portal that names no file is a page of theirs; of the console those it knows.
 *
 * @param tiles addresses of the tiles that the console draws maps on
 */
export function addFaces(app: FastifyInstance, distribution: string, chatOf?: ChatOf, tiles: readonly string[] = []): void {
  const page = (face: string) => (request: FastifyRequest, reply: FastifyReply) => sendFile(request, reply, join(distribution, face, 'index.html'), false);
  const files = (face: string, folder: string) => async (request: FastifyRequest, reply: FastifyReply) => {
    const name = normalize(`/${(request.params as { '*': string })['*']}`);
    return sendFile(request, reply, join(distribution, face, folder, name), /-[\w-]{8,}\.\w+$/.test(name));
  };
  app.get('/assets/*', files('console', 'assets'));
  // The router takes both spellings; relative addresses and the service worker's scope need the slash.
  app.get('/field', async (request, reply) => (/^\/field(\?|$)/.test(request.url) ? reply.redirect('/field/', 308) : page('field')(request, reply)));
  app.get('/field/*', async (request, reply) => {
    const name = normalize(`/${(request.params as { '*': string })['*']}`);
    return /\.\w+$/.test(name) ? sendFile(request, reply, join(distribution, 'field', name), name.startsWith('/assets/')) : page('field')(request, reply);
  });
  app.get('/portal-assets/*', files('portal', ''));
  // Websites that may hold a chat of the organization may hold its portal as well: for their web form.
  for (const path of ['/portal/:org', '/portal/:org/*']) {
    app.get(path, async (request, reply) => {
      const { embed } = request.query as { embed?: unknown };
      const chat = typeof embed === 'string' && chatOf ? await chatOf(embed) : null;
      if (chat && chat.slug === (request.params as { org: string }).org) holdBy(reply, chat.origins);
      return page('portal')(request, reply);
    });
  }
  for (const path of ['/t/:token', '/q/:token']) app.get(path, page('portal'));
  if (chatOf) addChatPages(app, distribution, chatOf);
  for (const name of ['favicon.svg', 'favicon.ico', 'robots.txt']) app.get(`/${name}`, (request, reply) => sendFile(request, reply, join(distribution, 'console', name), false));
  // The built files lie below /assets, too: a record of that address is named by its id.
  const policy = policyShowing(tiles);
  const consolePage = page('console');
  for (const path of consolePages) {
    app.get(path === '/assets/:id' ? `/assets/:id(^${idPattern}$)` : path, (request, reply) => consolePage(request, tiles.length === 0 ? reply : reply.header('content-security-policy', policy)));
  }
}

/** The chat that websites hold (网页聊天页面): the script that they load, and the page it opens in a frame. */
function addChatPages(app: FastifyInstance, distribution: string, chatOf: ChatOf): void {
  const folder = join(distribution, 'chat');
  const named = async (request: FastifyRequest) => {
    const chat = await chatOf((request.params as { channel: string }).channel);
    if (!chat) throw new Refusal('not_found');
    return chat;
  };
  app.get('/chat/v1.js', (request, reply) => sendFile(request, reply.header('cross-origin-resource-policy', 'cross-origin').header('access-control-allow-origin', '*'), join(folder, 'v1.js'), false));
  app.get('/chat-assets/*', (request, reply) => {
    const name = normalize(`/${(request.params as { '*': string })['*']}`);
    return sendFile(request, reply, join(folder, name), /-[\w-]{8,}\.\w+$/.test(name));
  });
  app.get('/chat/:channel', async (request, reply) => {
    const { origins } = await named(request);
    return sendFile(request, holdBy(reply, origins), join(folder, 'index.html'), false);
  });
  app.get('/chat/:channel/form', async (request, reply) => {
    const { slug } = await named(request);
    return reply.header('cache-control', 'no-store').redirect(`/portal/${slug}?embed=${(request.params as { channel: string }).channel}#report`, 302);
  });
}

/** Lets pages of these origins hold a page of ours in a frame. */
const holdBy = (reply: FastifyReply, origins: readonly string[]): FastifyReply => {
  reply.removeHeader('x-frame-options');
  return reply.header('content-security-policy', policyHeldBy(origins)).header('cross-origin-resource-policy', 'cross-origin');
};

async function sendFile(request: FastifyRequest, reply: FastifyReply, path: string, forGood: boolean): Promise<FastifyReply> {
  const accepted = String(request.headers['accept-encoding'] ?? '');
  reply.header('cache-control', forGood ? 'public, max-age=31536000, immutable' : 'no-cache').header('vary', 'accept-encoding')
    .type(types[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream');
  for (const [encoding, ending] of encodings) {
    if (!accepted.includes(encoding)) continue;
    const found = await stat(path + ending).catch(() => null);
    if (found?.isFile()) return answer(request, reply.header('content-encoding', encoding), path + ending, found);
  }
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) throw new Refusal('not_found');
  return answer(request, reply, path, found);
}

function answer(request: FastifyRequest, reply: FastifyReply, path: string, found: { size: number; mtimeMs: number }): FastifyReply {
  const etag = `"${found.size.toString(36)}-${Math.round(found.mtimeMs).toString(36)}"`;
  reply.header('etag', etag);
  if (request.headers['if-none-match'] === etag) return reply.status(304).send();
  return reply.header('content-length', found.size).send(createReadStream(path));
}

/** The API's document and the pages to browse it and its refusals (接口文档页). */
export async function addApiDocumentation(app: FastifyInstance): Promise<void> {
  let document: string | undefined;
  app.get('/api/v1/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
    document ??= JSON.stringify(nameSchemas(app.swagger() as unknown as Record<string, unknown>));
    return reply.type('application/json; charset=utf-8').header('cache-control', 'no-cache').send(document);
  });
  // Only its script is taken: its own page starts with an inline script, which our policy does not let run.
  await app.register(scalar, { routePrefix: '/api/docs/reference', configuration: { url: '/api/v1/openapi.json' } });
  app.get('/api/docs', { schema: { hide: true } }, async (_request, reply) => reply.type(types['html']!).send(docsPage));
  app.get('/api/docs/refusals', { schema: { hide: true } }, async (_request, reply) => reply.type(types['html']!).send(refusalsPage()));
}

const docsPage = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Bihuan API</title></head>
<body><script id="api-reference" data-url="/api/v1/openapi.json" data-configuration='{"withDefaultFonts":false,"telemetry":false,"showDeveloperTools":"never","hideClientButton":true,"agent":{"disabled":true},"mcp":{"disabled":true}}'></script><script src="/api/docs/reference/js/scalar.js"></script></body></html>`;

function refusalsPage(): string {
  const escape = (text: string) => text.replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character]!);
  const rows = Object.entries(refusals).map(([code, { status, zh, en }]) => `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td lang="zh-CN">${escape(zh)}</td><td>${escape(en)}</td></tr>`);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Refusals · Bihuan API</title>
<style>body{font:14px/1.6 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;margin:32px auto;max-width:1100px;padding:0 16px;color:#1f2430}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:8px 12px;border-bottom:1px solid #e3e6ec;vertical-align:top}tr:target{background:#eef4ff}@media(prefers-color-scheme:dark){body{background:#14161a;color:#e6e8ec}th,td{border-color:#2c3038}tr:target{background:#1d2a44}}</style></head>
<body><h1>Refusals 拒绝代码</h1><p>Every expected failure the API answers with, as <code>application/problem+json</code>. Anything else is a fault of the program and answers 500.</p>
<table><thead><tr><th>code</th><th>status</th><th>中文</th><th>English</th></tr></thead><tbody>${rows.join('')}</tbody></table></body></html>`;
}
