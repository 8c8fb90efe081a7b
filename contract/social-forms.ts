import type { AccountField } from './notice.ts';

const token: AccountField = { name: 'token', secret: true, made: 'token', pattern: '^[A-Za-z0-9_-]{16,200}$' };
const baseUrl: AccountField = { name: 'baseUrl', optional: true, pattern: '^https?://[^\\s]{1,480}$' };
const secret = (name: string): AccountField => ({ name, secret: true, pattern: '^\\S{4,2000}$' });
const digits = (name: string): AccountField => ({ name, pattern: '^[0-9]{1,30}$' });
const cloudText: readonly AccountField[] = [
  { name: 'signName' }, { name: 'templateData', optional: true, pattern: '^[A-Za-z_0-9]+=[^;]+(;[A-Za-z_0-9]+=[^;]+){0,9}$' }, { name: 'extendCode', optional: true, pattern: '^[0-9]{1,20}$' }, token, baseUrl,
];

/** What an account of a social platform takes (社交平台账号表单). */
export const socialForms = {
  telegram: { bot: [{ name: 'botToken', secret: true, pattern: '^[0-9]{3,20}:[A-Za-z0-9_-]{5,100}$' }, token, baseUrl] },
  whatsapp: { cloud: [digits('phoneNumberId'), secret('accessToken'), secret('appSecret'), token, { name: 'templateName', optional: true, pattern: '^[a-z0-9_]{1,200}$' }, { name: 'templateLanguage', optional: true, pattern: '^[a-z]{2,3}(_[A-Z]{2})?$' }, baseUrl] },
  messenger: { page: [digits('pageId'), secret('accessToken'), secret('appSecret'), token, baseUrl] },
  line: { messaging: [secret('channelSecret'), secret('accessToken'), baseUrl] },
  douyin: { app: [{ name: 'clientKey', pattern: '^[A-Za-z0-9_-]{5,64}$' }, secret('clientSecret'), baseUrl] },
  weibo: { fans: [secret('appSecret'), secret('accessToken'), baseUrl] },
} as const satisfies Record<string, Record<string, readonly AccountField[]>>;

/** What an account for text messages takes that customers may answer to (短信会话账号表单). */
export const smsForms = {
  sms: {
    aliyun: [{ name: 'accessKeyId', pattern: '^[A-Za-z0-9]{10,64}$' }, secret('accessKeySecret'), { name: 'templateCode', pattern: '^[A-Za-z0-9_]{3,40}$' }, ...cloudText],
    tencent: [{ name: 'secretId', pattern: '^[A-Za-z0-9]{10,64}$' }, secret('secretKey'), digits('sdkAppId'), digits('templateId'), { name: 'region', optional: true, pattern: '^[a-z0-9-]{2,40}$' }, ...cloudText],
    gateway: [{ name: 'url', pattern: '^https?://[^\\s]{1,480}$' }, { name: 'bearer', secret: true, optional: true, pattern: '^\\S{4,2000}$' }, { name: 'secret', secret: true, made: 'signing', pattern: '^whsec_[A-Za-z0-9+/]{32,88}={0,2}$' }],
  },
} as const satisfies Record<string, Record<string, readonly AccountField[]>>;

const topic = '^[^\\s#+]{1,200}$';
/** What a broker of devices takes (设备消息服务器表单). */
export const deviceForms = {
  mqtt: {
    broker: [
      { name: 'url', pattern: '^(mqtt|mqtts|tcp|ssl|tls)://[A-Za-z0-9.:\\[\\]-]{1,200}/?$' }, { name: 'user', optional: true }, { name: 'password', secret: true, optional: true },
      { name: 'topic', standard: 'wo/v1/{tenant}/{device}/alarm', pattern: topic }, { name: 'statusTopic', standard: 'wo/v1/{tenant}/{device}/status', optional: true, pattern: topic },
    ],
  },
} as const satisfies Record<string, Record<string, readonly AccountField[]>>;
