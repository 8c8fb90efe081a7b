import { saidIn, SendFailure } from '../notice-channel.ts';
import type { InboundAdapter } from '../inbound.ts';
import type { OutboundChannel } from '../outbound.ts';
import { acknowledged, fieldIn, openCallback, verifyCallback } from './callbacks.ts';
import { describeContact, readContactChange, welcomeContact } from './contact-change.ts';
import { readMessage } from './read-message.ts';
import { renderChat } from '../render-chat.ts';
import { wecomPlatform } from './wecom-platform.ts';

/**
 * An own app of WeCom (企业微信自建应用): what members write to it, and answers to them as messages of the app, at any time; and which customers members have among their
 * contacts. What members and customers write to each other is not to be had without the licence for archives of conversations.
 * https://developer.work.weixin.qq.com/document/path/90238, …/90236
 */
export const wecomCallbacks: InboundAdapter = {
  verify: (account, call, now) => verifyCallback(account, call, now, account.values['corpId'] ?? '', 'sealed'),
  decode(account, call, now) {
    const said = openCallback(account, call, account.values['corpId'] ?? '');
    return [fieldIn(said, 'Event') === 'change_external_contact' ? readContactChange(account, said, now) : readMessage(account, said, 'userid', now)];
  },
  acknowledge: () => acknowledged,
  fetchMedia: (account, _call, media, tools) => wecomPlatform.download(account, tools, media.media, media.kind),
  async describe(account, sender, tools) {
    const contact = sender.ids.find(({ kind }) => kind === 'external_userid');
    if (contact) return describeContact(account, sender, contact.value, tools);
    const answer = await wecomPlatform.call(account, tools, `/cgi-bin/user/get?userid=${encodeURIComponent(sender.ids[0]?.value ?? '')}`, null);
    const name = saidIn(answer['name']);
    return { ...sender, ...(name === '' ? {} : { name }) };
  },
  greet: welcomeContact,
};

// The platform compares what is said: long enough for an attempt without an answer to be made again, short enough for the same words to be said anew.
const duplicateSeconds = 120;

export const wecomReplies: OutboundChannel = {
  capabilities: () => ({
    parts: ['text', 'image', 'voice', 'video', 'file'], textBytes: 2_048, fileBytes: { image: 10_485_760, voice: 2_097_152, video: 10_485_760, file: 20_971_520 },
    open: true, closesAt: null, quota: null, template: false, perMinute: 30, deduplicates: true,
  }),
  render: (_account, reply, _contact, capabilities) => renderChat(reply, capabilities),
  async send(account, contact, { content, files: [file] }, _key, tools) {
    const to = contact.ids['userid'] ?? contact.thread;
    const type = String(content['msgtype']);
    const media = file ? { [type]: { media_id: await wecomPlatform.upload(account, tools, type, { ...file, bytes: await tools.readFile(file) }) } } : {};
    const answer = await wecomPlatform.call(account, tools, '/cgi-bin/message/send', {
      touser: to, agentid: Number(account.values['agentId']), ...content, ...media, enable_duplicate_check: 1, duplicate_check_interval: duplicateSeconds,
    });
    // Taken, but for people it does not know or whose licence has ended; names come back in small letters.
    for (const list of ['invaliduser', 'unlicenseduser']) {
      if (saidIn(answer[list]).toLowerCase().split('|').includes(to.toLowerCase())) throw new SendFailure('address', `WeCom does not reach the member ${to} (${list})`);
    }
    return { providerId: saidIn(answer['msgid']) || null };
  },
};
