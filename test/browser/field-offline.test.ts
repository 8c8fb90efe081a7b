import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import sharp from 'sharp';
import type { Visit } from '../../contract/visit.ts';
import { isoMediaOf } from '../../server/platform/files/sample-files.ts';
import { seriousViolations } from '../support/axe.ts';
import { openBrowser, screenshot, type TestBrowser, type TestPage } from '../support/browser.ts';
import type { TestProgram } from '../support/program.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { newSession, newTicket } from '../api/scene.ts';
import { eventually, patience } from './eventually.ts';
import { sign } from './signature.ts';

const place = { lat: 30.2741, lng: 120.1551, address: '西畔花园 3幢2单元501室' };
const nearby = { lat: 30.2746, lng: 120.1557 };

let served: ServedProgram;
let program: TestProgram;
let chromium: TestBrowser;
let page: TestPage;
let photo: Buffer;

before(async () => {
  served = await serveTestProgram();
  program = served.program;
  photo = await sharp({ create: { width: 3000, height: 1500, channels: 3, background: '#4a7d9c' } }).jpeg().toBuffer();
  chromium = await openBrowser();
  page = await chromium.newPage({ viewport: 'phone', baseURL: served.baseURL, position: nearby });
  page.setDefaultTimeout(patience);
  await page.goto('/field/');
  await page.locator('[name="account"]').fill('technician@first.example');
  await page.locator('[name="password"]').fill('correct horse battery');
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await page.getByText('没有待办任务').waitFor();
  // From here on the app opens without a network.
  await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
  await eventually(async () => (await kept('notes')).length > 0, 'the first list of jobs');
});

after(async () => {
  await chromium?.close();
  await served?.close();
});

/** A ticket assigned to the technician; gives its id and its visit's. */
async function sendJob(subject: string): Promise<{ ticketId: string; visitId: string }> {
  const { staff } = program.organization;
  const created = await program.call('POST', '/tickets', { as: 'dispatcher', body: { subject, description: `${subject}，请尽快`, location: place, requester: { name: '李女士', phone: '13812345678' } } });
  assert.equal(created.status, 201, created.text);
  const assigned = await program.call('POST', `/tickets/${created.body.id}/actions/assign`, { as: 'dispatcher', body: { assignee: staff.technician, visit: {} } });
  assert.equal(assigned.status, 200, assigned.text);
  return { ticketId: created.body.id, visitId: assigned.body.visits[0].id };
}

async function visitOf(visitId: string): Promise<Visit> {
  const { status, body, text } = await program.call('GET', `/visits/${visitId}`, { as: 'technician' });
  assert.equal(status, 200, text);
  return body;
}

async function openJob(subject: string): Promise<void> {
  await page.goto('/field/#/');
  const row = page.locator('.next-card-link, .job-row').filter({ hasText: subject }).first();
  await row.waitFor();
  // By the keyboard: word of a new job may lie over the list for some seconds, and a click would wait them out.
  await row.focus();
  await page.keyboard.press('Enter');
  await page.locator('.job-title').filter({ hasText: subject }).waitFor();
}

const step = (name: string) => page.locator('.action-bar').getByRole('button', { name, exact: true });

/** Everything the phone keeps under a name, as its database has it. */
const kept = (store: string): Promise<unknown[]> => page.evaluate(`(async () => {
  const open = (await indexedDB.databases()).find(({ name }) => name.startsWith('bihuan-field-'));
  if (open === undefined) return [];
  const database = await new Promise((resolve, reject) => {
    const request = indexedDB.open(open.name);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const rows = await new Promise((resolve, reject) => {
    const request = database.transaction('${store}').objectStore('${store}').getAll();
    request.onsuccess = () => resolve(request.result.map((row) => JSON.parse(JSON.stringify(row))));
    request.onerror = () => reject(request.error);
  });
  database.close();
  return rows;
})()`);

/** Waits until no step is left to send: by what the phone keeps, for the marks come a moment after a step and go one by one. */
async function nothingWaits(): Promise<void> {
  await eventually(async () => (await kept('outbox')).length === 0, 'every step sent');
  for (const mark of await page.locator('.pending-mark, .sync-line').all()) await mark.waitFor({ state: 'detached' });
}

