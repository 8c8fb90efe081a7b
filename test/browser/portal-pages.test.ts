import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { seriousViolations } from '../support/axe.ts';
import { openBrowser, screenshot, type PageOptions, type TestBrowser, type TestPage } from '../support/browser.ts';
import type { TestProgram } from '../support/program.ts';
import { phoneCode } from '../api/scene.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { eventually, patience } from './eventually.ts';

const faces = new URL('../../web/dist/', import.meta.url);

let served: ServedProgram;
let program: TestProgram;
let chromium: TestBrowser;
let photo: Buffer;

before(async () => {
  served = await serveTestProgram();
  program = served.program;
  photo = await sharp({ create: { width: 3000, height: 1500, channels: 3, background: '#4a7d9c' } }).jpeg().toBuffer();
  chromium = await openBrowser();
});

after(async () => {
  await chromium?.close();
  await served?.close();
});

async function openPage(path: string, options: PageOptions = {}): Promise<TestPage> {
  const page = await chromium.newPage({ viewport: 'phone', baseURL: served.baseURL, ...options });
  page.setDefaultTimeout(patience);
  await page.goto(path);
  return page;
}

/** Reports a problem as a customer would; gives its number and the path of its progress. */
async function report(page: TestPage, description: string): Promise<{ number: string; path: string }> {
  await page.getByRole('link', { name: '水电' }).click();
  await page.locator('#description').fill(description);
  await page.locator('#phone').fill('13812345678');
  await page.locator('#name').fill('李女士');
  await page.getByRole('button', { name: '提交报修' }).click();
  await page.getByText('已收到您的报修').waitFor();
  const path = await page.getByRole('link', { name: '查看进度' }).getAttribute('href');
  assert.ok(path !== null);
  return { number: await page.locator('.sent-number strong').innerText(), path };
}

/** The draft of the report form as the device keeps it. */
async function draftOf(page: TestPage): Promise<{ description: string; photos: unknown[] }> {
  return page.evaluate(() => JSON.parse(localStorage.getItem('bihuan.portal.draft.first') ?? '{"description":"","photos":[]}'));
}

async function act(path: string, as: 'dispatcher' | 'technician', body: object = {}): Promise<void> {
  const { status, text } = await program.call('POST', path, { as, body });
  assert.equal(status, 200, text);
}

async function ticketOf(number: string) {
  const { status, body, text } = await program.call('GET', `/tickets/${number}`, { as: 'dispatcher' });
  assert.equal(status, 200, text);
  return body;
}

/** What a page names itself, compressed, in bytes; what its code asks for later comes later. */
async function firstLoad(face: string, kinds: string): Promise<number> {
  const folder = new URL(`${face}/`, faces);
  const html = await readFile(new URL('index.html', folder), 'utf8');
  const files = [...html.matchAll(new RegExp(`(?:src|href)="[^"]*/(assets/[^"]+\\.(?:${kinds}))"`, 'g'))].map((match) => match[1]!);
  assert.ok(files.length >= 2, html);
  const sizes = await Promise.all(files.map(async (name) => gzipSync(await readFile(new URL(name, folder))).length));
  return sizes.reduce((sum, size) => sum + size, gzipSync(html).length);
}

test('the first load of the portal stays under 60 KB, that of the console under 350 KB of code, compressed', async () => {
  const [portal, console] = [await firstLoad('portal', 'js|css'), await firstLoad('console', 'js')];
  assert.ok(portal < 60 * 1024, `${portal} bytes`);
  assert.ok(console < 350 * 1024, `${console} bytes`);
});

