/**
 * The chat on a website of another origin: a visitor writes by the script tag, an agent sees it and answers in the console, the visitor sees that
 * without loading anew, and after loading anew; a website that is not on the list gets none.
 */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { runIntake } from '../../server/journey/intake/take-in.ts';
import { runReplies } from '../../server/reactions/replies/run-replies.ts';
import { onMessageKept } from '../../server/records/channel/inbox.ts';
import { seriousViolations } from '../support/axe.ts';
import { openBrowser, screenshot, type TestBrowser, type TestPage } from '../support/browser.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { eventually, patience } from './eventually.ts';

let served: ServedProgram;
let chromium: TestBrowser;
let sites: { server: Server; origin: string }[];
let stop: (() => Promise<void>)[];
let token: string;

/** A website whose policy is as strict as may be. */
async function openSite(): Promise<{ server: Server; origin: string }> {
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '/', 'http://site').searchParams;
    const more = query.get('mode') === 'form' ? ' data-mode="form"' : '';
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': `default-src 'none'; script-src ${served.baseURL}; connect-src ${served.baseURL}; frame-src ${served.baseURL}` });
    response.end(`<!doctype html><html lang="${query.get('lang') ?? 'zh-CN'}"><head><meta name="viewport" content="width=device-width, initial-scale=1"><title>安居里物业 · ${query.get('page') ?? '首页'}</title></head><body><h1>安居里物业</h1><p>一个普通的网站。</p><a href="/?page=电梯维保">电梯维保</a>
<script async src="${served.baseURL}/chat/v1.js" data-channel="${token}"${more}></script></body></html>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

before(async () => {
  [served, chromium] = await Promise.all([serveTestProgram(), openBrowser()]);
  sites = [await openSite(), await openSite()];
  const intake = runIntake(served.program.services);
  onMessageKept(intake.wake);
  const replies = runReplies(served.program.services);
  stop = [intake.stop, replies.stop];
  const made = await served.program.call('POST', '/channels', { as: 'administrator', body: { kind: 'web_chat', name: '官网聊天', settings: { origins: sites[0]!.origin } } });
  assert.equal(made.status, 201, made.text);
  assert.equal((await served.program.call('PATCH', '/preferences', { as: 'administrator', body: { undoSeconds: 0 } })).status, 200);
  token = made.body.url.slice(made.body.url.lastIndexOf('/') + 1);
});

after(async () => {
  onMessageKept(() => {});
  for (const end of stop ?? []) await end();
  await chromium?.close();
  await served?.close();
  for (const { server } of sites ?? []) {
    server.closeAllConnections();
    server.close();
  }
});

const visit = async (path: string, options: Parameters<TestBrowser['newPage']>[0] = {}): Promise<TestPage> => {
  const page = await chromium.newPage({ baseURL: sites[0]!.origin, ...options });
  page.setDefaultTimeout(patience);
  await page.goto(path);
  return page;
};
const chatOf = (page: TestPage) => page.frameLocator('iframe');

test('a visitor of a website writes, an agent answers, and both see it as it happens; it is there after loading anew', { timeout: 90_000 }, async () => {
  const visitor = await visit('/');
  const launcher = visitor.getByRole('button', { name: '打开在线客服' });
  await launcher.waitFor();
  await screenshot(visitor, 'web-chat-launcher');
  await launcher.focus();
  await visitor.keyboard.press('Enter');
  const chat = chatOf(visitor);
  await chat.getByText('您好，请问有什么可以帮您？').waitFor();
  await chat.getByLabel('输入消息…').fill('三号楼电梯门关不上');
  await chat.getByLabel('输入消息…').press('Enter');
  await chat.getByText(/已发送/).waitFor();

  const agent = await chromium.newPage({ baseURL: served.baseURL });
  agent.setDefaultTimeout(patience);
  await agent.goto('/');
  await agent.getByLabel('邮箱或手机号').fill('administrator@first.example');
  await agent.getByLabel('密码').first().fill('correct horse battery');
  await agent.getByRole('button', { name: '登录', exact: true }).click();
  await agent.getByRole('heading', { name: '工作台' }).waitFor();
  let number = '';
  await eventually(async () => (number = (await served.program.call('GET', '/tickets', { as: 'administrator' })).body.items[0]?.number ?? '') !== '', 'the message became a ticket');
  await agent.goto(`/tickets/${number}`);
  await agent.getByText('访客在线').waitFor();
  await agent.getByRole('link', { name: '安居里物业 · 首页' }).waitFor();
  await chat.getByText(/已读/).waitFor();
  await chat.getByLabel('输入消息…').pressSequentially('很急');
  await agent.getByText('访客正在输入…').waitFor();
  const composer = agent.locator('article form textarea').last();
  await composer.fill('师傅十分钟后到，请先不要进电梯。');
  await chat.getByText('客服正在输入…').waitFor();
  await screenshot(visitor, 'web-chat-typing');
  await composer.press('Control+Enter');
  await chat.getByText('师傅十分钟后到，请先不要进电梯。').waitFor();
  await agent.locator('article').getByText('已读').first().waitFor();
  await screenshot(agent, 'web-chat-console');
  assert.deepEqual(await seriousViolations(visitor), []);
  await screenshot(visitor, 'web-chat-open');

  // What was begun, and what was said, is there on the next page of the website.
  await visitor.getByRole('link', { name: '电梯维保' }).click();
  await visitor.waitForURL(/page=/);
  await chat.getByText('师傅十分钟后到，请先不要进电梯。').waitFor();
  assert.equal(await chat.getByLabel('输入消息…').inputValue(), '很急');
  await agent.getByRole('link', { name: '安居里物业 · 电梯维保' }).waitFor();
  // Closed, it counts what comes.
  await chat.getByRole('button', { name: '关闭' }).click();
  const sent = await served.program.call('POST', `/tickets/${number}/comments`, { as: 'administrator', body: { body: '师傅到楼下了', visibility: 'public' } });
  assert.equal(sent.status, 201, sent.text);
  await visitor.getByRole('button', { name: /1 条未读消息/ }).waitFor();
  await screenshot(visitor, 'web-chat-unread');
});

test('on a phone it fills the screen, in the dark and in English; the form is the portal’s; a website that is not on the list gets none', { timeout: 60_000 }, async () => {
  const phone = await visit('/?lang=en', { viewport: 'phone', theme: 'dark', language: 'en' });
  await phone.getByRole('button', { name: 'Open the chat' }).click();
  await chatOf(phone).getByText('Hello, how can we help?').waitFor();
  const box = (await phone.locator('iframe').boundingBox())!;
  assert.deepEqual([box.x, box.width, box.height], [0, 390, 844]);
  await chatOf(phone).getByLabel('Write a message…').fill('The gate of building 3 does not open: https://www.example.com/gate');
  await chatOf(phone).getByRole('button', { name: 'Send', exact: true }).click();
  await chatOf(phone).getByLabel('Leave an e-mail address or phone number', { exact: false }).waitFor();
  await screenshot(phone, 'web-chat-phone-dark');
  // Without a network it waits on the page, and goes out once.
  await phone.context().setOffline(true);
  await chatOf(phone).getByLabel('Write a message…').fill('It is raining in');
  await chatOf(phone).getByRole('button', { name: 'Send', exact: true }).click();
  await chatOf(phone).getByText('Waits for the network; sent by itself').waitFor();
  await phone.context().setOffline(false);
  await chatOf(phone).getByText('Waits for the network; sent by itself').waitFor({ state: 'detached' });
  assert.equal(await chatOf(phone).getByText('It is raining in').count(), 1);

  const form = await visit('/?mode=form');
  await form.getByRole('button', { name: '在线报修' }).click();
  await chatOf(form).getByRole('heading').first().waitFor();
  await screenshot(form, 'web-chat-form');

  const refused = await chromium.newPage({ baseURL: sites[1]!.origin });
  const warned = refused.waitForEvent('console', { predicate: (message) => message.text().includes('not on the list'), timeout: patience });
  await refused.goto('/');
  await warned;
  assert.equal(await refused.getByRole('button').count(), 0);
  // Nor may it hold the page by itself.
  const held = (await fetch(`${served.baseURL}/chat/${token}`)).headers.get('content-security-policy');
  assert.match(held ?? '', new RegExp(`frame-ancestors 'self' ${sites[0]!.origin}(;|$)`));
});
