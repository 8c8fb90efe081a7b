import type { Services } from '../../platform/context.ts';
import { newId } from '../../platform/db/uuid.ts';
import { keepDoing, stoppedWithin, type Ongoing } from '../../platform/process/keep-doing.ts';
import { holdChannels, releaseChannel, type HeardAccount } from '../../records/channel/holds.ts';

const lookMilliseconds = 2_000;
// A platform that does not answer must not keep the program from ending.
const farewellMilliseconds = 5_000;

/** What is heard, and by what. */
export interface Hearing {
  /** Which accounts are to be heard. */
  list: (database: Services['database']) => Promise<HeardAccount[]>;
  /** Listens to one until the function it gives is called; what that one has under way it ends by itself. */
  open: (account: HeardAccount) => () => Promise<void>;
  /** A node that says nothing for so long has died. */
  holdMilliseconds: number;
}

/**
 * Listens to accounts on connections of ours (持有并监听): one node holds each by a lease, and others take it over when it has died. An account that was changed is
 * opened anew; one that was switched off is let go of.
 */
export function holdAndRun({ database, clock, log }: Services, { list, open, holdMilliseconds }: Hearing): Ongoing {
  const holder = newId();
  const heard = new Map<string, { tenantId: string; version: number; stop: () => Promise<void> }>();
  const ending = new Set<Promise<void>>();
  const end = (id: string): void => {
    const { tenantId, stop } = heard.get(id)!;
    heard.delete(id);
    const ended = stop()
      .catch((error: unknown) => log.warn({ error, channel: id }, 'a connection did not end in order'))
      .then(async () => void (heard.has(id) || await releaseChannel(database, tenantId, id, holder)))
      .catch((error: unknown) => log.warn({ error, channel: id }, 'what this node listened to is free when its lease ends'))
      .finally(() => ending.delete(ended));
    ending.add(ended);
  };
  const work = keepDoing(
    async () => {
      const accounts = new Map((await list(database)).map((one) => [one.row.id, one]));
      const held = await holdChannels(database, [...accounts.values()].map(({ tenantId, row }) => ({ tenantId, id: row.id })), holder, clock.now(), holdMilliseconds);
      // Nobody else's lease is to wait for one that ends.
      for (const [id, one] of heard) if (!held.has(id) || accounts.get(id)!.row.version !== one.version) end(id);
      for (const id of held) {
        const account = accounts.get(id)!;
        if (!heard.has(id)) heard.set(id, { tenantId: account.tenantId, version: account.row.version, stop: open(account) });
      }
      return lookMilliseconds;
    },
    (error) => {
      log.error({ error }, 'what is to be listened to could not be looked up; it will be tried again');
      return lookMilliseconds;
    },
  );
  return stoppedWithin({
    wake: work.wake,
    async stop() {
      await work.stop();
      for (const id of heard.keys()) end(id);
      await Promise.all(ending);
    },
  }, farewellMilliseconds);
}
