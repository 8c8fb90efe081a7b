/** Travel times: whoever sets up the house connects a router, tries it, and sees who says how long a way is. */
import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { lookUpWanted } from '../../server/journey/dispatch/travel/look-up.ts';
import { localDay } from '../../server/platform/clock/clock.ts';
import { build } from '../../server/platform/db/database.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { seriousViolations } from '../support/axe.ts';
import { openBrowser, screenshot, type TestBrowser } from '../support/browser.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { eventually, patience } from './eventually.ts';

let served: ServedProgram;
let chromium: TestBrowser;
let answer: (url: URL, response: ServerResponse) => void;
const router = createServer((request, response) => answer(new URL(request.url!, 'http://x'), response));
const json = (response: ServerResponse, value: unknown, status = 200) => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
const date = localDay(new Date(Date.now() + 86_400_000), 'Asia/Shanghai');
const wang = { id: newId(), name: '王师傅' };

before(async () => {
  await new Promise<void>((listening) => router.listen(0, '127.0.0.1', listening));
  served = await serveTestProgram();
  const { program } = served;
  program.services.privateHosts = [`127.0.0.1:${(router.address() as AddressInfo).port}`];
  const { tenantId, departmentId, teamId } = program.organization;
  const now = program.services.clock.now();
  await program.database.transact(tenantId, async (transaction) => {
    const [role] = await transaction.run(build.selectFrom('role').select('id').where('tenant_id', '=', tenantId).where('key', '=', 'technician'));
    await transaction.run(build.insertInto('staff').values({ tenant_id: tenantId, id: wang.id, name: wang.name, email: `${wang.id}@first.example`, job: 'technician', department_id: departmentId, created_at: now, home_lat: 30.25, home_lng: 120.1 }));
    await transaction.run(build.insertInto('staff_role').values({ tenant_id: tenantId, staff_id: wang.id, role_id: role!.id }));
    await transaction.run(build.insertInto('team_member').values({ tenant_id: tenantId, team_id: teamId, staff_id: wang.id }));
  });
  chromium = await openBrowser();
});

after(async () => {
  await chromium?.close();
  router.closeAllConnections();
  router.close();
  await served?.close();
});

test('a router is connected, tried, and stands beside the ways of the board', { timeout: 240_000 }, async () => {
  const { program } = served;
  const newTicket = async (subject: string, lat: number, more: object = {}): Promise<{ id: string; number: string }> => {
    const made = await program.call('POST', '/tickets', { as: 'administrator', body: { subject, requester: { name: '李女士', phone: '13812345678' }, team: program.organization.teamId, location: { address: `文三路 ${subject.length} 号`, lat, lng: 120.12 }, ...more } });
    assert.equal(made.status, 201, made.text);
    return made.body;
  };
  const ticket = await newTicket('水管漏水', 30.27);
  await newTicket('路灯不亮', 30.31);
  const assigned = await program.call('POST', `/tickets/${ticket.id}/actions/assign`, { as: 'administrator', body: { assignee: wang.id, visit: { windowStart: `${date}T02:00:00Z`, windowEnd: `${date}T04:00:00Z` } } });
  assert.equal(assigned.status, 200, assigned.text);

  const page = await chromium.newPage({ baseURL: served.baseURL, viewport: 'desktop', language: 'zh-CN' });
  page.setDefaultTimeout(patience);
  await page.goto('/');
  await page.getByLabel('邮箱或手机号').fill('administrator@first.example');
  await page.getByLabel('密码').first().fill('correct horse battery');
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await page.getByRole('heading', { name: '工作台' }).waitFor();
  await page.goto('/settings/dispatch');
  const part = page.getByRole('region', { name: '车程' });
  await part.scrollIntoViewIfNeeded();
  await part.getByText('还没有可用的行程', { exact: false }).waitFor();

  // Chosen, and not to be saved before it has an address.
  await part.getByLabel('路径服务').click();
  await page.getByText('OSRM（自建或兼容服务）').click();
  assert.equal(await part.getByRole('button', { name: '保存车程设置' }).isDisabled(), true);
  await part.getByLabel('服务地址').fill('http://127.0.0.1:1');
  await part.getByRole('button', { name: '试问一段' }).click();
  await part.getByText('OUTGOING_PRIVATE_HOSTS', { exact: false }).waitFor();
  await part.getByLabel('服务地址').fill(`http://${program.services.privateHosts![0]}`);
  answer = (_url, response) => json(response, { code: 'Ok', durations: [[1_380]], distances: [[9_100]] });
  await part.getByRole('button', { name: '试问一段' }).click();
  await part.getByText('路径服务：23 分钟，9.1 公里', { exact: false }).waitFor();
  await screenshot(page, 'travel-01-tried');
  await part.getByRole('button', { name: '保存车程设置' }).click();
  await part.getByText(/请求 \d+ 次/).waitFor();
  assert.deepEqual(await seriousViolations(page), []);

  // The board goes by the estimate until somebody was asked; then by what was said.
  await page.goto(`/dispatch?date=${date}`);
  const block = page.locator(`[data-technician="${wang.id}"] [data-number="${ticket.number}"]`);
  await block.waitFor();
  await eventually(async () => (await block.innerText()).includes('直线 × 1.3') || (await block.getAttribute('title'))?.includes('直线 × 1.3') === true, 'the way says that it is an estimate');
  answer = (url, response) => {
    const of = (name: string) => url.searchParams.get(name)!.split(';');
    json(response, { code: 'Ok', durations: of('sources').map(() => of('destinations').map(() => 1_380)), distances: of('sources').map(() => of('destinations').map(() => 9_100)) });
  };
  assert.equal(await lookUpWanted(program.services), true);
  await page.reload();
  await page.locator(`[data-technician="${wang.id}"] button`).first().click();
  await page.getByText('路程 23 分 · OSRM', { exact: false }).first().waitFor();
  await screenshot(page, 'travel-02-board');
  // The settings say how often it was asked, and how much is known.
  await page.goto('/settings/dispatch');
  await part.getByText(/[1-9]\d* 段/).first().waitFor();
  await part.scrollIntoViewIfNeeded();
  await screenshot(page, 'travel-03-standing');
  assert.deepEqual(page.complaints, []);

  // On a phone, in the dark, in English.
  const phone = await chromium.newPage({ baseURL: served.baseURL, viewport: 'phone', language: 'en', theme: 'dark' });
  phone.setDefaultTimeout(patience);
  await phone.context().addCookies(await page.context().cookies());
  await phone.goto('/settings/dispatch');
  const small = phone.getByRole('region', { name: 'Travel times' });
  await small.getByText(/questions, .* ways answered/).waitFor();
  await small.getByRole('spinbutton', { name: 'Road factor' }).scrollIntoViewIfNeeded();
  await screenshot(phone, 'travel-04-phone');
  assert.deepEqual(await seriousViolations(phone), []);
  assert.deepEqual(phone.complaints, []);
});
