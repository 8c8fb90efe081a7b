/** Customers, imports and labels in the console (客户、导入与标签). */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runImport } from '../../server/journey/intake/import/run-import.ts';
import { seriousViolations } from '../support/axe.ts';
import { openBrowser, screenshot, type TestBrowser, type TestPage } from '../support/browser.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { eventually, patience } from './eventually.ts';

let served: ServedProgram;
let chromium: TestBrowser;
let admin: TestPage;

before(async () => {
  served = await serveTestProgram();
  chromium = await openBrowser();
  admin = await chromium.newPage({ baseURL: served.baseURL });
  admin.setDefaultTimeout(patience);
  await admin.goto('/');
  await admin.getByLabel('邮箱或手机号').fill('administrator@first.example');
  await admin.getByLabel('密码').first().fill('correct horse battery');
  await admin.getByRole('button', { name: '登录', exact: true }).click();
  await admin.getByRole('heading', { name: '工作台' }).waitFor();
});

after(async () => {
  await chromium?.close();
  await served?.close();
});

const call = (method: 'GET' | 'POST' | 'PATCH', path: string, body?: object) => served.program.call(method, path, { as: 'administrator', ...(body === undefined ? {} : { body }) });

async function made(path: string, body: object): Promise<{ id: string; version: number } & Record<string, unknown>> {
  const answer = await call('POST', path, body);
  assert.equal(answer.status, 201, answer.text);
  return answer.body;
}

test('a customer’s page hides the number, shows it for a reason, and takes in what somebody else changed meanwhile', { timeout: 90_000 }, async () => {
  const customer = await made('/customers', { name: '<b>王芳</b> 👩 مرحبا', phone: '13800138000', address: '1 幢', tags: ['老客户'] });
  await admin.goto(`/customers/${customer.id}`);
  await admin.getByRole('heading', { name: '<b>王芳</b>' }).waitFor();
  await admin.getByText('138****8000').first().waitFor();
  assert.equal(await admin.getByText('13800138000').count(), 0);
  await screenshot(admin, 'customer');
  assert.deepEqual(await seriousViolations(admin), []);
  await admin.getByRole('button', { name: '查看完整信息' }).click();
  await admin.getByRole('dialog').getByLabel('事由').fill('确认上门时间');
  await admin.getByRole('dialog').getByRole('button', { name: /^查\s?看$/ }).click();
  await admin.getByRole('link', { name: '13800138000' }).waitFor();
  const revealed = (await call('GET', `/customers/${customer.id}/timeline?kinds=change`)).body.items.find((one: { change: { kind: string } }) => one.change.kind === 'personal_data.revealed');
  assert.equal(revealed.change.data.reason, '确认上门时间');
  await admin.getByRole('button', { name: '重新隐藏' }).click();
  await admin.getByText('138****8000').first().waitFor();

  await admin.getByRole('button', { name: '编辑' }).click();
  const drawer = admin.getByRole('dialog');
  await drawer.getByLabel('姓名').fill('王方');
  await served.program.call('PATCH', `/customers/${customer.id}`, { as: 'agent', body: { name: '王小芳', address: '2 幢' }, headers: { 'if-match': `"${customer.version}"` } });
  await drawer.getByRole('button', { name: /^保\s?存$/ }).click();
  await drawer.getByText('有人刚刚改过这份资料').waitFor();
  await drawer.getByText('王小芳').first().waitFor();
  await screenshot(admin, 'customer-conflict');
  // The mark of the first attempt may still be fading from the button, and is part of its name.
  await drawer.getByRole('button', { name: /保\s?存$/ }).click();
  await drawer.waitFor({ state: 'detached' });
  const saved = (await call('GET', `/customers/${customer.id}`)).body;
  assert.deepEqual([saved.name, saved.address], ['王方', '2 幢'], 'mine where I chose, theirs where only they changed');
});

test('duplicates are compared, merged with chosen values, and taken apart again', { timeout: 90_000 }, async () => {
  const stays = await made('/customers', { name: '赵大强', phone: '13900000011', address: '西畔花园 3 幢 501' });
  const goes = await made('/customers', { name: '赵大强', phone: '13900000012', address: '西畔花园 3 幢 502', tier: 'VIP' });
  await admin.goto(`/customers/${stays.id}?tab=duplicates`);
  await admin.getByRole('button', { name: '对比并合并' }).first().click();
  const dialog = admin.getByRole('dialog');
  await dialog.getByRole('group', { name: '地址' }).getByRole('radio').nth(1).check();
  await screenshot(admin, 'customer-merge');
  assert.deepEqual(await seriousViolations(admin), []);
  await dialog.getByRole('button', { name: /^合\s?并$/ }).click();
  await dialog.waitFor({ state: 'detached' });
  await admin.getByText('已并入 1 位').waitFor();
  const merged = (await call('GET', `/customers/${stays.id}`)).body;
  assert.deepEqual([merged.address, merged.tier, merged.contactPoints.length], ['西畔花园 3 幢 502', 'VIP', 2], 'what only the other had is taken over by itself');
  await admin.goto(`/customers/${goes.id}`);
  await admin.getByText('这位客户已并入').waitFor();
  await screenshot(admin, 'customer-merged');
  await admin.getByRole('button', { name: '撤销合并' }).click();
  const undone = admin.waitForResponse((response) => response.url().endsWith('/unmerge'));
  await admin.getByRole('dialog').getByRole('button', { name: '撤销合并' }).click();
  assert.equal((await undone).status(), 200, await (await undone).text());
  await admin.getByText('这位客户已并入').waitFor({ state: 'detached' });
  const back = (await call('GET', `/customers/${stays.id}`)).body;
  assert.deepEqual([back.address, back.tier, back.contactPoints.length], ['西畔花园 3 幢 501', null, 1]);
});

