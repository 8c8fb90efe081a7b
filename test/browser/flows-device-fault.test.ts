/** A device fault from an empty canvas to the archive: reported, dispatched, repaired on site, not accepted at first, repaired again. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { seriousViolations } from '../support/axe.ts';
import { openBrowser, screenshot, type TestBrowser } from '../support/browser.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { assign, draw, drop, link, newFlow, publish, setOutcomes, setStatus, takeWhen } from './flow-drawing.ts';
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

test('device fault: report, dispatch, repair, acceptance with one more repair, archive', { timeout: 240_000 }, async () => {
  assert.equal((await served.program.call('POST', '/ticket-types', { as: 'administrator', body: { key: 'fault', name: '设备故障', form: { fields: [] } } })).status, 201);
  const page = await newFlow(chromium, served.baseURL, '设备故障处理');
  await drop(page, '开始', 420, 40);
  await drop(page, '处理任务', 420, 130, '故障登记');
  await drop(page, '处理任务', 420, 240, '派工');
  await drop(page, '上门任务', 420, 360, '现场维修');
  await drop(page, '处理任务', 420, 480, '使用部门验收');
  await drop(page, '处理任务', 420, 600, '资料归档');
  await drop(page, '结束', 420, 720);
  for (const [from, to] of [['start_1', 'task_1'], ['task_1', 'task_2'], ['task_2', 'onsite_task_1'], ['onsite_task_1', 'task_3'], ['task_3', 'task_4'], ['task_3', 'onsite_task_1'], ['task_4', 'end_1']] as const) await draw(page, from, to);
  await assign(page, 'task_1', 'agent');
  await assign(page, 'task_2', 'dispatcher');
  await assign(page, 'onsite_task_1', 'technician');
  await assign(page, 'task_3', 'manager');
  await assign(page, 'task_4', 'agent');
  await setOutcomes(page, 'task_3', '验收通过', '需要返修');
  await takeWhen(page, 'task_3', '资料归档', '验收通过');
  await takeWhen(page, 'task_3', '现场维修', '需要返修');
  await setStatus(page, 'task_4', '已解决');
  await setStatus(page, 'end_1', '已关闭');
  await link(page, '设备故障');
  await screenshot(page, 'flows-device-fault');
  await publish(page, '首版');

  const people = peopleOf(chromium, served.baseURL);
  const ticket = await people.report('agent', '设备故障', '三号电梯困人报警失灵');
  await people.act('agent', ticket, '故障登记', '完成');
  await people.act('dispatcher', ticket, '派工', '完成');
  await people.act('technician', ticket, '现场维修', '完成');
  await people.act('manager', ticket, '使用部门验收', '完成', { outcome: '需要返修', comment: '对讲仍无声音' });
  // Back with who repaired it, who can read why.
  await people.act('technician', ticket, '现场维修', '完成');
  await people.act('manager', ticket, '使用部门验收', '完成', { outcome: '验收通过' });
  await people.act('agent', ticket, '资料归档', '完成');
  const done = await people.ended('agent', ticket);
  await done.getByText('对讲仍无声音').first().waitFor();
  await screenshot(done, 'flows-device-fault-closed');
  assert.deepEqual(await seriousViolations(done), []);
  assert.equal((await served.program.call('GET', `/tickets/${ticket}`, { as: 'administrator' })).body.status, 'closed');
  assert.deepEqual([...people.complaints(), ...page.complaints], []);
});