test('a job done in a basement reaches the server whole, in order and once', async () => {
  const { ticketId, visitId } = await sendJob('厨房水管爆裂');
  const listed = await program.call('POST', `/tickets/${ticketId}/checklist`, { as: 'manager', body: { items: [{ text: '关总阀' }, { text: '试水十分钟' }] } });
  assert.equal(listed.status, 201, listed.text);
  // It appears by itself.
  await page.locator('.next-card').getByText('厨房水管爆裂').waitFor();
  await eventually(async () => (await kept('visits') as { visit: Visit }[]).some(({ visit }) => visit.id === visitId && visit.checklist.length === 2), 'the checklist on the phone');

  await page.context().setOffline(true);
  await page.reload();
  await page.getByText(/离线：显示 \d\d:\d\d 的数据/).waitFor();
  await openJob('厨房水管爆裂');
  await step('接单').click();
  await step('出发').click();
  await step('到场签到').click();
  await page.getByText(/距现场约 \d+ 米/).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: '签到', exact: true }).click();

  await page.getByRole('checkbox', { name: /关总阀/ }).click();
  await page.getByText('检查清单 1 / 2').waitFor();
  await page.getByRole('link', { name: '写记录' }).click();
  await page.locator('[name="text"]').fill('已关总阀，拆下旧角阀。');
  await page.locator('input[type="file"]').last().setInputFiles({ name: 'valve.jpg', mimeType: 'image/jpeg', buffer: photo });
  await page.getByRole('button', { name: '查看照片 1' }).waitFor();
  await page.getByText('草稿已自动保存在本机').waitFor();
  // What was typed and taken is still there when the phone dies.
  await page.reload();
  await page.getByRole('button', { name: '查看照片 1' }).waitFor();
  assert.equal(await page.locator('[name="text"]').inputValue(), '已关总阀，拆下旧角阀。');
  await page.getByRole('button', { name: '保存记录' }).click();

  await step('完工').click();
  await page.getByRole('checkbox', { name: /试水十分钟/ }).click();
  await page.locator('[name="text"]').fill('更换角阀一个，试水十分钟无渗漏。');
  await page.locator('[name="parts"]').fill('DN20 角阀 × 1\n生料带');
  await page.getByRole('button', { name: '下一步' }).click();
  await page.getByText('请客户签字，或勾选“客户不在现场”').waitFor();
  await sign(page);
  await page.locator('.rating-stars label').nth(3).click();
  await page.locator('[name="ratingComment"]').fill('来得很快');
  await screenshot(page, 'field-rating');
  await page.getByRole('button', { name: '下一步' }).click();
  await page.getByRole('img', { name: '4 分' }).waitFor();
  await page.getByRole('button', { name: '确认完工' }).click();
  await page.getByText('已保存在本机，联网后会自动提交。').waitFor();
  await page.getByText('7 项待发送，联网后会自动发送').waitFor();
  await screenshot(page, 'field-offline-done');

  await page.reload();
  await page.getByText('7 项待发送，联网后会自动发送').waitFor();
  assert.equal((await visitOf(visitId)).status, 'scheduled');

  await page.context().setOffline(false);
  await page.getByText('已提交，客户可以确认和评价了。').waitFor();
  await nothingWaits();

  const visit = await visitOf(visitId);
  assert.equal(visit.status, 'completed');
  assert.equal(visit.workSummary, '更换角阀一个，试水十分钟无渗漏。');
  assert.equal(visit.signedBy, '李女士');
  assert.deepEqual([visit.parts, visit.checklist.map(({ text, done }) => [text, done !== null])], [['DN20 角阀 × 1', '生料带'], [['关总阀', true], ['试水十分钟', true]]]);
  const rated = await program.call('GET', `/tickets/${ticketId}/timeline?limit=200`, { as: 'dispatcher' });
  assert.deepEqual(rated.body.items.filter((entry: { kind: string }) => entry.kind === 'ticket.rated').map(({ data }: { data: Record<string, unknown> }) => [data['rating'], data['comment'], data['onSite']]), [[4, '来得很快', true]]);
  assert.ok(visit.checkInDistance !== null && visit.checkInDistance > 50 && visit.checkInDistance < 120, `${visit.checkInDistance} m`);
  assert.equal(visit.ticket.status, 'resolved');
  assert.deepEqual(visit.files.map((file) => file.purpose).sort(), ['photo', 'signature']);
  const sent = visit.files.find((file) => file.purpose === 'photo');
  assert.deepEqual([sent?.mediaType, sent?.width, sent?.height], ['image/jpeg', 2000, 1000]);
  const timeline = await program.call('GET', `/tickets/${ticketId}/timeline?limit=200`, { as: 'technician' });
  const steps = timeline.body.items.map((entry: { kind: string }) => entry.kind).filter((kind: string) => kind.startsWith('visit.') && kind !== 'visit.near');
  assert.deepEqual(steps, ['visit.scheduled', 'visit.accepted', 'visit.travel_started', 'visit.checked_in', 'visit.work_logged', 'visit.completed']);
});

