import assert from 'node:assert/strict';
import { createECDH, createHmac, createPublicKey, verify } from 'node:crypto';
import { describe, test } from 'node:test';
import { robotSign as dingtalkSign } from './dingtalk/notice.ts';
import { robotSign as feishuSign } from './feishu/notice.ts';
import { signAliyun } from './sms/aliyun.ts';
import { signTencent } from './sms/tencent.ts';
import { encryptPush } from './web-push/encrypt.ts';
import { newVapidKeys, vapidAuthorization } from './web-push/vapid.ts';

describe('signatures as published', () => {
  test('Alibaba Cloud: the example of the documentation of the V3 signature', () => {
    const signed = signAliyun({
      host: 'ecs.cn-shanghai.aliyuncs.com', action: 'RunInstances', version: '2014-05-26', at: new Date('2023-10-26T10:22:32Z'), nonce: '3156853299f313e23d1673dc12e1703d',
      query: { ImageId: 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd', RegionId: 'cn-shanghai' },
    }, { id: 'YourAccessKeyId', secret: 'YourAccessKeySecret' });
    assert.match(signed.headers['authorization']!, /Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0$/);
    assert.equal(signed.headers['x-acs-content-sha256'], 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  test('Alibaba Cloud: what is reserved is encoded as RFC 3986 has it, in the order of names', () => {
    const { query } = signAliyun({ host: 'h', action: 'A', version: 'V', at: new Date(0), query: { b: "a+b *'()!~", A: '中' } }, { id: 'i', secret: 's' });
    assert.equal(query, 'A=%E4%B8%AD&b=a%2Bb%20%2A%27%28%29%21~');
  });

  test('Tencent Cloud: the example of the documentation of the signature v3', () => {
    const headers = signTencent({
      host: 'cvm.tencentcloudapi.com', service: 'cvm', action: 'DescribeInstances', at: new Date(1551113065_000),
      body: '{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}',
    }, { id: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE', secret: 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE' });
    assert.equal(headers['authorization'], 'TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168');
  });

  test('Web Push: the example of RFC 8291, appendix A', () => {
    const body = encryptPush(Buffer.from('When I grow up, I want to be a watermelon'), {
      p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4', auth: 'BTBZMqHH6r4Tts7J_aSIgg',
    }, { privateKey: Buffer.from('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw', 'base64url'), salt: Buffer.from('DGv6ra1nlYgDCS1FRnbzlw', 'base64url') });
    assert.equal(body.toString('base64url'), 'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN');
    assert.throws(() => encryptPush(Buffer.alloc(4_000), { p256dh: '', auth: '' }), RangeError);
  });

  test('Web Push: the authorization names the service, ends within a day and is signed by the key it shows (RFC 8292)', () => {
    const now = new Date('2026-11-22T00:00:00Z');
    for (let turn = 0; turn < 50; turn += 1) {
      const keys = newVapidKeys();
      const [, token, shown] = /^vapid t=([^,]+), k=(\S+)$/.exec(vapidAuthorization('https://push.example.net/p/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV', 'mailto:push@example.com', keys, now))!;
      const [head, claims, signature] = token!.split('.');
      assert.deepEqual(JSON.parse(Buffer.from(head!, 'base64url').toString()), { typ: 'JWT', alg: 'ES256' });
      assert.deepEqual(JSON.parse(Buffer.from(claims!, 'base64url').toString()), { aud: 'https://push.example.net', exp: now.getTime() / 1_000 + 43_200, sub: 'mailto:push@example.com' });
      const point = Buffer.from(shown!, 'base64url');
      const key = createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') } });
      assert.ok(verify('sha256', Buffer.from(`${head}.${claims}`), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature!, 'base64url')));
      const pair = createECDH('prime256v1');
      pair.setPrivateKey(Buffer.from(keys.privateKey, 'base64url'));
      assert.equal(pair.getPublicKey('base64url'), keys.publicKey);
    }
  });

  test('robots: DingTalk signs with the secret as key, Feishu with the secret in the key and nothing to sign', () => {
    assert.equal(dingtalkSign(1577262236757, 'this is secret'), createHmac('sha256', 'this is secret').update('1577262236757\nthis is secret').digest('base64'));
    assert.equal(feishuSign(1599360473, 'demo'), createHmac('sha256', '1599360473\ndemo').update(Buffer.alloc(0)).digest('base64'));
    assert.notEqual(dingtalkSign(1, 's'), feishuSign(1, 's'));
  });
});
