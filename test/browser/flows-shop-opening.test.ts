/** A shop opening from an empty canvas to a closed ticket: three departments prepare it side by side, then two countersign. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { seriousViolations } from '../support/axe.ts';
import { openBrowser, screenshot, type TestBrowser } from '../support/browser.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { assign, choose, draw, drop, link, newFlow, publish, setStatus, zoomOut } from './flow-drawing.ts';
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

test('shop opening: operations, IT and engineering in parallel, then countersigned', { timeout: 240_000 }, async () => {
  assert.equal((await served.program.call('POST', '/ticket-types', { as: 'administrator', body: { key: 'opening', name: '新店开业', form: { fields: [] } } })).status, 201);
  const page = await newFlow(chromium, served.baseURL, '新店开业筹备');
  await zoomOut(page);
  await drop(page, '开始', 380, 40);
  await drop(page, '并行分支', 380, 140, '同时筹备');
  await drop(page, '处理任务', 150, 260, '营运培训');
  await drop(page, '处理任务', 380, 260, '系统上线');
  await drop(page, '处理任务', 610, 260, '工程验收');
  await drop(page, '并行分支', 380, 380, '等齐');
  await drop(page, '审批', 380, 490, '会签开业');
  await drop(page, '结束', 380, 600);
  for (const [from, to] of [['start_1', 'parallel_1'], ['parallel_1', 'task_1'], ['parallel_1', 'task_2'], ['parallel_1', 'task_3'], ['task_1', 'parallel_2'], ['task_2', 'parallel_2'], ['task_3', 'parallel_2'], ['parallel_2', 'approval_1'], ['approval_1', 'end_1']] as const) await draw(page, from, to);
  await assign(page, 'task_1', 'agent');
  await assign(page, 'task_2', 'dispatcher');
  await assign(page, 'task_3', 'technician');
  await assign(page, 'approval_1', 'manager', 'administrator');
  await choose(page, 'approval_1');
  const side = page.locator('aside');
  await side.getByText('会签', { exact: true }).click();
  await side.getByText('允许的操作', { exact: true }).click();
  await side.getByRole('switch', { name: '不同意则终止流程' }).click();
  await setStatus(page, 'end_1', '已关闭');
  await link(page, '新店开业');
  await screenshot(page, 'flows-shop-opening');
  await publish(page, '首版');

  const people = peopleOf(chromium, served.baseURL);
  const ticket = await people.report('agent', '新店开业', '徐家汇店 12 月 1 日开业');
  // All three have theirs at once; whoever is last brings it on.
  await people.act('technician', ticket, '工程验收', '完成');
  await people.act('agent', ticket, '营运培训', '完成');
  const manager = await people.page('manager');
  await manager.goto('/tasks');
  await manager.getByText('没有等您处理的任务').waitFor();
  await people.act('dispatcher', ticket, '系统上线', '完成');
  await people.act('manager', ticket, '会签开业', '同意', { comment: '资料齐全' });
  // One of two is not enough.
  const halfway = await people.open('manager', ticket);
  await halfway.getByText('等待 administrator first').waitFor();
  await people.act('administrator', ticket, '会签开业', '同意', { comment: '准予开业' });
  const done = await people.ended('agent', ticket);
  await done.getByText('准予开业').first().waitFor();
  await screenshot(done, 'flows-shop-opening-closed');
  assert.deepEqual(await seriousViolations(done), []);
  assert.equal((await served.program.call('GET', `/tickets/${ticket}`, { as: 'administrator' })).body.status, 'closed');
  assert.deepEqual([...people.complaints(), ...page.complaints], []);
});
