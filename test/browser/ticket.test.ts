/** What several people do on one ticket (工单协作): presence, taking a reply back, a macro, editing at once, a status, a checklist, asking beside it, merging. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { seriousViolations } from '../support/axe.ts';
import { openKit } from '../support/channel-kit.ts';
import { openFakeWechat } from '../support/fake-wechat.ts';
import { openBrowser, screenshot, type TestBrowser, type TestPage } from '../support/browser.ts';
import type { Person } from '../support/program.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { eventually, patience } from './eventually.ts';
import { officialAccount } from '../support/wechat-kinds.ts';

let served: ServedProgram;
let chromium: TestBrowser;
let agent: TestPage;
let admin: TestPage;

before(async () => {
  served = await serveTestProgram();
  chromium = await openBrowser();
  agent = await signedIn('agent');
  admin = await signedIn('administrator');
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

const call = (method: 'GET' | 'POST' | 'PATCH', path: string, body?: object, as: Person = 'agent') => served.program.call(method, path, { as, ...(body === undefined ? {} : { body }) });

async function newTicket(subject: string): Promise<{ id: string; number: string }> {
  const { status, body, text } = await call('POST', '/tickets', { subject, requester: { name: '李女士', phone: '13812345678' } });
  assert.equal(status, 201, text);
  return body;
}

async function open(page: TestPage, number: string): Promise<void> {
  await page.goto(`/tickets/${number}`);
  await page.locator('article').filter({ hasText: number }).waitFor();
}

const composer = (page: TestPage) => page.locator('article form textarea').last();
const messages = async (id: string): Promise<string[]> => (await call('GET', `/tickets/${id}/timeline?limit=200`)).body.items.flatMap((entry: { comment: { body: string } | null }) => entry.comment?.body ?? []);

test('two people on one ticket see each other, and choose where they changed the same', { timeout: 60_000 }, async () => {
  const { id, number } = await newTicket('厨房漏水');
  await open(agent, number);
  await open(admin, number);
  await agent.getByText('administrator first 正在查看').waitFor();
  await composer(admin).pressSequentially('在看');
  await agent.getByText('administrator first 正在输入').waitFor();
  await composer(admin).fill('');

  await agent.getByRole('button', { name: '修改主题' }).click();
  await agent.getByLabel('主题').fill('厨房漏水，急');
  await admin.getByRole('button', { name: '修改主题' }).click();
  await admin.getByLabel('主题').fill('3 幢厨房漏水');
  await admin.keyboard.press('Enter');
  await eventually(async () => (await call('GET', `/tickets/${id}`)).body.subject === '3 幢厨房漏水', 'the first edit');
  await agent.keyboard.press('Enter');
  const conflict = agent.getByRole('dialog');
  await conflict.getByText('3 幢厨房漏水').waitFor();
  await conflict.getByText('厨房漏水，急').waitFor();
  await screenshot(agent, 'ticket-conflict');
  assert.deepEqual(await seriousViolations(agent), []);
  await conflict.getByRole('radio', { name: /^我的/ }).check();
  await conflict.getByRole('button', { name: '按选择保存' }).click();
  await conflict.waitFor({ state: 'detached' });
  await eventually(async () => (await call('GET', `/tickets/${id}`)).body.subject === '厨房漏水，急', 'the chosen subject');
});

test('a reply is taken back before it leaves, with its text', { timeout: 60_000 }, async () => {
  const { id, number } = await newTicket('门禁失灵');
  await open(agent, number);
  await composer(agent).fill('师傅十分钟后到');
  await agent.keyboard.press('Control+Enter');
  await agent.getByText(/秒后发送/).waitFor();
  await agent.getByRole('button', { name: '撤销发送' }).click();
  await eventually(async () => (await composer(agent).inputValue()) === '师傅十分钟后到', 'the text in the composer');
  assert.deepEqual((await call('GET', `/tickets/${id}/held-replies`)).body.items, []);
  assert.deepEqual(await messages(id), []);
});

test('"/" finds a macro, shows what it changes, and applies it', { timeout: 60_000 }, async () => {
  const { id, number } = await newTicket('电梯困人');
  // Both are found by 升级, and the reply stands first.
  const reply = await call('POST', '/canned-replies', { kind: 'shared', name: '升级中', body: '系统升级中' }, 'administrator');
  assert.equal(reply.status, 201, reply.text);
  const made = await call('POST', '/macros', { kind: 'shared', name: '升级为紧急', steps: [{ kind: 'set', priority: 'urgent' }, { kind: 'note', body: '已升级 {{ticket.number}}' }] }, 'administrator');
  assert.equal(made.status, 201, made.text);
  await open(agent, number);
  // What is typed before the search stands there is meant for it, not for the customer.
  await composer(agent).pressSequentially('/sj');
  await eventually(async () => (await agent.getByPlaceholder('搜索快捷回复与宏…').inputValue()) === 'sj', 'all that was typed');
  assert.equal(await composer(agent).inputValue(), '');
  await agent.getByPlaceholder('搜索快捷回复与宏…').fill('升级');
  await agent.getByRole('option', { name: '升级中' }).waitFor();
  // Enter is about what was typed, also where what it finds is slow to come.
  await agent.route(/\/(canned-replies|macros)\?/, async (route) => {
    await setTimeout(700);
    await route.continue();
  });
  await agent.getByPlaceholder('搜索快捷回复与宏…').fill('升级为');
  await agent.keyboard.press('Enter');
  const dialog = agent.getByRole('dialog');
  await dialog.getByText(`已升级 ${number}`).waitFor();
  assert.deepEqual(await messages(id), [], 'looking changes nothing');
  await dialog.getByRole('button', { name: '执行' }).click();
  await dialog.waitFor({ state: 'detached' });
  await eventually(async () => (await call('GET', `/tickets/${id}`)).body.priority === 'urgent' && (await messages(id)).length === 1, 'the macro');
});

test('a status of the organization is chosen by keyboard, and asks for what its step needs', { timeout: 60_000 }, async () => {
  for (const body of [{ class: 'open', name: '配件到货', color: 'teal' }, { class: 'resolved', name: '待回访' }]) assert.equal((await call('POST', '/ticket-statuses', body, 'administrator')).status, 201);
  const { id, number } = await newTicket('水泵不转');
  const standing = async () => (await call('GET', `/tickets/${id}`)).body;
  await open(agent, number);
  await agent.locator('article header h1, article header h2').first().click();
  await agent.keyboard.press('s');
  await agent.getByRole('menuitem', { name: '配件到货' }).and(agent.locator(':focus')).waitFor();
  await agent.keyboard.press('Enter');
  await eventually(async () => (await standing()).ownStatus?.name === '配件到货', 'the chosen status');
  await agent.getByRole('button', { name: '状态：配件到货，更改' }).click();
  await agent.getByRole('menuitem', { name: /待回访/ }).click();
  const dialog = agent.getByRole('dialog');
  await dialog.getByRole('textbox').first().fill('换了电容');
  assert.deepEqual(await seriousViolations(agent), []);
  await dialog.getByRole('button', { name: '设为「待回访」' }).click();
  await dialog.waitFor({ state: 'detached' });
  await eventually(async () => (await standing()).status === 'resolved' && (await standing()).ownStatus?.name === '待回访', 'the status with its resolution');
});

test('a checklist is given out and put into another order by keyboard', { timeout: 60_000 }, async () => {
  const { id, number } = await newTicket('年检');
  assert.equal((await call('POST', `/tickets/${id}/checklist`, { items: [{ text: '断电' }, { text: '清灰' }, { text: '上油' }] })).status, 201);
  const texts = async (): Promise<string[]> => (await call('GET', `/tickets/${id}/checklist`)).body.items.map((item: { text: string }) => item.text);
  await open(agent, number);
  await agent.getByRole('button', { name: /移动「上油」/ }).focus();
  await agent.keyboard.press('ArrowUp');
  await eventually(async () => (await texts()).join() === '断电,上油,清灰', 'the new order');
  await agent.getByRole('button', { name: '修改「断电」' }).click();
  const form = agent.getByRole('dialog', { name: '修改「断电」' });
  await form.getByLabel('检查项').fill('断电并挂牌');
  await form.getByRole('button', { name: '保存' }).click();
  await eventually(async () => (await texts())[0] === '断电并挂牌', 'the new text');
  await agent.getByRole('checkbox', { name: /断电并挂牌/ }).check();
  await agent.getByText('1 / 3').waitFor();
});

test('a side conversation quotes the ticket, and waits in the inbox of whoever is asked', { timeout: 60_000 }, async () => {
  const { id, number } = await newTicket('电表走得快');
  assert.equal((await call('POST', `/tickets/${id}/comments`, { body: '客户说电费翻倍', visibility: 'internal' })).status, 201);
  await open(agent, number);
  await agent.getByRole('button', { name: '发起旁路会话' }).click();
  const dialog = agent.getByRole('dialog').first();
  await dialog.getByRole('combobox', { name: '班组' }).click();
  await agent.locator('.ant-select-item-option').first().click();
  await dialog.getByLabel('内容').fill('能去看一下吗？');
  await dialog.getByRole('button', { name: '引用工单内容' }).click();
  await agent.getByRole('checkbox', { name: /客户说电费翻倍/ }).check();
  await agent.keyboard.press('Escape');
  await dialog.getByRole('button', { name: '发送' }).click();
  await eventually(async () => (await call('GET', `/tickets/${id}/side-conversations`)).body.items.length === 1, 'the conversation');
  const side = (await call('GET', `/tickets/${id}/side-conversations`)).body.items[0];
  assert.equal((await call('GET', `/side-conversations/${side.id}/messages`)).body.items[0].quotes[0].body, '客户说电费翻倍');
  await agent.goto('/notifications/side');
  await agent.getByText('我发起的').click();
  await agent.getByText('等对方回复').waitFor();
  await screenshot(agent, 'side-inbox');
  assert.deepEqual(await seriousViolations(agent), []);
});

test('a customer writes by WeChat and is answered there: by which way, how far it came, and what to do where nobody can tell', { timeout: 60_000 }, async () => {
  const platform = await openFakeWechat();
  served.program.services.privateHosts = ['127.0.0.1'];
  try {
    const wechat = openKit(served.program, served.program.services.clock, platform, officialAccount);
    await wechat.setUp();
    platform.people.set('openid_wang', { nickname: '王芳' });
    await wechat.say('openid_wang', { text: '您好，三号楼 1201 卫生间水管漏水。' });
    const { id, number } = await wechat.ticketOf('openid_wang');
    await open(admin, number);
    await admin.locator('article').getByText('三号楼 1201 卫生间水管漏水').first().waitFor();
    await composer(admin).fill('师傅 15 分钟内到');
    await admin.getByText('将通过 wechat_official_account 回复 王芳').waitFor();
    await admin.getByText('还能发 5 条').waitFor();
    await composer(admin).fill('');
    await wechat.answer(id, '师傅 15 分钟内到');
    await admin.getByText('已发出').waitFor();
    await admin.getByText('还能发 4 条').waitFor();
    platform.next.push({ path: '/custom/send', answer: () => ({ status: 502, body: 'bad gateway' }) });
    await wechat.answer(id, '师傅已经在路上');
    await admin.getByText('不确定是否送达').waitFor();
    assert.deepEqual(await seriousViolations(admin), []);
    await screenshot(admin, 'ticket-conversation');
    await wechat.say('openid_wang', { text: '看到师傅了' });
    await admin.getByText('看到师傅了').waitFor();
    await admin.getByRole('button', { name: '客户已收到' }).click();
    await admin.getByText('不确定是否送达').waitFor({ state: 'detached' });
  } finally {
    await platform.close();
  }
});

test('a ticket is merged into another and taken out again', { timeout: 60_000 }, async () => {
  const target = await newTicket('小区停水');
  const source = await newTicket('家里没有水');
  await open(agent, source.number);
  await agent.locator('article header').getByRole('button', { name: '更多' }).click();
  await agent.getByRole('menuitem', { name: '合并工单' }).click();
  const dialog = agent.getByRole('dialog');
  await dialog.getByRole('combobox').fill(target.number);
  await agent.locator('.ant-select-item-option').filter({ hasText: '小区停水' }).click();
  await dialog.getByRole('button', { name: '合并' }).last().click();
  await agent.getByText('已并入这张工单').waitFor();
  assert.equal((await call('GET', `/tickets/${source.id}`)).body.mergedInto.number, target.number);
  await open(agent, source.number);
  await agent.getByText('这张工单已并入').waitFor();
  await screenshot(agent, 'ticket-merged');
  await agent.getByRole('button', { name: '撤销合并' }).click();
  await eventually(async () => (await call('GET', `/tickets/${source.id}`)).body.mergedInto === null, 'the merge undone');
  await agent.getByText('这张工单已并入').waitFor({ state: 'detached' });
  for (const page of [agent, admin]) assert.deepEqual(page.complaints, []);
});
