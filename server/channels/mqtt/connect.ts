import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { addressOutside } from '../../platform/egress/call-outside.ts';
import type { OpenInboundAccount } from '../inbound.ts';

/** A message of a device as its broker brought it. */
export interface DeviceMessage {
  topic: string;
  device: string;
  /** It came by the topic of who is there and who is not. */
  status: boolean;
  payload: Buffer;
  /** The broker had kept it for whoever comes later. */
  retained: boolean;
}

/** A connection to a broker. */
export interface DeviceConnection {
  /** Settles when it ends: with an error, unless it was closed. */
  ended: Promise<void>;
  close(): Promise<void>;
}

const connectMilliseconds = 15_000;
const mostMinutesRetained = 10;
const mostPacketBytes = 1_048_576;

/** What topics of a template are subscribed to, and how the device is read off one: `{tenant}` is the organization, `{device}` one level (主题模板). */
export function readTopic(template: string, tenant: string): { filter: string; deviceIn(topic: string): string | null } {
  const named = template.replaceAll('{tenant}', tenant);
  const pattern = new RegExp(`^${named.replace(/[.*?^$()|[\]\\+]/g, '\\$&').replaceAll('{device}', '([^/]+)')}$`);
  return { filter: named.replaceAll('{device}', '+'), deviceIn: (topic) => (pattern.exec(topic) ? pattern.exec(topic)![1] ?? '' : null) };
}

/**
 * Measures packets on their way (报文长度): answers how long the longest packet is that begins in these bytes, as its own head says.
 * https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html#_Toc398718023
 */
export function packetMeter(): (bytes: Uint8Array) => number {
  let ahead = 0;
  // Where in its head a packet is: -1 before it, then how many bytes of its length were read.
  let read = -1;
  let length = 0;
  return (bytes) => {
    let longest = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      if (ahead > 0) {
        const passed = Math.min(ahead, bytes.length - at);
        ahead -= passed;
        at += passed - 1;
      } else if (read < 0) {
        [read, length] = [0, 0];
      } else {
        length += (bytes[at]! & 127) * 128 ** read;
        read += 1;
        if (bytes[at]! >= 128 && read < 4) continue;
        longest = Math.max(longest, length);
        [ahead, read] = [length, -1];
      }
    }
    return longest;
  };
}

/** Whether what the broker kept is too old to be news, or does not say how old it is. */
export function isStale(payload: Buffer, now: Date): boolean {
  try {
    const said = JSON.parse(payload.toString('utf8')) as { ts?: unknown } | null;
    const ts = said?.ts;
    const at = typeof ts === 'number' ? (ts < 100_000_000_000 ? ts * 1_000 : ts) : typeof ts === 'string' ? Date.parse(ts) : Number.NaN;
    return !(now.getTime() - at < mostMinutesRetained * 60_000);
  } catch {
    return true;
  }
}

/**
 * Connects to the broker of an account (连接设备消息服务器): MQTT 3.1.1, QoS 1, under a name that stays, so that the broker keeps what comes while nobody is there. A
 * message is acknowledged only once `keep` is done with it; where that fails, the connection ends and the broker brings it again. So does a packet of more than 1 MB.
 *
 * @throws OutsideFailure, or the error of the connection
 */
export async function connectDevices({ id, values }: OpenInboundAccount, tenant: string, privateHosts: readonly string[], keep: (message: DeviceMessage) => Promise<void>): Promise<DeviceConnection> {
  const url = new URL(values['url'] ?? '');
  const secure = /^(mqtts|ssl|tls):$/.test(url.protocol);
  const port = url.port || (secure ? '8883' : '1883');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const { address } = await addressOutside(host, port, privateHosts);
  const alarms = readTopic(values['topic'] || 'wo/v1/{tenant}/{device}/alarm', tenant);
  const standing = values['statusTopic'] ? readTopic(values['statusTopic'], tenant) : null;
  const options: IClientOptions = {
    protocol: secure ? 'mqtts' : 'mqtt', host: address, port: Number(port), clientId: `bihuan-${id}`, clean: false, protocolVersion: 4, keepalive: 60, reconnectPeriod: 0, connectTimeout: connectMilliseconds,
    ...(values['user'] ? { username: values['user'] } : {}), ...(values['password'] ? { password: values['password'] } : {}), ...(secure && /[a-z]/i.test(host) ? { servername: host } : {}),
  };
  const client: MqttClient = connect(options);
  // A packet is put together in memory before anybody sees it.
  const measure = packetMeter();
  let closing = false;
  const ended = new Promise<void>((resolve, reject) => {
    const fail = (error: Error): void => {
      client.end(true);
      if (closing) resolve();
      else reject(error);
    };
    client.on('error', fail);
    client.stream.on('data', (bytes: Buffer) => {
      if (measure(bytes) > mostPacketBytes) fail(new Error(`the broker brings a message of more than ${mostPacketBytes} bytes: let it take none larger`));
    });
    client.on('close', () => fail(new Error('the broker hung up')));
    client.handleMessage = ({ topic, payload, retain }, done) => {
      const device = alarms.deviceIn(topic) ?? standing?.deviceIn(topic) ?? null;
      // Subscribed to once, and no longer meant.
      if (device === null) return done();
      keep({ topic, device, status: alarms.deviceIn(topic) === null, payload: typeof payload === 'string' ? Buffer.from(payload) : payload, retained: retain }).then(() => done(), (error: unknown) => fail(error instanceof Error ? error : new Error(String(error))));
    };
  });
  // Who waits for the connection hears of its end there.
  ended.catch(() => {});
  await Promise.race([new Promise<void>((resolve) => void client.once('connect', () => resolve())), ended]);
  const filters = [alarms.filter, ...(standing ? [standing.filter] : [])];
  const granted = await Promise.race([client.subscribeAsync(filters, { qos: 1 }), ended.then(() => [])]);
  if (granted.some(({ qos }) => qos > 2)) {
    client.end(true);
    throw new Error(`the broker refuses ${filters.join(', ')}`);
  }
  return {
    ended,
    async close() {
      closing = true;
      await client.endAsync(false).catch(() => {});
      client.end(true);
    },
  };
}
