import { hash } from 'node:crypto';
import { hotlineEventTypes, type HotlineEvent, type HotlineEventType, toldThread } from '../../../rules/hotline/case.ts';
import { CallRefused, eachOf, json, readJson, type InboundAdapter, type InboundMessage } from '../inbound.ts';
import { ensureToken, momentOf, nameOf } from '../inbound-calls.ts';
import { ensureSigned } from '../standard-webhooks.ts';

const mostTogether = 200;

/**
 * A hotline hands cases over and tells what becomes of them (12345 热线、市长信箱派单): there is no protocol of the whole country, so this is one of
 * our own, that a bridge on the hotline's side speaks. One event or a list of them as JSON, with a token or signed as Standard Webhooks are.
 */
export const hotline: InboundAdapter = {
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
  acknowledge: (messages) => json({ code: 0, received: messages.length }),
};

const textOf = (value: unknown, most: number): string | undefined => ((typeof value === 'string' || typeof value === 'number') && String(value).trim() !== '' ? String(value).replaceAll('\u0000', '').trim().slice(0, most).toWellFormed() : undefined);

function messageOf(item: unknown, now: Date): InboundMessage {
  const event = (typeof item === 'object' && item !== null ? item : {}) as Record<string, unknown>;
  const type = hotlineEventTypes.find((one) => one === event['type']);
  const caseNumber = textOf(event['case_no'], 100);
  if (!type) throw new CallRefused('malformed', `type is one of ${hotlineEventTypes.join(', ')}`);
  if (caseNumber === undefined) throw new CallRefused('malformed', 'case_no is missing');
  const at = momentOf(event['at'] ?? event['dispatched_at']) ?? now;
  return {
    externalId: nameOf(event['event_id']) ?? hash('sha256', JSON.stringify(event)), // What is told of a case may come before it, and must not keep it out.
    thread: type === 'case.dispatched' ? caseNumber : toldThread(caseNumber), occurredAt: at, parts: [], values: { subject: textOf(event['title'], 200) ?? '', description: textOf(event['content'], 20_000) ?? '' },
    kind: 'event', hotline: eventOf(type, caseNumber, event),
  };
}

function eventOf(type: HotlineEventType, caseNumber: string, event: Record<string, unknown>): HotlineEvent {
  const citizen = (typeof event['citizen'] === 'object' && event['citizen'] !== null ? event['citizen'] : {}) as Record<string, unknown>;
  const deadline = momentOf(event['deadline']);
  const satisfaction = Number(event['satisfaction']);
  const given = <Value>(name: string, value: Value | undefined) => (value === undefined ? {} : { [name]: value });
  if (event['deadline'] !== undefined && event['deadline'] !== null && !deadline) throw new CallRefused('malformed', 'deadline is no moment');
  if (type === 'case.revisited' && !(Number.isInteger(satisfaction) && satisfaction >= 1 && satisfaction <= 5)) throw new CallRefused('malformed', 'satisfaction is a whole number from 1 to 5');
  if (type === 'case.extension_decided' && typeof event['granted'] !== 'boolean') throw new CallRefused('malformed', 'granted is true or false');
  return {
    type, caseNumber,
    ...given('title', textOf(event['title'], 200)), ...given('content', textOf(event['content'], 20_000)), ...given('code', textOf(event['code'], 60)), ...given('codeName', textOf(event['code_name'], 200)),
    ...given('citizenName', textOf(citizen['name'], 100)), ...given('citizenPhone', textOf(citizen['phone'], 40)), ...given('address', textOf(event['address'], 300)), ...given('deadline', deadline?.getTime()),
    ...(event['urgent'] === true ? { urgent: true } : {}), ...given('words', textOf(event['words'], 2_000)), ...(typeof event['granted'] === 'boolean' ? { granted: event['granted'] } : {}), ...(type === 'case.revisited' ? { satisfaction } : {}),
  };
}
