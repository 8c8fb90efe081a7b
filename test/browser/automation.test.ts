/**
 * Rules made without code: an administrator builds two of them in the editor, tickets come in, and the log explains why
 * each rule acted, and why it did not.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { registerReader, runReaders } from '../../server/platform/facts/readers.ts';
import { askRules } from '../../server/reactions/automation/ask-rules.ts';
import { runAutomation } from '../../server/reactions/automation/do-work.ts';
import { sql } from 'kysely';
import { build, everyTenant } from '../../server/platform/db/database.ts';
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
  const reader = askRules(services.clock);
  await registerReader(database, reader.name);
  running.push(runReaders(database, [reader], services.log), runAutomation(services));
});

after(async () => {
  for (const one of running) await one.stop();
  await chromium?.close();
  await served?.close();
});

const call = (method: 'GET' | 'POST', path: string, body?: unknown) => served.program.call(method, path, { as: 'administrator', ...(body === undefined ? {} : { body }) });

/** What the readers and the rules still have before them. */
async function waiting(): Promise<object> {
  const { database } = served.program;
  return database.transact(everyTenant, async (transaction) => ({
    reader: await transaction.run(build.selectFrom('fact_reader').selectAll()),
    facts: await transaction.run(build.selectFrom('fact').select(['position', 'transaction', 'kind']).orderBy('position', 'desc').limit(20)),
    work: await transaction.run(build.selectFrom('automation_work').selectAll()),
    busy: await transaction.run(sql`SELECT query, state, backend_xid::text, backend_xmin::text, xact_start, wait_event FROM pg_stat_activity WHERE state IS NOT NULL`),
  }));
}

/** A flow of one step. */
const preventive = (staffId: string) => ({
  nodes: [{ id: 'start', kind: 'start', name: { zh: '开始' } }, { id: 'inspect', kind: 'task', name: { zh: '全面检查' }, performers: [{ kind: 'person', id: staffId }] }, { id: 'end', kind: 'end', name: { zh: '结束' } }],
  edges: [{ id: 'first', from: 'start', to: 'inspect' }, { id: 'last', from: 'inspect', to: 'end' }],
});

async function openRules(options: Parameters<TestBrowser['newPage']>[0] = {}, person = 'administrator'): Promise<TestPage> {
  const page = await chromium.newPage({ baseURL: served.baseURL, ...options });
  page.setDefaultTimeout(patience);
  await page.goto('/settings/automation');
  await page.getByLabel(options.language === 'en' ? 'E-mail or phone' : '邮箱或手机号').fill(`${person}@first.example`);
  await page.getByLabel(options.language === 'en' ? 'Password' : '密码').first().fill('correct horse battery');
  await page.getByRole('button', { name: options.language === 'en' ? 'Sign in' : '登录', exact: true }).click();
  return page;
}

const option = (page: TestPage, name: string) => page.locator('.ant-select-item-option:visible').filter({ hasText: name }).first();

async function choose(page: TestPage, label: string, name: string, typed = ''): Promise<void> {
  const box = page.getByRole('combobox', { name: label, exact: true }).last();
  await box.click();
  if (typed !== '') await box.fill(typed);
  await option(page, name).click();
}

/** Begins a rule and says when it looks at tickets. */
async function begin(page: TestPage, name: string): Promise<void> {
  await page.getByRole('button', { name: '新建规则', exact: true }).click();
  await page.getByRole('menuitem', { name: '空白规则' }).click();
  await page.getByLabel('规则名称').fill(name);
  await choose(page, '触发事件', '工单已建立');
  await page.keyboard.press('Escape');
}

async function addAction(page: TestPage, name: string): Promise<void> {
  await page.getByRole('button', { name: '添加动作' }).click();
  await page.getByRole('menuitem', { name, exact: true }).click();
}

async function publish(page: TestPage): Promise<void> {
  await page.getByRole('button', { name: '发布并启用' }).click();
  // Not the passing word of it: that of the rule before may still stand there.
  await page.getByRole('status').filter({ hasText: '第 1 版生效中' }).waitFor();
  await page.getByRole('link', { name: '自动化规则' }).first().click();
}

