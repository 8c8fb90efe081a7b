import { hash } from 'node:crypto';
import { applyMapping, at, type Mapped } from '../../../rules/intake/mapping.ts';
import { leavesOf, propose } from '../../../rules/intake/propose-mapping.ts';
import { CallRefused, json, readJson, type InboundAlarm, type InboundMessage, type OpenInboundAccount, type InboundAdapter } from '../inbound.ts';
import { ensureToken, momentOf, nameOf } from '../inbound-calls.ts';
import { ensureSigned } from '../standard-webhooks.ts';

const mostItems = 500;

/**
 * Any program that can send JSON (通用 Webhook), in one of two ways: with a token (`Authorization: Bearer …` or `X-Token`), or
 * signed as Standard Webhooks are (standard-webhooks spec 1.0.0: `webhook-id`, `webhook-timestamp`, `webhook-signature`, base64
 * HMAC-SHA256 over `id.timestamp.body`; five minutes of difference between the clocks). The account's mapping says what is what;
 * `each` names the list within what came when one call holds several.
 */
export const webhook: InboundAdapter = {
  verify(account, call, now) {
    if (account.values['mode'] === 'signature') ensureSigned(account, call, now);
    else ensureToken(account, call);
    return null;
  },
  decode(account, call, now) {
    const came = readJson(call);
    const each = account.values['each'];
    const list = each ? at(came, each) : Array.isArray(came) ? came : [came];
    if (!Array.isArray(list)) throw new CallRefused('malformed', `there is no list at ${each}`);
    if (list.length > mostItems) throw new CallRefused('malformed', `more than ${mostItems} at once`);
    const named = nameOf(call.headers['webhook-id'] ?? call.headers['idempotency-key']) ?? hash('sha256', call.body);
    return list.map((item, index) => messageOf(account, item, list.length > 1 ? `${named.slice(0, 190)}/${index}` : named, now));
  },
  acknowledge: (messages) => json({ received: messages.length }),
};

function messageOf(account: OpenInboundAccount, item: unknown, otherwise: string, now: Date): InboundMessage {
  const values = account.mapping.length > 0 ? applyMapping(account.mapping, item) : unmapped(item);
  const externalId = nameOf(values['externalId']) ?? otherwise;
  const alarm = alarmOf(values, externalId);
  return { externalId, thread: alarm?.key ?? externalId, occurredAt: momentOf(values['occurredAt']) ?? now, parts: [], values, ...(alarm ? { alarm } : {}) };
}

const mostShown = 4_000;

const longestSubject = 200;

/** Until somebody says what is what, things are taken for what they are called, and all of it can be read, once (未配映射). */
function unmapped(item: unknown): Mapped {
  const mapping = propose(item, new Set());
  const values = applyMapping(mapping, item);
  const { subject } = values;
  const read = new Set(mapping.filter(({ target }) => target === 'description' || (target === 'subject' && typeof subject === 'string' && subject.length <= longestSubject)).map(({ from }) => from));
  const lines = leavesOf(item).filter(({ path, value }) => value !== '' && !read.has(path)).map(({ path, value }) => `${path}: ${String(value)}`).join('\n').slice(0, mostShown);
  return { ...values, description: [values['description'], lines].filter((part) => typeof part === 'string' && part !== '').join('\n\n') };
}

/** Who sends an alarm names what is concerned; the rest has a meaning without being said. */
function alarmOf(values: Mapped, externalId: string): InboundAlarm | null {
  const key = nameOf(values['alarm.key']);
  if (key === null) return null;
  return { key, episode: nameOf(values['alarm.episode']) ?? externalId, state: values['alarm.state'] === 'cleared' ? 'cleared' : 'raised' };
}
