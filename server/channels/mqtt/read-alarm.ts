import { hash } from 'node:crypto';
import { applyMapping, type FieldMapping } from '../../../rules/intake/mapping.ts';
import { momentOf, nameOf } from '../inbound-calls.ts';
import { CallRefused, json, type InboundAdapter, type InboundMessage } from '../inbound.ts';

/** What fills a ticket unless the account says otherwise. */
export const deviceMapping: readonly FieldMapping[] = [
  { target: 'subject', from: 'message', cleanse: ['one_line'] },
  { target: 'subject', text: '{{device}} {{code}}', cleanse: ['one_line'] },
  { target: 'description', text: '{{message}} {{code}} {{value}}', cleanse: ['one_line'] },
  { target: 'priority', from: 'severity', table: { critical: 'urgent', fatal: 'urgent', urgent: 'urgent', major: 'high', error: 'high', high: 'high', warning: 'high', minor: 'normal', info: 'low', low: 'low' }, otherwise: 'normal' },
  { target: 'assetCode', from: 'device' },
];

/** What a device that is gone says through its broker (LWT), unless its message says otherwise. */
const offlineCode = 'offline';
const mostBytes = 262_144;
/** Words by which brokers and devices say who is there and who is not; any other says nothing. */
const there = new Map([...['online', '1', 'true', 'connected', 'up', 'alive', 'ok'].map((word) => [word, 'online'] as const), ...['offline', '0', 'false', 'lost', 'disconnected', 'down', 'off', 'dead'].map((word) => [word, 'offline'] as const)]);

/**
 * The envelope in which a message of a device is kept (设备消息): what it said, with the device and the topic it came by, and when. The topic is the
 * broker's word and goes before what the device says of itself. What is no JSON, or larger than 256 KB, is kept up to there with its size, to be put aside.
 */
export function envelope(topic: string, device: string, status: boolean, payload: Buffer, now: Date): Buffer {
  const large = payload.length > mostBytes;
  const text = large ? '' : payload.toString('utf8').trim();
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    said = undefined;
  }
  const fields = typeof said === 'object' && said !== null && !Array.isArray(said) ? said as Record<string, unknown> : undefined;
  // Of who is there and who is not, brokers and devices say a word: online, offline, 1, 0.
  const word = typeof said === 'string' || typeof said === 'number' || typeof said === 'boolean' ? String(said) : text;
  const body = fields ?? (status && !large && there.has(word.toLowerCase()) ? { state: there.get(word.toLowerCase()) } : { unreadable: payload.subarray(0, mostBytes).toString('base64'), bytes: payload.length });
  return Buffer.from(JSON.stringify({ ...body, ...(status ? { code: (body as Record<string, unknown>)['code'] ?? offlineCode } : {}), topic, device, receivedAt: now.toISOString() }));
}

/**
 * Alarms of devices by MQTT (设备告警): `{alarmId, code, severity, state: "raised" | "cleared", ts, value}`. An alarm is known by its device and code, an
 * episode by its alarmId. Nobody calls: what comes is kept by whoever holds the connection (journey/intake/run-devices.ts), in the envelope above.
 */
export const mqtt: InboundAdapter = {
  verify() {
    throw new CallRefused('method', 'messages of devices come by their broker');
  },
  decode(account, { body }, now) {
    let came: unknown;
    try {
      came = JSON.parse(body.toString('utf8'));
    } catch {
      throw new CallRefused('malformed', 'it is no JSON');
    }
    if (typeof came !== 'object' || came === null || Array.isArray(came)) throw new CallRefused('malformed', 'it is no object');
    const said = came as Record<string, unknown>;
    const device = nameOf(said['device']) ?? nameOf(said['deviceId']) ?? '-';
    const receivedAt = momentOf(said['receivedAt']) ?? now;
    const values = applyMapping([...account.mapping, ...deviceMapping], said);
    const stateSaid = wordIn(values['alarm.state'] ?? said['state'] ?? said['status']);
    const state = raisedWords.has(stateSaid) ? 'raised' : clearedWords.has(stateSaid) ? 'cleared' : null;
    const at = momentOf(values['occurredAt'] ?? said['ts']);
    const base = { thread: nameOf(device)!, occurredAt: at ?? receivedAt, parts: [], values };
    if (said['unreadable'] !== undefined || state === null) return [{ ...base, externalId: hash('sha256', body), unreadable: true }] satisfies InboundMessage[];
    const code = nameOf(said['code']) ?? 'alarm';
    const key = nameOf(values['alarm.key']) ?? nameOf(`${device}:${code}`)!;
    const episode = nameOf(values['alarm.episode']) ?? nameOf(said['alarmId']) ?? key;
    // Without a time of its own each word counts: what only repeats the one before was left out when it came (journey/intake/run-devices.ts).
    const when = at?.getTime() ?? `r${receivedAt.getTime()}`;
    return [{ ...base, externalId: nameOf(values['externalId']) ?? nameOf(`${key} ${episode} ${state} ${when}`)!, thread: key, alarm: { key, episode, state } }];
  },
  acknowledge: () => json({}),
};

const wordIn = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value).toLowerCase() : '');
const raisedWords: ReadonlySet<string> = new Set(['raised', 'active', 'firing', 'alarm', 'offline', 'on', '1', 'true']);
const clearedWords: ReadonlySet<string> = new Set(['cleared', 'inactive', 'resolved', 'normal', 'online', 'off', '0', 'false']);