test('photos that the server has forgotten after days without a network go out once more', async () => {
  const { visitId } = await sendJob('车库灯带不亮');
  await openJob('车库灯带不亮');
  await step('接单').click();
  await step('出发').click();
  // A fix of half a minute ago is too old for a check-in.
  await page.context().setGeolocation({ latitude: nearby.lat, longitude: nearby.lng });
  await step('到场签到').click();
  await page.getByText(/距现场约 \d+ 米/).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: '签到', exact: true }).click();
  await nothingWaits();
  await page.getByRole('link', { name: '写记录' }).click();
  await page.locator('[name="text"]').fill('灯带电源烧坏，已换。');
  await page.locator('input[type="file"]').last().setInputFiles({ name: 'lamp.jpg', mimeType: 'image/jpeg', buffer: photo });
  // It goes out while the technician goes on writing.
  await eventually(async () => (await kept('files') as { fileId: string | null }[]).some(({ fileId }) => fileId !== null), 'the photo sent ahead');
  await page.context().setOffline(true);
  await page.getByRole('button', { name: '保存记录' }).click();
  await eventually(async () => (await kept('outbox')).length === 1, 'the step waits');
  // What the server does with what hangs on nothing after a day.
  await program.database.transact(program.organization.tenantId, (transaction) => transaction.run(sql`DELETE FROM file WHERE ticket_id IS NULL`));
  await page.context().setOffline(false);
  await nothingWaits();
  const visit = await visitOf(visitId);
  assert.equal(visit.workSummary, '灯带电源烧坏，已换。');
  assert.deepEqual(visit.files.map((file) => file.purpose), ['photo']);
});

test('a step the server refuses is shown with its reason and can be given up', async () => {
  const { ticketId } = await sendJob('阳台地漏堵塞');
  await page.goto('/field/#/');
  await page.getByText('阳台地漏堵塞').first().waitFor();
  await page.context().setOffline(true);
  await openJob('阳台地漏堵塞');
  await step('接单').click();
  await step('出发').click();

  const cancelled = await program.call('POST', `/tickets/${ticketId}/actions/cancel`, { as: 'manager', body: { reason: '客户已自行处理' } });
  assert.equal(cancelled.status, 200, cancelled.text);
  await page.context().setOffline(false);
  await page.getByText('“接单”没有被接受').waitFor();
  await page.getByText(/上门任务现在是“已取消”/).waitFor();
  // By its rule, with what to do; and in the list of what did not go through.
  await page.getByText('这次上门已被取消或结束').waitFor();
  await page.goto('/field/#/unsent');
  await page.getByRole('button', { name: '复制内容' }).waitFor();
  assert.deepEqual(await seriousViolations(page), []);
  await page.goBack();
  await page.getByText('之后还有 1 步在等待').waitFor();
  await screenshot(page, 'field-refused');

  for (const name of ['接单', '出发']) {
    await page.getByText(`“${name}”没有被接受`).waitFor();
    await page.getByRole('button', { name: '放弃这一步' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '放弃这一步' }).click();
  }
  await nothingWaits();
  await page.locator('.visit-status-cancelled').waitFor();
});

test('without a position one can check in all the same', async () => {
  const { visitId } = await sendJob('楼道灯不亮');
  await page.context().clearPermissions();
  // A page that was allowed once stays so until it is opened anew.
  await page.reload();
  await openJob('楼道灯不亮');
  await step('接单').click();
  await step('出发').click();
  await step('到场签到').click();
  await page.getByText('没有定位权限', { exact: true }).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: '不带定位签到' }).click();
  await step('完工').waitFor();
  await nothingWaits();
  const visit = await visitOf(visitId);
  assert.equal(visit.status, 'on_site');
  assert.equal(visit.checkInDistance, null);
});

