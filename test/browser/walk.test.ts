/**
 * The whole loop once, by the four people it concerns, each in a browser of their own: a customer reports a burst pipe
 * at the portal; it appears by itself on the agent's bench; the agent assigns a technician; the technician accepts on
 * the phone, checks in, writes what was done, adds a photo and takes the signature; the customer follows every step,
 * confirms and rates; the manager's board counts it.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { openBrowser, screenshot, type TestBrowser, type TestPage } from '../support/browser.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { eventually, patience } from './eventually.ts';
import { sign } from './signature.ts';

const home = { lat: 30.2741, lng: 120.1551 };
const nearby = { lat: 30.2746, lng: 120.1557 };

let served: ServedProgram;
let chromium: TestBrowser;
let leak: Buffer;
let repaired: Buffer;

before(async () => {
  served = await serveTestProgram();
  chromium = await openBrowser();
  // Pictures with something on them, so that a blank thumbnail would show.
  const picture = (colour: string, mark: string) => sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="1200"><rect width="1600" height="1200" fill="${colour}"/><path d="M200 600h1200" stroke="#d8dde3" stroke-width="120"/><path d="${mark}" stroke="#3b82c4" stroke-width="60" fill="none"/></svg>`)).jpeg().toBuffer();
  leak = await picture('#6b7a86', 'M800 600l-120 380M800 600l160 420M800 600l20 500');
  repaired = await picture('#7d8a76', 'M760 560h80v80h-80z');
});

after(async () => {
  await chromium?.close();
  await served?.close();
});

async function openPage(path: string, options: Parameters<TestBrowser['newPage']>[0] = {}): Promise<TestPage> {
  const page = await chromium.newPage({ baseURL: served.baseURL, ...options });
  page.setDefaultTimeout(patience);
  await page.goto(path);
  return page;
}

async function signInToConsole(page: TestPage, person: string): Promise<void> {
  await page.getByLabel('邮箱或手机号').fill(`${person}@first.example`);
  await page.getByLabel('密码').first().fill('correct horse battery');
  await page.getByRole('button', { name: '登录', exact: true }).click();
}

test('one request goes all the way round', async () => {
  // The agent is at the bench before anything happens.
  const agent = await openPage('/', { viewport: 'desktop' });
  await signInToConsole(agent, 'agent');
  await agent.getByRole('heading', { name: '工作台' }).waitFor();

  // The customer reports, with a photo and a place.
  const customer = await openPage('/portal/first', { viewport: 'phone', position: home });
  await screenshot(customer, 'walk-01-portal');
  await customer.getByRole('link', { name: '水电' }).click();
  await customer.locator('#description').fill('厨房水管爆裂，水已经漫到客厅了，总阀关不紧，麻烦快点来！');
  await customer.locator('input[type="file"]').last().setInputFiles({ name: '现场.jpg', mimeType: 'image/jpeg', buffer: leak });
  await customer.getByRole('button', { name: '查看照片 1' }).waitFor();
  await customer.getByRole('button', { name: '附上当前位置' }).click();
  await customer.getByText(/已附上位置/).waitFor();
  await customer.getByPlaceholder('小区、楼栋、房号').fill('西畔花园 3幢2单元501室');
  await customer.locator('#name').fill('李女士');
  await customer.locator('#phone').fill('13812345678');
  await screenshot(customer, 'walk-02-report');
  await customer.getByRole('button', { name: '提交报修' }).click();
  await customer.getByText('已收到您的报修').waitFor();
  const number = await customer.locator('.sent-number strong').innerText();
  await screenshot(customer, 'walk-03-sent');

  // It appears by itself on the agent's bench, pinned, as it is urgent.
  await agent.getByText('厨房水管爆裂').first().waitFor();
  await screenshot(agent, 'walk-04-bench');
  await agent.getByText('厨房水管爆裂').first().click();
  await agent.getByText(number).first().waitFor();
  await agent.getByText('西畔花园 3幢2单元501室').first().waitFor();
  await screenshot(agent, 'walk-05-ticket');

  // The technician is waiting on the phone; the agent assigns.
  const technician = await openPage('/field/', { viewport: 'phone', position: nearby });
  await technician.locator('[name="account"]').fill('technician@first.example');
  await technician.locator('[name="password"]').fill('correct horse battery');
  await technician.getByRole('button', { name: '登录', exact: true }).click();
  await technician.getByText('没有待办任务').waitFor();
  await agent.getByRole('button', { name: /^派单/ }).first().click();
  const dialog = agent.getByRole('dialog');
  await dialog.getByPlaceholder('搜索姓名').fill('technician');
  await dialog.getByText('technician first').first().click();
  await screenshot(agent, 'walk-06-assign');
  await dialog.getByRole('button', { name: '派给 technician first' }).click();
  await dialog.waitFor({ state: 'detached' });

  // It appears on the technician's phone, and the customer sees each step.
  await technician.locator('.next-card').getByText('厨房水管爆裂').waitFor();
  await screenshot(technician, 'walk-07-today');
  await technician.locator('.next-card').getByText('厨房水管爆裂').click();
  await technician.locator('.job-title').waitFor();
  await screenshot(technician, 'walk-08-job');
  const step = (name: string) => technician.locator('.action-bar').getByRole('button', { name, exact: true });
  await customer.getByRole('link', { name: '查看进度' }).click();
  await customer.getByText(`单号 ${number}`).first().waitFor();
  // The line on top: below it every step that is still to come has its name, too.
  const line = customer.locator('.status-line h1');
  await step('接单').click();
  await line.getByText(/已接单$/).waitFor();
  await step('出发').click();
  await line.getByText(/已出发$/).waitFor();
  await screenshot(customer, 'walk-09-on-the-way');
  await step('到场签到').click();
  await technician.getByText(/距现场约 \d+ 米/).waitFor();
  await screenshot(technician, 'walk-10-check-in');
  await technician.getByRole('dialog').getByRole('button', { name: '签到', exact: true }).click();
  await line.getByText(/已到达现场$/).waitFor();

  // What was done, with a photo and a signature.
  await technician.getByRole('link', { name: '写记录' }).click();
  await technician.locator('[name="text"]').fill('已关总阀，拆下破裂的角阀。');
  await technician.locator('input[type="file"]').last().setInputFiles({ name: '完工.jpg', mimeType: 'image/jpeg', buffer: repaired });
  await technician.getByRole('button', { name: '查看照片 1' }).waitFor();
  await technician.getByRole('button', { name: '保存记录' }).click();
  await step('完工').click();
  await technician.locator('[name="text"]').fill('更换角阀一个，试水十分钟无渗漏。');
  await technician.getByRole('button', { name: '下一步' }).click();
  await sign(technician);
  await screenshot(technician, 'walk-11-signature');
  await technician.getByRole('button', { name: '下一步' }).click();
  await technician.getByRole('button', { name: '确认完工' }).click();
  await technician.getByText('已提交，客户可以确认和评价了。').waitFor();
  await screenshot(technician, 'walk-12-done');

  // The customer confirms and rates.
  await customer.getByRole('button', { name: '问题已解决' }).click();
  await customer.getByText('5 星').first().waitFor();
  await customer.getByLabel('5 星').click({ force: true });
  await customer.getByLabel('想说点什么').fill('师傅来得快，修得好，地也擦干净了。');
  await screenshot(customer, 'walk-13-rating');
  await customer.getByRole('button', { name: '提交评价' }).click();
  await customer.getByText('谢谢您的评价').waitFor();
  await screenshot(customer, 'walk-14-closed');

  // The agent's page has followed by itself.
  await agent.locator('.bh-status-closed').first().waitFor();
  await screenshot(agent, 'walk-15-ticket-closed');

  // The manager's board counts it: read once the reader of the facts has come so far.
  const insight = (measure: string) => served.program.call('GET', `/insight/${measure}`, { as: 'manager' });
  await eventually(async () => (await insight('closed')).body.total === 1 && (await insight('rating')).body.total === 5, 'the figures of the board');
  const manager = await openPage('/', { viewport: 'desktop' });
  await signInToConsole(manager, 'manager');
  await manager.getByRole('link', { name: '看板' }).click();
  await manager.getByText('满意度').first().waitFor();
  await manager.getByText('5.00').first().waitFor();
  await screenshot(manager, 'walk-16-board');
  const ticket = await served.program.call('GET', `/tickets/${number}`, { as: 'manager' });
  assert.equal(ticket.body.status, 'closed');
  assert.equal(ticket.body.rating, 5);
  assert.equal(ticket.body.visits[0].status, 'completed');
  assert.deepEqual(ticket.body.files.map((file: { purpose: string }) => file.purpose).sort(), ['photo', 'photo', 'signature']);

  for (const page of [agent, customer, technician, manager]) assert.deepEqual(page.complaints, []);
});
