/** The dispatch board: a dispatcher plans a morning by drag and drop, by keys, by trying out, and by the planner. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { DispatchDay } from '../../contract/day-plan.ts';
import { workOutPlan } from '../../server/journey/dispatch/day/plans/work-out-plan.ts';
import { localDay } from '../../server/platform/clock/clock.ts';
import { build } from '../../server/platform/db/database.ts';
import { newId } from '../../server/platform/db/uuid.ts';
import { seriousViolations } from '../support/axe.ts';
import { openBrowser, screenshot, type TestBrowser, type TestPage } from '../support/browser.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { eventually, patience } from './eventually.ts';

let served: ServedProgram;
let chromium: TestBrowser;
const date = localDay(new Date(Date.now() + 86_400_000), 'Asia/Shanghai');
const [wang, li] = [{ id: newId(), name: '王师傅' }, { id: newId(), name: '李师傅' }];

before(async () => {
  served = await serveTestProgram();
  const { program } = served;
  const { tenantId, departmentId, teamId } = program.organization;
  const now = program.services.clock.now();
  await program.database.transact(tenantId, async (transaction) => {
    const [role] = await transaction.run(build.selectFrom('role').select('id').where('tenant_id', '=', tenantId).where('key', '=', 'technician'));
    await transaction.run(build.insertInto('staff').values([wang, li].map(({ id, name }, index) => ({ tenant_id: tenantId, id, name, email: `${id}@first.example`, job: 'technician', department_id: departmentId, created_at: now, home_lat: 30.25, home_lng: 120.1 + index / 10 }))));
    await transaction.run(build.insertInto('staff_role').values([wang, li].map(({ id }) => ({ tenant_id: tenantId, staff_id: id, role_id: role!.id }))));
    await transaction.run(build.insertInto('team_member').values([wang, li].map(({ id }) => ({ tenant_id: tenantId, team_id: teamId, staff_id: id }))));
  });
  chromium = await openBrowser();
});

after(async () => {
  await chromium?.close();
  await served?.close();
});

async function newTicket(subject: string, more: object = {}): Promise<{ id: string; number: string }> {
  const { program } = served;
  const { status, body, text } = await program.call('POST', '/tickets', { as: 'administrator', body: { subject, requester: { name: '李女士', phone: '13812345678' }, team: program.organization.teamId, location: { address: `文三路 ${subject.length} 号`, lat: 30.27, lng: 120.12 }, ...more } });
  assert.equal(status, 201, text);
  return body;
}

/** Who has each ticket that day, by its number. */
async function planned(): Promise<Map<string, { name: string; startsAt: string; status: string | null }>> {
  const { status, body, text } = await served.program.call('GET', `/dispatch/day?date=${date}`, { as: 'dispatcher' });
  assert.equal(status, 200, text);
  return new Map((body as DispatchDay).technicians.flatMap(({ name, stops }) => stops.map(({ number, startsAt, status: state }) => [number, { name, startsAt, status: state }])));
}

async function signedIn(): Promise<TestPage> {
  const page = await chromium.newPage({ baseURL: served.baseURL });
  page.setDefaultTimeout(patience);
  await page.goto('/');
  await page.getByLabel('邮箱或手机号').fill('dispatcher@first.example');
  await page.getByLabel('密码').first().fill('correct horse battery');
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await page.getByRole('heading', { name: '工作台' }).waitFor();
  await page.goto(`/dispatch?date=${date}`);
  return page;
}

