import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { openFakeDingtalk, type FakeDingtalk } from '../../test/support/fake-dingtalk.ts';
import { openFakeFeishu } from '../../test/support/fake-feishu.ts';
import { eventually } from '../../test/browser/eventually.ts';
import { openStream } from './dingtalk/stream.ts';
import { dingtalkReplies } from './dingtalk/robot.ts';
import { feishuReplies } from './feishu/outbound.ts';
import { outsideTools, SendFailure, type SendProblem } from './notice-channel.ts';
import type { Contact, OpenOutboundAccount, OutboundTools } from './outbound.ts';

describe('what DingTalk and Feishu answer to an answer', { timeout: 60_000 }, async () => {
  const [dingtalk, feishu] = [await openFakeDingtalk(), await openFakeFeishu()];
  after(() => Promise.all([dingtalk.close(), feishu.close()]));
  const tools: OutboundTools = { ...outsideTools({ now: () => new Date('2026-11-22T04:00:00Z') }, ['127.0.0.1']), unsure: 'unknown', readFile: () => Promise.resolve(Buffer.from('x')) };
  const account = (values: Record<string, string>): OpenOutboundAccount => ({ id: 'a', identity: JSON.stringify(values), mode: '', values });
  const contact = (replyContext: Record<string, string>): Contact => ({ thread: 'u1', ids: { userid: 'u1', open_id: 'ou_1' }, name: null, lastInboundAt: null, sentSince: 0, replyContext });
  const text = { content: { msgtype: 'text', text: { content: '好的' } }, files: [] };
  const codeOf = (sent: Promise<unknown>): Promise<SendProblem | 'taken'> => sent.then(() => 'taken' as const, (error: unknown) => {
    if (error instanceof SendFailure) return error.code;
    throw error;
  });

  test('DingTalk: by the robot, each refusal for what it is', async () => {
    const app = account({ clientId: 'dingapp01', clientSecret: 'client-secret', baseUrl: dingtalk.url });
    const path = '/v1.0/robot/oToMessages/batchSend';
    const answers: readonly [ReturnType<FakeDingtalk['next'][number]['answer']>, SendProblem | 'taken'][] = [
      [{ body: { processQueryKey: 'k', invalidStaffIdList: [], flowControlledStaffIdList: [] } }, 'taken'], [{ body: { processQueryKey: 'k', flowControlledStaffIdList: ['u1'] } }, 'rate_limited'], [{ body: { processQueryKey: 'k', invalidStaffIdList: ['u1'] } }, 'address'],
      [{ status: 400, body: { code: 'staffId.notExisted', message: '用户不存在' } }, 'address'], [{ status: 403, body: { code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied', message: '没有权限' } }, 'account'], [{ status: 400, body: { code: 'invalidParameter.robotCode.notExsit', message: '机器人不存在' } }, 'account'],
      [{ status: 400, body: { code: 'invalidParameter.msgParam.invalid', message: 'x' } }, 'content'], [{ status: 403, body: { code: 'Forbidden.AccessDenied.QpsLimitForApi', message: 'x' } }, 'rate_limited'], [{ status: 429, body: {} }, 'rate_limited'], [{ status: 503, body: {} }, 'temporary'],
      [{ status: 500, body: { code: 'unknownError' } }, 'unknown'], [{ body: '<html>sign in' }, 'unknown'], [{ status: 404, body: '<html>not found' }, 'account'],
    ];
    for (const [answer, code] of answers) {
      dingtalk.next.push({ path, answer: () => answer });
      assert.equal(await codeOf(dingtalkReplies.send(app, contact({ conversation: 'single', staffId: 'u1' }), text, 'k', tools)), code, JSON.stringify(answer));
    }
    assert.equal(await codeOf(dingtalkReplies.send(account({ ...app.values, clientSecret: 'wrong' }), contact({ conversation: 'single', staffId: 'u1' }), text, 'k', tools)), 'account');
  });

  test('DingTalk: while what came waits to be kept, only so much more is read off the stream', async () => {
    const keeping = Promise.withResolvers<void>();
    let came = 0;
    const stream = await openStream({ ...account({ clientId: 'dingapp09', clientSecret: 'client-secret', baseUrl: dingtalk.url }), mapping: [] }, tools, () => {
      came += 1;
      return keeping.promise;
    });
    const answers = Array.from({ length: 200 }, (_, index) => dingtalk.gateway.push('dingapp09', { msgId: String(index), text: 'x'.repeat(40_000) }));
    await eventually(async () => came >= 64, 'as many are under way as may be');
    // What was sent before this answer has come.
    await outsideTools({ now: () => new Date() }, ['127.0.0.1']).call({ method: 'POST', url: `${dingtalk.url}/v1.0/oauth2/accessToken`, headers: {}, body: JSON.stringify({ clientId: 'x' }) });
    assert.ok(came < 100, `${came} are under way`);
    keeping.resolve();
    await Promise.all(answers);
    assert.equal(came, 200);
    await stream.close();
  });

  test('Feishu: each code for what it is; a token that stays refused is the account’s', async () => {
    const app = account({ appId: 'cli_a0001', appSecret: 'secret', baseUrl: feishu.url });
    const path = /\/im\/v1\/messages$/;
    const answers: readonly [number, number, SendProblem | 'taken'][] = [
      [200, 0, 'taken'], [400, 230013, 'address'], [400, 230002, 'address'], [400, 230020, 'rate_limited'], [400, 99991400, 'rate_limited'], [400, 230027, 'account'], [400, 99991672, 'account'], [400, 230025, 'content'], [400, 230028, 'content'], [400, 230049, 'temporary'], [500, 1, 'unknown'],
    ];
    for (const [status, code, expected] of answers) {
      feishu.next.push({ path, answer: () => ({ status, body: { code, msg: 'x', data: { message_id: 'om_1' } } }) });
      assert.equal(await codeOf(feishuReplies.send(app, contact({ conversation: 'single', openId: 'ou_1' }), text, 'k', tools)), expected, String(code));
    }
    for (let time = 0; time < 2; time += 1) feishu.next.push({ path, answer: () => ({ status: 400, body: { code: 99991663, msg: 'x' } }) });
    assert.equal(await codeOf(feishuReplies.send(app, contact({ conversation: 'single', openId: 'ou_1' }), text, 'k', tools)), 'account');
    assert.equal(await codeOf(feishuReplies.send(account({ ...app.values, appSecret: 'wrong' }), contact({ conversation: 'single', openId: 'ou_1' }), text, 'k', tools)), 'account');
  });
});
