import type { Services } from '../../../platform/context.ts';
import { keepDoing, stoppedWithin, type Ongoing } from '../../../platform/process/keep-doing.ts';
import { claimCompletions, ofWords, onCompletionAsked, perConnector, postponeCompletion, settleCompletion, type DueCompletion } from '../../../records/completion/completions.ts';
import { completeTicket } from './ask-connector.ts';
import { understandTicket } from './understand.ts';

/** How many are under way at once: of words, which the language model may take its time with, and of connectors. */
const slots = { words: 8, connectors: 16 } as const;
type Lane = keyof typeof slots;
const pollMilliseconds = 1_000;
// Another system that does not answer must not keep the program from ending.
const farewellMilliseconds = 5_000;
const mostAttempts = 6;

/**
 * Completes the tickets that are due (工单补全): after they are there, so that nobody who reports something waits for it.
 *
 * @returns how many there were
 */
export async function completeDue(services: Services): Promise<number> {
  const due = (await Promise.all((['words', 'connectors'] as const).map((lane) => claimCompletions(services.database, services.clock.now(), slots[lane], lane)))).flat();
  await Promise.all(due.map((one) => completeOne(services, one)));
  return due.length;
}

async function completeOne(services: Services, due: DueCompletion): Promise<void> {
  try {
    await (due.source === ofWords ? understandTicket(services, due) : completeTicket(services, due));
  } catch (error) {
    const last = due.attempts >= mostAttempts;
    services.log.error({ error, tenantId: due.tenant_id, ticket: due.ticket_id, source: due.source }, last ? 'a ticket could not be completed' : 'a ticket could not be completed; it will be tried again');
    const failure = { code: 'internal_error', detail: 'see the log of the program' };
    const now = services.clock.now();
    const later = new Date(now.getTime() + Math.min(3_600, 10 * 4 ** due.attempts) * 1_000);
    await services.database.transact(due.tenant_id, async (transaction) => {
      await (last ? settleCompletion(transaction, due, 'failed', null, failure, now) : postponeCompletion(transaction, due, later, failure));
    }).catch(() => {});
  }
}

/** Keeps completing until stopped; woken when a ticket is to be completed. Words and connectors do not wait for each other, nor one connector for another. */
export function runCompletions(services: Services): Ongoing {
  const lanes = [openLane(services, 'words'), openLane(services, 'connectors')];
  const wake = (): void => lanes.forEach((lane) => lane.wake());
  onCompletionAsked(wake);
  return stoppedWithin({ wake, stop: async () => void await Promise.all(lanes.map((lane) => lane.stop())) }, farewellMilliseconds);
}

/** Takes up what is due as soon as there is a slot free for it. */
function openLane(services: Services, lane: Lane): Ongoing {
  const under = new Map<Promise<void>, string>();
  const work = keepDoing(
    async () => {
      const free = slots[lane] - under.size;
      if (free === 0) return pollMilliseconds;
      const counts = Map.groupBy(under.values(), (name) => name);
      const busy = lane === 'words' ? [] : [...counts].filter(([, all]) => all.length >= perConnector).map(([name]) => name);
      const taken = await claimCompletions(services.database, services.clock.now(), free, lane, busy);
      for (const due of taken) {
        const done: Promise<void> = completeOne(services, due).finally(() => {
          under.delete(done);
          work.wake();
        });
        under.set(done, `${due.tenant_id} ${due.source}`);
      }
      return pollMilliseconds;
    },
    (error) => {
      services.log.error({ error }, 'tickets to complete could not be looked up; it will be tried again');
      return pollMilliseconds;
    },
  );
  return {
    wake: work.wake,
    stop: async () => {
      await work.stop();
      await Promise.all(under.keys());
    },
  };
}
