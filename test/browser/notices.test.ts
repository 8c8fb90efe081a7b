/**
 * Notices outside of the program: an administrator sets up two channels and tests them, somebody chooses how they are told, and
 * what is urgent arrives on both at once, as the notification shows.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { build } from '../../server/platform/db/database.ts';
import { registerReader, runReaders } from '../../server/platform/facts/readers.ts';
import { runNotices } from '../../server/reactions/notices/run-notices.ts';
import { openNotices } from '../../server/reactions/notices/write-notices.ts';
import { seriousViolations } from '../support/axe.ts';
import { openBrowser, screenshot, type TestBrowser, type TestPage } from '../support/browser.ts';
import { openFakePlatform, type FakePlatform } from '../support/fake-platform.ts';
import { openFakeSmtp, type FakeSmtp } from '../support/fake-smtp.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { eventually, patience } from './eventually.ts';

let served: ServedProgram;
let chromium: TestBrowser;
let smtp: FakeSmtp;
let robot: FakePlatform;
const running: { stop: () => Promise<void> }[] = [];

before(async () => {
  [served, chromium, smtp, robot] = await Promise.all([serveTestProgram(), openBrowser(), openFakeSmtp(), openFakePlatform()]);
  const { services, database, organization } = served.program;
  services.privateHosts = ['127.0.0.1'];
  await database.transact(organization.tenantId, (transaction) => transaction.run(build.updateTable('staff').set({ phone: '13800001111' }).where('id', '=', organization.staff.agent)));
  const reader = openNotices(services.clock);
  await registerReader(database, reader.name);
  running.push(runReaders(database, [reader], services.log), runNotices(services));
});

after(async () => {
  for (const one of running) await one.stop();
  await Promise.all([chromium?.close(), smtp?.close(), robot?.close()]);
  await served?.close();
});

const call = async (method: 'POST' | 'PATCH', path: string, body: unknown) => {
  const answer = await served.program.call(method, path, { as: 'dispatcher', body, headers: { 'if-match': '*' } });
  assert.ok(answer.status >= 200 && answer.status < 300, `${method} ${path} ${answer.status} ${answer.text.slice(0, 300)}`);
  return answer.body;
};

async function open(path: string, person: string, options: Parameters<TestBrowser['newPage']>[0] = {}): Promise<TestPage> {
  const page = await chromium.newPage({ baseURL: served.baseURL, ...options });
  page.setDefaultTimeout(patience);
  await page.goto(path);
  await page.getByLabel('邮箱或手机号').fill(`${person}@first.example`);
  await page.getByLabel('密码').first().fill('correct horse battery');
  await page.getByRole('button', { name: '登录' }).click();
  return page;
}

test('an administrator sets up e-mail and a robot, sees a test arrive, and sees why another did not', { timeout: 180_000 }, async () => {
  const page = await open('/settings/notices', 'administrator');
  const mail = page.getByRole('region', { name: '邮件' });
  await mail.getByRole('button', { name: '设置' }).click();
  await mail.getByText('授权码代替密码', { exact: false }).waitFor();
  await mail.getByRole('button', { name: '保存' }).click();
  await eventually(async () => (await mail.getByText('必须填写').count()) === 2, 'all that is missing is said at once');
  await mail.getByLabel('服务器地址').fill('127.0.0.1');
  assert.equal(await mail.getByText('必须填写').count(), 1, 'what was filled in is not missing any more');
  await mail.getByLabel('端口').fill(String(smtp.port));
  await mail.getByRole('combobox', { name: '加密' }).click();
  await page.getByTitle('不加密（不建议）', { exact: true }).click();
  await mail.getByLabel('发件地址').fill('不是邮箱');
  await mail.getByRole('button', { name: '保存' }).click();
  await mail.getByText('格式不对').waitFor();
  assert.equal(await mail.getByLabel('服务器地址').inputValue(), '127.0.0.1', 'what was typed stays');
  await mail.getByLabel('发件地址').fill('notices@anju.example');
  await mail.getByRole('button', { name: '保存' }).click();
  await mail.getByText('还没发过').waitFor();
  await mail.getByRole('button', { name: '发测试消息' }).click();
  await mail.getByText('渠道已收下').waitFor();
  await mail.getByText('正常').waitFor();
  assert.match(smtp.mails[0]!.subject, /测试消息/);

  const ding = page.getByRole('region', { name: '钉钉' });
  await ding.getByRole('button', { name: '设置' }).click();
  await ding.getByText('群机器人', { exact: true }).click();
  await ding.getByLabel('机器人 Webhook 地址').fill(`${robot.url}/robot/send?access_token=hidden-token`);
  await ding.getByLabel('密钥（Secret）').fill('SEC1');
  robot.answer = () => ({ body: { errcode: 310000, errmsg: 'sign not match' } });
  await ding.getByRole('button', { name: '保存' }).click();
  await ding.getByRole('button', { name: '发测试消息' }).click();
  await ding.getByText(/没有发出：.*sign not match/).waitFor();
  robot.answer = () => ({ body: { errcode: 0, errmsg: 'ok' } });
  await ding.getByRole('button', { name: '发测试消息' }).click();
  await ding.getByText('渠道已收下').waitFor();
  await ding.getByRole('button', { name: '修改' }).click();
  assert.equal(await ding.getByLabel('机器人 Webhook 地址').inputValue(), '', 'a secret is not shown again');
  await ding.getByRole('button', { name: '取消' }).first().click();
  assert.deepEqual(await seriousViolations(page), []);
  await screenshot(page, 'notices-channels');

  await page.getByText('投递记录', { exact: true }).click();
  await page.getByRole('listitem').filter({ hasText: 'sign not match' }).waitFor();
  await screenshot(page, 'notices-deliveries');
  await page.getByText('文案', { exact: true }).click();
  await page.getByLabel('标题').fill('【安居】{{reason');
  await page.getByText('花括号没有成对', { exact: false }).waitFor();
  assert.equal(await page.getByRole('button', { name: '发布' }).isDisabled(), true);
  await page.getByRole('combobox', { name: '语言' }).click();
  await page.getByTitle('English', { exact: true }).click();
  await eventually(async () => !(await page.getByLabel('标题').inputValue()).includes('【安居】'), 'the English words');
  await page.getByRole('combobox', { name: '语言' }).click();
  await page.getByTitle('中文', { exact: true }).click();
  await eventually(async () => (await page.getByLabel('标题').inputValue()) === '【安居】{{reason', 'what was typed stays while one looks elsewhere');
  await page.getByLabel('标题').fill('【安居】{{reason}} {{ticket.number}}');
  await page.getByText('【安居】派给您 20261122-00042').waitFor();
  await page.getByRole('button', { name: '发布' }).click();
  await page.getByText('自定义文案').waitFor();
  await screenshot(page, 'notices-templates');
  await page.getByText('无人响应', { exact: true }).click();
  await page.getByText('紧急通知没人响应时').waitFor();
  await page.close();
});

test('what is urgent arrives on two channels at once, and the notification shows how', { timeout: 180_000 }, async () => {
  const page = await open('/notifications/preferences', 'agent');
  await page.getByRole('columnheader', { name: '邮件' }).waitFor();
  const box = page.getByRole('checkbox', { name: '客户回复 邮件' });
  await box.click();
  await eventually(() => box.isChecked(), 'the tick');
  await eventually(async () => (await served.program.call('GET', '/notice-settings', { as: 'agent' })).body.channels.replied.includes('email'), 'the choice is kept');
  assert.deepEqual(await seriousViolations(page), []);
  await screenshot(page, 'notices-own');
  smtp.mails.length = robot.calls.length = 0;
  const { id } = await call('POST', '/tickets', { subject: '三号楼门坏了' });
  await call('PATCH', `/tickets/${id}`, { priority: 'urgent' });
  const ticket = await call('POST', `/tickets/${id}/actions/assign`, { assignee: served.program.organization.staff.agent });
  await eventually(async () => smtp.mails.length === 1 && robot.calls.length === 1, async () => `one on each: ${smtp.mails.length} ${robot.calls.length}`);
  assert.equal(smtp.mails[0]!.to, 'agent@first.example');
  assert.equal(smtp.mails[0]!.subject, `【安居】派给您 ${ticket.number}`);
  assert.deepEqual(robot.calls[0]!.json.at.atMobiles, ['13800001111']);
  await page.goto('/notifications');
  await page.getByRole('listitem').filter({ hasText: ticket.number }).getByRole('button', { name: '看怎么通知的' }).click();
  const ways = page.getByRole('list', { name: '看怎么通知的' });
  await ways.getByText('邮件').waitFor();
  await ways.getByText('钉钉').waitFor();
  await eventually(async () => await ways.getByText('已发出').count() === 2, 'both are sent');
  await screenshot(page, 'notices-how-told');
  await page.getByRole('button', { name: '收到', exact: true }).click();
  await ways.getByText('已读').waitFor();
  await page.close();
});

test('on a phone and in the dark the pages hold', { timeout: 120_000 }, async () => {
  const page = await open('/settings/notices', 'administrator', { viewport: 'phone', theme: 'dark' });
  await page.getByRole('region', { name: '邮件' }).waitFor();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(wide, 0);
  await screenshot(page, 'notices-phone');
  await page.goto('/notifications/preferences');
  await page.getByRole('heading', { name: '紧急时的顺序' }).scrollIntoViewIfNeeded();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
  await screenshot(page, 'notices-own-phone');
  await page.close();
});
