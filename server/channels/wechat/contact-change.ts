import { applyMapping } from '../../../rules/intake/mapping.ts';
import { shorten, shortenBytes } from '../escape.ts';
import { momentOf, nameOf } from '../inbound-calls.ts';
import { CallRefused, type Greeting, type InboundMessage, type OpenInboundAccount, type Sender } from '../inbound.ts';
import { saidIn, SendFailure, type ChannelTools, type OpenAccount } from '../notice-channel.ts';
import { fieldIn, type Said } from './callbacks.ts';
import { wecomPlatform } from './wecom-platform.ts';

const added = new Set(['add_external_contact', 'add_half_external_contact']);
/** A welcome is taken within so many seconds, once. */
const welcomeSeconds = 20;

/**
 * A change of a member's external contacts (客户联系变更事件): who added a member, or was added, is known from then on.
 * https://developer.work.weixin.qq.com/document/path/92130
 */
export function readContactChange(account: OpenInboundAccount, said: Said, now: Date): InboundMessage {
  const contact = nameOf(fieldIn(said, 'ExternalUserID'));
  const type = fieldIn(said, 'ChangeType');
  if (type === '') throw new CallRefused('malformed', 'ChangeType is missing');
  const externalId = nameOf(`${contact ?? ''}:${fieldIn(said, 'UserID')}:${fieldIn(said, 'CreateTime')}:${type}`)!;
  const base: InboundMessage = { externalId, thread: contact ?? externalId, occurredAt: momentOf(fieldIn(said, 'CreateTime')) ?? now, values: applyMapping(account.mapping, said), parts: [], kind: 'event' };
  if (contact === null || !added.has(type)) return base;
  const code = fieldIn(said, 'WelcomeCode');
  return { ...base, sender: { ids: [{ kind: 'external_userid', value: contact }] }, joined: { seconds: welcomeSeconds, ...(code === '' ? {} : { greetWith: { welcomeCode: code } }) } };
}

/** What WeCom knows of an external contact: their name, and the unionid where the company bound its WeChat developer account. https://developer.work.weixin.qq.com/document/path/92114 */
export async function describeContact(account: OpenAccount, sender: Sender, contact: string, tools: ChannelTools): Promise<Sender> {
  const answer = await wecomPlatform.call(account, tools, `/cgi-bin/externalcontact/get?external_userid=${encodeURIComponent(contact)}`, null);
  const found = typeof answer['external_contact'] === 'object' && answer['external_contact'] !== null ? answer['external_contact'] as Said : {};
  const [name, unionid] = [saidIn(found['name']), saidIn(found['unionid'])];
  return { ids: [...sender.ids, ...(unionid === '' ? [] : [{ kind: 'unionid', value: unionid, verified: true as const }])], ...(name === '' ? {} : { name }) };
}

/** Welcomes whoever was just added, in the name of the member (新客户欢迎语). https://developer.work.weixin.qq.com/document/path/92137 @throws SendFailure */
export async function welcomeContact(account: OpenAccount, { welcomeCode }: Readonly<Record<string, string>>, { text, link, organization, language }: Greeting, tools: ChannelTools): Promise<void> {
  try {
    await wecomPlatform.call(account, tools, '/cgi-bin/externalcontact/send_welcome_msg', {
      welcome_code: welcomeCode, text: { content: shortenBytes(text, 4_000) },
      attachments: [{ msgtype: 'link', link: { title: shorten(organization, 40), desc: language === 'en' ? 'Report something, and see how it goes' : '在线报修、查看进度', url: link } }],
    });
  } catch (error) {
    // They were welcomed already, by us or by another app.
    if (error instanceof SendFailure && / 41051:/.test(error.message)) return;
    throw error;
  }
}