test('a report survives a reload and a lost network, and arrives once', async () => {
  let above = program.organization.categoryId;
  for (const name of ['漏水', '水管爆裂']) {
    const { status, body, text } = await program.call('POST', '/categories', { as: 'administrator', body: { name, parentId: above } });
    assert.equal(status, 201, text);
    above = body.id;
  }
  const page = await openPage('/portal/first', { position: { lat: 30.2741, lng: 120.1551 } });
  await page.getByRole('link', { name: '水电' }).click();
  // As far into the tree as one likes, by keyboard; what was pressed by mistake is put back.
  await page.getByRole('button', { name: '漏水' }).press('Enter');
  await page.getByRole('button', { name: '漏水，改选' }).press('Enter');
  await page.getByRole('button', { name: '漏水', exact: true }).press('Enter');
  await page.getByRole('button', { name: '水管爆裂' }).waitFor();
  await page.keyboard.press('Tab');
  await page.locator('.pick:focus', { hasText: '水管爆裂' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '提交报修' }).click();
  await page.getByText('请写几个字，说明发生了什么').waitFor();
  await page.getByText('请填写手机号').waitFor();
  await page.getByText('请检查 2 处').waitFor();
  await page.locator('#description:focus').waitFor();

  await page.locator('#description').fill('厨房水管爆裂，水已经漫到客厅。');
  await page.locator('input[type="file"]').setInputFiles({ name: 'pipe.jpg', mimeType: 'image/jpeg', buffer: photo });
  await page.getByRole('button', { name: '查看照片 1' }).waitFor();
  // Uploaded, and kept with the draft: a reload brings only such photos back.
  await eventually(async () => (await draftOf(page)).photos.length === 1, 'the photo in the draft');
  await page.getByRole('button', { name: '附上当前位置' }).click();
  await page.getByText('已附上位置').waitFor();
  await page.locator('#address').fill('西畔花园 3幢2单元501室');
  await page.locator('#phone').fill('138 1234 5678');
  await page.locator('#name').fill('李女士');

  await page.reload();
  await page.getByText('已恢复您上次没有提交的内容').waitFor();
  assert.equal(await page.locator('#description').inputValue(), '厨房水管爆裂，水已经漫到客厅。');
  await page.getByRole('button', { name: '水管爆裂，改选' }).waitFor();
  await page.getByRole('button', { name: '查看照片 1' }).waitFor();

  await page.context().setOffline(true);
  await page.getByRole('button', { name: '提交报修' }).click();
  await page.getByText('网络不通，请检查网络后重试。您填写的内容都还在。').waitFor();
  await screenshot(page, 'portal-lost-network', { fullPage: true });
  await page.context().setOffline(false);

  // It arrives, but no answer does, not even to the repetitions.
  let lost = 0;
  await page.route('**/reports', async (route) => {
    await route.fetch();
    lost += 1;
    await route.abort();
  });
  await page.getByRole('button', { name: '提交报修' }).click();
  await eventually(async () => lost === 3, 'three attempts');
  await page.getByText('网络不通，请检查网络后重试。您填写的内容都还在。').waitFor();
  await page.unroute('**/reports');
  await page.reload();
  await page.getByText('已恢复您上次没有提交的内容').waitFor();
  await page.getByRole('button', { name: '提交报修' }).click();
  await page.getByText('已收到您的报修').waitFor();
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage).filter((name) => name.includes('attempt'))), [], 'an answered attempt is forgotten');

  const number = await page.locator('.sent-number strong').innerText();
  const ticket = await ticketOf(number);
  assert.equal(ticket.description, '厨房水管爆裂，水已经漫到客厅。');
  assert.deepEqual(ticket.category.path, ['水电', '漏水', '水管爆裂']);
  assert.deepEqual([ticket.location.lat, ticket.location.lng, ticket.location.address], [30.2741, 120.1551, '西畔花园 3幢2单元501室']);
  assert.deepEqual(ticket.files.map((file: { width: number; height: number }) => [file.width, file.height]), [[2000, 1000]]);
  const { body } = await program.call('GET', '/tickets?channel=portal', { as: 'dispatcher' });
  assert.equal(body.items.length, 1);

  // The next time the contact is known, and the request stands in the list.
  await page.goto('/portal/first');
  await page.getByRole('link', { name: /厨房水管爆裂/ }).waitFor();
  await page.getByRole('link', { name: '水电' }).click();
  await page.getByText('李女士 · 138 1234 5678').waitFor();
  assert.equal(await page.locator('#description').inputValue(), '');
  await page.context().close();
});

