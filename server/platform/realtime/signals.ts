import { randomUUID } from 'node:crypto';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import type { Hub } from './hub.ts';
import type { Beat } from './presence.ts';

/** The channel of what nodes tell each other beside facts. */
export const signalChannel = 'bihuan_desk';

/** A person who has new notifications. */
export interface NotifiedPerson {
  tenantId: string;
  staffId: string;
  ids: string[];
}

/** Somebody whose telephone rings, or whose call is another one now. */
export interface CalledPerson {
  tenantId: string;
  staffId: string;
  id: string;
}

/** People to whom something is offered, or no longer; `people` is how many there are in all. */
export interface OfferedSignal {
  tenantId: string;
  offerId: string;
  gone: boolean;
  people: number;
  staffIds: string[];
}

type Signal = { offered: OfferedSignal } | { node: string; beats: Beat[] } | { notified: NotifiedPerson[] } | { calling: CalledPerson[] } | { chats: { tenantId: string; visitorId: string }[] };

// PostgreSQL takes less than 8,000 bytes.
const mostBytes = 7_500;

/**
 * Lets this node hear what others have to say (节点信号): who is on which ticket, who has new notifications, and whose telephone
 * rings. All may be lost without harm: beats come again, notifications and calls are asked for.
 */
export async function followSignals(database: Database, hub: Hub, log: Logger, onNotified: (people: readonly NotifiedPerson[]) => void): Promise<{ stop: () => Promise<void> }> {
  const node = randomUUID();
  hub.presence.onBeats((beats) => {
    for (const payload of payloadsOf(beats, (some) => ({ node, beats: some }))) {
      database.notify(signalChannel, payload).catch((error: unknown) => log.warn({ error }, 'other nodes could not be told who is present'));
    }
  });
  const stopListening = await database.listen(signalChannel, (payload) => {
    if (!payload) return;
    const signal = JSON.parse(payload) as Signal;
    if ('notified' in signal) onNotified(signal.notified);
    else if ('chats' in signal) for (const { tenantId, visitorId } of signal.chats) hub.tell(tenantId, new Set([visitorId]), 'chat', {});
    else if ('calling' in signal) for (const { tenantId, staffId, id } of signal.calling) hub.tell(tenantId, new Set([staffId]), 'call', { id });
    else if ('offered' in signal) hub.tell(signal.offered.tenantId, new Set(signal.offered.staffIds), 'offer', { id: signal.offered.offerId, gone: signal.offered.gone, people: signal.offered.people });
    else if (signal.node !== node) hub.presence.receive(signal.beats);
  });
  return { stop: stopListening };
}

/** Texts that tell of all the items, each small enough to be sent. */
export function payloadsOf<Item>(items: readonly Item[], wrap: (some: Item[]) => object): string[] {
  const texts: string[] = [];
  let some: Item[] = [];
  for (const item of items) {
    if (some.length > 0 && Buffer.byteLength(JSON.stringify(wrap([...some, item]))) > mostBytes) {
      texts.push(JSON.stringify(wrap(some)));
      some = [];
    }
    some.push(item);
  }
  if (some.length > 0) texts.push(JSON.stringify(wrap(some)));
  return texts;
}
