import { hash } from 'node:crypto';
import { applyMapping } from '../../../rules/intake/mapping.ts';
import { momentOf, nameOf } from '../inbound-calls.ts';
import { CallRefused, type InboundMessage, type InboundPart, type OpenInboundAccount, type SenderId } from '../inbound.ts';
import { fieldIn, type Said } from './callbacks.ts';

/**
 * A message or an event as WeChat's and WeCom's callbacks have it (消息归一化): known again by MsgId, events by who, when and what.
 * Places are in GCJ-02.
 *
 * @param idKind what the sender's name is: openid, userid
 */
export function readMessage(account: OpenInboundAccount, said: Said, idKind: string, now: Date): InboundMessage {
  const from = nameOf(fieldIn(said, 'FromUserName'));
  const type = fieldIn(said, 'MsgType');
  if (from === null || type === '') throw new CallRefused('malformed', 'FromUserName or MsgType is missing');
  const occurredAt = momentOf(fieldIn(said, 'CreateTime')) ?? now;
  const base = { thread: from, occurredAt, values: applyMapping(account.mapping, said) };
  if (type === 'event') {
    const event = fieldIn(said, 'Event');
    const receipt = receiptIn(said, event);
    const externalId = nameOf(`${from}:${fieldIn(said, 'CreateTime')}:${event}:${fieldIn(said, 'MsgID') || fieldIn(said, 'EventKey')}`)!;
    return { ...base, externalId, kind: receipt ? 'receipt' : 'event', parts: [], ...(receipt ? { receipt } : {}), ...grantsIn(said, event, idKind, from) };
  }
  const ids: SenderId[] = [{ kind: idKind, value: from }];
  const union = fieldIn(said, 'UnionId');
  if (union !== '') ids.push({ kind: 'unionid', value: union, verified: true });
  const parts = partsIn(said, type);
  return { ...base, externalId: nameOf(fieldIn(said, 'MsgId')) ?? hash('sha256', JSON.stringify(said)), parts, sender: { ids } };
}

/**
 * What somebody agreed to in a subscription dialog, or took back (订阅消息弹框、管理). https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/subscribe-message.html
 */
function grantsIn(said: Said, event: string, idKind: string, from: string): Pick<InboundMessage, 'grants'> {
  const within = said[{ subscribe_msg_popup_event: 'SubscribeMsgPopupEvent', subscribe_msg_change_event: 'SubscribeMsgChangeEvent' }[event] ?? ''] ?? (event.startsWith('subscribe_msg_') ? said : undefined);
  const list = typeof within === 'object' && within !== null ? (within as Said)['List'] : undefined;
  const items = (Array.isArray(list) ? list : [list]).filter((item): item is Said => typeof item === 'object' && item !== null).slice(0, 20);
  const grants = items.flatMap((item) => {
    const [templateId, status] = [fieldIn(item, 'TemplateId'), fieldIn(item, 'SubscribeStatusString')];
    // In the settings of the program one can only take back for good.
    const given = status === 'accept' && event === 'subscribe_msg_popup_event' ? 1 : status === 'reject' ? 0 : null;
    return templateId === '' || templateId.length > 100 || given === null ? [] : [{ identity: { kind: idKind, value: from }, templateId, given: given === 1 }];
  });
  return grants.length === 0 ? {} : { grants };
}

/** Of template messages the platform says what became of them (TEMPLATESENDJOBFINISH). */
function receiptIn(said: Said, event: string): InboundMessage['receipt'] | null {
  const providerId = fieldIn(said, 'MsgID');
  if (event !== 'TEMPLATESENDJOBFINISH' || providerId === '') return null;
  const status = fieldIn(said, 'Status');
  return status === 'success' ? { providerId, state: 'delivered' } : { providerId, state: 'failed', said: status };
}

function partsIn(said: Said, type: string): InboundPart[] {
  const media = fieldIn(said, 'MediaId');
  switch (type) {
    case 'text': return [{ kind: 'text', text: fieldIn(said, 'Content') }];
    case 'image': return media === '' ? [{ kind: 'link', title: '', url: fieldIn(said, 'PicUrl') }] : [{ kind: 'image', media }];
    case 'voice': {
      const heard = fieldIn(said, 'Recognition');
      return [...(media === '' ? [] : [{ kind: 'voice' as const, media }]), ...(heard === '' ? [] : [{ kind: 'text' as const, text: heard }])];
    }
    case 'video': case 'shortvideo': return [{ kind: 'video', media }];
    case 'file': return [{ kind: 'file', media, ...(fieldIn(said, 'Title') === '' ? {} : { name: fieldIn(said, 'Title') }) }];
    case 'location': {
      const [lat, lng] = [Number(fieldIn(said, 'Location_X')), Number(fieldIn(said, 'Location_Y'))];
      const address = fieldIn(said, 'Label');
      if (!(Math.abs(lat) <= 90 && Math.abs(lng) <= 180)) return [{ kind: 'text', text: address }];
      return [{ kind: 'location', lat, lng, crs: 'GCJ02', ...(address === '' ? {} : { address }) }];
    }
    case 'link': return [{ kind: 'link', title: [fieldIn(said, 'Title'), fieldIn(said, 'Description')].filter((line) => line !== '').join(' '), url: fieldIn(said, 'Url') }];
    case 'miniprogrampage': return [{ kind: 'link', title: fieldIn(said, 'Title'), url: fieldIn(said, 'PagePath') }];
    default: return [{ kind: 'text', text: `[${type}]` }];
  }
}
