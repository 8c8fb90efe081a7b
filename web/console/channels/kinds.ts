import { inboundKinds, type InboundChannel, type InboundKind } from '../../../contract/channel.ts';
import type { IconName } from '../parts/icon.tsx';
import { isPhrase, type ChannelKey, type sayChannel } from './texts.ts';

const icons: Readonly<Record<string, IconName>> = { webhook: 'link', alertmanager: 'activity', zabbix: 'monitor', mqtt: 'target', email: 'mail', phone: 'phone', sms: 'sms', hotline: 'building', portal: 'globe', web: 'file' };

/** What a kind is known by; whoever is written with in a chat has the bubble of one. */
export const iconOf = (kind: string): IconName => icons[kind] ?? 'chat';

/** Kinds whose messages are read by a mapping of the account (可映射的渠道). */
export const mappedKinds: readonly string[] = ['webhook', 'alertmanager', 'zabbix', 'mqtt'];
/** Nothing was filled in for it so far. */
export const isUnset = ({ settings, secrets }: Pick<InboundChannel, 'settings' | 'secrets'>): boolean => Object.keys(settings).length === 0 && secrets.length === 0;
export const isInboundKind = (kind: string): kind is InboundKind => (inboundKinds as readonly string[]).includes(kind);

const groups = {
  chat: ['wechat_official_account', 'wechat_kf', 'wechat_mini_program', 'web_chat', 'wecom', 'dingtalk', 'feishu'], direct: ['email', 'phone', 'sms', 'hotline'],
  social: ['douyin', 'weibo', 'whatsapp', 'messenger', 'telegram', 'line'], device: ['mqtt', 'alertmanager', 'zabbix'],
} as const;

/** Kinds by what they are for, those nobody has put anywhere at the end (渠道分组). */
export const kindGroups: readonly { key: keyof typeof groups | 'program'; kinds: readonly InboundKind[] }[] = [
  ...Object.entries(groups).map(([key, kinds]) => ({ key: key as keyof typeof groups, kinds: kinds.filter(isInboundKind) })),
  { key: 'program' as const, kinds: inboundKinds.filter((kind) => !Object.values(groups).some((kinds) => (kinds as readonly string[]).includes(kind))) },
].filter(({ kinds }) => kinds.length > 0);

/** What the other program is given to call: where nobody signs, the token goes along in the address (回调地址). */
export const addressToCall = ({ kind, mode, url }: Pick<InboundChannel, 'kind' | 'mode' | 'url'>, token: string | undefined): string => (kind === 'sms' && mode !== 'gateway' ? `${url}?token=${token ?? '…'}` : url);

const ownNetwork = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|\[f[cd]|\[fe80)|\.(local|lan|internal|home|corp)$|^[^.[]+$/i;

/** From where an address can be called (地址可达范围): by this machine alone, within the own network, by everybody but without encryption, by everybody. */
export function reachOf(url: string): 'self' | 'private' | 'plain' | 'public' {
  const { hostname, protocol } = new URL(url);
  if (hostname === 'localhost' || hostname.endsWith('.localhost') || hostname.startsWith('127.') || hostname === '[::1]' || hostname === '0.0.0.0') return 'self';
  return ownNetwork.test(hostname) ? 'private' : protocol === 'https:' ? 'public' : 'plain';
}

/** Kinds whose messages can be answered by the same way (可回复的渠道). */
export const answeredKinds: readonly string[] = [...groups.chat, ...groups.social, 'email', 'sms'];

/** A phrase looked up by a name that comes from elsewhere; the name itself where there is none. */
export function named(say: typeof sayChannel, prefix: string, name: string): string {
  const key = `${prefix}.${name}`;
  return isPhrase(key) ? (say as (key: ChannelKey) => string)(key) : name;
}

/** What a field of an account is called, which may differ by its kind. */
export const fieldName = (say: typeof sayChannel, kind: string, name: string): string => (isPhrase(`field.${kind}.${name}`) ? named(say, `field.${kind}`, name) : named(say, 'field', name));

/** What a field may look like, where that helps. */
export function placeOf(say: typeof sayChannel, kind: string, name: string): string | undefined {
  const key = [`place.${kind}.${name}`, `place.${name}`].find(isPhrase);
  return key === undefined ? undefined : (say as (key: ChannelKey) => string)(key);
}

/** What there is to do on the other side, for the kind and its mode. */
export function stepsOf(say: typeof sayChannel, kind: string, mode: string): string[] {
  const name = isPhrase(`step.${kind}.${mode}.1`) ? `${kind}.${mode}` : isPhrase(`step.${kind}.1`) ? (kind === 'webhook' && mode === 'signature' ? 'signature' : kind) : 'other';
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
    case 'phone': return { specversion: '1.0', id: `test-${now}`, source: '/test', type: 'call.ringing', time: new Date().toISOString(), data: { call_id: `test-${now}`, seq: 1, direction: 'inbound', caller: '13900010011', callee: '4008000000', agent: '1001' } };
    case 'hotline': return { type: 'case.dispatched', event_id: `test-${now}`, case_no: `TEST-${now}`, title: subject, content: subject, code: '', citizen: { name: say('check.sample.who'), phone: '13900010011' }, deadline: new Date(Date.now() + 3 * 86_400_000).toISOString() };
    default: return null;
  }
}
