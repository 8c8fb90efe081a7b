import { WebSocket } from 'ws';
import { addressOutside, OutsideFailure, type OutsideAnswer } from '../../platform/egress/call-outside.ts';
import type { OpenInboundAccount } from '../inbound.ts';
import type { ChannelTools } from '../notice-channel.ts';

interface AriChannel { id?: string; name?: string; caller?: { number?: string }; dialplan?: { exten?: string } }

/** What Asterisk tells on its REST interface (ARI 8, docs.asterisk.org/Asterisk_REST_Data_Models), as far as it concerns calls. */
export interface AriEvent {
  type?: string;
  timestamp?: string;
  dialstatus?: string;
  caller?: AriChannel;
  peer?: AriChannel;
  channel?: AriChannel;
  recording?: { name?: string; target_uri?: string; state?: string };
}

/** What names the channel by which a call is recorded, and the recording. */
export const recorderPrefix = 'bihuan-rec-';

/** The call that such a channel or recording is of; null for any other. */
export const recordedBy = (name: string | undefined): string | null => (name?.startsWith(recorderPrefix) && name.length > recorderPrefix.length ? name.slice(recorderPrefix.length) : null);

const mostListed = 50_000_000;

const base = (account: OpenInboundAccount): string => (account.values['baseUrl'] ?? '').replace(/\/+$/, '');
/** How one signs in there (RFC 7617). */
export const ariAuthorization = (values: Readonly<Record<string, string | undefined>>): string => `Basic ${Buffer.from(`${values['user'] ?? ''}:${values['password'] ?? ''}`).toString('base64')}`;

/** Whose telephone a channel is: `1001` of `PJSIP/1001-0000002a`. */
const endpointOf = (channel: AriChannel | undefined): string | null => /^[A-Za-z]+\/(.+)-[0-9a-f]{8}(?:;\d)?$/.exec(channel?.name ?? '')?.[1] ?? null;

const order = { 'call.ringing': 1, 'call.answered': 2, 'call.ended': 8, 'recording.ready': 9 } as const;

/**
 * What an event of Asterisk says of a call, as the CloudEvent that a telephone system would send (ARI 事件转换); null where it says nothing. A call is
 * named by the channel of whoever calls. `Dial` says whose telephone rings and who answered, `ChannelDestroyed` of the caller's channel that
 * it is over, `RecordingFinished` where its recording is.
 *
 * @param isExtension whether an endpoint is the telephone of somebody here: of two it says which side is the agent
 */
export function callEventOfAri(event: AriEvent, account: OpenInboundAccount, isExtension: (endpoint: string) => boolean): Record<string, unknown> | null {
  const at = new Date((event.timestamp ?? '').replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  if (Number.isNaN(at.getTime())) return null;
  const say = (type: keyof typeof order, callId: string, data: Record<string, unknown>, leg?: string) => ({
    specversion: '1.0', id: `${callId}/${type}/${at.getTime()}${leg === undefined ? '' : `/${leg}`}`, source: base(account), type, time: at.toISOString(),
    // In the order of time; what happens within one millisecond in that of a call's life, and several telephones beside each other.
    data: { call_id: callId, seq: at.getTime() * 10 + order[type], leg, ...data },
  });
  if (event.type === 'Dial' && event.peer?.id) {
    const type = event.dialstatus === '' || event.dialstatus === undefined ? 'call.ringing' : event.dialstatus === 'ANSWER' ? 'call.answered' : null;
    if (type === null) return null;
    const [from, to] = [endpointOf(event.caller), endpointOf(event.peer)];
    // A call of ours begins at the agent's own telephone: that they take it up answers nothing.
    if (!event.caller) return type === 'call.ringing' ? say(type, event.peer.id, { direction: 'outbound', agent: to ?? undefined }, event.peer.id) : null;
    const outbound = from !== null && isExtension(from) && !(to !== null && isExtension(to));
    const callId = event.caller.id ?? event.peer.id;
    return say(type, callId, {
      direction: outbound ? 'outbound' : 'inbound', caller: event.caller?.caller?.number ?? event.peer.caller?.number, callee: event.caller?.dialplan?.exten ?? event.peer.dialplan?.exten, agent: (outbound ? from : to) ?? undefined,
    }, event.peer.id);
  }
  if (event.type === 'ChannelDestroyed' && event.channel?.id && recordedBy(event.channel.id) === null) return say('call.ended', event.channel.id, {});
  const recorded = event.type === 'RecordingFinished' ? recordedBy(event.recording?.name) : null;
  return recorded === null ? null : say('recording.ready', recorded, { recording_url: `${base(account)}/recordings/stored/${encodeURIComponent(recorderPrefix + recorded)}/file` });
}

/** A connection to Asterisk on which it tells of everything (ARI 连接). */
export interface AriConnection {
  closed: Promise<void>;
  close(): void;
}

/** Opens the connection (连接 ARI): for all channels, none of which is taken over. @throws OutsideFailure */
export async function openAri(account: OpenInboundAccount, privateHosts: readonly string[], hear: (event: AriEvent) => void): Promise<AriConnection> {
  const url = new URL(`${base(account).replace(/^http/, 'ws')}/events`);
  url.search = new URLSearchParams({ app: account.values['app'] || 'bihuan', subscribeAll: 'true' }).toString();
  const { address, family } = await addressOutside(url.hostname, url.port || (url.protocol === 'wss:' ? '443' : '80'), privateHosts);
  const socket = new WebSocket(url, {
    handshakeTimeout: 15_000, maxPayload: 1_000_000, perMessageDeflate: false, headers: { authorization: ariAuthorization(account.values) },
    // The address that was checked; a name may lead elsewhere at the next look.
    lookup: (_host, options, answer) => (typeof options === 'object' && options.all ? answer(null, [{ address, family }]) : answer(null, address, family)),
  });
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', (error) => reject(new OutsideFailure('unreachable', error.message)));
  });
  // Nothing may come for hours; a line that is dead is noticed by what is asked on it.
  let alive = true;
  const beat = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, 30_000);
  socket.on('pong', () => (alive = true));
  socket.on('error', () => socket.terminate());
  socket.on('message', (data) => {
    try {
      hear(JSON.parse((data as Buffer).toString()) as AriEvent);
    } catch {
      // What is no JSON is not of Asterisk.
    }
  });
  void closed.then(() => clearInterval(beat));
  return { closed, close: () => socket.terminate() };
}

