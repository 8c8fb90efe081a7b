import { hash } from 'node:crypto';
import { applyMapping } from '../../../rules/intake/mapping.ts';
import { momentOf, nameOf } from '../inbound-calls.ts';
import { CallRefused, type InboundMessage, type InboundPart, type OpenInboundAccount, type SenderId } from '../inbound.ts';
import { saidIn } from '../notice-channel.ts';
import type { Said } from './callbacks.ts';

/** One frame of the stream (Stream 帧): what it is about stands in its headers, what it says in its data, as JSON. */
export interface Frame {
  type: string;
  headers: Said;
  data: string;
}

/** A frame, where these fields are one. */
export function frameOf(said: Said): Frame | null {
  const { type, headers, data } = said;
  return typeof type === 'string' && typeof headers === 'object' && headers !== null && 'specVersion' in said ? { type, headers: headers as Said, data: typeof data === 'string' ? data : '' } : null;
}

function dataOf({ data }: Frame): Said {
  try {
    const value = JSON.parse(data) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Said;
  } catch {
    // Said below.
  }
  throw new CallRefused('malformed', 'the data of the frame is no JSON');
}

/** The message within a frame of the stream, or within a call. */
export const messageIn = (said: Said): Said => {
  const frame = frameOf(said);
  return frame === null ? said : dataOf(frame);
};

/**
 * A message to the robot, or an event, as DingTalk has it (消息归一化). In a group it is one conversation for each person, as each has a matter of their own.
 * https://open.dingtalk.com/document/orgapp/receive-message
 */
export function readMessage(account: OpenInboundAccount, said: Said, now: Date): InboundMessage {
  const frame = frameOf(said);
  if (frame?.type === 'EVENT') return readEvent(account, dataOf(frame), now, nameOf(frame.headers['eventId']) ?? nameOf(frame.headers['messageId']), momentOf(frame.headers['eventBornTime']));
  const message = messageIn(said);
  if (saidIn(message['EventType']) !== '') return readEvent(account, message, now, nameOf(message['eventId']), momentOf(message['TimeStamp']));
  const externalId = nameOf(message['msgId']);
  const type = saidIn(message['msgtype']);
  const [staff, stranger] = [nameOf(message['senderStaffId']), nameOf(message['senderId'])];
  const person = staff ?? stranger;
  if (externalId === null || person === null || type === '') throw new CallRefused('malformed', 'msgId, msgtype or the sender is missing');
  const group = saidIn(message['conversationType']) === '2';
  const conversation = saidIn(message['conversationId']);
  // The name that is DingTalk's own first: by it they are called who show none.
  const ids: SenderId[] = [...(stranger === null ? [] : [{ kind: 'dingtalk_id', value: stranger }]), ...(staff === null ? [] : [{ kind: 'userid', value: staff }])];
  const name = saidIn(message['senderNick']).trim();
  const expires = momentOf(message['sessionWebhookExpiredTime']);
  return {
    externalId, thread: nameOf(group ? `${conversation} ${person}` : person)!, occurredAt: momentOf(message['createAt']) ?? now, values: applyMapping(account.mapping, message),
    parts: partsOf(message, type), sender: { ids, ...(name === '' ? {} : { name: name.slice(0, 200) }) },
    replyContext: {
      conversation: group ? 'group' : 'single', conversationId: conversation, robotCode: saidIn(message['robotCode']), ...(staff === null ? {} : { staffId: staff }),
      ...(expires === null ? {} : { sessionWebhook: saidIn(message['sessionWebhook']), sessionUntil: expires.toISOString() }),
    },
  };
}

function readEvent(account: OpenInboundAccount, said: Said, now: Date, id: string | null, at: Date | null): InboundMessage {
  const externalId = id ?? hash('sha256', JSON.stringify(said));
  return { externalId, thread: externalId, occurredAt: at ?? now, values: applyMapping(account.mapping, said), parts: [], kind: 'event' };
}

function partsOf(message: Said, type: string): InboundPart[] {
  const content = typeof message['content'] === 'object' && message['content'] !== null ? message['content'] as Said : {};
  const media = saidIn(content['downloadCode']) || saidIn(content['pictureDownloadCode']);
  switch (type) {
    case 'text': return [{ kind: 'text', text: saidIn((message['text'] as Said | undefined)?.['content']).trim() }];
    case 'picture': return [{ kind: 'image', media }];
    case 'audio': {
      const heard = saidIn(content['recognition']).trim();
      return [...(media === '' ? [] : [{ kind: 'voice' as const, media }]), ...(heard === '' ? [] : [{ kind: 'text' as const, text: heard }])];
    }
    case 'video': return [{ kind: 'video', media }];
    case 'file': return [{ kind: 'file', media, ...(saidIn(content['fileName']) === '' ? {} : { name: saidIn(content['fileName']).slice(0, 200) }) }];
    case 'richText': return richParts(content['richText']);
    default: return [{ kind: 'text', text: `[${type}]` }];
  }
}

/** Words and pictures in their order; words that stand together are one piece. */
function richParts(list: unknown): InboundPart[] {
  const parts: InboundPart[] = [];
  let words = '';
  const end = (): void => {
    if (words.trim() !== '') parts.push({ kind: 'text', text: words.trim() });
    words = '';
  };
  for (const one of Array.isArray(list) ? list as Said[] : []) {
    const media = saidIn(one['downloadCode']) || saidIn(one['pictureDownloadCode']);
    if (media === '') {
      words += saidIn(one['text']);
      continue;
    }
    end();
    parts.push({ kind: 'image', media });
  }
  end();
  return parts;
}