test('two rules are built in the editor, act on what comes in, and the log explains a match and a miss', { timeout: 150_000 }, async () => {
  const page = await openRules({ viewport: 'desktop' });
  const { teamId } = served.program.organization;

  // “New ticket with 漏水 goes to the repair team as urgent.”
  await begin(page, '漏水加急');
  await page.getByRole('button', { name: '添加条件' }).first().click();
  await choose(page, '字段', '主题', '主题');
  await page.getByLabel('值', { exact: true }).last().fill('漏水');
  await addAction(page, '修改优先级、分类');
  const first = page.getByRole('group', { name: /^动作 1/ });
  await first.getByRole('combobox', { name: '优先级' }).click();
  await option(page, '紧急').click();
  await addAction(page, '派给');
  const second = page.getByRole('group', { name: /^动作 2/ });
  await second.getByRole('combobox', { name: '选择班组' }).click();
  await option(page, '水电班').click();
  // What is there already shows at once.
  await call('POST', '/tickets', { subject: '旧的漏水工单' });
  await page.getByRole('region', { name: '现在符合的工单' }).waitFor();
  await publish(page);

  // “Same device three times in three days” starts the preventive flow.
  const flow = (await call('POST', '/flows', { name: '预防性维护', definition: preventive(served.program.organization.staff.technician) })).body;
  const { version } = (await call('GET', `/flows/${flow.id}/draft`)).body;
  assert.equal((await served.program.call('POST', `/flows/${flow.id}/publish`, { as: 'administrator', body: {}, headers: { 'if-match': `"${version}"` } })).status, 200);
  await begin(page, '三天三次');
  await page.getByRole('button', { name: '添加计数条件' }).click();
  await page.getByRole('group', { name: '计数' }).getByText('设备').waitFor();
  await addAction(page, '启动流程');
  await page.getByRole('group', { name: /^动作 1/ }).getByRole('combobox', { name: '流程' }).click();
  await option(page, '预防性维护').click();
  await page.getByRole('combobox', { name: '频率限制' }).click();
  await option(page, '每台设备最多一次').click();
  // A list that is still closing is nobody's to read.
  await page.getByRole('heading', { name: '频率限制' }).click();
  await eventually(async () => await page.locator('.ant-select-dropdown:visible').count() === 0, 'the list closed');
  assert.deepEqual(await seriousViolations(page), []);
  await screenshot(page, 'automation-editor');
  await publish(page);

  // Put in order by the keyboard, and back by drag.
  const names = () => page.locator('ol > li a').evaluateAll((links) => links.map((link) => link.textContent?.slice(0, 4)));
  await eventually(async () => (await names()).join() === '漏水加急,三天三次', 'both rules are listed');
  await page.getByRole('button', { name: /^移动「三天三次」/ }).press('ArrowUp');
  await eventually(async () => (await names()).join() === '三天三次,漏水加急', 'the key moved it up');
  await page.getByRole('button', { name: /^移动「漏水加急」/ }).dragTo(page.getByRole('button', { name: /^移动「三天三次」/ }));
  await eventually(async () => (await names()).join() === '漏水加急,三天三次', 'dragging moved it up');

  // What comes in.
  const asset = (await call('POST', '/assets', { code: 'PUMP-9', name: '9号水泵' })).body.id;
  const runs = async () => (await call('GET', '/automation-runs?limit=50')).body.items as { ticket: { subject: string } }[];
  const standing = async () => JSON.stringify({ runs: await runs(), rules: (await call('GET', '/automation-rules')).body, ...await waiting() });
  const leak = (await call('POST', '/tickets', { subject: '厨房漏水' })).body;
  for (const subject of ['不转', '又不转', '还是不转']) {
    const posted = await call('POST', '/tickets', { subject, assetId: asset });
    assert.equal(posted.status, 201, JSON.stringify(posted.body));
    await eventually(async () => (await runs()).filter((run) => run.ticket.subject === subject).length === 2, async () => `both rules were asked about ${subject}: ${await standing()}`);
  }
  await eventually(async () => {
    const { body } = await call('GET', `/tickets/${leak.id}`);
    return body.priority === 'urgent' && body.team?.id === teamId;
  }, 'the leak went to the team as urgent');
  const flowOf = async (subject: string) => (await call('GET', `/tickets/${(await call('GET', '/tickets?limit=200')).body.items.find((ticket: { subject: string }) => ticket.subject === subject).id}/flow`)).body.instance;
  assert.equal((await flowOf('还是不转'))?.status, 'running');
  assert.equal(await flowOf('又不转'), null);

  // The log says why.
  await page.getByText('运行记录', { exact: true }).click();
  const log = page.getByRole('region', { name: '运行记录' });
  const match = log.getByRole('listitem').filter({ hasText: '三天三次' }).filter({ hasText: '还是不转' });
  await match.getByText('已执行').waitFor();
  await match.getByRole('button', { name: /查看原因/ }).click();
  await match.getByText('实际为 3').waitFor();
  await match.getByText('启动流程').waitFor();
  const miss = log.getByRole('listitem').filter({ hasText: '漏水加急' }).filter({ hasText: '还是不转' });
  await miss.getByText('条件不成立').waitFor();
  await miss.getByRole('button', { name: /查看原因/ }).click();
  await miss.getByText('实际为 “还是不转”').waitFor();
  assert.deepEqual(await seriousViolations(page), []);
  await screenshot(page, 'automation-log');

  // Asked for one ticket, it says of each rule why.
  await log.getByLabel('工单编号').fill(leak.number);
  await eventually(async () => (await log.getByRole('listitem').filter({ hasNotText: '厨房漏水' }).count()) === 0 && (await log.getByRole('listitem').filter({ hasText: leak.number }).count()) === 2, 'the log of one ticket');
  await log.getByLabel('工单编号').fill('20200101-00001');
  await log.getByText('没有编号为“20200101-00001”的工单').waitFor();

  // A trial on a ticket the rule does not match does not say that it would act.
  await page.getByText('规则列表', { exact: true }).click();
  await page.getByRole('link', { name: /三天三次/ }).click();
  const trial = page.getByRole('region', { name: '在一张工单上试运行' });
  await trial.getByLabel('工单编号').fill(leak.number);
  await trial.getByRole('button', { name: '试运行' }).click();
  await trial.getByText('条件不成立').waitFor();
  await trial.getByText('条件成立时才会执行').waitFor();
  await trial.getByLabel('工单编号').fill('没有这张');
  await trial.getByRole('button', { name: '试运行' }).click();
  await trial.getByText('没有编号为“没有这张”的工单').waitFor();

  // A manager keeps no rules, and reads why they acted: all of them, and on one ticket.
  const manager = await openRules({ viewport: 'desktop' }, 'manager');
  await manager.getByRole('region', { name: '运行记录' }).getByText(leak.number).first().waitFor();
  assert.equal(await manager.getByRole('button', { name: '新建规则' }).count(), 0);
  await manager.goto(`/tickets/${leak.number}`);
  await manager.getByRole('button', { name: '更多', exact: true }).click();
  await manager.getByRole('menuitem', { name: '自动化规则记录' }).click();
  const why = manager.getByRole('dialog').getByRole('listitem');
  await why.filter({ hasText: '漏水加急' }).getByRole('button', { name: /查看原因/ }).click();
  await why.getByText('实际为 “厨房漏水”').waitFor();
  await why.filter({ hasText: '三天三次' }).getByText('条件不成立').waitFor();
  await why.filter({ hasText: '三天三次' }).getByRole('button', { name: /查看原因/ }).click();
  await why.getByText('同一设备 3 天内的工单数').waitFor();
  assert.deepEqual(await seriousViolations(manager), []);
  assert.deepEqual([...page.complaints, ...manager.complaints], []);
});

test('the editor is whole in English, in the dark and on a phone', { timeout: 90_000 }, async () => {
  const page = await openRules({ viewport: 'phone', language: 'en', theme: 'dark' });
  await page.getByRole('button', { name: 'New rule' }).click();
  await page.getByRole('menuitem', { name: 'Nobody touched it for two days: tell the team lead' }).click();
  await page.getByRole('button', { name: 'Publish and switch on' }).waitFor();
  await page.getByRole('region', { name: 'Would match now' }).getByText(/No ticket matches now/).waitFor();
  assert.deepEqual(await seriousViolations(page), []);
  const overflow = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
  assert.equal(overflow, false);
  await screenshot(page, 'automation-phone');
  assert.deepEqual(page.complaints, []);
});
