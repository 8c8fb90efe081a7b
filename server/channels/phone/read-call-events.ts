import { callEventTypes, type CallEvent, type CallEventType, type Segment } from '../../../rules/telephony/call.ts';
import { CallRefused, eachOf, json, readJson, type InboundAdapter, type InboundMessage } from '../inbound.ts';
import { ensureToken, momentOf, nameOf } from '../inbound-calls.ts';
import { ensureSigned } from '../standard-webhooks.ts';

const mostTogether = 200;
const mostSegments = 5_000;
const longestSegment = 2_000;
const types: readonly string[] = callEventTypes;

/**
 * A telephone system tells of its calls (电话 CTI 事件): CloudEvents 1.0 in structured mode (`application/cloudevents+json`), one or a list of
 * them, with a token or signed as Standard Webhooks are. `data` names the call (`call_id`) and the event's place in it (`seq`), of several telephones at the
 * same moment also which (`leg`); all together are the event, so that it may come twice and out of order.
 */
export const phone: InboundAdapter = {
  verify(account, call, now) {
    if (account.values['mode'] === 'signature') ensureSigned(account, call, now);
    else ensureToken(account, call);
    return null;
  },
  decode(_account, call, now) {
    const came = readJson(call);
    const list: unknown[] = Array.isArray(came) ? came : [came];
    if (list.length === 0 || list.length > mostTogether) throw new CallRefused('malformed', `between 1 and ${mostTogether} events at once`);
    return eachOf(list, now, (item) => messageOf(item, now));
  },
  acknowledge: (messages) => json({ received: messages.length }),
};

const bad = (what: string): CallRefused => new CallRefused('malformed', what);
const textOf = (value: unknown, most = 200): string | undefined => (typeof value === 'string' || typeof value === 'number') && String(value).trim() !== '' ? String(value).trim().slice(0, most).toWellFormed() : undefined;

/** Of `cn.example.call.ringing` the end says what it is. */
function typeOf(said: unknown): CallEventType {
  const found = typeof said === 'string' ? types.find((type) => said === type || said.endsWith(`.${type}`)) : undefined;
  if (!found) throw bad(`type is one of ${types.join(', ')}`);
  return found as CallEventType;
}

function messageOf(item: unknown, now: Date): InboundMessage {
  const event = item as Record<string, unknown> | null;
  const data = event?.['data'] as Record<string, unknown> | null | undefined;
  if (!event || typeof event !== 'object' || event['specversion'] !== '1.0' || typeof data !== 'object' || data === null) throw bad('not a CloudEvent 1.0 with data as JSON');
  const type = typeOf(event['type']);
  const callId = nameOf(data['call_id']);
  const seq = data['seq'];
  if (callId === null) throw bad('data.call_id is missing');
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 0) throw bad('data.seq is a whole number from 0 on');
  const at = momentOf(event['time'] ?? data['at']) ?? now;
  const url = textOf(data['recording_url'] ?? data['url'], 2_000);
  if (type === 'recording.ready' && (url === undefined || !/^https?:\/\//i.test(url))) throw bad('data.recording_url is an http or https address');
  const told: CallEvent = {
    type, seq, at: at.getTime(), ...(data['direction'] === 'inbound' || data['direction'] === 'outbound' ? { direction: data['direction'] } : {}),
    ...Object.fromEntries((['caller', 'callee', 'agent', 'leg'] as const).flatMap((name) => (textOf(data[name]) === undefined ? [] : [[name, textOf(data[name])]]))),
    ...(type === 'asr.ready' ? { segments: segmentsOf(data['segments'] ?? data['text']) } : {}),
  };
  return { externalId: nameOf(`${callId}/${seq}${told.leg === undefined ? '' : `/${told.leg}`}`)!, thread: callId, occurredAt: at, parts: [], values: {}, kind: 'event', call: { event: told, ...(type === 'recording.ready' ? { recording: { url: url! } } : {}) } };
}

function segmentsOf(said: unknown): Segment[] {
  if (typeof said === 'string') return [{ t0: 0, t1: 0, speaker: null, text: said.slice(0, 100_000).toWellFormed(), confidence: null }];
  if (!Array.isArray(said)) throw bad('data.segments is a list');
  const segments = said.slice(0, mostSegments).flatMap((one: unknown) => {
    const { t0, t1, speaker, text, confidence } = (one ?? {}) as Record<string, unknown>;
    const words = textOf(text, longestSegment);
    if (words === undefined) return [];
    const from = secondsOf(t0);
    return [{ t0: from, t1: Math.max(from, secondsOf(t1)), speaker: textOf(speaker, 40) ?? null, text: words, confidence: typeof confidence === 'number' && confidence >= 0 && confidence <= 1 ? confidence : null }];
  });
  // What says nothing does not take the place of what was said.
  if (segments.length === 0 && said.length > 0) throw bad('no item of data.segments has a text');
  return segments;
}

const secondsOf = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.min(value, 86_400) : 0);
