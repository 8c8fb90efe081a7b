/**
 * One customer on one ticket by three doors (一人多渠道): they write by WeChat, telephone about it, and send a mail; whoever handles it sees all of it in one
 * place, and answers where they can be answered.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { createTransport } from 'nodemailer';
import { doCallWork } from '../../server/journey/intake/call-work.ts';
import { runMailServer } from '../../server/journey/intake/run-mail-server.ts';
import { takeInDue } from '../../server/journey/intake/take-in.ts';
import { runDueTimers } from '../../server/platform/timers/timers.ts';
import { followSignals } from '../../server/platform/realtime/signals.ts';
import { timerHandlers } from '../../server/timers.ts';
import { seriousViolations } from '../support/axe.ts';
import { openBrowser, screenshot, type TestBrowser, type TestPage } from '../support/browser.ts';
import { openKit } from '../support/channel-kit.ts';
import { openFakeExchange, silentWav } from '../support/fake-speech.ts';
import { openFakeWechat } from '../support/fake-wechat.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { officialAccount } from '../support/wechat-kinds.ts';
import { eventually, patience } from './eventually.ts';

let served: ServedProgram;
let chromium: TestBrowser;
let agent: TestPage;
const open: { close: () => Promise<unknown> }[] = [];

before(async () => {
  [served, chromium] = await Promise.all([serveTestProgram(), openBrowser()]);
  const { services, database } = served.program;
  services.privateHosts = ['127.0.0.1'];
  const signals = await followSignals(database, services.hub, services.log, () => {});
  open.push({ close: () => signals.stop() });
});
after(async () => {
  await chromium?.close();
  for (const one of open.reverse()) await one.close();
  await served?.close();
});

const call = async (method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown, version?: number) => {
  const answer = await served.program.call(method, path, { as: 'administrator', ...(body === undefined ? {} : { body }), ...(version === undefined ? {} : { headers: { 'if-match': `"${version}"` } }) });
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.text}`);
  return answer.body;
};
const settle = async (): Promise<void> => {
  for (let left = 1; left > 0;) left = await takeInDue(served.program.services) + await doCallWork(served.program.services);
};

test('by WeChat, by telephone and by mail: one customer, one ticket', { timeout: 180_000 }, async () => {
  const { services, organization } = served.program;
  // WeChat.
  const platform = await openFakeWechat();
  const exchange = await openFakeExchange();
  open.push(platform, exchange);
  const wechat = openKit(served.program, services.clock, platform, officialAccount);
  await wechat.setUp();
  platform.people.set('openid_wang', { nickname: '王芳' });
  await wechat.say('openid_wang', { text: '三号楼 1201 的电梯有异响，请派人看看' });
  const ticket = await wechat.ticketOf('openid_wang');
  // They have left their number and address before.
  for (const [kind, value] of [['phone', '13800001111'], ['email', 'wang@example.com']]) await call('POST', `/customers/${ticket.requester.customerId}/contact-points`, { kind, value });

  agent = await chromium.newPage({ baseURL: served.baseURL, viewport: 'desktop' });
  agent.setDefaultTimeout(patience);
  await agent.goto(`/tickets/${ticket.number}`);
  await agent.getByLabel('邮箱或手机号').fill('agent@first.example');
  await agent.getByLabel('密码', { exact: true }).fill('correct horse battery');
  await agent.getByRole('button', { name: /^登\s?录$/ }).click();
  await agent.locator('article').getByText('电梯有异响').first().waitFor();

  // The telephone rings, and says who it may be and what is open.
  const phone = await call('POST', '/channels', { kind: 'phone', name: '呼叫中心' });
  await call('PATCH', `/staff/${organization.staff.agent}/phone-line`, { extension: '1001' }, 1);
  await agent.reload();
  await agent.locator('article').getByText('电梯有异响').first().waitFor();
  const tell = async (type: string, seq: number, data: object = {}): Promise<void> => {
    const answer = await served.program.inject({
      method: 'POST', url: new URL(phone.url).pathname, headers: { 'content-type': 'application/cloudevents+json', authorization: `Bearer ${phone.made.token}` },
      payload: JSON.stringify({ specversion: '1.0', id: randomUUID(), source: '/pbx', type, time: new Date(services.clock.now().getTime() + seq).toISOString(), data: { call_id: 'c1', seq, ...data } }),
    });
    assert.equal(answer.status, 200, answer.text);
    await settle();
  };
  await tell('call.ringing', 1, { direction: 'inbound', caller: '13800001111', callee: '057188880000', agent: '1001' });
  const pop = agent.getByRole('dialog', { name: /来电/ });
  await pop.getByText('138****1111').first().waitFor();
  await pop.getByText('王芳').first().waitFor();
  await screenshot(agent, 'doors-ringing');
  // It lies over nothing that can be pressed or written in, at any width.
  for (const size of [{ width: 390, height: 844 }, { width: 1440, height: 900 }]) {
    await agent.setViewportSize(size);
    assert.deepEqual(await pop.evaluate((card) => {
      const at = card.getBoundingClientRect();
      return [...document.querySelectorAll('#content :is(button, a, input, textarea, [contenteditable])')].filter((one) => !card.contains(one)).filter((one) => {
        const { left, right, top, bottom, width, height } = one.getBoundingClientRect();
        return width > 0 && height > 0 && right > at.left + 1 && left < at.right - 1 && bottom > at.top + 1 && top < at.bottom - 1 && one.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2)) === false && one.checkVisibility();
      }).map((one) => one.textContent);
    }), [], `covered at ${size.width}`);
  }
  assert.deepEqual(await seriousViolations(agent), []);
  await tell('call.answered', 2);
  await pop.getByRole('button', { name: new RegExp(ticket.number) }).click();
  await tell('call.ended', 60);
  exchange.recordings.set('/r/1.wav', { type: 'audio/x-wav', bytes: silentWav() });
  await tell('recording.ready', 61, { recording_url: `${exchange.url}/r/1.wav` });
  await pop.getByRole('button', { name: '关闭弹屏' }).click();
  await pop.waitFor({ state: 'detached' });
  await agent.locator('article audio').first().waitFor();

  // A mail from an address that is theirs, as its domain vouches.
  await call('POST', '/channels', { kind: 'email', mode: 'smtp', name: '服务邮箱', settings: { address: 'help@anju.example' } });
  const records: Record<string, string> = { 'example.com': 'v=spf1 ip4:127.0.0.1 -all', '_dmarc.example.com': 'v=DMARC1; p=reject' };
  const resolver = async (name: string, type: string) => {
    if (type === 'TXT' && records[name] !== undefined) return [[records[name]]];
    throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
  };
  const server = await runMailServer(services, { host: '127.0.0.1', port: 0, resolver });
  open.push({ close: () => server.stop() });
  const transport = createTransport({ host: '127.0.0.1', port: server.port, ignoreTLS: true });
  await transport.sendMail({ from: '王芳 <wang@example.com>', to: 'help@anju.example', subject: '三号楼电梯异响', text: '三号楼 1201 的电梯异响还没有人来看，请尽快派人。' });
  transport.close();
  await settle();
  await served.program.catchUp();
  const mailed = (await call('GET', '/tickets?channel=email')).items[0];
  assert.equal((await call('GET', `/tickets/${mailed.id}`)).requester.customerId, ticket.requester.customerId, 'the same customer');

  // It is offered as the same matter, and one click makes it one ticket.
  await agent.goto(`/tickets/${mailed.number}`);
  const alike = agent.getByRole('region', { name: '可能重复' });
  await alike.getByText('电梯有异响').waitFor();
  await screenshot(agent, 'doors-alike');
  await alike.getByRole('button', { name: '合并', exact: true }).click();
  await eventually(() => Promise.resolve(agent.url().endsWith(`/tickets/${ticket.number}`)), 'the ticket that stays');
  const article = agent.locator('article');
  await article.getByText('还没有人来看').first().waitFor();
  await article.getByText('电梯有异响').first().waitFor();
  await article.locator('audio').first().waitFor();
  await screenshot(agent, 'doors-one-ticket');
  assert.equal(await agent.evaluate('document.documentElement.scrollHeight - innerHeight'), 0, 'columns scroll, the page does not');
  assert.deepEqual(await seriousViolations(agent), []);

  // The answer goes where they can be answered.
  await agent.getByRole('textbox', { name: /回复/ }).first().fill('师傅下午两点到');
  await agent.keyboard.press('Control+Enter');
  await article.getByText('师傅下午两点到').first().waitFor();
  await eventually(async () => {
    // As if the seconds in which it can be taken back had passed.
    await runDueTimers(served.program.database, timerHandlers, new Date(Date.now() + 20_000), services.log);
    await wechat.settle();
    return platform.said('openid_wang').includes('师傅下午两点到');
  }, 'the answer by WeChat');
  assert.deepEqual(agent.complaints, []);
});
