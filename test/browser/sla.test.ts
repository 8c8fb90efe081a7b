/**
 * Promises made without code: an administrator makes a calendar and a policy and tries it on the past, an agent sees why a
 * ticket is due when it is, says why it was late, and the team's list shows it.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { build } from '../../server/platform/db/database.ts';
import { registerReader, runReaders } from '../../server/platform/facts/readers.ts';
import { keepClocks } from '../../server/reactions/sla/keep-clocks.ts';
import { runSimulation } from '../../server/reactions/sla/run-simulation.ts';
import { sweepClocks } from '../../server/reactions/sla/sweep.ts';
import { seriousViolations } from '../support/axe.ts';
import { openBrowser, screenshot, type TestBrowser, type TestPage } from '../support/browser.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { eventually, patience } from './eventually.ts';

let served: ServedProgram;
let chromium: TestBrowser;
const running: { stop: () => Promise<void> }[] = [];

before(async () => {
  served = await serveTestProgram();
  chromium = await openBrowser();
  const { services, database } = served.program;
  await registerReader(database, keepClocks.name);
  running.push(runReaders(database, [keepClocks], services.log));
});

after(async () => {
  for (const one of running) await one.stop();
  await chromium?.close();
  await served?.close();
});

const call = (method: 'GET' | 'POST', path: string, body?: unknown) => served.program.call(method, path, { as: 'administrator', ...(body === undefined ? {} : { body }) });
const inTenant = <Result>(work: (transaction: Parameters<Parameters<ServedProgram['program']['database']['transact']>[1]>[0]) => Promise<Result>) => served.program.database.transact(served.program.organization.tenantId, work);

async function signIn(who: string, path: string): Promise<TestPage> {
  const page = await chromium.newPage({ baseURL: served.baseURL });
  page.setDefaultTimeout(patience);
  await page.goto(path);
  await page.getByLabel('邮箱或手机号').fill(`${who}@first.example`);
  await page.getByLabel('密码').first().fill('correct horse battery');
  await page.getByRole('button', { name: '登录', exact: true }).click();
  return page;
}

async function choose(page: TestPage, label: string, name: string): Promise<void> {
  await page.getByRole('combobox', { name: label, exact: true }).click();
  await page.locator('.ant-select-item-option:visible').filter({ hasText: name }).first().click();
}

test('a calendar and a policy are made, tried on the past, and seen by whoever works on a ticket', { timeout: 280_000 }, async () => {
  for (let index = 0; index < 3; index += 1) assert.equal((await call('POST', '/tickets', { subject: `过去 ${index}` })).status, 201);
  const page = await signIn('administrator', '/settings/calendars');

  // Monday is typed and copied to the other weekdays; the holidays are those of the State Council.
  await page.getByRole('button', { name: '新建日历' }).click();
  await page.getByRole('textbox', { name: '名称', exact: true }).fill('维修班日历');
  await page.getByRole('button', { name: '删除周一第 2 段' }).click();
  await page.getByRole('button', { name: '周一添加时段' }).click();
  await page.getByLabel('周一第 2 段开始').fill('1330');
  await page.getByLabel('周一第 2 段结束').fill('18:00');
  await page.getByRole('button', { name: '复制到工作日' }).click();
  await page.getByLabel('周五第 2 段结束').waitFor();
  assert.equal(await page.getByLabel('周五第 2 段结束').inputValue(), '18:00');
  if (await page.getByText('中国法定节假日与调休').count() === 0) await choose(page, '法定节假日', '中国法定节假日与调休');
  while (await page.locator('[aria-live="polite"]').getByText('2026', { exact: true }).count() === 0) await page.getByRole('button', { name: '上一年' }).click();
  await page.getByRole('button', { name: '2026-10-01 节假日 国庆节' }).waitFor();
  await page.getByRole('button', { name: '2026-10-10 调休上班 国庆节' }).waitFor();
  assert.deepEqual(await seriousViolations(page), []);
  await screenshot(page, 'sla-calendar');
  await page.getByRole('button', { name: '发布', exact: true }).click();
  await page.getByText('第 1 版生效中').waitFor();

  await page.goto('/settings/sla');
  await page.getByRole('button', { name: '新建策略' }).click();
  await page.getByRole('textbox', { name: '名称', exact: true }).fill('标准服务');
  await choose(page, '指标', '接单');
  await choose(page, '单位', '分钟');
  await page.getByRole('spinbutton', { name: '数量' }).fill('15');
  await choose(page, '工作日历', '维修班日历');
  await page.getByRole('button', { name: '添加一级' }).click();
  await page.getByRole('region', { name: '时限 1：接单 15 分钟' }).waitFor();
  await page.getByRole('button', { name: '开始模拟' }).click();
  let simulationId = '';
  await eventually(async () => {
    const row = await inTenant((transaction) => transaction.first(build.selectFrom('sla_simulation').select('id').where('tenant_id', '=', served.program.organization.tenantId)));
    simulationId = row?.id ?? '';
    return simulationId !== '';
  }, 'a simulation was asked for');
  await runSimulation(served.program.services, { tenantId: served.program.organization.tenantId, simulationId });
  await page.getByText('达成率 · 草稿').waitFor();
  await page.getByText('受影响 3 张', { exact: false }).waitFor();
  assert.deepEqual(await seriousViolations(page), []);
  await screenshot(page, 'sla-policy');
  await page.getByRole('button', { name: '发布并启用' }).click();
  await page.getByText('第 1 版生效中').waitFor();

  const made = await call('POST', '/tickets', { subject: '空调不制冷', team: served.program.organization.teamId });
  assert.equal(made.status, 201);
  const { id, number } = made.body as { id: string; number: string };
  await eventually(async () => (await call('GET', `/tickets/${id}/sla`)).body.clocks.length === 1, 'the ticket has its clock');
  const agent = await signIn('administrator', `/tickets/${number}`);
  await agent.getByRole('button', { name: '为什么是这个时间' }).click();
  await agent.getByText('按日历“维修班日历”', { exact: false }).waitFor();
  assert.deepEqual(await seriousViolations(agent), []);

  // As if two weeks had passed.
  const shift = 14 * 86_400_000;
  await inTenant((transaction) => transaction.run(sql`UPDATE sla_clock SET started_at = started_at - interval '14 days', act_at = now() - interval '1 second', due_at = due_at - interval '14 days',
    record = jsonb_set(jsonb_set(record, '{phases,0,at}', to_jsonb((record #>> '{phases,0,at}')::bigint - ${shift}::bigint)), '{promises,0,at}', to_jsonb((record #>> '{promises,0,at}')::bigint - ${shift}::bigint)) WHERE ticket_id = ${id}::uuid`));
  await eventually(async () => {
    await sweepClocks(served.program.services, 'run');
    return (await call('GET', `/tickets/${id}/sla`)).body.clocks[0].asksReason === true;
  }, 'the promise was broken');
  await agent.goto(`/tickets/${number}`);
  await agent.getByRole('button', { name: '填写超时原因' }).click();
  await choose(agent, '超时原因', '等待备件');
  await agent.getByLabel('说明（选填）').fill('压缩机缺货');
  await agent.getByRole('button', { name: '保存原因' }).dblclick();
  await agent.getByText('压缩机缺货', { exact: false }).first().waitFor();
  const told = await call('GET', `/tickets/${id}/timeline?limit=100`);
  assert.equal(told.status, 200);
  assert.equal((told.body.items as { type?: string; kind?: string }[]).filter((item) => JSON.stringify(item).includes('压缩机缺货')).length, 1, 'a double click says it once');
  await screenshot(agent, 'sla-ticket');
  await agent.goto('/breaches');
  await agent.getByText('全部', { exact: true }).click();
  const line = agent.getByRole('listitem').filter({ hasText: '空调不制冷' });
  await line.getByText('等待备件').waitFor();
  await line.getByText('压缩机缺货', { exact: false }).waitFor();
  // The counts stand above it, and narrow it: nothing else was late for want of parts.
  await agent.getByRole('region', { name: '按原因' }).getByRole('button', { name: '等待备件' }).click();
  await line.waitFor();
  assert.equal(await agent.getByRole('region', { name: '按原因' }).getByRole('button', { name: '等待备件' }).getAttribute('aria-pressed'), 'true');
  assert.deepEqual(await seriousViolations(agent), []);

  // A rule that is still being written is tried on the past, beside the policies.
  assert.equal((await call('POST', '/automation-rules', { name: '过去加急', definition: { trigger: { kind: 'facts', facts: ['ticket.created'] }, conditions: { property: 'subject', operator: 'contains', value: '过去' }, actions: [{ kind: 'set', priority: 'urgent' }] } })).status, 201);
  await page.goto('/settings/sla');
  await page.getByRole('link', { name: '模拟规则与流程' }).click();
  await choose(page, '规则', '过去加急');
  await page.getByRole('button', { name: '开始模拟' }).click();
  let again = '';
  await eventually(async () => {
    again = (await call('GET', '/sla-simulations?limit=1')).body.items[0].id;
    return again !== simulationId;
  }, 'a simulation of the rule was asked for');
  await runSimulation(served.program.services, { tenantId: served.program.organization.tenantId, simulationId: again });
  await page.getByRole('row', { name: '过去加急 – 3 张 · 3 次' }).waitFor();
  await page.getByText('优先级 中 → 紧急', { exact: false }).first().waitFor();
  assert.deepEqual(await seriousViolations(page), []);
  await page.close();
  await agent.close();
});

test('what is typed into a policy or a calendar stays, and who writes over whom is asked', { timeout: 200_000 }, async () => {
  const page = await signIn('administrator', '/settings/sla');
  await page.getByRole('button', { name: '新建策略' }).click();
  const name = page.getByRole('textbox', { name: '名称', exact: true });
  await name.waitFor();
  // It has no name yet: the first thing typed is its name.
  await page.keyboard.type('夜间加急');
  assert.equal(await name.inputValue(), '夜间加急');
  await choose(page, '单位', '分钟');
  const amount = page.getByRole('spinbutton', { name: '数量' });
  await amount.click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('120');
  assert.equal(await amount.inputValue(), '120', 'the unit is the one that was chosen');
  await page.getByRole('region', { name: '时限 1：解决 2 工作小时' }).waitFor();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('0');
  await page.keyboard.press('Tab');
  assert.equal(await amount.inputValue(), '0', 'what is no length is said, not put right');
  await page.getByText('时限应为 1 到', { exact: false }).waitFor();
  await amount.fill('45');
  // Gone at once: it is kept all the same.
  await page.getByRole('link', { name: 'SLA 策略' }).first().click();
  const inList = page.getByRole('link', { name: '夜间加急' });
  await inList.click();
  await page.getByRole('region', { name: '时限 1：解决 45 分钟' }).waitFor();

  const address = new URL(page.url()).pathname;
  const second = await chromium.newPage({ baseURL: served.baseURL, context: page.context() });
  second.setDefaultTimeout(patience);
  await second.goto(address);
  await second.getByRole('textbox', { name: '名称', exact: true }).fill('第二个人的名字');
  await second.getByText('草稿已保存').waitFor();
  await name.fill('第一个人的名字');
  await page.getByText('别人刚改过这里', { exact: false }).waitFor();
  assert.equal(await name.inputValue(), '第一个人的名字', 'nothing typed is lost');
  await page.getByRole('button', { name: '保留我的改动' }).click();
  await page.getByText('草稿已保存').waitFor();
  await eventually(async () => (await call('GET', `/sla-policies/${address.split('/').at(-1)}`)).body.name === '第一个人的名字', 'mine is kept');
  await second.close();

  await page.goto('/settings/calendars');
  await page.getByRole('button', { name: '新建日历' }).click();
  const start = page.getByLabel('周二第 1 段开始');
  await start.fill('25:99');
  await start.press('Tab');
  await page.getByText('“25:99”不是时间', { exact: false }).waitFor();
  assert.equal(await start.inputValue(), '25:99');
  await page.locator('input[type=file]').setInputFiles({ name: '假日.ics', mimeType: 'text/calendar', buffer: Buffer.from(['BEGIN:VCALENDAR', 'VERSION:2.0', 'BEGIN:VEVENT', 'UID:1', 'DTSTART;VALUE=DATE:20261231', 'SUMMARY:年终盘点', 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n')) });
  await page.getByText('年终盘点').waitFor();
  await page.getByRole('button', { name: '撤回这次导入' }).click();
  await page.getByText('没有自定例外', { exact: false }).waitFor();
  assert.deepEqual(await seriousViolations(page), []);
  await page.close();
});
