/**
 * What the hand does with flows: steps drawn by keys alone, work kept through a lost network, an approval given from the
 * list on a phone, and a flow looked at by whoever does not draw it.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { seriousViolations } from '../support/axe.ts';
import { openBrowser, screenshot, type TestBrowser } from '../support/browser.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { eventually, patience } from './eventually.ts';
import { signIn } from './flow-drawing.ts';

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

test('a flow is drawn by keys alone, and kept as soon as the network is back', { timeout: 180_000 }, async () => {
  const page = await chromium.newPage({ baseURL: served.baseURL, viewport: 'desktop' });
  page.setDefaultTimeout(patience);
  await page.goto('/settings/flows');
  await signIn(page, 'administrator');
  await page.getByRole('button', { name: '新建流程' }).click();
  await page.getByRole('dialog').getByLabel('名称', { exact: true }).fill('键盘画的流程');
  await page.getByRole('dialog').getByRole('button', { name: '新建', exact: true }).click();
  const node = (id: string) => page.locator(`.react-flow__node[data-id="${id}"]`);
  const focused = (id: string) => eventually(async () => (await page.evaluate('document.activeElement?.getAttribute("data-id")')) === id, `${id} has the focus`);
  const outline = () => page.locator('[data-node]').evaluateAll((buttons) => buttons.map((button) => button.getAttribute('data-node')).join());

  // Each new step comes next, and is where the next key goes.
  await node('start').focus();
  for (const [right, made] of [[0, 'task_1'], [1, 'approval_1']] as const) {
    await page.keyboard.press('a');
    await page.getByRole('menu', { name: '添加节点' }).waitFor();
    for (let pressed = 0; pressed < right; pressed += 1) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await focused(made);
  }
  assert.equal(await outline(), 'start,task_1,approval_1,end', 'in one row, nothing beside it');

  // Named by F2; the usual English name goes with the first name of its own.
  const side = page.locator('aside');
  assert.equal(await side.getByLabel('英文名称').inputValue(), 'Approval');
  await page.keyboard.press('F2');
  await page.keyboard.type('经理审批');
  await node('approval_1').getByText('经理审批').waitFor();
  assert.equal(await side.getByLabel('英文名称').inputValue(), '');
  await page.keyboard.press('Enter');
  await focused('approval_1');
  await page.keyboard.press('F2');
  await page.keyboard.press('End');
  await page.getByText('草稿已保存').waitFor();

  await page.context().setOffline(true);
  await page.keyboard.type('人');
  await page.getByText('连不上服务器').waitFor();
  await page.context().setOffline(false);
  await page.getByText('草稿已保存').waitFor();
  await page.reload();
  await node('approval_1').getByText('经理审批人').waitFor();
  assert.deepEqual(await seriousViolations(page), []);
});

test('an approval is given from the list on a phone; others look at the flow', { timeout: 180_000 }, async () => {
  const { program } = served;
  const as = 'administrator' as const;
  const type = await program.call('POST', '/ticket-types', { as, body: { key: 'leave', name: '外出申请' } });
  assert.equal(type.status, 201, JSON.stringify(type.body));
  const definition = {
    nodes: [
      { id: 'start', kind: 'start', name: { zh: '开始' } }, { id: 'check', kind: 'approval', name: { zh: '主管审批' }, mode: 'any', performers: [{ kind: 'person', id: program.organization.staff.manager }] },
      { id: 'tell', kind: 'action', name: { zh: '告知门岗' }, action: { do: 'http_call', method: 'POST', url: 'https://gate.example/hook/k3y?token=k3y', headers: [{ name: 'X-Who', value: '{{ticket.number}}' }] } },
      { id: 'end', kind: 'end', name: { zh: '结束' } }, { id: 'no', kind: 'end', name: { zh: '不批' } },
    ],
    edges: [{ id: 'e1', from: 'start', to: 'check' }, { id: 'e2', from: 'check', to: 'tell', outcome: 'approved' }, { id: 'e4', from: 'tell', to: 'end' }, { id: 'e3', from: 'check', to: 'no', outcome: 'rejected' }],
  };
  const flow = await program.call('POST', '/flows', { as, body: { name: '外出', definition } });
  assert.equal(flow.status, 201, JSON.stringify(flow.body));
  const named = await program.call('PATCH', `/flows/${flow.body.id}`, { as, body: { types: [type.body.id] }, headers: { 'if-match': `"${flow.body.version}"` } });
  assert.equal(named.status, 200, JSON.stringify(named.body));
  const draft = await program.call('GET', `/flows/${flow.body.id}/draft`, { as });
  assert.equal(draft.status, 200);
  assert.equal((await program.call('POST', `/flows/${flow.body.id}/publish`, { as, body: {}, headers: { 'if-match': `"${draft.body.version}"` } })).status, 200);
  for (const subject of ['上午外出', '下午外出']) assert.equal((await program.call('POST', '/tickets', { as: 'agent', body: { type: 'leave', subject } })).status, 201);

  const phone = await chromium.newPage({ baseURL: served.baseURL, viewport: 'phone' });
  phone.setDefaultTimeout(patience);
  await phone.goto('/tasks');
  await signIn(phone, 'manager');
  const row = phone.getByRole('listitem').filter({ hasText: '下午外出' });
  await phone.getByRole('link', { name: /任务\s*2 项待办/ }).waitFor();
  await row.getByRole('button', { name: '同意', exact: true }).click();
  await phone.getByRole('dialog').getByLabel('说明', { exact: true }).fill('早去早回');
  assert.deepEqual(await seriousViolations(phone), []);
  await phone.getByRole('dialog').getByRole('button', { name: '同意', exact: true }).click();
  await phone.getByText('主管审批：同意').waitFor();
  await row.waitFor({ state: 'detached' });
  await phone.getByRole('listitem').filter({ hasText: '上午外出' }).waitFor();
  await phone.getByRole('link', { name: /任务\s*1 项待办/ }).waitFor();
  await screenshot(phone, 'tasks-phone');
  await phone.getByText('我已完成').click();
  await row.getByText('同意', { exact: true }).waitFor();

  // Whoever may not draw it sees what is in force.
  const reader = await chromium.newPage({ baseURL: served.baseURL, viewport: 'desktop' });
  reader.setDefaultTimeout(patience);
  await reader.goto(`/settings/flows/${flow.body.id}`);
  await signIn(reader, 'agent');
  await reader.locator('.react-flow__node[data-id="check"]').getByText('主管审批').waitFor();
  assert.equal(await reader.getByRole('button', { name: '发布' }).count(), 0);
  await reader.getByText('路径、请求头和内容只对流程管理员显示').waitFor();
  await reader.getByText('POST https://gate.example/', { exact: true }).waitFor();
  assert.doesNotMatch(await reader.content(), /k3y/);
  assert.deepEqual([...phone.complaints, ...reader.complaints], []);
});