test('a file with bad rows is checked, imported, and its bad rows given back', { timeout: 90_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bihuan-import-'));
  try {
    const file = join(folder, '客户名单.csv');
    await writeFile(file, '姓名,手机号,备注列\n好的一行,13900001001,a\n坏的一行,12,b\n,13900001003,c\n');
    await admin.goto('/imports/new?kind=customers');
    await admin.locator('input[type=file]').setInputFiles(file);
    await admin.getByRole('heading', { name: '每一列是什么？' }).waitFor();
    assert.deepEqual(await seriousViolations(admin), []);
    await admin.getByRole('button', { name: '先检查一遍' }).click();
    // Nobody carries out jobs here: the test does.
    await work();
    await admin.getByText('检查完毕：1 行可以导入，2 行有问题。').waitFor();
    assert.deepEqual((await call('GET', `/customers?q=${encodeURIComponent('好的一行')}`)).body.items, [], 'checking writes nothing');
    await admin.getByRole('button', { name: '导入没问题的 1 行' }).click();
    await eventually(async () => (await newest()).dryRun === false, 'the import itself');
    await work();
    await admin.getByText('导入完成，2 行有问题没有导入。').waitFor();
    await screenshot(admin, 'import-result');
    assert.deepEqual(await seriousViolations(admin), []);
    const [download] = await Promise.all([admin.waitForEvent('download'), admin.getByRole('link', { name: '下载问题行' }).click()]);
    const lines = (await readFile(await download.path(), 'utf8')).trim().split(/\r?\n/);
    assert.equal(lines.length, 3);
    assert.match(lines[1]!, /坏的一行,12,b/);
    assert.equal((await call('GET', `/customers?q=${encodeURIComponent('好的一行')}`)).body.items.length, 1);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }

  async function newest(): Promise<{ id: string; dryRun: boolean }> {
    return (await call('GET', '/imports?limit=1')).body.items[0];
  }
  async function work(): Promise<void> {
    await eventually(async () => await newest() !== undefined, 'an import');
    await runImport(served.program.services, { tenantId: served.program.organization.tenantId, importId: (await newest()).id });
  }
});

test('labels of several assets are chosen, seen, and printed in their true size', { timeout: 90_000 }, async () => {
  for (const number of [1, 2, 3]) await made('/assets', { code: `DT-0${number}`, name: `${number} 号客梯 <b>`, address: '西畔花园', warrantyUntil: '2020-01-01' });
  await admin.goto('/assets');
  for (const number of [1, 2, 3]) await admin.getByRole('checkbox', { name: `选择 ${number} 号客梯` }).check();
  await admin.getByText('已选 3 台').waitFor();
  assert.deepEqual(await seriousViolations(admin), []);
  await admin.getByRole('button', { name: '打印标签' }).click();
  const sheet = admin.frameLocator('iframe[title="预览"]');
  await sheet.getByText('DT-03').waitFor();
  await admin.getByLabel('第一页已用掉').fill('4');
  await admin.getByText('3 张标签，1 页').waitFor();
  await eventually(async () => (await sheet.locator('section > div').first().getAttribute('style')) === 'left:73.2mm;top:53.2mm', 'the fifth place of the sheet');
  await screenshot(admin, 'labels');
  const answer = await served.program.call('POST', '/assets/labels', { as: 'administrator', body: { ids: (await call('GET', '/assets')).body.items.map((one: { id: string }) => one.id), size: 'a4' } });
  const paper = await chromium.newPage({});
  await paper.setContent(answer.text);
  await paper.emulateMedia({ media: 'print' });
  assert.deepEqual(await paper.locator('section > div > svg').first().evaluate((drawing) => {
    const { width, height } = drawing.getBoundingClientRect();
    return [Math.round((width / 96) * 254) / 10, Math.round((height / 96) * 254) / 10];
  }), [63.5, 38.1], 'millimetres');
  await screenshot(paper, 'labels-print');
  assert.deepEqual(admin.complaints, []);
});
