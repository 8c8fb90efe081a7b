/**
 * Flows from an empty canvas to a closed ticket: an administrator draws a process by dragging steps and arrows, says who acts
 * and on which condition, tries it, publishes it; then the people concerned carry a ticket through it.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { advance, registerReader } from '../../server/platform/facts/readers.ts';
import { hearFacts } from '../../server/journey/process/flow/hear-facts.ts';
import { seriousViolations } from '../support/axe.ts';
import { openBrowser, screenshot, type TestBrowser, type TestPage } from '../support/browser.ts';
import type { Person } from '../support/program.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { eventually, patience } from './eventually.ts';

let served: ServedProgram;
let chromium: TestBrowser;

before(async () => {
  served = await serveTestProgram();
  await registerReader(served.program.database, hearFacts.name);
  chromium = await openBrowser();
});

after(async () => {
  await chromium?.close();
  await served?.close();
});

async function signIn(page: TestPage, person: string): Promise<void> {
  await page.getByLabel('邮箱或手机号').fill(`${person}@first.example`);
  await page.getByLabel('密码').first().fill('correct horse battery');
  await page.getByRole('button', { name: '登录', exact: true }).click();
}

/** The designer of a new flow, its canvas cleared. */
async function newFlow(name: string): Promise<TestPage> {
  const page = await chromium.newPage({ baseURL: served.baseURL, viewport: 'desktop' });
  page.setDefaultTimeout(patience);
  await page.goto('/settings/flows');
  await signIn(page, 'administrator');
  await page.getByRole('button', { name: '新建流程' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByLabel('名称', { exact: true }).fill(name);
  await drawer.getByRole('button', { name: '新建', exact: true }).click();
  await page.locator('.react-flow__node').first().waitFor();
  await page.locator('[data-node="start"]').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.getByText('从左侧拖入节点开始').waitFor();
  return page;
}

/** Drags a step from the palette to a place on the canvas, and calls it something. */
async function drop(page: TestPage, kind: string, x: number, y: number, name?: string): Promise<void> {
  const before = await page.locator('.react-flow__node').count();
  await page.getByRole('navigation', { name: '节点' }).getByRole('button', { name: kind, exact: true }).dragTo(page.locator('.react-flow'), { targetPosition: { x, y } });
  await eventually(async () => (await page.locator('.react-flow__node').count()) === before + 1, `${kind} on the canvas`);
  if (name !== undefined) await page.locator('aside').getByLabel('名称', { exact: true }).fill(name);
}

const card = (page: TestPage, id: string) => page.locator(`.react-flow__node[data-id="${id}"]`);

/** Draws an arrow by dragging from the dot below one step to the dot above another. */
async function draw(page: TestPage, from: string, to: string): Promise<void> {
  const before = await page.locator('.react-flow__edge').count();
  await card(page, from).hover();
  const [foot, head] = [await card(page, from).locator('.react-flow__handle.source').last().boundingBox(), await card(page, to).locator('.react-flow__handle.target').boundingBox()];
  assert.ok(foot !== null && head !== null);
  await page.mouse.move(foot.x + foot.width / 2, foot.y + foot.height / 2);
  await page.mouse.down();
  await page.mouse.move((foot.x + head.x) / 2, (foot.y + head.y) / 2, { steps: 4 });
  await page.mouse.move(head.x + head.width / 2, head.y + head.height / 2, { steps: 4 });
  await page.mouse.up();
  await eventually(async () => (await page.locator('.react-flow__edge').count()) === before + 1, `an arrow from ${from} to ${to}`);
}

/** Opens a step by the outline. */
async function choose(page: TestPage, id: string): Promise<void> {
  await page.locator(`[data-node="${id}"]`).click();
  await page.locator(`[data-node="${id}"][aria-current="true"]`).waitFor();
}

/** Lets one colleague act, nobody else. */
async function assign(page: TestPage, id: string, person: string): Promise<void> {
  await choose(page, id);
  const side = page.locator('aside');
  for (const remove of await side.getByRole('button', { name: '移除处理人' }).all()) await remove.click();
  await side.getByRole('button', { name: '人员', exact: true }).click();
  await side.getByLabel('选择人员').click();
  await page.locator('.ant-select-dropdown:visible').getByTitle(`${person} first`).click();
  await card(page, id).getByText(`${person} first`).waitFor();
}

/** Sets the status the ticket gets at a step. */
async function setStatus(page: TestPage, id: string, status: string): Promise<void> {
  await choose(page, id);
  const side = page.locator('aside');
  if (!(await side.getByLabel('进入时把工单改为').isVisible())) await side.getByText('工单状态', { exact: true }).click();
  await side.getByLabel('进入时把工单改为').click();
  await page.locator('.ant-select-dropdown:visible').getByTitle(status, { exact: true }).click();
}

/** Links the ticket type, waits until all is kept, and publishes. */
async function publish(page: TestPage, note: string): Promise<void> {
  await eventually(async () => await page.getByText('草稿已保存').isVisible(), 'the draft is kept');
  await page.getByRole('button', { name: '发布', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill(note);
  await dialog.getByRole('button', { name: '发布', exact: true }).click();
  await page.getByText('与版本 1 一致').waitFor();
}

/** A ticket type of its own, linked with the flow in the designer. */
async function link(page: TestPage, type: string): Promise<void> {
  const side = page.locator('aside');
  await side.getByRole('button', { name: '整个流程' }).click();
  await side.getByLabel('工单类型').click();
  await page.locator('.ant-select-dropdown:visible').getByTitle(type).click();
  await side.locator('.ant-select-selection-item, .ant-select-content-item').getByText(type).first().waitFor();
  await page.keyboard.press('Escape');
}

const call = (who: Person, method: 'GET' | 'POST', path: string, body?: unknown) => served.program.call(method, path, { as: who, ...(body === undefined ? {} : { body }) });

async function makeType(key: string, name: string, fields: unknown[]): Promise<void> {
  assert.equal((await call('administrator', 'POST', '/ticket-types', { key, name, form: { fields } })).status, 201);
}

async function makeTicket(type: string, subject: string, fields: object): Promise<string> {
  const made = await call('agent', 'POST', '/tickets', { type, subject, fields });
  assert.equal(made.status, 201, made.text);
  return made.body.id as string;
}

/** Does the one task somebody has of a ticket. */
async function act(who: Person, ticket: string, node: string, action: string, body: object = {}): Promise<void> {
  const { items } = (await call(who, 'GET', `/tasks?ticket=${ticket}`)).body as { items: { id: string; node: string }[] };
  const task = items.find((one) => one.node === node);
  assert.ok(task !== undefined, `${who} has a task at ${node}: ${JSON.stringify(items.map((one) => one.node))}`);
  const done = await call(who, 'POST', `/tasks/${task.id}/actions/${action}`, body);
  assert.equal(done.status, 200, done.text);
  while (await advance(served.program.database, hearFacts, 100) > 0);
}

const statusOf = async (ticket: string): Promise<string> => (await call('administrator', 'GET', `/tickets/${ticket}`)).body.status as string;

test('damaged goods: service confirms, a manager above 10,000, finance, back to service', { timeout: 240_000 }, async () => {
  await makeType('damaged', '破损退款', [{ key: 'amount', kind: 'money', label: { zh: '退款金额', en: 'Amount' }, currencies: ['CNY'] }]);
  const page = await newFlow('破损退款');
  await drop(page, '开始', 420, 50);
  await drop(page, '处理任务', 420, 150, '客服核实');
  await drop(page, '条件分支', 420, 270, '超过一万元');
  await drop(page, '审批', 200, 390, '经理审批');
  await drop(page, '处理任务', 420, 510, '财务退款');
  await drop(page, '处理任务', 420, 620, '客服回访');
  await drop(page, '结束', 420, 730);
  for (const [from, to] of [['start_1', 'task_1'], ['task_1', 'exclusive_1'], ['exclusive_1', 'approval_1'], ['exclusive_1', 'task_2'], ['approval_1', 'task_2'], ['approval_1', 'task_1'], ['task_2', 'task_3'], ['task_3', 'end_1']] as const) await draw(page, from, to);
  await screenshot(page, 'flows-01-drawn');

  // What is still missing stands beside its node, at once.
  await page.locator('[data-node="approval_1"] [role="img"]').waitFor();
  await assign(page, 'task_1', 'agent');
  await assign(page, 'approval_1', 'manager');
  await assign(page, 'task_2', 'dispatcher');
  await assign(page, 'task_3', 'agent');
  await setStatus(page, 'end_1', '已关闭');
  await link(page, '破损退款');

  // The condition is built by choosing, sums in yuan.
  await choose(page, 'exclusive_1');
  const side = page.locator('aside');
  await side.getByRole('button', { name: /经理审批/ }).first().click();
  await side.getByRole('button', { name: '添加条件' }).first().click();
  await side.getByLabel('字段', { exact: true }).click();
  await page.locator('.ant-select-dropdown:visible').getByTitle('退款金额').click();
  await side.getByLabel('比较方式').click();
  await page.locator('.ant-select-dropdown:visible').getByTitle('大于', { exact: true }).click();
  await side.getByRole('spinbutton', { name: '值' }).fill('10000');
  await page.locator('[data-edge="edge_3"]').getByText('退款金额大于10000').waitFor();
  await choose(page, 'exclusive_1');
  await side.getByRole('button', { name: /财务退款/ }).first().click();
  await side.getByText('默认分支').click();
  await page.getByText('没有问题').waitFor();
  await page.getByRole('button', { name: '自动布局' }).click();
  assert.deepEqual(await seriousViolations(page), []);
  await screenshot(page, 'flows-02-designed');

  // Undo, redo, copy: all of it by keys.
  await choose(page, 'task_3');
  await page.keyboard.press('Control+d');
  await eventually(async () => (await page.locator('.react-flow__node').count()) === 8, 'a copy');
  await page.keyboard.press('Control+z');
  await eventually(async () => (await page.locator('.react-flow__node').count()) === 7, 'undone');
  await page.keyboard.press('Control+y');
  await eventually(async () => (await page.locator('.react-flow__node').count()) === 8, 'redone');
  await page.keyboard.press('Control+z');
  await eventually(async () => (await page.locator('.react-flow__node').count()) === 7, 'undone again');

  // Tried out with a sample before anybody is bothered.
  await page.getByText('试运行', { exact: true }).click();
  await page.locator('#field-amount').fill('20000');
  await page.getByRole('button', { name: '开始试运行' }).click();
  const stands = page.getByRole('region', { name: '现在到哪一步' });
  for (const [node, button] of [['客服核实', '完成'], ['经理审批', '同意'], ['财务退款', '完成'], ['客服回访', '完成']] as const) {
    await stands.getByText(node).waitFor();
    await stands.getByRole('button', { name: button, exact: true }).click();
  }
  await page.getByText('流程已经结束').waitFor();
  assert.deepEqual(await seriousViolations(page), []);
  await screenshot(page, 'flows-03-tried');

  await page.getByText('设计', { exact: true }).click();
  await publish(page, '第一版');

  const large = await makeTicket('damaged', '茶具碎了', { amount: { amount: 1_000_001, currency: 'CNY' } });
  await act('agent', large, 'task_1', 'complete');
  await act('manager', large, 'approval_1', 'approve', { comment: '同意' });
  await act('dispatcher', large, 'task_2', 'complete');
  await act('agent', large, 'task_3', 'complete');
  assert.equal(await statusOf(large), 'closed');
  const small = await makeTicket('damaged', '杯子裂了', { amount: { amount: 1_000_000, currency: 'CNY' } });
  await act('agent', small, 'task_1', 'complete');
  await act('dispatcher', small, 'task_2', 'complete');
  await act('agent', small, 'task_3', 'complete');
  assert.equal(await statusOf(small), 'closed', 'up to 10,000 no manager is asked');

  await page.getByText('版本', { exact: true }).click();
  await page.getByText('第一版').waitFor();
  assert.deepEqual(await seriousViolations(page), []);
  await page.getByText('在办工单').click();
  await page.getByText('没有在办的工单').waitFor();
  assert.deepEqual(page.complaints, []);
});
