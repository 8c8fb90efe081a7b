/**
 * The queue: twenty tickets triaged by keyboard only; many closed at once of which one cannot be; a view that one person
 * makes and shares, and a colleague finds.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { seriousViolations } from '../support/axe.ts';
import { openBrowser, screenshot, type TestBrowser, type TestPage } from '../support/browser.ts';
import type { TestProgram } from '../support/program.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { eventually, patience } from './eventually.ts';

const timeout = 120_000;
let served: ServedProgram;
let program: TestProgram;
let chromium: TestBrowser;

before(async () => {
  served = await serveTestProgram();
  program = served.program;
  chromium = await openBrowser();
});

after(async () => {
  await chromium?.close();
  await served?.close();
});

async function signedIn(person: string): Promise<TestPage> {
  const page = await chromium.newPage({ baseURL: served.baseURL });
  page.setDefaultTimeout(patience);
  await page.goto('/');
  await page.getByLabel('邮箱或手机号').fill(`${person}@first.example`);
  await page.getByLabel('密码').first().fill('correct horse battery');
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await page.getByRole('heading', { name: '工作台' }).waitFor();
  return page;
}

async function newTicket(subject: string): Promise<{ id: string; number: string }> {
  const { status, body, text } = await program.call('POST', '/tickets', { as: 'administrator', body: { subject, requester: { name: '李女士', phone: '13812345678' } } });
  assert.equal(status, 201, text);
  return body;
}

async function ticketOf(id: string) {
  return (await program.call('GET', `/tickets/${id}`, { as: 'administrator' })).body;
}

test('a queue of twenty is triaged by keyboard only', { timeout }, async () => {
  const subjects = Array.from({ length: 20 }, (_, index) => `分诊 ${String(index + 1).padStart(2, '0')}`);
  const tickets: { id: string; number: string }[] = [];
  for (const subject of subjects) tickets.push(await newTicket(subject));
  const page = await signedIn('administrator');
  await page.goto('/queue?view=open');
  await page.getByText('分诊 20').first().waitFor();
  const press = (key: string) => page.keyboard.press(key);
  const dialog = page.getByRole('dialog');
  const rows = page.locator('[data-number]');
  const current = () => page.locator('[data-number][aria-current]').getAttribute('data-number');

  // The newest stands first: 20, 19, …; five are ticked, and resolved at once.
  await press('j');
  assert.equal(await current(), tickets[19]?.number);
  await press('x');
  for (let step = 0; step < 4; step += 1) await press('j');
  await press('Shift+X');
  await page.getByText('已选 5 张').waitFor();
  await screenshot(page, 'queue-01-selected');
  assert.deepEqual(await seriousViolations(page), []);
  await press('e');
  await dialog.waitFor();
  await page.keyboard.type('统一处理');
  await press('Control+Enter');
  await dialog.getByText('将执行 5 张').waitFor();
  await screenshot(page, 'queue-02-preview');
  assert.deepEqual(await seriousViolations(page), []);
  await press('Control+Enter');
  await dialog.getByText('已完成 5 张').waitFor();
  await press('Control+Enter');
  await dialog.waitFor({ state: 'detached' });
  await eventually(async () => (await rows.count()) === 15, 'the resolved leave the list');

  // One after another: the priority, a tag, a colleague; the next one is under the keyboard by itself once one has left.
  const at = await current();
  assert.equal(at, tickets[14]?.number);
  await press('p');
  await dialog.waitFor();
  await press('1');
  await press('Control+Enter');
  await dialog.waitFor({ state: 'detached' });
  await press('#');
  await dialog.waitFor();
  await page.keyboard.type('返修');
  await press('Enter');
  await press('Control+Enter');
  await dialog.waitFor({ state: 'detached' });
  await press('a');
  await dialog.waitFor();
  await page.keyboard.type('technician');
  await page.locator('.ant-select-item-option-active').filter({ hasText: 'technician first' }).waitFor();
  await press('Enter');
  await press('Control+Enter');
  await dialog.waitFor({ state: 'detached' });
  const fifteenth = await ticketOf(tickets[14]?.id ?? '');
  assert.deepEqual([fifteenth.priority, fifteenth.tags, fifteenth.assignee.name], ['urgent', ['返修'], 'technician first']);

  // The rest, one by one.
  for (let left = 14; left > 0; left -= 1) {
    await press('j');
    await eventually(async () => (await current()) === tickets[left - 1]?.number, 'the next one is under the keyboard');
    await press('x');
  }
  await page.getByText('已选 14 张').waitFor();
  await press('e');
  await dialog.waitFor();
  await page.keyboard.type('逐张看过');
  await press('Control+Enter');
  await dialog.getByText('将执行 14 张').waitFor();
  await press('Control+Enter');
  await dialog.getByText('已完成 14 张').waitFor();
  await press('Control+Enter');
  await eventually(async () => (await rows.count()) === 1, 'only the assigned one is left');
  await press('?');
  await page.getByText('选择到这里').waitFor();
  assert.deepEqual(page.complaints, []);
});

test('tickets are opened, assigned, ranked, filed, answered and closed one after another without a mouse', { timeout }, async () => {
  const tickets = [await newTicket('逐张 一'), await newTicket('逐张 二'), await newTicket('逐张 三')].toReversed();
  const page = await signedIn('administrator');
  await page.goto('/queue?view=open');
  await page.getByText('逐张 三').first().waitFor();
  const press = (key: string) => page.keyboard.press(key);
  const dialog = page.getByRole('dialog');
  const current = () => page.locator('[data-number][aria-current]').getAttribute('data-number');
  const carriedOut = async () => {
    await press('Control+Enter');
    await dialog.waitFor({ state: 'detached' });
  };
  await press('j');
  for (const ticket of tickets) {
    await eventually(async () => (await current()) === ticket.number, 'the next ticket is under the keyboard');
    // Read beside the list.
    await press('Enter');
    await page.getByRole('button', { name: '关闭面板' }).or(page.locator('section').getByRole('heading', { level: 1 })).first().waitFor();
    await press('Escape');
    await eventually(async () => !page.url().includes('ticket='), 'the ticket is put away');
    await press('a');
    await dialog.waitFor();
    await page.keyboard.type('technician');
    await page.locator('.ant-select-item-option-active').filter({ hasText: 'technician first' }).waitFor();
    await press('Enter');
    await carriedOut();
    await press('p');
    await dialog.waitFor();
    await press('1');
    await carriedOut();
    await press('g');
    await dialog.waitFor();
    await page.keyboard.type('水电');
    await page.locator('.ant-cascader-menu-item').filter({ hasText: '水电' }).first().waitFor();
    await press('ArrowDown');
    await press('Enter');
    await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)').waitFor({ state: 'detached' });
    await carriedOut();
    await press('r');
    await dialog.waitFor();
    await page.keyboard.type('师傅今天下午到');
    await carriedOut();
    await press('Shift+E');
    await dialog.waitFor();
    await carriedOut();
  }
  for (const { id } of tickets) {
    const done = await ticketOf(id);
    assert.deepEqual([done.status, done.priority, done.assignee.name, done.category?.path], ['closed', 'urgent', 'technician first', ['水电']]);
    const { items } = (await program.call('GET', `/tickets/${id}/timeline`, { as: 'administrator' })).body;
    assert.ok(JSON.stringify(items).includes('师傅今天下午到'));
  }
  assert.deepEqual(page.complaints, []);
});

test('many are closed at once; the one that cannot be says why, and stays chosen', { timeout }, async () => {
  const tickets = [await newTicket('批量 一'), await newTicket('批量 二'), await newTicket('批量 三')];
  const page = await signedIn('administrator');
  await page.goto('/queue?view=all');
  await page.getByText('批量 三').first().waitFor();
  for (const { number } of tickets) await page.getByRole('checkbox', { name: `选择 ${number}` }).click();
  // Meanwhile somebody cancels one of them.
  const cancelled = await program.call('POST', `/tickets/${tickets[1]?.id ?? ''}/actions/cancel`, { as: 'administrator', body: { reason: '重复' } });
  assert.equal(cancelled.status, 200, cancelled.text);
  // What does not fit on the bar is under its last button.
  await page.getByRole('toolbar').getByRole('button', { name: '更多' }).click();
  await page.getByRole('menuitem', { name: /^关闭/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '预览' }).click();
  await dialog.getByText('将执行 2 张').waitFor();
  await dialog.getByText('1 张不能执行').waitFor();
  await dialog.getByRole('button', { name: '执行（2 张）' }).click();
  await dialog.getByText('已完成 2 张').waitFor();
  const refused = dialog.locator('[data-outcome="refused"]');
  assert.match(await refused.innerText(), /批量 二/);
  await screenshot(page, 'queue-03-result');
  await dialog.getByRole('button', { name: '完成' }).click();
  await page.getByText('已选 1 张').waitFor();
  assert.equal(await page.getByRole('checkbox', { name: `选择 ${tickets[1]?.number ?? ''}` }).getAttribute('aria-checked'), 'true');
  assert.deepEqual(await Promise.all(tickets.map(async ({ id }) => (await ticketOf(id)).status)), ['closed', 'cancelled', 'closed']);
  assert.deepEqual(page.complaints, []);
});

test('a view is made, shared, and found by a colleague', { timeout }, async () => {
  await newTicket('视图里的紧急单');
  await program.call('POST', '/tickets', { as: 'administrator', body: { subject: '电梯困人', priority: 'urgent', requester: { name: '李女士', phone: '13812345678' } } });
  const page = await signedIn('administrator');
  await page.goto('/queue?view=all');
  await page.getByRole('button', { name: '新建视图' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('名称', { exact: true }).fill('今日紧急');
  await dialog.getByLabel('所有人').check();
  await dialog.getByRole('button', { name: '添加条件', exact: true }).click();
  await page.keyboard.type('优先级');
  await page.keyboard.press('Enter');
  await dialog.getByRole('combobox', { name: '值' }).click();
  await page.locator('.ant-select-item-option').filter({ hasText: '紧急' }).click();
  await dialog.getByText('优先级是“紧急”').waitFor();
  await screenshot(page, 'queue-04-editor');
  await dialog.getByRole('button', { name: /^新\s?建$/ }).click();
  await page.getByRole('heading', { name: '今日紧急' }).waitFor();
  await page.getByText('电梯困人').first().waitFor();
  assert.equal(await page.getByText('视图里的紧急单').count(), 0);

  const colleague = await signedIn('dispatcher');
  await colleague.goto('/queue');
  await colleague.getByRole('navigation', { name: '视图' }).getByRole('link', { name: /今日紧急/ }).click();
  await colleague.getByRole('heading', { name: '今日紧急' }).waitFor();
  // What the colleague changes is theirs, named and kept, until they save it as their own.
  await colleague.getByRole('combobox', { name: '分组' }).click();
  await colleague.locator('.ant-select-item-option').filter({ hasText: '按状态' }).click();
  await colleague.getByText('未保存的更改：分组').waitFor();
  await colleague.reload();
  await colleague.getByText('未保存的更改：分组').waitFor();
  await screenshot(colleague, 'queue-05-colleague');
  assert.deepEqual(await seriousViolations(colleague), []);
  assert.deepEqual([...page.complaints, ...colleague.complaints], []);
});

test('views are put into another order by key and by drag, and stay so', { timeout }, async () => {
  for (const name of ['甲视图', '乙视图', '丙视图']) {
    const made = await program.call('POST', '/views', { as: 'manager', body: { kind: 'personal', name, filter: { all: [] }, columns: ['number', 'subject'] } });
    assert.equal(made.status, 201, made.text);
  }
  const order = async (): Promise<string[]> => (await program.call('GET', '/views?kind=personal', { as: 'manager' })).body.items.map((view: { name: string }) => view.name);
  assert.deepEqual(await order(), ['甲视图', '乙视图', '丙视图']);
  const page = await signedIn('manager');
  await page.goto('/queue?view=all');
  const list = page.getByRole('navigation', { name: '视图' });
  const shown = async (): Promise<string[]> => (await list.getByRole('link').allInnerTexts()).map((text) => text.split('\n')[0]?.trim() ?? '').filter((text) => text.endsWith('视图'));
  await list.getByRole('button', { name: /丙视图/ }).first().focus();
  await page.keyboard.press('ArrowUp');
  await eventually(async () => (await order()).join() === '甲视图,丙视图,乙视图', 'the server has the new order');
  assert.deepEqual(await shown(), ['甲视图', '丙视图', '乙视图']);
  await list.getByRole('button', { name: /乙视图/ }).first().dragTo(list.getByRole('link', { name: /甲视图/ }), { targetPosition: { x: 60, y: 3 } });
  await eventually(async () => (await order()).join() === '乙视图,甲视图,丙视图', 'the server has the order after the drag');
  await page.reload();
  await list.getByText('乙视图').waitFor();
  assert.deepEqual(await shown(), ['乙视图', '甲视图', '丙视图']);
  assert.deepEqual(await seriousViolations(page), []);
  assert.deepEqual(page.complaints, []);
});
