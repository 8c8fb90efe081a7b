/**
 * A long list draws what has to be drawn and nothing else: rows that stay in sight while one scrolls, walks by key, or
 * while something changes elsewhere, are not rendered again. Counted by what React says of each commit, so that nothing
 * depends on how fast the machine is.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, until, type TestBrowser, type TestPage } from '../support/browser.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { eventually, patience } from './eventually.ts';

const tickets = 400;
let served: ServedProgram;
let chromium: TestBrowser;
let ids: string[];

before(async () => {
  served = await serveTestProgram();
  const { program } = served;
  ids = [];
  for (let index = 0; index < tickets; index += 1) {
    const made = await program.call('POST', '/tickets', { as: 'administrator', body: { subject: `长列表 ${index}`, requester: { name: '李女士', phone: '13812345678' } } });
    assert.equal(made.status, 201, made.text);
    ids.push(made.body.id);
  }
  chromium = await openBrowser();
});

after(async () => {
  await chromium?.close();
  await served?.close();
});

/**
 * Listens where React's developer tools would: counts by ticket how often its row was rendered. A component that a commit
 * left alone is the same fiber as before, or a copy of it without the mark of work done.
 */
const counter = `(() => {
  const drawn = new Map();
  const seen = new WeakMap();
  const performedWork = 1;
  const visit = (fiber) => {
    for (let at = fiber; at !== null; at = at.sibling) {
      const line = at.memoizedProps?.line;
      const isRow = line?.number !== undefined && at.memoizedProps.columns !== undefined && typeof at.type !== 'string';
      if (isRow) {
        const before = seen.get(at) ?? (at.alternate === null ? undefined : seen.get(at.alternate));
        if (before !== at && (at.flags & performedWork) !== 0) drawn.set(line.number, (drawn.get(line.number) ?? 0) + 1);
        seen.set(at, at);
        if (at.alternate !== null) seen.set(at.alternate, at);
      } else visit(at.child);
    }
  };
  globalThis.drawnRows = () => Object.fromEntries(drawn);
  globalThis.forgetDrawnRows = () => drawn.clear();
  globalThis.__REACT_DEVTOOLS_GLOBAL_HOOK__ = { supportsFiber: true, inject: () => 1, checkDCE() {}, onCommitFiberUnmount() {}, onPostCommitFiberRoot() {}, onCommitFiberRoot: (_id, root) => visit(root.current) };
})()`;

const drawnRows = (page: TestPage): Promise<Record<string, number>> => page.evaluate('drawnRows()');
const forget = (page: TestPage): Promise<void> => page.evaluate('forgetDrawnRows()');
const inSight = (page: TestPage): Promise<string[]> => page.locator('[data-number]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-number') ?? ''));

test('rows that stay are not drawn again, whatever happens around them', { timeout: 120_000 }, async () => {
  const page = await chromium.newPage({ baseURL: served.baseURL });
  page.setDefaultTimeout(patience);
  await page.addInitScript(counter);
  await page.goto('/queue?view=all');
  await page.getByLabel('邮箱或手机号').fill('administrator@first.example');
  await page.getByLabel('密码').first().fill('correct horse battery');
  await page.getByRole('button', { name: '登录', exact: true }).click();
  const list = page.getByRole('list', { name: '工单列表' });
  await page.getByText(`长列表 ${tickets - 1}`).waitFor();
  await page.mouse.move(5, 5);

  // Scrolling draws the rows that come into sight, once each; fetching the next pages draws none of those that are there.
  const begun = await inSight(page);
  await forget(page);
  await list.evaluate(async (rows) => {
    const scroller = rows.parentElement as HTMLElement;
    for (let step = 0; step < 60; step += 1) {
      scroller.scrollTop += 40;
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    }
  });
  await until(page, (least) => document.querySelectorAll('[aria-setsize]')[0]?.getAttribute('aria-setsize') !== String(least), 60);
  const scrolled = await drawnRows(page);
  assert.ok(Object.keys(scrolled).length >= 55, `${Object.keys(scrolled).length} rows came into sight`);
  assert.deepEqual(Object.entries(scrolled).filter(([number, times]) => times > 1 || begun.includes(number)), []);

  // A step by key draws the row that is left, and the one that is come to.
  await page.keyboard.press('j');
  await page.locator('[data-number][aria-current]').waitFor({ state: 'attached' });
  await page.keyboard.press('j');
  await eventually(async () => (await page.locator('[data-number][aria-current]').count()) === 1, 'one row is current');
  await forget(page);
  const from = await page.locator('[data-number][aria-current]').getAttribute('data-number') ?? '';
  await page.keyboard.press('j');
  await eventually(async () => (await page.locator('[data-number][aria-current]').getAttribute('data-number')) !== from, 'the next one is current');
  const to = await page.locator('[data-number][aria-current]').getAttribute('data-number') ?? '';
  const stepped = await drawnRows(page);
  assert.ok((stepped[from] ?? 0) >= 1 && (stepped[to] ?? 0) >= 1);
  assert.deepEqual(Object.entries(stepped).filter(([number, times]) => times > 1 || ![from, to].includes(number) && begun.includes(number)), []);

  // What changes out of sight draws nothing; what changes in sight draws its own row.
  const shown = await inSight(page);
  await forget(page);
  const change = async (index: number, subject: string) => {
    const { body } = await served.program.call('GET', `/tickets/${ids[index] ?? ''}`, { as: 'administrator' });
    const changed = await served.program.call('PATCH', `/tickets/${ids[index] ?? ''}`, { as: 'administrator', headers: { 'if-match': `"${body.version}"` }, body: { subject } });
    assert.equal(changed.status, 200, changed.text);
    return body.number as string;
  };
  const numberOf = async (index: number): Promise<string> => (await served.program.call('GET', `/tickets/${ids[index] ?? ''}`, { as: 'administrator' })).body.number;
  const far = tickets - 150;
  assert.ok(!shown.includes(await numberOf(far)));
  await change(far, '看不见的改动');
  let near = -1;
  for (let index = tickets - 1; index > 0 && near < 0; index -= 1) if (shown.includes(await numberOf(index))) near = index;
  assert.ok(near >= 0);
  const changed = await change(near, '看得见的改动');
  await page.getByText('看得见的改动').first().waitFor();
  assert.deepEqual(Object.keys(await drawnRows(page)), [changed]);
  assert.deepEqual(page.complaints, []);
});
