/**
 * Every kind of field, all the way: an agent fills each of them in, wrong first and then right, reads them at the ticket,
 * changes them, finds the ticket by them and takes them home in a file; a customer answers what is asked of customers, and
 * the technician at the door sees it.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import sharp from 'sharp';
import { fieldKinds, type Form } from '../../rules/forms/form.ts';
import { seriousViolations } from '../support/axe.ts';
import { openBrowser, screenshot, type TestBrowser, type TestPage } from '../support/browser.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { eventually, patience } from './eventually.ts';

const timeout = 150_000;
const both = (zh: string, en: string) => ({ zh, en });
const form: Form = {
  fields: [
    { key: 'brand', kind: 'text', label: both('品牌', 'Brand'), audience: 'everyone', maxLength: 20 },
    { key: 'story', kind: 'long_text', label: both('经过', 'Story'), audience: 'everyone' },
    { key: 'count', kind: 'number', label: both('数量', 'Count'), min: 1, max: 99, unit: both('台', 'pcs'), audience: 'everyone' },
    { key: 'price', kind: 'money', label: both('报价', 'Price'), currencies: ['CNY', 'USD'], audience: 'everyone' },
    { key: 'day', kind: 'date', label: both('购买日期', 'Bought on'), max: 'today', audience: 'everyone' },
    { key: 'hour', kind: 'time', label: both('方便时间', 'Best hour'), step: 15, audience: 'everyone' },
    { key: 'moment', kind: 'date_time', label: both('发生时间', 'Happened at'), audience: 'everyone' },
    { key: 'warranty', kind: 'boolean', label: both('在保', 'Under warranty'), audience: 'everyone' },
    { key: 'grade', kind: 'choice', label: both('等级', 'Grade'), options: [{ key: 'a', label: both('甲', 'First') }, { key: 'b', label: both('乙', 'Second') }], audience: 'everyone', required: true },
    { key: 'signs', kind: 'choices', label: both('现象', 'Signs'), options: [{ key: 'noise', label: both('异响', 'Noise') }, { key: 'leak', label: both('漏水', 'Leak') }], audience: 'everyone' },
    {
      key: 'part', kind: 'tree', label: both('部位', 'Part'), leavesOnly: true, audience: 'everyone',
      options: [{ key: 'outside', label: both('外机', 'Outdoor unit'), children: [{ key: 'fan', label: both('风扇', 'Fan') }, { key: 'valve', label: both('阀门', 'Valve') }] }, { key: 'inside', label: both('内机', 'Indoor unit') }],
    },
    { key: 'keeper', kind: 'person', label: both('保管人', 'Keeper') },
    { key: 'payer', kind: 'customer', label: both('付款客户', 'Payer') },
    { key: 'spare', kind: 'asset', label: both('备用设备', 'Spare') },
    { key: 'spot', kind: 'place', label: both('位置', 'Spot'), audience: 'everyone' },
    { key: 'papers', kind: 'file', label: both('资料', 'Papers'), audience: 'everyone', maxItems: 3 },
    { key: 'signature', kind: 'signature', label: both('签名', 'Signature'), audience: 'everyone' },
    {
      key: 'items', kind: 'table', label: both('明细', 'Items'), audience: 'everyone',
      columns: [
        { key: 'name', kind: 'text', label: both('名称', 'Name'), required: true },
        { key: 'pieces', kind: 'number', label: both('件数', 'Pieces') },
        { key: 'each', kind: 'money', label: both('单价', 'Each'), currencies: ['CNY'] },
        { key: 'sum', kind: 'formula', label: both('小计', 'Sum'), result: 'money', currency: 'CNY', formula: { '*': [{ var: 'row.pieces' }, { var: 'row.each.amount' }] } },
      ],
    },
    { key: 'total', kind: 'formula', label: both('合计', 'Total'), audience: 'everyone', result: 'money', currency: 'CNY', formula: { '+': { map: [{ var: 'fields.items' }, { var: 'sum.amount' }] } } },
    { key: 'ratio', kind: 'formula', label: both('均价', 'Average'), audience: 'everyone', result: 'number', formula: { '/': [100, { '-': [{ var: 'fields.count' }, 2] }] } },
    { key: 'reason', kind: 'text', label: both('过保原因', 'Why out of warranty'), audience: 'everyone', visible: { '===': [{ var: 'fields.warranty' }, false] }, required: { '===': [{ var: 'fields.grade' }, 'a'] } },
    { key: 'state', kind: 'text', label: both('内部编号', 'House number'), readOnly: { '===': [{ var: 'fields.grade' }, 'b'] } },
  ],
};
let served: ServedProgram;
let chromium: TestBrowser;
let typeId: string;
let photo: Buffer;

before(async () => {
  served = await serveTestProgram();
  const { program } = served;
  const made = await program.call('POST', '/ticket-types', { as: 'administrator', body: { key: 'every_kind', name: '全部字段', nameEn: 'Every kind', offered: true, form } });
  assert.equal(made.status, 201, made.text);
  typeId = made.body.id;
  const asset = await program.call('POST', '/assets', { as: 'administrator', body: { name: '备用空调', code: 'SPARE-1' } });
  assert.equal(asset.status, 201, asset.text);
  const customer = await program.call('POST', '/customers', { as: 'administrator', body: { name: '付款的王总', phone: '13911112222' } });
  assert.equal(customer.status, 201, customer.text);
  photo = await sharp({ create: { width: 300, height: 200, channels: 3, background: '#4a7d9c' } }).jpeg().toBuffer();
  chromium = await openBrowser();
});

after(async () => {
  await chromium?.close();
  await served?.close();
});

async function openPage(path: string, options: Parameters<TestBrowser['newPage']>[0] = {}): Promise<TestPage> {
  const page = await chromium.newPage({ baseURL: served.baseURL, position: { lat: 31.2304, lng: 121.4737 }, ...options });
  page.setDefaultTimeout(patience);
  await page.goto(path);
  return page;
}

async function signIn(page: TestPage, person: string): Promise<void> {
  await page.getByLabel('邮箱或手机号').fill(`${person}@first.example`);
  await page.getByLabel('密码').first().fill('correct horse battery');
  await page.getByRole('button', { name: '登录', exact: true }).click();
}

async function draw(page: TestPage, canvas: Locator): Promise<void> {
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  assert.ok(box !== null);
  await page.mouse.move(box.x + 20, box.y + 30);
  await page.mouse.down();
  await page.mouse.move(box.x + 60, box.y + 80, { steps: 6 });
  await page.mouse.move(box.x + 110, box.y + 30, { steps: 6 });
  await page.mouse.up();
}

async function choose(page: TestPage, control: Locator, words: string): Promise<void> {
  await control.click();
  await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').filter({ hasText: words }).first().click();
}

test('an agent fills in, reads, changes, finds and exports every kind of field', { timeout }, async () => {
  const page = await openPage('/queue?view=all');
  await signIn(page, 'administrator');
  await page.getByRole('button', { name: '新建工单' }).first().click();
  const drawer = page.getByRole('dialog');
  const field = (key: string) => drawer.locator(`#field-${key}`);
  await drawer.locator('#ticket-type').click();
  await page.getByTitle('全部字段').click();
  await drawer.locator('#ticket-subject').fill('每一种字段');
  await field('brand').waitFor();

  // Wrong first.
  await field('brand').fill('长'.repeat(21));
  await field('count').fill('许多');
  await field('price').fill('1.234');
  await field('warranty').getByText('否', { exact: true }).click();
  await drawer.getByText('过保原因').waitFor();
  await choose(page, field('grade'), '甲');
  await field('items-0-pieces').fill('2');
  await drawer.getByLabel('坐标').fill('不知道');
  await drawer.getByLabel('坐标').blur();
  await drawer.getByText('请写成').waitFor();
  await drawer.getByRole('button', { name: '创建工单' }).click();
  await drawer.locator('#field-items-0-name-error').waitFor();
  for (const key of ['brand', 'count', 'price', 'reason']) await drawer.locator(`#field-${key}-error`).waitFor();
  await screenshot(page, 'kinds-01-wrong');
  assert.deepEqual(await seriousViolations(page), []);

  // Then right.
  await field('brand').fill('格力');
  await field('story').fill('昨晚开始\n不制冷');
  await field('count').fill('2');
  await drawer.getByText('除数为零').waitFor();
  await field('count').fill('12');
  await field('price').fill('1,280.5');
  await field('day').fill('2026-02-03');
  await field('day').press('Enter');
  await field('hour').fill('09:30');
  await field('hour').press('Enter');
  await field('moment').fill('2026-02-03 08:15');
  await field('moment').press('Enter');
  await field('reason').fill('人为损坏');
  await choose(page, field('signs'), '漏水');
  await page.keyboard.press('Escape');
  await field('part').click();
  await page.locator('.ant-cascader-menu-item').filter({ hasText: '外机' }).click();
  await page.locator('.ant-cascader-menu-item').filter({ hasText: '风扇' }).click();
  await field('keeper').fill('technician');
  await choose(page, field('keeper'), 'technician first');
  await field('payer').fill('付款');
  await choose(page, field('payer'), '付款的王总');
  await field('spare').fill('SPARE');
  await choose(page, field('spare'), '备用空调');
  await field('spot').fill('中山东一路 1 号');
  await drawer.getByRole('button', { name: '当前位置' }).click();
  await eventually(async () => (await drawer.getByLabel('坐标').inputValue()) === '31.2304, 121.4737', 'the position is taken');
  await drawer.locator('[data-field="papers"] input[type=file]').setInputFiles({ name: '保修卡.txt', mimeType: 'text/plain', buffer: Buffer.from('保修两年') });
  await drawer.locator('[data-field="papers"]').getByText('保修卡.txt').waitFor();
  await draw(page, field('signature'));
  await drawer.getByRole('button', { name: '确认签名' }).click();
  await drawer.getByRole('button', { name: '重新签名' }).waitFor();
  await field('items-0-name').fill('风扇电机');
  await field('items-0-each').fill('150');
  await field('items-0-each').press('Enter');
  await field('items-1-name').fill('扎带');
  await field('items-1-pieces').fill('10');
  await field('items-1-each').fill('0.35');
  await drawer.locator('[data-field="total"]').getByText('¥303.50').waitFor();
  await screenshot(page, 'kinds-02-right');
  assert.deepEqual(await seriousViolations(page), []);
  await drawer.getByRole('button', { name: '创建工单' }).click();
  await page.locator('.ant-message').getByRole('button', { name: '打开' }).click();
  const side = page.locator('aside');
  await side.getByText('人为损坏').waitFor();
  for (const words of ['格力', '12 台', '¥1,280.50', '2026-02-03', '09:30', '甲', '漏水', '外机 / 风扇', 'technician first', '付款的王总', '备用空调', '中山东一路 1 号 · 31.2304, 121.4737', '风扇电机', '¥303.50']) await side.getByText(words, { exact: true }).first().waitFor();
  await side.getByRole('link', { name: '保修卡.txt' }).waitFor();
  await eventually(() => side.getByRole('img', { name: '签名' }).evaluate((image: HTMLImageElement) => image.naturalWidth > 0), 'the signature is seen');

  // Changed at the ticket's side: what other answers decide follows at once.
  await page.getByRole('button', { name: '修改 等级' }).click();
  await choose(page, side.locator('#field-grade'), '乙');
  await eventually(async () => (await side.locator('input#field-state').count()) === 0, 'the house number is locked now');
  await side.locator('#field-count').fill('2');
  await side.getByText('除数为零').waitFor();
  await side.getByRole('button', { name: '删除这一行 2' }).click();
  await side.locator('[data-field="papers"]').getByRole('button', { name: /移除/ }).click();
  await screenshot(page, 'kinds-03-side');
  assert.deepEqual(await seriousViolations(page), []);
  await side.locator('#field-brand').press('Control+Enter');
  await side.locator('#field-brand').waitFor({ state: 'detached' });
  await side.getByText('¥300.00').first().waitFor();
  await side.getByText('除数为零').waitFor();
  assert.equal(await side.getByRole('link', { name: '保修卡.txt' }).count(), 0);
  await screenshot(page, 'kinds-04-read');

  // Found by each of them, and by nothing else.
  const { program } = served;
  const number = /\d{8}-\d+/.exec(await page.title())?.[0] ?? '';
  const ticket = (await program.call('GET', `/tickets/${number}`, { as: 'administrator' })).body;
  const asked: readonly [string, string, unknown, string, unknown][] = [
    ['brand', 'contains', '格', 'contains', '美的'], ['story', 'contains', '不制冷', 'contains', '漏'], ['count', 'at_most', 2, 'more', 2], ['price', 'at_least', 128_050, 'more', 128_050], ['day', 'is', '2026-02-03', 'after', '2026-02-03'], ['hour', 'before', '10:00', 'after', '10:00'],
    ['moment', 'is', '2026-02-03', 'is', '2026-02-04'], ['warranty', 'is', false, 'is', true], ['grade', 'is', 'b', 'is', 'a'], ['signs', 'contains', 'leak', 'contains', 'noise'], ['part', 'under', 'outside', 'is', 'valve'],
    ['keeper', 'is', ticket.fields.keeper, 'is', 'me'], ['payer', 'is', ticket.fields.payer, 'is', 'none'], ['spare', 'is', ticket.fields.spare, 'is', 'none'], ['total', 'is', 30_000, 'less', 30_000],
    ['spot', 'not_empty', undefined, 'empty', undefined], ['signature', 'not_empty', undefined, 'empty', undefined], ['items', 'not_empty', undefined, 'empty', undefined], ['papers', 'empty', undefined, 'not_empty', undefined], ['ratio', 'empty', undefined, 'not_empty', undefined],
  ];
  for (const [key, operator, value, other, otherValue] of asked) {
    const found = async (test: object) => {
      const answer = await program.call('POST', '/tickets/search', { as: 'administrator', body: { filter: { all: [{ property: 'type', operator: 'is', value: typeId }, test] } } });
      assert.equal(answer.status, 200, answer.text);
      return answer.body.items.length as number;
    };
    assert.equal(await found({ property: `fields.${key}`, operator, ...(value === undefined ? {} : { value }) }), 1, `${key} ${operator}`);
    assert.equal(await found({ property: `fields.${key}`, operator: other, ...(otherValue === undefined ? {} : { value: otherValue }) }), 0, `${key} ${other}`);
  }

  // Columns of a list, and of the file it is taken away as.
  const columns = form.fields.map(({ key }) => `fields.${key}`);
  const view = await program.call('POST', '/views', { as: 'administrator', body: { kind: 'shared', name: '全部字段的单', filter: { property: 'type', operator: 'is', value: typeId }, columns: ['number', 'subject', ...columns] } });
  assert.equal(view.status, 201, view.text);
  await page.goto(`/queue?view=${view.body.id}`);
  const row = page.locator(`[data-number="${number}"]`);
  await row.waitFor();
  await row.getByText('格力').waitFor();
  const shown = await row.innerText();
  for (const words of ['格力', '2 台', '¥1,280.50', '09:30', '否', '乙', '漏水', '外机 / 风扇', 'technician first', '付款的王总', '备用空调', '中山东一路 1 号', '¥300.00']) assert.ok(shown.includes(words), `${words} in ${shown}`);
  await screenshot(page, 'kinds-05-list');
  await page.getByRole('button', { name: '导出' }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: /CSV/ }).click()]);
  const csv = await readFile(await download.path(), 'utf8');
  for (const words of ['品牌', '均价', '格力', ',2,1280.50 CNY,', '2026-02-03', '09:30', '否', '乙', '漏水', '外机 / 风扇', 'technician first', '付款的王总', '备用空调', '中山东一路 1 号', '风扇电机', '300.00']) assert.ok(csv.includes(words), `${words} in ${csv}`);
  assert.deepEqual(page.complaints, []);
});

test('a customer answers what customers are asked; the technician reads it at the door', { timeout }, async () => {
  const { program } = served;
  const { organization } = program;
  const customer = await openPage('/portal/first#report', { viewport: 'phone' });
  const field = (key: string) => customer.locator(`#field-${key}`);
  await customer.locator('#type').selectOption({ label: '全部字段' });
  await customer.locator('#description').fill('客户报的单');
  await customer.locator('#phone').fill('13812345678');
  for (const internal of ['keeper', 'payer', 'spare', 'state']) assert.equal(await customer.locator(`[data-field="${internal}"]`).count(), 0, internal);
  await field('count').fill('许多');
  await field('price').fill('1.234');
  await field('brand').fill('长'.repeat(21));
  await customer.locator('[data-field="warranty"]').getByText('否', { exact: true }).click();
  await customer.locator('[data-field="grade"]').getByText('甲', { exact: true }).click();
  await customer.getByRole('button', { name: '添加一行' }).click();
  await field('items-0-pieces').fill('2');
  await customer.getByRole('button', { name: '提交报修' }).click();
  for (const key of ['brand', 'count', 'price', 'reason', 'items-0-name']) await customer.locator(`#field-${key}-error`).waitFor();
  await screenshot(customer, 'kinds-06-portal-wrong', { fullPage: true });
  assert.deepEqual(await seriousViolations(customer), []);

  await field('brand').fill('美的');
  await field('story').fill('客户说的经过');
  await field('count').fill('3');
  await customer.locator('[data-field="price"] select').selectOption('USD');
  await field('price').fill('99.9');
  await field('day').fill('2026-03-04');
  await field('hour').fill('14:15');
  await field('moment').fill('2026-03-04T10:20');
  await field('reason').fill('超过三年');
  await customer.locator('[data-field="signs"]').getByText('异响', { exact: true }).click();
  await customer.locator('[data-field="part"] select').first().selectOption({ label: '外机' });
  await customer.locator('[data-field="part"] select').nth(1).selectOption({ label: '阀门' });
  await field('spot').fill('西湖边');
  await customer.locator('[data-field="spot"]').getByRole('button', { name: '附上当前位置' }).click();
  await customer.locator('[data-field="spot"]').getByText('已附上位置').waitFor();
  await field('papers').setInputFiles({ name: '发票.jpg', mimeType: 'image/jpeg', buffer: photo });
  await customer.locator('[data-field="papers"]').getByText('发票.jpg').waitFor();
  await draw(customer, field('signature'));
  await customer.locator('[data-field="signature"]').getByRole('button', { name: '确认签名' }).click();
  await customer.locator('[data-field="signature"]').getByRole('button', { name: '重新签名' }).waitFor();
  await field('items-0-name').fill('阀芯');
  await field('items-0-each').fill('8');
  await customer.locator('[data-field="total"]').getByText('¥16.00').waitFor();
  await screenshot(customer, 'kinds-07-portal-right', { fullPage: true });
  // What was answered stands when the page is opened again.
  await customer.reload();
  await customer.locator('[data-field="signature"]').getByRole('button', { name: '重新签名' }).waitFor();
  assert.equal(await field('brand').inputValue(), '美的');
  await customer.getByRole('button', { name: '提交报修' }).click();
  await customer.getByText('已收到您的报修').waitFor();

  const found = await program.call('POST', '/tickets/search', { as: 'administrator', body: { filter: { property: 'fields.brand', operator: 'is', value: '美的' } } });
  const { id } = found.body.items[0];
  const { fields } = (await program.call('GET', `/tickets/${id}`, { as: 'administrator' })).body;
  assert.deepEqual(
    [fields.count, fields.price, fields.day, fields.hour, fields.moment, fields.warranty, fields.grade, fields.signs, fields.part, fields.spot.address, fields.papers.length, fields.total],
    [3, { amount: 9_990, currency: 'USD' }, '2026-03-04', '14:15', '2026-03-04T02:20:00.000Z', false, 'a', ['noise'], 'valve', '西湖边', 1, { amount: 1_600, currency: 'CNY' }],
  );
  assert.deepEqual(customer.complaints, []);

  const assigned = await program.call('POST', `/tickets/${id}/actions/assign`, { as: 'dispatcher', body: { assignee: organization.staff.technician, visit: {} } });
  assert.equal(assigned.status, 200, assigned.text);
  const phone = await openPage('/field/', { viewport: 'phone' });
  await phone.locator('[name="account"]').fill('technician@first.example');
  await phone.locator('[name="password"]').fill('correct horse battery');
  await phone.getByRole('button', { name: '登录', exact: true }).click();
  await phone.locator('.next-card-link').click();
  const own = phone.locator('section', { has: phone.locator('#job-fields') });
  for (const words of ['美的', '3 台', 'US$99.90', '2026-03-04', '14:15', '否', '甲', '异响', '外机 / 阀门', '西湖边', '发票.jpg', '¥16.00', '超过三年']) await own.getByText(words).first().waitFor();
  await screenshot(phone, 'kinds-08-field', { fullPage: true });
  assert.deepEqual(await seriousViolations(phone), []);
  assert.deepEqual(phone.complaints, []);
});

test('a form of every kind is designed with clicks alone, and asks at once', { timeout }, async () => {
  const page = await openPage('/settings/types', { viewport: 'desktop' });
  await signIn(page, 'administrator');
  await page.getByRole('button', { name: '新建类型' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByLabel('名称', { exact: true }).fill('点出来的');
  await drawer.getByLabel('标识').fill('clicked');
  await drawer.getByRole('button', { name: '新建', exact: true }).click();
  const palette = page.getByRole('navigation', { name: '字段' });
  await palette.getByRole('button').first().waitFor();
  const names = (await palette.getByRole('button').allInnerTexts()).map((name) => name.trim());
  assert.equal(names.length, fieldKinds.length);
  for (const [index, name] of names.entries()) {
    await palette.getByRole('button', { name, exact: true }).click();
    await eventually(async () => (await page.locator('[data-card]').count()) === index + 1, `${name} is in the form`);
  }
  await page.getByText('没有问题').waitFor();
  await page.getByText('草稿已保存').waitFor();
  await screenshot(page, 'kinds-09-designer');
  assert.deepEqual(await seriousViolations(page), []);
  for (const preview of ['电脑预览', '手机预览']) {
    await page.getByText(preview).click();
    for (const name of names) await page.locator('[data-field]').filter({ hasText: name }).first().waitFor();
    assert.deepEqual(await seriousViolations(page), []);
    await screenshot(page, `kinds-10-${preview === '电脑预览' ? 'desktop' : 'phone'}`, { fullPage: true });
  }
  await page.getByRole('button', { name: '发布', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: '发布', exact: true }).click();
  await page.getByText('与版本 2 一致').waitFor();
  assert.deepEqual(page.complaints, []);
});