/** The channels there are (现有通道): calls whose channel is none of them are over. @throws OutsideFailure */
export const listChannels = (account: OpenInboundAccount, tools: ChannelTools): Promise<string[]> => listed(account, tools, '/channels', 'id');

/** The recordings that are kept there (已存录音). @throws OutsideFailure */
export const listRecordings = (account: OpenInboundAccount, tools: ChannelTools): Promise<string[]> => listed(account, tools, '/recordings/stored', 'name');

async function listed(account: OpenInboundAccount, tools: ChannelTools, path: string, key: string): Promise<string[]> {
  const { status, bytes } = await tools.fetch({ method: 'GET', url: `${base(account)}${path}`, headers: { accept: 'application/json', authorization: ariAuthorization(account.values), 'user-agent': 'bihuan' }, body: null }, { bytes: mostListed });
  const items = status === 200 ? listIn(bytes) : null;
  if (!items) throw new OutsideFailure('unreachable', `${path} was answered HTTP ${status}, and no list`);
  return items.flatMap((item) => (typeof item?.[key] === 'string' ? [item[key]] : []));
}

function listIn(bytes: Buffer): (Record<string, unknown> | null)[] | null {
  try {
    const items: unknown = JSON.parse(bytes.toString('utf8'));
    return Array.isArray(items) ? items : null;
  } catch {
    return null;
  }
}

/** Has a call recorded: a channel that hears both sides joins it, and comes to our application. */
export const listenIn = (account: OpenInboundAccount, tools: ChannelTools, callId: string): Promise<unknown> =>
  command(account, tools, `/channels/${encodeURIComponent(callId)}/snoop/${encodeURIComponent(recorderPrefix + callId)}`, { spy: 'both', app: account.values['app'] || 'bihuan' });

/** Begins recording once that channel has come. */
export const record = (account: OpenInboundAccount, tools: ChannelTools, recorder: string): Promise<unknown> =>
  command(account, tools, `/channels/${encodeURIComponent(recorder)}/record`, { name: recorder, format: 'wav', ifExists: 'overwrite' });

/** Calls somebody (点击拨号): first the agent's own telephone, and from there the number by the dialplan. The channel is named by us, so that what is told of it is known. */
export const originate = (account: OpenInboundAccount, tools: ChannelTools, { name, extension, number }: { name: string; extension: string; number: string }): Promise<OutsideAnswer> =>
  command(account, tools, '/channels', { endpoint: `${account.values['technology'] || 'PJSIP'}/${extension}`, channelId: name, extension: number, context: account.values['dialContext'] || 'from-internal', priority: '1', timeout: '30' });

function command(account: OpenInboundAccount, tools: ChannelTools, path: string, query: Record<string, string>): Promise<OutsideAnswer> {
  return tools.call({ method: 'POST', url: `${base(account)}${path}?${new URLSearchParams(query).toString()}`, headers: { authorization: ariAuthorization(account.values), 'user-agent': 'bihuan' }, body: '' });
}