/** Taps twice where something is, as a hurried thumb does: the second tap hits whatever is there by then. */
async function tapTwice(target: ReturnType<TestPage['locator']>, milliseconds: number): Promise<void> {
  const box = await target.boundingBox();
  assert.ok(box !== null);
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.click(x, y);
  await page.waitForTimeout(milliseconds);
  await page.mouse.click(x, y);
}

/** The steps of a ticket's visits as the server has them. */
async function stepsOf(ticketId: string): Promise<string[]> {
  const timeline = await program.call('GET', `/tickets/${ticketId}/timeline?limit=200`, { as: 'technician' });
  return timeline.body.items.map((entry: { kind: string }) => entry.kind).filter((kind: string) => kind.startsWith('visit.') && kind !== 'visit.near');
}

test('a hurried second tap takes no step of its own, wherever it lands', async () => {
  await page.context().grantPermissions(['geolocation']);
  const settled = (name: string) => page.locator('.app:not([data-settling]) .action-bar:not([data-settling]) > :not([data-settling])').filter({ hasText: name });
  const gap = 120;
  for (const instant of [0, gap]) {
    const { ticketId } = await sendJob(`连点 ${instant}`);
    await openJob(`连点 ${instant}`);
    await settled('接单').waitFor();
    await tapTwice(step('接单'), instant);
    await step('出发').waitFor();
    await nothingWaits();
    assert.deepEqual(await stepsOf(ticketId), ['visit.scheduled', 'visit.accepted']);
  }
  const { ticketId, visitId } = await sendJob('连点到完工');
  await openJob('连点到完工');
  await step('接单').click();
  await settled('出发').waitFor();
  await tapTwice(step('出发'), gap);
  await settled('到场签到').waitFor();
  assert.equal(await page.getByRole('dialog').count(), 0);

  // The phone searches on and on, so that the sheet is still there when the second tap comes. Its clock is ours from here on.
  await page.clock.install();
  await page.evaluate('void (navigator.geolocation.getCurrentPosition = () => {})');
  await tapTwice(step('到场签到'), gap);
  await page.getByText('正在定位…').waitFor();
  assert.equal(await page.getByRole('button', { name: '不带定位签到' }).count(), 0, 'offered only once searching failed or took long');
  await nothingWaits();
  assert.equal((await visitOf(visitId)).status, 'travelling');
  // Searching took long, by the page's clock.
  await page.clock.fastForward(10_000);
  await page.getByRole('button', { name: '不带定位签到' }).click();
  await settled('完工').waitFor();

  await page.getByRole('link', { name: '写记录' }).click();
  await page.locator('[name="text"]').fill('已拆下旧灯管。');
  await settled('保存记录').waitFor();
  await tapTwice(page.getByRole('button', { name: '保存记录' }), gap);
  await settled('完工').waitFor();
  assert.equal(await page.evaluate('location.hash'), `#/visits/${visitId}`);

  await tapTwice(step('完工'), gap);
  await page.locator('[name="text"]').fill('灯管已更换，亮度正常。');
  await page.getByText('客户不在现场').click();
  await settled('下一步').waitFor();
  await tapTwice(page.getByRole('button', { name: '下一步' }), gap);
  await settled('确认完工').waitFor();
  await nothingWaits();
  assert.equal((await visitOf(visitId)).status, 'on_site');
  await tapTwice(page.getByRole('button', { name: '确认完工' }), gap);
  await page.getByText('已提交，客户可以确认和评价了。').waitFor();
  assert.deepEqual(await stepsOf(ticketId), ['visit.scheduled', 'visit.accepted', 'visit.travel_started', 'visit.checked_in', 'visit.work_logged', 'visit.completed']);
  assert.equal(await page.evaluate('location.hash'), `#/visits/${visitId}/done`);
});

