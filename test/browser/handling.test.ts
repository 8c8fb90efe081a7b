/** Handling tickets: what is probably the same matter, what still blocks one, colleagues by their pinyin, a new one beside those that are open. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { seriousViolations } from '../support/axe.ts';
import { openBrowser, screenshot, type TestBrowser, type TestPage } from '../support/browser.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { eventually, patience } from './eventually.ts';

const timeout = 90_000;
let served: ServedProgram;
let chromium: TestBrowser;
let desk: TestPage;

before(async () => {
  served = await serveTestProgram();
  chromium = await openBrowser();
  desk = await chromium.newPage({ baseURL: served.baseURL, viewport: 'desktop' });
  desk.setDefaultTimeout(patience);
  await desk.goto('/bench');
  await desk.getByLabel('邮箱或手机号').fill('administrator@first.example');
  await desk.getByLabel('密码', { exact: true }).fill('correct horse battery');
  await desk.getByRole('button', { name: /^登\s?录$/ }).click();
  await desk.getByRole('heading', { name: '工作台' }).waitFor();
});

after(async () => {
  await chromium?.close();
  await served?.close();
});

const call = async (method: 'GET' | 'POST' | 'PATCH', path: string, body?: object) => {
  const answer = await served.program.call(method, path, { as: 'administrator', ...(body ? { body } : {}) });
  assert.ok(answer.status < 300, `${path} ${answer.text}`);
  return answer.body;
};

async function open(number: string): Promise<void> {
  await desk.goto(`/tickets/${number}`);
  await desk.getByRole('article').getByText('检查清单').first().waitFor();
}

test('likely duplicates are proposed with the reason and compared before they are merged, either way round', { timeout }, async () => {
  const older = await call('POST', '/tickets', { subject: '3 幢 2 单元电梯停在 7 楼', requester: { name: '李女士', phone: '13812345678' } });
  const newer = await call('POST', '/tickets', { subject: '电梯又停了', description: '还是上次那部', requester: { name: '李女士', phone: '13812345678' } });
  await open(newer.number);
  await desk.locator('article header').getByRole('button', { name: '更多' }).click();
  await desk.getByRole('menuitem', { name: '合并工单' }).click();
  const dialog = desk.getByRole('dialog');
  await dialog.getByText('同一客户').waitFor();
  await dialog.getByRole('radio', { name: new RegExp(older.number) }).click();
  await dialog.getByRole('region', { name: `保留 ${older.number}` }).waitFor();
  await dialog.getByRole('region', { name: `并过去 ${newer.number}` }).getByText('还是上次那部').waitFor();
  await screenshot(desk, 'merge-both');
  assert.deepEqual(await seriousViolations(desk), []);
  await dialog.getByRole('button', { name: '换个方向' }).click();
  await dialog.getByRole('region', { name: `保留 ${newer.number}` }).waitFor();
  await dialog.getByRole('button', { name: `合并到 ${newer.number}` }).click();
  await desk.getByText(`已并入 ${newer.number}`).first().waitFor();
  assert.equal((await call('GET', `/tickets/${older.id}`)).mergedInto.number, newer.number);
});

test('what one person says twice of one matter is offered as one ticket: joined by one click, or kept apart', { timeout }, async () => {
  const report = (subject: string) => call('POST', '/tickets', { subject, requester: { name: '钱先生', phone: '13812340099' } });
  const [older, newer] = [await report('阳台推拉门脱轨'), await report('推拉门脱轨关不上')];
  await open(newer.number);
  const offered = desk.getByRole('region', { name: '可能重复' });
  await offered.getByRole('link', { name: '阳台推拉门脱轨' }).waitFor();
  await offered.getByRole('button', { name: '合并' }).click();
  await desk.waitForURL(`**/tickets/${older.number}`);
  assert.equal((await call('GET', `/tickets/${newer.id}`)).mergedInto.number, older.number);
  const third = await report('推拉门脱轨了');
  await open(third.number);
  await offered.getByRole('button', { name: '不是同一件事' }).click();
  await offered.waitFor({ state: 'detached' });
  assert.ok((await call('GET', `/tickets/${third.id}/merge-candidates`)).items.every((item: { offered: boolean }) => !item.offered));
});

test('whoever resolves a ticket is told what still blocks it, and may go on', { timeout }, async () => {
  const blocker = await call('POST', '/tickets', { subject: '先换总阀' });
  const ticket = await call('POST', '/tickets', { subject: '再修水管' });
  await call('POST', `/tickets/${ticket.id}/links`, { ticket: blocker.number, kind: 'blocked_by' });
  await open(ticket.number);
  await desk.keyboard.press('e');
  const dialog = desk.getByRole('dialog');
  await dialog.getByText('被 1 张未完成的工单阻塞').waitFor();
  await dialog.getByRole('link', { name: new RegExp(blocker.number) }).waitFor();
  await screenshot(desk, 'resolve-blocked');
  await dialog.getByRole('textbox').first().fill('总阀改日再换，先用临时接头');
  await dialog.getByRole('button', { name: /^解\s?决$/ }).click();
  await eventually(async () => (await call('GET', `/tickets/${ticket.id}`)).status === 'resolved', 'resolved all the same');
});

test('a colleague is mentioned by pinyin, not by the pointer that happens to lie there, and with one space', { timeout }, async () => {
  for (const name of ['陈静', '程佳', '林晓雨']) await call('POST', '/staff', { name, email: `${name.codePointAt(1)}@first.example`, job: 'agent' });
  const ticket = await call('POST', '/tickets', { subject: '请同事看一下' });
  await open(ticket.number);
  await desk.keyboard.press('m');
  const box = desk.getByRole('textbox', { name: '内部备注' });
  await box.waitFor();
  const listed = desk.locator('.ant-mentions-dropdown').getByRole('menuitem');
  await box.pressSequentially('@');
  await listed.nth(3).waitFor();
  let place: Awaited<ReturnType<typeof box.boundingBox>> = null;
  await eventually(async () => (place = await listed.nth(2).boundingBox()) !== null, 'the third row stands');
  await box.fill('');
  await listed.first().waitFor({ state: 'hidden' });
  // The pointer rests where a row will come to lie.
  const { x, y, height } = place!;
  await desk.mouse.move(x + 20, y + 10);
  await box.pressSequentially('@');
  await listed.nth(3).waitFor();
  const active = desk.locator('.ant-mentions-dropdown [class*="menu-item-active"]');
  await active.waitFor();
  assert.equal(await active.textContent(), await listed.first().textContent(), 'the first row stays the one that Enter takes');
  // Moved to by hand, it is taken.
  await desk.mouse.move(x + 30, y - height + 10, { steps: 3 });
  await eventually(async () => (await active.textContent()) === (await listed.nth(1).textContent()), 'the row the pointer moved to');

  await box.pressSequentially('chenj');
  await eventually(async () => (await listed.allTextContents()).map((one) => one.startsWith('陈静')).join() === 'true', 'nobody but 陈静');
  await box.press('Enter');
  await box.pressSequentially(' 请看');
  assert.equal(await box.inputValue(), '@陈静 请看');
  await box.pressSequentially(' @zzzz');
  await desk.getByText('没有这样的同事或班组').waitFor();
  await box.fill('@陈静 请看');
  await desk.getByRole('button', { name: '保存备注' }).click();
  await eventually(async () => (await call('GET', `/tickets/${ticket.id}/timeline`)).items.some(({ comment }: { comment: { body: string } | null }) => comment?.body === '@陈静 请看'), 'the note is there');
});

test('who takes a request down sees what else of that customer is open, and says who is to do it', { timeout }, async () => {
  const customer = await call('POST', '/customers', { name: '王欣怡', phone: '13911113483' });
  const before = await call('POST', '/tickets', { subject: '楼道灯坏了', requester: { customerId: customer.id } });
  const { teamId, staff } = served.program.organization;
  const team = (await call('GET', `/teams/${teamId}`)).name as string;
  await desk.goto('/bench');
  await desk.getByRole('heading', { name: '工作台' }).waitFor();
  await desk.getByRole('button', { name: '新建工单' }).first().click();
  await desk.locator('#requester-name').fill('王欣怡');
  await desk.locator('.ant-select-item-option').filter({ hasText: '王欣怡' }).click();
  await desk.getByText('这位客户有 1 张未办结工单').waitFor();
  assert.equal(await desk.getByRole('link', { name: '楼道灯坏了', exact: true }).getAttribute('href'), `/tickets/${before.number}`);
  await desk.locator('#ticket-subject').fill('单元门也坏了');
  await desk.locator('#ticket-team').click();
  await desk.getByTitle(team).last().click();
  await desk.locator('#ticket-assignee').click();
  await desk.getByTitle('technician first').last().click();
  await desk.locator('#ticket-tags').fill('加急');
  await desk.keyboard.press('Enter');
  await screenshot(desk, 'new-ticket-who');
  assert.deepEqual(await seriousViolations(desk), []);
  await desk.getByRole('button', { name: '创建工单' }).click();
  await desk.getByText('已创建').waitFor();
  const [made] = (await call('GET', `/tickets?customer=${customer.id}`)).items;
  assert.deepEqual([made.subject, made.team.id, made.assignee.id, made.tags], ['单元门也坏了', teamId, staff.technician, ['加急']]);
  assert.deepEqual(desk.complaints, []);
});
