import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page, Request, Route } from 'playwright-core';
import { seriousViolations } from '../support/axe.ts';
import { openBrowser, screenshot, type TestBrowser, type TestPage } from '../support/browser.ts';
import type { TestProgram } from '../support/program.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { eventually, patience } from './eventually.ts';

let served: ServedProgram;
let program: TestProgram;
let chromium: TestBrowser;
let page: TestPage;

before(async () => {
  served = await serveTestProgram();
  program = served.program;
  // What is tried here is the way to the server; held back, a reply would take another.
  await program.call('PATCH', '/preferences', { as: 'agent', body: { undoSeconds: 0 } });
  chromium = await openBrowser();
  page = await chromium.newPage({ baseURL: served.baseURL });
  page.setDefaultTimeout(patience);
  await page.goto('/');
  await page.getByLabel('邮箱或手机号').fill('agent@first.example');
  await page.getByLabel('密码').first().fill('correct horse battery');
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await page.getByRole('heading', { name: '工作台' }).waitFor();
});

after(async () => {
  await chromium?.close();
  await served?.close();
});

async function newTicket(subject: string): Promise<{ id: string; number: string }> {
  const { status, body, text } = await program.call('POST', '/tickets', { as: 'agent', body: { subject, requester: { name: '李女士', phone: '13812345678' } } });
  assert.equal(status, 201, text);
  return body;
}

async function commentsOf(id: string): Promise<string[]> {
  const { body } = await program.call('GET', `/tickets/${id}/timeline?limit=200`, { as: 'agent' });
  return body.items.flatMap((entry: { comment: { body: string } | null }) => entry.comment?.body ?? []);
}

async function openTicket(number: string): Promise<void> {
  await page.goto(`/tickets/${number}`);
  await page.locator('article').filter({ hasText: number }).waitFor();
}

async function write(body: string): Promise<void> {
  await page.locator('article form textarea').fill(body);
  await page.keyboard.press('Control+Enter');
}

const message = (body: string) => page.locator('li').filter({ hasText: body });
const comments = '**/api/v1/tickets/*/comments';

/** Lets no comment through, as a network does that is there and is not; gives the keys of the attempts. */
async function cut(on: Page): Promise<{ keys: string[]; mend: () => void }> {
  const keys: string[] = [];
  let cut = true;
  // The way in is kept when the network is back: taking it away while an attempt is on its way would hide that one.
  await on.route(comments, async (route: Route, request: Request): Promise<void> => {
    keys.push(request.headers()['idempotency-key'] ?? '');
    await (cut ? route.abort('connectionfailed') : route.continue());
  });
  return { keys, mend: () => { cut = false; } };
}

test('a reply that finds no network looks so, survives a reload, and arrives once by itself', async () => {
  const { id, number } = await newTicket('走廊灯闪');
  await openTicket(number);
  const network = await cut(page);
  await write('师傅一小时内到，请保持电话畅通。');
  await message('师傅一小时内到').getByText('还没有发出，会自动重发').waitFor();
  assert.equal(await page.locator('article form textarea').inputValue(), '', 'there is room for the next one');
  await screenshot(page, 'console-reply-waiting');
  assert.deepEqual(await seriousViolations(page), []);

  await page.reload();
  await message('师傅一小时内到').getByText('还没有发出，会自动重发').waitFor();
  // Wherever one has gone, it is not forgotten.
  await page.goto('/queue');
  await page.getByText('1 条回复还没有发出').waitFor();
  assert.deepEqual(await commentsOf(id), []);

  network.mend();
  // The next attempt comes by itself, and sooner when the network says that it is back.
  await page.evaluate("dispatchEvent(new Event('online'))");
  await eventually(async () => (await commentsOf(id)).length === 1, () => `the reply; ${network.keys.length} attempts`);
  assert.equal(new Set(network.keys).size, 1, 'every attempt has the same key');
  await page.getByText('1 条回复还没有发出').waitFor({ state: 'detached' });
  await openTicket(number);
  await message('师傅一小时内到').waitFor();
  assert.equal(await page.locator('[data-outgoing]').count(), 0);
});

test('a reply whose answer hangs is pending, and can be taken back with its text', async () => {
  const { id, number } = await newTicket('地下室漏水');
  await openTicket(number);
  const hanging: Route[] = [];
  await page.route(comments, (route) => void hanging.push(route));
  await write('写错了的回复');
  await message('写错了的回复').getByText('发送中…').waitFor();
  await message('写错了的回复').getByRole('button', { name: '取消发送' }).click();
  await message('写错了的回复').waitFor({ state: 'detached' });
  assert.equal(await page.locator('article form textarea').inputValue(), '写错了的回复');
  await page.unroute(comments);
  for (const route of hanging) await route.abort().catch(() => {});
  await page.locator('article form textarea').fill('改好的回复');
  await page.keyboard.press('Control+Enter');
  await eventually(async () => (await commentsOf(id)).join() === '改好的回复', 'the second reply alone');
});

