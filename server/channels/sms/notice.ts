import { oneLine, shorten } from '../escape.ts';
import type { NoticeSender, OutgoingNotice } from '../notice-channel.ts';
import { submitToAliyun, submitToGateway, submitToTencent } from './submit.ts';

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
  send(account, notice, tools) {
    const { reference, address: phone } = notice;
    if (account.mode === 'aliyun') return submitToAliyun(account, { phone, values: valuesOf(notice), reference }, tools);
    if (account.mode === 'tencent') return submitToTencent(account, { phone, values: valuesOf(notice), reference }, tools);
    return submitToGateway(account.values['url']!, account.values['secret'], { phone, text: textOf(notice), reference }, tools);
  },
};