test('a morning is planned by drag and drop, by keys, by trying out, and by the planner', { timeout: 120_000 }, async () => {
  const skill = await served.program.call('POST', '/skills', { as: 'administrator', body: { name: '高压电工', nameEn: 'High voltage' } });
  assert.equal(skill.status, 201, skill.text);
  const category = await served.program.call('POST', '/categories', { as: 'administrator', body: { name: '配电房', skills: [{ skillId: skill.body.id, level: 2 }] } });
  assert.equal(category.status, 201, category.text);
  const pipe = await newTicket('厨房水管漏水', { priority: 'urgent' });
  const lamp = await newTicket('楼道灯不亮');
  const power = await newTicket('配电房跳闸', { category: category.body.id });
  const page = await signedIn();
  const inLane = (number: string) => page.locator(`[data-ticket="${number}"]`);
  const row = (id: string) => page.locator(`[data-technician="${id}"]`);
  const block = (id: string, number: string) => row(id).locator(`[data-number="${number}"]`);

  /** Drags something over somebody's row, so many pixels behind the names. */
  async function dragTo(from: { x: number; y: number; width: number; height: number }, technicianId: string, right: number): Promise<void> {
    // The row goes on behind what is in sight; the names stay where they are.
    const there = (await row(technicianId).getByRole('button').first().boundingBox())!;
    await page.mouse.move(from.x + Math.min(30, from.width / 2), from.y + from.height / 2);
    await page.mouse.down();
    await page.mouse.move(there.x + there.width + right - 40, there.y + there.height / 2, { steps: 3 });
    await page.mouse.move(there.x + there.width + right, there.y + there.height / 2, { steps: 3 });
  }

  // By the mouse: what it costs is told before it is dropped; undone, the ticket waits again.
  await inLane(pipe.number).waitFor();
  await dragTo((await inLane(pipe.number).boundingBox())!, wang.id, 200);
  await page.getByText('可以，不违反规则').waitFor();
  await screenshot(page, 'dispatch-01-drag');
  await page.mouse.up();
  await block(wang.id, pipe.number).waitFor();
  await page.getByText(`已安排 ${pipe.number}：王师傅`).waitFor();
  await inLane(pipe.number).waitFor({ state: 'detached' });
  assert.equal((await planned()).get(pipe.number)?.name, '王师傅');
  await page.getByRole('button', { name: '撤销' }).click();
  await inLane(pipe.number).waitFor();
  await block(wang.id, pipe.number).waitFor({ state: 'detached' });
  assert.equal((await planned()).has(pipe.number), false);

  // By keys: picked up, given to the person below, an hour later, dropped.
  await inLane(lamp.number).focus();
  await page.keyboard.press('Enter');
  await page.getByText('Enter 放下', { exact: false }).last().waitFor();
  const first = (await page.locator('[data-technician][data-aimed]').getAttribute('data-technician'))!;
  await page.keyboard.press('ArrowDown');
  await eventually(async () => (await page.locator('[data-technician][data-aimed]').getAttribute('data-technician')) !== first, 'the next person is aimed at');
  const second = (await page.locator('[data-technician][data-aimed]').getAttribute('data-technician'))!;
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Enter');
  await block(second, lamp.number).waitFor();
  await eventually(async () => (await planned()).has(lamp.number), 'what was dropped by keys is kept');
  // The list closes up behind what has left it: what is dragged next is looked for after that.
  await inLane(lamp.number).waitFor({ state: 'detached' });

  // A hard rule takes a reason; without one nothing is kept.
  await dragTo((await inLane(power.number).boundingBox())!, li.id, 300);
  await page.getByText('技能不够').waitFor();
  await page.mouse.up();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('高压电工').waitFor();
  await screenshot(page, 'dispatch-02-reason');
  await dialog.getByLabel('原因').fill('只有他离得近，电话里指导');
  await dialog.getByRole('button', { name: '仍然安排' }).click();
  await block(li.id, power.number).waitFor();
  await eventually(async () => (await planned()).get(power.number)?.name === '李师傅', 'it is kept with the reason');
  await inLane(power.number).waitFor({ state: 'detached' });
  const told = await served.program.call('GET', `/tickets/${power.id}/timeline?limit=50`, { as: 'dispatcher' });
  assert.equal(told.status, 200, told.text);
  assert.match(told.text, /只有他离得近/, 'the reason stands in the history of the ticket');

  // Trying out keeps nothing until it is applied.
  await page.getByRole('button', { name: '试排' }).click();
  await page.getByText('拖动上门试试').waitFor();
  await dragTo((await inLane(pipe.number).boundingBox())!, wang.id, 220);
  await page.mouse.up();
  await page.getByText('1 处改动').waitFor();
  assert.equal((await planned()).has(pipe.number), false);
  await page.getByRole('region', { name: '试排中' }).getByRole('button', { name: '应用' }).click();
  await page.getByText('试排中').waitFor({ state: 'detached' });
  await eventually(async () => (await planned()).get(pipe.number)?.name === '王师傅', 'what was tried out is applied');

  // What others do appears by itself.
  const late = [await newTicket('马桶堵塞'), await newTicket('门禁失灵'), await newTicket('客厅空调不制冷')];
  for (const { number } of late) await inLane(number).waitFor();

  // The planner: asked for, worked out, shown as a difference, applied.
  await page.getByRole('button', { name: '智能排程' }).click();
  const planner = page.getByRole('dialog', { name: '智能排程' });
  await planner.getByRole('button', { name: '开始计算' }).click();
  await eventually(async () => /plan=[0-9a-f-]{36}/.test(page.url()), 'the plan has an address');
  // No job runs in a test program: its work is done here.
  await workOutPlan(served.program.services, { tenantId: served.program.organization.tenantId, planId: /plan=([0-9a-f-]{36})/.exec(page.url())![1]! }, { rounds: 300 });
  await page.getByRole('tab', { name: '新安排 3' }).waitFor();
  for (const { number } of late) await page.locator(`[data-plan-item="${number}"]`).waitFor();
  await screenshot(page, 'dispatch-03-plan');
  await page.getByRole('button', { name: '应用全部' }).click();
  await page.getByText(/已应用：\d+ 项已安排/).waitFor();
  await page.getByRole('button', { name: '完成' }).click();
  const day = await planned();
  for (const { number } of [pipe, lamp, power, ...late]) assert.equal(day.get(number)?.status, 'scheduled', number);
  await page.getByText('没有待排的工单').waitFor();
  await screenshot(page, 'dispatch-04-planned');
  // What was held is given back with a reason only, and taken back as it was.
  const owner = [wang, li].find(({ name }) => name === day.get(pipe.number)!.name)!;
  await block(owner.id, pipe.number).click();
  await page.getByLabel('锁定', { exact: true }).click();
  await page.locator('.ant-select-item-option').filter({ hasText: /^锁定人员$/ }).click();
  const held = async (): Promise<string | undefined> => ((await served.program.call('GET', `/dispatch/day?date=${date}`, { as: 'dispatcher' })).body as DispatchDay).technicians.flatMap(({ stops }) => stops).find(({ number }) => number === pipe.number)?.lock?.kind;
  await eventually(async () => await held() === 'person', 'it is held');
  await page.getByRole('button', { name: '退回待排' }).click();
  await dialog.getByText('已锁定，不应退回').waitFor();
  await screenshot(page, 'dispatch-05-release');
  await dialog.getByLabel('原因').fill('客户改期');
  await dialog.getByRole('button', { name: '仍然安排' }).click();
  await inLane(pipe.number).waitFor();
  await page.getByRole('button', { name: '撤销' }).click();
  await block(owner.id, pipe.number).waitFor();
  await eventually(async () => await held() === 'person', 'taken back, it is held as before');

  // Somebody cannot come, and nobody else knows high voltage: that is given back.
  await row(li.id).getByRole('button').first().click();
  await page.getByRole('button', { name: '今天不能来，重新排' }).click();
  await eventually(async () => /plan=[0-9a-f-]{36}/.test(page.url()), 'the plan has an address');
  await workOutPlan(served.program.services, { tenantId: served.program.organization.tenantId, planId: /plan=([0-9a-f-]{36})/.exec(page.url())![1]! }, { rounds: 300 });
  await page.locator(`[data-plan-item="${power.number}"]`).getByText('没有人能去，退回待排').waitFor();
  await screenshot(page, 'dispatch-06-absent');
  await page.getByRole('button', { name: /^应用/ }).last().click();
  await page.getByText('1 项已退回待排').waitFor();
  await screenshot(page, 'dispatch-07-given-back');
  await page.getByRole('button', { name: '完成' }).click();
  await inLane(power.number).waitFor();

  // What lies half behind the names while one scrolls is no target that is too small.
  await page.locator('[data-timeline]').evaluate((timeline) => timeline.scrollTo({ left: 0 }));
  assert.deepEqual(await seriousViolations(page), []);
  assert.deepEqual(page.complaints, []);
});

