/** Lists in order of own fields, counts beside groups, texts that are too long, and files that are cut off (按字段排序、分组计数、超长文字、上传中断). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { indexFields } from '../../server/records/ticket/index-fields-job.ts';
import { seriousViolations } from '../support/axe.ts';
import { openBrowser, screenshot, type TestBrowser, type TestPage } from '../support/browser.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { eventually, patience } from './eventually.ts';

let served: ServedProgram;
let chromium: TestBrowser;
let agent: TestPage;
let number: string;
const timeout = 150_000;

before(async () => {
  served = await serveTestProgram();
  const post = async (path: string, body: object) => {
    const answer = await served.program.call('POST', path, { as: 'administrator', body });
    assert.equal(answer.status, 201, answer.text);
    return answer.body;
  };
  const type = await post('/ticket-types', { key: 'repair', name: '维修', form: { fields: [{ key: 'floor', kind: 'number', label: { zh: '楼层', en: 'Floor' }, indexed: true }, { key: 'note', kind: 'text', label: { zh: '说明' } }] } });
  for (const [subject, floor] of [['三楼的灯', 3], ['十二楼的灯', 12], ['地下室的灯', -1], ['不知几楼的灯', null]] as const) {
    number = (await post('/tickets', { subject, type: type.id, fields: floor === null ? {} : { floor }, requester: { name: '王芳', phone: '13800138000' } })).number;
  }
  await indexFields({ database: served.program.database, clock: served.program.services.clock }, { tenantId: served.program.organization.tenantId, typeId: type.id });
  await post('/views', { kind: 'shared', name: '按楼层', filter: { property: 'subject', operator: 'contains', value: '的灯' }, columns: ['number', 'subject', 'fields.floor', 'fields.note', 'createdAt'], grouping: null });
  chromium = await openBrowser();
  agent = await chromium.newPage({ baseURL: served.baseURL });
  agent.setDefaultTimeout(patience);
  await agent.goto('/');
  await agent.getByLabel('邮箱或手机号').fill('administrator@first.example');
  await agent.getByLabel('密码').first().fill('correct horse battery');
  await agent.getByRole('button', { name: '登录', exact: true }).click();
  await agent.getByRole('heading', { name: '工作台' }).waitFor();
});

after(async () => {
  await chromium?.close();
  await served?.close();
});

const list = () => agent.getByRole('region', { name: '工单列表' }).or(agent.locator('section[aria-label="工单列表"]')).first();
const subjects = async (): Promise<string[]> => (await list().locator('a[data-number]').allInnerTexts()).map((text) => /\S+楼的灯|地下室的灯/.exec(text)?.[0] ?? '');
const inOrder = (wanted: readonly string[]) => eventually(async () => JSON.stringify(await subjects()) === JSON.stringify(wanted), async () => `${wanted.join('、')}, where there is ${(await subjects()).join('、')}`);

test('a list is put in order by an own field at its heading, kept with the view, and its groups are counted', { timeout }, async () => {
  await agent.goto('/queue');
  await agent.getByRole('link', { name: /按楼层/ }).click();
  await inOrder(['不知几楼的灯', '地下室的灯', '十二楼的灯', '三楼的灯']);
  assert.equal(await agent.getByRole('button', { name: '按说明排序' }).count(), 0, 'what is not indexed offers no order');
  await agent.getByRole('button', { name: '按楼层排序' }).click();
  await inOrder(['地下室的灯', '三楼的灯', '十二楼的灯', '不知几楼的灯']);
  await agent.getByRole('button', { name: '按楼层排序（当前）' }).click();
  await inOrder(['十二楼的灯', '三楼的灯', '地下室的灯', '不知几楼的灯']);
  await agent.getByRole('button', { name: /^保\s?存$/ }).click();
  await agent.getByText('视图已保存').first().waitFor();
  await agent.getByRole('combobox', { name: '分组' }).click();
  await agent.getByTitle('按状态', { exact: true }).click();
  await agent.getByRole('button', { name: /待受理\s*4/ }).waitFor();
  await screenshot(agent, 'list-fields');
  assert.deepEqual(await seriousViolations(agent), []);
  await agent.reload();
  await inOrder(['十二楼的灯', '三楼的灯', '地下室的灯', '不知几楼的灯']);
});

test('a text that is too long is kept whole, and says by how much before it is sent', { timeout }, async () => {
  await agent.goto(`/tickets/${number}`);
  const box = agent.getByRole('textbox', { name: '回复客户' });
  await box.fill('好'.repeat(19_990));
  await agent.getByText('还可输入 10 字').waitFor();
  await box.fill('好'.repeat(20_003));
  await agent.getByText('超出 3 字').waitFor();
  assert.equal((await box.inputValue()).length, 20_003, 'nothing was cut');
  assert.equal(await agent.getByRole('button', { name: /^发\s?送$/ }).isDisabled(), true);
  await screenshot(agent, 'composer-too-long');
  await box.fill('好的');
  await agent.getByText('超出 3 字').waitFor({ state: 'detached' });
  await box.fill('');
});

test('the number of whoever asked is shown for a reason, which stands in the history', { timeout }, async () => {
  await agent.goto(`/tickets/${number}`);
  await agent.getByRole('button', { name: '显示', exact: true }).click();
  const dialog = agent.getByRole('dialog');
  await dialog.getByRole('textbox').fill('回电确认地址');
  await screenshot(agent, 'ticket-reveal');
  await dialog.getByRole('button', { name: /查看|显\s?示/ }).last().click();
  await agent.getByRole('link', { name: '13800138000' }).waitFor();
  const history = await served.program.call('GET', '/audit?kind=personal_data.revealed', { as: 'administrator' });
  assert.equal(history.status, 200, history.text);
  assert.match(history.text, /回电确认地址/);
});

test('a file to import whose way is cut off is sent again by itself', { timeout }, async () => {
  await agent.goto('/imports/new?kind=customers');
  await agent.route('**/api/v1/files', (route) => route.abort('connectionreset'), { times: 1 });
  await agent.locator('input[type=file]').setInputFiles({ name: '客户.csv', mimeType: 'text/csv', buffer: Buffer.from('姓名,手机号\n王芳,13900001001\n') });
  await agent.getByRole('heading', { name: '每一列是什么？' }).waitFor();
});
