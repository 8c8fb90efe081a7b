/**
 * Flows from an empty canvas to a closed ticket: an administrator draws a process by dragging steps and arrows, says who acts
 * and on which condition, tries it, publishes it; then the people concerned carry tickets through it, each in the pages they work in.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { seriousViolations } from '../support/axe.ts';
import { openBrowser, screenshot, type TestBrowser } from '../support/browser.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { askFor, assign, choose, draw, drop, link, newFlow, publish, setStatus, steps } from './flow-drawing.ts';
import { peopleOf } from './flow-people.ts';

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

test('damaged goods: service confirms, a manager above 10,000, finance, back to service', { timeout: 240_000 }, async () => {
  const form = { fields: [{ key: 'amount', kind: 'money', label: { zh: '退款金额', en: 'Amount' }, currencies: ['CNY'] }] };
  assert.equal((await served.program.call('POST', '/ticket-types', { as: 'administrator', body: { key: 'damaged', name: '破损退款', form } })).status, 201);
  const page = await newFlow(chromium, served.baseURL, '破损退款');
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
  await askFor(page, 'task_1', '退款金额');
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
  // The way that is left over is the default by itself.
  await side.getByRole('switch', { name: '默认分支', checked: true }).waitFor();
  await page.getByText('没有问题').waitFor();
  await page.getByRole('button', { name: '自动布局' }).click();
  assert.deepEqual(await seriousViolations(page), []);
  await screenshot(page, 'flows-02-designed');

  // Undo, redo, copy: all of it by keys.
  await choose(page, 'task_3');
  await page.keyboard.press('Control+d');
  await steps(page, 8, 'a copy');
  await page.keyboard.press('Control+z');
  await steps(page, 7, 'undone');
  await page.keyboard.press('Control+y');
  await steps(page, 8, 'redone');
  await page.keyboard.press('Control+z');
  await steps(page, 7, 'undone again');

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

  // Service says how much it is; above 10,000 the manager is asked, and nobody else may.
  const people = peopleOf(chromium, served.baseURL);
  const large = await people.report('agent', '破损退款', '茶具碎了');
  await people.act('agent', large, '客服核实', '完成', { fields: { amount: '10000.01' } });
  await people.act('manager', large, '经理审批', '同意', { comment: '照片属实' });
  await people.act('dispatcher', large, '财务退款', '完成');
  await people.act('agent', large, '客服回访', '完成');
  const done = await people.ended('agent', large);
  await done.getByText('已关闭', { exact: true }).first().waitFor();
  await done.getByText('照片属实').first().waitFor();
  await screenshot(done, 'flows-04-closed');
  assert.deepEqual(await seriousViolations(done), []);

  const small = await people.report('agent', '破损退款', '杯子裂了');
  await people.act('agent', small, '客服核实', '完成', { fields: { amount: '10000' } });
  await people.act('dispatcher', small, '财务退款', '完成');
  await people.act('agent', small, '客服回访', '完成');
  const short = await people.ended('agent', small);
  assert.equal(await short.getByText('经理审批').count(), 0, 'up to 10,000 no manager is asked');
  for (const number of [large, small]) assert.equal((await served.program.call('GET', `/tickets/${number}`, { as: 'administrator' })).body.status, 'closed');
  assert.deepEqual(people.complaints(), []);

  await page.getByText('版本', { exact: true }).click();
  await page.getByText('第一版').waitFor();
  assert.deepEqual(await seriousViolations(page), []);
  await page.getByText('在办工单').click();
  await page.getByText('没有在办的工单').waitFor();
  assert.deepEqual(page.complaints, []);
});
