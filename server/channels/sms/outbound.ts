import { oneLine, plainLines, shorten, shortenBytes } from '../escape.ts';
import { SendFailure } from '../notice-channel.ts';
import type { OpenOutboundAccount, OutboundChannel, OutgoingReply } from '../outbound.ts';
import { submitToAliyun, submitToGateway, submitToTencent } from './submit.ts';

// A carrier's template takes short values only, and no link (变量长度限制).
const longestValue = 35;
const longestText = 1_000;
const templateStandard = 'title={text};number={number}';

/** What the template of the account is filled with: names and texts with {number}, {subject}, {text}, {organization}, {author}. */
function templateValues({ values }: OpenOutboundAccount, { text, ticket, organization, author }: OutgoingReply): Record<string, string> {
  const known: Readonly<Record<string, string>> = { text: oneLine(text), number: ticket.number, subject: ticket.subject, organization, author: author ?? organization };
  return Object.fromEntries((values['templateData'] || templateStandard).split(';').flatMap((pair) => {
    const [name = '', pattern = ''] = pair.split('=', 2).map((part) => part.trim());
    return name === '' ? [] : [[name, shorten(oneLine(pattern.replace(/\{(\w+)\}/g, (_, key: string) => known[key] ?? '')), longestValue) || '-']];
  }));
}

function freeText({ text, files, link, language }: OutgoingReply): string {
  const english = language === 'en';
  const said = plainLines(text);
  const more = files.length > 0 || Buffer.byteLength(said) > longestText;
  return more ? `${shortenBytes(said, longestText)}\n${english ? 'More' : '详情'}: ${link}` : said;
}

/**
 * Answers as text messages (短信回复): by both clouds a message of an approved template, whose values hold the beginning of the answer; by a gateway of one's own free text.
 * Only a gateway is told a key by which it drops repetitions.
 */
export const smsReplies: OutboundChannel = {
  capabilities: ({ mode }) => ({ parts: ['text'], textBytes: mode === 'gateway' ? longestText : longestValue * 3, fileBytes: {}, open: true, closesAt: null, quota: null, template: false, perMinute: 10, deduplicates: mode === 'gateway' }),
  render: (account, reply) => [{ files: [], content: account.mode === 'gateway' ? { text: freeText(reply) } : { values: templateValues(account, reply) } }],
  async send(account, contact, { content }, key, tools) {
    const phone = contact.ids['phone'] ?? contact.thread;
    if (account.mode === 'gateway') {
      const { providerId } = await submitToGateway(account.values['url']!, account.values['bearer'], { phone, text: String(content['text']), reference: key }, tools);
      return { providerId: providerId ?? key };
    }
    const values = content['values'] as Record<string, string>;
    if (account.mode === 'aliyun') return submitToAliyun(account, { phone, values, reference: key }, tools);
    if (account.mode === 'tencent') return submitToTencent(account, { phone, values, reference: key }, tools);
    throw new SendFailure('account', 'the account has no such way of sending');
  },
};
