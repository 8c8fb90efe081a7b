/** The organization's own settings: what is wrong stands at its field, two who change it are put together, customers see it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { seriousViolations } from '../support/axe.ts';
import { openBrowser, screenshot, type TestBrowser, type TestPage } from '../support/browser.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { eventually, patience } from './eventually.ts';

const timeout = 90_000;
let served: ServedProgram;
let chromium: TestBrowser;
let office: TestPage;

before(async () => {
  served = await serveTestProgram();
  chromium = await openBrowser();
  office = await chromium.newPage({ baseURL: served.baseURL, viewport: 'desktop' });
  office.setDefaultTimeout(patience);
  await office.goto('/settings/profile');
  await office.getByLabel('邮箱或手机号').fill('administrator@first.example');
  await office.getByLabel('密码', { exact: true }).fill('correct horse battery');
  await office.getByRole('button', { name: /^登\s?录$/ }).click();
  await office.getByRole('heading', { name: '企业信息' }).waitFor();
});

after(async () => {
  await chromium?.close();
  await served?.close();
});

const organization = async () => {
  const answer = await served.program.call('GET', '/organization', { as: 'administrator' });
  assert.equal(answer.status, 200, answer.text);
  return answer.body;
};
const save = () => office.getByRole('button', { name: /^保\s?存$/ }).click();

test('what is wrong is said at its field, and nothing is saved', { timeout }, async () => {
  const before = await organization();
  await office.getByLabel('企业名称').fill('   ');
  await office.getByLabel('服务电话').fill('打给前台');
  await office.getByLabel('验收天数').fill('91');
  await save();
  for (const words of ['请填写', '电话只能有数字', '请填 1 到 90 天']) await office.getByText(words).first().waitFor();
  await screenshot(office, 'profile-wrong');
  assert.deepEqual(await seriousViolations(office), []);
  assert.deepEqual(await organization(), before);
  await office.getByRole('button', { name: /^还\s?原$/ }).click();
  assert.equal(await office.getByLabel('企业名称').inputValue(), before.name);
});

test('the support phone, in digits of whatever width, is what customers call', { timeout }, async () => {
  await office.getByLabel('服务电话').fill('４００-800-1234');
  await save();
  await eventually(async () => (await organization()).settings.supportPhone === '400-800-1234', 'the number saved');
  const customer = await chromium.newPage({ baseURL: served.baseURL, viewport: 'phone' });
  await customer.goto(`/portal/${served.program.organization.slug}`);
  const line = customer.getByRole('link', { name: /急事请打电话/ });
  await line.waitFor({ timeout: patience });
  assert.equal(await line.getAttribute('href'), 'tel:4008001234');
  assert.deepEqual(await seriousViolations(customer), []);
  await screenshot(customer, 'portal-call');
  await customer.context().close();
});

test('what two people change is put together, and where both changed the same one chooses', { timeout }, async () => {
  await office.goto('/settings/profile');
  await office.getByLabel('企业名称').waitFor();
  const before = await organization();
  const other = await served.program.call('PATCH', '/organization', { as: 'administrator', body: { name: '别人改的名字', settings: { acceptanceDays: 5 } }, headers: { 'if-match': `"${before.version}"` } });
  assert.equal(other.status, 200, other.text);
  await office.getByLabel('企业名称').fill('我改的名字');
  await save();
  await office.getByText('有人刚刚改过这份资料').waitFor();
  assert.equal(await office.getByLabel('验收天数').inputValue(), '5', 'what only the other changed is taken in');
  await screenshot(office, 'profile-conflict');
  assert.deepEqual(await seriousViolations(office), []);
  assert.equal(await office.getByLabel('企业名称').inputValue(), '我改的名字', 'what was typed stays');
  await save();
  await eventually(async () => (await organization()).name === '我改的名字', 'saved over the other');
  assert.equal((await organization()).settings.acceptanceDays, 5);
  await office.getByText('有人刚刚改过这份资料').waitFor({ state: 'detached' });
  assert.deepEqual(office.complaints, []);
});