test('a visit goes to another day: chosen beside it, or dropped on the arrow of the day', { timeout: 120_000 }, async () => {
  const ticket = await newTicket('阳台门关不上');
  const saved = await served.program.call('POST', '/dispatch/schedules', { as: 'dispatcher', body: { date, technicians: [{ technicianId: wang.id, stops: [{ ticketId: ticket.id, startsAt: new Date(`${date}T18:00:00+08:00`).toISOString() }] }] } });
  assert.equal(saved.status, 200, saved.text);
  const other = localDay(new Date(Date.parse(`${date}T12:00:00+08:00`) + 86_400_000), 'Asia/Shanghai');
  const stops = async (day: string) => ((await served.program.call('GET', `/dispatch/day?date=${day}`, { as: 'dispatcher' })).body as DispatchDay).technicians.flatMap(({ name, stops: theirs }) => theirs.map((stop) => ({ ...stop, name }))).filter(({ number }) => number === ticket.number);
  const page = await signedIn();
  const block = page.locator(`[data-number="${ticket.number}"]`);
  await block.click();
  const panel = page.getByRole('complementary', { name: '阳台门关不上' });
  await panel.getByLabel('日期').click();
  await page.locator(`td[title="${other}"]`).click();
  await screenshot(page, 'dispatch-05-other-day');
  await panel.getByRole('button', { name: '改到这天' }).click();
  await block.waitFor({ state: 'detached' });
  await eventually(async () => (await stops(other)).length === 1 && (await stops(date)).length === 0, 'it is on the other day');
  const [there] = await stops(other);
  assert.deepEqual([there!.name, there!.startsAt, there!.visitId], ['王师傅', new Date(`${other}T18:00:00+08:00`).toISOString(), saved.body.changed[0].visitId]);
  await page.getByText(new RegExp(`已安排 ${ticket.number}：王师傅 .*日.* 18:00`)).waitFor();

  // From there it is dropped on the day before; what it costs there is told before it is let go.
  await page.getByRole('button', { name: '后一天' }).click();
  await block.scrollIntoViewIfNeeded();
  const from = (await block.boundingBox())!;
  const arrow = (await page.getByRole('button', { name: '前一天' }).boundingBox())!;
  await page.mouse.move(from.x + 12, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(arrow.x + 60, arrow.y + 40, { steps: 4 });
  await page.mouse.move(arrow.x + arrow.width / 2, arrow.y + arrow.height / 2, { steps: 4 });
  await page.getByText('可以，不违反规则').waitFor();
  await screenshot(page, 'dispatch-06-drop-on-day');
  await page.mouse.up();
  await block.waitFor({ state: 'detached' });
  await eventually(async () => (await stops(date)).length === 1, 'it is back on the first day');
  // Undone, it is on the other day again.
  const day = new Intl.DateTimeFormat('zh-CN', { month: 'short', day: 'numeric', weekday: 'short', timeZone: 'Asia/Shanghai' }).format(Date.parse(`${date}T12:00:00+08:00`));
  await page.locator('.ant-message-notice').filter({ hasText: `王师傅 ${day} 18:00` }).getByRole('button', { name: '撤销' }).click();
  await block.waitFor();
  await eventually(async () => (await stops(other))[0]?.startsAt === new Date(`${other}T18:00:00+08:00`).toISOString(), 'it is on the other day again');
  assert.deepEqual(page.complaints, []);
});

test('of three hundred people no more rows are drawn than are in sight, wherever one scrolls', { timeout: 120_000 }, async () => {
  const { program } = served;
  const { tenantId, departmentId, teamId } = program.organization;
  const crowd = Array.from({ length: 297 }, (_, index) => ({ id: newId(), name: `技师 ${String(index).padStart(3, '0')}` }));
  await program.database.transact(tenantId, async (transaction) => {
    const [role] = await transaction.run(build.selectFrom('role').select('id').where('tenant_id', '=', tenantId).where('key', '=', 'technician'));
    await transaction.run(build.insertInto('staff').values(crowd.map(({ id, name }) => ({ tenant_id: tenantId, id, name, email: `${id}@first.example`, job: 'technician', department_id: departmentId, created_at: program.services.clock.now() }))));
    await transaction.run(build.insertInto('staff_role').values(crowd.map(({ id }) => ({ tenant_id: tenantId, staff_id: id, role_id: role!.id }))));
    await transaction.run(build.insertInto('team_member').values(crowd.map(({ id }) => ({ tenant_id: tenantId, team_id: teamId, staff_id: id }))));
  });
  // Hired over HTTP, one of them has the roster read anew.
  const hired = await program.call('POST', '/staff', { as: 'administrator', body: { name: '技师 297', email: 'last@first.example', job: 'technician', departmentId, teamIds: [teamId] } });
  assert.equal(hired.status, 201, hired.text);
  const page = await signedIn();
  const rows = page.locator('[data-timeline] [data-technician]');
  await rows.first().waitFor();
  const timeline = page.locator('[data-timeline]');
  const total = Number(await rows.first().getAttribute('aria-setsize'));
  assert.ok(total >= 299, `${total} people`);
  const { height, client } = await timeline.evaluate((element) => ({ height: element.scrollHeight, client: element.clientHeight }));
  // Those in sight, and a few above and below, so that nothing is blank while one scrolls.
  const most = Math.ceil(client / 60) + 2 * 6 + 2;
  const seen = new Set<string>();
  for (let top = 0; top < height; top += 240) {
    await timeline.evaluate((element, to) => element.scrollTo({ top: to }), top);
    // Drawn in the frame after: the row in the middle of what is in sight is there, and is the one that belongs there.
    const place = Math.min(total - 1, Math.floor((Math.min(top, height - client) + client / 2 - 32) / 60));
    await page.locator(`[data-timeline] [aria-posinset="${place + 1}"]`).waitFor();
    const drawn = await rows.evaluateAll((elements) => elements.map((element) => element.getAttribute('data-technician')!));
    assert.ok(drawn.length <= most, `${drawn.length} rows are drawn, ${most} are enough`);
    for (const id of drawn) seen.add(id);
  }
  assert.equal(seen.size, total, 'everybody was drawn at some place');
  await screenshot(page, 'dispatch-07-three-hundred');
  assert.deepEqual(page.complaints, []);
});
