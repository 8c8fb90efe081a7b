/** The fields of a ticket's type, filled in by the technician in a basement: asked first, kept, sent with the completion. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import type { Form } from '../../rules/forms/form.ts';
import { seriousViolations } from '../support/axe.ts';
import { openBrowser, screenshot, type TestBrowser, type TestPage } from '../support/browser.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { eventually, patience } from './eventually.ts';
import { sign } from './signature.ts';

const timeout = 90_000;
const resolved = { '==': [{ var: 'ticket.status' }, 'resolved'] };
const form: Form = {
  fields: [
    { key: 'floor', kind: 'text', label: { zh: '楼层', en: 'Floor' } },
    { key: 'reading', kind: 'number', label: { zh: '水表读数', en: 'Meter reading' }, unit: { zh: '吨', en: 't' }, required: resolved },
    { key: 'why', kind: 'text', label: { zh: '异常原因', en: 'Why unusual' }, visible: { '>': [{ var: 'fields.reading' }, 100] }, required: true },
    { key: 'proof', kind: 'file', label: { zh: '合格证', en: 'Certificate' }, required: resolved, maxItems: 2, accept: ['image', 'pdf'] },
    { key: 'mark', kind: 'signature', label: { zh: '物业签字', en: 'Manager’s signature' }, required: resolved, audience: 'everyone' },
    { key: 'helper', kind: 'person', label: { zh: '协助人', en: 'Helper' }, visible: resolved },
  ],
};

let served: ServedProgram;
let chromium: TestBrowser;
let page: TestPage;
let photo: Buffer;
let typeId: string;

const call = async (method: 'GET' | 'POST' | 'PATCH', path: string, as: 'administrator' | 'dispatcher' | 'technician', body?: object) => {
  const answer = await served.program.call(method, path, { as, ...(body ? { body } : {}) });
  assert.ok(answer.status < 300, `${path} ${answer.text}`);
  return answer.body;
};

before(async () => {
  served = await serveTestProgram();
  photo = await sharp({ create: { width: 800, height: 600, channels: 3, background: '#4a7d9c' } }).jpeg().toBuffer();
  typeId = (await call('POST', '/ticket-types', 'administrator', { key: 'meter', name: '水表', nameEn: 'Meter', form })).id;
  chromium = await openBrowser();
  page = await chromium.newPage({ viewport: 'phone', baseURL: served.baseURL });
  page.setDefaultTimeout(patience);
  await page.goto('/field/');
  await page.locator('[name="account"]').fill('technician@first.example');
  await page.locator('[name="password"]').fill('correct horse battery');
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await page.getByText('没有待办任务').waitFor();
  await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
});

after(async () => {
  await chromium?.close();
  await served?.close();
});

async function sendJob(subject: string): Promise<{ ticketId: string; visitId: string }> {
  const { staff } = served.program.organization;
  const created = await call('POST', '/tickets', 'dispatcher', { subject, type: typeId, fields: { floor: '三层' } });
  const assigned = await call('POST', `/tickets/${created.id}/actions/assign`, 'dispatcher', { assignee: staff.technician, visit: {} });
  const visitId = assigned.visits[0].id;
  for (const action of ['accept', 'check_in']) await call('POST', `/visits/${visitId}/actions/${action}`, 'technician', {});
  return { ticketId: created.id, visitId };
}

/** Whether the phone knows that the technician is there: it may have heard of the job before the steps were taken. */
const knowsOnSite = (visitId: string): Promise<boolean> => page.evaluate(`(async () => {
  const { name } = (await indexedDB.databases()).find(({ name }) => name.startsWith('bihuan-field-'));
  const database = await new Promise((resolve) => { const request = indexedDB.open(name); request.onsuccess = () => resolve(request.result); });
  const kept = await new Promise((resolve) => { const request = database.transaction('visits').objectStore('visits').get('${visitId}'); request.onsuccess = () => resolve(request.result); });
  database.close();
  return kept?.visit.status === 'on_site';
})()`);

