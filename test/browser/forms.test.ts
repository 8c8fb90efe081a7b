/**
 * A form from the drawing board to the customer: an administrator designs a ticket type by click, key and drag, publishes
 * it, and both the agent's drawer and the portal ask by it, with conditions followed and errors at their fields.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { seriousViolations } from '../support/axe.ts';
import { openBrowser, screenshot, type TestBrowser, type TestPage } from '../support/browser.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { patience } from './eventually.ts';

let served: ServedProgram;
let chromium: TestBrowser;

before(async () => {
  served = await serveTestProgram();
  chromium = await openBrowser();
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

async function signIn(page: TestPage, person: string): Promise<void> {
  await page.getByLabel('邮箱或手机号').fill(`${person}@first.example`);
  await page.getByLabel('密码').first().fill('correct horse battery');
  await page.getByRole('button', { name: '登录', exact: true }).click();
}

const cards = (page: TestPage): Promise<string[]> => page.locator('[data-card]').evaluateAll((elements) => elements.map((element) => element.getAttribute('data-card') ?? ''));

test('a form is designed, published, and asks agents and customers alike', { timeout: 90_000 }, async () => {
  const admin = await openPage('/settings/types', { viewport: 'desktop' });
  await signIn(admin, 'administrator');
  await admin.getByRole('button', { name: '新建类型' }).click();
  const drawer = admin.getByRole('dialog');
  await drawer.getByLabel('名称', { exact: true }).fill('电梯报修');
  await drawer.getByLabel('标识').fill('lift_repair');
  await drawer.getByRole('button', { name: '新建', exact: true }).click();

  // By click, by drag, by key.
  const palette = admin.getByRole('navigation', { name: '字段' });
  await palette.getByRole('button', { name: '单选' }).click();
  await admin.locator('[data-card="choice"]').waitFor();
  await palette.getByRole('button', { name: '数字' }).dragTo(admin.locator('[data-card="choice"]'), { targetPosition: { x: 40, y: 4 } });
  await admin.locator('[data-card="number"]').waitFor();
  assert.deepEqual(await cards(admin), ['number', 'choice']);
  await admin.locator('[data-card="choice"]').click();
  await admin.keyboard.press('Alt+ArrowUp');
  assert.deepEqual(await cards(admin), ['choice', 'number']);

  // The choice is asked of customers, and has to be answered.
  const side = admin.locator('aside');
  await side.getByLabel('名称', { exact: true }).fill('有人被困吗');
  await side.getByRole('radiogroup', { name: '必填' }).getByText('总是').click();
  await side.getByRole('radiogroup', { name: '谁能看到' }).getByText('员工和客户').click();
  // The number is asked only after the second option.
  await admin.locator('[data-card="number"]').click();
  await side.getByLabel('名称', { exact: true }).fill('被困人数');
  await side.getByRole('radiogroup', { name: '谁能看到' }).getByText('员工和客户').click();
  await side.getByRole('radiogroup', { name: '显示' }).getByText('按条件').click();
  await side.getByRole('button', { name: '用 JsonLogic 编辑' }).click();
  await side.getByLabel('JsonLogic').fill('{"===":[{"var":"fields.choice"},"option2"]}');
  await side.getByRole('button', { name: '用条件行编辑' }).click();
  await side.getByText('选项 2').waitFor();
  assert.deepEqual(await seriousViolations(admin), []);
  await screenshot(admin, 'forms-01-designer');

  await admin.getByText('手机预览').click();
  const phone = admin.locator('.phone-form');
  await phone.getByText('有人被困吗').waitFor();
  assert.equal(await phone.getByText('被困人数').count(), 0);
  await phone.getByText('选项 2').click();
  await phone.getByText('被困人数').waitFor();
  assert.deepEqual(await seriousViolations(admin), []);
  await screenshot(admin, 'forms-02-phone');

  await admin.getByText('草稿已保存').waitFor();
  await admin.getByRole('button', { name: '发布', exact: true }).click();
  await admin.getByRole('dialog').getByRole('button', { name: '发布', exact: true }).click();
  await admin.getByText('与版本 2 一致').waitFor();

  // The agent's drawer asks by it; what is missing is said at the field.
  const agent = await openPage('/', { viewport: 'desktop' });
  await signIn(agent, 'agent');
  await agent.getByRole('button', { name: '新建工单' }).first().click();
  const form = agent.getByRole('dialog');
  await form.locator('#ticket-type').click();
  await agent.getByTitle('电梯报修').click();
  await form.locator('#ticket-subject').fill('三号电梯停了');
  await form.getByText('有人被困吗').waitFor();
  await form.getByRole('button', { name: '创建工单' }).click();
  await form.locator('#field-choice-error').waitFor();
  await screenshot(agent, 'forms-03-drawer');
  await form.locator('#field-choice').click();
  await agent.locator('.ant-select-dropdown').getByText('选项 2').click();
  await form.locator('#field-number').fill('两个');
  await form.locator('#field-number').blur();
  await form.getByText('应为数字').waitFor();
  await form.locator('#field-number').fill('2');
  await form.getByText('应为数字').waitFor({ state: 'detached' });
  await form.getByRole('button', { name: '创建工单' }).click();
  await agent.locator('.ant-message').getByRole('button', { name: '打开' }).click();
  await agent.locator('aside').getByText('被困人数').waitFor();
  assert.deepEqual(await seriousViolations(agent), []);
  await agent.getByRole('button', { name: '修改 被困人数' }).click();
  await agent.locator('#field-number').fill('3');
  await agent.locator('#field-number').press('Control+Enter');
  await agent.locator('#field-number').waitFor({ state: 'detached' });
  await agent.locator('aside').getByText('3', { exact: true }).waitFor();

  // The customer is asked the same.
  const customer = await openPage('/portal/first#report', { viewport: 'phone' });
  // On a slow line what the form asks beyond the usual comes late: a press before that counts.
  await customer.route(/own-fields.*\.js/, async (route) => {
    await setTimeout(1_000);
    await route.continue();
  });
  await customer.locator('#type').selectOption({ label: '电梯报修' });
  await customer.locator('#description').fill('三号电梯停在五楼不动了');
  await customer.locator('#phone').fill('13812345678');
  await customer.getByRole('button', { name: '提交报修' }).click();
  await customer.locator('#field-choice-error').waitFor();
  await customer.getByText('选项 2').click();
  await customer.locator('#field-number').fill('1');
  assert.deepEqual(await seriousViolations(customer), []);
  await screenshot(customer, 'forms-04-portal');
  await customer.getByRole('button', { name: '提交报修' }).click();
  await customer.getByText('已收到您的报修').waitFor();
});
