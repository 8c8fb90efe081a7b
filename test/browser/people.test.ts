/** People in the console: skills in both languages, who works when, and the first thing whoever is new does. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { seriousViolations } from '../support/axe.ts';
import { openBrowser, screenshot, type PageOptions, type TestBrowser, type TestPage } from '../support/browser.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { patience } from './eventually.ts';

const timeout = 90_000;
let served: ServedProgram;
let chromium: TestBrowser;
let office: TestPage;

before(async () => {
  served = await serveTestProgram();
  chromium = await openBrowser();
  office = await openPage('/people', { viewport: 'desktop' });
  await office.getByLabel('邮箱或手机号').fill('administrator@first.example');
  await office.getByLabel('密码', { exact: true }).fill('correct horse battery');
  await office.getByRole('button', { name: /^登\s?录$/ }).click();
  await office.getByRole('heading', { name: '员工' }).waitFor();
});

after(async () => {
  await chromium?.close();
  await served?.close();
});

async function openPage(path: string, options: PageOptions = {}): Promise<TestPage> {
  const page = await chromium.newPage({ baseURL: served.baseURL, ...options });
  page.setDefaultTimeout(patience);
  await page.goto(path);
  return page;
}

const call = async (method: 'GET' | 'POST' | 'PATCH', path: string, body?: object) => {
  const answer = await served.program.call(method, path, { as: 'administrator', ...(body ? { body } : {}) });
  assert.ok(answer.status < 300, `${path} ${answer.text}`);
  return answer.body;
};

test('a skill is named in both languages, given to somebody, and taken out of use', { timeout }, async () => {
  await office.goto('/settings/skills');
  await office.getByRole('button', { name: '新建技能' }).click();
  await office.getByLabel('名称', { exact: true }).fill('电梯');
  await office.getByLabel('英文名').fill('Lifts');
  await office.getByRole('dialog').getByRole('button', { name: /保存|新建/ }).last().click();
  await office.getByText('Lifts').waitFor();
  await screenshot(office, 'people-skills');
  assert.deepEqual(await seriousViolations(office), []);

  const [person] = (await call('GET', '/staff?q=technician')).items;
  await office.goto(`/people?id=${person.id}`);
  await office.getByRole('button', { name: '编辑' }).click();
  await office.getByRole('button', { name: '添加技能' }).click();
  await office.getByRole('combobox', { name: '技能' }).click();
  await office.getByTitle('电梯').last().click();
  await office.getByRole('button', { name: '保存' }).click();
  await office.getByText('电梯 3').first().waitFor();

  await office.goto('/settings/skills');
  await office.getByText('1 人').waitFor();
  await office.getByRole('button', { name: '“电梯”的操作' }).click();
  await office.getByRole('menuitem', { name: '停用' }).click();
  await office.getByText('Lifts').waitFor({ state: 'detached' });
  assert.equal((await call('GET', `/staff/${person.id}`)).skills[0].skill, 'Lifts');
});

test('a team’s week holds for its members, and one of them has a week and a day of their own', { timeout }, async () => {
  const { staff, teamId } = served.program.organization;
  const team = await call('GET', `/teams/${teamId}`);
  const joined = await served.program.call('PATCH', `/teams/${teamId}`, { as: 'administrator', body: { addMemberIds: [staff.technician] }, headers: { 'if-match': `"${team.version}"` } });
  assert.equal(joined.status, 200, joined.text);
  await office.goto('/people');
  await office.getByText('班表', { exact: true }).click();
  await office.getByRole('combobox', { name: '班组' }).click();
  await office.getByTitle(team.name).last().click();
  await office.getByText('还没有设置班次').first().waitFor();
  await office.getByRole('button', { name: `设置“${team.name}”的班次` }).click();
  await office.getByRole('button', { name: '周一添加时段' }).click();
  await office.getByRole('button', { name: '周一的时段用到周二至周五' }).click();
  await screenshot(office, 'people-shift-editor');
  assert.deepEqual(await seriousViolations(office), []);
  await office.getByRole('dialog').getByRole('button', { name: /保\s?存/ }).click();
  await office.getByText('班次已保存').waitFor();
  await office.getByRole('cell', { name: '09:00–18:00' }).first().waitFor();

  const person = (await call('GET', `/staff/${staff.technician}`)).name as string;
  await office.getByRole('button', { name: person, exact: true }).click();
  await office.getByText('单独设置').click();
  await office.getByLabel('周五时段 1 开始').fill('22:00');
  await office.getByLabel('周五时段 1 结束').fill('06:00');
  await office.getByText('次日').waitFor();
  await office.getByRole('button', { name: '添加例外' }).click();
  await office.getByLabel('上班时段，如 9:00-12:00 13:00-18:00；空着为休息').fill('上午');
  await office.getByRole('dialog').getByRole('button', { name: /保\s?存/ }).click();
  await office.getByText('请选日期').waitFor();
  await office.getByLabel('日期', { exact: true }).fill('2026-10-01');
  await office.getByText('请写成 9:00-12:00 这样的时段').waitFor();
  await office.getByLabel('上班时段，如 9:00-12:00 13:00-18:00；空着为休息').fill('9:00-12:00');
  await office.getByRole('dialog').getByRole('button', { name: /保\s?存/ }).click();
  await office.getByRole('row', { name: new RegExp(person) }).getByText('22:00–24:00').waitFor();
  await office.getByRole('row', { name: new RegExp(person) }).getByText('00:00–06:00').waitFor();
  await screenshot(office, 'people-roster');
  await office.emulateMedia({ colorScheme: 'dark' });
  assert.deepEqual(await seriousViolations(office), []);
  await screenshot(office, 'people-roster-dark');
  await office.emulateMedia({ colorScheme: 'light' });
  const shifts = await call('GET', `/staff/${staff.technician}/shifts`);
  assert.deepEqual([shifts.windows.filter(({ weekday }: { weekday: number }) => weekday > 4), shifts.exceptions], [
    [{ weekday: 5, startsMinute: 1320, endsMinute: 1440 }, { weekday: 6, startsMinute: 0, endsMinute: 360 }], [{ day: '2026-10-01', windows: [{ startsMinute: 540, endsMinute: 720 }], note: null }],
  ]);
  assert.deepEqual(office.complaints, []);
});

test('whoever leaves is deactivated once it is seen what they have in hand, and found among those who left', { timeout }, async () => {
  const { staff } = served.program.organization;
  await call('POST', '/tickets', { subject: '水管漏水', assignee: staff.technician });
  const person = (await call('GET', `/staff/${staff.technician}`)).name as string;
  await office.goto(`/people?id=${staff.technician}`);
  await office.getByRole('button', { name: '更多操作' }).click();
  await office.getByRole('menuitem', { name: '停用账号' }).click();
  const dialog = office.getByRole('dialog').filter({ hasText: `停用 ${person} 的账号？` });
  await dialog.getByText('1 张未完成的工单').waitFor();
  await dialog.getByText('退回所在班组待分派').waitFor();
  await screenshot(office, 'people-deactivate');
  assert.deepEqual(await seriousViolations(office), []);
  assert.equal((await call('GET', `/staff/${staff.technician}`)).active, true, 'nothing is done before it is confirmed');
  await dialog.getByRole('button', { name: /^停\s?用$/ }).click();
  await office.getByText(`${person} 已停用`).waitFor();
  assert.equal((await call('GET', `/staff/${staff.technician}`)).active, false);

  await office.goto('/people');
  const listed = office.getByRole('listitem').filter({ hasText: person });
  await office.getByRole('listitem').first().waitFor();
  assert.equal(await listed.count(), 0, 'who left is not among those who are there');
  await office.getByRole('combobox', { name: '在职状态' }).click();
  await office.getByTitle('已停用').last().click();
  await listed.getByRole('button').click();
  await office.getByRole('button', { name: '更多操作' }).click();
  await office.getByRole('menuitem', { name: '重新启用' }).click();
  await office.getByText(`${person} 已重新启用`).waitFor();
  assert.equal((await call('GET', `/staff/${staff.technician}`)).active, true);
});

const first = 'set by somebody else';

test('whoever has a password from a colleague chooses their own before anything else, in the console', { timeout }, async () => {
  const roles = (await call('GET', '/roles')).items as { id: string; key: string }[];
  await call('POST', '/staff', { name: '新坐席', email: 'new@first.example', job: 'agent', password: first, roleIds: [roles.find(({ key }) => key === 'agent')!.id] });
  const page = await openPage('/', { viewport: 'desktop' });
  const signIn = async (password: string) => {
    await page.getByLabel('邮箱或手机号').fill('new@first.example');
    await page.getByLabel('密码', { exact: true }).fill(password);
    await page.getByRole('button', { name: /^登\s?录$/ }).click();
  };
  await signIn(first);
  await page.getByRole('heading', { name: '请设置自己的密码' }).waitFor();
  // It was typed just now, and is not asked for again.
  assert.equal(await page.getByLabel('现在的密码').count(), 0);
  await page.getByLabel('新密码').fill(first);
  await page.getByLabel('再输入一次').fill('another');
  await page.getByRole('button', { name: '设置并进入' }).click();
  await page.getByText('不能和现在的密码一样').waitFor();
  await page.getByText('两次输入的不一样').waitFor();
  await screenshot(page, 'people-first-password');
  assert.deepEqual(await seriousViolations(page), []);
  // The way round by the address bar, or by loading anew, leads nowhere else.
  await page.goto('/queue');
  await page.getByRole('heading', { name: '请设置自己的密码' }).waitFor();
  await page.getByLabel('现在的密码').fill(first);
  await page.getByLabel('新密码').fill('chosen by myself');
  await page.getByLabel('再输入一次').fill('chosen by myself');
  await page.getByRole('button', { name: '设置并进入' }).click();
  await page.getByRole('navigation').first().waitFor();
  assert.equal(await page.getByRole('heading', { name: '请设置自己的密码' }).count(), 0);
  await page.context().close();
});

test('and in the field app', { timeout }, async () => {
  const roles = (await call('GET', '/roles')).items as { id: string; key: string }[];
  await call('POST', '/staff', { name: '新师傅', email: 'master@first.example', job: 'technician', password: first, roleIds: [roles.find(({ key }) => key === 'technician')!.id] });
  const page = await openPage('/field/', { viewport: 'phone' });
  await page.locator('[name="account"]').fill('master@first.example');
  await page.locator('[name="password"]').fill(first);
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await page.getByRole('heading', { name: '请设置自己的密码' }).waitFor();
  await page.getByRole('button', { name: '设置并进入' }).click();
  await page.getByText('至少 10 个字符').nth(1).waitFor();
  assert.deepEqual(await seriousViolations(page), []);
  await screenshot(page, 'people-first-password-field');
  await page.locator('[name="current"]').fill(first);
  await page.locator('[name="next"]').fill('chosen by myself');
  await page.locator('[name="again"]').fill('chosen by myself');
  await page.getByRole('button', { name: '设置并进入' }).click();
  await page.getByText('没有待办任务').waitFor();
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});
