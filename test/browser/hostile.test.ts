/**
 * What people write into a system, some of them with intent: markup and scripts stand as the text they are, names written
 * from right to left or in pictures keep the lines of their neighbours apart, and what is far too long is said to be so,
 * with every letter still there.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Form } from '../../rules/forms/form.ts';
import { openBrowser, screenshot, type TestBrowser, type TestPage } from '../support/browser.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { patience } from './eventually.ts';

const timeout = 120_000;
const markup = '<img src=x onerror="window.broken=1"><script>window.broken=1</script>';
const turned = '\u202Eمحمد عبد الله\u202C 👨‍👩‍👧‍👦🔥';
const form: Form = { fields: [{ key: 'brand', kind: 'text', label: { zh: `<b>品牌</b>` }, audience: 'everyone' }, { key: 'story', kind: 'long_text', label: { zh: '经过' }, help: { zh: markup }, audience: 'everyone' }] };
let served: ServedProgram;
let chromium: TestBrowser;

before(async () => {
  served = await serveTestProgram();
  chromium = await openBrowser();
});

after(async () => {
  await chromium?.close();
  await served?.close();
});

async function openPage(path: string, options: Parameters<TestBrowser['newPage']>[0] = {}): Promise<TestPage> {
  const page = await chromium.newPage({ baseURL: served.baseURL, ...options });
  page.setDefaultTimeout(patience);
  page.on('dialog', () => page.complaints.push('a dialog opened'));
  await page.goto(path);
  return page;
}

async function signIn(page: TestPage): Promise<void> {
  await page.getByLabel('邮箱或手机号').fill('administrator@first.example');
  await page.getByLabel('密码').first().fill('correct horse battery');
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await page.locator('#content').waitFor();
}

/** Nothing of what was written became part of the page. */
async function assertInert(page: TestPage, where: string): Promise<void> {
  assert.equal(await page.evaluate('window.broken'), undefined, where);
  assert.equal(await page.locator('img[src="x"], script:not([src])').count(), 0, where);
}

test('markup and scripts stand as text, and names of every script keep their lines', { timeout }, async () => {
  const { program } = served;
  const made = async (path: string, body: object): Promise<{ id: string; number: string; progressUrl?: string }> => {
    const answer = await program.call('POST', path, { as: 'administrator', body });
    assert.equal(answer.status, 201, answer.text);
    return answer.body;
  };
  const type = await made('/ticket-types', { key: 'hostile', name: markup, offered: true, form });
  const ticket = await made('/tickets', { type: type.id, subject: `主题 ${markup}`, description: `描述 ${markup}`, requester: { name: turned, phone: '13812345678' }, location: { address: `${markup} 楼` }, tags: ['<b>标签</b>'], fields: { brand: markup, story: `经过 ${markup}` } });
  await made(`/tickets/${ticket.id}/comments`, { body: `回复 ${markup} ${turned}`, visibility: 'public' });
  await made('/tickets', { subject: '下一行', requester: { name: '李女士', phone: '13812345679' } });
  await made('/views', { kind: 'shared', name: markup, filter: { all: [] }, columns: ['number', 'subject', 'requester', 'tags', 'location', 'fields.brand', 'fields.story'] });

  const page = await openPage('/queue?view=all');
  await signIn(page);
  const views = (await program.call('GET', '/views?kind=shared', { as: 'administrator' })).body.items;
  await page.goto(`/queue?view=${views[0].id}`);
  const row = page.locator(`[data-number="${ticket.number}"]`);
  await row.getByText('主题 <img').waitFor();
  await assertInert(page, 'list');
  // Each line is as high as the next, and none reaches into another.
  const boxes = await page.locator('[data-number]').evaluateAll((rows) => rows.map((one) => { const { top, bottom } = one.getBoundingClientRect(); return [top, bottom] as const; }));
  assert.equal(boxes.length, 2);
  assert.ok(boxes[0]![1] <= boxes[1]![0] && Math.abs((boxes[0]![1] - boxes[0]![0]) - (boxes[1]![1] - boxes[1]![0])) < 1);
  const cells = await row.locator('> span').evaluateAll((spans) => spans.map((span) => span.getBoundingClientRect().left));
  assert.deepEqual(cells, cells.toSorted((a, b) => a - b));
  await screenshot(page, 'hostile-01-list');

  await page.goto(`/tickets/${ticket.number}`);
  await page.getByRole('heading', { level: 1 }).getByText('主题 <img').waitFor();
  await page.getByText('回复 <img').waitFor();
  await page.locator('aside').getByText('经过 <img').waitFor();
  await assertInert(page, 'ticket');
  await screenshot(page, 'hostile-02-ticket');

  await page.goto(`/settings/types/${type.id}`);
  await page.getByText('手机预览').click();
  await page.locator('.phone-form').getByText('<b>品牌</b>').waitFor();
  await assertInert(page, 'designer');
  assert.deepEqual(page.complaints, []);

  const customer = await openPage('/portal/first#report', { viewport: 'phone' });
  await customer.locator('#type').selectOption(type.id);
  await customer.getByText('<b>品牌</b>').waitFor();
  await assertInert(customer, 'portal');
  assert.deepEqual(customer.complaints, []);
});

test('ten megabytes are too much, and not a letter is lost', { timeout }, async () => {
  const long = '长'.repeat(3_500_000);
  const enter = (page: TestPage, selector: string) => page.evaluate(({ selector: where, text }) => {
    const area = document.querySelector<HTMLTextAreaElement>(where)!;
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')!.set!.call(area, text);
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }, { selector, text: long });
  const lengthOf = (page: TestPage, selector: string) => page.locator(selector).evaluate((area) => (area as HTMLTextAreaElement).value.length);

  const page = await openPage('/queue?view=all');
  await signIn(page);
  await page.getByRole('button', { name: '新建工单' }).first().click();
  await page.locator('#ticket-subject').fill('太长的描述');
  await enter(page, '#ticket-description');
  await page.getByRole('button', { name: '创建工单' }).click();
  await page.getByText('最多 20,000 字').waitFor();
  assert.equal(await lengthOf(page, '#ticket-description'), long.length);

  const customer = await openPage('/portal/first#report', { viewport: 'phone' });
  await customer.locator('#phone').fill('13812345678');
  await enter(customer, '#description');
  await customer.getByRole('button', { name: '提交报修' }).click();
  await customer.getByText('最多 20,000 字').waitFor();
  assert.equal(await lengthOf(customer, '#description'), long.length);
  assert.deepEqual([...page.complaints, ...customer.complaints], []);

  // Whoever goes past the pages is told as clearly.
  const refused = await served.program.call('POST', '/tickets', { as: 'administrator', body: { subject: '太长', description: 'x'.repeat(30_000) } });
  assert.deepEqual([refused.status, refused.body.errors.map(({ path, code }: { path: string; code: string }) => `${path} ${code}`)], [422, ['/description maxLength']]);
});
