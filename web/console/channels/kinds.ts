import { inboundKinds, type InboundChannel, type InboundKind } from '../../../contract/channel.ts';
import type { IconName } from '../parts/icon.tsx';
import { isPhrase, type ChannelKey, type sayChannel } from './texts.ts';

const icons: Readonly<Record<string, IconName>> = { webhook: 'link', alertmanager: 'activity', zabbix: 'monitor', email: 'mail', portal: 'globe', web: 'file' };

export const iconOf = (kind: string): IconName => icons[kind] ?? 'reply';

/** Kinds whose messages are read by a mapping of the account (可映射的渠道). */
export const mappedKinds: readonly string[] = ['webhook', 'alertmanager', 'zabbix'];
/** Nothing was filled in for it so far. */
export const isUnset = ({ settings, secrets }: Pick<InboundChannel, 'settings' | 'secrets'>): boolean => Object.keys(settings).length === 0 && secrets.length === 0;
export const isInboundKind = (kind: string): kind is InboundKind => (inboundKinds as readonly string[]).includes(kind);

/** A phrase looked up by a name that comes from elsewhere; the name itself where there is none. */
export function named(say: typeof sayChannel, prefix: string, name: string): string {
  const key = `${prefix}.${name}`;
  return isPhrase(key) ? (say as (key: ChannelKey) => string)(key) : name;
}

/** What a field of an account is called, which may differ by its kind. */
export const fieldName = (say: typeof sayChannel, kind: string, name: string): string => (isPhrase(`field.${kind}.${name}`) ? named(say, `field.${kind}`, name) : named(say, 'field', name));

/** What there is to do on the other side, for the kind and its mode. */
export function stepsOf(say: typeof sayChannel, kind: string, mode: string): string[] {
  const name = isPhrase(`step.${kind}.1`) ? (kind === 'webhook' && mode === 'signature' ? 'signature' : kind) : 'other';
  return [1, 2, 3, 4, 5].flatMap((number) => {
    const key = `step.${name}.${number}`;
    return isPhrase(key) ? [(say as (key: ChannelKey) => string)(key)] : [];
  });
}

/** What a program could send, to try the channel with (测试消息). */
export function sampleCall(say: typeof sayChannel, kind: string): object | null {
  const now = Math.floor(Date.now() / 1_000);
  const subject = say('check.sample.subject');
  switch (kind) {
    case 'webhook': return { id: `test-${now}`, subject, description: `${subject}\n${new Date().toLocaleString()}`, contact: { name: say('check.sample.who'), phone: '13900010011' } };
    case 'alertmanager': return {
      version: '4', groupKey: '{}', status: 'firing', receiver: 'bihuan', groupLabels: {}, commonLabels: {}, commonAnnotations: {}, externalURL: '', truncatedAlerts: 0,
      alerts: [{ status: 'firing', labels: { alertname: 'Test', severity: 'info' }, annotations: { summary: subject }, startsAt: new Date().toISOString(), endsAt: '0001-01-01T00:00:00Z', generatorURL: '', fingerprint: `test${now}` }],
    };
    case 'zabbix': return { eventId: String(now), triggerId: `test-${now}`, value: '1', updated: '0', host: 'test', name: subject, severity: '1', message: '', time: now };
    default: return null;
  }
}
