import assert from 'node:assert/strict';
import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';
import { after, afterEach, before, describe, test } from 'node:test';
import { openFakePlatform, type FakePlatform } from '../../test/support/fake-platform.ts';
import { openFakeSmtp, type FakeSmtp } from '../../test/support/fake-smtp.ts';
import { dingtalk } from './dingtalk/notice.ts';
import { email } from './email/notice.ts';
import { feishu } from './feishu/notice.ts';
import { outsideTools, SendFailure, type OpenAccount, type OutgoingNotice, type SendProblem } from './notice-channel.ts';
import { sms } from './sms/notice.ts';
import { webPush } from './web-push/notice.ts';
import { newVapidKeys } from './web-push/vapid.ts';
import { wecom } from './wecom/notice.ts';

describe('channels of notices, against servers that speak their protocols', { timeout: 60_000 }, () => {
  let platform: FakePlatform;
  let smtp: FakeSmtp;
  const now = new Date('2026-11-22T04:00:00Z');
  const tools = outsideTools({ now: () => now }, ['127.0.0.1']);
  before(async () => {
    [platform, smtp] = await Promise.all([openFakePlatform(), openFakeSmtp()]);
  });
  after(async () => {
    await Promise.all([platform.close(), smtp.close()]);
  });
  afterEach(() => {
    platform.calls.length = 0;
    smtp.mails.length = 0;
    smtp.refuse = null;
  });
  let made = 0;
  const account = (mode: string, values: Record<string, string>): OpenAccount => ({ identity: `account ${made += 1}`, mode, values });
  const notice = (more: Partial<OutgoingNotice> = {}): OutgoingNotice => ({ reference: '0198c5aa-0000-7000-8000-000000000001', address: 'u1', title: '派给您：20261122-00010 水管', body: '赵敏：请尽快\n<b>', link: 'https://bihuan.example/tickets/1', linkText: '查看', urgent: true, brief: { title: '派给您', number: '20261122-00010' }, ...more });
  const failsWith = async (promise: Promise<unknown>, code: SendProblem, words?: RegExp) => assert.rejects(promise, (error: unknown) => {
    assert.ok(error instanceof SendFailure, String(error));
    assert.equal(error.code, code, error.message);
    if (words) assert.match(error.message, words);
    return true;
  });
  const endsWith = (ending: string) => platform.calls.filter((call) => call.path.endsWith(ending));

  test('WeCom: one token for many messages, a new one when it was taken back; errors within a 200 are errors', async () => {
    const app = account('app', { corpId: 'ww1', agentId: '1000002', secret: 's', baseUrl: platform.url });
    let token = 0;
    platform.answer = ({ path }) => ({ body: path.endsWith('gettoken') ? { errcode: 0, access_token: `t${token += 1}`, expires_in: 7_200 } : { errcode: 0, errmsg: 'ok', msgid: 'm1' } });
    assert.deepEqual(await Promise.all([wecom.send(app, notice(), tools), wecom.send(app, notice(), tools)]), [{ providerId: 'm1' }, { providerId: 'm1' }]);
    assert.equal(token, 1);
    const [sent] = endsWith('message/send');
    assert.deepEqual([sent!.json.touser, sent!.json.agentid, sent!.json.enable_duplicate_check, sent!.json.textcard.description], ['u1', 1_000_002, 1, '赵敏：请尽快<br>&lt;b&gt;']);
    platform.answer = ({ path, query }) => ({ body: path.endsWith('gettoken') ? { errcode: 0, access_token: `t${token += 1}`, expires_in: 7_200 } : query.get('access_token') === 't1' ? { errcode: 42001, errmsg: 'expired' } : { errcode: 0, msgid: 'm2' } });
    assert.deepEqual(await wecom.send(app, notice(), tools), { providerId: 'm2' });
    assert.equal(token, 2);
    const answering = (body: unknown, status = 200) => (platform.answer = ({ path }) => (path.endsWith('gettoken') ? { body: { errcode: 0, access_token: 't', expires_in: 7_200 } } : { status, body }));
    const again = () => wecom.send(account('app', app.values), notice(), tools);
    answering({ errcode: 0, invaliduser: 'u1' });
    await failsWith(again(), 'address');
    answering({ errcode: 45009, errmsg: 'api freq out of limit' });
    await failsWith(again(), 'rate_limited');
    answering({ errcode: 42001, errmsg: 'expired for good' });
    await failsWith(again(), 'account');
    answering('<html>bad gateway', 502);
    await failsWith(again(), 'temporary', /502/);
    platform.answer = () => ({ body: { errcode: 40001, errmsg: 'invalid credential' } });
    await failsWith(again(), 'account', /40001/);
  });

  test('DingTalk: work notices and signed robots; what is written is no Markdown', async () => {
    const app = account('app', { appKey: 'k', appSecret: 's', agentId: '77', baseUrl: platform.url });
    platform.answer = ({ path }) => ({ body: path === '/gettoken' ? { errcode: 0, access_token: 't', expires_in: 7_200 } : { errcode: 0, task_id: 256_271_667_526 } });
    assert.deepEqual(await dingtalk.send(app, notice(), tools), { providerId: '256271667526' });
    assert.deepEqual([endsWith('asyncsend_v2')[0]!.json.userid_list, endsWith('asyncsend_v2')[0]!.json.msg.msgtype], ['u1', 'markdown']);
    const robot = account('robot', { webhookUrl: `${platform.url}/robot/send?access_token=x`, secret: 'SEC' });
    platform.answer = () => ({ body: { errcode: 0 } });
    await dingtalk.send(robot, notice({ address: '13800001111', body: '[点我](http://evil.example) **粗** @13900000000' }), tools);
    const call = endsWith('robot/send')[0]!;
    assert.equal(call.query.get('timestamp'), String(now.getTime()));
    assert.deepEqual(call.json.at.atMobiles, ['13800001111']);
    assert.ok(!/\[点我\]\(/.test(call.json.markdown.text) && !call.json.markdown.text.includes('**粗') && !call.json.markdown.text.includes('@13900000000'));
    for (const [errcode, code] of [[130101, 'rate_limited'], [310000, 'account'], [-1, 'temporary'], [33013, 'address']] as const) {
      platform.answer = () => ({ body: { errcode, errmsg: 'no' } });
      await failsWith(dingtalk.send(robot, notice(), tools), code);
    }
    platform.answer = ({ path }) => ({ body: path === '/gettoken' ? { errcode: 0, access_token: 't', expires_in: 7_200 } : { errcode: 88, sub_code: 90018, sub_msg: 'too fast' } });
    await failsWith(dingtalk.send(account('app', app.values), notice(), tools), 'rate_limited');
  });

  test('Feishu: an app says the same uuid at each attempt; a robot is signed in seconds', async () => {
    const app = account('app', { appId: 'cli', appSecret: 's', idType: 'open_id', baseUrl: platform.url });
    let token = 0;
    platform.answer = ({ path, headers }) => ({ body: path.endsWith('internal') ? { code: 0, tenant_access_token: `t${token += 1}`, expire: 7_200 } : headers['authorization'] === 'Bearer t1' ? { code: 99991663, msg: 'invalid token' } : { code: 0, data: { message_id: 'om_1' } } });
    assert.deepEqual(await feishu.send(app, notice({ address: 'ou_1' }), tools), { providerId: 'om_1' });
    const [first, second] = endsWith('/messages');
    assert.deepEqual([first!.json.uuid, second!.json.uuid, first!.query.get('receive_id_type')], [notice().reference, notice().reference, 'open_id']);
    assert.equal(JSON.parse(second!.json.content).zh_cn.content[1][0].text, '<b>', 'a value, not a mark-up');
    platform.answer = () => ({ body: { code: 0 } });
    await feishu.send(account('robot', { webhookUrl: `${platform.url}/hook`, secret: 'demo' }), notice({ address: '' }), tools);
    assert.deepEqual([endsWith('/hook')[0]!.json.timestamp, endsWith('/hook')[0]!.json.msg_type], [String(now.getTime() / 1_000), 'post']);
    for (const [answer, code] of [[{ code: 19021, msg: 'sign match fail' }, 'account'], [{ code: 11232, msg: 'frequency limited' }, 'rate_limited']] as const) {
      platform.answer = () => ({ body: answer });
      await failsWith(feishu.send(account('robot', { webhookUrl: `${platform.url}/hook` }), notice(), tools), code);
    }
    platform.answer = ({ path }) => ({ body: path.endsWith('internal') ? { code: 0, tenant_access_token: 't', expire: 7_200 } : { code: 230013, msg: 'Bot has NO availability to this user' }, status: path.endsWith('internal') ? 200 : 400 });
    await failsWith(feishu.send(account('app', app.values), notice(), tools), 'address');
  });

  test('text messages: the clouds get short values in their templates, a gateway a text and a key', async () => {
    platform.answer = () => ({ body: { Code: 'OK', BizId: 'b1' } });
    const aliyun = account('aliyun', { accessKeyId: 'i', accessKeySecret: 's', signName: '安居', templateCode: 'SMS_1', baseUrl: platform.url });
    assert.deepEqual(await sms.send(aliyun, notice({ address: '+8613800001111' }), tools), { providerId: 'b1' });
    const call = platform.calls.at(-1)!;
    assert.deepEqual([call.query.get('PhoneNumbers'), call.query.get('SignName'), call.query.get('TemplateParam'), call.query.get('OutId')], ['13800001111', '安居', '{"title":"派给您","number":"20261122-00010"}', notice().reference]);
    assert.match(String(call.headers['authorization']), /^ACS3-HMAC-SHA256 Credential=i,SignedHeaders=host;x-acs-action;/);
    for (const [Code, code] of [['isv.BUSINESS_LIMIT_CONTROL', 'rate_limited'], ['isv.MOBILE_NUMBER_ILLEGAL', 'address'], ['isv.SMS_SIGNATURE_ILLEGAL', 'account'], ['SignatureDoesNotMatch', 'account']] as const) {
      platform.answer = () => ({ status: Code.startsWith('Sig') ? 400 : 200, body: { Code, Message: 'no' } });
      await failsWith(sms.send(aliyun, notice({ address: '13800001111' }), tools), code);
    }
    const tencent = account('tencent', { secretId: 'i', secretKey: 's', sdkAppId: '14001', signName: '安居', templateId: '9', baseUrl: platform.url });
    platform.answer = () => ({ body: { Response: { SendStatusSet: [{ Code: 'Ok', Message: 'send success', SerialNo: 'n1' }] } } });
    assert.deepEqual(await sms.send(tencent, notice({ address: '13800001111' }), tools), { providerId: 'n1' });
    assert.deepEqual([platform.calls.at(-1)!.json.PhoneNumberSet, platform.calls.at(-1)!.json.TemplateParamSet, platform.calls.at(-1)!.headers['x-tc-action']], [['+8613800001111'], ['派给您', '20261122-00010'], 'SendSms']);
    for (const [Code, code] of [['LimitExceeded.PhoneNumberDailyLimit', 'rate_limited'], ['InvalidParameterValue.IncorrectPhoneNumber', 'address'], ['InternalError.Timeout', 'temporary']] as const) {
      platform.answer = () => ({ body: { Response: { SendStatusSet: [{ Code, Message: 'no', SerialNo: '' }] } } });
      await failsWith(sms.send(tencent, notice({ address: '13800001111' }), tools), code);
    }
    const gateway = account('gateway', { url: `${platform.url}/sms`, secret: 'token' });
    platform.answer = () => ({ body: {} });
    await sms.send(gateway, notice({ address: '13800001111' }), tools);
    assert.deepEqual([platform.calls.at(-1)!.headers['idempotency-key'], platform.calls.at(-1)!.headers['authorization']], [notice().reference, 'Bearer token']);
    platform.answer = () => ({ status: 429, body: {} });
    await failsWith(sms.send(gateway, notice({ address: '13800001111' }), tools), 'rate_limited');
  });

  test('an answer that is not the platform’s is no yes: a page with 404, JSON without a code', async () => {
    const ways = [
      () => wecom.send(account('robot', { webhookUrl: `${platform.url}/hook` }), notice({ address: '' }), tools),
      () => dingtalk.send(account('robot', { webhookUrl: `${platform.url}/hook` }), notice({ address: '' }), tools),
      () => feishu.send(account('robot', { webhookUrl: `${platform.url}/hook` }), notice({ address: '' }), tools),
      () => wecom.send(account('app', { corpId: 'ww1', agentId: '1', secret: 's', baseUrl: platform.url }), notice(), tools),
      () => sms.send(account('aliyun', { accessKeyId: 'i', accessKeySecret: 's', signName: '安居', templateCode: 'SMS_1', baseUrl: platform.url }), notice({ address: '13800001111' }), tools),
      () => sms.send(account('tencent', { secretId: 'i', secretKey: 's', sdkAppId: '1', signName: '安居', templateId: '9', baseUrl: platform.url }), notice({ address: '13800001111' }), tools),
    ];
    for (const way of ways) {
      for (const [status, body, code] of [[404, '<html>not found', 'account'], [403, '', 'account'], [200, {}, 'account'], [200, [], 'account'], [400, { message: 'who are you' }, 'account'], [200, '<html>sign in', 'temporary'], [408, '', 'temporary']] as const) {
        platform.answer = () => ({ status, body });
        await failsWith(way(), code);
      }
    }
  });

  test('WeCom answers with names in small letters, and takes messages that it does not hand on', async () => {
    const answering = (body: unknown) => (platform.answer = ({ path }) => (path.endsWith('gettoken') ? { body: { errcode: 0, access_token: 't', expires_in: 7_200 } } : { body }));
    const send = () => wecom.send(account('app', { corpId: 'ww1', agentId: '1', secret: 's', baseUrl: platform.url }), notice({ address: 'ZhangSan' }), tools);
    answering({ errcode: 0, errmsg: 'ok', invaliduser: 'zhangsan|lisi' });
    await failsWith(send(), 'address');
    answering({ errcode: 0, errmsg: 'ok', unlicenseduser: 'zhangsan' });
    await failsWith(send(), 'address', /licen/);
    answering({ errcode: 0, errmsg: 'ok', invaliduser: 'lisi', msgid: 'm' });
    assert.deepEqual(await send(), { providerId: 'm' });
  });

  test('web push: the browser can open it, nobody on the way can; one that is gone says so', async () => {
    const browser = createECDH('prime256v1');
    const [p256dh, auth] = [browser.generateKeys('base64url'), randomBytes(16)];
    const vapid = newVapidKeys();
    const push = account('vapid', { subject: 'mailto:a@b.example', ...vapid });
    const address = JSON.stringify({ endpoint: `${platform.url}/push/1`, keys: { p256dh, auth: auth.toString('base64url') } });
    platform.answer = () => ({ status: 201, body: '' });
    await webPush.send(push, notice({ address }), tools);
    const { body, headers } = platform.calls.at(-1)!;
    assert.deepEqual([headers['content-encoding'], headers['urgency'], String(headers['topic']).length], ['aes128gcm', 'high', 32]);
    const [salt, sender] = [body.subarray(0, 16), body.subarray(21, 86)];
    const key = Buffer.from(hkdfSync('sha256', browser.computeSecret(sender), auth, Buffer.concat([Buffer.from('WebPush: info\0'), browser.getPublicKey(), sender]), 32));
    const open = createDecipheriv('aes-128-gcm', Buffer.from(hkdfSync('sha256', key, salt, 'Content-Encoding: aes128gcm\0', 16)), Buffer.from(hkdfSync('sha256', key, salt, 'Content-Encoding: nonce\0', 12)));
    open.setAuthTag(body.subarray(-16));
    const text = Buffer.concat([open.update(body.subarray(86, -16)), open.final()]);
    assert.equal(text.at(-1), 2);
    assert.deepEqual(JSON.parse(text.subarray(0, -1).toString()).title, '派给您：20261122-00010 水管');
    for (const [status, code] of [[410, 'address'], [429, 'rate_limited'], [503, 'temporary'], [403, 'account']] as const) {
      platform.answer = () => ({ status, body: '' });
      await failsWith(webPush.send(push, notice({ address }), tools), code);
    }
    await failsWith(webPush.send(push, notice({ address: JSON.stringify({ endpoint: `${platform.url}/push/1`, keys: { p256dh: 'AAAA', auth: 'AAAA' } }) }), tools), 'address');
    await failsWith(webPush.send(push, notice({ address: JSON.stringify({ endpoint: 'http://169.254.169.254/x', keys: { p256dh, auth: 'AAAA' } }) }), outsideTools({ now: () => now }, [])), 'account');
  });

  test('e-mail: no header, command or second recipient comes of what was written; dots and long lines arrive as they were', async () => {
    const mailer = account('smtp', { host: '127.0.0.1', port: String(smtp.port), security: 'none', from: 'notices@anju.example', fromName: '安居"物业\r\nBcc: x@y' });
    const body = ['.', '..两点', `长${'长'.repeat(500)}`].join('\n');
    await email.send(mailer, notice({ address: 'li@example.com', title: 'a\r\nBcc: all@example.com', body }), tools);
    const [mail] = smtp.mails;
    const head = mail!.raw.slice(0, mail!.raw.indexOf('\r\n\r\n'));
    assert.deepEqual(head.split('\r\n').filter((line) => !line.startsWith(' ')).map((line) => line.split(':')[0]), ['From', 'To', 'Subject', 'Date', 'Message-ID', 'MIME-Version', 'Auto-Submitted', 'X-Priority', 'Importance', 'Content-Type']);
    assert.ok(mail!.raw.split('\r\n').every((line) => line.length <= 998));
    assert.ok(mail!.parts[0]!.startsWith(body.replaceAll('\n', '\r\n')));
    assert.ok(mail!.parts[1]!.includes('href="https://bihuan.example/tickets/1"'));
    for (const address of ['a@b.example>\r\nRCPT TO:<c@d', 'a b@c.example', '<a@b.example>', 'a@b.example,c@d.example', '']) await failsWith(email.send(mailer, notice({ address }), tools), 'address');
    assert.equal(smtp.mails.length, 1);
    for (const [said, code] of [['550 5.1.1 unknown', 'address'], ['450 4.2.1 slow down', 'rate_limited'], ['451 4.3.0 try later', 'temporary']] as const) {
      smtp.refuse = () => said;
      await failsWith(email.send(mailer, notice({ address: 'li@example.com' }), tools), code, new RegExp(said.slice(0, 3)));
    }
    await failsWith(email.send(account('smtp', { ...mailer.values, user: 'u', password: 'p' }), notice({ address: 'li@example.com' }), tools), 'account', /not sent without encryption/);
    await failsWith(email.send(account('smtp', { ...mailer.values, security: 'starttls' }), notice({ address: 'li@example.com' }), tools), 'account', /STARTTLS/);
    await failsWith(email.send(mailer, notice({ address: 'li@example.com' }), outsideTools({ now: () => now }, [])), 'account', /internal network/);
    await failsWith(email.send(account('smtp', { ...mailer.values, port: '1' }), notice({ address: 'li@example.com' }), tools), 'temporary');
  });
});