test('a visit that cannot be finished is told from a basement, and the ticket waits for what it needs', async () => {
  const { ticketId, visitId } = await sendJob('单元门禁打不开');
  await page.goto('/field/#/');
  await page.locator('.next-card-link, .job-row').filter({ hasText: '单元门禁打不开' }).waitFor();
  await openJob('单元门禁打不开');
  await step('接单').click();
  await step('出发').click();
  await nothingWaits();
  await page.context().setOffline(true);
  await page.locator('.action-bar').getByRole('link', { name: '无法完成' }).click();
  await page.getByRole('button', { name: '结束这次上门' }).click();
  await page.getByText('请选择原因').waitFor();
  await page.getByText('缺配件').click();
  await page.getByRole('button', { name: '结束这次上门' }).click();
  await page.getByText('请写几个字，让同事知道怎么安排').waitFor();
  await page.locator('[name="note"]').fill('电磁锁 12V 一把');
  await page.locator('[name="needs"]').fill('电磁锁 12V × 1\n\n 人字梯 ');
  await page.locator('input[type="file"]').last().setInputFiles({ name: 'lock.jpg', mimeType: 'image/jpeg', buffer: photo });
  await page.getByRole('button', { name: '查看照片 1' }).waitFor();
  await eventually(async () => (await kept('drafts')).some((draft) => JSON.stringify(draft).includes('电磁锁')), 'the draft');
  // What was chosen and typed is still there when the phone dies.
  await page.reload();
  await page.getByRole('radio', { name: /缺配件/, checked: true }).waitFor();
  assert.equal(await page.locator('[name="note"]').inputValue(), '电磁锁 12V 一把');
  await screenshot(page, 'field-obstacle');
  await page.getByRole('button', { name: '结束这次上门' }).click();
  await page.getByText('1 项待发送，联网后会自动发送').waitFor();
  await page.locator('.next-card-link, .job-row').filter({ hasText: '单元门禁打不开' }).waitFor({ state: 'detached' });
  assert.equal((await visitOf(visitId)).status, 'travelling');

  await page.context().setOffline(false);
  await nothingWaits();
  const visit = await visitOf(visitId);
  assert.deepEqual([visit.status, visit.obstacle?.kind, visit.obstacle?.note, visit.needs], ['incomplete', 'part_needed', '电磁锁 12V 一把', ['电磁锁 12V × 1', '人字梯']]);
  assert.equal(visit.files.filter((file) => file.purpose === 'photo').length, 1);
  // What stood in the way is told once, though the conversation has it, too.
  await page.goto(`/field/#/visits/${visitId}`);
  await page.locator('.obstacle-told').getByText('电磁锁 12V 一把').waitFor();
  await eventually(async () => JSON.stringify(await kept('timelines')).includes('visit.obstacle_reported'), 'the conversation is here');
  assert.equal(await page.getByText('电磁锁 12V 一把').count(), 1);
  const { body: ticket } = await program.call('GET', `/tickets/${ticketId}`, { as: 'dispatcher' });
  assert.deepEqual([ticket.status, ticket.waitingFor, ticket.assignee], ['waiting', 'part', null]);
});

test('word of a new job covers no title, and goes once the job is opened', async () => {
  await page.goto('/field/#/me');
  await page.getByRole('heading', { name: '我的', exact: true }).waitFor();
  await sendJob('电梯厅顶灯闪烁');
  const word = page.locator('.new-job-box');
  await word.getByText('电梯厅顶灯闪烁').waitFor();
  const [box, title] = await Promise.all([word.boundingBox(), page.locator('h1').boundingBox()]);
  assert.ok(box !== null && title !== null && title.y + title.height <= box.y, 'the title stands free');
  // By another way than the word itself.
  await openJob('电梯厅顶灯闪烁');
  await word.waitFor({ state: 'detached' });
  await step('接单').click();
  await nothingWaits();
});

test('when the session ends, steps wait on the phone until their owner is back', async () => {
  const { visitId } = await sendJob('洗手盆下水堵塞');
  await openJob('洗手盆下水堵塞');
  await page.context().clearCookies();
  await step('接单').click();
  await page.getByText('登录已过期，内容都保存在本机').waitFor();
  await page.getByRole('button', { name: '重新登录' }).click();
  assert.equal(await page.locator('[name="account"]').inputValue(), 'technician@first.example');
  await page.locator('[name="password"]').fill('correct horse battery');
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await step('出发').waitFor();
  await nothingWaits();
  assert.equal((await visitOf(visitId)).status, 'accepted');
});

