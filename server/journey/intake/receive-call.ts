import { hash } from 'node:crypto';
import { inboundKinds, type InboundKind } from '../../../contract/channel.ts';
import { CallRefused, type HookCall, type InboundAdapter, type InboundMessage, type OpenInboundAccount } from '../../channels/inbound.ts';
import { inboundAdapters } from '../../channels/inbound-adapters.ts';
import { outboundChannels } from '../../channels/outbound-channels.ts';
import type { Services } from '../../platform/context.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import type { RawAnswer, RawCall } from '../../platform/http/hooks.ts';
import { noteChannel, openChannelLookUp, readHook } from '../../records/channel/accounts.ts';
import { keepMessages, whileKeeping } from '../../records/channel/inbox.ts';
import { askToPull } from '../../records/channel/pulls.ts';

const refusalOf = { signature: 'call_signature', stale: 'call_stale', malformed: 'call_malformed', method: 'call_method' } as const;
const isKind = (text: string): text is InboundKind => (inboundKinds as readonly string[]).includes(text);

/** Kinds whose messages come by other ways than calls. */
const takesNoCalls: ReadonlySet<InboundKind> = new Set(['email', 'mqtt', 'web_chat']);

/** What a call holds. A platform that sends again what was refused and then forgets it is not refused what cannot be read: it is kept as it came. */
export function readAll(adapter: InboundAdapter, kind: InboundKind, account: OpenInboundAccount, call: HookCall, now: Date): readonly InboundMessage[] {
  try {
    return adapter.decode(account, call, now);
  } catch (error) {
    if (!(error instanceof CallRefused) || error.code !== 'malformed' || !(kind in outboundChannels)) throw error;
    const name = hash('sha256', call.body);
    return [{ externalId: name, thread: name, occurredAt: now, parts: [], values: {}, unreadable: true }];
  }
}

/**
 * Takes a call of a platform (接收回调): verified, read, kept, and only then answered. What a message becomes is seen to afterwards, so that no
 * platform waits for it; what comes twice is kept once.
 */
export function receiveCalls(services: Pick<Services, 'database' | 'clock' | 'secrets' | 'log'>): (call: RawCall) => Promise<RawAnswer> {
  const { database, clock, secrets, log } = services;
  const lookUp = openChannelLookUp(database, secrets);
  const noted = (work: Promise<unknown>): void => void work.catch((error: unknown) => log.warn({ error }, 'the health of a channel could not be noted'));
  return async (call) => {
    const now = clock.now();
    const { channel = '', account: token = '' } = call.params;
    const named = isKind(channel) ? readHook(secrets, token, now) : null;
    const present = named && await lookUp(named.tenantId, named.accountId);
    if (!named || present?.row.kind !== channel || present.row.archived_at || !present.row.active) throw new Refusal('not_found');
    const { tenantId, accountId } = named;
    // Sealed under another key: for whoever runs the program, not for who calls.
    if (!present.account) throw new Error(`the secrets of channel ${accountId} cannot be opened with this SECRET_KEY`);
    try {
      const adapter = inboundAdapters[channel];
      const answered = adapter.verify(present.account, call, now);
      if (answered) return answered;
      const messages = readAll(adapter, channel, present.account, call, now);
      const hints = adapter.hints?.(present.account, call) ?? [];
      if (hints.length > 0) await database.transact(tenantId, (transaction) => askToPull(transaction, accountId, hints, now));
      if (messages.length > 0) await whileKeeping(database.transact(tenantId, (transaction) => keepMessages(transaction, accountId, messages, call.body, now), { grouped: true }));
      if (!present.row.last_received_at || now.getTime() - present.row.last_received_at.getTime() > 10_000 || (present.row.last_refused_at !== null && present.row.last_refused_at >= present.row.last_received_at)) noted(noteChannel.received(database, tenantId, accountId, now));
      return adapter.acknowledge(messages, present.account, call);
    } catch (error) {
      if (!(error instanceof CallRefused)) throw error;
      // Anybody may knock the wrong way at an address that is no secret: that says something only while one is connecting.
      const counts = error.code !== 'method' || (present.row.last_received_at === null && !takesNoCalls.has(channel));
      if (counts && (!present.row.last_refused_at || now.getTime() - present.row.last_refused_at.getTime() > 1_000 || present.row.last_refusal?.split(':')[0] !== error.kept.split(':')[0])) noted(noteChannel.knocked(database, tenantId, accountId, now, error.kept));
      throw new Refusal(refusalOf[error.code]);
    }
  };
}