test('the customer follows every step by itself, answers, confirms and rates', async () => {
  const page = await openPage('/portal/first');
  const { number, path } = await report(page, '阳台水龙头关不紧');
  await page.goto(path);
  const line = page.locator('.status-line h1');
  await line.getByText('已收到您的报修').waitFor();

  const { id } = await ticketOf(number);
  await act(`/tickets/${id}/actions/assign`, 'dispatcher', { assignee: program.organization.staff.technician, visit: {} });
  await line.getByText(/^已安排/).waitFor();
  const visitId = (await ticketOf(number)).visits[0].id;
  for (const [step, said] of [['accept', /已接单$/], ['start_travel', /已出发$/], ['check_in', /已到达现场$/]] as const) {
    await act(`/visits/${visitId}/actions/${step}`, 'technician');
    await line.getByText(said).waitFor();
  }

  await page.locator('#message').fill('总阀在水槽下面');
  await page.locator('.composer input[type="file"]').setInputFiles({ name: 'valve.jpg', mimeType: 'image/jpeg', buffer: photo });
  await page.getByRole('button', { name: '查看照片 1' }).waitFor();
  await page.getByRole('button', { name: '发送' }).click();
  await page.locator('.message-own').getByText('总阀在水槽下面').waitFor();
  await page.locator('.message-own').getByRole('button', { name: '查看照片 1' }).click();
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  await act(`/visits/${visitId}/actions/complete`, 'technician', { workSummary: '更换阀芯，不再滴水。' });
  await page.getByText('问题解决了吗？').waitFor();
  await page.getByText('更换阀芯，不再滴水。').waitFor();
  await page.getByRole('button', { name: '还没有解决' }).click();
  await page.getByRole('button', { name: '请再来处理' }).click();
  await page.getByText('请说明还有什么问题').waitFor();
  await page.locator('#reason').fill('晚上又滴水了');
  await page.getByRole('button', { name: '请再来处理' }).click();
  await page.getByText('已转回工程师，我们会继续处理。').waitFor();
  assert.equal((await ticketOf(number)).reopenedCount, 1);

  await act(`/tickets/${id}/actions/resolve`, 'technician', { resolution: '更换整个水龙头。' });
  await page.getByRole('button', { name: '问题已解决' }).click();
  await page.getByText('这次服务怎么样？').waitFor();
  await page.getByRole('button', { name: '提交评价' }).click();
  await page.getByText('请先选择几颗星').waitFor();
  await page.locator('.star').nth(3).click();
  await page.locator('#comment').fill('第二次修好了');
  await page.getByRole('button', { name: '提交评价' }).click();
  await page.getByText('谢谢您的评价').waitFor();
  await screenshot(page, 'portal-rated', { fullPage: true });
  const ticket = await ticketOf(number);
  assert.equal(ticket.status, 'closed');
  assert.deepEqual([ticket.survey.rating, ticket.survey.comment], [4, '第二次修好了']);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test('while a report is being sent nothing typed is lost, and a failure is told where one looks', async () => {
  const page = await openPage('/portal/first');
  await page.getByRole('link', { name: '水电' }).click();
  await page.locator('#description').fill('阳台漏水');
  await page.locator('#phone').fill('13812345678');
  let answer = (): void => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route('**/api/v1/portal/first/reports', async (route) => {
    await held;
    await route.fulfill({ status: 422, contentType: 'application/problem+json', body: JSON.stringify({ type: 'about:blank', status: 422, code: 'invalid_input', title: '暂时无法提交' }) });
  });
  await page.getByRole('button', { name: '提交报修' }).click();
  await page.getByRole('button', { name: /正在提交/ }).waitFor();
  assert.equal(await page.locator('#description').isDisabled(), true);
  await page.evaluate('scrollTo(0, 0)');
  answer();
  const told = page.getByText('暂时无法提交');
  await told.waitFor();
  const box = await told.boundingBox();
  const height = page.viewportSize()?.height ?? 0;
  assert.ok(box !== null && box.y >= 0 && box.y + box.height <= height, JSON.stringify(box));
  await screenshot(page, 'portal-report-refused');
  assert.equal(await page.locator('#description').isEnabled(), true);
  assert.equal(await page.locator('#description').inputValue(), '阳台漏水');
  await page.context().close();
});

test('a phone number nobody can be called on is refused where it stands, and clearing the form clears its marks', async () => {
  const page = await openPage('/portal/first');
  await page.getByRole('link', { name: '水电' }).click();
  await page.locator('#description').fill('门锁坏了');
  await page.locator('#phone').fill('138');
  await page.getByRole('button', { name: '提交报修' }).click();
  await page.getByText('号码不完整，请再核对一下').waitFor();
  await page.locator('#phone:focus').waitFor();
  await page.locator('#phone').fill('88889633');
  await page.getByText('座机请加区号').waitFor();
  await page.reload();
  await page.getByText('已恢复您上次没有提交的内容').waitFor();
  await page.getByRole('button', { name: '提交报修' }).click();
  await page.getByText('请检查 1 处').waitFor();
  await page.getByRole('button', { name: '清空' }).click();
  await page.locator('.field-error').waitFor({ state: 'detached' });
  assert.deepEqual([await page.locator('#description').inputValue(), await page.locator('#phone').inputValue()], ['', '']);
  assert.equal((await page.locator('.send-summary').innerText()).trim(), '');
  await page.context().close();
});

test('who signed in by phone signs out, and nothing of them stays on the device', async () => {
  const page = await openPage('/portal/first');
  await report(page, '阳台灯不亮');
  await page.goto('/portal/first#sign-in');
  await page.locator('#phone').fill('0571-88889633');
  await page.getByRole('button', { name: '获取验证码' }).click();
  await page.getByText('短信只能发到手机，请填写手机号').waitFor();
  await page.locator('#phone').fill('138 1234 5678');
  await page.getByRole('button', { name: '获取验证码' }).click();
  await page.locator('#code').waitFor();
  await page.locator('#code').fill((await phoneCode(program)).code);
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await page.getByText('138****5678 的全部报修').waitFor();
  await page.locator('.report-line').filter({ hasText: '阳台灯不亮' }).waitFor();
  const token = await page.evaluate<string>("JSON.parse(localStorage.getItem('bihuan.portal.session.first')).token");
  const own = (): Promise<number> => program.call('GET', '/portal/first/tickets', { as: { token } }).then(({ status }) => status);
  assert.equal(await own(), 200);

  await page.getByRole('button', { name: '退出' }).click();
  await page.getByText('这台设备上保存的报修列表、草稿和联系方式也会清除。').waitFor();
  await screenshot(page, 'portal-sign-out');
  await page.locator('.leave').getByRole('button', { name: '退出' }).click();
  await page.getByText('这台设备上还没有报修').waitFor();
  await eventually(async () => (await own()) === 401, 'the end of the session on the server');
  assert.deepEqual(await page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('bihuan.portal.'))"), []);
  await page.context().close();
});

test('a scanned code fills in the asset', async () => {
  const created = await program.call('POST', '/assets', { as: 'administrator', body: { code: 'LIFT-03', name: '3幢2单元客梯', address: '西畔花园 3幢' } });
  assert.equal(created.status, 201, created.text);
  const page = await openPage(new URL(created.body.scanUrl).pathname);
  await page.locator('.asset').getByText('3幢2单元客梯').waitFor();
  const { number } = await report(page, '电梯门关不上');
  assert.equal((await ticketOf(number)).asset.code, 'LIFT-03');
  await page.context().close();
});

test('links that lead nowhere say so in words', async () => {
  for (const [path, words] of [['/t/nothing', '这个链接打不开'], ['/q/nothing', '这个二维码无效'], ['/portal/nobody', '找不到这家企业']] as const) {
    const page = await openPage(path);
    await page.getByRole('heading', { name: words }).waitFor();
    await page.context().close();
  }
});

test('pages are usable by everybody, in both themes and languages', async () => {
  const customer = await openPage('/portal/first');
  const { path } = await report(customer, '走廊灯不亮');
  await customer.context().close();
  for (const options of [{ theme: 'light', language: 'zh-CN', viewport: 'phone' }, { theme: 'dark', language: 'en', viewport: 'desktop' }] as const) {
    const page = await openPage('/portal/first', options);
    await page.locator('.tile').first().waitFor();
    const found = [...(await seriousViolations(page))];
    await page.locator('.tile').first().click();
    await page.locator('.button-main').click();
    await page.locator('.field-error').first().waitFor();
    found.push(...(await seriousViolations(page)));
    await page.goto(path);
    await page.locator('.steps').waitFor();
    found.push(...(await seriousViolations(page)));
    assert.deepEqual(found, []);
    assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true, 'nothing sticks out sideways');
    await page.context().close();
  }
});
