/** Ways to things and deeds: the command bar on an open ticket, one key to take it, what a search finds beside tickets, headings that sort. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { seriousViolations } from '../support/axe.ts';
import { openBrowser, screenshot, type PageOptions, type TestBrowser, type TestPage } from '../support/browser.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { eventually, patience } from './eventually.ts';

const timeout = 90_000;
let served: ServedProgram;
let chromium: TestBrowser;
let desk: TestPage;

before(async () => {
  served = await serveTestProgram();
  chromium = await openBrowser();
  desk = await signIn('administrator@first.example');
});

after(async () => {
  await chromium?.close();
  await served?.close();
});

async function signIn(account: string, options: PageOptions = { viewport: 'desktop' }): Promise<TestPage> {
  const page = await chromium.newPage({ baseURL: served.baseURL, ...options });
  page.setDefaultTimeout(patience);
  await page.goto('/bench');
  await page.getByLabel('邮箱或手机号').fill(account);
  await page.getByLabel('密码', { exact: true }).fill('correct horse battery');
  await page.getByRole('button', { name: /^登\s?录$/ }).click();
  await page.getByRole('heading', { name: '工作台' }).waitFor();
  return page;
}

const call = async (method: 'GET' | 'POST' | 'PATCH', path: string, body?: object) => {
  const answer = await served.program.call(method, path, { as: 'administrator', ...(body ? { body } : {}) });
  assert.ok(answer.status < 300, `${path} ${answer.text}`);
  return answer.body;
};

async function openTicket(page: TestPage, number: string): Promise<void> {
  await page.goto(`/tickets/${number}`);
  await page.getByRole('article').getByText('检查清单').first().waitFor();
}

async function commands(page: TestPage, typed: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('搜索工单、客户').fill(typed);
}

test('the command bar offers what may be done to the open ticket, and every section of the settings', { timeout }, async () => {
  const ticket = await call('POST', '/tickets', { subject: '阳台漏水' });
  await openTicket(desk, ticket.number);
  await commands(desk, '');
  await desk.getByText(`工单 ${ticket.number}`).waitFor();
  await desk.getByRole('option', { name: '回复客户' }).waitFor();
  await screenshot(desk, 'command-bar-ticket');
  assert.deepEqual(await seriousViolations(desk), []);

  await desk.getByPlaceholder('搜索工单、客户').fill('优先级设为紧急');
  await desk.getByRole('option', { name: '优先级设为紧急' }).click();
  await eventually(async () => (await call('GET', `/tickets/${ticket.id}`)).priority === 'urgent', 'the priority set from the command bar');

  // Writing begins where one may type at once.
  await commands(desk, '内部备注');
  await desk.getByRole('option', { name: '写内部备注' }).click();
  await desk.getByRole('textbox', { name: '内部备注' }).waitFor();
  await eventually(async () => desk.getByRole('textbox', { name: '内部备注' }).evaluate((box) => box === document.activeElement), 'the composer has the focus');
  await desk.keyboard.press('Escape');

  await commands(desk, '审计');
  await desk.getByRole('option', { name: '设置：审计日志' }).click();
  await desk.getByRole('heading', { name: '审计日志' }).waitFor();
  // On a page without a ticket there is nothing of the kind.
  await commands(desk, '优先级设为');
  await desk.getByText('没有符合的命令或记录').waitFor();
  await desk.keyboard.press('Escape');
});

test('a ticket is taken at one key; whoever has it already is asked about', { timeout }, async () => {
  const { staff } = served.program.organization;
  const ticket = await call('POST', '/tickets', { subject: '门禁失灵' });
  await openTicket(desk, ticket.number);
  await desk.keyboard.press('i');
  await eventually(async () => (await call('GET', `/tickets/${ticket.id}`)).assignee?.id === staff.administrator, 'taken');
  const other = await call('POST', '/tickets', { subject: '路灯不亮', assignee: staff.technician });
  await openTicket(desk, other.number);
  await desk.keyboard.press('i');
  await desk.getByText('转给您？').last().waitFor();
  await desk.getByRole('button', { name: '接手（派给我）' }).last().click();
  await eventually(async () => (await call('GET', `/tickets/${other.id}`)).assignee?.id === staff.administrator, 'taken over');
});

test('a search finds customers, accounts, assets and people beside tickets', { timeout }, async () => {
  await call('POST', '/customers', { name: '王欣怡', phone: '13911113483' });
  await call('POST', '/accounts', { name: '王府花园' });
  await call('POST', '/assets', { name: '王府 3 号梯', code: 'WF-3' });
  for (let number = 1; number <= 4; number += 1) await call('POST', '/customers', { name: `王小${number}`, phone: `1391112000${number}` });
  await desk.goto('/search?q=%E7%8E%8B');
  const customers = desk.getByRole('region', { name: '客户', exact: true });
  await customers.getByText('3+').waitFor();
  await desk.getByRole('region', { name: '客户单位' }).getByText('王府花园').waitFor();
  await desk.getByRole('region', { name: '设备' }).getByText('王府 3 号梯').waitFor();
  await screenshot(desk, 'search-groups');
  assert.deepEqual(await seriousViolations(desk), []);
  await customers.getByRole('button', { name: /查看全部/ }).click();
  await desk.waitForURL(/\/customers\?q=/);
  await desk.getByText('王欣怡').waitFor();
});

test('a heading sorts by its column and says which way', { timeout }, async () => {
  await call('POST', '/tickets', { subject: '最早的一张' });
  await desk.goto('/queue?view=all');
  const heading = desk.getByRole('columnheader', { name: /更新时间/ });
  await heading.waitFor();
  assert.equal(await heading.getAttribute('aria-sort'), 'none');
  await heading.getByRole('button').press('Enter');
  await eventually(async () => (await desk.getByRole('columnheader', { name: /更新时间/ }).getAttribute('aria-sort')) === 'descending', 'falling');
  await desk.getByRole('columnheader', { name: /更新时间/ }).getByRole('button').press('Enter');
  await eventually(async () => (await desk.getByRole('columnheader', { name: /更新时间/ }).getAttribute('aria-sort')) === 'ascending', 'rising');
  assert.deepEqual(await seriousViolations(desk), []);

  // So do those of records, where the place of the keyboard stays while the list is read in another order.
  for (const name of ['张伟', '陈静']) await call('POST', '/customers', { name });
  const shown = () => desk.locator('[data-row] [class*="name"] [dir]').allInnerTexts();
  const inOrder = async (sort: string) => JSON.stringify(await shown()) === JSON.stringify((await call('GET', `/customers?sort=${sort}`)).items.map((one: { name: string }) => one.name));
  await desk.goto('/customers');
  const names = desk.getByRole('columnheader', { name: /姓名/ });
  await eventually(() => inOrder('-createdAt'), 'the newest first');
  await names.getByRole('button').focus();
  for (const [sort, said] of [['name', 'ascending'], ['-name', 'descending'], ['-createdAt', 'none']] as const) {
    await desk.keyboard.press('Enter');
    await eventually(() => inOrder(sort), sort);
    assert.equal(await names.getAttribute('aria-sort'), said);
  }
  await call('POST', '/staff', { name: '林晓雨', job: 'agent' });
  await desk.goto('/people');
  await desk.getByPlaceholder('姓名、拼音或邮箱').fill('lxy');
  await desk.getByRole('listitem').filter({ hasText: '林晓雨' }).waitFor();
  assert.deepEqual(await seriousViolations(desk), []);
  assert.deepEqual(desk.complaints, []);
});
