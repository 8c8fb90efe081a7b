/** A customer sends the documents a form asks for: limits beforehand, progress, retry, removal, and nothing lost. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { seriousViolations } from '../support/axe.ts';
import { openBrowser, screenshot, type TestBrowser } from '../support/browser.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { patience } from './eventually.ts';

const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

let served: ServedProgram;
let chromium: TestBrowser;

before(async () => {
  served = await serveTestProgram();
  const made = await served.program.call('POST', '/ticket-types', { as: 'administrator', body: {
    key: 'lease', name: '退租', nameEn: 'Moving out', offered: true,
    form: { fields: [{ key: 'contract', kind: 'file', label: { zh: '合同', en: 'Contract' }, audience: 'everyone', accept: ['pdf', 'document'], maxItems: 2, required: true }] },
  } });
  assert.equal(made.status, 201, made.text);
  chromium = await openBrowser();
});

after(async () => {
  await chromium?.close();
  await served?.close();
});

test('a document is sent, kept over a reload, and arrives with the report', { timeout: 90_000 }, async () => {
  const page = await chromium.newPage({ viewport: 'phone', baseURL: served.baseURL });
  page.setDefaultTimeout(patience);
  await page.goto('/portal/first');
  await page.getByRole('link', { name: '水电' }).click();
  await page.getByLabel('报修类型').or(page.locator('#type')).first().selectOption({ label: '退租' });
  const field = page.locator('[data-field="contract"]');
  await field.getByText('可以发PDF、文档（Word、Excel 等），最多 2 个，每个不超过 20 MB').waitFor();
  await page.locator('#description').fill('下个月退租。');
  await page.locator('#phone').fill('13812345678');
  await page.getByRole('button', { name: '提交报修' }).click();
  await field.getByText('必须填写').waitFor();

  const picker = field.locator('input[type="file"]');
  await picker.setInputFiles({ name: 'setup.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ') });
  await field.getByText('“setup.exe”不能发到这里，只收PDF、文档（Word、Excel 等）').waitFor();
  await picker.setInputFiles({ name: '大合同.pdf', mimeType: 'application/pdf', buffer: Buffer.concat([pdf, Buffer.alloc(20 * 1024 * 1024)]) });
  await field.getByText('“大合同.pdf”超过 20 MB').waitFor();
  // What it really is, the server finds out: there is nothing to try again.
  await picker.setInputFiles({ name: '假合同.pdf', mimeType: 'application/pdf', buffer: Buffer.from(`MZ${'\0'.repeat(200)}`) });
  await field.locator('.file-wrong').waitFor();
  assert.equal(await field.getByRole('button', { name: '重新上传 假合同.pdf' }).count(), 0);
  await page.getByRole('button', { name: '提交报修' }).click();
  await field.locator('.file-wrong').waitFor();
  await field.getByRole('button', { name: '移除 假合同.pdf' }).click();

  await page.context().setOffline(true);
  await picker.setInputFiles({ name: '合同.pdf', mimeType: 'application/pdf', buffer: pdf });
  await field.getByRole('button', { name: '重新上传 合同.pdf' }).waitFor();
  await screenshot(page, 'portal-documents-failed', { fullPage: true });
  assert.deepEqual(await seriousViolations(page), []);
  await page.context().setOffline(false);
  await field.getByRole('button', { name: '重新上传 合同.pdf' }).click();
  await field.getByText('已上传').waitFor();
  await picker.setInputFiles({ name: '清单.csv', mimeType: 'text/csv', buffer: Buffer.from('房号,面积\n101,80\n') });
  await field.getByText('已上传').nth(1).waitFor();
  assert.equal(await picker.count(), 0, 'no more than two');
  await screenshot(page, 'portal-documents-sent', { fullPage: true });

  await page.reload();
  await page.getByText('已恢复您上次没有提交的内容').waitFor();
  await field.getByText('清单.csv').waitFor();
  await field.getByRole('button', { name: '移除 清单.csv' }).click();
  await page.emulateMedia({ colorScheme: 'dark' });
  assert.deepEqual(await seriousViolations(page), []);
  await screenshot(page, 'portal-documents-dark', { fullPage: true });
  await page.getByRole('button', { name: '提交报修' }).click();
  await page.getByText('已收到您的报修').waitFor();
  const number = await page.locator('.sent-number strong').innerText();
  const ticket = await served.program.call('GET', `/tickets/${number}`, { as: 'dispatcher' });
  assert.equal(ticket.status, 200, ticket.text);
  assert.deepEqual(ticket.body.files.map((file: { name: string; mediaType: string }) => [file.name, file.mediaType]), [['合同.pdf', 'application/pdf']]);
  assert.deepEqual(ticket.body.fields.contract, [ticket.body.files[0].id]);
});