test('a film that breaks off is sent on from there after the phone was closed; one that is recorded here is played at the office', async () => {
  const { ticketId, visitId } = await sendJob('水泵异响');
  await openJob('水泵异响');
  for (const name of ['接单', '出发']) await step(name).click();
  // The position is shared from here on, and says so.
  await page.getByText('正在共享位置').waitFor();
  await eventually(async () => (await program.call('GET', '/positions', { as: 'dispatcher' })).body.items.some((item: { visitId: string }) => item.visitId === visitId), 'the board knows where they are');
  // Far from the place one says why.
  await page.context().setGeolocation({ latitude: 30.5441, longitude: 120.1551 });
  await step('到场签到').click();
  await page.getByText(/距现场约 30 公里/).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: '签到', exact: true }).click();
  await page.getByText('请写明原因').waitFor();
  await page.locator('[name="checkInReason"]').fill('泵房在另一个院子');
  await page.getByRole('dialog').getByRole('button', { name: '签到', exact: true }).click();
  await page.getByRole('link', { name: '写记录' }).click();
  await page.locator('[name="text"]').fill('录下异响，轴承磨损。');
  const film = Buffer.concat([isoMediaOf('isom'), Buffer.alloc(2_600_000, 7)]);
  const offsets: number[] = [];
  let open = true;
  await page.route('**/api/v1/uploads/*', async (route) => {
    if (route.request().method() !== 'PATCH') return route.continue();
    const offset = Number(route.request().headers()['upload-offset']);
    if (open && offset > 2_000_000) return route.abort();
    offsets.push(offset);
    return route.continue();
  });
  await page.locator('input[type="file"]').last().setInputFiles({ name: 'pump.mp4', mimeType: 'video/mp4', buffer: film });
  await eventually(async () => offsets.length === 4, 'most of the film is there');
  const sentBefore = offsets.length;
  // The phone dies; opened again it goes on with the step.
  await page.reload();
  open = false;
  await page.getByRole('button', { name: '播放录像 1' }).waitFor();
  await page.getByRole('button', { name: '录音', exact: true }).click();
  await page.getByText('0:01 /').waitFor();
  await page.getByRole('button', { name: '完成', exact: true }).click();
  await page.getByRole('button', { name: '播放录音 2' }).waitFor();
  await screenshot(page, 'field-media');
  await page.getByRole('button', { name: '保存记录' }).click();
  await nothingWaits();
  await page.unroute('**/api/v1/uploads/*');
  assert.ok(offsets[sentBefore]! > 2_000_000, `it went on at ${offsets[sentBefore]}`);
  const visit = await visitOf(visitId);
  assert.deepEqual(visit.files.map(({ mediaType, purpose }) => [mediaType.split('/')[0], purpose]).sort(), [['audio', 'attachment'], ['video', 'photo']]);
  assert.equal(visit.files.find(({ purpose }) => purpose === 'photo')?.size, film.length);
  assert.equal(visit.checkInReason, '泵房在另一个院子');
  const timeline = await program.call('GET', `/tickets/${ticketId}/timeline?limit=200`, { as: 'dispatcher' });
  assert.equal(timeline.body.items.find((entry: { kind: string }) => entry.kind === 'visit.work_logged').files.length, 2);
  await page.context().setGeolocation({ latitude: nearby.lat, longitude: nearby.lng });
});

