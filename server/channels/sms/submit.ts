import { callJson, reach, saidIn, SendFailure, type ChannelTools, type OpenAccount } from '../notice-channel.ts';
import { signAliyun } from './aliyun.ts';
import { signTencent } from './tencent.ts';

/** One text message of an approved template (模板短信): its values by name, in the order in which they count. */
export interface TemplateText {
  phone: string;
  values: Readonly<Record<string, string>>;
  /** The same at every attempt; said back in receipts where the cloud does so. */
  reference: string;
}

/** Hands a message to Alibaba Cloud (SendSms 2017-05-25). @throws SendFailure */
export async function submitToAliyun({ values }: OpenAccount, { phone, values: given, reference }: TemplateText, tools: ChannelTools): Promise<{ providerId: string | null }> {
  const base = new URL(values['baseUrl'] || 'https://dysmsapi.aliyuncs.com');
  const signed = signAliyun({
    host: base.host, action: 'SendSms', version: '2017-05-25', at: tools.now(),
    query: { PhoneNumbers: phone.replace(/^\+86/, ''), SignName: values['signName']!, TemplateCode: values['templateCode']!, TemplateParam: JSON.stringify(given), OutId: reference, ...(values['extendCode'] ? { SmsUpExtendCode: values['extendCode'] } : {}) },
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

/** Hands a message to Tencent Cloud (SendSms 2021-01-11), where values count by their place. @throws SendFailure */
export async function submitToTencent({ values }: OpenAccount, { phone, values: given, reference }: TemplateText, tools: ChannelTools): Promise<{ providerId: string | null }> {
  const base = new URL(values['baseUrl'] || 'https://sms.tencentcloudapi.com');
  const body = JSON.stringify({ PhoneNumberSet: [phone.startsWith('+') ? phone : `+86${phone}`], SmsSdkAppId: values['sdkAppId'], SignName: values['signName'], TemplateId: values['templateId'], TemplateParamSet: Object.values(given), SessionContext: reference, ...(values['extendCode'] ? { ExtendCode: values['extendCode'] } : {}) });
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

/** Hands a message to an own gateway, as free text under a key by which it drops a repetition. @throws SendFailure */
export async function submitToGateway(url: string, bearer: string | undefined, { phone, text, reference }: { phone: string; text: string; reference: string }, tools: ChannelTools): Promise<{ providerId: string | null }> {
  const answer = await reach(tools, {
    method: 'POST', url, body: JSON.stringify({ phone, text, reference }),
    headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'bihuan', 'idempotency-key': reference, ...(bearer ? { authorization: `Bearer ${bearer}` } : {}) },
  });
  if (answer.status >= 200 && answer.status < 300) return { providerId: null };
  const said = `the gateway answered ${answer.status}`;
  if (answer.status === 429) throw new SendFailure('rate_limited', said, 60);
  if (answer.status === 503 || answer.status === 425) throw new SendFailure('temporary', said);
  if (answer.status >= 500 || answer.status === 408) throw new SendFailure(tools.unsure ?? 'temporary', said);
  throw new SendFailure(answer.status === 401 || answer.status === 403 || answer.status === 404 ? 'account' : 'address', said);
}
