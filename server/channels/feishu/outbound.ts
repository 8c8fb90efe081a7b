import { saidIn, SendFailure } from '../notice-channel.ts';
import type { OutboundChannel, OutgoingFile, OutgoingKind } from '../outbound.ts';
import { renderChat } from '../render-chat.ts';
import { call, FeishuFailure, upload } from './platform.ts';

const megabyte = 1_048_576;
// What a file is called when it is handed over; the rest is a stream of bytes.
const fileTypes: Readonly<Record<string, string>> = { pdf: 'pdf', doc: 'doc', docx: 'doc', xls: 'xls', xlsx: 'xls', ppt: 'ppt', pptx: 'ppt', mp4: 'mp4' };

/**
 * Answers of the app (飞书回复): to the person, or in a group as an answer to what they wrote. Within an hour Feishu takes the same `uuid` once.
 * https://open.feishu.cn/document/server-docs/im-v1/message/create, …/message/reply
 */
export const feishuReplies: OutboundChannel = {
  capabilities: () => ({
    parts: ['text', 'image', 'video', 'voice', 'file'], textBytes: 30_000, fileBytes: { image: 10 * megabyte, video: 30 * megabyte, voice: 30 * megabyte, file: 30 * megabyte },
    open: true, closesAt: null, quota: null, template: false, perMinute: 240, deduplicates: true,
  }),
  render: (_account, reply, _contact, capabilities) => renderChat(reply, capabilities, (file) => file.bytes > 0),
  async send(account, contact, { content, files: [file] }, key, tools) {
    const message = file
      ? await fileMessage(String(content['msgtype']) as OutgoingKind, file, async (kind, fields) => upload(account, tools, kind, fields, { ...file, bytes: await tools.readFile(file) }))
      : { msg_type: 'text', content: JSON.stringify({ text: plain(saidIn((content['text'] as { content?: unknown } | undefined)?.content)) }) };
    const { conversation, messageId = '', chatId = '', openId = '' } = contact.replyContext;
    const group = conversation === 'group';
    if (group && messageId !== '') {
      try {
        return handed(await call(account, tools, 'POST', `/im/v1/messages/${encodeURIComponent(messageId)}/reply`, { ...message, uuid: key }));
      } catch (error) {
        if (!(error instanceof FeishuFailure) || !error.isGone) throw error;
      }
    }
    const to = group ? chatId : openId || (contact.ids['open_id'] ?? '');
    if (to === '') throw new SendFailure('address', 'it is not known whom to write to');
    return handed(await call(account, tools, 'POST', `/im/v1/messages?receive_id_type=${group ? 'chat_id' : 'open_id'}`, { receive_id: to, ...message, uuid: key }));
  },
};

const handed = (data: Record<string, unknown>): { providerId: string | null } => ({ providerId: saidIn(data['message_id']) || null });

// What stands in a text as `<at …>` would call people.
const plain = (text: string): string => text.replace(/<(?=\s*\/?\s*at\b)/gi, '＜');

async function fileMessage(kind: OutgoingKind, file: OutgoingFile, hand: (kind: 'image' | 'file', fields: Readonly<Record<string, string>>) => Promise<string>): Promise<{ msg_type: string; content: string }> {
  if (kind === 'image') return { msg_type: 'image', content: JSON.stringify({ image_key: await hand('image', { image_type: 'message' }) }) };
  const type = fileTypes[/\.([a-z0-9]{1,8})$/i.exec(file.name)?.[1]?.toLowerCase() ?? ''] ?? 'stream';
  const key = await hand('file', { file_type: kind === 'video' ? 'mp4' : type, file_name: file.name });
  return kind === 'video' ? { msg_type: 'media', content: JSON.stringify({ file_key: key }) } : { msg_type: 'file', content: JSON.stringify({ file_key: key }) };
}