test('a film that does not get through holds up its own visit, and no other', async () => {
  const [filmed, other] = [await sendJob('配电箱跳闸'), await sendJob('门禁失灵')];
  await page.goto('/field/#/');
  await page.getByText('门禁失灵').first().waitFor();
  await openJob('配电箱跳闸');
  for (const name of ['接单', '出发', '到场签到']) await step(name).click();
  await page.getByText(/距现场约 \d+ 米/).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: '签到', exact: true }).click();
  await nothingWaits();
  await page.route('**/api/v1/uploads**', (route) => route.abort());
  await page.getByRole('link', { name: '写记录' }).click();
  await page.locator('[name="text"]').fill('录下跳闸过程。');
  await page.locator('input[type="file"]').last().setInputFiles({ name: 'box.mp4', mimeType: 'video/mp4', buffer: Buffer.concat([isoMediaOf('isom'), Buffer.alloc(1_200_000, 7)]) });
  await page.getByRole('button', { name: '播放录像 1' }).waitFor();
  await page.getByRole('button', { name: '保存记录' }).click();
  await eventually(async () => (await kept('outbox')).length === 1, 'the film waits');
  await openJob('门禁失灵');
  await step('接单').click();
  await eventually(async () => (await visitOf(other.visitId)).status === 'accepted', 'what needs no film is taken');
  assert.equal((await visitOf(filmed.visitId)).workSummary, null);
  await page.unroute('**/api/v1/uploads**');
  await page.reload();
  await nothingWaits();
  const [film] = (await visitOf(filmed.visitId)).files;
  assert.ok(film?.recorded?.at, 'when it was recorded is kept beside it');
  await openJob('配电箱跳闸');
  await page.getByRole('button', { name: /^播放录像/ }).first().click();
  await page.locator('.viewer-stamp').waitFor();
  await screenshot(page, 'field-film');
  await page.getByRole('button', { name: '关闭' }).click();
});

test('an asset is found by its code, and its history is there without a network', async () => {
  const asset = await program.call('POST', '/assets', { as: 'administrator', body: { code: 'PUMP-9', name: '9号水泵', model: 'CDL 20', warrantyUntil: '2027-01-01' } });
  assert.equal(asset.status, 201, asset.text);
  const { id } = await newTicket(program, { subject: '水泵漏油', assetId: asset.body.id, location: place }, 'dispatcher');
  const resolved = await program.call('POST', `/tickets/${id}/actions/resolve`, { as: 'administrator', body: { resolution: '更换油封' } });
  assert.equal(resolved.status, 200, resolved.text);
  await page.goto('/field/#/');
  await page.getByRole('link', { name: '扫码查设备' }).click();
  await page.getByText('记录已保存').waitFor({ state: 'detached' });
  await page.locator('[name="code"]').fill('PUMP-9');
  assert.deepEqual(await seriousViolations(page), []);
  await page.getByRole('button', { name: '查看设备' }).click();
  await page.getByRole('heading', { name: '9号水泵' }).waitFor();
  await page.getByText('更换油封').waitFor();
  await page.context().setOffline(true);
  await page.reload();
  await page.getByText('CDL 20').waitFor();
  await page.getByText(/离线，.* 的数据/).waitFor();
  assert.deepEqual(await seriousViolations(page), []);
  await page.context().setOffline(false);
});

test('every screen is usable by everybody, in both themes', async () => {
  const { visitId } = await sendJob('客厅插座没电');
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-theme="${colorScheme}"]`).waitFor();
    await openJob('客厅插座没电');
    found.push(...(await seriousViolations(page)));
    await page.getByRole('button', { name: /导航/ }).click();
    await page.getByRole('dialog').waitFor();
    found.push(...(await seriousViolations(page)));
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    for (const [path, title, content] of [['', '今天', '.next-card'], ['history', '记录', '.job-row'], ['me', '我的', '.settings']] as const) {
      await page.goto(`/field/#/${path}`);
      await page.getByRole('heading', { name: title, exact: true, level: 1 }).waitFor();
      await page.locator(content).first().waitFor();
      found.push(...(await seriousViolations(page)));
      assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true, `nothing sticks out sideways on /${path}`);
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.locator('html[data-theme="light"]').waitFor();
  for (const action of ['accept', 'check_in']) await program.call('POST', `/visits/${visitId}/actions/${action}`, { as: 'technician', body: {} });
  await openJob('客厅插座没电');
  await step('完工').click();
  await page.getByRole('button', { name: '下一步' }).click();
  await page.getByText('还差 2 处').waitFor();
  found.push(...(await seriousViolations(page)));
  assert.deepEqual(found, []);
});