/** Whether the draft of a completion that the phone keeps holds an answer to a field: what is shown comes a moment before. */
const keepsAnswer = (visitId: string, key: string): Promise<boolean> => page.evaluate(`(async () => {
  const { name } = (await indexedDB.databases()).find(({ name }) => name.startsWith('bihuan-field-'));
  const database = await new Promise((resolve) => { const request = indexedDB.open(name); request.onsuccess = () => resolve(request.result); });
  const kept = await new Promise((resolve) => { const request = database.transaction('drafts').objectStore('drafts').get(['${visitId}', 'complete']); request.onsuccess = () => resolve(request.result); });
  database.close();
  return kept?.fields?.['${key}'] !== undefined;
})()`);

/** What the phone keeps of the forms. */
const keptForms = (): Promise<number> => page.evaluate(`(async () => {
  const { name } = (await indexedDB.databases()).find(({ name }) => name.startsWith('bihuan-field-'));
  const database = await new Promise((resolve) => { const request = indexedDB.open(name); request.onsuccess = () => resolve(request.result); });
  const keys = await new Promise((resolve) => { const request = database.transaction('notes').objectStore('notes').getAllKeys(); request.onsuccess = () => resolve(request.result); });
  database.close();
  return keys.filter((key) => key.startsWith('form.')).length;
})()`);

/** axe finds nothing serious, by day or by night. */
async function soundInBothThemes(): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-theme="${colorScheme}"]`).waitFor();
    assert.deepEqual(await seriousViolations(page), [], colorScheme);
  }
}

const field = (key: string) => page.locator(`[data-field="${key}"]`);
const next = () => page.getByRole('button', { name: '下一步' });

test('what the form wants at the end is asked first, offline, and goes out with the completion', { timeout }, async () => {
  const { ticketId, visitId } = await sendJob('更换水表');
  await page.locator('.next-card').getByText('更换水表').waitFor();
  await eventually(async () => await keptForms() === 1, 'the form is on the phone');
  await eventually(() => knowsOnSite(visitId), 'the check-in is on the phone');
  // It was never opened with a network.
  await page.context().setOffline(true);
  await page.goto(`/field/#/visits/${visitId}`);
  const wanted = page.locator('section', { has: page.getByRole('heading', { name: '完工时要填' }) });
  await wanted.locator('li').first().waitFor();
  assert.deepEqual(await wanted.locator('li').allInnerTexts().then((lines) => lines.map((line) => line.replace(/\s+/g, ' '))), ['水表读数 待填', '合格证 待填', '物业签字 待填', '协助人 选填']);
  await page.getByText('三层').waitFor();
  await soundInBothThemes();
  await screenshot(page, 'field-fields-job');

  await page.locator('.action-bar').getByRole('button', { name: '完工', exact: true }).click();
  await page.locator('[name="text"]').fill('水表已更换。');
  await page.getByText('客户不在现场').click();
  assert.equal(await field('floor').count(), 0, 'what is answered already is not asked again');
  assert.equal(await field('why').count(), 0);
  await next().click();
  await page.getByText('还差 3 处').waitFor();
  for (const key of ['reading', 'proof', 'mark']) await field(key).getByText('必须填写').waitFor();
  await soundInBothThemes();
  await screenshot(page, 'field-fields-missing');

  await field('reading').getByRole('textbox').fill('120');
  await field('why').getByRole('textbox').fill('管道渗漏');
  await field('proof').locator('input[type="file"]').last().setInputFiles([{ name: 'setup.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ') }]);
  await page.getByText('这里不接受“setup.exe”这种文件').waitFor();
  await field('proof').locator('input[type="file"]').last().setInputFiles([{ name: 'plate.jpg', mimeType: 'image/jpeg', buffer: photo }, { name: '合格证.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n') }]);
  await field('proof').locator('.file-line').nth(1).waitFor();
  await sign(page);
  await eventually(() => keepsAnswer(visitId, 'mark'), 'the signature is on the phone');
  await page.getByText('草稿已自动保存在本机').waitFor();

  // Everything is still there when the phone dies.
  await page.reload();
  assert.equal(await field('reading').getByRole('textbox').inputValue(), '120');
  await field('proof').getByText('合格证.pdf').waitFor();
  await field('mark').getByRole('img', { name: '已签名' }).waitFor();
  await screenshot(page, 'field-fields-filled');
  await next().click();
  await page.getByText('管道渗漏').waitFor();
  await soundInBothThemes();
  await screenshot(page, 'field-fields-review');
  await page.getByRole('button', { name: '确认完工' }).click();
  await page.getByText('已保存在本机，联网后会自动提交。').waitFor();

  await page.context().setOffline(false);
  await page.getByText('已提交，客户可以确认和评价了。').waitFor();
  const ticket = await call('GET', `/tickets/${ticketId}`, 'dispatcher');
  assert.deepEqual([ticket.status, ticket.fields.reading, ticket.fields.why, ticket.fields.floor, ticket.fields.proof.length], ['resolved', 120, '管道渗漏', '三层', 2]);
  const files = new Map<string, { name: string; purpose: string; visibility: string }>(ticket.files.map((file: { id: string }) => [file.id, file]));
  assert.deepEqual(ticket.fields.proof.map((id: string) => [files.get(id)?.name, files.get(id)?.visibility]), [['plate.jpg', 'internal'], ['合格证.pdf', 'internal']]);
  assert.deepEqual([files.get(ticket.fields.mark)?.purpose, files.get(ticket.fields.mark)?.visibility], ['signature', 'public']);
  await eventually(async () => await page.evaluate<number>(`(async () => {
    const { name } = (await indexedDB.databases()).find(({ name }) => name.startsWith('bihuan-field-'));
    const database = await new Promise((resolve) => { const request = indexedDB.open(name); request.onsuccess = () => resolve(request.result); });
    const count = await new Promise((resolve) => { const request = database.transaction('files').objectStore('files').count(); request.onsuccess = () => resolve(request.result); });
    database.close();
    return count;
  })()`) === 0, 'nothing is left on the phone');
});

