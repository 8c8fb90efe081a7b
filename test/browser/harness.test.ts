import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { buildFaces } from '../../web/build.ts';
import { openBrowser, screenshot, type TestBrowser } from '../support/browser.ts';
import { serveFaces } from '../support/faces.ts';

const faces = [
  { face: 'console', path: '/', viewport: 'desktop' },
  { face: 'field', path: '/field/', viewport: 'phone' },
  { face: 'portal', path: '/portal/demo', viewport: 'phone' },
] as const;

let site: Awaited<ReturnType<typeof serveFaces>>;
let chromium: TestBrowser;

before(async () => {
  const missing = faces.filter(({ face }) => !existsSync(new URL(`../../web/dist/${face}/index.html`, import.meta.url)));
  if (missing.length > 0) await buildFaces({ faces: missing.map(({ face }) => face) });
  // Nobody is signed in: the faces show what they show to strangers.
  site = await serveFaces({
    answer(_request, response) {
      response.writeHead(401, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify({ status: 401, code: 'not_signed_in', title: '请先登录' }));
    },
  });
  chromium = await openBrowser();
});

after(async () => {
  await chromium?.close();
  await site?.close();
});

for (const { face, path, viewport } of faces) {
  for (const theme of ['light', 'dark'] as const) {
    test(`the ${face} mounts without a complaint of the browser, ${theme}`, async () => {
      const page = await chromium.newPage({ viewport, theme, baseURL: site.url });
      await page.goto(path);
      // The first thing to read may come a moment after the frame.
      await page.locator('#root').getByText(/\p{Script=Han}/u).first().waitFor();
      assert.equal(await page.locator('html').getAttribute('data-theme'), theme);
      assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
      await screenshot(page, `harness-${face}-${theme}`);
      assert.deepEqual(page.complaints, []);
      await page.context().close();
    });
  }
}

test('the field app opens again without a network', async () => {
  const page = await chromium.newPage({ viewport: 'phone', baseURL: site.url });
  await page.goto('/field/');
  await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
  await page.context().setOffline(true);
  await page.reload();
  await page.locator('#root > *').first().waitFor();
  // What the page itself asks of the API fails, as it must: the service worker keeps none of it.
  assert.equal(await page.evaluate("fetch('/api/v1/session').then(() => 'answered', () => 'failed')"), 'failed');
  await page.context().close();
});

test('Chinese is drawn with a font that has it', async () => {
  const page = await chromium.newPage({ baseURL: site.url });
  await page.goto('/');
  // Without such a font every character is the same box, the one that also stands for what no font has.
  const drawings = await page.evaluate<string[]>(`['闭', '环', '\\u{10fffd}'].map((character) => {
    const canvas = document.createElement('canvas');
    const pen = canvas.getContext('2d');
    pen.font = '48px ' + getComputedStyle(document.body).fontFamily;
    pen.fillText(character, 20, 80);
    return canvas.toDataURL();
  })`);
  assert.equal(new Set(drawings).size, 3);
  await page.context().close();
});
