import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { consolePages } from '../../server/platform/http/pages.ts';
import { seriousViolations } from '../support/axe.ts';
import { openBrowser, screenshot, type TestBrowser, type TestPage } from '../support/browser.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { patience } from './eventually.ts';

let served: ServedProgram;
let chromium: TestBrowser;
/** For each address of the console, those that lead there; where none is named, one of something that does not exist. */
let addresses: Partial<Record<string, string[]>>;

async function furnish(): Promise<void> {
  served = await serveTestProgram();
  const { program } = served;
  const { organization } = program;
  const made = async (path: string, body: object): Promise<{ id: string; number: string }> => {
    const answer = await program.call('POST', path, { as: 'administrator', body });
    assert.equal(answer.status, 201, answer.text);
    return answer.body;
  };
  const customer = await made('/customers', { name: 'Jane Doe', phone: '13911112222' });
  const asset = await made('/assets', { name: 'Lift 3', code: 'LIFT-3' });
  const account = await made('/accounts', { name: 'Westside Gardens' });
  const ticket = await made('/tickets', { subject: 'The lift has stopped', description: 'Between two floors', requester: { name: 'Jane Doe', phone: '13911112222' }, assetId: asset.id });
  await made(`/tickets/${ticket.id}/comments`, { body: 'On our way', visibility: 'public' });
  addresses = {
    '/': ['/'], '/bench': ['/bench'], '/queue': ['/queue', '/queue?view=all', '/queue?view=waiting', `/queue?view=all&ticket=${ticket.number}`], '/search': ['/search', '/search?q=lift'], '/tickets/:number': [`/tickets/${ticket.number}`, '/tickets/20200101-00001'],
    '/board': ['/board'], '/customers': ['/customers'], '/customers/:id': [`/customers/${customer.id}`], '/accounts': ['/accounts'], '/accounts/:id': [`/accounts/${account.id}`], '/assets': ['/assets'], '/assets/:id': [`/assets/${asset.id}`],
    '/imports': ['/imports'], '/imports/new': ['/imports/new'], '/imports/:id': [`/imports/${ticket.id}`], '/people': ['/people'], '/settings': ['/settings'],
    '/settings/:section': ['profile', 'organization', 'roles', 'skills', 'categories', 'types', 'statuses', 'templates', 'replies', 'macros', 'checklists', 'tiers', 'masks', 'channels', 'api-keys', 'audit'].map((section) => `/settings/${section}`),
    '/settings/types/:typeId': [`/settings/types/${organization.typeId}`], '/notifications': ['/notifications'], '/notifications/:part': ['/notifications/settings'],
  };
  chromium = await openBrowser();
}

async function signedIn(options: NonNullable<Parameters<TestBrowser['newPage']>[0]>): Promise<TestPage> {
  const page = await chromium.newPage({ baseURL: served.baseURL, ...options });
  page.setDefaultTimeout(patience);
  await page.goto('/bench');
  await page.locator('input').first().fill('administrator@first.example');
  await page.locator('input[type=password]').fill('correct horse battery');
  await page.keyboard.press('Enter');
  await page.locator('#content').waitFor();
  return page;
}

/** What the test's organization calls its parts, and the language its own name. */
const givenNames = ['中文', '工程部', '水电班', '客服部', '客服班', '水电', '服务门户', '网页表单', '服务邮箱'];

/** What is wrong with a page as it lies before one: what is cut off at the side, and words of the other language. */
const look = (page: TestPage, language: 'zh-CN' | 'en'): Promise<string[]> => page.evaluate(({ spoken, given }) => {
  const found: string[] = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width + 1) found.push(`${document.documentElement.scrollWidth} pixels wide in a window of ${width}`);
  if (spoken === 'en') {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent ?? '';
      const holder = walker.currentNode.parentElement;
      // The name of a language stands in that language; names given by people stand as they were given.
      if (/[\u4e00-\u9fff]/.test(text) && !given.includes(text.trim()) && holder !== null && holder.getBoundingClientRect().width > 0 && holder.closest('[lang|="zh"], bdi, code, input, textarea') === null) found.push(`Chinese: ${text.trim().slice(0, 60)}`);
    }
  }
  return found;
}, { spoken: language, given: givenNames });

/**
 * Registers the walk through every page of the console for one reader (逐页检查): on none of them does axe find a serious
 * problem, none is wider than its window, none speaks the other language. One file for each reader, so that they run beside
 * each other.
 */
export function walkConsole(viewport: 'desktop' | 'phone', language: 'zh-CN' | 'en', theme: 'light' | 'dark'): void {
  before(furnish);
  after(async () => {
    await chromium?.close();
    await served?.close();
  });

  test(`every page of the console is sound (${viewport}, ${language}, ${theme})`, { timeout: 240_000 }, async () => {
    assert.deepEqual(Object.keys(addresses).filter((address) => !(consolePages as readonly string[]).includes(address)), []);
    const page = await signedIn({ viewport, language, theme });
    const wrong: string[] = [];
    for (const path of consolePages.flatMap((page) => addresses[page] ?? [page.replaceAll(/:\w+/g, '01a2014e-b249-70b0-a9a4-c341caa06cce')])) {
      await page.goto(path);
      await page.locator('#content :is(h1, h2, h3, a, p):visible').first().waitFor();
      await page.locator('.ant-skeleton, [aria-busy="true"]').first().waitFor({ state: 'detached' });
      for (const one of [...await look(page, language), ...await seriousViolations(page)]) wrong.push(`${path} ${one}`);
      await screenshot(page, `pages-${viewport}-${path.replaceAll(/[^\w]+/g, '-').replace(/[0-9a-f]{8}-[0-9a-f-]+/, 'id')}`);
    }
    assert.deepEqual(wrong, []);
    assert.deepEqual(page.complaints, []);
  });
}