test('what is offered waits in the pool; without a network nobody grabs, whoever is slower is told who was first, and what is theirs opens at once', async () => {
  const { teamId } = program.organization;
  const rival = await program.call('POST', '/staff', { as: 'administrator', body: { name: '张快手', job: 'technician', teamIds: [teamId], email: 'quick@first.example', roleIds: [(await program.call('GET', '/roles', { as: 'administrator' })).body.items.find((role: { key: string }) => role.key === 'technician').id] } });
  assert.equal(rival.status, 201, rival.text);
  const token = await newSession(program, rival.body.id);
  const offered = async (subject: string): Promise<string> => {
    const { id } = await newTicket(program, { subject, team: teamId, location: place }, 'dispatcher');
    const offer = await program.call('POST', `/tickets/${id}/offers`, { as: 'dispatcher', body: { mode: 'grab' } });
    assert.equal(offer.status, 201, offer.text);
    return offer.body.id;
  };
  const lost = await offered('抢不到的灯');
  await offered('抢得到的灯');
  await page.goto('/field/#/pool');
  const card = (subject: string) => page.getByRole('article', { name: subject });
  const grab = (subject: string) => card(subject).getByRole('button', { name: '抢单' });
  await card('抢不到的灯').getByText('接单后显示详细地址').waitFor();
  assert.ok(!(await card('抢不到的灯').innerText()).includes('501'));
  await page.context().setOffline(true);
  await page.getByText('抢单需要网络').waitFor();
  assert.equal(await grab('抢得到的灯').isDisabled(), true);
  await page.context().setOffline(false);
  await eventually(() => grab('抢得到的灯').isEnabled(), 'the network again');
  assert.deepEqual(await seriousViolations(page), []);
  // The grab is on its way when somebody else is first; that it is gone is told meanwhile.
  await page.evaluate(`(() => {
    const send = window.fetch;
    window.fetch = async (...call) => {
      if (String(call[0]).endsWith('/actions/accept')) await new Promise((go) => { window.letGo = () => { window.fetch = send; go(); }; });
      return send(...call);
    };
  })()`);
  await grab('抢不到的灯').click();
  await eventually(() => page.evaluate<boolean>(`'letGo' in window`), 'a grab under way');
  const taken = await program.call('POST', `/offers/${lost}/actions/accept`, { as: token });
  assert.equal(taken.status, 200, taken.text);
  await page.evaluate(`window.letGo()`);
  await page.getByText('已被 张快手 接下').waitFor();
  await card('抢不到的灯').waitFor({ state: 'detached' });
  await grab('抢得到的灯').click();
  await page.getByRole('button', { name: '出发' }).waitFor();
  await page.getByText('501').first().waitFor();
});

test('signing out with something unsent says so, keeps that, and nothing of the customers', async () => {
  const { visitId } = await sendJob('风机盘管滴水');
  await openJob('风机盘管滴水');
  await step('接单').click();
  await nothingWaits();
  await page.getByRole('link', { name: '无法完成' }).click();
  await page.getByText('缺配件').first().click();
  await page.locator('[name="note"]').fill('缺凝水泵');
  await eventually(async () => (await kept('drafts') as { text: string }[]).some(({ text }) => text === '缺凝水泵'), 'the draft on the phone');
  await page.goto('/field/#/me');
  await page.getByRole('button', { name: '退出登录' }).click();
  await page.getByText(/还有 1 项没有发送/).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: '退出登录' }).click();
  await page.locator('[name="account"]').waitFor();
  const visits = await kept('visits') as { id: string }[];
  assert.deepEqual([visits.map(({ id }) => id), (await kept('timelines')).length, (await kept('pictures')).length], [[visitId], 0, 0]);
  assert.ok(!/13812345678|李女士|西畔花园/.test(JSON.stringify([visits, await kept('notes'), await kept('drafts')])));
  await page.locator('[name="account"]').fill('technician@first.example');
  await page.locator('[name="password"]').fill('correct horse battery');
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await openJob('风机盘管滴水');
  await page.getByText('李女士').first().waitFor();
  await page.getByRole('link', { name: '无法完成' }).click();
  assert.equal(await page.locator('[name="note"]').inputValue(), '缺凝水泵');
  await page.getByRole('button', { name: '结束这次上门' }).click();
  await nothingWaits();
});

test('signing out leaves nothing of the jobs on the phone', async () => {
  await page.goto('/field/#/me');
  await page.getByRole('button', { name: '退出登录' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '退出登录' }).click();
  await page.locator('[name="account"]').waitFor();
  await eventually(() => page.evaluate<boolean>(`indexedDB.databases().then((all) => all.every(({ name }) => !name.startsWith('bihuan-field-')))`), 'an empty phone');
});
