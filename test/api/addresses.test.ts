import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { addFaces, consolePages } from '../../server/platform/http/pages.ts';
import { openTestProgram, type TestProgram } from '../support/program.ts';
import { assertProblem } from './scene.ts';

const root = join(import.meta.dirname, '../..');
const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';

describe('addresses', () => {
  let program: TestProgram;
  let distribution: string;
  before(async () => {
    program = await openTestProgram();
    distribution = await mkdtemp(join(tmpdir(), 'bihuan-faces-'));
    for (const face of ['console', 'field', 'portal']) {
      await mkdir(join(distribution, face, 'assets'), { recursive: true });
      await writeFile(join(distribution, face, 'index.html'), `<!doctype html><title>${face}</title>`);
      await writeFile(join(distribution, face, 'assets', 'app-12345678.js'), `/* ${face} */`);
    }
    addFaces(program.app, distribution, undefined, ['https://tiles.example.cn/{z}/{x}/{y}.png']);
  });
  after(async () => {
    await program.close();
    await rm(distribution, { recursive: true });
  });

  const get = (url: string, accept = browser, method: 'GET' | 'HEAD' | 'POST' = 'GET', language = 'en') => program.inject({ method, url, headers: { accept, 'accept-language': language } });

  test('of the faces lead to them, deep links too', async () => {
    const pages: [face: string, urls: string[]][] = [
      ['console', ['/', '/?from=mail', '/bench', '/bench/', '/queue?view=all&status=open', '/tickets/20261121-00042', '/tickets/20261121-00042?tab=files', '/board?days=30', '/customers?id=x', '/customers/x', '/accounts', '/accounts/x', '/imports/new', '/imports/x', '/assets', '/assets/', '/assets/01a2016f-0107-70f8-b111-38f92a50ba78', '/assets?q=LIFT', '/people', '/settings', '/settings/api-keys']],
      ['field', ['/field/', '/field/visits/x', '/field/?source=pwa']],
      ['portal', ['/portal/first', '/portal/first/', '/portal/first?asset=abc', '/portal/first/report', '/t/some.token-of_theirs', '/q/some.token']],
    ];
    for (const [face, urls] of pages) {
      for (const url of urls) {
        for (const accept of [browser, '*/*']) {
          const answer = await get(url, accept);
          assert.deepEqual([answer.status, answer.text], [200, `<!doctype html><title>${face}</title>`], url);
        }
      }
    }
    for (const url of ['/assets/app-12345678.js', '/field/assets/app-12345678.js', '/portal-assets/assets/app-12345678.js']) assert.equal((await get(url, '*/*')).status, 200, url);
    assert.equal((await get('/field')).headers['location'], '/field/');
  });

  test('of the console are those its router knows', async () => {
    const written = [...(await readFile(join(root, 'web/console/routes.tsx'), 'utf8')).matchAll(/path: '([^']+)'/g)].map((match) => match[1]!);
    // An optional part may be left out.
    const known = written.flatMap((path) => (path.includes('/{-$') ? [path.replace(/\/\{-\$\w+\}/, ''), path.replace(/\{-\$(\w+)\}/, ':$1')] : [path])).map((path) => path.replaceAll(/\$(\w+)/g, ':$1'));
    assert.ok(known.length >= 9);
    assert.deepEqual([...consolePages].sort(), known.sort(), 'a page of web/console/routes.tsx is to be served, and nothing else');
  });

  test('where maps are drawn on somebody’s tiles, images of just that host may be shown, by the console alone', async () => {
    const images = async (url: string) => /img-src ([^;]*)/.exec(String((await get(url)).headers['content-security-policy']))![1];
    assert.equal(await images('/dispatch'), "'self' data: blob: https://tiles.example.cn");
    for (const url of ['/field/', '/portal/first', '/api/v1/map']) assert.equal(await images(url), "'self' data: blob:", url);
    assert.doesNotMatch(String((await get('/dispatch')).headers['content-security-policy']).replace(/img-src[^;]*/, ''), /example/);
  });

  const unknown = ['/nonsense', '/apix', '/apix/v1/tickets', '/ticket/1', '/tickets', '/tickets/1/2', '/bench/x', '/settings/a/b', '/portal', '/portals/first', '/t', '/q/', '/fields', '/index.php', '/wp-admin/', '/.env', '/%E4%B8%8D%E5%AD%98%E5%9C%A8', '/bench%2Fx'];

  test('that lead nowhere are 404: to a person a page in both languages', async () => {
    for (const url of unknown) {
      const answer = await get(url);
      assert.equal(answer.status, 404, url);
      assert.equal(answer.headers['content-type'], 'text/html; charset=utf-8', url);
      assert.match(answer.text, /^<!doctype html><html lang="zh-CN">/);
      assert.match(answer.text, /找不到这个页面/);
      assert.match(answer.text, /lang="en"><h2>There is no page at this address</);
      assert.doesNotMatch(answer.text, /<script|nonsense|wp-admin/, 'nothing of the address comes back');
      assert.equal(answer.headers['cache-control'], 'no-store');
      for (const [, href] of answer.text.matchAll(/href="([^"]+)"/g)) assert.equal((await get(href!)).status, 200, href);
      const head = await get(url, browser, 'HEAD');
      assert.deepEqual([head.status, head.text], [404, '']);
    }
  });

  test('that lead nowhere are 404: to a program a problem, under the prefixes of the API to everybody', async () => {
    for (const url of unknown) for (const accept of ['*/*', 'application/json', 'application/problem+json', '']) assertProblem(await get(url, accept), 'not_found', `${url} ${accept}`);
    for (const url of ['/api', '/api/', '/api/v1', '/api/v1/nothing', '/api/v2/tickets', '/hooks', '/hooks/mail/x']) assertProblem(await get(url), 'not_found', url);
    assertProblem(await get('/nonsense', browser, 'POST'), 'not_found');
    assertProblem(await get('/bench', browser, 'POST'), 'not_found');
    assertProblem(await get('/assets/app-87654321.js', '*/*'), 'not_found');
  });
});