test('a reply that is refused keeps its text and says why', async () => {
  const { id, number } = await newTicket('电梯异响');
  await openTicket(number);
  await page.route(comments, (route) => route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify({ status: 403, code: 'forbidden', title: '您没有做这件事的权限，可联系管理员。' }) }));
  await write('我们马上处理');
  await message('我们马上处理').getByText('您没有做这件事的权限，可联系管理员。').waitFor();
  await page.unroute(comments);
  await message('我们马上处理').getByRole('button', { name: '重试' }).click();
  await eventually(async () => (await commentsOf(id)).join() === '我们马上处理', 'the reply');
  await page.locator('[data-outgoing]').waitFor({ state: 'detached' });
});

test('a double click assigns once, and ends without a complaint', async () => {
  const { id, number } = await newTicket('双击派单');
  await openTicket(number);
  let sent = 0;
  let letGo = (): void => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route('**/actions/assign', async (route) => {
    sent += 1;
    await held;
    await route.continue();
  });
  await page.getByRole('button', { name: /派单/ }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('option').first().click();
  await dialog.getByRole('button', { name: /^派给 / }).dblclick();
  letGo();
  await dialog.waitFor({ state: 'detached' });
  assert.equal(sent, 1);
  assert.equal(await page.locator('.ant-message-error').count(), 0);
  await page.unroute('**/actions/assign');
  const { body } = await program.call('GET', `/tickets/${id}/timeline?limit=200`, { as: 'agent' });
  assert.equal(body.items.filter((entry: { kind: string }) => entry.kind === 'ticket.assigned').length, 1);
});

test('when the session ends elsewhere, pages nobody touches ask to sign in, in every tab', async () => {
  const { number } = await newTicket('空闲页面');
  const context = page.context();
  const tabs = await Promise.all([context.newPage(), context.newPage()]);
  for (const tab of tabs) {
    tab.setDefaultTimeout(patience);
    await tab.goto(`/tickets/${number}`);
    await tab.locator('article').filter({ hasText: number }).waitFor();
    await tab.locator('[data-status="live"]').waitFor();
  }
  // Asked for beside the pages, so that none of their own answers tells them.
  const cookies = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const { csrfToken } = (await (await fetch(`${served.baseURL}/api/v1/session`, { headers: { cookie: cookies } })).json()) as { csrfToken: string };
  const ended = await fetch(`${served.baseURL}/api/v1/session`, { method: 'DELETE', headers: { cookie: cookies, 'x-csrf-token': csrfToken } });
  assert.equal(ended.status, 204);
  for (const tab of [...tabs, page]) {
    await tab.getByLabel('邮箱或手机号').waitFor();
    assert.equal(await tab.getByText('空闲页面').count(), 0);
  }
  for (const tab of tabs) await tab.close();
  await page.getByLabel('邮箱或手机号').fill('agent@first.example');
  await page.getByLabel('密码').first().fill('correct horse battery');
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await page.locator('article').or(page.getByRole('heading', { name: '工作台' })).first().waitFor();
});

test('what is wrong with a new ticket stands at its field, in words that fit, and the first of it has the focus', async () => {
  await page.goto('/bench');
  await page.getByRole('heading', { name: '工作台' }).waitFor();
  await page.keyboard.press('c');
  await page.locator('#requester-phone').fill('138');
  await page.getByRole('button', { name: '创建工单' }).click();
  await page.getByText('手机号不完整，应为 11 位').waitFor();
  await page.getByText('请写一句主题').waitFor();
  await eventually(() => page.evaluate<boolean>("document.activeElement?.id === 'requester-phone'"), 'the focus on the phone number');
  assert.equal(await page.locator('#requester-phone').getAttribute('aria-invalid'), 'true');

  await page.locator('#requester-phone').fill('13912345678');
  await page.locator('#ticket-subject').fill('门铃不响');
  await page.getByText('手机号不完整，应为 11 位').waitFor({ state: 'detached' });
  // What only the server knows to be wrong stands at its field as well.
  const tickets = '**/api/v1/tickets';
  await page.route(tickets, (route) => route.fulfill({
    status: 422, contentType: 'application/problem+json',
    body: JSON.stringify({ status: 422, code: 'invalid_input', title: '有些内容填写得不对，请检查标出的地方。', errors: [{ path: '/requester/phone', code: 'minLength', message: '至少 3 个字' }] }),
  }));
  await page.getByRole('button', { name: '创建工单' }).click();
  await page.locator('.ant-form-item').filter({ has: page.locator('#requester-phone') }).getByText('这不是有效的电话号码').waitFor();
  assert.equal(await page.getByText('至少 3 个字').count(), 0);
  await screenshot(page, 'console-new-ticket-problem');
  await page.unroute(tickets);
  await page.getByRole('button', { name: '创建工单' }).click();
  await page.getByText(/工单 .+ 已创建/).waitFor();
});
