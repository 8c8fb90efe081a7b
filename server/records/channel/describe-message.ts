import { describeRefusal, refusals, type Language, type RefusalCode } from '../../../contract/refusals.ts';
import { numberOf } from '../../../rules/telephony/numbers.ts';
import type { CallEventType } from '../../../rules/telephony/call.ts';
import type { HotlineEventType } from '../../../rules/hotline/case.ts';
import { oneLine } from '../../../rules/text/one-line.ts';
import type { InboundPart } from '../../channels/inbound.ts';
import { showNumber } from '../call/view-calls.ts';
import type { Masks } from '../customer/personal-data/masks.ts';
import type { InboxContent } from './inbox.ts';

type Words = readonly [zh: string, en: string];

const callWords: Record<CallEventType, Words> = {
  'call.ringing': ['振铃', 'rings'], 'call.answered': ['接通', 'answered'], 'call.transferred': ['转接', 'handed on'], 'call.missed': ['未接', 'missed'], 'call.ended': ['挂断', 'ended'], 'recording.ready': ['录音可取', 'recording ready'], 'asr.ready': ['转写可取', 'words ready'],
};
const caseWords: Record<HotlineEventType, Words> = { 'case.dispatched': ['派单', 'case'], 'case.urged': ['催办', 'urged'], 'case.extension_decided': ['延期批复', 'extension decided'], 'case.revisited': ['回访', 'revisited'] };
const partWords: Record<InboundPart['kind'], Words> = { text: ['文字', 'text'], image: ['图片', 'image'], voice: ['语音', 'voice'], video: ['视频', 'video'], file: ['文件', 'file'], location: ['位置', 'place'], link: ['链接', 'link'] };
const longest = 140;
const mostValues = 3;

const cut = (text: string): string => [...oneLine(text)].slice(0, longest).join('').toWellFormed();
const asText = (value: unknown): string => (typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value));

const mailAddress = /<?(?<![^\s<>,;:"'()[\]])([^\s@<>,;:"'()[\]]{1,64}@[^\s@<>,;:"'()[\]]{1,190})>?/gu;
const telephone = /(?<!\d)1[3-9]\d{9}(?!\d)/g;

/** A text with the addresses and numbers in it as the reader may see them; what is hidden is left out. */
export const masked = (text: string, masks: Masks): string => text
  .replace(mailAddress, (whole, address: string) => {
    const shown = masks.show('email', address);
    return shown === null ? '' : whole.replace(address, () => shown);
  })
  .replace(telephone, (number) => masks.show('phone', number) ?? '');

/** What was read of a message (读出的值), what is personal as the reader may see it. */
export function shownValues(values: InboxContent['values'], masks: Masks): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([target, value]) => {
    if (typeof value !== 'string' && typeof value !== 'number') return [target, value];
    const kind = target === 'requester.phone' ? 'phone' : target === 'requester.email' ? 'email' : null;
    return [target, kind === null ? (typeof value === 'string' ? masked(value, masks) : value) : masks.show(kind, String(value)) ?? ''];
  }));
}

/**
 * What a message says, in a line (消息摘要): its subject or words, else what happened, else what was read of it; empty where nothing was. What a platform says of whom it could
 * not reach names them as the reader may see them.
 */
export function previewOf({ values, parts, call, hotline, receipt, alarm }: InboxContent, language: Language, masks: Masks): string {
  const say = ([zh, en]: Words): string => (language === 'en' ? en : zh);
  const said = asText(values['subject']) || asText(values['description']) || asText(parts.find((part) => part.kind === 'text')?.text);
  if (said !== '') return cut(said);
  if (call) return `${say(call.event.direction === 'outbound' ? ['去电', 'Call out'] : ['来电', 'Call'])} · ${say(callWords[call.event.type])}`;
  if (hotline) return cut(hotline.title ?? hotline.content ?? hotline.words ?? `${say(caseWords[hotline.type])} ${hotline.caseNumber}`);
  if (receipt) return cut(`${say(['回执', 'Receipt'])} · ${receipt.state}${receipt.said === undefined ? '' : ` · ${masked(receipt.said, masks)}`}`);
  if (parts.length > 0) return parts.slice(0, mostValues).map((part) => say(partWords[part.kind])).join(' · ');
  if (alarm) return cut(alarm.key);
  return cut(Object.entries(values).filter(([, value]) => asText(value) !== '').slice(0, mostValues).map(([name, value]) => `${name}: ${asText(value)}`).join(' · '));
}

/** Who a message is from, as far as it says (来自谁); what is personal as the reader may see it. */
export function whoWrote({ values, sender, call, hotline }: InboxContent, masks: Masks): string | null {
  if (call) {
    const number = call.event.direction === 'outbound' ? call.event.callee : call.event.caller;
    return number === undefined ? null : showNumber(masks, numberOf(number));
  }
  const phone = asText(values['requester.phone']) || hotline?.citizenPhone || '';
  const name = sender?.name ?? (asText(values['requester.name']) || hotline?.citizenName || asText(values['mail.from']));
  const named = cut(masked(name, masks));
  if (named !== '') return named;
  // What is masked whole names nobody.
  const shown = phone === '' ? null : masks.show('phone', phone);
  return shown === null || /^\*+$/.test(shown) ? null : shown;
}

/** Why a message was put aside, as a refusal says it to people; null where that needs what is not kept, or it was no refusal. */
export function failureOf(code: string | null, language: Language): string | null {
  if (code === null || !Object.hasOwn(refusals, code)) return null;
  const words = describeRefusal(code as RefusalCode, {}, language);
  return words.includes('{') ? null : words;
}
