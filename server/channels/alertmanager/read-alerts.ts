import { CallRefused, eachOf, json, readJson, type InboundMessage, type InboundAdapter } from '../inbound.ts';
import { ensureToken, momentOf, nameOf } from '../inbound-calls.ts';
import { applyMapping, type FieldMapping } from '../../../rules/intake/mapping.ts';

// What is sent again within it is the same news; after it, Alertmanager repeats on purpose (repeat_interval).
const repetitionMilliseconds = 240_000;

/** What fills a ticket unless the account says otherwise; looked up in one alert. */
export const alertMapping: readonly FieldMapping[] = [
  { target: 'subject', from: 'annotations.summary', cleanse: ['one_line'] },
  { target: 'subject', text: '{{labels.alertname}} {{labels.instance}}', cleanse: ['one_line'] },
  { target: 'description', from: 'annotations.description' },
  { target: 'priority', from: 'labels.severity', table: { critical: 'urgent', page: 'urgent', error: 'high', warning: 'high', info: 'low', none: 'low' }, otherwise: 'normal' },
  { target: 'assetCode', from: 'labels.asset' },
];

/**
 * Prometheus Alertmanager (webhook_config, version "4"): one call holds the alerts of a group, some firing, some resolved, and each
 * is news of its own. An alert is known by its fingerprint, an episode by when it began (`startsAt`).
 * Source: prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
export const alertmanager: InboundAdapter = {
  verify(account, call) {
    ensureToken(account, call);
    return null;
  },
  decode(account, call, now) {
    const came = readJson(call) as { version?: unknown; alerts?: unknown };
    if (came.version !== '4' || !Array.isArray(came.alerts)) throw new CallRefused('malformed', 'this is no message of Alertmanager, version 4');
    return eachOf<unknown>(came.alerts, now, (alert) => messageOf([...account.mapping, ...alertMapping], alert, now));
  },
  acknowledge: () => json({}),
};

function messageOf(mapping: readonly FieldMapping[], alert: unknown, now: Date): InboundMessage {
  const { fingerprint, status, startsAt, endsAt } = (typeof alert === 'object' && alert !== null ? alert : {}) as Record<string, unknown>;
  const key = nameOf(fingerprint);
  const began = momentOf(startsAt);
  if (key === null || !began || (status !== 'firing' && status !== 'resolved')) throw new CallRefused('malformed', 'an alert lacks its fingerprint, status or beginning');
  const over = status === 'resolved';
  const episode = began.toISOString();
  return {
    externalId: nameOf(`${key} ${episode} ${over ? 'resolved' : Math.floor(now.getTime() / repetitionMilliseconds)}`)!,
    thread: key, occurredAt: over ? momentOf(endsAt) ?? now : began, parts: [], values: applyMapping(mapping, alert), alarm: { key, episode, state: over ? 'cleared' : 'raised' },
  };
}
