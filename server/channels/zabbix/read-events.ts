import { CallRefused, json, readJson, type HookCall, type InboundMessage, type OpenInboundAccount, type InboundAdapter } from '../inbound.ts';
import { ensureToken, momentOf, nameOf } from '../inbound-calls.ts';
import { applyMapping, type FieldMapping } from '../../../rules/intake/mapping.ts';

/** What fills a ticket unless the account says otherwise. Severities: {EVENT.NSEVERITY}, 0 not classified … 5 disaster. */
export const eventMapping: readonly FieldMapping[] = [
  { target: 'subject', text: '{{host}} {{name}}', cleanse: ['one_line'] },
  { target: 'description', from: 'message' },
  { target: 'priority', from: 'severity', table: { 5: 'urgent', 4: 'urgent', 3: 'high', 2: 'normal', 1: 'low', 0: 'low', disaster: 'urgent', high: 'urgent', average: 'high', warning: 'normal', information: 'low' }, otherwise: 'normal' },
  { target: 'assetCode', from: 'asset' },
];

/**
 * Zabbix (media type "Webhook", whose script sends its parameters as JSON; docs/channels/zabbix.md has it): `eventId` {EVENT.ID},
 * `triggerId` {TRIGGER.ID}, `value` {EVENT.VALUE} (1 problem, 0 recovery), `updated` {EVENT.UPDATE.STATUS} (1: a note was added),
 * `host`, `name`, `severity`, `message`, `time` in seconds since 1970. A recovery bears the {EVENT.ID} of its problem.
 * Source: zabbix.com/documentation/current/en/manual/appendix/macros/supported_by_location
 */
export const zabbix: InboundAdapter = {
  verify(account, call) {
    ensureToken(account, call);
    return null;
  },
  decode,
  acknowledge: () => json({}),
};

function decode(account: OpenInboundAccount, call: HookCall, now: Date): readonly InboundMessage[] {
  const came = readJson(call) as Record<string, unknown>;
  const episode = nameOf(came['eventId']);
  if (episode === null || !['0', '1'].includes(String(came['value']))) throw new CallRefused('malformed', 'eventId or value is missing');
  // Somebody wrote a note there: no news of the trouble itself.
  if ([1, '1'].includes(came['updated'] as number | string)) return [];
  const over = String(came['value']) === '0';
  const key = nameOf(came['triggerId']) ?? episode;
  const occurredAt = momentOf(came['time']) ?? now;
  return [{
    externalId: nameOf(`${episode} ${over ? 'over' : `${Math.floor(occurredAt.getTime() / 1_000)} ${nameOf(came['step']) ?? ''}`}`)!, thread: key, occurredAt, parts: [],
    values: applyMapping([...account.mapping, ...eventMapping], came), alarm: { key, episode, state: over ? 'cleared' : 'raised' },
  }];
}
