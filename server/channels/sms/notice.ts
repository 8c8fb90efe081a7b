import { oneLine, shorten } from '../escape.ts';
import { callJson, reach, saidIn, SendFailure, type ChannelTools, type NoticeSender, type OpenAccount, type OutgoingNotice } from '../notice-channel.ts';
import { signAliyun } from './aliyun.ts';
import { signTencent } from './tencent.ts';

// A carrier's template takes short values only, and no link (变量长度限制).
const longestValue = 35;
const valuesOf = ({ brief }: OutgoingNotice) => ({ title: shorten(oneLine(brief.title), longestValue) || '-', number: shorten(oneLine(brief.number), longestValue) || '-' });
const textOf = (notice: OutgoingNotice) => shorten([oneLine(notice.title), notice.link].filter(Boolean).join(' '), 300);

/**
 * Text messages (短信) by Alibaba Cloud (SendSms 2017-05-25), Tencent Cloud (SendSms 2021-01-11) or an own gateway. Both clouds send
 * templates that a carrier has approved: they get `title` and `number`, in this order where they count.
 * Neither cloud drops a repetition: what was under way when a node died may arrive twice. A gateway is told the reference.
 */
export const sms: NoticeSender = {
  channel: 'sms',
  preview: (account, notice) => (account.mode === 'gateway' ? textOf(notice) : JSON.stringify(valuesOf(notice), null, 2)),
  send: (account, notice, tools) => (account.mode === 'aliyun' ? byAliyun(account, notice, tools) : account.mode === 'tencent' ? byTencent(account, notice, tools) : byGateway(account, notice, tools)),
};

async function byAliyun(account: OpenAccount, notice: OutgoingNotice, tools: ChannelTools): Promise<{ providerId: string | null }> {
  const { values } = account;
  const base = new URL(values['baseUrl'] || 'https://dysmsapi.aliyuncs.com');
  const signed = signAliyun({
    host: base.host, action: 'SendSms', version: '2017-05-25', at: tools.now(),
    query: { PhoneNumbers: notice.address.replace(/^\+86/, ''), SignName: values['signName']!, TemplateCode: values['templateCode']!, TemplateParam: JSON.stringify(valuesOf(notice)), OutId: notice.reference },
  }, { id: values['accessKeyId']!, secret: values['accessKeySecret']! });
  const { json } = await callJson(tools, 'POST', `${base.origin}/?${signed.query}`, '', { ...signed.headers, 'content-type': 'application/x-www-form-urlencoded' });
  const code = saidIn(json['Code']) || 'no code';
  if (code === 'OK') return { providerId: typeof json['BizId'] === 'string' ? json['BizId'] : null };
  const said = `Aliyun ${code}: ${saidIn(json['Message'])}`;
  // https://help.aliyun.com/zh/sms/developer-reference/api-error-codes
  if (code === 'isv.BUSINESS_LIMIT_CONTROL' || code.startsWith('Throttling')) throw new SendFailure('rate_limited', said, 60);
  if (code === 'isp.SYSTEM_ERROR' || code === 'ServiceUnavailable' || code === 'InternalError') throw new SendFailure('temporary', said);
  if (code === 'isv.MOBILE_NUMBER_ILLEGAL' || code === 'isv.BLACK_KEY_CONTROL_LIMIT' || code === 'isv.MOBILE_COUNT_OVER_LIMIT') throw new SendFailure('address', said);
  if (code.startsWith('isv.INVALID_PARAMETERS') || code === 'isv.PARAM_LENGTH_LIMIT' || code === 'isv.TEMPLATE_MISSING_PARAMETERS' || code === 'isv.PARAM_NOT_SUPPORT_URL') throw new SendFailure('content', said);
  throw new SendFailure('account', said);
}

async function byTencent(account: OpenAccount, notice: OutgoingNotice, tools: ChannelTools): Promise<{ providerId: string | null }> {
  const { values } = account;
  const base = new URL(values['baseUrl'] || 'https://sms.tencentcloudapi.com');
  const { title, number } = valuesOf(notice);
  const body = JSON.stringify({ PhoneNumberSet: [notice.address.startsWith('+') ? notice.address : `+86${notice.address}`], SmsSdkAppId: values['sdkAppId'], SignName: values['signName'], TemplateId: values['templateId'], TemplateParamSet: [title, number], SessionContext: notice.reference });
  const headers = signTencent({ host: base.host, service: 'sms', action: 'SendSms', body, at: tools.now() }, { id: values['secretId']!, secret: values['secretKey']! });
  const { json } = await callJson(tools, 'POST', `${base.origin}/`, body, { ...headers, 'x-tc-version': '2021-01-11', 'x-tc-region': values['region'] || 'ap-guangzhou' });
  const response = (json['Response'] ?? {}) as { Error?: { Code: string; Message: string }; SendStatusSet?: { Code: string; Message: string; SerialNo: string }[] };
  const status = response.SendStatusSet?.[0];
  if (status?.Code === 'Ok') return { providerId: status.SerialNo || null };
  const code = response.Error?.Code ?? status?.Code ?? 'no code';
  const said = `Tencent ${code}: ${response.Error?.Message ?? status?.Message ?? ''}`;
  // https://cloud.tencent.com/document/product/382/55981
  if (/^(LimitExceeded|RequestLimitExceeded)/.test(code)) throw new SendFailure('rate_limited', said, 60);
  if (/^(InternalError|ServiceUnavailable)/.test(code)) throw new SendFailure('temporary', said);
  if (/PhoneNumber|IncorrectPhoneNumber|InBlacklist/i.test(code)) throw new SendFailure('address', said);
  if (/TemplateParam|ParameterLengthLimit|ContentLengthLimit|ContainSensitiveWord/.test(code)) throw new SendFailure('content', said);
  throw new SendFailure('account', said);
}

async function byGateway(account: OpenAccount, notice: OutgoingNotice, tools: ChannelTools): Promise<{ providerId: string | null }> {
  const secret = account.values['secret'];
  const answer = await reach(tools, {
    method: 'POST', url: account.values['url']!, body: JSON.stringify({ phone: notice.address, text: textOf(notice), reference: notice.reference }),
    headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'bihuan', 'idempotency-key': notice.reference, ...(secret ? { authorization: `Bearer ${secret}` } : {}) },
  });
  if (answer.status >= 200 && answer.status < 300) return { providerId: null };
  const said = `the gateway answered ${answer.status}`;
  if (answer.status === 429) throw new SendFailure('rate_limited', said, 60);
  if (answer.status >= 500 || answer.status === 408 || answer.status === 425) throw new SendFailure('temporary', said);
  throw new SendFailure(answer.status === 401 || answer.status === 403 || answer.status === 404 ? 'account' : 'address', said);
}