test('an answer the server refuses comes back to its field, with everything that was entered', { timeout }, async () => {
  await page.context().setOffline(false);
  const { visitId, ticketId } = await sendJob('复核水表');
  await page.goto('/field/#/');
  await page.locator('.next-card, .job-row').getByText('复核水表').first().waitFor();
  await eventually(() => knowsOnSite(visitId), 'the check-in is on the phone');
  await page.goto(`/field/#/visits/${visitId}/complete`);
  await page.locator('[name="text"]').fill('读数已复核。');
  await page.getByText('客户不在现场').click();
  await field('reading').getByRole('textbox').fill('7');
  await field('proof').locator('input[type="file"]').last().setInputFiles({ name: 'plate.jpg', mimeType: 'image/jpeg', buffer: photo });
  await field('proof').locator('.file-line').waitFor();
  await sign(page);
  await field('helper').getByRole('searchbox').fill('dispatcher');
  await page.locator('.found-line').first().click();
  const chosen = await field('helper').locator('.file-line-name').innerText();
  await page.getByText('草稿已自动保存在本机').waitFor();
  await page.context().setOffline(true);
  await next().click();
  await page.getByRole('button', { name: '确认完工' }).click();
  await page.getByText('已保存在本机，联网后会自动提交。').waitFor();
  // Whoever was named leaves while the phone has no network.
  const person = (await call('GET', '/staff?q=dispatcher', 'administrator')).items[0];
  assert.equal(person.name, chosen);
  const left = await served.program.call('PATCH', `/staff/${person.id}`, { as: 'administrator', body: { active: false }, headers: { 'if-match': `"${person.version}"` } });
  assert.equal(left.status, 200, left.text);
  await page.context().setOffline(false);
  await page.getByText('提交没有被接受，请查看。').waitFor();
  await page.goto(`/field/#/visits/${visitId}`);
  await page.locator('.refused-box').getByText('协助人：此人已停用').waitFor();
  await soundInBothThemes();
  await screenshot(page, 'field-fields-refused');
  await page.getByRole('button', { name: '去修改' }).click();
  await field('helper').getByText('此人已停用').waitFor();
  assert.equal(await field('reading').getByRole('textbox').inputValue(), '7');
  await field('helper').getByRole('button', { name: /移除/ }).click();
  await next().click();
  await page.getByRole('button', { name: '确认完工' }).click();
  await page.getByText('已提交，客户可以确认和评价了。').waitFor();
  const ticket = await call('GET', `/tickets/${ticketId}`, 'administrator' as 'dispatcher');
  assert.deepEqual([ticket.status, ticket.fields.reading, ticket.fields.helper ?? null], ['resolved', 7, null]);
});
