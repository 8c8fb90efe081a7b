import type { Database } from '../db/database.ts';

const channel = 'bihuan_facts';
const pauseMilliseconds = 20;

/**
 * Tells every node that facts were committed (唤醒通知): this process at once, the others by one notification for all
 * commits of the last 20 ms. A notification inside each commit would cost most of the throughput; one that is lost
 * costs the others at most a second, as readers also look by themselves.
 */
export async function coalescedNotice(database: Database, wake: () => void): Promise<{ announce: () => void; stop: () => Promise<void> }> {
  let pending: NodeJS.Timeout | null = null;
  let waking = false;
  const stopListening = await database.listen(channel, wake);
  return {
    announce() {
      if (!waking) {
        waking = true;
        // Once for all commits of this turn of the event loop.
        setImmediate(() => {
          waking = false;
          wake();
        });
      }
      pending ??= setTimeout(() => {
        pending = null;
        database.notify(channel).catch(() => {
          // The other nodes look by themselves.
        });
      }, pauseMilliseconds);
    },
    async stop() {
      if (pending) clearTimeout(pending);
      await stopListening();
    },
  };
}
