/**
 * A channel connected in the console: an address and a token, a call that is refused and says why, a message whose fields are mapped with itself
 * as the sample, a test message that becomes a ticket; and one that cannot, which is put aside, looked at and taken up again.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { runIntake } from '../../server/journey/intake/take-in.ts';
import { onMessageKept } from '../../server/records/channel/inbox.ts';
import { seriousViolations } from '../support/axe.ts';
import { openBrowser, screenshot, type TestBrowser, type TestPage } from '../support/browser.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { eventually, patience } from './eventually.ts';

let served: ServedProgram;
let chromium: TestBrowser;
let intake: { stop: () => Promise<void> };

before(async () => {
  [served, chromium] = await Promise.all([serveTestProgram(), openBrowser()]);
  const running = runIntake(served.program.services);
  onMessageKept(running.wake);
  intake = running;
});

after(async () => {
  onMessageKept(() => {});
  await intake?.stop();
  await chromium?.close();
  await served?.close();
});

async function open(path: string, options: Parameters<TestBrowser['newPage']>[0] = {}): Promise<TestPage> {
  const page = await chromium.newPage({ baseURL: served.baseURL, ...options });
  page.setDefaultTimeout(patience);
  await page.goto(path);
  await page.getByLabel(/邮箱或手机号|E-mail or phone/).fill('administrator@first.example');
  await page.getByLabel(/^(密码|Password)/).first().fill('correct horse battery');
  await page.getByRole('button', { name: /登录|Sign in/ }).click();
  return page;
}

test('a webhook is connected, checked and mapped; what goes wrong is said, put aside and mended', { timeout: 180_000 }, async () => {
  const page = await open('/settings/channels');
  await page.getByText('还没有接入其他渠道').waitFor();
  await screenshot(page, 'channels-empty');
  await page.getByRole('button', { name: '接入渠道' }).first().click();
  await screenshot(page, 'channels-kinds');
  await page.getByRole('dialog').getByRole('button', { name: /Webhook/ }).first().click();
  await page.getByRole('button', { name: '建立渠道' }).click();
  await page.getByText('必须填写').waitFor();
  await page.getByLabel('名称').fill('楼宇控制');
  await page.getByRole('button', { name: '建立渠道' }).click();

  const address = (await page.getByRole('region', { name: '回调地址' }).locator('code').first().textContent())!;
  const token = (await page.getByRole('group', { name: '令牌' }).locator('code').textContent())!;
  const check = page.getByRole('region', { name: '发一条测试消息' });
  await check.getByText('正在等第一条消息…').waitFor();
  await screenshot(page, 'channels-connect');
  const url = `${served.baseURL}${new URL(address).pathname}`;
  const send = async (body: object, bearer = token) => (await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' }, body: JSON.stringify(body) })).status;
  assert.equal(await send({}, `${token}x`), 401);
  await check.getByText('令牌或签名不对', { exact: false }).waitFor();
  // Of what nothing is called as usual, nobody can tell what it is about.
  assert.equal(await send({ no: 'R-0', x: 7 }), 200);
  await check.getByText(/已变成工单 \d/).waitFor();
  await check.getByText('没认出消息里的标题', { exact: false }).waitFor();
  assert.equal(await send({ no: 'R-1', data: { title: '水管漏水', level: 'A', contact: { name: '王芳', mobile: '13900010011' } } }), 200);
  // The check stays with the first that came, whoever writes meanwhile.
  await page.getByText('2近 24 小时', { exact: true }).waitFor();
  assert.match((await check.textContent())!, /“[^”]*R-0/);
  assert.deepEqual(await seriousViolations(page), []);
  await screenshot(page, 'channels-checked');

  await check.getByRole('button', { name: '去对应字段' }).click();
  await page.getByRole('button', { name: /^data.title/ }).waitFor();
  await page.getByRole('button', { name: '自动对应' }).click();
  const lines = page.getByRole('region', { name: '字段映射' }).getByRole('listitem');
  await eventually(async () => (await lines.count()) === 5, async () => `proposed lines: ${await lines.count()}`);
  const result = page.locator('aside');
  await result.getByText('A', { exact: true }).first().waitFor();
  await result.getByText('这里认不出', { exact: false }).waitFor();
  const priority = page.getByRole('listitem', { name: '优先级' });
  await priority.getByRole('button', { name: '清洗与对照' }).click();
  await priority.getByLabel('对照表', { exact: false }).fill('A = urgent');
  await eventually(async () => (await result.getByText('这里认不出', { exact: false }).count()) === 0, 'the table translates what came');
  await page.getByRole('button', { name: '加一个字段' }).click();
  await page.getByRole('button', { name: '保存映射' }).click();
  await page.getByText('请选择要填的字段').waitFor();
  await screenshot(page, 'channels-mapping');
  await page.getByRole('button', { name: '撤销' }).click();
  await page.getByRole('button', { name: '保存映射' }).click();
  await page.getByText('映射已保存', { exact: false }).waitFor();
  assert.deepEqual(await seriousViolations(page), []);

  // The form now wants what nobody sends.
  const call = (...given: Parameters<typeof served.program.call>) => served.program.call(...given);
  const as = 'administrator';
  const type = (await call('POST', '/ticket-types', { as, body: { key: 'repair', name: '报修' } })).body as { id: string };
  const draft = await call('GET', `/ticket-types/${type.id}/draft`, { as });
  const saved = await call('PATCH', `/ticket-types/${type.id}/draft`, { as, body: { form: { fields: [{ key: 'building', kind: 'text', label: { zh: '楼栋', en: 'Building' }, required: true }] } }, headers: { 'if-match': `"${draft.body.version}"` } });
  assert.equal((await call('POST', `/ticket-types/${type.id}/publish`, { as, body: {}, headers: { 'if-match': `"${saved.body.version}"` } })).status, 200);
  await page.getByRole('button', { name: '加一个字段' }).click();
  await lines.last().getByRole('combobox', { name: '目标' }).click();
  await page.getByTitle('工单类型', { exact: true }).click();
  await lines.last().getByText('固定值').click();
  await lines.last().getByRole('textbox', { name: '固定值' }).fill('repair');
  await page.getByRole('button', { name: '保存映射' }).click();
  await eventually(async () => page.getByRole('button', { name: '保存映射' }).isDisabled(), 'it is saved');
  assert.equal(await send({ no: 'R-2', data: { title: '门禁失灵' } }), 200);
  await page.getByText('收到的消息').click();
  const aside = page.getByRole('listitem').filter({ hasText: '门禁失灵' });
  await aside.getByText('工单的表单不收这些内容', { exact: false }).waitFor();
  await screenshot(page, 'channels-aside');
  await aside.getByRole('button', { name: '门禁失灵' }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '下载原文' }).click()]);
  assert.match(await readFile(await download.path(), 'utf8'), /"no":"R-2"/);
  await screenshot(page, 'channels-message');
  await page.getByRole('dialog').getByRole('button', { name: '用它调整映射' }).click();
  await lines.nth(5).getByRole('button', { name: /删除/ }).click();
  await page.getByRole('button', { name: '保存映射' }).click();
  await eventually(async () => page.getByRole('button', { name: '保存映射' }).isDisabled(), 'it is saved');
  await page.getByText('收到的消息').click();
  await page.getByRole('checkbox', { name: '选择 门禁失灵' }).check();
  await page.getByRole('button', { name: '重新处理' }).click();
  await page.getByText('已处理 1 条').waitFor();
  await page.getByText('全部', { exact: true }).click();
  await aside.getByText('开了工单').waitFor();
  await page.getByRole('button', { name: '暂停接收' }).click();
  await page.getByText('已暂停：', { exact: false }).waitFor();
  assert.equal(await send({ no: 'R-3' }), 404);
  await page.getByRole('link', { name: '接入渠道' }).first().click();
  await page.getByRole('link', { name: /楼宇控制/ }).waitFor();
  await screenshot(page, 'channels-list');
  await page.close();
});

test('on a phone, in the dark and in English the pages hold', { timeout: 120_000 }, async () => {
  const page = await open('/settings/channels', { viewport: 'phone', theme: 'dark', language: 'en' });
  await page.getByRole('link', { name: /楼宇控制/ }).click();
  for (const part of ['Connect and check', 'Field mapping', 'Messages', 'Settings']) {
    await page.getByText(part, { exact: true }).first().click();
    await page.getByText(part === 'Connect and check' ? 'Send a test message' : part === 'Field mapping' ? 'What the ticket would get' : part === 'Messages' ? '门禁失灵' : 'Remove the channel', { exact: false }).first().waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, part);
    await screenshot(page, `channels-phone-${part.split(' ')[0]!.toLowerCase()}`);
  }
  assert.deepEqual(await seriousViolations(page), []);
  await page.close();
});
