/**
 * A telephone in the browser (软电话): registers by SIP over a WebSocket, rings in the card that pops up, is answered with sound both ways, muted, held, handed on;
 * calls out. The other side is a second page of the same browser, behind a telephone system that is made up.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { takeInDue } from '../../server/journey/intake/take-in.ts';
import { followSignals } from '../../server/platform/realtime/signals.ts';
import { seriousViolations } from '../support/axe.ts';
import { openBrowser, screenshot, type TestBrowser, type TestPage } from '../support/browser.ts';
import { openFakeSip, type FakeSip } from '../support/fake-sip.ts';
import { serveTestProgram, type ServedProgram } from '../support/served.ts';
import { eventually, patience } from './eventually.ts';

type Peer = { connection: RTCPeerConnection };

let served: ServedProgram;
let chromium: TestBrowser;
let sip: FakeSip;
let other: TestPage;
let stopSignals: () => Promise<void>;

// The other side's sound. What was gathered goes along in one piece, as this stack wants it.
const peer = {
  async open(): Promise<void> {
    await other.evaluate(async () => {
      const own = window as unknown as Peer;
      own.connection?.close();
      own.connection = new RTCPeerConnection();
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      stream.getTracks().forEach((track) => own.connection.addTrack(track, stream));
    });
  },
  describe: (offer: string | null): Promise<string> => other.evaluate(async (given) => {
    const { connection } = window as unknown as Peer;
    if (given !== null) await connection.setRemoteDescription({ type: 'offer', sdp: given });
    await connection.setLocalDescription();
    while (connection.iceGatheringState !== 'complete') await new Promise((resolve) => connection.addEventListener('icegatheringstatechange', resolve, { once: true }));
    return connection.localDescription!.sdp;
  }, offer),
  take: (answer: string): Promise<void> => other.evaluate((sdp) => (window as unknown as Peer).connection.setRemoteDescription({ type: 'answer', sdp }), answer),
  packets: (): Promise<number> => other.evaluate(async () => {
    let received = 0;
    (await (window as unknown as Peer).connection.getStats()).forEach((one: { type: string; packetsReceived?: number }) => {
      if (one.type === 'inbound-rtp') received += one.packetsReceived ?? 0;
    });
    return received;
  }),
};

before(async () => {
  [served, chromium] = await Promise.all([serveTestProgram(), openBrowser()]);
  const { services, database } = served.program;
  const signals = await followSignals(database, services.hub, services.log, () => {});
  stopSignals = () => signals.stop();
  sip = await openFakeSip('pbx.example', {
    offer: async () => {
      await peer.open();
      return peer.describe(null);
    },
    answer: async (offer, again) => {
      if (!again) await peer.open();
      return peer.describe(offer);
    },
    take: peer.take,
  });
});
after(async () => {
  await chromium?.close();
  await sip?.close();
  await stopSignals?.();
  await served?.close();
});

const call = async (method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown, version?: number) => {
  const answer = await served.program.call(method, path, { as: 'administrator', ...(body === undefined ? {} : { body }), ...(version === undefined ? {} : { headers: { 'if-match': `"${version}"` } }) });
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.text}`);
  return answer.body;
};
const methods = (method: string) => sip.heard.filter((one) => one.method === method);

test('a browser is a telephone: rings in the card, is answered, muted, held, handed on, and calls out', { timeout: 120_000 }, async () => {
  const { organization, services } = served.program;
  sip.passwords.set('web1001', 'right');
  const channel = await call('POST', '/channels', { kind: 'phone', name: '呼叫中心', settings: { softphoneUrl: sip.url, softphoneDomain: 'pbx.example' } });
  const line = `/staff/${organization.staff.agent}/phone-line`;
  await call('PATCH', line, { extension: '1001', sipUser: 'web1001', sipPassword: 'wrong' }, 1);
  await call('PATCH', `/staff/${organization.staff.technician}/phone-line`, { extension: '1002' }, 1);
  other = await chromium.newPage({ baseURL: served.baseURL });
  await other.goto('/robots.txt');

  const agent = await chromium.newPage({ baseURL: served.baseURL });
  agent.setDefaultTimeout(patience);
  await agent.goto('/queue');
  await agent.getByLabel('邮箱或手机号').fill('agent@first.example');
  await agent.getByLabel('密码', { exact: true }).fill('correct horse battery');
  await agent.getByRole('button', { name: /^登\s?录$/ }).click();

  // A wrong password is said; once it is right, it registers.
  const phone = agent.getByRole('region', { name: '软电话' });
  await phone.getByText('用户或密码不对').waitFor();
  await call('PATCH', line, { sipPassword: 'right' }, 2);
  await phone.getByRole('button', { name: /重\s?试/ }).click();
  await phone.getByText('就绪').waitFor();
  // The page itself may reach nothing beyond the program.
  assert.equal(await agent.evaluate((url) => new Promise((resolve) => { document.addEventListener('securitypolicyviolation', () => resolve('refused'), { once: true }); new WebSocket(url); }), sip.url), 'refused');
  agent.complaints.length = 0;

  // Another tab waits.
  const second = await chromium.newPage({ context: agent.context() });
  await second.goto('/queue');
  await second.getByText('在另一个标签页里').waitFor();
  assert.equal(sip.registered.size, 1);
  await second.close();

  // It rings in the card.
  const tell = async (type: string, seq: number): Promise<void> => {
    const answer = await served.program.inject({
      method: 'POST', url: new URL(channel.url).pathname, headers: { 'content-type': 'application/cloudevents+json', authorization: `Bearer ${channel.made.token}` },
      payload: JSON.stringify({ specversion: '1.0', id: randomUUID(), source: '/pbx', type, time: services.clock.now().toISOString(), data: { call_id: 'c1', seq, ...(seq === 1 ? { direction: 'inbound', caller: '13800001111', callee: '057188880000', agent: '1001' } : {}) } }),
    });
    assert.equal(answer.status, 200, answer.text);
    while (await takeInDue(services) > 0);
  };
  await tell('call.ringing', 1);
  const ringing = sip.ring('web1001', '13800001111');
  const card = agent.getByRole('dialog', { name: /来电弹屏/ });
  await card.getByRole('button', { name: /接\s?听/ }).waitFor();
  assert.deepEqual(await seriousViolations(agent), []);
  await screenshot(agent, 'softphone-ringing');
  await card.getByRole('button', { name: /接\s?听/ }).click();
  assert.equal(await ringing.status, 200);
  await eventually(async () => await peer.packets() > 10, 'sound comes');
  await tell('call.answered', 2);

  await card.getByRole('button', { name: /静\s?音/ }).click();
  await agent.locator('[aria-pressed=true]', { hasText: /静\s?音/ }).waitFor();
  await card.getByRole('button', { name: /保\s?持/ }).click();
  await card.getByText('已保持').waitFor();
  // It is agreed with the other side before it is taken back.
  await eventually(async () => methods('ACK').length === 1, 'it is held');
  assert.match(methods('INVITE').at(-1)!.body, /a=sendonly/);
  await card.getByRole('button', { name: /保\s?持/ }).click();
  await agent.locator('[aria-pressed=false]', { hasText: /保\s?持/ }).waitFor();
  await eventually(async () => methods('ACK').length === 2, 'they talk again');
  await card.getByRole('button', { name: /按\s?键/, exact: false }).first().click();
  await agent.keyboard.press('5');
  await card.getByText('已按 5').waitFor();
  await screenshot(agent, 'softphone-talking');

  // Handed on to a colleague, by name.
  await card.getByRole('button', { name: /转\s?接/ }).click();
  await card.getByRole('combobox', { name: '转给谁' }).fill('tech');
  // Whoever is to be had is asked for as it opens.
  await agent.locator('.ant-select-item-option-active').waitFor();
  await agent.keyboard.press('Enter');
  await card.getByRole('button', { name: '转给 TA' }).click();
  await agent.getByText('已转接').waitFor();
  assert.equal(methods('REFER').at(-1)!.headers.get('refer-to')![0], '<sip:1002@pbx.example>');
  await eventually(async () => methods('BYE').length === 1, 'it is over here');
  await tell('call.ended', 3);
  await card.getByRole('button', { name: '关闭弹屏' }).click();

  // Called out, and ended.
  await phone.getByRole('button', { name: /拨\s?号/ }).click();
  await phone.getByLabel('号码或分机').fill('139 0000 2222');
  await agent.keyboard.press('Enter');
  await phone.getByRole('button', { name: /静\s?音/ }).waitFor();
  assert.equal(methods('INVITE').at(-1)!.uri, 'sip:13900002222@pbx.example');
  await phone.getByRole('button', { name: /挂\s?断/ }).click();
  await eventually(async () => methods('BYE').length === 2, 'it is over');

  // Who gives up while it rings leaves nothing behind.
  const given = sip.ring('web1001', '13700003333');
  await phone.getByRole('button', { name: /拒\s?接/ }).waitFor();
  await agent.setViewportSize({ width: 390, height: 844 });
  await agent.emulateMedia({ colorScheme: 'dark' });
  await screenshot(agent, 'softphone-phone-dark');
  given.cancel();
  assert.equal(await given.status, 487);
  await phone.getByText('就绪').waitFor();
  assert.deepEqual(agent.complaints, []);
});
